"""Changing many questions of a bank at once, and putting back exactly what was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from question_bank.authoring import category_of, clean_path, fingerprints_of
from question_bank.catalogue import tags_of
from question_bank.models import Bank, Question, QuestionState, QuestionTag

MOST = 500
"""Questions that are changed at once."""


class Change(StrEnum):
    """What can be done to many questions; those after the first two take a value."""

    RETIRE = "retire"
    BRING_BACK = "bring_back"
    CATEGORY = "category"
    ADD_TAG = "add_tag"
    REMOVE_TAG = "remove_tag"
    DIFFICULTY = "difficulty"


@dataclass(frozen=True)
class Held:
    """What a bank holds about a question beside its versions; `version_id` tells whether it was written anew."""

    state: str
    category_id: int | None
    difficulty: int
    tags: tuple[str, ...]
    fingerprint: str
    version_id: int | None

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
    return {
        row.id: Held(
            row.state,
            row.category_id,
            row.difficulty,
            tuple(tags.get(row.id, ())),
            row.fingerprint,
            row.version_id,
        )
        for row in rows
    }


def change(
    bank: Bank, question_ids: Iterable[int], what: Change, value: str = ""
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
    after = _changed(bank, before, what, " ".join(value.split()))
    changed = {question_id: one for question_id, one in after.items() if one != before[question_id]}
    write(changed)
    return {question_id: before[question_id] for question_id in changed}, changed


def _changed(bank: Bank, before: dict[int, Held], what: Change, value: str) -> dict[int, Held]:
    match what:
        case Change.RETIRE:
            return {key: replace(one, state=QuestionState.RETIRED.value) for key, one in before.items()}
        case Change.BRING_BACK:
            free = [key for key, one in before.items() if not one.fingerprint]
            known = fingerprints_of(free)
            return {
                key: replace(one, state=QuestionState.PUBLISHED.value, fingerprint=known.get(key, one.fingerprint))
                for key, one in before.items()
            }
        case Change.CATEGORY:
            category = category_of(bank, clean_path(value))
            return {key: replace(one, category_id=category.id if category else None) for key, one in before.items()}
        case Change.DIFFICULTY:
            if value not in {"1", "2", "3", "4", "5"}:
                raise Refused(_("A difficulty lies between 1 and 5."))
            return {key: replace(one, difficulty=int(value)) for key, one in before.items()}
        case Change.ADD_TAG | Change.REMOVE_TAG:
            if not value:
                raise Refused(_("Write the tag."))
            tag = value[:80]
            added = {tag} if what is Change.ADD_TAG else set()
            return {key: replace(one, tags=tuple(sorted(set(one.tags) - {tag} | added))) for key, one in before.items()}


def put_back(bank: Bank, before: Mapping[int, Held], after: Mapping[int, Held]) -> tuple[list[int], list[int]]:
    """Put back what was before where the bank still holds what came after: the ids put back, and those refused."""
    now = held(bank, before)
    fit = {key: one for key, one in before.items() if now.get(key) == after[key]}
    write(fit)
    return sorted(fit), sorted(set(before) - set(fit))


def write(wanted: Mapping[int, Held]) -> None:
    """Let the bank hold this about these questions: a fixed number of statements."""
    if not wanted:
        return
    db.session.execute(
        update(Question),
        [
            {
                "id": key,
                "state": one.state,
                "category_id": one.category_id,
                "difficulty": one.difficulty,
                "fingerprint": one.fingerprint,
            }
            for key, one in wanted.items()
        ],
    )
    db.session.execute(delete(QuestionTag).where(QuestionTag.question_id.in_(list(wanted))))
    tags = [{"question_id": key, "tag": tag} for key, one in wanted.items() for tag in one.tags]
    if tags:
        db.session.execute(insert(QuestionTag.__table__), tags)  # type: ignore[arg-type]
    db.session.expire_all()
