"""What somebody told of the tables of a file holds for the next file of the same shape."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "f2c86b0d41a7"
down_revision = "e7a1c4d95b30"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "told_shape",
        sa.Column("bank_id", BigInt, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("heads", Json, nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("is_list", sa.Boolean(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_told_shape_bank_id_bank")),
        sa.PrimaryKeyConstraint("bank_id", "key", name=op.f("pk_told_shape")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("told_shape")
