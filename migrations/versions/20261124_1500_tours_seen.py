"""Which tours a member has seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b4e17c02d9f3"
down_revision = "3c5b9e7a41d8"


def upgrade() -> None:
    """Forward."""
    op.add_column("member", sa.Column("tours_seen", sa.String(length=120), server_default="", nullable=False))


def downgrade() -> None:
    """Back."""
    op.drop_column("member", "tours_seen")
