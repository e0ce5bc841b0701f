"""A tree of any size is walked one level at a time, searched by an index, and never listed whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from learnhub.kernel.db import db
from learnhub.organisations import memberships, units
from learnhub.organisations.permissions import Role
from tests.makers import JOINED, PASSWORD, grown_tree, new_member, new_staff, small_tree
from tests.visiting import Visitor

PAGES = (
    "/units",
    "/units?open=T0",
    "/units?q=支部1",
    "/units/T0",
    "/units/T0/members",
    "/units/T0/members?q=支",
    "/units/T0/settings",
    "/units/T0/move",
    "/units/T0/posts",
    "/units/T0/statistics",
    "/boards?unit=T0",
    "/desk/new-bank",
    "/desk/new-course",
)


def counted(visitor: Visitor, statements: Callable[[], Any]) -> dict[str, int]:
    found = {}
    for page in PAGES:
        visitor.page(page)
        with statements() as seen:
            visitor.page(page)
        found[page] = len(seen)
    return found


def test_pages_of_a_tree_take_the_same_statements_with_20_and_20000_units(
    app: Flask, statements: Callable[[], Any]
) -> None:
    top = units.new_unit("HQ", "HQ", new_member().created_at, kind="committee")
    first = grown_tree(top, 60)
    for unit_id in (first[0], first[30]):
        memberships.join_unit(new_member(), db.session.get_one(type(top), unit_id), JOINED)
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, top, password=PASSWORD))
    before = counted(visitor, statements)
    grown_tree(db.session.get_one(type(top), first[0]), 20_000, prefix="V")
    after = counted(visitor, statements)
    assert after == before
    assert max(after.values()) <= 40


def test_a_level_of_the_tree_leads_to_the_next_and_back(app: Flask) -> None:
    tree = small_tree()
    new_member(tree["B1a"])
    visitor = Visitor(app, new_staff(Role.SECRETARY, tree["HQ"], password=PASSWORD))
    page = visitor.page("/units")
    assert "Unit B1<" in page
    assert "Unit B1a" not in page, "one level at a time"
    assert "/units?open=B1" in page
    below = visitor.page("/units?open=B1")
    assert "Unit B1a" in below
    assert "1 member" in below
    assert 'aria-current="page">Unit B1<' in below
    assert visitor.get("/units?open=nothing").status_code == 404


def test_a_search_finds_a_part_of_a_name_or_a_code_in_reach_only(app: Flask) -> None:
    tree = small_tree()
    units.rename(tree["B1a"], "新材料研究所第２党小组")
    units.rename(tree["B2"], "新材料工厂")
    visitor = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    for words in ("材料", "第2", "究", "b1A", "研究所 第2党"):
        page = visitor.page(f"/units?q={words}")
        assert "新材料研究所第２党小组" in page, words
        assert "新材料工厂" not in page, words
    assert "No unit was found" in visitor.page("/units?q=料材")
    assert "No unit was found" in visitor.page("/units?q=%25")


def test_where_many_units_are_in_reach_a_form_takes_a_code_or_a_name(app: Flask) -> None:
    top = units.new_unit("HQ", "HQ", new_member().created_at, kind="committee")
    grown_tree(top, 120)
    visitor = Visitor(app, new_staff(Role.INSTRUCTOR, top, password=PASSWORD))
    form = visitor.page("/desk/new-bank")
    assert form.count("<option") < 60
    for written in ("T5", "支部5", "支部117"):
        answer = visitor.post(
            "/desk/new-bank", {"slug": f"b{len(written)}{written[-1]}", "title": "一", "unit": written}
        )
        assert answer.status_code == 303, answer.get_data(as_text=True)
    several = visitor.post("/desk/new-bank", {"slug": "bx", "title": "一", "unit": "部11"})
    assert several.status_code == 422
    assert "T110" in several.get_data(as_text=True)
    assert visitor.post("/desk/new-bank", {"slug": "by", "title": "一", "unit": "nothing"}).status_code == 422


def test_the_chart_and_the_table_of_kinds_say_the_same(app: Flask) -> None:
    tree = small_tree()
    for code in ("B1", "B1", "B1", "B2", "B2"):
        new_member(tree[code])
    secretary = new_staff(Role.SECRETARY, tree["HQ"], password=PASSWORD)
    page = Visitor(app, secretary).page("/units/HQ/statistics")
    table, chart = page.split('id="members-by-kind"')
    assert 'data-label="Members">5<' in table
    assert 'data-label="Largest">3<' in table
    assert '<td class="number">5</td>' in chart
