"""Units are closed from a day on, and changes of the tree are planned for a day to come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "c58f1d3a7e04"
down_revision = "b7f2c4e81a35"


def upgrade() -> None:
    """Forward."""
    op.add_column("unit", sa.Column("closed_on", sa.Date(), nullable=True))
    op.create_table(
        "unit_change",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("target_id", BigInt, nullable=True),
        sa.Column("details", Json, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("asked_by", BigInt, nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("reason", Json, nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (state = 'planned')", name=op.f("ck_unit_change_planned_or_closed")),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name=op.f("fk_unit_change_asked_by_member")),
        sa.ForeignKeyConstraint(["target_id"], ["unit.id"], name=op.f("fk_unit_change_target_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_change_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
    )
    op.create_index(op.f("ix_unit_change_unit_id"), "unit_change", ["unit_id"])
    op.create_index(op.f("ix_unit_change_target_id"), "unit_change", ["target_id"])
    op.create_index("ix_unit_change_state_effective_on", "unit_change", ["state", "effective_on"])


def downgrade() -> None:
    """Back."""
    op.drop_table("unit_change")
    op.drop_column("unit", "closed_on")
