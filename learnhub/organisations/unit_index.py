"""Finding units by a part of their code or name: an index of pieces of two letters, the same on every database.

Chinese names are short and have no spaces, so neither words nor three letters at a time would find them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, delete, func, insert, select

from learnhub.kernel.cells import folded
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit, UnitGram

LONGEST = 40
"""Letters of a question that are looked at."""


def words_of(code: str, name: str) -> str:
    """Code and name as they are compared: widths folded, spaces gone, small letters."""
    return f"{folded(code)} {folded(name)}"[:460]


def pieces_of(words: str) -> set[str]:
    """Every letter and every two letters that stand side by side in the parts of a text."""
    return {
        part[at : at + size] for part in words.split() for size in (1, 2) for at in range(max(len(part) - size + 1, 0))
    }


def index(unit: Unit) -> None:
    """Make a unit findable by its code and name as they are now."""
    unit.words = words_of(unit.code, unit.name)
    db.session.flush()
    db.session.execute(delete(UnitGram).where(UnitGram.unit_id == unit.id))
    db.session.execute(insert(UnitGram), gram_rows(unit.id, unit.words))


def gram_rows(unit_id: int, words: str) -> list[dict[str, Any]]:
    """The rows of the index for one unit."""
    return [{"gram": piece, "unit_id": unit_id} for piece in sorted(pieces_of(words))]


def matching(text: str) -> Select[int] | None:
    """A sub-query of the units whose code or name holds a text; None for an empty one.

    The index gives those that have all its pieces; the text itself is then looked for in these only.
    """
    asked = folded(text)[:LONGEST]
    if not asked:
        return None
    pieces = [one for one in pieces_of(asked) if len(one) == min(len(asked), 2)]
    candidates = (
        select(UnitGram.unit_id)
        .where(UnitGram.gram.in_(pieces))
        .group_by(UnitGram.unit_id)
        .having(func.count() == len(pieces))
    )
    return select(Unit.id).where(Unit.id.in_(candidates), Unit.words.contains(asked, autoescape=True))
