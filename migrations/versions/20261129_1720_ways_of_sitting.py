"""Access codes, networks, and the way through a paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json

revision = "d18f4b72c6e9"
down_revision = "c7e02a6b41d9"


def upgrade() -> None:
    """Forward."""
    op.add_column("quiz", sa.Column("access_code", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("quiz", sa.Column("addresses", Json, nullable=False, server_default="[]"))
    op.add_column("quiz", sa.Column("navigation", sa.String(length=16), nullable=False, server_default="free"))
    op.add_column("attempt", sa.Column("page", BigInt, nullable=False, server_default="1"))
    op.add_column("attempt", sa.Column("flags", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Back."""
    for name in ("flags", "page"):
        op.drop_column("attempt", name)
    for name in ("navigation", "addresses", "access_code"):
        op.drop_column("quiz", name)
