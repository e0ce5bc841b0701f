"""Units as a tree with its closure, dated memberships and the transfers between them, and dated roles."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.db import Id, Json, Model


class Unit(Model):
    """A committee, branch or team: a node of the tree. `code` is what people and files call it by."""

    __tablename__ = "unit"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(32), default="branch")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(String(460), default="", server_default="")
    """Code and name as a search compares them (organisations/unit_index.py)."""
    created_at: Mapped[datetime]
    closed_on: Mapped[date | None]
    """From this day on nobody belongs to it; what was, stays readable."""


class UnitGram(Model):
    """A piece of one or two letters of a unit's code or name: the index that a search by a part answers from."""

    __tablename__ = "unit_gram"

    gram: Mapped[str] = mapped_column(String(2), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)


class UnitKind(Model):
    """A kind of unit in the organisation's own words; `below` and `posts` are lists of keys and of names."""

    __tablename__ = "unit_kind"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    below: Mapped[list[str]]
    posts: Mapped[list[str]]


class UnitPlacement(Model):
    """Where a unit once hung: below `parent_id` (none: at the top) until the day before `ends_on`.

    Only what is over is kept; from the last such day on, `Unit.parent_id` holds. So a unit without rows has hung where
    it hangs for as long as anybody asks.
    """

    __tablename__ = "unit_placement"

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    ends_on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("unit_id", "ends_on"),
        Index("ix_unit_placement_ends_on", "ends_on"),
    )


class ChangeKind(StrEnum):
    """What may be planned for a unit."""

    MOVE = "move"
    MERGE = "merge"
    CLOSE = "close"


class ChangeState(StrEnum):
    """What became of a planned change."""

    PLANNED = "planned"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class UnitChange(Model):
    """A change of the tree that is planned for a day to come, and what became of it."""

    __tablename__ = "unit_change"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    target_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    effective_on: Mapped[date]
    asked_by: Mapped[int] = mapped_column(ForeignKey(Member.id))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=ChangeState.PLANNED)
    closed_at: Mapped[datetime | None]
    reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Why it was refused on its day: a marked sentence, as notices keep theirs."""

    __table_args__ = (
        Index("ix_unit_change_state_effective_on", "state", "effective_on"),
        CheckConstraint("(closed_at IS NULL) = (state = 'planned')", name="planned_or_closed"),
    )


class UnitPath(Model):
    """The closure of the tree: one row for each unit and each unit above it, itself included (depth 0)."""

    __tablename__ = "unit_path"

    above_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    below_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True, index=True)
    depth: Mapped[int]


class Membership(Model):
    """A member belongs to a unit from `starts_on` to the day before `ends_on`; one of several is primary."""

    __tablename__ = "membership"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    primary: Mapped[bool] = mapped_column("is_primary", default=True)
    post: Mapped[str] = mapped_column(String(80), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    __table_args__ = (
        Index("ix_membership_member_id_starts_on", "member_id", "starts_on"),
        Index("ix_membership_unit_id_starts_on", "unit_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )


class CustomRole(Model):
    """A role that an administrator made beside the four fixed ones: its names, and what it may do."""

    __tablename__ = "custom_role"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """What grants call it by; never given twice, also after the role is retired."""
    name_en: Mapped[str] = mapped_column(String(64))
    name_zh: Mapped[str] = mapped_column(String(64))
    permissions: Mapped[list[str]]
    made_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Term(Model):
    """A member holds a post of a unit from `starts_on` to the day before `ends_on`; `ordinal` counts the terms."""

    __tablename__ = "term"

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    post: Mapped[str] = mapped_column(String(80))
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    ordinal: Mapped[int | None]
    how: Mapped[str] = mapped_column(String(16))

    __table_args__ = (
        Index("ix_term_unit_id_starts_on", "unit_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )


class RoleGrant(Model):
    """A role granted on a unit: it reaches the unit and everything below, from `starts_at` to `ends_at`.

    One that names the grant it was passed on from is a deputy's: it holds no longer than that one does.
    """

    __tablename__ = "role_grant"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    role: Mapped[str] = mapped_column(String(32))
    """One of the four, or the key of a custom role."""
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    delegated_from: Mapped[int | None] = mapped_column(ForeignKey("role_grant.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200), default="")


class TransferSide(StrEnum):
    """Who asks for a transfer: the member, the unit that lets go, the unit that takes in, or who manages both."""

    MEMBER = "member"
    OLD = "old"
    NEW = "new"
    BOTH = "both"


class TransferState(StrEnum):
    """How far a transfer has come. The first four are open."""

    ASKED = "asked"
    RELEASED = "released"
    ACCEPTED = "accepted"
    AGREED = "agreed"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Lapse(StrEnum):
    """Why a transfer came to nothing although nobody refused it."""

    MOVED = "moved"
    LEFT = "left"
    SILENCE = "silence"
    CLOSED = "closed"


class Transfer(Model):
    """A member is to move from one unit to another; both units agree, each with who and when.

    Asked for from afar (`blind`) by a number, `member_id` and `from_unit_id` may be empty: then nobody of that number
    could be asked for, and who asked is not told so.
    """

    __tablename__ = "transfer"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(64))
    """The member's number, as it was typed by who asks from afar."""
    member_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id), index=True)
    from_unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)
    to_unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    primary: Mapped[bool] = mapped_column("is_primary", default=True)
    """Whether the primary membership moves, or an additional one."""
    effective_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300), default="")
    side: Mapped[str] = mapped_column(String(16))
    blind: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    asked_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    released_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    accepted_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    closed_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(300), default="")
    """Why it was refused, in the words of who refused it."""
    lapse: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (
        Index(
            "uq_transfer_open_member_id",
            "member_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_transfer_state_effective_on", "state", "effective_on"),
        CheckConstraint(
            "state NOT IN ('agreed', 'done') OR (released_at IS NOT NULL AND accepted_at IS NOT NULL)",
            name="both_units_agreed",
        ),
        CheckConstraint(
            "(closed_at IS NULL) = (state IN ('asked', 'released', 'accepted', 'agreed'))", name="open_or_closed"
        ),
    )
