"""Reports of similar answers and impossible times, and what people decided about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards
from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "d5a81f3c6e90"
down_revision = "c2e97b5a1f48"

KEPT = (
    "id",
    "quiz_id",
    "kind",
    "member_id",
    "attempt_id",
    "other_id",
    "other_attempt_id",
    "outcome",
    "decided_by",
    "at",
)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "likeness_report",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("asked_by", BigInt, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("found", Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done", BigInt, nullable=False),
        sa.Column("total", BigInt, nullable=False),
        sa.Column("leased_until", UTCDateTime(), nullable=True),
        sa.Column("tries", BigInt, nullable=False),
        sa.Column("error", Json, nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name=op.f("fk_likeness_report_asked_by_member")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_likeness_report_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness_report")),
    )
    op.create_index(op.f("ix_likeness_report_quiz_id"), "likeness_report", ["quiz_id"])
    op.create_table(
        "likeness_decision",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("attempt_id", BigInt, nullable=False),
        sa.Column("other_id", BigInt, nullable=True),
        sa.Column("other_attempt_id", BigInt, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", BigInt, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("redacted_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_likeness_decision_decided_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_likeness_decision_member_id_member")),
        sa.ForeignKeyConstraint(["other_id"], ["member.id"], name=op.f("fk_likeness_decision_other_id_member")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_likeness_decision_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness_decision")),
    )
    for column in ("quiz_id", "member_id", "other_id", "decided_by"):
        op.create_index(op.f(f"ix_likeness_decision_{column}"), "likeness_decision", [column])
    for statement in guards("likeness_decision", op.get_bind().dialect.name, KEPT):
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    op.drop_table("likeness_decision")
    op.drop_table("likeness_report")
