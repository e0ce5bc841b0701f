"""What stands beside an act of the audit trail, in the reader's words; the trail itself keeps keys and ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import g
from flask_babel import get_locale

from learnhub.audit.models import AuditEntry
from learnhub.kernel.words import Message, _
from learnhub.organisations.models import ChangeKind
from learnhub.organisations.permissions import PERMISSION_WORDS
from learnhub.organisations.profile import fields
from learnhub.organisations.profile.fields import CHANGED_BY_NAMES, KIND_NAMES, SEEN_BY_NAMES
from learnhub.web.language import day, exactly, number, say, series
from learnhub.web.role_names import role_names

LABELS: dict[str, Message] = {
    "act": _("Action"),
    "after": _("after it"),
    "amount": _("Points"),
    "bank": _("Question bank"),
    "before": _("before it"),
    "below": _("Parent unit"),
    "changed_by": _("Changed by"),
    "changes": _("Changes"),
    "choices": _("Choices"),
    "closes_at": _("Closes"),
    "code": _("Code"),
    "count": _("Questions"),
    "course": _("Course"),
    "created": _("New"),
    "daily_cap": _("Daily limit"),
    "deputy": _("Deputy"),
    "effective_on": _("As of"),
    "ends_at": _("Until"),
    "entries": _("Points entries"),
    "field": _("Member field"),
    "extra_seconds": _("Seconds more"),
    "fields": _("Fields"),
    "file": _("File"),
    "format": _("Format"),
    "from": _("Old unit"),
    "given": _("Roles given"),
    "imported": _("Imported"),
    "instead_of": _("Deputy for"),
    "jumped": _("Jumped by seconds"),
    "kind": _("Kind"),
    "label": _("Named"),
    "member": _("Member"),
    "members": _("Members"),
    "missing": _("Not in the file"),
    "name": _("Named"),
    "names": _("Named"),
    "number": _("Number"),
    "on": _("As of"),
    "opens_at": _("Opens"),
    "period": _("Period"),
    "permissions": _("Permissions of the role"),
    "place": _("Place"),
    "points": _("Points"),
    "post": _("Post"),
    "posts": _("Posts"),
    "pseudonym": _("Pseudonym"),
    "questions": _("Questions"),
    "quiz": _("Quiz"),
    "reason": _("Reason"),
    "refused": _("Refused"),
    "reminded": _("Reminded"),
    "reminded_before": _("Reminded before"),
    "required": _("Required"),
    "revision": _("Revision"),
    "role": _("Role"),
    "roles": _("Roles"),
    "scopes": _("Permissions"),
    "search": _("Search"),
    "seconds": _("Seconds more"),
    "seen_by": _("Seen by"),
    "sensitive": _("Sensitive"),
    "shared": _("Shared"),
    "sheet": _("Sheet"),
    "skipped": _("Unchanged"),
    "slot": _("Question"),
    "starts_at": _("From"),
    "starts_on": _("First day"),
    "statistics": _("Statistics of"),
    "terms": _("Terms of office"),
    "title": _("Title"),
    "to": _("New unit"),
    "total_cap": _("Total limit"),
    "transferred": _("Transfers"),
    "unit": _("Unit"),
    "units": _("Units"),
    "up": _("Upwards"),
    "updated": _("Changed"),
    "valid_from": _("Valid from"),
    "value": _("New value"),
    "version": _("Version"),
    "withdrawn": _("Taken back"),
}
NOT_SHOWN = frozenset({"change", "digest", "notice", "stands_in_for", "token", "undo"})
"""Whom a deputy stood in for stands with who acted; the others are numbers of rows and files."""
CHANGES: dict[str, Message] = {
    ChangeKind.MOVE: _("move"),
    ChangeKind.MERGE: _("merger"),
    ChangeKind.CLOSE: _("closing"),
}
FIELDS: dict[str, Message] = {**fields.NAMES, "locale": _("Language"), "unit": _("Unit"), "number": _("Number")}
SCOPES: dict[str, Message] = {"read": _("look at data"), "write": _("change data")}
PERMISSIONS = {str(one): words.name for one, words in PERMISSION_WORDS.items()}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


def beside(entry: AuditEntry) -> list[tuple[str, str]]:
    """What an entry tells besides who, what and when: labels and values, without the numbers that only programs use."""
    return _pairs({name: value for name, value in entry.details.items() if name not in NOT_SHOWN})


def _pairs(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    shown = ((name, _shown(name, value)) for name, value in details.items())
    return [(str(say(LABELS[name])) if name in LABELS else name, value) for name, value in shown if value]


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(say(_("Yes") if value else _("No")))
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, list):
        return series(_shown(name, one) for one in value)
    if isinstance(value, Mapping):
        return _one_language(value) if name == "label" else series(" ".join(pair) for pair in _pairs(value))
    return _worded(name, str(value))


def _worded(name: str, value: str) -> str:
    if name in _WORDS:
        return str(say(_WORDS[name]().get(value, value)))
    if _DAY.fullmatch(value) or _MOMENT.fullmatch(value):
        return _time(value)
    return value


def _time(value: str) -> str:
    try:
        return exactly(datetime.fromisoformat(value)) if "T" in value else day(date.fromisoformat(value))
    except ValueError:
        return value


def _one_language(names: Mapping[str, str]) -> str:
    return names.get(str(get_locale())) or next(iter(names.values()), "")


def _field_names() -> Mapping[str, Message | str]:
    """What the fields of members are called, the organisation's own too; read once a request."""
    if "field_names" not in g:
        language = str(get_locale())
        g.field_names = {**FIELDS, **{one.key: fields.label_of(one, language) for one in fields.everything()}}
    return dict(g.field_names)


_WORDS: dict[str, Callable[[], Mapping[str, Message | str]]] = {
    "role": role_names,
    "permissions": lambda: PERMISSIONS,
    "kind": lambda: {**{str(kind): name for kind, name in KIND_NAMES.items()}, **CHANGES},
    "seen_by": lambda: {str(who): name for who, name in SEEN_BY_NAMES.items()},
    "changed_by": lambda: {str(who): name for who, name in CHANGED_BY_NAMES.items()},
    "field": _field_names,
    "fields": _field_names,
    "scopes": lambda: SCOPES,
}
