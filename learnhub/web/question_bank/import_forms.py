"""What the columns of a table of questions hold, or the fields of a list of objects, as a form of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from learnhub.web.language import say
from question_bank.formats.json_banks.by_hand import ROLES_WITHIN
from question_bank.formats.json_banks.told_fields import is_within
from question_bank.formats.reading import Table
from question_bank.formats.sheets.columns import OPTION_LETTERS, ROLES
from question_bank.kinds import KINDS

MOST_TABLES = 20
MOST_COLUMNS = 60
_NAMES: dict[str, Any] = {
    "stem": _l("Question"),
    "kind": _l("Kind"),
    "options": _l("All options in one cell"),
    "wrong": _l("Wrong option"),
    "answer": _l("Answer"),
    "answer:0": _l("Answer, the first option is 0"),
    "answer:1": _l("Answer, the first option is 1"),
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
FIELD_NAMES: dict[str, Any] = {**COLUMN_NAMES, "options": _l("All options")}
"""What a field of an object can hold."""
_WITHIN: dict[str, Any] = {
    **FIELD_NAMES,
    "options": _l("Text of an option"),
    "flag": _l("Whether an option is right"),
    "label": _l("Letter or number of an option"),
}
FIELD_NAMES_WITHIN: dict[str, Any] = {role: _WITHIN[role] for role in ROLES_WITHIN}
"""What a field of the objects within an object can hold."""
_FLAGS = {f"flag:{letter}": _l("Whether %(letter)s is right", letter=letter) for letter in OPTION_LETTERS}


def tables_to_tell(tables: Sequence[Table], *, are_lists: bool) -> list[dict[str, Any]]:
    """Each table with its columns, and each list with its fields: the name in the form, the head, what the first row
    has, what it was taken for, and what can be chosen; below them the codes of kinds that nobody knows."""
    return [
        {
            "name": table.name,
            "is_told": table.is_told,
            "columns": [
                {
                    "field": f"column-{n}-{at}",
                    "head": head,
                    "sample": table.samples[at] if at < len(table.samples) else "",
                    "role": table.roles.get(at, ""),
                    "choices": _choices(_names_for(head, are_lists=are_lists), table.roles.get(at, "")),
                }
                for at, head in enumerate(table.heads[:MOST_COLUMNS])
            ],
            "kinds": [
                {"field": f"kind-{n}-{at}", "code": code, "kind": kind, "choices": _kinds()}
                for at, (code, kind) in enumerate(table.kinds.items())
            ],
        }
        for n, table in enumerate(tables[:MOST_TABLES])
    ]


def _names_for(head: str, *, are_lists: bool) -> Mapping[str, Any]:
    if not are_lists:
        return COLUMN_NAMES
    return FIELD_NAMES_WITHIN if is_within(head) else FIELD_NAMES


def _choices(names: Mapping[str, Any], role: str) -> list[tuple[str, Any]]:
    """The list for a column; what it holds now is always among them."""
    known = {"": _l("Nothing that is read"), **names}
    if role not in known:
        known[role] = _FLAGS.get(role, role)
    return list(known.items())


def _kinds() -> list[tuple[str, Any]]:
    return [("", _l("Not told")), *((name, say(one.label)) for name, one in KINDS.items() if name != "case")]


def columns_said(tables: Sequence[Table], form: Mapping[str, str]) -> dict[str, dict[int, str]]:
    """What somebody told of each table, by its name; a list that was tampered with counts as not read."""
    return {table.name: _roles_said(n, table, form, are_lists=False) for n, table in enumerate(tables[:MOST_TABLES])}


def fields_said(tables: Sequence[Table], form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What somebody told of the list whose button was pressed, by its name: what its fields hold, by theirs."""
    n = form.get("list", "")
    if not (n.isdecimal() and len(n) < 4 and int(n) < len(tables[:MOST_TABLES])):
        return {}
    table = tables[int(n)]
    return {
        table.name: {table.heads[at]: role for at, role in _roles_said(int(n), table, form, are_lists=True).items()}
    }


def _roles_said(n: int, table: Table, form: Mapping[str, str], *, are_lists: bool) -> dict[int, str]:
    said = {}
    for at, head in enumerate(table.heads):
        now = table.roles.get(at, "")
        role = form.get(f"column-{n}-{at}", now if at >= MOST_COLUMNS else "")
        if role and (role == now or role in _names_for(head, are_lists=are_lists)):
            said[at] = role
    return said


def kinds_said(tables: Sequence[Table], form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What somebody told of the codes of kinds, by the name of the table or list."""
    said: dict[str, dict[str, str]] = {}
    for n, table in enumerate(tables[:MOST_TABLES]):
        for at, (code, now) in enumerate(table.kinds.items()):
            kind = form.get(f"kind-{n}-{at}", now)
            if kind in KINDS:
                said.setdefault(table.name, {})[code] = kind
    return said
