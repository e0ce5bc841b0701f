"""Units side by side: exact means over the members of an average day, or totals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from learnhub.boards import standings
from learnhub.boards.standings import UnitBoard, rank_units
from learnhub.identity.models import MemberState
from learnhub.kernel.db import db
from learnhub.kernel.periods import ALL_TIME, parse_period
from learnhub.organisations import memberships
from learnhub.organisations.models import Unit
from tests.learnhub.boards.earning import earn
from tests.makers import new_member, small_tree

NOVEMBER = parse_period("2026-11")


def listed(board: UnitBoard) -> list[tuple[int | None, str, int, Fraction | None]]:
    return [(row.rank, row.unit.code, row.points, row.per_head) for row in board.rows]


def test_a_small_unit_that_learns_more_stands_above_a_large_one(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for n in range(4):
        earn(new_member(tree["B1" if n % 2 else "B1a"]), 3, now)
    earn(new_member(tree["B2"]), 5, now)
    per_head = standings.unit_board(NOVEMBER, tree["HQ"], now=now)
    assert listed(per_head) == [(1, "B2", 5, Fraction(5)), (2, "B1", 12, Fraction(3))]
    total = standings.unit_board(NOVEMBER, tree["HQ"], now=now, measure="total")
    assert [(row.rank, row.unit.code) for row in total.rows] == [(1, "B1"), (2, "B2")]
    assert listed(standings.unit_board(NOVEMBER, tree["B2"], now=now)) == []


def test_b09_the_headcount_is_member_days_over_the_days_of_the_period_so_far(app: Flask, now: datetime) -> None:
    tree = small_tree()
    whole, half = new_member(tree["B1"]), new_member(tree["B1"])
    memberships.transfer(half, tree["B2"], date(2026, 11, 12))
    earn(whole, 7, now)
    board = standings.unit_board(NOVEMBER, tree["HQ"], now=now)
    assert {row.unit.code: row.headcount for row in board.rows} == {"B1": Fraction(33, 22), "B2": Fraction(11, 22)}
    assert listed(board) == [(1, "B1", 7, Fraction(14, 3)), (2, "B2", 0, Fraction(0))]
    october = standings.unit_board(parse_period("2026-10"), tree["HQ"], now=now)
    assert {row.unit.code: row.headcount for row in october.rows} == {"B1": Fraction(2), "B2": Fraction(0)}


def test_b09_nothing_is_divided_by_zero(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["B1"])
    earn(member, 4, now)
    for period in (NOVEMBER, ALL_TIME, parse_period("2027"), parse_period("2025-12")):
        for measure in ("per-head", "total"):
            board = standings.unit_board(period, tree["HQ"], now=now, measure=measure)  # type: ignore[arg-type]
            assert {row.unit.code for row in board.rows} == {"B1", "B2"}
    empty = standings.unit_board(NOVEMBER, tree["HQ"], now=now).rows[-1]
    assert (empty.unit.code, empty.rank, empty.per_head) == ("B2", None, None)


def test_b09_units_below_the_minimum_headcount_are_listed_without_a_rank(app: Flask, now: datetime) -> None:
    tree = small_tree()
    earn(new_member(tree["B2"]), 100, now)
    for _n in range(3):
        earn(new_member(tree["B1"]), 1, now)
    board = standings.unit_board(NOVEMBER, tree["HQ"], now=now, minimum=3)
    assert [(row.rank, row.unit.code) for row in board.rows] == [(1, "B1"), (None, "B2")]


def test_test_members_count_neither_as_heads_nor_as_points(app: Flask, now: datetime) -> None:
    tree = small_tree()
    earn(new_member(tree["B1"]), 4, now)
    tester = new_member(tree["B1"])
    earn(tester, 50, now)
    tester.test = True
    db.session.flush()
    row = standings.unit_board(NOVEMBER, tree["HQ"], now=now).rows[0]
    assert (row.points, row.headcount) == (4, Fraction(1))


def test_what_a_leaver_earned_stays_with_the_unit(app: Flask, now: datetime) -> None:
    tree = small_tree()
    leaver = new_member(tree["B1"])
    earn(leaver, 6, now - timedelta(days=2))
    leaver.state = MemberState.LEFT
    db.session.flush()
    assert standings.unit_board(NOVEMBER, tree["HQ"], now=now).rows[0].points == 6


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 400)), max_size=8),
    st.integers(1, 31),
)
def test_b09_the_order_per_head_is_that_of_cross_multiplication(figures: list[tuple[int, int]], days: int) -> None:
    rows = [
        (
            Unit(code=f"U{n}"),
            points,
            Fraction(member_days, days),
            Fraction(points * days, member_days) if member_days else None,
        )
        for n, (points, member_days) in enumerate(figures)
    ]
    ranks = {row.unit.code: row.rank for row in rank_units(rows, "per-head", 0)}
    for n, (points, member_days) in enumerate(figures):
        better = sum(other * member_days > points * heads for other, heads in figures if heads)
        assert ranks[f"U{n}"] == (better + 1 if member_days else None)


@pytest.mark.parametrize("measure", ["per-head", "total"])
def test_equal_units_share_a_rank(measure: standings.Measure) -> None:
    rows = [(Unit(code=f"U{n}"), points, Fraction(2), Fraction(points, 2)) for n, points in enumerate((4, 6, 6, 2))]
    assert [row.rank for row in rank_units(rows, measure, 0)] == [1, 1, 3, 4]
