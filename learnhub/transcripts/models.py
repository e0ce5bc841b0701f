"""Transcripts that were issued: immutable documents with a check code; and jobs that export sheets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import Id, Json, Model
from learnhub.kernel.leases import Leased


class IssuedTranscript(Model):
    """A transcript as it was handed out: the document, its signature and the code on the paper."""

    __tablename__ = "issued_transcript"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id))
    revision: Mapped[int]
    as_at: Mapped[datetime]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(Text)
    redacted_by: Mapped[int | None]
    """The erasure for which the name was taken out of the document; it was signed anew then."""

    __table_args__ = (UniqueConstraint("member_id", "revision"),)


append_only(IssuedTranscript.__table__, redactable=("document", "digest", "signature"))  # type: ignore[arg-type]


class ExportJob(Leased, Model):
    """A sheet to be written by the clock's process: what, for whom, as at when, how far, and the file."""

    __tablename__ = "export_job"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))
    format: Mapped[str] = mapped_column(String(8))
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(Json)
    file_digest: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
