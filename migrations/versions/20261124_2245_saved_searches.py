"""Searches that somebody kept under a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "a70d9e35c1f8"
down_revision = "e4b17c2d9a60"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "saved_search",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("any_of", sa.Boolean(), nullable=False),
        sa.Column("conditions", Json, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_saved_search_owner_id_member")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_saved_search_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index(op.f("ix_saved_search_owner_id"), "saved_search", ["owner_id"])
    op.create_index(op.f("ix_saved_search_unit_id"), "saved_search", ["unit_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("saved_search")
