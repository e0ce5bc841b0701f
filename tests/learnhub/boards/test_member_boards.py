"""Boards of members: exact ranks, stable ties, neighbours without gap, at every node of the tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from learnhub.boards import histograms, ladders, standings
from learnhub.boards.ladders import Key
from learnhub.boards.standings import MemberBoard
from learnhub.identity.models import Member, MemberState
from learnhub.kernel.clock import start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import ALL_TIME, Grain, Period, keys_at, parse_period, period_at
from learnhub.organisations import memberships
from learnhub.organisations.models import Unit
from learnhub.points import balances, ledger
from learnhub.points.models import Balance
from tests.at_once import at_once
from tests.learnhub.boards.earning import earn
from tests.makers import NOW, new_member, new_unit, small_tree

DAYS = [date(2026, 9, 30), date(2026, 11, 15), date(2026, 11, 16), date(2026, 11, 21)]


@pytest.fixture(autouse=True)
def _no_old_histograms() -> Iterator[None]:
    """Each test has a database of its own."""
    histograms.forget()
    yield
    histograms.forget()


def standing(board: MemberBoard) -> list[tuple[int, int]]:
    return [(row.rank, row.points) for row in board.rows]


def naive(points: Counter[int]) -> list[tuple[int, int, int]]:
    """The oracle: (rank, member id, points), by counting who has more."""
    rows = [(1 + sum(other > mine for other in points.values()), member, mine) for member, mine in points.items()]
    return sorted(rows, key=lambda row: (-row[2], row[1]))


def test_b02_equal_points_share_a_rank_and_the_next_is_skipped(app: Flask, now: datetime) -> None:
    unit = new_unit()
    members = [new_member(unit) for _n in range(5)]
    for member, points in zip(members, (3, 7, 7, 9, 3), strict=True):
        earn(member, points, now)
    board = standings.member_board(ALL_TIME, unit, now=now)
    assert standing(board) == [(1, 9), (2, 7), (2, 7), (4, 3), (4, 3)]
    assert [row.member_id for row in board.rows] == [members[n].id for n in (3, 1, 2, 0, 4)]
    assert standings.member_board(ALL_TIME, unit, now=now).rows == board.rows


@pytest.mark.parametrize("node", [None, "team", "branch"])
def test_b03_neighbours_are_contiguous_inside_a_tie_of_ten_thousand(
    app: Flask, now: datetime, node: str | None
) -> None:
    top = new_unit("HQ")
    branch = new_unit("B", top)
    team = new_unit("T", branch)
    first = new_member(team)
    ids = sorted([first.id + n for n in range(1, 10_001)])
    fields = {"state": "active", "test": False, "created_at": now}
    db.session.execute(
        insert(Member),
        [{"id": i, "number": f"X{i}", "sign_in_name": f"x{i}", "name": "Zhang Wei", **fields} for i in ids],
    )
    keys = keys_at(now, house.zone)
    for table in (ledger.BALANCE, ledger.UNIT_BALANCE):
        more = {} if table is ledger.BALANCE else {"unit_id": team.id}
        rows = [{"member_id": i, "period": "all", "points": 4, **more} for i in ids]
        db.session.execute(insert(table), rows)
    earn(first, 9, now)
    assert "all" in keys
    unit = {None: None, "team": team, "branch": branch}[node]
    for place in (0, 3, 5_000, 9_998, 9_999):
        near = standings.member_board(ALL_TIME, unit, now=now, around=ids[place], top=3)
        expected = [first.id, *ids][max(place + 1 - 5, 0) : place + 7]
        assert [row.member_id for row in near.around] == expected
        assert {row.rank for row in near.around if row.points == 4} == {2}
        assert near.mine is not None
        assert (near.mine.member_id, near.mine.rank) == (ids[place], 2)


def test_b06_nobody_is_listed_twice_while_points_arrive(app: Flask, now: datetime) -> None:
    unit = new_unit()
    members = [new_member(unit) for _n in range(12)]
    for n, member in enumerate(members):
        earn(member, n % 4, now)
    seen: list[int] = []
    after: Key | None = None
    for turn in range(10):
        board = standings.member_board(ALL_TIME, unit, now=now, top=3, after=after)
        seen += [row.member_id for row in board.rows]
        after = board.after
        if after is None:
            break
        earn(members[turn % 12], 2, now, f"later {turn}")
    assert len(seen) == len(set(seen))


def test_pages_together_are_the_whole_board(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for n in range(11):
        earn(new_member(tree["B1a"] if n % 2 else tree["B1"]), n // 3, now)
    whole = standings.member_board(ALL_TIME, tree["B1"], now=now)
    paged, after = [], None
    while True:
        board = standings.member_board(ALL_TIME, tree["B1"], now=now, top=4, after=after)
        paged += board.rows
        after = board.after
        if after is None:
            break
    assert paged == whole.rows
    assert len(paged) == 11


def test_b08_who_moved_leaves_the_points_behind_and_keeps_the_total(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["B1"])
    earn(member, 5, now - timedelta(days=1), "before")
    memberships.transfer(member, tree["B2"], date(2026, 11, 22))
    earn(member, 3, now, "after")
    boards = {code: standings.member_board(ALL_TIME, tree[code], now=now) for code in ("HQ", "B1", "B2")}
    assert {code: standing(board) for code, board in boards.items()} == {"HQ": [(1, 8)], "B1": [(1, 5)], "B2": [(1, 3)]}
    assert boards["B1"].rows[0].unit_code == "B2"


def test_b11_two_members_with_the_same_name_are_two_rows(app: Flask, now: datetime) -> None:
    unit = new_unit()
    for _n in range(2):
        earn(new_member(unit, "王伟"), 2, now)
    board = standings.member_board(ALL_TIME, unit, now=now)
    assert [(row.rank, row.name) for row in board.rows] == [(1, "王伟"), (1, "王伟")]
    assert len({row.member_id for row in board.rows}) == 2


def test_b12_test_members_never_appear_and_who_left_vanishes(app: Flask, now: datetime) -> None:
    tree = small_tree()
    members = [new_member(tree["B1a"]) for _n in range(4)]
    for n, member in enumerate(members):
        earn(member, 9 - n, now)
    members[0].test = True
    members[2].state = MemberState.LEFT
    db.session.flush()
    for node in (None, tree["HQ"], tree["B1"], tree["B1a"]):
        board = standings.member_board(ALL_TIME, node, now=now, around=members[3].id)
        assert standing(board) == [(1, 8), (2, 6)]
        assert board.mine == board.rows[1]
        assert standings.member_board(ALL_TIME, node, now=now, around=members[0].id).mine is None


def test_a_board_without_points_is_empty(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["B1"])
    for node in (None, tree["HQ"], tree["B1"], tree["B2"]):
        board = standings.member_board(parse_period("2026-11"), node, now=now, around=member.id)
        assert (board.rows, board.around, board.mine, board.after) == ([], [], None, None)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    events=st.lists(
        st.tuples(st.integers(0, 8), st.sampled_from([-4, -1, 0, 1, 1, 2, 2, 5]), st.sampled_from(DAYS)), max_size=40
    ),
    moves=st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["HQ", "B1", "B1a", "B2"])), max_size=4),
)
def test_b01_ranks_equal_a_naive_oracle(app: Flask, events: list[Any], moves: list[Any]) -> None:
    db.session.rollback()
    tree = small_tree()
    members = [new_member(tree[code]) for code in ("HQ", "B1", "B1", "B1a", "B1a", "B1a", "B2", "B2", "B2")]
    for number, code in moves:
        member = members[number]
        now_in = memberships.primary_unit_id(member.id, NOW)
        starts = memberships.primary_unit_id(member.id, start_of_day(DAYS[2], house.zone))
        if now_in == starts and now_in != tree[code].id:
            memberships.transfer(member, tree[code], date(2026, 11, 16))
    for n, (number, points, day) in enumerate(events):
        earn(members[number], points, start_of_day(day, house.zone) + timedelta(hours=9), f"event {n}")
    periods: list[Period] = [ALL_TIME, parse_period("2026-W47"), parse_period("2026-11"), parse_period("2026-09-30")]
    for live in (500, 1):
        with patch.object(ladders, "LIVE", live):
            histograms.forget()
            for period in periods:
                for unit in (None, *tree.values()):
                    assert_equals_the_oracle(period, unit, members)


def assert_equals_the_oracle(period: Period, unit: Unit | None, members: list[Member]) -> None:
    """A board, its pages and every member's neighbours against the sums of entries."""
    below = {None: {"HQ", "B1", "B1a", "B2"}, "HQ": {"HQ", "B1", "B1a", "B2"}, "B1": {"B1", "B1a"}}
    codes = below.get(unit.code if unit else None, {unit.code} if unit else set())
    points: Counter[int] = Counter()
    for member_id, amount, day, code in db.session.execute(
        select(ledger.LEDGER.c.member_id, ledger.LEDGER.c.points, ledger.LEDGER.c.day, Unit.code).join(
            Unit, Unit.id == ledger.LEDGER.c.unit_id
        )
    ):
        if period.contains(day) and code in codes:
            points[member_id] += amount
    expected = naive(points)
    board = standings.member_board(period, unit, now=NOW)
    assert [(row.rank, row.member_id, row.points) for row in board.rows] == expected
    places = {member_id: n for n, (_rank, member_id, _points) in enumerate(expected)}
    for member in members:
        near = standings.member_board(period, unit, now=NOW, around=member.id, top=2).around
        place = places.get(member.id)
        around = [] if place is None else expected[max(place - 5, 0) : place + 6]
        assert [(row.rank, row.member_id, row.points) for row in near] == around
    if len(expected) > 3:
        after = Key(expected[1][2], expected[1][1])
        rest = standings.member_board(period, unit, now=NOW, after=after).rows
        assert [(row.rank, row.member_id, row.points) for row in rest] == expected[2:]


