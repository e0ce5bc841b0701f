"""Access codes and address ranges of quizzes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import Json

revision = "d18f4b72c6e9"
down_revision = "c7e02a6b41d9"


def upgrade() -> None:
    """Forward."""
    op.add_column("quiz", sa.Column("access_code", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("quiz", sa.Column("addresses", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Back."""
    for name in ("addresses", "access_code"):
        op.drop_column("quiz", name)
