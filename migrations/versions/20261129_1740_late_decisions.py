"""A marker's decisions about answers that came too late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards
from learnhub.kernel.db import BigInt, UTCDateTime

revision = "a4d18c60f2e7"
down_revision = "d18f4b72c6e9"

KEPT = ("member_id", "attempt_id", "slot", "id", "version_id", "act", "revision", "decided_by", "at")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "late_decision",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slot", BigInt, autoincrement=False, nullable=False),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("version_id", BigInt, nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", BigInt, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("redacted_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_late_decision_decided_by_member")),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_late_decision_member_id_attempt_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "slot", "id", name=op.f("pk_late_decision")),
    )
    op.create_index(op.f("ix_late_decision_decided_by"), "late_decision", ["decided_by"])
    for statement in guards("late_decision", op.get_bind().dialect.name, KEPT):
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    op.drop_table("late_decision")
