"""Hints of a question as a file gives them: as many as a question may have."""

from __future__ import annotations

from collections.abc import Iterable

from question_bank.authoring import MOST_HINTS


def as_many_as_fit(hints: Iterable[str]) -> tuple[str, ...]:
    """The hints, each once; the last one a question may have holds what is left."""
    found = [hint for hint in dict.fromkeys(hints) if hint]
    if len(found) > MOST_HINTS:
        found[MOST_HINTS - 1 :] = ["<br>".join(found[MOST_HINTS - 1 :])]
    return tuple(found)
