"""Questions of a JSON bank read as somebody told what the fields of its lists hold (see `told_lists`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.json_banks.broken import BROKEN
from question_bank.formats.json_banks.dialect_items import Item
from question_bank.formats.json_banks.json_fields import texts_of
from question_bank.formats.json_banks.told_lists import DEEPEST, below, fields_of, items_in
from question_bank.formats.reading import Changes

ROLES_WITHIN = ("options", "flag", "label", "answer", "blank", "hint", "tags")
"""What a field of a list within a question can be told to hold: `flag` whether an option is right, `label` the name by
which answers call it."""
_ASKS = {"stem", "material"}
"""One of these makes an object a question; without them only what stands inside of it is read."""
_PARTS = "questions"
_AS_THEY_ARE = {"explanation": "explanation", "hint": "hint", "tags": "tags", "difficulty": "difficulty"}
_AS_TEXTS = {"category": "category", "subject": "subject", "mark": "score"}
_YES = {"1", "true", "yes", "y", "t", "是", "对", "正确", "√"}


def as_told(found: Any, changes: Changes) -> Any:
    """The data of a file, the questions of lists of which somebody told in the flat form, all else as it is."""
    return _as_told(found, changes, "", 0) if changes.fields else found


def _as_told(found: Any, changes: Changes, name: str, depth: int) -> Any:
    if depth > DEEPEST:
        return found
    if items_in(found) is None:
        return _inside(found, changes, name, depth)
    if isinstance(found, dict):
        return {key: _told(one, changes, name, depth) for key, one in found.items()}
    return [_told(one, changes, name, depth) for one in found]


def _inside(found: Any, changes: Changes, name: str, depth: int) -> Any:
    if not isinstance(found, dict):
        return found
    return {key: _as_told(value, changes, below(name, str(key)), depth + 1) for key, value in found.items()}


def _told(item: Any, changes: Changes, name: str, depth: int) -> Any:
    """An object of a list in the flat form, if it was told to be a question; else with what stands inside as told."""
    if isinstance(item, list) and any(isinstance(one, dict) for one in item):
        return _as_told(item, changes, name, depth + 1)
    roles = changes.fields.get(name)
    inside = _inside(item, changes, name, depth)
    if roles is None or not isinstance(item, dict | list) or (isinstance(item, dict) and BROKEN in item):
        return inside
    told = _Told(_by_role(item, roles), changes.kinds.get(name, {}))
    if not _ASKS & set(roles.values()):
        return {**inside, **told.beside()} if isinstance(inside, dict) else inside
    question = told.flat()
    below_it = [key for key in changes.fields if key.startswith(f"{name}/" if name else "")]
    parts = [inside[key] for key in inside if below(name, str(key)) in below_it] if isinstance(inside, dict) else []
    if parts and parts[0]:
        material = question.pop("material", "") or question.pop("question", "")
        return {**question, "material": material, _PARTS: parts[0]}
    return question


def _by_role(item: Any, roles: Mapping[str, str]) -> dict[str, list[Any]]:
    """By their role, what the fields of an object hold, in its order."""
    found: dict[str, list[Any]] = {}
    for field, value in fields_of(item):
        if role := roles.get(field):
            found.setdefault(role, []).append(value)
    return found


@dataclass(frozen=True)
class _Told:
    """What an object holds by role, and what its codes of kinds mean."""

    values: Mapping[str, list[Any]]
    kinds: Mapping[str, str]

    def flat(self) -> Item:
        """The object under the names of the flat form, without what it does not have."""
        found: Item = {}
        for role, name in (("material", "material"), ("stem", "question")):
            if role in self.values:
                found[name] = "\n".join(filter(None, map(texts_of, self.values[role])))
        options = self._options()
        if options:
            found["options"] = options
        answer = self._answer()
        if answer is not None or not (options or "blank" in self.values):
            found["answer"] = "" if answer is None else answer
        blanks = [
            one for value in self.values.get("blank", ()) for one in (value if isinstance(value, list) else [value])
        ]
        found |= {f"blank{n}": one for n, one in enumerate(blanks, 1)}
        return {**found, **self.beside()}

    def beside(self) -> Item:
        """What the object says beside a question, which holds for those inside of it, too."""
        found: Item = {}
        if kind := text_of_cell(self._first("kind")):
            found["type"] = self.kinds.get(kind) or kind
        found |= {name: self._first(role) for role, name in _AS_THEY_ARE.items() if self._first(role)}
        for role, name in _AS_TEXTS.items():
            if text := "/".join(filter(None, map(texts_of, self.values.get(role, ())))):
                found[name] = text
        return found

    def _first(self, role: str) -> Any:
        """What the first field of a role holds that holds anything."""
        return next((one for one in self.values.get(role, ()) if one not in (None, "", [], {})), None)

    def _options(self) -> Any:
        lettered = {role[-1]: values[0] for role, values in sorted(self.values.items()) if role.startswith("option:")}
        if lettered:
            return {letter: text for letter, text in lettered.items() if text not in (None, "")}
        values = self.values.get("options", [])
        found = [one for one in values if one not in (None, "")] if len(values) > 1 else self._first("options")
        flags = self._first("flag")
        if isinstance(found, list) and isinstance(flags, list) and len(flags) == len(found):
            return [{"text": text, "correct": _says_yes(flag)} for text, flag in zip(found, flags, strict=True)]
        return found

    def _answer(self) -> Any:
        for first in (0, 1):
            if (counted := self._first(f"answer:{first}")) is not None:
                return _letters(counted, first)
        answer, labels = self._first("answer"), self._first("label")
        if isinstance(labels, list) and answer is not None:
            named = [text_of_cell(one) for one in labels]
            said = _listed(answer)
            if said and all(one in named for one in said):
                return ",".join(chr(65 + named.index(one)) for one in said)
        return answer


def _says_yes(flag: Any) -> bool:
    return text_of_cell(flag).casefold() in _YES


def _listed(answer: Any) -> list[str]:
    """The parts of an answer: those of a list, or of a text with commas."""
    if isinstance(answer, list):
        return [text_of_cell(one) for one in answer]
    return [one for one in re.split(r"[,;|，；、\s]+", text_of_cell(answer)) if one]


def _letters(counted: Any, first: int) -> Any:
    """Numbers that count the options, as letters; anything else as it is."""
    said = _listed(counted)
    if not all(one.isascii() and one.isdigit() and 0 <= int(one) - first < 26 for one in said):
        return counted
    return ",".join(chr(65 + int(one) - first) for one in said)
