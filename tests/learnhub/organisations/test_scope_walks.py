"""Random walks over the tree: every list of people and units against a filter written without closure and scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM
from learnhub.identity import sessions
from learnhub.identity.models import Member
from learnhub.identity.tokens import make as make_token
from learnhub.kernel.clock import local_date, utcnow
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations import custom_roles, memberships, units
from learnhub.organisations.models import RoleGrant, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import scope_of
from tests.makers import new_member, new_unit

NOW = utcnow()


@pytest.fixture(autouse=True, scope="module")
def _the_same_day() -> Iterator[None]:
    """The pages are asked at the moment from which the walks count, though midnight passes meanwhile."""
    with time_machine.travel(NOW, tick=True):
        yield


"""Pages are asked by the real clock; the days of a walk count from it."""
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
    """A tree (the parent of each unit but the first), people with where they belong on which days, and their roles."""

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
    today = local_date(NOW, house.zone)
    made_units = [new_unit("U0")]
    for n, parent in enumerate(walk.parents, 1):
        made_units.append(new_unit(f"U{n}", made_units[parent]))
    people = [new_member(number=f"P{n}", name=f"person-{n}-") for n in range(PEOPLE)]
    for who, unit, first, last in walk.belongs:
        memberships.join_unit(people[who], made_units[unit], today + first * DAY, ends_on=today + last * DAY)
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


def tell_about(made: Made) -> None:
    """An act, an import and a notice on every unit, so that trails and receipts have something to hide."""
    for n, unit in enumerate(made.units):
        kept = {"at": NOW, "actor_name": f"actor-{n}-", "action": "unit.changed", "object_kind": "unit"}
        db.session.add(AuditEntry(**kept, object_id=str(unit.id), unit_id=unit.id, details={}))
        ids = [member.id for member in made.people]
        outbox.send(ids, source=f"walk:{n}", kind=Kind.MESSAGE, title="t", text="t", now=NOW, unit_id=unit.id)


def named(pattern: str, text: str) -> set[int]:
    return {int(found) for found in re.findall(pattern, text)}


@pytest.mark.slow
@pytest.mark.sqlite_only
@few(6)
@given(drawn=walks())
def test_w01_every_list_agrees_with_brute_force(engine: str, databases: Any, drawn: Any) -> None:
    """Pages and API: units, members, search, receipts, the trail; each against the same filter in plain Python."""
    app = databases.app(engine)
    walk, moves = drawn
    with app.app_context():
        made = build(walk)
        move(walk, made, moves)
        tell_about(made)
        keys = [make_token(person, "walk", ["read"], 1, NOW)[1] for person in made.people[:2]]
        browsers = [open_browser(app, person) for person in made.people[:2]]
        codes = [unit.code for unit in made.units]
        notices = [outbox.by_source(f"walk:{n}") for n in range(len(codes))]
        for who, (key, browser) in enumerate(zip(keys, browsers, strict=True)):
            sees = walk.units(who, "see_members", 0)
            check_units(app, key, browser, sees)
            for unit, code in enumerate(codes):
                below = {n for n in range(len(codes)) if walk.is_below(n, unit)}
                wanted = walk.people(below, 0) if unit in sees else None
                check_members(app, key, browser, code, wanted)
                receipt = walk.people(sees, 0) if unit in sees else None
                check_page(browser, f"/notices/sent/{notices[unit]}", r"person-(\d+)-", receipt)
            administers = walk.units(who, "administer", 0)
            trail = set(range(len(codes))) if 0 in administers else administers
            check_page(browser, "/audit?action=unit.changed", r"actor-(\d+)-", trail if administers else None)
        db.session.remove()


def open_browser(app: Flask, person: Member) -> Any:
    """A browser that is signed in, without the cost of a password."""
    key = sessions.start(person, NOW, "", "")
    db.session.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["sid"] = key
    return browser


def check_page(browser: Any, url: str, pattern: str, wanted: set[int] | None) -> None:
    """A page names exactly these in its main part; None: it is not there."""
    answer = browser.get(url)
    assert answer.status_code in ({403, 404} if wanted is None else {200}), url
    main = answer.get_data(as_text=True).partition("<main")[2].partition("</main")[0]
    assert named(pattern, main) == (wanted or set()), url


def check_units(app: Flask, key: str, browser: Any, wanted: set[int]) -> None:
    """The tree of units, one level at a time as pages, and whole by the API."""
    seen: set[int] = set()
    for url in ("/units", *(f"/units?open=U{n}" for n in sorted(wanted))):
        answer = browser.get(url)
        assert answer.status_code == (200 if wanted else 403), url
        main = answer.get_data(as_text=True).partition("<main")[2].partition("</main")[0]
        seen |= named(r'/units/U(\d+)"', main)
    assert seen == wanted
    answer = app.test_client().get("/api/v1/units", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == (200 if wanted else 403)
    if wanted:
        assert {one["code"] for one in answer.get_json()["items"]} == {f"U{n}" for n in wanted}


def check_members(app: Flask, key: str, browser: Any, code: str, wanted: set[int] | None) -> None:
    """The members of a unit and below, as a page, by search, and by the API."""
    check_page(browser, f"/units/{code}/members", r"person-(\d+)-", wanted)
    one_found = None if wanted is None else wanted & {1}
    check_page(browser, f"/units/{code}/members?q=person-1-", r">person-(\d+)-", one_found)
    answer = app.test_client().get(f"/api/v1/units/{code}/members", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code in ({403, 404} if wanted is None else {200})
    if wanted is not None:
        assert {one["number"] for one in answer.get_json()["items"]} == {f"P{n}" for n in wanted}
