"""Changes of many things at once, kept so that they can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "3c5b9e7a41d8"
down_revision = "7d0f4c1b92ae"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "bulk_change",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("target_id", BigInt, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("count", BigInt, nullable=False),
        sa.Column("actor_id", BigInt, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_bulk_change_actor_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_change")),
    )
    with op.batch_alter_table("bulk_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bulk_change_kind_target_id_created_at", ["kind", "target_id", "created_at"], unique=False
        )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("bulk_change", schema=None) as batch_op:
        batch_op.drop_index("ix_bulk_change_kind_target_id_created_at")
    op.drop_table("bulk_change")
