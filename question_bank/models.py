"""Banks, their categories, and questions with every version that was ever asked."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import BigInt, Id, Json, Model


class QuestionState(StrEnum):
    """Where a question stands: written, read by another instructor, drawn into new papers, drawn no more; withdrawn
    with the import that brought it."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


GONE = (QuestionState.RETIRED, QuestionState.WITHDRAWN)
"""Kept for what was asked of them; nothing new is."""


class Bank(Model):
    """A bank of questions. `slug` is its name in addresses and on the command line."""

    __tablename__ = "bank"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class BankFile(Model):
    """A picture, a sound or a brought-in file that a bank had kept, by its digest, and when it was sent last.

    Whether anything refers to it is not noted here: `learnhub.journeys.clear_bank_files` looks.
    """

    __tablename__ = "bank_file"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    stored_at: Mapped[datetime] = mapped_column(index=True)


class Category(Model):
    """A category of a bank; `path` is its full name with `/` between the levels."""

    __tablename__ = "category"

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    path: Mapped[str] = mapped_column(String(255))

    __table_args__ = (UniqueConstraint("bank_id", "path"),)


class Source(Model):
    """What questions of a bank rest on: a law, a regulation, a document, with the days on which it is in force.

    The days are days of the organisation's zone; None means without an end on that side.
    """

    __tablename__ = "source"

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    name: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    """The last day on which it is in force."""
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    superseded_on: Mapped[date | None]
    """The first day on which the other one is in its place."""

    __table_args__ = (UniqueConstraint("bank_id", "name"),)


class Question(Model):
    """A question as the bank lists it; what is asked stands in its versions, the newest named here."""

    __tablename__ = "question"

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    category_id: Mapped[int | None] = mapped_column(ForeignKey(Category.id), index=True)
    state: Mapped[str] = mapped_column(String(16), default=QuestionState.PUBLISHED)
    state_before: Mapped[str] = mapped_column(String(16), default="")
    """Of a question that is gone: the state to which bringing it back leads; empty for published."""
    version_id: Mapped[int | None]
    """The newest version; no foreign key, since versions point back here."""
    kind: Mapped[str] = mapped_column(String(24))
    difficulty: Mapped[int] = mapped_column(default=3)
    """1 easy to 5 hard."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Digest of kind, stem, options and answers with widths, spaces and punctuation folded: equal means the same."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey(Source.id), index=True)
    source_clause: Mapped[str] = mapped_column(String(120), default="")
    """Where in the source: an article, a page."""
    confirmed_on: Mapped[date | None]
    """The day on which somebody said that the question still holds though its source is over."""
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_question_bank_id_state_kind", "bank_id", "state", "kind", "category_id", "source_id"),
        Index("ix_question_bank_id_fingerprint", "bank_id", "fingerprint"),
    )


class QuestionTag(Model):
    """A tag on a question."""

    __tablename__ = "question_tag"

    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id), primary_key=True)
    tag: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)


class QuestionVersion(Model):
    """What is asked, once and for all: editing a question adds a version, attempts stay with theirs.

    `content` belongs to the kind (see question_bank/kinds). Marks are thousandths.
    """

    __tablename__ = "question_version"

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(200), default="")
    stem_html: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    explanation_html: Mapped[str] = mapped_column(Text, default="")
    hints: Mapped[list[str]] = mapped_column(Json, default=list)
    """HTML, shown one after another below a wrong answer that may be tried again."""
    mark: Mapped[int] = mapped_column(default=1000)
    sanitiser_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("question_id", "number"),)


append_only(QuestionVersion.__table__)  # type: ignore[arg-type]


class PaperSet(Model):
    """Papers assembled from a blueprint, as they were made: they do not change when questions do.

    `variants` is a list of papers, each a list of `{"question", "version", "mark": thousandths}` with ids as strings.
    """

    __tablename__ = "paper_set"

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), index=True)
    title: Mapped[str] = mapped_column(String(200))
    blueprint: Mapped[dict[str, Any]] = mapped_column(Json)
    seed: Mapped[int] = mapped_column(BigInt)
    variants: Mapped[list[list[dict[str, Any]]]] = mapped_column(Json)
    created_at: Mapped[datetime]
    discarded_at: Mapped[datetime | None]
    """When it was thrown away: it no longer counts as a use of its questions."""


class SentForm(Model):
    """A form that made something: its key says who sent which page with which words (see `sent_forms`)."""

    __tablename__ = "sent_form"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_id: Mapped[int | None] = mapped_column(BigInt)
    sent_at: Mapped[datetime] = mapped_column(index=True)


class ToldShape(Model):
    """What somebody told of the tables of a file, for the next one of the same shape (see `told_shapes`).

    `heads`: the columns or fields; `roles`: what they hold, by their position, or by their name in a list of objects.
    """

    __tablename__ = "told_shape"

    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    heads: Mapped[list[str]] = mapped_column(Json)
    roles: Mapped[dict[str, str]] = mapped_column(Json)
    kinds: Mapped[dict[str, str]] = mapped_column(Json)
    is_list: Mapped[bool]
    told_at: Mapped[datetime]
