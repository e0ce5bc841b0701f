"""Which column of a table of questions holds what, as a form of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from question_bank.formats.reading import Table
from question_bank.formats.sheets.columns import OPTION_LETTERS, ROLES

MOST_TABLES = 20
MOST_COLUMNS = 60
_NAMES: dict[str, Any] = {
    "stem": _l("Question"),
    "kind": _l("Kind"),
    "options": _l("All options in one cell"),
    "answer": _l("Answer"),
    "blank": _l("Answer of one blank"),
    "explanation": _l("Explanation"),
    "hint": _l("Hint"),
    "category": _l("Category"),
    "subject": _l("Subject"),
    "tags": _l("Tags"),
    "difficulty": _l("Difficulty"),
    "mark": _l("Marks"),
    "material": _l("Text of the case"),
}
COLUMN_NAMES: dict[str, Any] = {
    role: _NAMES.get(role) or _l("Option %(letter)s", letter=role.partition(":")[2]) for role in ROLES
}
"""What a column can hold, in the order of the list."""
_FLAGS = {f"flag:{letter}": _l("Whether %(letter)s is right", letter=letter) for letter in OPTION_LETTERS}


def tables_to_tell(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """Each table with its columns: the field's name, the head, what it was taken for, and what can be chosen."""
    return [
        {
            "name": table.name,
            "columns": [
                {
                    "field": f"column-{n}-{at}",
                    "head": head,
                    "role": table.roles.get(at, ""),
                    "choices": _choices(table.roles.get(at, "")),
                }
                for at, head in enumerate(table.heads[:MOST_COLUMNS])
            ],
        }
        for n, table in enumerate(tables[:MOST_TABLES])
    ]


def _choices(role: str) -> list[tuple[str, Any]]:
    """The list for a column; what it holds now is always among them."""
    known = {"": _l("Nothing that is read"), **COLUMN_NAMES}
    if role not in known:
        known[role] = _FLAGS.get(role, role)
    return list(known.items())


def columns_said(tables: Sequence[Table], form: Mapping[str, str]) -> dict[str, dict[int, str]]:
    """What somebody told of each table, by its name; a list that was tampered with counts as not read."""
    said: dict[str, dict[int, str]] = {}
    for n, table in enumerate(tables[:MOST_TABLES]):
        columns = {}
        for at in range(len(table.heads)):
            role = form.get(f"column-{n}-{at}", table.roles.get(at, "") if at >= MOST_COLUMNS else "")
            if role in COLUMN_NAMES or (role and role == table.roles.get(at)):
                columns[at] = role
        said[table.name] = columns
    return said
