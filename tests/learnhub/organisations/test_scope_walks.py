"""Random walks over the tree: every list of people and units against a filter written without closure and scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learnhub.audit.trail import SYSTEM
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations import custom_roles, memberships, units
from learnhub.organisations.models import RoleGrant, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import scope_of
from tests.makers import new_member, new_unit

NOW = datetime.fromisoformat("2026-11-22T02:00:00+00:00")
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
CUSTOM = "auditor"
MAY = {
    "instructor": {"learn", "author"},
    "secretary": {"learn", "see_members", "manage_members"},
    "administrator": {"learn", "author", "see_members", "manage_members", "correct_points", "administer"},
    CUSTOM: {"see_members"},
}
"""What each role may do, written down a second time: the custom role is made by the walk."""


@dataclass
class Grant:
    """A role as the brute force sees it: days count from today."""

    who: int
    role: str
    unit: int
    first: int
    last: int
    of: Grant | None = None

    def holds(self, day: int) -> bool:
        return self.first <= day < self.last and (self.of is None or self.of.holds(day))


@dataclass
class Walk:
    """A tree (the parent of each unit but the first), people with where they belong by day, and their roles."""

    parents: list[int]
    belongs: list[tuple[int, int, int, int]] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)

    def is_below(self, unit: int, above: int) -> bool:
        while unit != above and unit != 0:
            unit = self.parents[unit - 1]
        return unit == above

    def units(self, who: int, permission: str, day: int) -> set[int]:
        roots = [one.unit for one in self.grants if one.who == who and one.holds(day) and permission in MAY[one.role]]
        return {unit for unit in range(len(self.parents) + 1) if any(self.is_below(unit, root) for root in roots)}

    def people(self, units: set[int], day: int) -> set[int]:
        return {who for who, unit, first, last in self.belongs if unit in units and first <= day < last}


PEOPLE = 5


@st.composite
def walks(draw: Any) -> tuple[Walk, list[tuple[int, int]]]:
    """A small world of up to seven units, and moves of units that make no circle."""
    count = draw(st.integers(2, 6))
    walk = Walk([draw(st.integers(0, n)) for n in range(count)])
    unit, day = st.integers(0, count), st.integers(-3, 3)
    for who in range(PEOPLE):
        here, then, change = draw(unit), draw(unit), draw(day)
        walk.belongs += [(who, here, -9, change), (who, then, change, 99)]
    for who, role, where, first, days in draw(
        st.lists(st.tuples(st.integers(0, 2), st.sampled_from(sorted(MAY)), unit, day, st.integers(1, 4)), max_size=6)
    ):
        walk.grants.append(Grant(who, role, where, first, first + days))
    own = list(walk.grants)
    if own:
        for at, who, first, days in draw(
            st.lists(st.tuples(st.integers(0, len(own) - 1), st.integers(0, 2), day, st.integers(1, 4)), max_size=4)
        ):
            walk.grants.append(Grant(who, own[at].role, own[at].unit, first, first + days, own[at]))
    moves = draw(st.lists(st.tuples(st.integers(1, count), unit), max_size=3))
    return walk, moves


@dataclass
class Made:
    """The walk in the database."""

    units: list[Unit]
    people: list[Member]


def build(walk: Walk) -> Made:
    made_units = [new_unit("U0")]
    for n, parent in enumerate(walk.parents, 1):
        made_units.append(new_unit(f"U{n}", made_units[parent]))
    people = [new_member(number=f"P{n}", name=f"person-{n}-") for n in range(PEOPLE)]
    for who, unit, first, last in walk.belongs:
        memberships.join_unit(people[who], made_units[unit], TODAY + first * DAY, ends_on=TODAY + last * DAY)
    custom_roles.make(SYSTEM, CUSTOM, CUSTOM, {Permission.SEE_MEMBERS}, NOW)
    ids: dict[int, int] = {}
    for one in walk.grants:
        row = RoleGrant(
            id=new_id(),
            member_id=people[one.who].id,
            role=one.role,
            unit_id=made_units[one.unit].id,
            starts_at=NOW + one.first * DAY,
            ends_at=NOW + one.last * DAY,
            delegated_from=ids[id(one.of)] if one.of else None,
        )
        ids[id(one)] = row.id
        db.session.add(row)
        db.session.flush()
    return Made(made_units, people)


def move(walk: Walk, made: Made, moves: list[tuple[int, int]]) -> None:
    for unit, parent in moves:
        if not walk.is_below(parent, unit):
            units.move(made.units[unit], made.units[parent])
            walk.parents[unit - 1] = parent


def few(examples: int) -> Any:
    """So many worlds, each on a database that the last one has left empty again."""
    return settings(max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@few(60)
@given(drawn=walks(), day=st.integers(-3, 3))
def test_m08_scope_agrees_with_brute_force_after_every_move(app: Flask, drawn: Any, day: int) -> None:
    walk, moves = drawn
    made = build(walk)
    move(walk, made, moves)
    for who, person in enumerate(made.people):
        scope = scope_of(person.id, NOW + day * DAY)
        for permission in set(Permission) - {Permission.LEARN}:
            wanted = walk.units(who, permission, day)
            assert {unit.code for unit in scope.units(permission)} == {f"U{n}" for n in wanted}
            reached = set(db.session.scalars(scope.member_ids(permission)))
            assert reached == {made.people[n].id for n in walk.people(wanted, day)}
            assert scope.has(permission) == bool(wanted)
    db.session.rollback()
