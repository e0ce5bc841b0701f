"""Tables of a unit and the audit trail: order both ways, filters kept, more members than a page computes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from learnhub.audit.trail import SYSTEM, record
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.words import _
from learnhub.organisations import belonging as listing
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.points import ledger
from learnhub.web.home import desk
from learnhub.web.organisations import belonging, progress, trail
from learnhub.web.searches import views as search_page
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def tree(app: Flask, now: datetime) -> dict[str, Unit]:
    tree = small_tree()
    for position, (name, code) in enumerate((("Ma", "B1a"), ("Bo", "B1"), ("Li", "B1a"))):
        member = new_member(tree[code], name=name, number=f"N{position}")
        ledger.post(
            member.id,
            kind="lesson_completed",
            source_id=f"lesson:{position}",
            points=10 - position,
            reason=_("Lesson completed"),
            occurred_at=now,
            now=now,
        )
    return tree


@pytest.fixture
def secretary(app: Flask, tree: dict[str, Unit]) -> Visitor:
    return Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD, name="Zu", number="Z"))


def order(page: str) -> list[str]:
    names = re.findall(r'<a class="stretched" href="/members/[^"]*">([^<]+)</a>', page)
    return [name for name in names if name != "Zu"]


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("name", ["Bo", "Li", "Ma"]),
        ("number", ["Ma", "Bo", "Li"]),
        ("points", ["Li", "Bo", "Ma"]),
        ("unit", ["Bo", "Ma", "Li"]),
    ],
)
def test_progress_sorts_by_a_column_both_ways(secretary: Visitor, key: str, names: list[str]) -> None:
    assert order(secretary.page(f"/units/B1?sort={key}")) == names
    page = secretary.page(f"/units/B1?sort=-{key}")
    assert order(page)[-1 if key == "unit" else 0] == ("Bo" if key == "unit" else names[-1])
    assert 'aria-sort="descending"' in page


def test_every_column_of_progress_sorts(secretary: Visitor) -> None:
    for column in progress.PROGRESS.columns:
        for sign in ("", "-"):
            assert set(order(secretary.page(f"/units/B1?sort={sign}{column.key}"))) == {"Ma", "Bo", "Li"}


def test_order_and_columns_are_kept_from_period_to_period(secretary: Visitor) -> None:
    page = secretary.page("/units/B1?sort=-points&col=name&col=points&period=2026-Q4")
    assert 'data-label="Points"' in page
    assert 'data-label="Rank in the unit"' not in page
    assert 'href="/units/B1?sort=-points&amp;col=name&amp;col=points&amp;period=2026-Q3"' in page


def test_beyond_what_a_page_computes_it_sorts_and_leafs_in_the_database(
    secretary: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MOST_COMPUTED", 3)
    monkeypatch.setattr(progress, "PER_PAGE", 2)
    first = secretary.page("/units/B1?sort=-name&period=2026")
    assert order(first) == ["Ma"]  # beside the secretary
    assert "With more than 3 members" in first
    assert re.search(r"sort=name[&\"]", first)
    assert "sort=-points" not in first
    assert "sort=points" not in first
    assert order(secretary.page("/units/B1?sort=-name&page=2")) == ["Li", "Bo"]
    assert order(secretary.page("/units/B1?sort=-name&page=99")) == ["Li", "Bo"]
    assert 'aria-sort="ascending"' in secretary.page("/units/B1?sort=-points")


def test_members_sort_leaf_and_keep_their_search(secretary: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belonging, "PAGE", 1)
    page = secretary.page("/units/B1/members?q=N&sort=-name")
    assert order(page) == ["Ma"]
    assert "3 members" in page
    assert 'href="/units/B1/members?q=N&amp;sort=-name&amp;page=2"' in page
    assert order(secretary.page("/units/B1/members?q=N&sort=-name&page=2")) == ["Li"]
    for column in belonging.MEMBERS.columns:
        assert len(order(secretary.page(f"/units/B1/members?q=N&sort=-{column.key}"))) == 1


def test_of_very_many_members_the_first_are_listed_by_number_or_name(
    secretary: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST", 2)
    monkeypatch.setattr(belonging, "PAGE", 1)
    page = secretary.page("/units/B1/members?sort=-post")
    assert "more than 2 members; search for whom you look for" in page
    assert re.search(r'aria-sort="ascending"[^>]*><a class="sorter" href="[^"]*sort=-number', page)
    assert "sort=post" not in page
    assert "sort=-since" not in page
    assert order(page) == ["Ma"]
    assert order(secretary.page("/units/B1/members?sort=name&page=2")) == ["Li"]
    last = secretary.page("/units/B1/members?page=99")
    assert order(last) == ["Bo"]
    assert 'rel="next"' not in last
    assert "1 member" in secretary.page("/units/B1/members?q=N2")


def test_a_search_that_finds_very_many_shows_the_first_by_number_or_name(
    secretary: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = order(secretary.page("/units/B1/search?sort=name"))
    monkeypatch.setattr(search_page, "MOST_EXPORTED", 2)
    page = secretary.page("/units/B1/search?sort=name")
    assert "more than 2 members" in page
    assert order(page) == everybody
    assert "sort=-since" not in page


def test_the_trail_is_filtered_by_actor_act_and_day_and_leafs_both_ways(
    app: Flask, tree: dict[str, Unit], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PAGE", 2)
    administrator: Member = new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD)
    visitor = Visitor(app, administrator)
    for back in range(5):
        record(SYSTEM, "unit.added", "unit", f"o{back}", now - timedelta(days=400 + back))
    db.session.commit()
    first, last = ((now - timedelta(days=days)).date().isoformat() for days in (404, 401))
    address = f"/audit?q=system&action=unit.added&from={first}&until={last}&sort=at"
    page = visitor.page(address)
    assert re.findall(r'<code class="meta">(o\d)</code>', page) == ["o1", "o2"]  # as they were written down
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    assert re.findall(r'<code class="meta">(o\d)</code>', visitor.page(following[1].replace("&amp;", "&"))) == [
        "o3",
        "o4",
    ]
    assert re.findall(r'<code class="meta">(o\d)</code>', visitor.page(address.replace("sort=at", "sort=-at"))) == [
        "o4",
        "o3",
    ]
    for odd in ("from=0001-01-01", "until=9999-12-31", "from=x&until=2026-13-40", f"beyond={'9' * 40}", "beyond=x"):
        assert visitor.get(f"/audit?{odd}").status_code == 200


def test_the_chosen_members_of_a_table_are_reminded(secretary: Visitor, tree: dict[str, Unit]) -> None:
    ids = re.findall(r'name="id" value="(\d+)"', secretary.page("/units/B1/members?q=N&sort=name"))
    foreign = new_member(tree["B2"])
    db.session.commit()
    sent = secretary.post("/units/B1/remind", {"whom": "chosen", "id": [*ids[:2], foreign.id, "x"]})
    page = secretary.page(sent.headers["Location"])
    assert "2 members were reminded." in page
    assert "Bo" in page
    assert not re.search(r"\bMa\b", page)
    back = "/units/B1/members?q=N"
    nobody = secretary.post("/units/B1/remind", {"whom": "chosen", "back": back})
    assert nobody.headers["Location"] == back
    assert "Choose at least one member." in secretary.page(back)


def test_home_counts_who_is_behind_whole_or_not_at_all(secretary: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "below half of the year" in secretary.page("/")
    monkeypatch.setattr(desk, "MOST_MEMBERS", 3)
    page = secretary.page("/")
    assert "below half of the year" not in page
    assert "Most behind" not in page
    assert "Send reminders" in page
