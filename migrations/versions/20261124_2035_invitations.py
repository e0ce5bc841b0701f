"""Codes with which members choose their password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, UTCDateTime

revision = "c83f1d5e7b20"
down_revision = "9d21f6c4a0e7"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "invitation",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("made_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_invitation_made_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_invitation_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    op.create_index(op.f("ix_invitation_member_id"), "invitation", ["member_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("invitation")
