"""The tables of the indexes over questions; all of it can be made anew from the questions."""

from __future__ import annotations

from sqlalchemy import DDL, ForeignKey, Index, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.kernel.db import BigInt, Model
from question_bank.models import Bank, Question

FTS = 'CREATE VIRTUAL TABLE question_fts USING fts5(terms, tokenize = "unicode61 remove_diacritics 0", detail = none)'
"""SQLite's own index beside `question_text`; its rowid is the question's id."""


class QuestionText(Model):
    """What the newest version of a question says, folded; `terms` are its pieces on PostgreSQL (SQLite has FTS5)."""

    __tablename__ = "question_text"

    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    terms: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))

    __table_args__ = (Index("ix_question_text_terms", "terms", postgresql_using="gin").ddl_if(dialect="postgresql"),)


class QuestionBand(Model):
    """A band of a question's MinHash signature: what has a band in common with it may be nearly the same."""

    __tablename__ = "question_band"

    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), primary_key=True)
    band: Mapped[int] = mapped_column(BigInt, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id), primary_key=True, index=True)


event.listen(QuestionText.__table__, "after_create", DDL(FTS).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
