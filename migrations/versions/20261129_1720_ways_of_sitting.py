"""Access codes, networks, the way through a paper, answers checked during an attempt, and daily and weekly sets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards
from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "d18f4b72c6e9"
down_revision = "a51c90e7d3b2"


def upgrade() -> None:
    """Forward."""
    op.add_column("quiz", sa.Column("access_code", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("quiz", sa.Column("addresses", Json, nullable=False, server_default="[]"))
    op.add_column("quiz", sa.Column("navigation", sa.String(length=16), nullable=False, server_default="free"))
    op.add_column("attempt", sa.Column("page", BigInt, nullable=False, server_default="1"))
    op.add_column("quiz", sa.Column("behaviour", sa.String(length=16), nullable=False, server_default="at_end"))
    op.add_column("quiz", sa.Column("tries", BigInt, nullable=False, server_default="1"))
    op.add_column("quiz", sa.Column("penalty", sa.String(length=32), nullable=False, server_default="0"))
    op.add_column("quiz", sa.Column("series", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("quiz", sa.Column("same_for_all", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("quiz", sa.Column("question_seconds", BigInt, nullable=True))
    op.add_column("attempt", sa.Column("page_since", UTCDateTime(), nullable=True))
    op.add_column("attempt", sa.Column("fixed", Json, nullable=False, server_default="[]"))
    op.add_column("attempt", sa.Column("flags", Json, nullable=False, server_default="[]"))
    op.create_table(
        "answer_try",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slot", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("mark", BigInt, nullable=False),
        sa.Column("correctness", sa.String(length=8), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_answer_try_member_id_attempt_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "slot", "number", name=op.f("pk_answer_try")),
    )
    op.create_table(
        "drawn_set",
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_drawn_set_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("quiz_id", "period", name=op.f("pk_drawn_set")),
    )
    for statement in guards("answer_try", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    op.drop_table("drawn_set")
    op.drop_table("answer_try")
    for name in ("flags", "fixed", "page_since", "page"):
        op.drop_column("attempt", name)
    for name in ("same_for_all", "series", "question_seconds", "penalty", "tries", "behaviour"):
        op.drop_column("quiz", name)
    for name in ("navigation", "addresses", "access_code"):
        op.drop_column("quiz", name)
