"""The lobby before a quiz."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, UTCDateTime

revision = "d40b7f91c6e8"
down_revision = "d5a81f3c6e90"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "lobby_place",
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("id", BigInt, nullable=False),
        sa.Column("arrived_at", UTCDateTime(), nullable=False),
        sa.Column("admitted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_lobby_place_member_id_member")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_lobby_place_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("quiz_id", "member_id", name=op.f("pk_lobby_place")),
        sa.UniqueConstraint("id", name=op.f("uq_lobby_place_id")),
    )
    op.create_index(
        "ix_lobby_place_waiting",
        "lobby_place",
        ["id"],
        sqlite_where=sa.text("admitted_at IS NULL"),
        postgresql_where=sa.text("admitted_at IS NULL"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("lobby_place")
