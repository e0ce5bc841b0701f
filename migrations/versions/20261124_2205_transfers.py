"""Transfers between units."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, UTCDateTime

revision = "7e50b2c9a4d1"
down_revision = "b7d20c94e1a6"

MEMBERS = ("accepted_by", "asked_by", "closed_by", "member_id", "released_by")
UNITS = ("from_unit_id", "to_unit_id")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "transfer",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("from_unit_id", BigInt, nullable=True),
        sa.Column("to_unit_id", BigInt, nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_by", BigInt, nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("released_by", BigInt, nullable=True),
        sa.Column("released_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_by", BigInt, nullable=True),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", BigInt, nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("lapse", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'done') OR (released_at IS NOT NULL AND accepted_at IS NOT NULL)",
            name=op.f("ck_transfer_both_units_agreed"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state IN ('asked', 'released', 'accepted', 'agreed'))",
            name=op.f("ck_transfer_open_or_closed"),
        ),
        *(sa.ForeignKeyConstraint([name], ["member.id"], name=op.f(f"fk_transfer_{name}_member")) for name in MEMBERS),
        *(sa.ForeignKeyConstraint([name], ["unit.id"], name=op.f(f"fk_transfer_{name}_unit")) for name in UNITS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    for name in ("member_id", *UNITS):
        op.create_index(op.f(f"ix_transfer_{name}"), "transfer", [name])
    op.create_index("ix_transfer_state_effective_on", "transfer", ["state", "effective_on"])
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_transfer_open_member_id",
        "transfer",
        ["member_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("transfer")
