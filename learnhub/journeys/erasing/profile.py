"""The member base: what its fields hold and held for the person, and the photos."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select

from learnhub.journeys.erasing.words import Words
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.sealing import unseal
from learnhub.organisations.profile.models import Kind, MemberChange, MemberField, MemberPhoto, MemberValue

_OWN = (Kind.PHONE, Kind.EMAIL)
"""Kinds whose values are nobody else's."""


def learn(words: Words) -> None:
    """Names, phones and addresses of today and before, and what was sealed (as long as its key is there)."""
    changes = (
        select(MemberField.key, MemberField.kind, MemberChange.before, MemberChange.after)
        .join(MemberField, MemberField.id == MemberChange.field_id)
        .where(MemberChange.member_id == words.member_id)
    )
    for key, kind, before, after in db.session.execute(changes):
        if key == "name" or kind in _OWN:
            words.remember([before, after], name=key == "name")
    values = (
        select(MemberField.kind, MemberValue.text, MemberValue.sealed)
        .join(MemberField, MemberField.id == MemberValue.field_id)
        .where(MemberValue.member_id == words.member_id)
    )
    for kind, text, sealed in db.session.execute(values):
        if sealed is not None:
            with suppress(Refused):
                words.remember([unseal(sealed)], name=False)
        elif kind in _OWN:
            words.remember([text], name=False)


def photos(member_id: int) -> set[str]:
    """The digests of all photos of a member, the present one and those before."""
    return set(db.session.scalars(select(MemberPhoto.digest).where(MemberPhoto.member_id == member_id)))
