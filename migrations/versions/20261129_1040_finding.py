"""Questions are found by words in Chinese and English, and by likeness; the indexes are filled by the clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from learnhub.kernel.db import BigInt

revision = "f4d1c7a2e860"
down_revision = "e3a90b5c7d21"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "question_text",
        sa.Column("question_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_text_question_id_question")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_text")),
    )
    op.create_table(
        "question_band",
        sa.Column("bank_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("band", BigInt, autoincrement=False, nullable=False),
        sa.Column("question_id", BigInt, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_band_bank_id_bank")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_band_question_id_question")),
        sa.PrimaryKeyConstraint("bank_id", "band", "question_id", name=op.f("pk_question_band")),
    )
    op.create_index(op.f("ix_question_band_question_id"), "question_band", ["question_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_question_text_terms", "question_text", ["terms"], postgresql_using="gin")
    else:
        op.execute(
            'CREATE VIRTUAL TABLE question_fts USING fts5(terms, tokenize = "unicode61 remove_diacritics 0", '
            "detail = none)"
        )


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE question_fts")
    op.drop_table("question_band")
    op.drop_table("question_text")
