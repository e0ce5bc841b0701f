"""Questions are reviewed before they are published, and rest on sources with days on which they are in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from learnhub.kernel.db import BigInt, UTCDateTime

revision = "a81c4e2f9b07"
down_revision = "d4a7e21b9c60"

ALONE = {"resolve_fks": False}
"""Only the table at hand is looked at, not the ones that it refers to."""


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "question_hand",
        sa.Column("version_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_question_hand_member_id_member")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_question_hand_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "member_id", "act", name=op.f("pk_question_hand")),
    )
    op.create_table(
        "source",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("bank_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("superseded_by", BigInt, nullable=True),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_source_bank_id_bank")),
        sa.ForeignKeyConstraint(["superseded_by"], ["source.id"], name=op.f("fk_source_superseded_by_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("bank_id", "name", name=op.f("uq_source_bank_id_name")),
    )
    with op.batch_alter_table("question", reflect_kwargs=ALONE) as batch_op:
        batch_op.add_column(sa.Column("state_before", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("source_id", BigInt, nullable=True))
        batch_op.add_column(sa.Column("source_clause", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_question_source_id_source"), "source", ["source_id"], ["id"])
        batch_op.create_index(op.f("ix_question_source_id"), ["source_id"])
    with op.batch_alter_table("question", reflect_kwargs=ALONE) as batch_op:
        batch_op.alter_column("state_before", server_default=None)
        batch_op.alter_column("source_clause", server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("question", reflect_kwargs=ALONE) as batch_op:
        batch_op.drop_index(op.f("ix_question_source_id"))
        batch_op.drop_constraint(op.f("fk_question_source_id_source"), type_="foreignkey")
        for name in ("confirmed_on", "source_clause", "source_id", "state_before"):
            batch_op.drop_column(name)
    op.drop_table("source")
    op.drop_table("question_hand")
