"""Questions of a JSON bank read as somebody told what the fields of its lists hold (see `told_lists`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.json_banks.broken import BROKEN
from question_bank.formats.json_banks.context import heading_between
from question_bank.formats.json_banks.told_fields import fields_of, items_in
from question_bank.formats.json_banks.told_lists import DEEPEST, below, steps_in
from question_bank.formats.json_banks.told_questions import ToldQuestion
from question_bank.formats.reading import Changes, reason_of

ROLES_WITHIN = ("options", "wrong", "flag", "label", "answer", "blank", "stem", "explanation", "hint", "tags")
"""What a field of a list within a question can be told to hold: `flag` whether an option is right, `label` the name by
which answers call it."""
ASKS = {"stem", "material"}
"""One of these makes an object a question; without them only what stands inside of it is read."""
HOLDS = "\0holds"
"""Under this key of an object stands that questions were told inside of it, so that it is none: no file has it."""
_PARTS = "questions"


def as_told(found: Any, changes: Changes) -> Any:
    """The data of a file, the questions of lists of which somebody told in the flat form, all else as it is."""
    return _Telling(changes).data(found, "", 0) if changes.fields else found


class _Telling:
    """The walk through the data of a file, by the names of its lists."""

    def __init__(self, changes: Changes) -> None:
        self.fields, self.kinds = changes.fields, changes.kinds
        self.asking = {name for name, roles in changes.fields.items() if ASKS & set(roles.values())}

    def data(self, found: Any, name: str, depth: int) -> Any:
        """What stands under a name, with its questions as told."""
        if depth > DEEPEST:
            return found
        if items_in(found) is None:
            return self._inside(found, name, depth)
        if isinstance(found, dict):
            return {key: self._item(one, name, depth) for key, one in found.items()}
        return [self._item(one, name, depth) for one in found]

    def _inside(self, found: Any, name: str, depth: int) -> Any:
        if not isinstance(found, dict):
            return found
        steps = steps_in(found)
        inside = {key: self.data(value, below(name, steps[key]), depth + 1) for key, value in found.items()}
        return {**inside, HOLDS: True} if self._asks_below(name) else inside

    def _item(self, item: Any, name: str, depth: int) -> Any:
        """An object of a list in the flat form, if it was told to be a question; else with what stands inside as
        told."""
        if isinstance(item, list) and any(isinstance(one, dict) for one in item):
            return self.data(item, name, depth + 1)
        roles = self.fields.get(name)
        if roles is None or not isinstance(item, dict | list) or (isinstance(item, dict) and BROKEN in item):
            return self._inside(item, name, depth)
        told = ToldQuestion(_by_role(item, roles), self.kinds.get(name, {}))
        if name in self.asking:
            return self._question(item, told, name, depth)
        inside = self._inside(item, name, depth)
        if not isinstance(inside, dict):
            return inside
        lists = {key: value for key, value in inside.items() if isinstance(value, dict | list)}
        return {**inside, **told.beside(), **lists, HOLDS: True}

    def _question(self, item: Any, told: ToldQuestion, name: str, depth: int) -> Any:
        parts = list(self._parts(item, name, depth))
        if not parts and not ASKS & set(told.values):
            nameless = Refused(_("The object says that it is a question, but its text was not found."))
            return item if heading_between(item) else {BROKEN: nameless.message}
        try:
            question = told.flat()
        except Refused as error:
            return {BROKEN: reason_of(error)}
        if parts:
            material = question.pop("material", "") or question.pop("question", "")
            return {**question, "material": material, _PARTS: parts}
        return question

    def _parts(self, item: Any, name: str, depth: int) -> Iterator[Any]:
        """The questions told inside of one, wherever in it they stand."""
        if depth > DEEPEST or not self._asks_below(name) or not isinstance(item, dict):
            return
        steps = steps_in(item)
        for key, value in item.items():
            step, items = below(name, steps[key]), items_in(value)
            if items is None:
                yield from self._parts(value, step, depth + 1)
            elif step in self.asking:
                found = self.data(value, step, depth + 1)
                yield from found.values() if isinstance(found, dict) else found
            else:
                for one in items:
                    yield from self._parts(one, step, depth + 1)

    def _asks_below(self, name: str) -> bool:
        """Whether a list under this name was told to hold questions."""
        return any(one.startswith(f"{name}/" if name else "") and one != name for one in self.asking)


def _by_role(item: Any, roles: Mapping[str, str]) -> dict[str, list[Any]]:
    """By their role, what the fields of an object hold, in its order."""
    found: dict[str, list[Any]] = {}
    for field, value in fields_of(item):
        if role := roles.get(field):
            found.setdefault(role, []).append(value)
    return found
