"""The navigation marks exactly the one place that a page belongs to."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from learnhub.web.navigation import BELONGS, PLACES, place_of
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only
UNITS, ME = "/units", "/me"
MARKED = re.compile(r'<a href="([^"]+)" aria-current="page"><svg')


def marked(page: str) -> set[str]:
    """The addresses of the places that a page marks."""
    return set(MARKED.findall(page))


def test_each_page_of_an_administrator_marks_its_own_place_and_no_other(app: Flask) -> None:
    tree = small_tree()
    administrator = new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD)
    member = new_member(tree["B1"])
    db.session.commit()
    visitor = Visitor(app, administrator)
    for unit_page in ("", "/members", "/former", "/search", "/changes", "/transfers", "/roster", "/posts", "/settings"):
        assert marked(visitor.page(f"/units/B1{unit_page}")) == {UNITS}, unit_page
    for member_page in ("", "/details", "/standing", "/hours", "/points"):
        assert marked(visitor.page(f"/members/{member.id}{member_page}")) == {UNITS}, member_page
    for page in ("/unit-kinds", "/permissions"):
        assert marked(visitor.page(page)) == {UNITS}, page
    for page in ("/audit", "/fields", "/points/rules", "/courses", "/desk/quizzes"):
        assert marked(visitor.page(page)) == {page}
    for page in ("/me/details", "/me/transfers", "/me/deputies", "/hours", "/points", "/transcript", "/verify"):
        assert marked(visitor.page(page)) == {ME}, page
    for page in ("/notices", "/notices/sent"):
        assert marked(visitor.page(page)) == {"/"}, page


def test_a_page_of_an_office_that_one_does_not_hold_marks_one_s_own_place() -> None:
    assert place_of("transfers.show", {"organisations.index", "account.profile"}) == "organisations.index"
    assert place_of("transfers.show", {"account.profile"}) == "account.profile"
    assert place_of("help.contents", {"account.profile"}) is None


def test_the_table_names_only_areas_pages_and_places_that_exist(app: Flask) -> None:
    areas = {endpoint.split(".")[0] for endpoint in app.view_functions}
    places = {place.endpoint for place in PLACES}
    for name, wanted in BELONGS.items():
        assert name in (app.view_functions if "." in name else areas), name
        assert set(wanted) <= places, name
