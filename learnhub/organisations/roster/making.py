"""Units that a roster names and that are not there yet are made with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from learnhub.audit.trail import Actor, record
from learnhub.kernel.cells import folded
from learnhub.kernel.ids import new_id
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.organisations.roster.comparing import Judged
from learnhub.organisations.roster.finding import steps


def placed(one: Judged, places: Mapping[int, int]) -> Judged:
    """A row whose units were only planned, with the units that were made."""
    unit_id = places.get(one.unit_id, one.unit_id) if one.unit_id is not None else None
    return replace(one, unit_id=unit_id, more_unit_ids=tuple(places.get(more, more) for more in one.more_unit_ids))


def make_units(to_make: Mapping[str, int], top: Unit, actor: Actor, now: datetime) -> tuple[list[int], dict[int, int]]:
    """Make the units that a file names, below `top`; a path makes each of its steps once.

    Gives the units that were made, the upper ones first, and stand-in id → unit.
    """
    made: list[int] = []
    places: dict[int, int] = {}
    there: dict[tuple[int, str], Unit] = {}
    for text, stand_in in to_make.items():
        parent = top
        path = steps(text)
        if len(path) > 1 and folded(path[0]) == folded(top.name):
            path = path[1:]
        for name in path:
            key = (parent.id, folded(name))
            there[key] = there.get(key) or _child_called(parent, name) or _make_unit(parent, name, actor, now, made)
            parent = there[key]
        places[stand_in] = parent.id
    return made, places


def _child_called(parent: Unit, name: str) -> Unit | None:
    return next(
        (one for one in units.children(parent.id) if one.closed_on is None and folded(one.name) == folded(name)), None
    )


def _make_unit(parent: Unit, name: str, actor: Actor, now: datetime, ids: list[int]) -> Unit:
    made = units.new_unit(f"U{new_id()}", name, now, parent=parent)
    record(actor, "unit.added", "unit", made.id, now, unit_id=made.id, code=made.code, name=made.name)
    ids.append(made.id)
    return made
