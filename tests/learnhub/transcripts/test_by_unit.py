"""Units side by side: the same numbers as the sheet of each, by a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask import Flask

from learnhub.audit.trail import SYSTEM
from learnhub.identity import states
from learnhub.identity.models import MemberState
from learnhub.kernel.db import db
from learnhub.kernel.periods import parse_period
from learnhub.organisations import roles
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.study_time.models import CreditRule, YearlyTarget
from learnhub.transcripts import by_unit, numbers, spans
from tests.learnhub.transcripts.test_pace import studied
from tests.makers import grown_tree, new_course, new_member, new_staff, small_tree

YEAR = parse_period("2026")


def people(tree: dict[str, Unit], now: datetime) -> None:
    """Members with hours under two rules, two targets, a secretary, a retired and a test member."""
    course_id = new_course("one")[0].course_id
    db.session.add_all(
        [
            CreditRule(valid_from=date(2026, 6, 1), minutes_per_hour=60),
            YearlyTarget(year=2026, role="member", unit_id=0, hours=12_000),
            YearlyTarget(year=2026, role="secretary", unit_id=0, hours=40_000),
            YearlyTarget(year=2026, role="member", unit_id=tree["B1"].id, hours=20_000),
        ]
    )
    for code, minutes in (("HQ", 45), ("B1", 90), ("B1a", 30), ("B1a", 0)):
        member = new_member(tree[code])
        studied(member, tree[code], course_id, date(2026, 5, 31), minutes)
        studied(member, tree[code], course_id, date(2026, 6, 1), minutes)
    secretary = new_staff(Role.SECRETARY, tree["B1a"])
    roles.grant(SYSTEM, secretary, Role.INSTRUCTOR, tree["B1"], now)
    studied(secretary, tree["B1a"], course_id, date(2026, 7, 1), 600)
    retired = new_member(tree["B1"])
    studied(retired, tree["B1"], course_id, date(2026, 7, 1), 60)
    states.change(retired, MemberState.RETIRED, date(2026, 8, 1), "", None, now)
    studied(new_member(tree["B1"], test=True), tree["B1"], course_id, date(2026, 7, 1), 999)


def test_each_unit_s_sums_are_those_of_its_sheet(app: Flask, now: datetime) -> None:
    tree = small_tree()
    people(tree, now)
    span = spans.of_period(YEAR, now)
    found = by_unit.of_branch(tree["HQ"], span)
    assert set(found) == {unit.id for unit in tree.values()}
    for unit in tree.values():
        sheet = list(numbers.sheet(unit, span))
        owing = [line for line in sheet if line.owed is not None]
        sums = found[unit.id]
        assert sums.members == len(sheet)
        assert sums.hours == sum((line.hours for line in sheet), Fraction(0))
        assert sums.done == sum((line.hours for line in owing), Fraction(0))
        assert sums.owed == sum((line.owed or 0 for line in owing), Fraction(0))
    assert (found[tree["B2"].id].per_head, found[tree["B2"].id].completion) == (None, None)
    assert found[tree["B1a"].id].owed == 80, "20 and 20 by the target of B1, 40 as a secretary"
    assert by_unit.of_branch(tree["B1"], span)[tree["B1a"].id] == found[tree["B1a"].id]


def test_the_number_of_statements_does_not_grow(app: Flask, now: datetime, statements: Callable[[], Any]) -> None:
    tree = small_tree()
    people(tree, now)
    span = spans.of_period(YEAR, now)
    with statements() as few:
        by_unit.of_branch(tree["HQ"], span)
    grown_tree(tree["B2"], 300)
    for _n in range(20):
        new_member(tree["B2"])
    with statements() as many:
        by_unit.of_branch(tree["HQ"], span)
    assert len(few) == len(many) <= 9
