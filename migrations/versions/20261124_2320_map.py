"""The map: units have a place, and an outline is drawn behind them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, UTCDateTime

revision = "b7f2c4e81a35"
down_revision = "a41c7e90d2b6"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "unit_place",
        sa.Column("unit_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.CheckConstraint("longitude >= -180 AND longitude <= 180", name=op.f("ck_unit_place_longitude_on_earth")),
        sa.CheckConstraint("latitude >= -90 AND latitude <= 90", name=op.f("ck_unit_place_latitude_on_earth")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_place_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_place")),
    )
    op.create_table(
        "map_outline",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("points", BigInt, nullable=False),
        sa.Column("set_by", BigInt, nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["set_by"], ["member.id"], name=op.f("fk_map_outline_set_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_outline")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("map_outline")
    op.drop_table("unit_place")
