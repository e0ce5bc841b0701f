"""Boards in the browser and the API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask

from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.web.api.paging import cursor_of
from tests.learnhub.boards.earning import earn
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    """It is Sunday, the last day of week 47."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    """The small tree."""
    return small_tree()


@pytest.fixture
def someone(app: Flask, tree: dict[str, Unit], now: datetime) -> Visitor:
    """A member of B1 with 7 points this week, among sixty-nine others with 1 to 69 points."""
    for n in range(1, 70):
        earn(new_member(tree["B1"], f"Somebody {n}."), n, now)
    member = new_member(tree["B1"], "Wang Me", password=PASSWORD)
    earn(member, 7, now)
    return Visitor(app, member)


def test_a_member_finds_their_place_and_five_neighbours(someone: Visitor) -> None:
    page = someone.page("/boards")
    assert "Somebody 69." in page
    assert "Wang Me" in page
    assert 'aria-current="true"' in page
    assert "My place" in page
    assert "My rank: 63, with 7 points" in page
    assert "Equal points share a rank" in page
    assert "As of Nov 22, 2026" in page
    for n in (5, 6, 8, 9, 10, 11):
        assert f"Somebody {n}." in page
    assert "Somebody 14." not in page


def test_nobody_stands_on_the_podium_while_an_equal_stands_below(
    app: Flask, tree: dict[str, Unit], now: datetime
) -> None:
    people = {name: new_member(tree["B1"], name, password=PASSWORD) for name in ("One", "Two", "Three", "Four")}
    for name, n in zip(people, (9, 5, 5, 5), strict=True):
        earn(people[name], n, now)
    visitor = Visitor(app, people["One"])
    assert 'class="podium"' not in visitor.page("/boards")
    earn(people["Two"], 1, now, "2")
    earn(people["Three"], 3, now, "2")
    db.session.commit()
    page = visitor.page("/boards")
    podium = page[page.index('class="podium"') : page.index('class="rows board"')]
    assert [name for name in people if f"<strong>{name}</strong>" in podium] == ["One", "Two", "Three"]
    assert podium.count('aria-current="true"') == 1
    assert "&nbsp;" not in podium
    assert '<strong>One</strong><span class="visually-hidden">(me)</span>' in podium


def test_the_board_goes_on_and_moves_in_time(someone: Visitor) -> None:
    first = someone.page("/boards/members?period=2026-W47&unit=B1")
    assert "period=2026-W46" in first
    assert "period=2026-W48" not in first
    for key in ("2026-11-22", "2026-11", "2026-Q4", "2026", "all"):
        assert f"period={key}&" in first or f'period={key}"' in first
    earlier = someone.page("/boards/members?period=2026-W46&unit=B1")
    assert "Nobody has points here yet" in earlier
    assert "period=2026-W47" in earlier
    after = first.split("after=")[1].split('"')[0]
    further = someone.page(f"/boards/members?period=2026-W47&unit=B1&after={after}")
    assert "Somebody 19." in further
    assert "Somebody 69." not in further


@pytest.mark.parametrize("path", ["/boards", "/boards/members", "/boards/units-per-head", "/boards/units-total"])
def test_b10_nobody_sees_a_board_of_a_unit_out_of_reach(someone: Visitor, tree: dict[str, Unit], path: str) -> None:
    for code, status in (("HQ", 200), ("B1", 200), ("B2", 404), ("B1a", 404), ("nowhere", 404)):
        assert someone.get(f"{path}?unit={code}").status_code == status
        if path != "/boards":
            assert someone.json("GET", f"/api/v1{path}?unit={code}").status_code == status


@pytest.mark.parametrize("period", ["2026-13", "yesterday", "0000", "2026-W60", "9999-12-31", "0001-01-01", "9999"])
def test_odd_periods_are_answered_in_words(someone: Visitor, period: str) -> None:
    for path in ("/boards/members", "/boards/units-per-head", "/api/v1/boards/members"):
        assert someone.get(f"{path}?period={period}").status_code in {200, 422}


def test_what_does_not_exist_is_not_found(someone: Visitor) -> None:
    assert someone.get("/boards/heroes").status_code == 404
    assert someone.json("GET", "/api/v1/boards/heroes").status_code == 404
    for foreign in ("nonsense", cursor_of(1), cursor_of(2**63, 1), cursor_of("a", "b")):
        assert someone.get(f"/boards/members?after={foreign}").status_code == 422


def test_units_stand_side_by_side(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    earn(new_member(tree["B1"]), 4, now)
    earn(new_member(tree["B1a"]), 4, now)
    earn(new_member(tree["B2"]), 6, now)
    visitor = Visitor(app, new_staff(Role.SECRETARY, tree["HQ"], password=PASSWORD))
    per_head = visitor.page("/boards/units-per-head?unit=HQ&period=2026-11")
    assert per_head.index("Unit B2") < per_head.rindex("Unit B1")
    assert "divided by its members" in per_head
    total = visitor.json("GET", "/api/v1/boards/units-total?unit=HQ&period=2026-11").get_json()
    assert [(row["rank"], row["unit"], row["points"]) for row in total["rows"]] == [(1, "B1", 8), (2, "B2", 6)]
    assert "no units below" in visitor.page("/boards/units-total?unit=B2&period=2026-11")


def test_a_member_of_a_branch_compares_it_with_its_neighbours(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    earn(new_member(tree["B1"]), 4, now)
    visitor = Visitor(app, new_member(tree["B2"], password=PASSWORD))
    page = visitor.page("/boards/units-total?period=2026-11")
    assert "no units below" not in page
    assert "Unit B1" in page
    assert "units-total?unit=HQ" in visitor.page("/boards")


def test_the_api_tells_the_same(someone: Visitor) -> None:
    names = someone.json("GET", "/api/v1/boards").get_json()
    assert [one["name"] for one in names["items"]] == ["members", "units-per-head", "units-total"]
    board = someone.json("GET", "/api/v1/boards/members?period=2026-W47&around=me&limit=2").get_json()
    assert (board["board"], board["unit"], board["period"]) == ("members", "B1", "2026-W47")
    assert [(row["rank"], row["points"]) for row in board["rows"]] == [(1, 69), (2, 68)]
    assert [row["points"] for row in board["around"]] == [11, 10, 9, 8, 7, 7, 6, 5, 4, 3, 2]
    assert [row["me"] for row in board["around"]].index(True) == 5
    more = someone.json("GET", f"/api/v1/boards/members?period=2026-W47&limit=2&cursor={board['next']}").get_json()
    assert [row["points"] for row in more["rows"]] == [67, 66]


def test_who_belongs_nowhere_is_told_so(app: Flask, tree: dict[str, Unit]) -> None:
    visitor = Visitor(app, new_member(password=PASSWORD))
    assert "Ask your secretary" in visitor.page("/boards", 404)
