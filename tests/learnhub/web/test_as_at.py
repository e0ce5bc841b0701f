"""Pages as at a day: the list of members, the search with its file, and the statistics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learnhub.audit.trail import SYSTEM
from learnhub.identity.models import Member
from learnhub.journeys import change_tree
from learnhub.kernel.clock import local_date, utcnow
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import memberships
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.profile import records
from learnhub.organisations.profile.models import MemberField
from learnhub.web.templating import MID_DOT
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_member, new_staff, small_tree

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def moved(app: Flask, client: FlaskClient) -> date:
    """A secretary of B1 is signed in; Lin was there, has another name since, and went to B2; the day before that."""
    tree = small_tree()
    lin = new_member(tree["B1a"], name="Lin Jing", phone="13800001111")
    new_member(tree["B1"], name="Wang Stays")
    today = local_date(utcnow(), house.zone)
    memberships.transfer(lin, tree["B2"], today)
    fields = {one.key: one for one in db.session.scalars(select(MemberField))}
    records.write(lin, fields["name"], "Lin Married", utcnow(), made_by=None, source="profile")
    records.write(lin, fields["phone"], "13999999999", utcnow(), made_by=None, source="profile")
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    secretary.locale = "en"
    db.session.commit()
    sign_in(client, secretary.number)
    return today - timedelta(days=1)


def main_of(client: FlaskClient, url: str, **asked: Any) -> str:
    answer = client.get(url, query_string=asked)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True)).partition("<main")[2].partition("</main")[0].replace(MID_DOT, " · ")


def test_the_list_shows_who_was_there_by_the_name_of_then(client: FlaskClient, moved: date) -> None:
    assert "Lin" not in main_of(client, "/units/B1/members")
    page = main_of(client, "/units/B1/members", as_at=moved)
    assert "Lin Jing" in page
    assert "Wang Stays" in page
    assert "Married" not in page
    assert f"as_at={moved}" in page, "sorting keeps the day"
    assert 'name="whom"' not in page, "nobody of the past is reminded"


def test_who_is_out_of_reach_now_has_no_link(client: FlaskClient, moved: date) -> None:
    ids = {one.name: one.id for one in db.session.scalars(select(Member))}
    for url in ("/units/B1/members", "/units/B1/search"):
        page = main_of(client, url, as_at=moved)
        assert f"/members/{ids['Wang Stays']}" in page
        assert f"/members/{ids['Lin Married']}" not in page


def test_a_search_of_the_past_asks_and_tells_what_was_known_then(client: FlaskClient, moved: date) -> None:
    def asked(value: str) -> str:
        search = {"f0": "phone", "o0": "contains", "v0": value, "col": ["name", "phone"]}
        return main_of(client, "/units/B1/search", as_at=moved, **search)

    assert "Lin Jing" in asked("0000111")
    assert "13800001111" in asked("1380")
    assert "Lin" not in asked("999999").partition("<table")[2]


def test_nobody_asks_who_had_signed_in_by_a_day_of_the_past(client: FlaskClient, moved: date) -> None:
    page = main_of(client, "/units/B1/search", as_at=moved, f0="seen", o0="never")
    assert 'value="seen"' not in page
    assert "left out" in page


def test_the_file_is_of_the_day(client: FlaskClient, moved: date) -> None:
    form = {"csrf_token": token(client, "/me"), "col": ["name", "phone"], "format": "csv", "as_at": str(moved)}
    answer = client.post("/units/B1/search/export", data=form)
    assert "Lin Jing,13800001111" in answer.get_data(as_text=True)
    assert str(moved) in answer.headers["Content-Disposition"]
    assert client.post("/units/B1/search/export", data={**form, "as_at": "9999-01-01"}).status_code == 422


@pytest.mark.parametrize("page", ["members", "search", "statistics"])
@pytest.mark.parametrize("day", ["soon", "9999-12-31", "0001-01-01"])
def test_what_is_no_day_of_the_past_is_said_beside_the_field(
    client: FlaskClient, moved: date, page: str, day: str
) -> None:
    answer = client.get(f"/units/B1/{page}?as_at={day}")
    assert answer.status_code == 422
    assert 'id="as_at-error"' in answer.get_data(as_text=True)


def test_statistics_count_who_was_there(client: FlaskClient, moved: date) -> None:
    form = {"csrf_token": token(client, "/me"), "format": "csv"}
    now = client.post("/units/B1/statistics/export", data=form).get_data(as_text=True)
    then = client.post("/units/B1/statistics/export", data={**form, "as_at": str(moved)}).get_data(as_text=True)
    count = [int(text.splitlines()[1].split(",")[2]) for text in (now, then)]
    assert count[1] == count[0] + 1
    assert str(moved) in main_of(client, "/units/B1/statistics", as_at=moved)


@pytest.mark.parametrize("page", ["members", "search"])
def test_a_page_of_the_past_takes_a_fixed_number_of_statements(
    client: FlaskClient, moved: date, page: str, statements: Callable[[], Any]
) -> None:
    counts = []
    for _round in range(2):
        with statements() as seen:
            main_of(client, f"/units/B1/{page}", as_at=moved, q="Lin")
        counts.append(len(seen))
        unit = db.session.scalars(select(Unit).where(Unit.code == "B1a")).one()
        for n in range(60):
            new_member(unit, name=f"Lin {n}")
        db.session.commit()
    assert counts[0] == counts[1] <= 16


def test_the_tree_hangs_as_it_hung_and_counts_who_was_there(client: FlaskClient, moved: date) -> None:
    """B1a hangs below B2 from today on; the day before, B1 had a unit below it, and Lin in that."""
    b1a, b2 = (db.session.scalars(select(Unit).where(Unit.code == code)).one() for code in ("B1a", "B2"))
    change_tree.move(SYSTEM, b1a, b2, local_date(utcnow(), house.zone), utcnow())
    db.session.commit()
    assert "B1 · 2 members · 0 units below" in main_of(client, "/units", open="B1")
    page = main_of(client, "/units", open="B1", as_at=moved)
    assert "B1 · 3 members · 1 unit below" in page
    assert "Unit B1a" in page
    assert "open=B1a" not in page, "what has left the reach is named and has no link"
    assert "/units/B1a/" not in page
    assert f"/units/B1/members?as_at={moved}" in page
    assert client.get("/units?as_at=tomorrow").status_code == 422
    assert client.get(f"/units?open=B2&as_at={moved}").status_code == 404
