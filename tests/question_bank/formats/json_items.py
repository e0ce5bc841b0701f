"""Questions of JSON files for tests, and what was read of them."""

from __future__ import annotations

import json
from typing import Any

from question_bank.formats import read
from question_bank.formats.listing import as_json

RYE: tuple[str, list[Any], float] = ("single_choice", ["rye"], 1)
"""What `which` asks, as `all_of` tells it."""


def read_json(found: Any, name: str = "bank.json") -> Any:
    """What is read of data, or of the text of a file."""
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return read(text.encode(), name)


def all_of(found: Any, name: str = "bank.json") -> list[tuple[str, list[Any], float]]:
    """Of each question the kind, the answers and the mark; none may be refused."""
    reading = read_json(found, name)
    assert not reading.refused
    return [(one["kind"], one["answers"], one["marks"]) for one in map(as_json, reading.questions)]


def reasons(reading: Any) -> list[str]:
    """Why questions were refused."""
    return [str(one.reason) for one in reading.refused]


def which(number: int = 1, **more: Any) -> dict[str, Any]:
    """A single choice, the second option of which is right."""
    return {"question": f"Which is {number}?", "options": ["tin", "rye", "oak"], "answer": "B", **more}
