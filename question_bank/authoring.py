"""Writing a bank: banks, categories, questions with their versions, one at a time or a file at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, insert, select, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.markup import SANITISER_VERSION, sanitize_html
from learnhub.kernel.sql import locked, upsert
from learnhub.kernel.words import _
from question_bank import sources
from question_bank.finding import indexing
from question_bank.fingerprints import fingerprint
from question_bank.kinds import kind
from question_bank.kinds.in_text import check_places, is_in_text
from question_bank.models import Bank, Category, Question, QuestionState, QuestionTag, QuestionVersion

CHUNK = 500
LONGEST_STEM = 100_000
LARGEST_MARK = 1_000_000
"""Thousandths: a thousand marks."""
MOST_HINTS = 10


@dataclass(frozen=True)
class QuestionDraft:
    """A question before it is written: what an author or a file says. Marks are thousandths.

    `content` belongs to the kind, without keys of options: those are made when the draft becomes a version. `source` is
    what the question rests on (《公务员法》2018修订), `clause` the place in it (第十三条).
    `hints` are shown one after another below a wrong answer that may be tried again.
    `where` is the place in the file (line, sheet and row), `external_id` the name that the file gives it; neither is
    stored.
    """

    kind: str
    stem_html: str
    content: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    mark: int = 1000
    category: str = ""
    tags: tuple[str, ...] = ()
    difficulty: int = 3
    explanation_html: str = ""
    where: str = ""
    external_id: str = ""
    source: str = ""
    clause: str = ""
    hints: tuple[str, ...] = ()


def create_bank(slug: str, title: str, now: datetime) -> Bank:
    """A new bank. Refused when the slug is taken or no name for an address."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,78}[a-z0-9]|[a-z0-9]", slug):
        raise Refused(_("A bank's short name is made of small letters, digits and hyphens."))
    if find_bank(slug) is not None:
        raise Refused(_("There is already a bank called %(slug)s.", slug=slug))
    bank = Bank(id=new_id(), slug=slug, title=(title.strip() or slug)[:200], created_at=now)
    db.session.add(bank)
    db.session.flush()
    return bank


def find_bank(slug: str) -> Bank | None:
    """The bank of that slug, if there is one."""
    return db.session.scalar(select(Bank).where(Bank.slug == slug))


def get_bank(slug: str) -> Bank:
    """The bank of that slug; NotFound otherwise."""
    bank = find_bank(slug)
    if bank is None:
        raise NotFound(_("There is no bank called %(slug)s.", slug=slug))
    return bank


def category_of(bank: Bank, path: str) -> Category | None:
    """The category with that path, made if need be; None for an empty path."""
    found = _categories(bank.id, [path])
    cleaned = clean_path(path)
    return db.session.get(Category, found[cleaned]) if cleaned else None


