"""A unit moves on a day: the past keeps it where it stood, today's reach follows it at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM
from learnhub.journeys import change_tree
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.periods import parse_period
from learnhub.organisations import kinds
from learnhub.organisations.dated_tree import tree_on
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.scope import scope_of
from learnhub.transcripts import numbers, spans
from tests.makers import new_member, new_staff, new_unit, small_tree

TODAY = date(2026, 11, 22)


def codes_on(unit: Unit, day: date) -> list[str]:
    ids = tree_on(day).below(unit.id)
    return sorted(db.session.scalars(select(Unit.code).where(Unit.id.in_(ids))))


def test_a_moved_branch_stays_in_the_past_of_its_old_committee(app: Flask, now: datetime) -> None:
    tree = small_tree()
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], TODAY - timedelta(days=100), now)
    change_tree.move(SYSTEM, tree["B1a"], tree["HQ"], TODAY - timedelta(days=10), now)
    change_tree.move(SYSTEM, tree["B1"], tree["B2"], TODAY, now)
    long_ago, between, lately = (TODAY - timedelta(days=days) for days in (101, 50, 1))
    assert codes_on(tree["B1"], long_ago) == ["B1", "B1a"]
    assert codes_on(tree["B2"], long_ago) == ["B2"]
    assert codes_on(tree["B2"], between) == ["B1a", "B2"]
    assert codes_on(tree["B1"], between) == ["B1"]
    assert codes_on(tree["B2"], lately) == ["B2"]
    assert codes_on(tree["B2"], TODAY) == ["B1", "B2"]
    for day in (long_ago, between, lately, TODAY, TODAY + timedelta(days=30)):
        assert codes_on(tree["HQ"], day) == ["B1", "B1a", "B2", "HQ"]
    assert list(db.session.scalars(select(AuditEntry.action))).count("unit.moved") == 3


def test_a_sheet_of_a_past_month_has_the_branch_that_moved_away_since(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["B1a"])
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], date(2026, 11, 2), now)

    def numbers_of(unit: Unit, period: str) -> list[str]:
        return [line.number for line in numbers.sheet(unit, spans.of_period(parse_period(period), now))]

    assert numbers_of(tree["B1"], "2026-10") == [member.number]
    assert numbers_of(tree["B2"], "2026-10") == []
    assert numbers_of(tree["B1"], "2026-11") == []
    assert numbers_of(tree["B2"], "2026-11") == [member.number]


def test_who_may_see_a_moved_unit_follows_the_tree_of_today(app: Flask, now: datetime) -> None:
    tree = small_tree()
    old, new = new_staff(Role.SECRETARY, tree["B1"]), new_staff(Role.SECRETARY, tree["B2"])
    shown = change_tree.look_at_move(tree["B1a"], tree["B2"], TODAY, now)
    assert (shown.units, shown.members, shown.roles, shown.new_roles) == (0, 0, 1, 1)
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], TODAY - timedelta(days=30), now)
    assert not scope_of(old.id, now).reaches(Permission.SEE_MEMBERS, tree["B1a"].id)
    assert scope_of(new.id, now).reaches(Permission.SEE_MEMBERS, tree["B1a"].id)


def test_a_move_is_refused_on_a_day_or_to_a_place_that_can_not_be(app: Flask, now: datetime) -> None:
    tree = small_tree()
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], TODAY - timedelta(days=5), now)
    refused = [
        (tree["B1"], tree["B1"], TODAY),
        (tree["B2"], tree["B1a"], TODAY),
        (tree["B1a"], tree["B2"], TODAY),
        (tree["B1a"], tree["HQ"], TODAY - timedelta(days=6)),
        (tree["B1"], tree["B2"], TODAY + timedelta(days=1)),
        (tree["B1"], tree["B2"], TODAY - timedelta(days=400)),
    ]
    for unit, parent, on in refused:
        with pytest.raises(Refused):
            change_tree.move(SYSTEM, unit, parent, on, now)
    change_tree.move(SYSTEM, tree["B1a"], tree["HQ"], TODAY - timedelta(days=5), now)
    assert codes_on(tree["B1"], TODAY - timedelta(days=6)) == ["B1", "B1a"], "mended on the same day"


def test_a_kind_says_what_it_may_stand_below(app: Flask, now: datetime) -> None:
    tree = small_tree()
    kinds.write(SYSTEM, "team", {"en": "group"}, ["branch"], ["Leader"], now)
    group = new_unit("G", tree["B1"], kind="team")
    assert kinds.of(group).called("zh-Hans") == "group"
    with pytest.raises(Refused):
        new_unit("G2", tree["HQ"], kind="team")
    with pytest.raises(Refused):
        change_tree.move(SYSTEM, group, tree["HQ"], TODAY, now)
    with pytest.raises(Refused):
        new_unit("G3", tree["B1"], kind="nothing")
    with pytest.raises(Refused):
        kinds.remove(SYSTEM, "team", now)


def test_a_unit_without_a_kind_gets_the_usual_one_of_its_place(app: Flask, now: datetime) -> None:
    tree = small_tree()
    assert new_unit("N1", tree["B1"]).kind == "branch"
    kinds.write(SYSTEM, "branch", {}, ["committee"], [], now)
    assert new_unit("N2", tree["B1"]).kind == "committee"
    assert new_unit("N3", tree["HQ"]).kind == "branch"


def test_where_a_unit_stood_is_told_from_the_latest_move(app: Flask, now: datetime) -> None:
    tree = small_tree()
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], TODAY - timedelta(days=9), now)
    change_tree.move(SYSTEM, tree["B1a"], tree["HQ"], TODAY - timedelta(days=2), now)
    stood = change_tree.history(tree["B1a"])
    assert [(one.code, day) for one, day in stood if one] == [
        ("B2", TODAY - timedelta(days=2)),
        ("B1", TODAY - timedelta(days=9)),
    ]
