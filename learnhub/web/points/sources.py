"""What an event was about, in words: the ledger keeps `lesson:7`, `quiz:8:attempt:1`, `day:2026-11-30`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from courses.models import Lesson
from learnhub.kernel.db import db
from learnhub.quizzes.models import Quiz
from learnhub.web.language import day

MODELS: dict[str, Any] = {"lesson": Lesson, "quiz": Quiz}


def named(sources: Iterable[str]) -> dict[str, str]:
    """The title of the lesson or quiz, or the day, of each source; nothing for one that is gone or none of ours."""
    split = {source: source.split(":")[:2] for source in sources if ":" in source}
    titles = {kind: _titles(kind, [key for its, key in split.values() if its == kind]) for kind in MODELS}
    told = {}
    for source, (kind, key) in split.items():
        told[source] = _day(key) if kind == "day" else titles.get(kind, {}).get(key, "")
    return told


def _titles(kind: str, keys: list[str]) -> dict[str, str]:
    wanted = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    if not wanted:
        return {}
    model = MODELS[kind]
    return {
        str(key): title for key, title in db.session.execute(select(model.id, model.title).where(model.id.in_(wanted)))
    }


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return ""
