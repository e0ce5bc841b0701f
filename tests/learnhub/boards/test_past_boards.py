"""Boards of periods that are over: the tree as it was at their end, whatever moved, merged or closed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from learnhub.audit.trail import SYSTEM
from learnhub.boards import histograms, standings
from learnhub.boards.verification import verify_boards
from learnhub.identity.models import Member
from learnhub.journeys import change_tree, close_unit, merge_units
from learnhub.kernel.db import db
from learnhub.kernel.periods import parse_period
from learnhub.organisations import memberships
from learnhub.organisations.models import Unit
from learnhub.study_time.models import YearlyTarget
from learnhub.transcripts import numbers, spans
from tests.learnhub.boards.earning import earn
from tests.makers import new_member, small_tree

OCTOBER, NOVEMBER = parse_period("2026-10"), parse_period("2026-11")
IN_OCTOBER = datetime(2026, 10, 5, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_old_histograms() -> Iterator[None]:
    """Each test has a database of its own."""
    histograms.forget()
    yield
    histograms.forget()


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def member(tree: dict[str, Unit], now: datetime) -> Member:
    """A member of the team below B1, who earned 4 in October and 2 in November."""
    one = new_member(tree["B1a"])
    earn(one, 4, IN_OCTOBER, "october")
    earn(one, 2, now, "november")
    return one


def members_of(unit: Unit, period: Any, now: datetime) -> list[tuple[int, str]]:
    board = standings.member_board(period, unit, now=now)
    return [(row.points, row.unit_code) for row in board.rows]


def units_of(unit: Unit, period: Any, now: datetime) -> dict[str, tuple[int, Fraction]]:
    board = standings.unit_board(period, unit, now=now)
    return {row.unit.code: (row.points, row.headcount) for row in board.rows}


def test_a_branch_that_moved_stands_on_the_old_board_of_before(
    tree: dict[str, Unit], member: Member, now: datetime
) -> None:
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], date(2026, 11, 10), now)
    assert members_of(tree["B1"], OCTOBER, now) == [(4, "B1a")]
    assert members_of(tree["B2"], OCTOBER, now) == []
    assert members_of(tree["B1"], NOVEMBER, now) == []
    assert members_of(tree["B2"], NOVEMBER, now) == [(2, "B1a")]
    assert members_of(tree["HQ"], OCTOBER, now) == [(4, "B1a")]
    assert units_of(tree["B1"], OCTOBER, now) == {"B1a": (4, Fraction(1))}
    assert units_of(tree["B2"], OCTOBER, now) == {}
    assert units_of(tree["HQ"], OCTOBER, now) == {"B1": (4, Fraction(1)), "B2": (0, Fraction(0))}
    assert units_of(tree["HQ"], NOVEMBER, now) == {"B1": (0, Fraction(0)), "B2": (2, Fraction(1))}
    mine = standings.member_board(OCTOBER, tree["B1"], now=now, around=member.id).mine
    assert mine is not None
    assert (mine.rank, standings.distribution(OCTOBER, tree["B1"], now=now)) == (1, [(4, 1)])


def test_a_merged_unit_keeps_its_boards_of_before(tree: dict[str, Unit], member: Member, now: datetime) -> None:
    own = new_member(tree["B1"])
    earn(own, 7, IN_OCTOBER, "own")
    before = [
        (members_of(unit, OCTOBER, now), units_of(unit, OCTOBER, now)) for unit in (tree["HQ"], tree["B1"], tree["B2"])
    ]
    merge_units.merge(SYSTEM, tree["B1"], tree["B2"], date(2026, 11, 10), now)
    after = [
        (members_of(unit, OCTOBER, now), units_of(unit, OCTOBER, now)) for unit in (tree["HQ"], tree["B1"], tree["B2"])
    ]
    assert after == before
    assert before[1] == ([(7, "B1"), (4, "B1a")], {"B1a": (4, Fraction(1))})
    earn(own, 1, now + timedelta(days=9), "december")
    december, later = parse_period("2026-12"), now + timedelta(days=10)
    assert members_of(tree["B2"], december, later) == [(1, "B2")]
    assert set(units_of(tree["HQ"], december, later)) == {"B2"}, "closed, without points and members"


def test_a_closed_unit_stands_on_the_boards_of_its_time_only(tree: dict[str, Unit], now: datetime) -> None:
    gone = new_member(tree["B2"])
    earn(gone, 3, IN_OCTOBER)
    memberships.transfer(gone, tree["B1"], date(2026, 11, 1))
    close_unit.close(SYSTEM, tree["B2"], date(2026, 11, 1), now)
    assert units_of(tree["HQ"], OCTOBER, now)["B2"] == (3, Fraction(1))
    assert members_of(tree["B2"], OCTOBER, now) == [(3, "B2")]
    assert set(units_of(tree["HQ"], NOVEMBER, now)) == {"B1"}


def test_a_board_follows_the_place_of_its_last_day(tree: dict[str, Unit], member: Member, now: datetime) -> None:
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], date(2026, 10, 20), now)
    change_tree.move(SYSTEM, tree["B1a"], tree["HQ"], date(2026, 11, 2), now)
    assert members_of(tree["B2"], OCTOBER, now) == [(4, "B1a")]
    assert members_of(tree["B1"], OCTOBER, now) == []
    assert set(units_of(tree["HQ"], OCTOBER, now)) == {"B1", "B2"}
    assert set(units_of(tree["HQ"], NOVEMBER, now)) == {"B1", "B1a", "B2"}


def test_boards_fit_the_ledger_after_moves_too(tree: dict[str, Unit], member: Member, now: datetime) -> None:
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], date(2026, 11, 10), now)
    merge_units.merge(SYSTEM, tree["B2"], tree["B1"], date(2026, 11, 15), now)
    assert verify_boards(now)["broken"] == []


def test_hours_owed_and_ranks_of_a_past_sheet_follow_the_tree_of_its_day(
    tree: dict[str, Unit], member: Member, now: datetime
) -> None:
    earn(new_member(tree["B2"]), 9, IN_OCTOBER)
    db.session.add_all(
        YearlyTarget(year=2026, role="member", unit_id=tree[code].id, hours=hours)
        for code, hours in (("B1", 365_000), ("B2", 730_000))
    )
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], date(2026, 11, 10), now)
    lines = {
        period.key: next(numbers.sheet(tree["B1a"], spans.of_period(period, now))) for period in (OCTOBER, NOVEMBER)
    }
    assert [lines[key].owed for key in ("2026-10", "2026-11")] == [31, 60]
    assert numbers.of_member(member.id, spans.of_period(OCTOBER, now)) == lines["2026-10"]


def test_a_past_board_takes_a_fixed_number_of_statements_and_a_running_one_no_more(
    tree: dict[str, Unit], member: Member, now: datetime, statements: Callable[[], Any]
) -> None:
    def taken(period: Any) -> list[int]:
        counts = []
        for ask in (standings.member_board, standings.unit_board):
            db.session.expire_all()
            _loaded = [unit.parent_id for unit in tree.values()]
            with statements() as seen:
                ask(period, tree["B1"], now=now)
            counts.append(len(seen))
        return counts

    still = taken(NOVEMBER)
    change_tree.move(SYSTEM, tree["B1a"], tree["B2"], date(2026, 11, 10), now)
    assert taken(NOVEMBER) == still
    moved = taken(OCTOBER)
    for n in range(20):
        earn(new_member(tree["B1"]), n, IN_OCTOBER)
    assert taken(OCTOBER) == moved
    assert [few <= running + 1 for few, running in zip(moved, still, strict=True)] == [True, True]
