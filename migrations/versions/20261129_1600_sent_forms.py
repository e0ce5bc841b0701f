"""Forms that made something are known when they come again; the counts of a bank are read from one index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, UTCDateTime

revision = "d4f1b86e2a07"
down_revision = "c7e02a6b41d9"

INDEX = "ix_question_bank_id_state_kind"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "sent_form",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_id", BigInt, nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sent_form")),
    )
    op.create_index(op.f("ix_sent_form_sent_at"), "sent_form", ["sent_at"])
    op.drop_index(INDEX, table_name="question")
    op.create_index(INDEX, "question", ["bank_id", "state", "kind", "category_id", "source_id"])


def downgrade() -> None:
    """Back."""
    op.drop_index(INDEX, table_name="question")
    op.create_index(INDEX, "question", ["bank_id", "state", "kind"])
    op.drop_table("sent_form")
