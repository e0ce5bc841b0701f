"""The fields of the member base, what they hold for each member, and every change of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Function,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    event,
    func,
    insert,
    literal_column,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.db import Id, Json, Model


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PHONE = "phone"
    EMAIL = "email"


class SeenBy(StrEnum):
    """Who sees a field: the member and everybody above, or only from a rank on."""

    MEMBER = "member"
    SECRETARY = "secretary"
    ADMINISTRATOR = "administrator"


class ChangedBy(StrEnum):
    """Who changes a field; with `approval` the member proposes and a secretary decides."""

    MEMBER = "member"
    APPROVAL = "approval"
    SECRETARY = "secretary"
    ADMINISTRATOR = "administrator"


class RequestState(StrEnum):
    """Where a proposed change stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class MemberField(Model):
    """A field of the member base. The built-in ones are columns of the member, shown through the same rules."""

    __tablename__ = "member_field"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[dict[str, str]] = mapped_column(Json)
    """By language: `zh_Hans`, `en`. Empty for the built-in ones, whose names stand in the catalogues."""
    kind: Mapped[str] = mapped_column(String(16), default=Kind.TEXT)
    choices: Mapped[list[str]] = mapped_column(Json, default=list)
    required: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    seen_by: Mapped[str] = mapped_column(String(16), default=SeenBy.MEMBER)
    changed_by: Mapped[str] = mapped_column(String(16), default=ChangedBy.APPROVAL)
    position: Mapped[int] = mapped_column(default=0)
    built_in: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("NOT (built_in AND sensitive)", name="built_in_is_plain"),)


BUILT_IN = (
    ("name", Kind.TEXT, ChangedBy.SECRETARY),
    ("phone", Kind.PHONE, ChangedBy.APPROVAL),
    ("email", Kind.EMAIL, ChangedBy.APPROVAL),
)
"""Columns of the member that are fields, too: every database has their rows from the beginning."""


def built_in_rows() -> list[dict[str, Any]]:
    """The rows of the built-in fields as they begin, with ids from 1; an administrator may change their rules."""
    return [
        {
            "id": place,
            "key": key,
            "label": {},
            "kind": kind.value,
            "choices": [],
            "required": key == "name",
            "sensitive": False,
            "seen_by": SeenBy.MEMBER.value,
            "changed_by": changed_by.value,
            "position": place,
            "built_in": True,
        }
        for place, (key, kind, changed_by) in enumerate(BUILT_IN, start=1)
    ]


@event.listens_for(MemberField.__table__, "after_create")
def _begin_with_built_in(table: Table, connection: Connection, **_options: object) -> None:
    connection.execute(insert(table), built_in_rows())


INDEXED = 120
"""Letters of a value that an index knows: what a search can compare with is no longer."""


def indexed(value: Any) -> Function[str]:
    """A value of a field as the index knows it: the beginning, in small letters."""
    return func.lower(func.substr(value, literal_column("1"), literal_column(str(INDEXED))))


class MemberValue(Model):
    """What a field holds for a member now: as text, or sealed when the field is sensitive."""

    __tablename__ = "member_value"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey(MemberField.id), primary_key=True)
    text: Mapped[str | None] = mapped_column(Text)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(text IS NULL) <> (sealed IS NULL)", name="text_or_sealed"),
        Index("ix_member_value_words", "field_id", indexed(text)),
    )


class MemberChange(Model):
    """A change that happened: what a field held before and after, who made it and by which way. Only added to;
    erasure alone takes rows away."""

    __tablename__ = "member_change"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id))
    field_id: Mapped[int] = mapped_column(ForeignKey(MemberField.id))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    sealed_before: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_after: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    """Who made or proposed it; None for the system."""
    made_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(40))
    """`profile`, `approval`, or `roster:ID`."""
    approved_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))

    __table_args__ = (
        Index("ix_member_change_member_id_made_at", "member_id", "made_at"),
        Index("ix_member_change_field_id_made_at", "field_id", "made_at"),
    )


class ChangeRequest(Model):
    """A change that a member proposes and a secretary decides; at most one of a field waits."""

    __tablename__ = "change_request"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id))
    field_id: Mapped[int] = mapped_column(ForeignKey(MemberField.id))
    after: Mapped[str | None] = mapped_column(Text)
    sealed_after: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=RequestState.WAITING)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        Index("ix_change_request_member_id_asked_at", "member_id", "asked_at"),
        Index(
            "uq_change_request_waiting",
            "member_id",
            "field_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )


class MemberPhoto(Model):
    """A photo of a member: the digest of the re-encoded picture in the file store. The one without an end is shown;
    the others are kept so that erasure finds their files."""

    __tablename__ = "member_photo"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    set_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
