"""A proposed change of a member's details is decided, and the member is told."""

from __future__ import annotations

from learnhub.audit.trail import Actor
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations.profile import fields, records
from learnhub.organisations.profile.models import ChangeRequest, MemberField
from learnhub.organisations.scope import Scope

DETAILS = "/me/details"
"""The page that the notice leads to."""


def approve(scope: Scope, actor: Actor, asked: ChangeRequest) -> None:
    """The change happens, and the member knows."""
    records.approve(scope, actor, asked)
    _tell(scope, asked, _("“%(field)s” was changed as you asked.", field=_label(asked)))


def refuse(scope: Scope, actor: Actor, asked: ChangeRequest, reason: str) -> None:
    """Nothing changes, and the member knows why."""
    records.refuse(scope, actor, asked, reason)
    _tell(
        scope,
        asked,
        _("“%(field)s” stays as it was. The reason: %(reason)s", field=_label(asked), reason=asked.reason),
    )


def _label(asked: ChangeRequest) -> Message | str:
    """In the member's own language: a notice is read by nobody else."""
    member = db.session.get_one(Member, asked.member_id)
    field = db.session.get_one(MemberField, asked.field_id)
    return fields.label_of(field, member.locale or house.default_locale)


def _tell(scope: Scope, asked: ChangeRequest, text: Message) -> None:
    outbox.send(
        [asked.member_id],
        source=f"change:{asked.id}",
        kind=Kind.MESSAGE,
        title=_("Your details"),
        text=text,
        now=scope.now,
        path=DETAILS,
    )
