"""Tables of the desk: what an address asks for, and the addresses that change one thing of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from learnhub.kernel.words import _
from learnhub.web.tables import Column, Table, View, sorted_by

pytestmark = pytest.mark.sqlite_only

NAME = Column("name", _("Name"))
HOURS = Column("hours", _("Hours"), number=True, down=True)
TAGS = Column("tags", _("Tags"), sorts=False)
MADE = Column("made", _("Written"), shown=False)
TABLE = Table((NAME, HOURS, TAGS, MADE), sort="name", filters=("q", "kind"))


@pytest.fixture(autouse=True)
def in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def read(*asked: tuple[str, str]) -> View:
    return TABLE.read(MultiDict(asked), "question_bank.bank", slug="fire")


def test_an_address_without_anything_gives_the_table_as_it_begins() -> None:
    view = read()
    assert (view.sort, view.key, view.down, view.page, view.roomy) == ("name", "name", False, 1, False)
    assert view.columns == [NAME, HOURS, TAGS]
    assert view.here == "/desk/banks/fire"


def test_what_is_asked_for_is_read() -> None:
    view = read(("sort", "-hours"), ("col", "made"), ("page", "3"), ("rows", "roomy"), ("q", " fire "), ("kind", ""))
    assert (view.key, view.down, view.page, view.roomy) == ("hours", True, 3, True)
    assert view.columns == [NAME, MADE]
    assert view.filters == {"q": "fire"}


def test_unknown_values_fall_back_quietly() -> None:
    for sort in ("tags", "nothing", "--name", "-", "name;drop"):
        assert read(("sort", sort)).sort == "name"
    for page in ("0", "-1", "x", "1" * 30, "²"):
        assert read(("page", page)).page == 1
    assert read(("col", "x"), ("col", "made"), ("col", "made")).columns == [NAME, MADE]
    assert read(("col", "x")).columns == [NAME]
    assert read(("rows", "huge")).roomy is False
    assert len(read(("q", "x" * 999)).filters["q"]) == 255
    assert read(("else", "x")).here == "/desk/banks/fire"


def test_a_change_of_the_order_keeps_filters_and_columns_and_goes_to_the_first_page() -> None:
    view = read(("q", "a&b"), ("col", "name"), ("col", "made"), ("page", "4"), ("rows", "roomy"))
    assert view.sort_url(HOURS) == "/desk/banks/fire?q=a%26b&col=name&col=made&rows=roomy&sort=-hours"
    assert view.here == "/desk/banks/fire?q=a%26b&col=name&col=made&rows=roomy&page=4"
    assert view.url(q=None, col=None, rows=None) == "/desk/banks/fire"


def test_a_second_click_turns_the_order_round() -> None:
    assert read().sort_url(NAME).endswith("sort=-name")
    assert read(("sort", "-name")).sort_url(NAME).endswith("sort=name")
    assert read(("sort", "-hours")).sort_url(HOURS).endswith("sort=hours")
    assert [read(("sort", "-hours")).aria_sort(one) for one in (HOURS, NAME)] == ["descending", None]


def test_where_not_every_column_sorts_the_others_are_not_offered() -> None:
    view = read(("sort", "-hours")).limited("name")
    assert (view.sort, view.sorts(NAME), view.sorts(HOURS), read().sorts(TAGS)) == ("name", True, False, False)
    assert read(("sort", "-name")).limited("name").sort == "-name"


def test_leafing_stops_at_both_ends() -> None:
    assert read().leaf(1) == (None, None)
    assert read(("page", "2"), ("q", "x")).leaf(3) == ("/desk/banks/fire?q=x", "/desk/banks/fire?q=x&page=3")
    assert read(("page", "9")).leaf(3) == ("/desk/banks/fire?page=2", None)


def test_rows_without_a_value_stand_last_either_way() -> None:
    rows = [(1, None), (2, 5), (3, 9), (4, 5)]
    for sort, order in (("hours", [2, 4, 3, 1]), ("-hours", [3, 2, 4, 1])):
        found = sorted_by(rows, read(("sort", sort)), lambda row: row[1], lambda row: row[0])
        assert [row[0] for row in found] == order
