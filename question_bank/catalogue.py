"""Looking into a bank: questions by kind, category, tag, state and words, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, select

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from question_bank import sources
from question_bank.authoring import clean_path
from question_bank.finding import full_text
from question_bank.models import Bank, Category, Question, QuestionState, QuestionTag, QuestionVersion, Source

Row = TypeVarTuple("Row")

PER_PAGE = 50
CHUNK = 5_000
"""Ids in one statement."""

_ASKED = func.replace(QuestionVersion.stem_html, "<p>", "")

ORDERS: dict[str, ColumnElement[Any]] = {
    "made": Question.id.expression,
    "name": func.lower(func.coalesce(func.nullif(QuestionVersion.title, ""), _ASKED)),
    "kind": Question.kind.expression,
    "category": func.coalesce(Category.path, ""),
    "difficulty": Question.difficulty.expression,
    "mark": QuestionVersion.mark.expression,
    "updated": QuestionVersion.created_at.expression,
    "state": Question.state.expression,
    "source": func.coalesce(Source.name, ""),
}
"""What a list can be ordered by; equals follow in the order in which they were made."""
OF_VERSION = frozenset({"name", "mark", "updated"})
"""Orders by something that stands in the newest version."""
_WHOLE = (
    select(Question, QuestionVersion, Category.path, Source)
    .join(QuestionVersion, QuestionVersion.id == Question.version_id)
    .outerjoin(Category, Category.id == Question.category_id)
    .outerjoin(Source, Source.id == Question.source_id)
)


@dataclass(frozen=True)
class Filter:
    """What to look for; None means no matter. A category includes what lies below it; questions of an import that was
    undone are found by their state only."""

    kind: str | None = None
    category: str | None = None
    tag: str | None = None
    state: str | None = QuestionState.PUBLISHED
    text: str | None = None
    difficulty: int | None = None
    source: int | None = None
    stale_on: date | None = None
    """Only questions whose source is not in force on that day."""


@dataclass(frozen=True)
class Listed:
    """A question as a list shows it, with its newest version."""

    question: Question
    version: QuestionVersion
    category: str
    tags: list[str] = field(default_factory=list)
    source: Source | None = None

    @property
    def source_name(self) -> str:
        """What the question rests on; empty when nobody said."""
        return self.source.name if self.source else ""


@dataclass(frozen=True)
class Page:
    """One page of a list: what is on it, how many there are in all, which page it is (from 1)."""

    items: list[Listed]
    total: int
    number: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


def banks() -> list[tuple[Bank, int]]:
    """Every bank with the number of its published questions, by title."""
    count = (
        select(func.count())
        .select_from(Question)
        .where(Question.bank_id == Bank.id, Question.state == QuestionState.PUBLISHED)
        .correlate(Bank)
        .scalar_subquery()
    )
    return [(bank, number) for bank, number in db.session.execute(select(Bank, count).order_by(Bank.title, Bank.id))]


def questions(
    bank: Bank,
    looking_for: Filter | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
    *,
    order: str = "made",
    down: bool = False,
    total: int | None = None,
) -> Page:
    """The questions of a bank by one of ORDERS: oldest first, unless something else is said.

    `total` is given by who knows already how many there are (see `facets`). The ids of a page are found before its
    rows are read, so that a page far down does not read those above it.
    """
    looking_for = looking_for or Filter()
    if total is None:
        total = db.session.scalar(_where(select(func.count(Question.id)), bank, looking_for)) or 0
    number = max(1, min(page, -(-total // per_page) or 1))
    wanted = _ordered(_where(select(Question.id), bank, looking_for), looking_for, order, down)
    ids = list(db.session.scalars(wanted.limit(per_page).offset((number - 1) * per_page)))
    return Page(_listed(ids), total, number, per_page)


def _ordered(query: Select[*Row], looking_for: Filter, order: str, down: bool) -> Select[*Row]:
    if order in OF_VERSION:
        query = query.join(QuestionVersion, QuestionVersion.id == Question.version_id)
    elif order == "category":
        query = query.outerjoin(Category, Category.id == Question.category_id)
    elif order == "source":
        query = query.outerjoin(Source, Source.id == Question.source_id)
    # What words find is few and is put in order at the end: a sum can't be read from an index, so nothing is walked.
    made = Question.id + 0 if looking_for.text else Question.id.expression
    by = made if order == "made" else ORDERS[order]
    return query.order_by(by.desc() if down else by.asc(), made)


def _listed(ids: list[int]) -> list[Listed]:
    """The questions of these ids, in their order."""
    rows = db.session.execute(_WHOLE.where(Question.id.in_(ids))).all()
    tags = tags_of(ids)
    found = {q.id: Listed(q, version, path or "", tags.get(q.id, []), source) for q, version, path, source in rows}
    return [found[one] for one in ids if one in found]


def _where(query: Select[*Row], bank: Bank, looking_for: Filter) -> Select[*Row]:
    query = query.where(Question.bank_id == bank.id)
    if looking_for.kind:
        query = query.where(Question.kind == looking_for.kind)
    if looking_for.state:
        query = query.where(Question.state == looking_for.state)
    else:
        query = query.where(Question.state != QuestionState.WITHDRAWN)
    if looking_for.difficulty:
        query = query.where(Question.difficulty == looking_for.difficulty)
    if looking_for.category:
        path = clean_path(looking_for.category)
        below = Category.path.startswith(path + "/", autoescape=True)
        inside = select(Category.id).where(Category.bank_id == bank.id, (Category.path == path) | below)
        query = query.where(Question.category_id.in_(inside))
    if looking_for.tag:
        query = query.where(Question.id.in_(select(QuestionTag.question_id).where(QuestionTag.tag == looking_for.tag)))
    if looking_for.source:
        query = query.where(Question.source_id == looking_for.source)
    if looking_for.stale_on:
        stale = select(Source.id).where(Source.id == Question.source_id, sources.stale_on(looking_for.stale_on))
        query = query.where(stale.correlate(Question).exists())
    found = full_text.matching(looking_for.text or "")
    if found is not None:
        query = query.where(Question.id.in_(found))
    return query


def ids(bank: Bank, looking_for: Filter, most: int) -> list[int]:
    """The ids of all questions that a filter finds, at most so many and one more, oldest first."""
    return list(
        db.session.scalars(_where(select(Question.id), bank, looking_for).order_by(Question.id).limit(most + 1))
    )


def get_question(bank: Bank, question_id: int) -> Listed:
    """One question of the bank with its newest version; NotFound when it is not there."""
    row = db.session.execute(_WHOLE.where(Question.id == question_id, Question.bank_id == bank.id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such question."))
    question, version, path, source = row
    return Listed(question, version, path or "", tags_of([question.id]).get(question.id, []), source)


def counts_by_kind(bank: Bank, state: str | None = QuestionState.PUBLISHED) -> dict[str, int]:
    """How many questions of each kind the bank holds."""
    query = select(Question.kind, func.count()).where(Question.bank_id == bank.id).group_by(Question.kind)
    if state:
        query = query.where(Question.state == state)
    return {kind: count for kind, count in db.session.execute(query)}


def counts_by_state(bank: Bank) -> dict[str, int]:
    """How many questions of the bank stand where."""
    query = select(Question.state, func.count()).where(Question.bank_id == bank.id).group_by(Question.state)
    return {state: count for state, count in db.session.execute(query)}


def count_unreviewed(bank_ids: Iterable[int]) -> dict[int, int]:
    """By bank, how many drafts wait for a review; one statement."""
    query = select(Question.bank_id, func.count()).group_by(Question.bank_id)
    drafts = query.where(Question.bank_id.in_(list(bank_ids)), Question.state == QuestionState.DRAFT)
    return {bank_id: count for bank_id, count in db.session.execute(drafts)}


def categories(bank: Bank) -> list[str]:
    """Paths of the bank's categories and of what stands above them, in order."""
    return with_those_above(db.session.scalars(select(Category.path).where(Category.bank_id == bank.id)))


