"""How a quiz is held: one device at a time, Safe Exam Browser, a log of focus; and the doors of attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "b6f03e92d715"
down_revision = "a4d18c60f2e7"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "quiz_conduct",
        sa.Column("quiz_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("one_device", sa.Boolean(), nullable=False),
        sa.Column("safe_browser", sa.Boolean(), nullable=False),
        sa.Column("own_config", sa.Boolean(), nullable=False),
        sa.Column("config_keys", Json, nullable=False),
        sa.Column("browser_keys", Json, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("log_focus", sa.Boolean(), nullable=False),
        sa.Column("set_by", BigInt, nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_conduct_quiz_id_quiz")),
        sa.ForeignKeyConstraint(["set_by"], ["member.id"], name=op.f("fk_quiz_conduct_set_by_member")),
        sa.PrimaryKeyConstraint("quiz_id", name=op.f("pk_quiz_conduct")),
        sa.UniqueConstraint("token", name=op.f("uq_quiz_conduct_token")),
    )
    op.create_index(op.f("ix_quiz_conduct_set_by"), "quiz_conduct", ["set_by"])
    op.create_table(
        "attempt_door",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("one_device", sa.Boolean(), nullable=False),
        sa.Column("safe_browser", sa.Boolean(), nullable=False),
        sa.Column("log_focus", sa.Boolean(), nullable=False),
        sa.Column("device", sa.String(length=48), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=True),
        sa.Column("refused_at", UTCDateTime(), nullable=True),
        sa.Column("refused_device", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_attempt_door_quiz_id_quiz")),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_attempt_door_member_id_attempt_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", name=op.f("pk_attempt_door")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("attempt_door")
    op.drop_table("quiz_conduct")
