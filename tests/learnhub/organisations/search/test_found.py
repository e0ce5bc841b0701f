"""The search against brute force: over a small tree it finds exactly who meets the conditions, and nobody foreign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from learnhub.identity.models import Member, MemberState, SignInSession
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations.at_day import today
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.profile.models import MemberField, MemberValue, SeenBy
from learnhub.organisations.scope import scope_of
from learnhub.organisations.search import criteria, found
from learnhub.organisations.search.criteria import Condition, Criterion, Operator
from tests.makers import new_member, new_staff, small_tree

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WORDS = ("王", "Ann", "an_", "100%", "x")
DAYS = ("2026-01-01", "2026-01-02", "2026-11-20")
BELOW = {"HQ": ("HQ", "B1", "B1a", "B2"), "B1": ("B1", "B1a"), "B1a": ("B1a",), "B2": ("B2",)}


@dataclass
class Person:
    """What brute force looks at."""

    member: Member
    unit: Unit
    membership: Membership
    school: str = ""
    seen: date | None = None
    roles: set[str] = field(default_factory=set)


TEXTS: dict[str, Callable[[Person], str]] = {
    "name": lambda row: row.member.name,
    "number": lambda row: row.member.number,
    "post": lambda row: row.membership.post,
    "phone": lambda row: row.member.phone or "",
    "email": lambda row: row.member.email or "",
    "state": lambda row: row.member.state,
    "field-school": lambda row: row.school,
}


@pytest.fixture
def people(app: Flask) -> tuple[int, list[Person]]:
    """A secretary of B1, and members all over the tree who differ in everything that can be asked."""
    tree = small_tree()
    school = MemberField(key="school", label={"en": "School"})
    db.session.add(school)
    db.session.flush()
    made = [person(n, tree[("HQ", "B1", "B1a", "B2")[n % 4]], school) for n in range(36)]
    secretary = new_staff(Role.SECRETARY, tree["B1"], name="Sec")
    own = db.session.scalars(select(Membership).where(Membership.member_id == secretary.id)).one()
    made.append(Person(secretary, tree["B1"], own, roles={"secretary"}))
    db.session.commit()
    return secretary.id, made


def person(n: int, unit: Unit, school: MemberField) -> Person:
    member = new_member(name=f"{WORDS[n % 5]}{n % 3}", phone=f"1390{n % 2}" if n % 3 else None)
    member.email = f"{WORDS[n % 2].lower()}@example.org" if n % 4 else None
    member.state = MemberState.RETIRED if n % 5 == 0 else MemberState.ACTIVE
    since, post = date.fromisoformat(DAYS[n % 3]), WORDS[n % 5] * (n % 2)
    membership = Membership(member_id=member.id, unit_id=unit.id, starts_on=since, post=post)
    db.session.add(membership)
    seen = date(2026, 11, 19) + timedelta(days=n % 3) if n % 2 else None
    if seen:
        at = datetime(seen.year, seen.month, seen.day, 4, tzinfo=UTC)
        db.session.add(SignInSession(key_digest=str(n), member_id=member.id, started_at=at, last_seen_at=at))
    value = WORDS[n % 4] if n % 3 == 1 else ""
    if value:
        db.session.add(MemberValue(member_id=member.id, field_id=school.id, text=value, changed_at=NOW))
    return Person(member, unit, membership, value, seen)


def holds(row: Person, key: str, operator: Operator, value: str) -> bool:
    """The condition, said again in Python."""
    if key == "unit":
        return row.unit.code == value if operator is Operator.IS else row.unit.code in BELOW.get(value, ())
    if key == "joined":
        return (row.membership.starts_on < date.fromisoformat(value)) == (operator is Operator.BEFORE)
    if key == "role":
        return (value in row.roles) == (operator is Operator.IS)
    if key == "seen":
        since = bool(value and row.seen and row.seen >= date.fromisoformat(value))
        return row.seen is None if operator is Operator.NEVER else since == (operator is Operator.SINCE)
    text = TEXTS[key](row).lower()
    return {
        Operator.CONTAINS: value.lower() in text,
        Operator.BEGINS: text.startswith(value.lower()),
        Operator.IS: text == value.lower(),
        Operator.IS_NOT: text != value.lower(),
        Operator.MISSING: not text,
        Operator.PRESENT: bool(text),
    }[operator]


def values_for(criterion: Criterion, operator: Operator) -> Any:
    if operator in criteria.WITHOUT_VALUE:
        return st.just("")
    if operator in criteria.DAYS:
        return st.sampled_from([*DAYS, "2026-11-21"])
    if criterion.choices:
        return st.sampled_from([value for value, _label in criterion.choices])
    return st.sampled_from([*BELOW, "none"] if criterion.key == "unit" else [*WORDS, "%", "_", "0", "M0"])


@st.composite
def asked(draw: Any, known: list[Criterion]) -> list[Condition]:
    conditions = []
    for _n in range(draw(st.integers(0, 3))):
        criterion = draw(st.sampled_from(known))
        operator = draw(st.sampled_from(criterion.operators))
        conditions.append(Condition(criterion, operator, draw(values_for(criterion, operator))))
    return conditions


def test_it_finds_exactly_who_meets_the_conditions_in_reach(people: tuple[int, list[Person]]) -> None:
    secretary_id, everybody = people
    scope = scope_of(secretary_id, NOW)
    known = [*criteria.BUILT_IN, *criteria.configured("en", administrator=False)]
    units = {row.unit.code: row.unit for row in everybody}

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked(known), st.booleans(), st.sampled_from(sorted(BELOW)))
    def compare(conditions: list[Condition], any_of: bool, code: str) -> None:
        query = found.members(scope, units[code], conditions, any_of, today(NOW))
        meets = any if any_of and conditions else all
        expected = {
            row.member.id
            for row in everybody
            if row.unit.code in BELOW[code]
            and row.unit.code in BELOW["B1"]
            and meets(holds(row, one.criterion.key, one.operator, one.value) for one in conditions)
        }
        rows = list(found.stream(found.ordered(query, "number", False, today(NOW))))
        assert {row.Member.id for row in rows} == expected
        assert found.count(query) == len(rows)

    compare()


@pytest.mark.sqlite_only
def test_what_can_t_be_asked_names_its_field(app: Flask) -> None:
    by_key = {one.key: one for one in criteria.BUILT_IN}
    for key, operator, value in (
        ("joined", Operator.BEFORE, "soon"),
        ("name", Operator.BEFORE, "2026-01-01"),
        ("name", Operator.CONTAINS, "  "),
        ("role", Operator.IS, "king"),
    ):
        with pytest.raises(Refused) as refused:
            by_key[key].check(operator, value)
        assert str(by_key[key].label) in str(refused.value)


@pytest.mark.sqlite_only
def test_sealed_fields_and_those_above_one_s_rank_can_t_be_asked(app: Flask) -> None:
    db.session.add_all(
        [
            MemberField(key="card", label={"en": "Card"}, sensitive=True),
            MemberField(key="note", label={"en": "Note"}, seen_by=SeenBy.ADMINISTRATOR),
            MemberField(key="old", label={"en": "Old"}, retired_at=NOW),
            MemberField(key="school", label={"en": "School"}),
        ]
    )
    db.session.flush()
    assert [one.key for one in criteria.configured("en", administrator=False)] == ["field-school"]
    assert {one.key for one in criteria.configured("en", administrator=True)} == {"field-note", "field-school"}
