"""Times of units, time granted, and attempts that are opened again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.append_only import guards
from learnhub.kernel.db import BigInt, UTCDateTime

revision = "c7e02a6b41d9"
down_revision = "c3e7a90d5b21"

WAITING = sa.text("carried_out_at IS NULL")


def upgrade() -> None:
    """Forward."""
    op.add_column("quiz", sa.Column("last_close_at", UTCDateTime(), nullable=True))
    for name in ("past_close_seconds", "reopened"):
        op.add_column("attempt", sa.Column(name, BigInt, nullable=False, server_default="0"))
    op.create_table(
        "quiz_window",
        sa.Column("quiz_id", BigInt, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("opens_at", UTCDateTime(), nullable=True),
        sa.Column("closes_at", UTCDateTime(), nullable=True),
        sa.Column("extra_seconds", BigInt, nullable=False),
        sa.Column("set_by", BigInt, nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_window_quiz_id_quiz")),
        sa.ForeignKeyConstraint(["set_by"], ["member.id"], name=op.f("fk_quiz_window_set_by_member")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quiz_window_unit_id_unit")),
        sa.PrimaryKeyConstraint("quiz_id", "unit_id", name=op.f("pk_quiz_window")),
    )
    op.create_table(
        "time_grant",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("quiz_id", BigInt, nullable=True),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("unit_id", BigInt, nullable=True),
        sa.Column("seconds", BigInt, nullable=False),
        sa.Column("may_pass_close", sa.Boolean(), nullable=False),
        sa.Column("lasting", sa.Boolean(), nullable=False),
        sa.Column("reopens_from", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by", BigInt, nullable=True),
        sa.Column("granted_at", UTCDateTime(), nullable=False),
        sa.Column("carried_out_at", UTCDateTime(), nullable=True),
        sa.Column("call_key", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["granted_by"], ["member.id"], name=op.f("fk_time_grant_granted_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_time_grant_member_id_member")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_time_grant_quiz_id_quiz")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_time_grant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_grant")),
        sa.UniqueConstraint("call_key", name=op.f("uq_time_grant_call_key")),
    )
    op.create_index(op.f("ix_time_grant_member_id"), "time_grant", ["member_id"])
    op.create_index(op.f("ix_time_grant_unit_id"), "time_grant", ["unit_id"])
    op.create_index(
        "ix_time_grant_waiting", "time_grant", ["granted_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_table(
        "granted_time",
        sa.Column("member_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("attempt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("grant_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("seconds", BigInt, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["time_grant.id"], name=op.f("fk_granted_time_grant_id_time_grant")),
        sa.ForeignKeyConstraint(
            ["member_id", "attempt_id"],
            ["attempt.member_id", "attempt.id"],
            name=op.f("fk_granted_time_member_id_attempt_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("member_id", "attempt_id", "grant_id", name=op.f("pk_granted_time")),
    )
    for statement in guards("granted_time", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    op.drop_table("granted_time")
    op.drop_table("time_grant")
    op.drop_table("quiz_window")
    for name in ("reopened", "past_close_seconds"):
        op.drop_column("attempt", name)
    op.drop_column("quiz", "last_close_at")
