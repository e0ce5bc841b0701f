"""Granted time that was taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards, lift
from learnhub.kernel.db import BigInt, UTCDateTime

revision = "c6f20d9a51b3"
down_revision = "b91e4c07d2a8"
GUARDED = {"grant_taken_back": ("grant_id", "taken_by", "at"), "time_taken_back": ()}


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "grant_taken_back",
        sa.Column("grant_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_by", BigInt, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("redacted_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["time_grant.id"], name=op.f("fk_grant_taken_back_grant_id_time_grant")),
        sa.ForeignKeyConstraint(["taken_by"], ["member.id"], name=op.f("fk_grant_taken_back_taken_by_member")),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_grant_taken_back")),
    )
    op.create_index(op.f("ix_grant_taken_back_at"), "grant_taken_back", ["at"])
    op.create_table(
        "time_taken_back",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("grant_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("seconds", BigInt, nullable=False),
        sa.Column("kept", BigInt, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id", "grant_id"],
            ["granted_time.member_id", "granted_time.attempt_id", "granted_time.grant_id"],
            name=op.f("fk_time_taken_back_member_id_granted_time"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "grant_id", name=op.f("pk_time_taken_back")),
    )
    for table, kept in GUARDED.items():
        for statement in guards(table, op.get_bind().dialect.name, kept):
            op.execute(statement)


def downgrade() -> None:
    """Back."""
    for table in reversed(GUARDED):
        for statement in lift(table, op.get_bind().dialect.name):
            op.execute(statement)
        op.drop_table(table)
