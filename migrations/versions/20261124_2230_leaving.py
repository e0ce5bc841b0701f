"""States of members by day, erasures, and the one way in which personal words leave an append-only row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards, lift
from learnhub.kernel.db import BigInt, UTCDateTime

revision = "e41c0a7f2b96"
down_revision = "5b7e20c94d1f"

KEPT = {
    "audit_entry": ["id", "at", "actor_id", "action", "object_kind", "unit_id"],
    "issued_transcript": ["id", "code", "member_id", "revision", "as_at", "issued_at", "issued_by"],
    "answer_version": [
        *("member_id", "attempt_id", "slot", "id", "revision", "sequence"),
        *("base", "saved_at", "recorded_at", "late"),
    ],
}
"""What a redaction of a row leaves as it is."""


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "state_change",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("made_by", BigInt, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_state_change_made_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_state_change_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_change")),
    )
    op.create_index(op.f("ix_state_change_member_id"), "state_change", ["member_id"])
    op.create_table(
        "erasure",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("made_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_erasure_made_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_erasure_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("member_id", name=op.f("uq_erasure_member_id")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_erasure_pseudonym")),
    )
    for table, kept in KEPT.items():
        op.add_column(table, sa.Column("redacted_by", BigInt, nullable=True))
        _guard(table, kept)


def downgrade() -> None:
    """Back."""
    for table in KEPT:
        _guard(table, None)
        op.drop_column(table, "redacted_by")
        _guard(table, [])
    op.drop_table("erasure")
    op.drop_table("state_change")


def _guard(table: str, kept: list[str] | None) -> None:
    """Put other guards on a table; with None, none."""
    dialect = op.get_bind().dialect.name
    statements = lift(table, dialect) + (guards(table, dialect, kept) if kept is not None else [])
    for statement in statements:
        op.execute(statement)
