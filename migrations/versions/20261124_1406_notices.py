"""Notices inside the product, and who has read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "ea89b500980b"
down_revision = "583aa722e528"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "notice",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit_id", BigInt, nullable=True),
        sa.Column("title", Json, nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("sender_id", BigInt, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sender_id"], ["member.id"], name=op.f("fk_notice_sender_id_member")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("source", name=op.f("uq_notice_source")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_sender_id_at", ["sender_id", "at"], unique=False)
    op.create_table(
        "notice_delivery",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("notice_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_notice_delivery_member_id_member")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_delivery_notice_id_notice")),
        sa.PrimaryKeyConstraint("member_id", "notice_id", name=op.f("pk_notice_delivery")),
    )
    with op.batch_alter_table("notice_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_delivery_notice_id"), ["notice_id"], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("notice_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_delivery_notice_id"))
    op.drop_table("notice_delivery")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_sender_id_at")
    op.drop_table("notice")
