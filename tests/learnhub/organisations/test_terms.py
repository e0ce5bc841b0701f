"""Posts are held for terms: vacant ones, those that end soon, and those that are over are told apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from learnhub.audit.trail import SYSTEM
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations import kinds, statistics, terms
from learnhub.organisations.at_day import AtDay
from learnhub.organisations.terms import How
from tests.makers import new_member, new_unit, small_tree

TODAY = date(2026, 11, 22)
POSTS = ("Secretary", "Deputy", "Treasurer")


def test_posts_are_held_vacant_coming_or_over(app: Flask, now: datetime) -> None:
    unit = new_unit()
    first, second, third = new_member(unit), new_member(unit), new_member(unit)
    old = terms.begin(SYSTEM, unit, "Secretary", first, date(2020, 1, 1), now, last_day=date(2022, 12, 31), ordinal=3)
    terms.begin(SYSTEM, unit, "Secretary", second, date(2023, 1, 1), now, last_day=TODAY + timedelta(days=30))
    terms.begin(SYSTEM, unit, "Deputy", third, TODAY + timedelta(days=1), now, how=How.APPOINTED)
    found = terms.posts(unit, POSTS, TODAY)
    assert [(one.term.post, one.name, one.ends_soon) for one in found.held] == [("Secretary", second.name, True)]
    assert [one.term.id for one in found.past] == [old.id]
    assert [one.name for one in found.coming] == [third.name]
    assert found.vacant == ["Deputy", "Treasurer"]


def test_a_term_ends_and_the_post_is_vacant(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member = new_member(unit)
    term = terms.begin(SYSTEM, unit, "Secretary", member, date(2026, 1, 1), now)
    with pytest.raises(Refused):
        terms.begin(SYSTEM, unit, "Secretary", member, TODAY, now)
    terms.end(SYSTEM, term, now)
    assert terms.posts(unit, POSTS, TODAY).vacant == list(POSTS)
    assert terms.posts(unit, POSTS, TODAY - timedelta(days=1)).held[0].name == member.name
    with pytest.raises(Refused):
        terms.end(SYSTEM, term, now)
    with pytest.raises(Refused):
        terms.begin(SYSTEM, unit, "  ", member, TODAY, now)
    with pytest.raises(Refused):
        terms.begin(SYSTEM, unit, "Deputy", member, TODAY, now, last_day=TODAY - timedelta(days=1))


def test_units_members_and_posts_are_counted_by_kind(app: Flask, now: datetime, statements: Callable[[], Any]) -> None:
    tree = small_tree()
    kinds.write(SYSTEM, "branch", {"en": "branch"}, [], POSTS, now)
    holder = new_member(tree["B1"])
    for code, test in (("B1", False), ("B1a", False), ("B2", True)):
        new_member(tree[code]).test = test
    terms.begin(SYSTEM, tree["B1"], "Secretary", holder, date(2026, 1, 1), now)
    terms.begin(SYSTEM, tree["B1"], "Chronicler", holder, date(2026, 1, 1), now)
    db.session.flush()
    with statements() as seen:
        committee, branch = statistics.by_kind(tree["HQ"].id, AtDay(TODAY, now))
    assert len(seen) == 3
    assert (committee.kind.key, committee.units, committee.members) == ("committee", 1, 0)
    assert (branch.units, branch.members, branch.largest, branch.without_members) == (3, 3, 2, 1)
    assert (branch.held, branch.vacant) == (1, 8)
    assert [one.units for one in statistics.by_kind(tree["B1"].id, AtDay(TODAY, now))] == [2]
