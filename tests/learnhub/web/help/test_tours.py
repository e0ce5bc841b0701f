"""The tour: offered on the first visit in a role, once, without JavaScript, and again on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from learnhub.organisations.permissions import Role
from learnhub.web.help.manual import LANGUAGES, manual
from learnhub.web.help.tours import TOURS
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

CARD = "First time here?"


def test_a_member_is_offered_the_tour_until_they_have_seen_it(app: Flask) -> None:
    visitor = Visitor(app, new_member(small_tree()["B1"], password=PASSWORD))
    page = visitor.page("/")
    assert CARD in page
    assert 'href="/help/tour/member"' in page
    assert page.count("data-step ") == len(TOURS[Role.MEMBER])
    assert visitor.post("/help/tour/member/seen").headers["Location"] == "/"
    assert CARD not in visitor.page("/")


def test_the_tour_is_a_page_of_steps_that_can_be_read_again(app: Flask) -> None:
    visitor = Visitor(app, new_member(small_tree()["B1"], password=PASSWORD))
    visitor.post("/help/tour/member/seen")
    assert 'href="/help/tour/member"' in visitor.page("/help")
    page = visitor.page("/help/tour/member")
    assert page.count("<h2>") == len(TOURS[Role.MEMBER])
    assert 'href="/?tour=member"' in page
    assert "data-now" in visitor.page("/?tour=member")


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.SECRETARY, Role.ADMINISTRATOR])
def test_who_gets_a_role_is_shown_its_tour_although_they_saw_the_member_s(app: Flask, role: Role) -> None:
    visitor = Visitor(app, new_staff(role, small_tree()["HQ"], password=PASSWORD))
    visitor.post("/help/tour/member/seen")
    assert f'href="/help/tour/{role}"' in visitor.page("/")
    visitor.post(f"/help/tour/{role}/seen")
    assert CARD not in visitor.page("/")


def test_seeing_a_tour_twice_and_a_tour_that_does_not_exist_do_no_harm(app: Flask) -> None:
    member = new_member(small_tree()["B1"], password=PASSWORD)
    visitor = Visitor(app, member)
    visitor.post("/help/tour/member/seen")
    visitor.post("/help/tour/member/seen")
    assert member.tours_seen == "member"
    assert visitor.post("/help/tour/nobody/seen").status_code == 404
    visitor.page("/help/tour/nobody", status=404)
    assert CARD not in visitor.page("/?tour=nobody")


def test_the_script_remembers_by_a_call(app: Flask) -> None:
    visitor = Visitor(app, new_member(small_tree()["B1"], password=PASSWORD))
    assert visitor.json("POST", "/help/tour/member/seen", {}).get_json() == {"seen": "member"}
    assert CARD not in visitor.page("/")


def test_the_offer_asks_the_database_nothing_more(app: Flask, statements: Callable[[], Any]) -> None:
    visitor = Visitor(app, new_member(small_tree()["B1"], password=PASSWORD))
    visitor.page("/")
    with statements() as offered:
        visitor.page("/")
    visitor.post("/help/tour/member/seen")
    visitor.page("/")
    with statements() as alone:
        visitor.page("/")
    assert len(offered) == len(alone)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_leads_on_to_the_manual(language: str) -> None:
    for steps in TOURS.values():
        assert 3 <= len(steps) <= 5
        for step in steps:
            slug, _hash, anchor = step.more.partition("#")
            assert anchor in {one.anchor for one in manual(language)[slug].sections}, step.more
