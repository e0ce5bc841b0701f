"""The log of focus of an attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards
from learnhub.kernel.db import BigInt, UTCDateTime

revision = "c2e97b5a1f48"
down_revision = "b6f03e92d715"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "focus_event",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("seconds", BigInt, nullable=True),
        sa.Column("length", BigInt, nullable=True),
        sa.Column("slot", BigInt, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_focus_event_member_id_attempt_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "id", name=op.f("pk_focus_event")),
    )
    for statement in guards("focus_event", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    op.drop_table("focus_event")
