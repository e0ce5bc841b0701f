"""Sign-in codes that go out by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "a51c90e7d3b2"
down_revision = "d4f1b86e2a07"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "code_mail",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("asked_for", sa.String(length=254), nullable=False),
        sa.Column("asked_by", BigInt, nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("tries", BigInt, nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("reason", Json, nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name=op.f("fk_code_mail_asked_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_code_mail_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_mail")),
    )
    op.create_index(op.f("ix_code_mail_member_id"), "code_mail", ["member_id"])
    op.create_index("ix_code_mail_state_due_at", "code_mail", ["state", "due_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("code_mail")
