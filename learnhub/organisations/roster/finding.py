"""Which unit a cell of a roster means: by code, by name, or by a path of names from above."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select

from learnhub.kernel.cells import folded
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit

_BETWEEN = re.compile(r"\s*[/\\>＞／＼→]\s*")
_DASHES = re.compile(r"\s*[-－—–]\s*")
SEVERAL = re.compile(r"\s*[|｜]\s*")
"""Between the units of a member who belongs to more than one."""


class UnitFinder:
    """The units of a reach, found by what people write."""

    def __init__(self, reach: Collection[int]) -> None:
        """Read the tree once, by one statement; only units of the reach are found."""
        rows = db.session.execute(select(Unit.id, Unit.code, Unit.name, Unit.parent_id, Unit.closed_on)).all()
        self.reach = reach
        self.parents: dict[int, int | None] = {row.id: row.parent_id for row in rows}
        self.names: dict[int, str] = {row.id: folded(row.name) for row in rows}
        self.shown: dict[int, str] = {row.id: row.name for row in rows}
        closed = [row for row in rows if row.id in reach and row.closed_on is not None]
        self.closed = {folded(called) for row in closed for called in (row.code, row.name)}
        mine = [row for row in rows if row.id in reach and row.closed_on is None]
        self.by_code: dict[str, int] = {folded(row.code): row.id for row in mine}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for row in mine:
            self.by_name[folded(row.name)].append(row.id)
        self._known: dict[str, int | Refused] = {}

    def find(self, text: str) -> int:
        """The unit that a cell means. Refused when none of the reach fits, or more than one."""
        if text not in self._known:
            try:
                self._known[text] = self._find(text)
            except Refused as refusal:
                self._known[text] = refusal
        found = self._known[text]
        if isinstance(found, Refused):
            raise found
        return found

    def _find(self, text: str) -> int:
        whole = folded(text)
        if whole in self.by_code:
            return self.by_code[whole]
        for names in _readings(text):
            found = [one for one in self.by_name.get(names[-1], []) if self._stands_below(one, names[:-1])]
            if len(found) == 1:
                return found[0]
            if found:
                raise Refused(
                    _("%(n)s units are called “%(name)s”. Write the path or the code.", n=len(found), name=text)
                )
        if whole in self.closed:
            raise Refused(_("The unit “%(name)s” is closed.", name=text))
        raise Refused(_("There is no unit “%(name)s” in your reach.", name=text))

    def _stands_below(self, unit_id: int, names: Sequence[str]) -> bool:
        """Whether these names stand above a unit in this order; others may stand between."""
        left = list(names)
        above = self.parents[unit_id]
        while left and above is not None:
            if self.names[above] == left[-1]:
                left.pop()
            above = self.parents[above]
        return not left

    def path_of(self, unit_id: int) -> str:
        """A unit's name with those above it, for a person to read."""
        names = []
        one: int | None = unit_id
        while one is not None:
            names.append(self.shown[one])
            one = self.parents[one]
        return " \u203a ".join(reversed(names))


def steps(text: str) -> list[str]:
    """The names of a path from the top: at `/`, `\\` and `>`, and where there is none of them, at dashes."""
    parts = [part for part in _BETWEEN.split(text) if part]
    if len(parts) == 1:
        parts = [part for part in _DASHES.split(text) if part]
    return parts


def _readings(text: str) -> Iterator[list[str]]:
    """A cell as one name, then as a path; a path by `/` whose parts hold dashes keeps them."""
    yield [folded(text)]
    parts = [folded(part) for part in steps(text)]
    if len(parts) > 1:
        yield parts
