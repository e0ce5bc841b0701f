"""Where each question has its own time, a page keeps the time that was granted to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt

revision = "b7e2d5a90c14"
down_revision = "a4d81f3c60e9"


def upgrade() -> None:
    """Forward."""
    op.add_column("attempt", sa.Column("page_extra_seconds", BigInt, nullable=False, server_default="0"))


def downgrade() -> None:
    """Back."""
    op.drop_column("attempt", "page_extra_seconds")