def test_a_deep_rank_is_exact_as_of_a_moment_at_most_a_minute_ago(app: Flask, now: datetime) -> None:
    unit = new_unit()
    members = [new_member(unit) for _n in range(6)]
    for n, member in enumerate(members):
        earn(member, 10 - n, now)
    last = members[-1]

    def mine(seconds: int) -> tuple[int, int, datetime]:
        later = now + timedelta(seconds=seconds)
        board = standings.member_board(ALL_TIME, unit, now=later, around=last.id)
        assert board.mine is not None
        return board.mine.rank, board.mine.points, board.as_of

    with patch.object(ladders, "LIVE", -1):
        assert mine(0) == (6, 5, now)
        earn(last, 2, now, "later")
        assert mine(59) == (4, 7, now)
        earn(members[0], -9, now, "later")
        assert mine(59) == (4, 7, now)
        assert mine(60) == (3, 7, now + timedelta(seconds=60))
    assert mine(61) == (3, 7, now + timedelta(seconds=61))


def test_a_histogram_is_read_once_for_all_who_ask_at_the_same_time(app: Flask, now: datetime, statements: Any) -> None:
    unit = new_unit()
    members = [new_member(unit) for _n in range(4)]
    for n, member in enumerate(members):
        earn(member, n, now)
    ids = [member.id for member in members]
    unit_id = unit.id
    db.session.commit()

    def ask(n: int) -> int:
        node = db.session.get_one(Unit, unit_id)
        mine = standings.member_board(ALL_TIME, node, now=now, around=ids[n % 4]).mine
        return mine.rank if mine else 0

    with patch.object(ladders, "LIVE", -1), statements() as seen:
        assert at_once(app, ask, 12) == [4, 3, 2, 1] * 3
    assert sum("GROUP BY" in statement for statement in seen) == 1


