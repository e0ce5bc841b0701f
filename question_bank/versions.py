"""What versions of questions ask, kept in memory: they are written once and never change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from learnhub.kernel.db import db
from question_bank.models import QuestionVersion

MOST = 5000
"""Versions that a process keeps; most take one or two kilobytes."""


@dataclass(frozen=True, slots=True)
class Version:
    """A row of question_version as it is read: whoever holds one may look at it and change nothing in it."""

    id: int
    question_id: int
    number: int
    kind: str
    title: str
    stem_html: str
    content: dict[str, Any]
    explanation_html: str
    hints: list[str]
    mark: int


_COLUMNS = tuple(getattr(QuestionVersion, name) for name in Version.__slots__)
_kept: WeakKeyDictionary[Engine, dict[int, Version]] = WeakKeyDictionary()


def versions_by_id(ids: Iterable[int]) -> dict[int, Version]:
    """Versions by their ids; one statement for those not seen before. Ids that do not exist are left out."""
    kept, wanted = _kept.setdefault(db.engine, {}), sorted(set(ids))
    found = {one: kept[one] for one in wanted if one in kept}
    missing = [one for one in wanted if one not in found]
    if missing:
        rows = db.session.execute(select(*_COLUMNS).where(QuestionVersion.id.in_(missing)))
        read = {row.id: Version(*row) for row in rows}
        found |= read
        if len(kept) + len(read) > MOST:
            kept.clear()
        kept |= read
    return found
