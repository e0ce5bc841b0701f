"""Papers assembled from a blueprint are kept with their seed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "e3a90b5c7d21"
down_revision = "d20b6e94c1a8"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "paper_set",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("bank_id", BigInt, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("blueprint", Json, nullable=False),
        sa.Column("seed", BigInt, nullable=False),
        sa.Column("variants", Json, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("discarded_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_paper_set_bank_id_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_set")),
    )
    op.create_index(op.f("ix_paper_set_bank_id"), "paper_set", ["bank_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("paper_set")