def clean_path(path: str) -> str:
    """A category's path with single spaces and `/` between its levels."""
    levels = (" ".join(level.split()) for level in path.split("/"))
    return "/".join(level for level in levels if level)[:255].rstrip("/ ")


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft that can be written: cleaned, with its fingerprint and what the indexes hold of it."""

    draft: QuestionDraft
    fingerprint: str
    entry: indexing.Entry


def ready(draft: QuestionDraft) -> Ready:
    """Everything about a new question that needs no database: for many, before anything is locked."""
    clean = cleaned(draft)
    return Ready(clean, fingerprint(clean), indexing.entry_of(clean.title, clean.stem_html, clean.content))


def add_question(
    bank: Bank, draft: QuestionDraft, now: datetime, state: QuestionState = QuestionState.PUBLISHED
) -> Question:
    """A new question with its first version, published at once unless another state is named."""
    added = add_questions(bank, [draft], now, state)
    return db.session.get_one(Question, added[0])


def add_questions(
    bank: Bank, drafts: Sequence[QuestionDraft | Ready], now: datetime, state: QuestionState = QuestionState.PUBLISHED
) -> list[int]:
    """Many new questions in a few statements; gives their ids in the order of the drafts.

    Nothing is compared here: leave out beforehand what `known_fingerprints` already knows.
    """
    ids: list[int] = []
    for start in range(0, len(drafts), CHUNK):
        chunk = [one if isinstance(one, Ready) else ready(one) for one in drafts[start : start + CHUNK]]
        places = _Places(
            _categories(bank.id, [one.draft.category for one in chunk]),
            sources.ids_of(bank.id, [one.draft.source for one in chunk]),
        )
        ids += _insert(bank.id, chunk, places, state, now)
    return ids


@dataclass(frozen=True)
class _Places:
    """Ids of categories by path, and of sources by name."""

    categories: dict[str, int]
    sources: dict[str, int]


def _insert(bank_id: int, chunk: list[Ready], places: _Places, state: QuestionState, now: datetime) -> list[int]:
    questions, versions, tags, entries = [], [], [], []
    for one in chunk:
        draft = one.draft
        question_id, version = new_id(), _version(draft, now)
        version |= {"question_id": question_id, "number": 1}
        questions.append(
            {
                "id": question_id,
                "bank_id": bank_id,
                "category_id": places.categories.get(draft.category),
                "source_id": places.sources.get(draft.source),
                "source_clause": draft.clause,
                "confirmed_on": None,
                "state": state.value,
                "state_before": "",
                "version_id": version["id"],
                "kind": draft.kind,
                "difficulty": draft.difficulty,
                "fingerprint": one.fingerprint,
                "created_at": now,
            }
        )
        versions.append(version)
        entries.append((question_id, one.entry))
        tags += [{"question_id": question_id, "tag": tag} for tag in draft.tags]
    db.session.execute(insert(Question.__table__), questions)  # type: ignore[arg-type]
    db.session.execute(insert(QuestionVersion.__table__), versions)  # type: ignore[arg-type]
    if tags:
        db.session.execute(insert(QuestionTag.__table__), tags)  # type: ignore[arg-type]
    indexing.add(bank_id, entries)
    return [question["id"] for question in questions]


def revise(question: Question, draft: QuestionDraft, now: datetime) -> QuestionVersion:
    """A new version of a question; attempts stay with the version they were drawn with.

    A question that was reviewed and not published yet is a draft again: nobody has read what it says now.
    """
    draft = cleaned(draft)
    db.session.execute(locked(select(Question.id).where(Question.id == question.id)))  # of two at once, one waits
    newest = db.session.scalar(
        select(QuestionVersion.number)
        .where(QuestionVersion.question_id == question.id)
        .order_by(QuestionVersion.number.desc())
        .limit(1)
    )
    version = QuestionVersion(**_version(draft, now), question_id=question.id, number=(newest or 0) + 1)
    db.session.add(version)
    db.session.flush()
    question.version_id = version.id
    if question.state == QuestionState.REVIEWED:
        question.state = QuestionState.DRAFT
    question.kind = draft.kind
    question.difficulty = draft.difficulty
    question.fingerprint = fingerprint(draft)
    question.category_id = _categories(question.bank_id, [draft.category]).get(draft.category)
    source_id = sources.ids_of(question.bank_id, [draft.source]).get(draft.source)
    if source_id != question.source_id:
        question.confirmed_on = None
    question.source_id, question.source_clause = source_id, draft.clause
    db.session.execute(delete(QuestionTag).where(QuestionTag.question_id == question.id))
    db.session.add_all(QuestionTag(question_id=question.id, tag=tag) for tag in draft.tags)
    db.session.flush()
    indexing.change(question, version)
    return version


def remark(marks: Mapping[int, int], now: datetime) -> dict[int, int]:
    """Give questions other marks (thousandths) by a new version each, the rest as it was: ids of the versions."""
    made: dict[int, int] = {}
    ids = sorted(marks)
    last = func.max(QuestionVersion.number).label("last")
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        numbers = select(QuestionVersion.question_id, last).group_by(QuestionVersion.question_id)
        highest = numbers.where(QuestionVersion.question_id.in_(chunk)).subquery()
        rows = db.session.execute(
            select(QuestionVersion, highest.c.last)
            .join(Question, Question.version_id == QuestionVersion.id)
            .join(highest, highest.c.question_id == Question.id)
        )
        versions = [
            {name: getattr(version, name) for name in _COPIED}
            | {"id": new_id(), "number": number + 1, "mark": marks[version.question_id], "created_at": now}
            for version, number in rows
        ]
        db.session.execute(insert(QuestionVersion.__table__), versions)  # type: ignore[arg-type]
        made |= {version["question_id"]: version["id"] for version in versions}
    return made


_COPIED = ("question_id", "kind", "title", "stem_html", "content", "explanation_html", "hints", "sanitiser_version")
_STATE_TO_RETURN_TO = case(
    (Question.state.in_((QuestionState.DRAFT, QuestionState.REVIEWED)), Question.state), else_=Question.state_before
)


def withdraw(question_ids: Iterable[int]) -> int:
    """Take back what an import added: the number of questions withdrawn.

    Versions are append-only and an attempt may hold them, so nothing is deleted: the questions stand where no list
    shows them unless asked, and their fingerprints are freed so that the same file can be imported again.
    """
    ids = list(question_ids)
    count = 0
    for start in range(0, len(ids), CHUNK):
        done = db.session.execute(
            update(Question)
            .where(Question.id.in_(ids[start : start + CHUNK]), Question.fingerprint != "")
            .values(state=QuestionState.WITHDRAWN.value, state_before=_STATE_TO_RETURN_TO, fingerprint="")
            .returning(Question.id)
            .execution_options(synchronize_session=False)
        )
        count += len(done.all())
    db.session.expire_all()
    return count


def fingerprints_of(question_ids: Iterable[int]) -> dict[int, str]:
    """The fingerprints that the newest versions of these questions have."""
    rows = db.session.execute(
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .where(Question.id.in_(list(question_ids)))
    )
    return {question.id: fingerprint(draft_of(version, question)) for question, version in rows}


def known_fingerprints(bank: Bank) -> dict[str, int]:
    """The fingerprints of the bank's questions, each with a question's id: what an import already finds there."""
    found = db.session.execute(
        select(Question.fingerprint, Question.id).where(Question.bank_id == bank.id, Question.fingerprint != "")
    )
    return {fingerprint: question_id for fingerprint, question_id in found}


def cleaned(draft: QuestionDraft) -> QuestionDraft:
    """The draft as it is stored: texts cleaned, content validated and prepared by its kind. Cleaning twice is harmless.

    Refused when it can't be asked.
    """
    found = kind(draft.kind)
    stem_html = sanitize_html(draft.stem_html).strip()
    if not stem_html:
        raise Refused(_("The question has no text."))
    if len(stem_html) > LONGEST_STEM:
        raise Refused(_("The question's text is too long."))
    if not 0 <= draft.mark <= LARGEST_MARK:
        raise Refused(_("A mark lies between 0 and 1000."))
    found.validate(draft.content)
    hints = tuple(hint for hint in (sanitize_html(one).strip() for one in draft.hints) if hint)
    if len(hints) > MOST_HINTS:
        raise Refused(_("A question has at most %(n)s hints.", n=MOST_HINTS))
    if is_in_text(found):
        check_places(stem_html, found.places(draft.content))
    return QuestionDraft(
        kind=draft.kind,
        stem_html=stem_html,
        content=found.prepare(draft.content),
        title=" ".join(draft.title.split())[:200],
        mark=0 if draft.kind == "description" else draft.mark,
        category=clean_path(draft.category),
        tags=tuple(dict.fromkeys(tag for tag in (" ".join(t.split())[:80] for t in draft.tags) if tag)),
        difficulty=min(max(draft.difficulty, 1), 5),
        explanation_html=sanitize_html(draft.explanation_html).strip(),
        where=draft.where,
        external_id=draft.external_id,
        source=sources.clean_name(draft.source),
        clause=" ".join(draft.clause.split())[:120] if draft.source.strip() else "",
        hints=hints,
    )


def draft_of(
    version: QuestionVersion, question: Question, category: str = "", tags: Sequence[str] = (), source: str = ""
) -> QuestionDraft:
    """The draft that would make this version again: for editing and for export."""
    return QuestionDraft(
        kind=version.kind,
        stem_html=version.stem_html,
        content=version.content,
        title=version.title,
        mark=version.mark,
        category=category,
        tags=tuple(tags),
        difficulty=question.difficulty,
        explanation_html=version.explanation_html,
        source=source,
        clause=question.source_clause if source else "",
        hints=tuple(version.hints),
    )


def _version(draft: QuestionDraft, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": draft.kind,
        "title": draft.title,
        "stem_html": draft.stem_html,
        "content": draft.content,
        "explanation_html": draft.explanation_html,
        "hints": list(draft.hints),
        "mark": draft.mark,
        "sanitiser_version": SANITISER_VERSION,
        "created_at": now,
    }


def _categories(bank_id: int, paths: Iterable[str]) -> dict[str, int]:
    """Ids of the categories with these paths, those that are missing made."""
    wanted = {cleaned_path for cleaned_path in map(clean_path, paths) if cleaned_path}
    if not wanted:
        return {}
    query = select(Category.path, Category.id).where(Category.bank_id == bank_id, Category.path.in_(sorted(wanted)))
    found = {str(path): int(category_id) for path, category_id in db.session.execute(query)}
    missing: list[dict[str, Any]] = [
        {"id": new_id(), "bank_id": bank_id, "path": path} for path in sorted(wanted - set(found))
    ]
    if missing:
        made = db.session.execute(upsert(Category.__table__).on_conflict_do_nothing(), missing)
        found |= {str(row["path"]): int(row["id"]) for row in missing}
        if made.rowcount != len(missing):  # type: ignore[attr-defined]  # somebody else made some at the same time
            found = {str(path): int(category_id) for path, category_id in db.session.execute(query)}
    return found
