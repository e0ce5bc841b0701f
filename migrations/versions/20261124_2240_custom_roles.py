"""Custom roles, and roles passed on to a deputy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "e4b17c2d9a60"
down_revision = "e41c0a7f2b96"

ALONE = {"resolve_fks": False}
"""The table is read without those it refers to: one of them has an index that can't be read back."""


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "custom_role",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name_en", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=64), nullable=False),
        sa.Column("permissions", Json, nullable=False),
        sa.Column("made_by", BigInt, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_custom_role_made_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_role")),
        sa.UniqueConstraint("key", name=op.f("uq_custom_role_key")),
    )
    with op.batch_alter_table("role_grant", reflect_kwargs=ALONE) as batch_op:
        batch_op.add_column(sa.Column("delegated_from", BigInt, nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            op.f("fk_role_grant_delegated_from_role_grant"), "role_grant", ["delegated_from"], ["id"]
        )
        batch_op.create_index(op.f("ix_role_grant_delegated_from"), ["delegated_from"])
    with op.batch_alter_table("role_grant", reflect_kwargs=ALONE) as batch_op:
        batch_op.alter_column("reason", server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("role_grant", reflect_kwargs=ALONE) as batch_op:
        batch_op.drop_index(op.f("ix_role_grant_delegated_from"))
        batch_op.drop_constraint(op.f("fk_role_grant_delegated_from_role_grant"), type_="foreignkey")
        batch_op.drop_column("reason")
        batch_op.drop_column("delegated_from")
    op.drop_table("custom_role")
