"""Long rosters are worked on by the clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "b7d20c94e1a6"
down_revision = "c83f1d5e7b20"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "import_task",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("import_id", BigInt, nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("although_missing", sa.Boolean(), nullable=False),
        sa.Column("actor_id", BigInt, nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done", BigInt, nullable=False),
        sa.Column("total", BigInt, nullable=False),
        sa.Column("leased_until", UTCDateTime(), nullable=True),
        sa.Column("tries", BigInt, nullable=False),
        sa.Column("error", Json, nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_task_import_id_import")),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_import_task_actor_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_task")),
    )
    op.create_index(op.f("ix_import_task_import_id"), "import_task", ["import_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("import_task")
