"""When each task of the clock last ran."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import UTCDateTime

revision = "7d0f4c1b92ae"
down_revision = "ea89b500980b"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=False),
        sa.Column("failed_at", UTCDateTime(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("job_run")
