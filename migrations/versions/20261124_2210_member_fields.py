"""The fields of the member base, their values and history, changes that wait, photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "5b7e20c94d1f"
down_revision = "7e50b2c9a4d1"


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    """Forward."""
    fields = op.create_table(
        "member_field",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", Json, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("choices", Json, nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("seen_by", sa.String(length=16), nullable=False),
        sa.Column("changed_by", sa.String(length=16), nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("NOT (built_in AND sensitive)", name=op.f("ck_member_field_built_in_is_plain")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_field")),
        sa.UniqueConstraint("key", name=op.f("uq_member_field_key")),
    )
    op.create_table(
        "member_value",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("field_id", BigInt, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("(text IS NULL) <> (sealed IS NULL)", name=op.f("ck_member_value_text_or_sealed")),
        _to("member_value", "member_id", "member"),
        _to("member_value", "field_id", "member_field"),
        sa.PrimaryKeyConstraint("member_id", "field_id", name=op.f("pk_member_value")),
    )
    _history()
    op.create_table(
        "member_photo",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("set_by", BigInt, nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        _to("member_photo", "member_id", "member"),
        _to("member_photo", "set_by", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_photo")),
    )
    op.create_index(op.f("ix_member_photo_member_id"), "member_photo", ["member_id"])
    common = {"label": {}, "choices": [], "sensitive": False, "seen_by": "member", "built_in": True}
    rows = (("name", "text", "secretary"), ("phone", "phone", "approval"), ("email", "email", "approval"))
    op.bulk_insert(
        fields,
        [
            common | {"id": n, "position": n, "key": key, "kind": kind, "changed_by": who, "required": n == 1}
            for n, (key, kind, who) in enumerate(rows, start=1)
        ],
    )


def _history() -> None:
    op.create_table(
        "member_change",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("field_id", BigInt, nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("sealed_before", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_after", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", BigInt, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("approved_by", BigInt, nullable=True),
        _to("member_change", "member_id", "member"),
        _to("member_change", "field_id", "member_field"),
        _to("member_change", "made_by", "member"),
        _to("member_change", "approved_by", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_change")),
    )
    op.create_index("ix_member_change_member_id_made_at", "member_change", ["member_id", "made_at"])
    op.create_table(
        "change_request",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("field_id", BigInt, nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("sealed_after", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", BigInt, nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        _to("change_request", "member_id", "member"),
        _to("change_request", "field_id", "member_field"),
        _to("change_request", "decided_by", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index("ix_change_request_member_id_asked_at", "change_request", ["member_id", "asked_at"])
    op.create_index(
        "uq_change_request_waiting",
        "change_request",
        ["member_id", "field_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Back."""
    for table in ("member_photo", "change_request", "member_change", "member_value", "member_field"):
        op.drop_table(table)