def with_those_above(paths: Iterable[str]) -> list[str]:
    """Paths of categories and of what stands above them, in order."""
    levels = [path.split("/") for path in paths]
    return sorted({"/".join(parts[:depth]) for parts in levels for depth in range(1, len(parts) + 1)})


def tags(bank: Bank) -> list[str]:
    """Tags that questions of the bank carry, those of undone imports left out, in order."""
    query = select(QuestionTag.tag).join(Question, Question.id == QuestionTag.question_id)
    query = query.where(Question.bank_id == bank.id, Question.state != QuestionState.WITHDRAWN)
    return list(db.session.scalars(query.distinct().order_by(QuestionTag.tag)))


def tags_of(question_ids: Iterable[int]) -> dict[int, list[str]]:
    """Tags by question."""
    found: dict[int, list[str]] = {}
    query = select(QuestionTag.question_id, QuestionTag.tag).where(QuestionTag.question_id.in_(list(question_ids)))
    for question_id, tag in db.session.execute(query.order_by(QuestionTag.tag)):
        found.setdefault(question_id, []).append(tag)
    return found


def version_ids(question_ids: Iterable[int]) -> list[int]:
    """The ids of the newest versions of these questions."""
    ids, found = list(question_ids), []
    for start in range(0, len(ids), CHUNK):
        query = select(Question.version_id).where(Question.id.in_(ids[start : start + CHUNK]))
        found += [one for one in db.session.scalars(query) if one is not None]
    return found


def history(question_id: int) -> list[QuestionVersion]:
    """Every version of a question, newest first."""
    query = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
    return list(db.session.scalars(query.order_by(QuestionVersion.number.desc())))


def newest_versions(question_ids: Iterable[int]) -> dict[int, QuestionVersion]:
    """By their ids, what these questions say now."""
    query = (
        select(Question.id, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .where(Question.id.in_(list(question_ids)))
    )
    return {question_id: version for question_id, version in db.session.execute(query)}


def stamp_of(bank: Bank) -> tuple[int, int]:
    """Two numbers that change whenever a question of the bank comes, goes or is rewritten."""
    count, newest = db.session.execute(
        select(func.count(), func.max(Question.version_id)).where(
            Question.bank_id == bank.id, Question.fingerprint != ""
        )
    ).one()
    return count, newest or 0
