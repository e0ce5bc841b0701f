"""Papers that were drawn beforehand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "b91e4c07d2a8"
down_revision = "e5a31c08b7d4"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "drawn_paper",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("seed", BigInt, nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_drawn_paper_member_id_member")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_drawn_paper_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("member_id", "quiz_id", name=op.f("pk_drawn_paper")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("drawn_paper")
