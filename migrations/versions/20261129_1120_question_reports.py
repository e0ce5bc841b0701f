"""Members report errors in questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, UTCDateTime

revision = "b92d5f3a0c18"
down_revision = "a81c4e2f9b07"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "question_report",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("attempt_id", BigInt, nullable=False),
        sa.Column("question_id", BigInt, nullable=False),
        sa.Column("version_id", BigInt, nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", BigInt, nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_question_report_answered_by_member")),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_question_report_member_id_attempt_id_attempt"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_question_report_member_id_member")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_report_question_id_question")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_question_report_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_report")),
        sa.UniqueConstraint(
            "member_id", "attempt_id", "question_id", name=op.f("uq_question_report_member_id_attempt_id_question_id")
        ),
    )
    op.create_index("ix_question_report_question_id_state", "question_report", ["question_id", "state"])
    op.create_index("ix_question_report_member_id_at", "question_report", ["member_id", "at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("question_report")
