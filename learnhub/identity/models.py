"""Members and how they prove who they are."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.kernel.db import Id, Json, Model


class MemberState(StrEnum):
    """Whether an account may be used, and what is expected of its member."""

    ACTIVE = "active"
    RETIRED = "retired"
    """Signs in and learns as before; owes no hours."""
    LEFT = "left"
    ERASED = "erased"
    """Left, and nothing personal is kept: a pseudonym holds the records together."""


OPEN_STATES = (MemberState.ACTIVE, MemberState.RETIRED)
"""The states in which somebody can sign in."""
CLOSED_STATES = (MemberState.LEFT, MemberState.ERASED)


class Member(Model):
    """A person with an account. `number` is the organisation's own number; nothing is ever matched by name."""

    __tablename__ = "member"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(64), unique=True)
    sign_in_name: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    locale: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=MemberState.ACTIVE)
    test: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    password_changed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    tours_seen: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """The roles whose tour the member has seen, with spaces between them."""

    __table_args__ = (
        Index("uq_member_sign_in_name", func.lower(sign_in_name), unique=True),
        Index("ix_member_name_number", "name", "number"),
        Index("ix_member_pieces", text("member_pieces(name, number, phone)"), postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
    )
    """The last one answers searches by a part of a name, number or phone (identity/finding.py)."""


class StateChange(Model):
    """A member's state from a day on: who retired, left or came back, by whom it was written down, and why."""

    __tablename__ = "state_change"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    state: Mapped[str] = mapped_column(String(16))
    on_day: Mapped[date]
    at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    reason: Mapped[str] = mapped_column(String(200), default="")


class SignInSession(Model):
    """A signed-in browser. The cookie carries a random key; only its digest is stored, so the table opens no door."""

    __tablename__ = "sign_in_session"

    id: Mapped[Id]
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(255), default="")


class AccessToken(Model):
    """A personal access token for the API, stored as a digest, with its scopes and its end."""

    __tablename__ = "access_token"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Invitation(Model):
    """A code with which a member chooses a password, once; only its digest is stored."""

    __tablename__ = "invitation"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class CodeMail(Model):
    """A sign-in code that goes out by mail. The code is made when it is sent, so it stands nowhere before."""

    __tablename__ = "code_mail"

    id: Mapped[Id]
    member_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id), index=True)
    asked_for: Mapped[str] = mapped_column(String(254), default="")
    """What somebody typed who forgot a password; whose it is, is looked up when the mail is sent."""
    asked_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=MailState.WAITING)
    due_at: Mapped[datetime]
    """Not before this moment; while it is being sent, the moment at which another worker may try."""
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Why it was not sent, or not yet."""

    __table_args__ = (Index("ix_code_mail_state_due_at", "state", "due_at"),)


class SignInFailure(Model):
    """How often a name was tried wrongly from an address of late: the throttle of sign-in."""

    __tablename__ = "sign_in_failure"

    name_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime]


def public_fields(member: Member) -> dict[str, Any]:
    """What others in scope may read of a member."""
    return {"id": str(member.id), "number": member.number, "name": member.name, "state": member.state}
