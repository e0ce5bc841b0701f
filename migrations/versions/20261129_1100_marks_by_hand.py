"""Answers are marked by a person, and files are handed in as answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards, lift
from learnhub.kernel.db import BigInt, Json, UTCDateTime

revision = "d4a7e21b9c60"
down_revision = "f4d1c7a2e860"

KEPT = ["member_id", "attempt_id", "slot", "id", "parts", "marker_id", "at"]


def upgrade() -> None:
    """Forward."""
    op.add_column("attempt", sa.Column("waits", BigInt, nullable=False, server_default="0"))
    op.create_index(
        "ix_attempt_quiz_id_waits",
        "attempt",
        ["quiz_id"],
        sqlite_where=sa.text("waits > 0"),
        postgresql_where=sa.text("waits > 0"),
    )
    op.create_table(
        "hand_mark",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slot", BigInt, autoincrement=False, nullable=False),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marker_id", BigInt, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("redacted_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_hand_mark_member_id_attempt"),
        ),
        sa.ForeignKeyConstraint(["marker_id"], ["member.id"], name=op.f("fk_hand_mark_marker_id_member")),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "slot", "id", name=op.f("pk_hand_mark")),
    )
    op.create_index(op.f("ix_hand_mark_marker_id"), "hand_mark", ["marker_id"])
    for statement in guards("hand_mark", op.get_bind().dialect.name, KEPT):
        op.execute(statement)
    op.create_table(
        "handed_in_file",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slot", BigInt, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", BigInt, nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_handed_in_file_member_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "id", name=op.f("pk_handed_in_file")),
    )
    op.create_index(op.f("ix_handed_in_file_digest"), "handed_in_file", ["digest"])


def downgrade() -> None:
    """Back: the marks that people gave are lost."""
    op.drop_table("handed_in_file")
    for statement in lift("hand_mark", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("hand_mark")
    op.drop_index("ix_attempt_quiz_id_waits", "attempt")
    op.drop_column("attempt", "waits")
