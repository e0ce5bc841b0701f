"""The audit trail, append-only, and the register of imports."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import Id, Json, Model
from learnhub.kernel.leases import Leased


class AuditEntry(Model):
    """One act: who, what, on which object, from where. `actor_id` is empty for the system itself."""

    __tablename__ = "audit_entry"

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    actor_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    redacted_by: Mapped[int | None]
    """The erasure for which personal words were taken out of this entry."""

    __table_args__ = (
        Index("ix_audit_entry_object", "object_kind", "object_id", "at"),
        Index("ix_audit_entry_actor_id_at", "actor_id", "at"),
        Index("ix_audit_entry_at", "at"),
    )


append_only(AuditEntry.__table__, redactable=("actor_name", "object_id", "address", "details"))  # type: ignore[arg-type]


class Erasure(Model):
    """A person's data were erased: whose records now stand under which pseudonym, when, and by whom."""

    __tablename__ = "erasure"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), unique=True)
    pseudonym: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))


class ImportState(StrEnum):
    """Where an import stands: seen only, written, or taken back."""

    PREVIEWED = "previewed"
    ACCEPTED = "accepted"
    UNDONE = "undone"


class Import(Model):
    """A file that somebody brought in: its report, the ids it made, and whether it was taken back."""

    __tablename__ = "import"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))
    format: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(255))
    file_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=ImportState.PREVIEWED)
    target: Mapped[str] = mapped_column(String(120), default="")
    unit_id: Mapped[int | None]
    report: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    object_ids: Mapped[list[Any]] = mapped_column(Json, default=list)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportAct(StrEnum):
    """What the clock does with a long file."""

    LOOK = "look"
    ACCEPT = "accept"
    UNDO = "undo"


class ImportTask(Leased, Model):
    """Work on a file too long for a request: read it, write it, take it back. The newest one of an import counts."""

    __tablename__ = "import_task"

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(ForeignKey(Import.id), index=True)
    act: Mapped[str] = mapped_column(String(16))
    although_missing: Mapped[bool] = mapped_column(default=False)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    address: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]


class BulkChange(Model):
    """A change of many things at once: what each was before and after, so that it can be taken back."""

    __tablename__ = "bulk_change"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))
    """What was changed: `questions`."""
    target_id: Mapped[int]
    """In what: the id of the bank."""
    act: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(String(255), default="")
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    """By the id of the thing."""
    count: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    created_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_bulk_change_kind_target_id_created_at", "kind", "target_id", "created_at"),)


class RepeatableCall(Model):
    """An API call that was made with an Idempotency-Key, and its answer."""

    __tablename__ = "repeatable_call"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    asked: Mapped[str] = mapped_column(String(64))
    """Digest of path and body: the same key for another call is refused."""
    status: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)


class JobRun(Model):
    """When a task of the clock last ran, and how it ended: one row for each task, so it says "now", not "then"."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    failed_at: Mapped[datetime | None]
    """The last time it failed; a later success leaves it, so that a failure in the night is seen in the morning."""
    error: Mapped[str] = mapped_column(String(200), default="")
