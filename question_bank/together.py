"""Changing many questions of a bank at once, and putting back exactly what was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _, n_
from question_bank import sources
from question_bank.authoring import LARGEST_MARK, category_of, clean_path, fingerprints_of, remark
from question_bank.catalogue import tags_of
from question_bank.models import GONE, Bank, Category, Question, QuestionState, QuestionTag, QuestionVersion, Source

MOST = 10_000
"""Questions that are changed at once."""


class Change(StrEnum):
    """What can be done to many questions; those from the category on take a value, but for the last."""

    RETIRE = "retire"
    BRING_BACK = "bring_back"
    REVIEW = "review"
    PUBLISH = "publish"
    CATEGORY = "category"
    ADD_TAG = "add_tag"
    REMOVE_TAG = "remove_tag"
    DIFFICULTY = "difficulty"
    MARK = "mark"
    SOURCE = "source"
    STILL_VALID = "still_valid"


@dataclass(frozen=True)
class Held:
    """What a bank holds about a question beside its versions; `version_id` tells whether it was written anew.

    `mark` is in thousandths; None in what an earlier version of this program kept.
    """

    state: str
    category_id: int | None
    difficulty: int
    tags: tuple[str, ...]
    fingerprint: str
    version_id: int | None
    state_before: str = ""
    source_id: int | None = None
    source_clause: str = ""
    confirmed_on: str | None = None
    mark: int | None = None

    def stored(self) -> dict[str, Any]:
        """As plain JSON."""
        return {**asdict(self), "tags": list(self.tags)}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Held:
        """What `stored` gave."""
        return cls(**{**stored, "tags": tuple(stored["tags"])})


def held(bank: Bank, question_ids: Iterable[int]) -> dict[int, Held]:
    """What the bank holds about these questions, locked until the transaction ends; those of other banks left out."""
    wanted = select(Question).where(Question.bank_id == bank.id, Question.id.in_(sorted(set(question_ids))))
    rows = list(db.session.scalars(locked(wanted.order_by(Question.id)).execution_options(populate_existing=True)))
    tags = tags_of(row.id for row in rows)
    marks = _marks(row.version_id for row in rows)
    return {
        row.id: Held(
            row.state,
            row.category_id,
            row.difficulty,
            tuple(tags.get(row.id, ())),
            row.fingerprint,
            row.version_id,
            row.state_before,
            row.source_id,
            row.source_clause,
            row.confirmed_on.isoformat() if row.confirmed_on else None,
            marks.get(row.version_id),
        )
        for row in rows
    }


def _marks(version_ids: Iterable[int | None]) -> dict[int | None, int]:
    query = select(QuestionVersion.id, QuestionVersion.mark).where(QuestionVersion.id.in_([*version_ids]))
    return {version_id: mark for version_id, mark in db.session.execute(query)}


def change(
    bank: Bank, question_ids: Iterable[int], what: Change, value: str, now: datetime
) -> tuple[dict[int, Held], dict[int, Held]]:
    """Change these questions: what was held before and what is held now, of those that it changed.

    NotFound when one is not of this bank, Refused when the value can't be one; then nothing is changed.
    """
    ids = set(question_ids)
    if not ids:
        raise Refused(_("Choose at least one question."))
    if len(ids) > MOST:
        raise Refused(_("Choose at most %(n)s questions.", n=MOST))
    before = held(bank, ids)
    if len(before) < len(ids):
        raise NotFound(_("There is no such question."))
    after = _changed(bank, before, what, " ".join(value.split()), now)
    changed = {question_id: one for question_id, one in after.items() if one != before[question_id]}
    changed = write(changed, before, now)
    return {question_id: before[question_id] for question_id in changed}, changed


def _changed(bank: Bank, before: dict[int, Held], what: Change, value: str, now: datetime) -> dict[int, Held]:
    match what:
        case Change.RETIRE:
            return {key: _retired(one) for key, one in before.items()}
        case Change.BRING_BACK:
            return _brought_back(before)
        case Change.REVIEW:
            return _moved(before, QuestionState.DRAFT, QuestionState.REVIEWED)
        case Change.PUBLISH:
            return _published(before)
        case Change.CATEGORY:
            category = category_of(bank, clean_path(value))
            return {key: replace(one, category_id=category.id if category else None) for key, one in before.items()}
        case Change.DIFFICULTY:
            if value not in {"1", "2", "3", "4", "5"}:
                raise Refused(_("A difficulty lies between 1 and 5."))
            return {key: replace(one, difficulty=int(value)) for key, one in before.items()}
        case Change.MARK:
            mark = _mark(value)
            return {key: replace(one, mark=mark) for key, one in before.items()}
        case Change.SOURCE:
            return _of_source(bank, before, value)
        case Change.STILL_VALID:
            return _confirmed(before, local_date(now, house.zone))
        case Change.ADD_TAG | Change.REMOVE_TAG:
            return _tagged(before, value, added=what is Change.ADD_TAG)


def _retired(one: Held) -> Held:
    """Retired, with the way back: what was never published does not come back published."""
    if one.state in GONE:
        return one
    way_back = "" if one.state == QuestionState.PUBLISHED else one.state
    return replace(one, state=QuestionState.RETIRED.value, state_before=way_back)


def _brought_back(before: dict[int, Held]) -> dict[int, Held]:
    known = fingerprints_of([key for key, one in before.items() if not one.fingerprint])
    return {
        key: replace(
            one,
            state=one.state_before or QuestionState.PUBLISHED.value,
            state_before="",
            fingerprint=known.get(key, one.fingerprint),
        )
        if one.state in GONE
        else one
        for key, one in before.items()
    }


def _moved(before: dict[int, Held], old: QuestionState, new: QuestionState) -> dict[int, Held]:
    return {key: replace(one, state=new.value) if one.state == old else one for key, one in before.items()}


def _published(before: dict[int, Held]) -> dict[int, Held]:
    drafts = sum(1 for one in before.values() if one.state == QuestionState.DRAFT)
    if drafts:
        raise Refused(
            n_(
                "%(n)s question is a draft that nobody has reviewed. Review it first.",
                "%(n)s questions are drafts that nobody has reviewed. Review them first.",
                drafts,
            )
        )
    return _moved(before, QuestionState.REVIEWED, QuestionState.PUBLISHED)


def _mark(value: str) -> int:
    """Marks as they are typed, in thousandths."""
    try:
        mark = Decimal(value) * 1000
    except InvalidOperation:
        mark = Decimal(-1)
    if not mark.is_finite() or not 0 <= mark <= LARGEST_MARK or mark != int(mark):
        raise Refused(_("A mark lies between 0 and 1000."))
    return int(mark)


def _of_source(bank: Bank, before: dict[int, Held], value: str) -> dict[int, Held]:
    """Of another source; the clause goes, since it stands in the one before."""
    name = sources.clean_name(value)
    source_id = sources.ids_of(bank.id, [name]).get(name)
    return {
        key: replace(one, source_id=source_id, source_clause="", confirmed_on=None)
        if one.source_id != source_id
        else one
        for key, one in before.items()
    }


def _confirmed(before: dict[int, Held], day: date) -> dict[int, Held]:
    """Those whose source is over are said to hold still; the others stay."""
    stale = set(
        db.session.scalars(
            select(Question.id)
            .join(Source, Source.id == Question.source_id)
            .where(Question.id.in_(list(before)), sources.stale_on(day))
        )
    )
    return {key: replace(one, confirmed_on=day.isoformat()) if key in stale else one for key, one in before.items()}


def _tagged(before: dict[int, Held], value: str, *, added: bool) -> dict[int, Held]:
    tag = value[:80]
    if not tag:
        raise Refused(_("Write the tag."))
    if added and set(tag) & set(",，、"):
        raise Refused(_("Write one tag, without commas: they stand between tags elsewhere."))
    more = {tag} if added else set()
    return {key: replace(one, tags=tuple(sorted(set(one.tags) - {tag} | more))) for key, one in before.items()}


def put_back(
    bank: Bank, before: Mapping[int, Held], after: Mapping[int, Held], now: datetime
) -> tuple[list[int], list[int]]:
    """Put back what was before where the bank still holds what came after: the ids put back, and those refused.

    A category that was made one with another since can't be gone back to.
    """
    at_present = held(bank, before)
    there = {None, *db.session.scalars(select(Category.id).where(Category.bank_id == bank.id))}
    fit = {
        key: one
        for key, one in before.items()
        if one.category_id in there and _is_still(at_present.get(key), after[key])
    }
    write(fit, at_present, now)
    return sorted(fit), sorted(set(before) - set(fit))


def _is_still(at_present: Held | None, after: Held) -> bool:
    if at_present is None:
        return False
    return at_present == (after if after.mark is not None else replace(after, mark=at_present.mark))


def write(wanted: Mapping[int, Held], before: Mapping[int, Held], now: datetime) -> dict[int, Held]:
    """Let the bank hold this about these questions: a few statements for every five hundred; gives what it holds.

    Marks belong to versions: where they differ from `before`, a new version is written.
    """
    if not wanted:
        return {}
    other_marks = {
        key: one.mark for key, one in wanted.items() if one.mark is not None and one.mark != before[key].mark
    }
    versions = remark(other_marks, now)
    now_held = {key: replace(one, version_id=versions.get(key, before[key].version_id)) for key, one in wanted.items()}
    db.session.execute(update(Question), [_row(key, one) for key, one in now_held.items()])
    db.session.execute(delete(QuestionTag).where(QuestionTag.question_id.in_(list(now_held))))
    tags = [{"question_id": key, "tag": tag} for key, one in now_held.items() for tag in one.tags]
    if tags:
        db.session.execute(insert(QuestionTag.__table__), tags)  # type: ignore[arg-type]
    db.session.expire_all()
    return now_held


def _row(key: int, one: Held) -> dict[str, Any]:
    return {
        "id": key,
        "state": one.state,
        "state_before": one.state_before,
        "category_id": one.category_id,
        "difficulty": one.difficulty,
        "fingerprint": one.fingerprint,
        "version_id": one.version_id,
        "source_id": one.source_id,
        "source_clause": one.source_clause,
        "confirmed_on": date.fromisoformat(one.confirmed_on) if one.confirmed_on else None,
    }
