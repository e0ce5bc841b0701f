"""Banks note what they sent into the store, so that what nothing uses can be cleared away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import UTCDateTime

revision = "c3e7a90d5b21"
down_revision = "b92d5f3a0c18"


def upgrade() -> None:
    """Forward. What was sent before is not noted, and stays."""
    op.create_table(
        "bank_file",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("stored_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_bank_file")),
    )
    op.create_index(op.f("ix_bank_file_stored_at"), "bank_file", ["stored_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("bank_file")
