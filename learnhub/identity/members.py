"""Making and finding members."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import func, or_, select

from learnhub.identity import passwords
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _


def new_member(
    number: str,
    name: str,
    now: datetime,
    *,
    sign_in_name: str | None = None,
    password: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    test: bool = False,
) -> Member:
    """Add a member. The number and the sign-in name (by default the number) are unique; Refused otherwise."""
    number, name = number.strip(), clean_name(name)
    sign_in_name = (sign_in_name or number).strip()
    if not number:
        raise Refused(_("A member needs a number."))
    taken = select(Member.id).where(
        or_(Member.number == number, func.lower(Member.sign_in_name) == sign_in_name.lower())
    )
    if db.session.scalar(taken.limit(1)):
        raise Refused(_("The number %(number)s or its sign-in name is already in use.", number=number))
    if password is not None:
        passwords.check_choice(password, number, sign_in_name)
    member = Member(
        number=number,
        sign_in_name=sign_in_name,
        name=name,
        email=normal_email(email),
        phone=phone or None,
        test=test,
        password_hash=passwords.hash_password(password) if password is not None else None,
        password_changed_at=now if password is not None else None,
        created_at=now,
    )
    db.session.add(member)
    db.session.flush()
    return member


def find_member(number_or_name: str) -> Member:
    """The member of that number or sign-in name; NotFound otherwise."""
    found = db.session.scalars(
        select(Member).where(
            or_(Member.number == number_or_name, func.lower(Member.sign_in_name) == number_or_name.lower())
        )
    ).all()
    exact = [member for member in found if member.number == number_or_name] or list(found)
    if not exact:
        raise NotFound(_("There is no member with the number or sign-in name “%(name)s”.", name=number_or_name))
    return exact[0]


def set_password(member: Member, password: str, now: datetime) -> None:
    """Give a member a new password; Refused when it is a bad choice."""
    passwords.check_choice(password, member.number, member.sign_in_name, member.name)
    member.password_hash = passwords.hash_password(password)
    member.password_changed_at = now
    db.session.flush()


def note_tour(member: Member, name: str) -> None:
    """Remember that the member has seen a tour, or does not want it."""
    member.tours_seen = " ".join(dict.fromkeys([*member.tours_seen.split(), name]))
    db.session.flush()


def clean_name(name: str) -> str:
    """A name fit to be shown on one line: composed, without control characters, white space folded."""
    composed = unicodedata.normalize("NFC", name)
    if not composed.isprintable():
        composed = "".join(c if unicodedata.category(c) not in {"Cc", "Zl", "Zp"} else " " for c in composed)
    folded = " ".join(composed.split())[:120]
    if not folded:
        raise Refused(_("A member needs a name."))
    return folded


def normal_email(email: str | None) -> str | None:
    """An address as it is compared: composed, lower case, without white space; None when empty."""
    return unicodedata.normalize("NFKC", email).strip().lower() or None if email else None
