"""A search as an address says it: f0, o0, v0 are the first condition, `match` says whether all or any must hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message
from learnhub.organisations.search.criteria import DAYS, OPERATORS, WITHOUT_VALUE, Condition, Criterion, Operator

MOST = 8
"""Conditions of a search."""
LEFT = "left"
"""The parameter that says how many conditions were left out before."""
NAMES = ("match", LEFT, *(f"{part}{place}" for place in range(MOST) for part in "fov"))
"""The parameters of a search."""
_FIELD = re.compile(r"f(0|[1-9][0-9]?)")


@dataclass
class Line:
    """A line of the form: what was chosen so far; a condition once it is whole."""

    criterion: Criterion | None = None
    operator: Operator | None = None
    value: str = ""
    condition: Condition | None = None
    fault: Message | str = ""

    @property
    def operators(self) -> list[tuple[str, Message]]:
        """What can be asked of the field."""
        return [(str(one), OPERATORS[one]) for one in self.criterion.operators] if self.criterion else []

    @property
    def wants_day(self) -> bool:
        """Whether the value is a day."""
        return self.operator in DAYS

    @property
    def wants_value(self) -> bool:
        """Whether there is a value to enter."""
        return self.criterion is not None and self.operator not in WITHOUT_VALUE


@dataclass
class Asked:
    """A search: its lines as the form shows them."""

    any_of: bool = False
    lines: list[Line] = field(default_factory=list)
    left: int = 0
    """Conditions of the address that can't be asked, or not by this person: what is found may not be what was meant."""

    @property
    def conditions(self) -> list[Condition]:
        """The whole conditions; a line that is still to be filled asks for nothing."""
        return [line.condition for line in self.lines if line.condition]

    @property
    def faulty(self) -> bool:
        """Whether something was entered that can't be asked."""
        return any(line.fault for line in self.lines)

    def parameters(self) -> dict[str, str]:
        """The parameters of the address."""
        own = ((one.criterion.key, one.operator, one.value) for one in self.conditions)
        return written(own, self.any_of) | ({LEFT: str(self.left)} if self.left else {})


def written(conditions: Iterable[Iterable[object]], any_of: bool) -> dict[str, str]:
    """Conditions as the parameters of an address."""
    found = {"match": "any"} if any_of else {}
    for place, (key, operator, value) in enumerate(conditions):
        found |= {f"f{place}": str(key), f"o{place}": str(operator)}
        if value:
            found[f"v{place}"] = str(value)
    return found


def kept(conditions: Sequence[Sequence[object]], any_of: bool, known: Sequence[Criterion]) -> dict[str, str]:
    """A search that was kept as the parameters of an address: without what the reader can't ask, and its values."""
    keys = {one.key for one in known}
    own = [one for one in conditions if one[0] in keys]
    left = len(conditions) - len(own)
    return written(own, any_of) | ({LEFT: str(left)} if left else {})


def read(parameters: Mapping[str, str], known: Sequence[Criterion]) -> Asked:
    """The search of an address. `add` adds an empty line, `without` leaves one out."""
    by_key = {one.key: one for one in known}
    left_out = parameters.get("without", "")
    places = [
        int(found[1]) for name, key in parameters.items() if key and (found := _FIELD.fullmatch(name)) is not None
    ]
    asked = [place for place in sorted(places) if str(place) != left_out]
    lines = [_line(parameters, place, by_key) for place in asked if place < MOST]
    lines = [line for line in lines if line.criterion is not None]
    left = len(asked) - len(lines) + _left_before(parameters)
    if ("add" in parameters or not lines) and len(lines) < MOST:
        lines.append(Line())
    return Asked(parameters.get("match") == "any", lines, left)


def _left_before(parameters: Mapping[str, str]) -> int:
    said = parameters.get(LEFT, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 2 else 0


def _line(parameters: Mapping[str, str], place: int, by_key: Mapping[str, Criterion]) -> Line:
    criterion = by_key.get(parameters[f"f{place}"])
    if criterion is None:
        return Line()
    asked = parameters.get(f"o{place}", "")
    operator = next((one for one in criterion.operators if one == asked), criterion.operators[0])
    line = Line(criterion, operator, parameters.get(f"v{place}", ""))
    if line.value.strip() or operator in WITHOUT_VALUE:
        try:
            line.value = criterion.check(operator, line.value)
            line.condition = Condition(criterion, operator, line.value)
        except Refused as refusal:
            line.fault = refusal.message
    return line
