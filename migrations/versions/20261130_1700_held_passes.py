"""Passes wait to be paid until their marks may be seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt

revision = "d48b1f6c93e0"
down_revision = "c3f6a81e5d27"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "held_pass",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("attempt_id", BigInt, nullable=False),
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_held_pass_member_id_member")),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_held_pass_member_id_attempt_id_attempt"),
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_held_pass_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", name=op.f("pk_held_pass")),
    )
    op.create_index("ix_held_pass_quiz_id", "held_pass", ["quiz_id", "member_id", "attempt_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("held_pass")
