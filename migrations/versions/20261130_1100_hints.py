"""Questions keep their hints, for who may try again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import Json

revision = "c3f6a81e5d27"
down_revision = "b7e2d5a90c14"


def upgrade() -> None:
    """Forward."""
    op.add_column("question_version", sa.Column("hints", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Back."""
    op.drop_column("question_version", "hints")
