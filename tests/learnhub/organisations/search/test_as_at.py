"""Lists and searches as at a day, against a look at every day of a random history of tree, people and values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learnhub.identity import states
from learnhub.identity.models import Member, MemberState
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.organisations import belonging, memberships
from learnhub.organisations.at_day import as_at
from learnhub.organisations.belonging import Belonging
from learnhub.organisations.models import Unit, UnitPlacement
from learnhub.organisations.permissions import Role
from learnhub.organisations.profile import records
from learnhub.organisations.profile.models import MemberField
from learnhub.organisations.scope import scope_of
from learnhub.organisations.search import criteria, found
from learnhub.organisations.search.criteria import Condition, Criterion, Operator
from tests.makers import new_member, new_staff, new_unit

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
DAYS = 8
"""A history has so many days, today the last."""
WORDS = ("王小明", "李四", "Ann", "139", "")
KEYS = ("name", "phone", "field-school")


@dataclass
class History:
    """What was so on which days; a list has a value for each day."""

    parents: list[list[int]]
    """Of each unit but the first the one above it, day by day."""
    belongs: list[list[int]]
    values: list[dict[str, list[str]]]
    states: list[list[str]] = field(default_factory=list)

    def below(self, unit: int, day: int) -> set[int]:
        inside = {unit}
        for one, above in enumerate((parents[day] for parents in self.parents), 1):
            inside |= {one} if above in inside else set()
        return inside


def by_day(draw: Any, values: Any) -> list[Any]:
    """A value for each day; it changes at most twice."""
    first, second, third = draw(values), draw(values), draw(values)
    one, two = sorted((draw(st.integers(0, DAYS)), draw(st.integers(0, DAYS))))
    return [first if day < one else second if day < two else third for day in range(DAYS)]


@st.composite
def histories(draw: Any) -> History:
    """Up to six units, each below one with a smaller number, and four people."""
    count = draw(st.integers(1, 5))
    people = range(4)
    return History(
        [by_day(draw, st.integers(0, n)) for n in range(count)],
        [by_day(draw, st.integers(0, count)) for _one in people],
        [
            {key: by_day(draw, st.sampled_from(WORDS if key != "name" else WORDS[:4])) for key in KEYS}
            for _one in people
        ],
        [by_day(draw, st.sampled_from(["active", "retired"])) for _one in people],
    )


def day_of(at: int) -> date:
    return local_date(NOW, house.zone) - timedelta(days=DAYS - 1 - at)


def changes(values: list[Any]) -> list[tuple[int, Any]]:
    """The days on which something became another."""
    return [(day, values[day]) for day in range(1, DAYS) if values[day] != values[day - 1]]


def build(history: History) -> tuple[list[Unit], list[Member]]:
    units = [new_unit("U0")]
    for n, parents in enumerate(history.parents, 1):
        units.append(new_unit(f"U{n}", units[parents[-1]]))
        for day, _parent in changes(parents):
            was = units[parents[day - 1]]
            db.session.add(UnitPlacement(unit_id=units[n].id, parent_id=was.id, ends_on=day_of(day)))
    school = MemberField(key="school", label={"en": "School"})
    db.session.add(school)
    db.session.flush()
    fields = {one.key: one for one in db.session.query(MemberField)}
    people = []
    for n, values in enumerate(history.values):
        member = new_member(number=f"P{n}", name=values["name"][0], phone=values["phone"][0] or None)
        people.append(member)
        here = history.belongs[n]
        starts = [0, *(day for day, _unit in changes(here)), DAYS]
        for start, end in pairwise(starts):
            ends_on = day_of(end) if end < DAYS else None
            memberships.join_unit(member, units[here[start]], day_of(start), ends_on=ends_on)
        records.write(member, fields["school"], values["field-school"][0] or None, moment(0), made_by=None, source="t")
        for key in KEYS:
            for day, value in changes(values[key]):
                own = fields[key.removeprefix("field-")]
                records.write(member, own, value or None, moment(day), made_by=None, source="t")
        for day, state in [(0, history.states[n][0]), *changes(history.states[n])]:
            states.change(member, MemberState(state), day_of(day), "", None, moment(day))
    return units, people


def moment(day: int) -> datetime:
    """Late in the morning of a day of the history."""
    return NOW - timedelta(days=DAYS - 1 - day)


def meets(history: History, who: int, day: int, asked: Condition) -> bool:
    """A condition, said again in Python."""
    if asked.criterion.key == "state":
        return (history.states[who][day] == asked.value) == (asked.operator is Operator.IS)
    if asked.criterion.key == "unit":
        return history.belongs[who][day] in history.below(int(asked.value[1:]), day)
    held, value = history.values[who][asked.criterion.key][day].lower(), asked.value.lower()
    return {
        Operator.CONTAINS: value in held,
        Operator.BEGINS: held.startswith(value),
        Operator.IS: held == value,
        Operator.MISSING: not held,
        Operator.PRESENT: bool(held),
    }[asked.operator]


@st.composite
def asked(draw: Any, known: dict[str, Criterion], units: int) -> Condition:
    criterion = known[draw(st.sampled_from([*KEYS, "state", "unit"]))]
    if criterion.key == "state":
        return Condition(criterion, draw(st.sampled_from([Operator.IS, Operator.IS_NOT])), "retired")
    if criterion.key == "unit":
        return Condition(criterion, Operator.BELOW, f"U{draw(st.integers(0, units - 1))}")
    operators = [one for one in criterion.operators if one in (*criteria.TEXT, *criteria.KNOWN)]
    operator = draw(st.sampled_from(operators))
    value = (
        "" if operator in criteria.WITHOUT_VALUE else draw(st.sampled_from(["王", "小明", "王小明", "ann", "39", "9"]))
    )
    return Condition(criterion, operator, value)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), data=st.data())
def test_who_is_found_as_at_a_day_is_who_a_look_at_that_day_finds(app: Flask, history: History, data: Any) -> None:
    db.session.rollback()
    units, people = build(history)
    known = {one.key: one for one in [*criteria.BUILT_IN, *criteria.configured("en", administrator=True)]}
    asker = new_staff(Role.SECRETARY, units[0], number="asker", name="Asker")
    scope, ids = scope_of(asker.id, NOW), {member.id: n for n, member in enumerate(people)}
    for day in range(DAYS):
        at = as_at(day_of(day), NOW)
        unit = data.draw(st.integers(0, len(units) - 1))
        there = {n for n in range(len(people)) if history.belongs[n][day] in history.below(unit, day)}
        one = data.draw(asked(known, len(units)))
        rows = list(found.stream(found.ordered(found.members(scope, units[unit], [one], False, at), "name", False, at)))
        seen = {ids[row.Member.id]: (row.name, row.phone or "", row.state) for row in rows if row.Member.id in ids}
        wanted = {n for n in there if meets(history, n, day, one)}
        values = history.values
        assert seen == {n: (values[n]["name"][day], values[n]["phone"][day], history.states[n][day]) for n in wanted}
        for search in ("", "小明", "39", "Ann", "p1"):
            listed = Belonging(units[unit], search, at, by_phone=True).rows("name", 0, 50)
            right = {n for n in there if any(search.lower() in text.lower() for text in texts(history, n, day))}
            assert {ids[row.Member.id] for row in listed if row.Member.id in ids} == right, search
            assert [row.name for row in listed] == sorted(row.name for row in listed) or not _by_code_point()
    db.session.rollback()


def texts(history: History, who: int, day: int) -> tuple[str, ...]:
    return history.values[who]["name"][day], history.values[who]["phone"][day], f"P{who}"


def _by_code_point() -> bool:
    return db.engine.dialect.name == "sqlite"


@pytest.fixture
def moved(app: Flask) -> tuple[list[Unit], list[Member]]:
    """U1 hung below U0 until day 4 and hangs below U2 since; P0 was in U1 on the first five days."""
    two = ["x"] * DAYS
    history = History(
        [[0] * DAYS, [0] * DAYS, [1] * 4 + [2] * 4],
        [[3] * 5 + [2] * 3],
        [{"name": ["Old name"] * 6 + ["New name"] * 2, "phone": ["139"] * 6 + ["137"] * 2, "field-school": two}],
        [["active"] * DAYS],
    )
    made = build(history)
    db.session.commit()
    return made


def test_a_long_list_of_the_past_is_read_in_the_order_of_numbers(
    moved: tuple[list[Unit], list[Member]], monkeypatch: pytest.MonkeyPatch
) -> None:
    units, _people = moved
    monkeypatch.setattr(belonging, "MOST", 0)
    at = as_at(day_of(2), NOW)
    listed = Belonging(units[1], "", at, by_phone=True)
    assert listed.long
    assert belonging.walked_orders(at) == ("number",)
    assert [(row.name, row.Unit.code) for row in listed.rows("number", 0, 9)] == [("Old name", "U3")]
    assert Belonging(units[2], "", at, by_phone=True).total == 0


def test_the_reach_is_todays_and_what_is_told_is_of_the_day(moved: tuple[list[Unit], list[Member]]) -> None:
    units, _people = moved
    staff = new_staff(Role.SECRETARY, units[1], number="staff", name="Staff")
    scope = scope_of(staff.id, NOW)
    then = as_at(day_of(2), NOW)
    rows = list(db.session.execute(found.members(scope, units[1], [], False, then)))
    assert {("Old name", "139")} <= {(row.name, row.phone) for row in rows}
    assert not list(db.session.execute(found.members(scope, units[2], [], False, then))), "U2 is not in reach"


def test_a_day_to_come_is_refused(app: Flask) -> None:
    with pytest.raises(Refused):
        as_at(local_date(NOW, house.zone) + timedelta(days=1), NOW)
    assert not as_at(local_date(NOW, house.zone), NOW).past