def test_b13_scores_added_up_again_from_the_ledger_are_the_same(app: Flask, now: datetime) -> None:
    tree = small_tree()
    members = [new_member(tree["B1"]) for _n in range(3)]
    for n in range(12):
        earn(members[n % 3], n - 4, now - timedelta(days=9 * n), f"event {n}")
    tables = (ledger.BALANCE, ledger.UNIT_BALANCE)
    before = [set(db.session.execute(select(table)).all()) for table in tables]
    assert balances.rebuild() == 0
    db.session.execute(ledger.BALANCE.update().where(Balance.member_id == members[0].id).values(points=0))
    db.session.execute(ledger.UNIT_BALANCE.delete())
    assert balances.rebuild() == 3
    assert [set(db.session.execute(select(table)).all()) for table in tables] == before


def test_a_board_takes_a_fixed_number_of_statements(app: Flask, now: datetime, statements: Any) -> None:
    tree = small_tree()
    members = [new_member(tree["B1"]) for _n in range(30)]
    for n, member in enumerate(members):
        earn(member, n, now)
    db.session.flush()
    for unit, most in ((None, 8), (tree["B2"], 9), (tree["B1"], 4), (tree["B1a"], 9)):
        with statements() as seen:
            standings.member_board(period_at(now, Grain.WEEK, house.zone), unit, now=now, around=members[15].id)
        assert len(seen) <= most
