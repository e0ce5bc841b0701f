"""The pages on which units merge, close and split: who may, what is refused in words, and plain forms throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from learnhub.identity.models import Member
from learnhub.journeys import planned_changes, split_unit
from learnhub.kernel.db import db
from learnhub.organisations import memberships, roles, units
from learnhub.organisations.models import ChangeKind, Membership, Unit, UnitChange
from learnhub.organisations.permissions import Role
from tests.makers import NOW, PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

CHANGES = ("merge", "close", "split")
NINTH = {"unit_code": "B9", "name": "Ninth", "kind": "branch"}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """Everything happens on one day."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def administrator(app: Flask, tree: dict[str, Unit]) -> Visitor:
    return Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))


def today() -> date:
    return NOW.date()


def form_of(page: str, address: str) -> dict[str, str]:
    """The hidden fields of a page's form that is sent to an address, as a browser without scripts sends them."""
    form = next(
        one for one in re.findall(r'<form [^>]*method="post".*?</form>', page, re.S) if f'action="{address}"' in one
    )
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in fields}


def belong(unit: Unit, day: date) -> set[int]:
    db.session.expire_all()
    wanted = select(Membership.member_id).where(Membership.unit_id == unit.id, memberships.holds_on(day))
    return set(db.session.scalars(wanted))


@pytest.mark.parametrize("change", CHANGES)
def test_only_who_administers_a_unit_finds_the_page(app: Flask, tree: dict[str, Unit], change: str) -> None:
    secretary = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    assert secretary.get(f"/units/B1/{change}").status_code in {403, 404}
    assert secretary.post(f"/units/B1/{change}", {"to": "B2", **NINTH}).status_code in {403, 404}
    other = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["B2"], password=PASSWORD))
    assert other.get(f"/units/B1/{change}").status_code == 404
    assert other.post(f"/units/B1/{change}", {"to": "B2", **NINTH}).status_code == 404
    db.session.expire_all()
    assert tree["B1"].closed_on is None


@pytest.mark.parametrize("change", ["merge", "close"])
def test_members_do_not_go_into_a_unit_out_of_reach(app: Flask, tree: dict[str, Unit], change: str) -> None:
    new_member(tree["B1a"])
    chief = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["B1"], password=PASSWORD))
    assert "Unit B2" not in chief.page(f"/units/B1a/{change}")
    chief.page(f"/units/B1a/{change}?to=B2&on=", status=422)
    assert chief.post(f"/units/B1a/{change}", {"to": "B2"}).status_code == 422
    db.session.expire_all()
    assert tree["B1a"].closed_on is None


def test_a_merger_is_shown_then_done_by_plain_forms(tree: dict[str, Unit], administrator: Visitor) -> None:
    member = new_member(tree["B2"])
    secretary = new_staff(Role.SECRETARY, tree["B2"], name="Secretary Lin")
    db.session.commit()
    page = administrator.page("/units/B2/merge?to=B1&on=")
    assert "Secretary Lin" in page
    assert "<script" not in re.findall(r"<form .*?</form>", page, re.S)[-1]
    fields = form_of(page, "/units/B2/merge")
    assert (fields["to"], fields["on"]) == ("B1", today().isoformat())
    answer = administrator.post("/units/B2/merge", {**fields, "keep_roles": "y"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/units/B1/settings")
    assert belong(tree["B1"], today()) == {member.id, secretary.id}
    assert tree["B2"].closed_on == today()
    assert [grant.unit_id for grant in roles.grants_of(secretary.id, NOW)] == [tree["B1"].id]


@pytest.mark.parametrize(
    ("unit", "asked", "why"),
    [
        ("HQ", {"to": "B1"}, "choose"),
        ("B1", {"to": "B1a"}, "Not a valid choice"),
        ("B1", {"to": "nothing"}, "Not a valid choice"),
        ("B1", {"to": "B2", "on": "2020-01-01"}, "a year back at most"),
        ("B1", {"to": "B2", "on": "soon"}, "Not a valid date"),
    ],
)
def test_a_merger_that_can_not_be_is_refused_in_words(
    tree: dict[str, Unit], administrator: Visitor, unit: str, asked: dict[str, str], why: str
) -> None:
    query = "&".join(f"{name}={value}" for name, value in {"on": "", **asked}.items())
    looked = administrator.page(f"/units/{unit}/merge?{query}", status=422)
    assert "This will happen" not in looked
    answer = administrator.post(f"/units/{unit}/merge", asked)
    assert answer.status_code == 422
    assert why in unescape(answer.get_data(as_text=True)) or unit == "HQ"
    db.session.expire_all()
    assert tree[unit].closed_on is None


def test_a_unit_with_members_closes_when_it_is_said_where_they_go(
    tree: dict[str, Unit], administrator: Visitor
) -> None:
    member = new_member(tree["B2"])
    db.session.commit()
    assert "Choose where they go" in administrator.page("/units/B2/close?on=", status=422)
    assert administrator.post("/units/B2/close").status_code == 422
    page = administrator.page("/units/B2/close?on=&to=B1")
    fields = form_of(page, "/units/B2/close")
    assert administrator.post("/units/B2/close", fields).status_code == 303
    assert belong(tree["B1"], today()) == {member.id}
    assert belong(tree["B2"], today() - timedelta(days=1)) == {member.id}
    assert tree["B2"].closed_on == today()


@pytest.mark.parametrize("target", ["B1", ""])
def test_a_closing_of_a_unit_with_members_is_planned(
    tree: dict[str, Unit], administrator: Visitor, target: str
) -> None:
    member = new_member(tree["B2"])
    db.session.commit()
    on = (today() + timedelta(days=3)).isoformat()
    page = administrator.page(f"/units/B2/close?on={on}&to={target}")
    assert ("Members still belong to it." in page) == (not target)
    assert administrator.post("/units/B2/close", form_of(page, "/units/B2/close")).status_code == 303
    settings = administrator.page("/units/B2/settings")
    assert ("members go on in Unit B1" in settings) == bool(target)
    assert planned_changes.carry_out_due(NOW + timedelta(days=3)) == (1 if target else 0)
    gone = belong(tree["B1"], today() + timedelta(days=3))
    assert gone == ({member.id} if target else set())
    assert belong(tree["B2"], today() + timedelta(days=3)) == (set() if target else {member.id})
    row = db.session.scalars(select(UnitChange)).one()
    assert (row.kind, row.state) == (ChangeKind.CLOSE, "done" if target else "refused")


def test_a_closing_with_units_below_is_planned_with_a_warning(tree: dict[str, Unit], administrator: Visitor) -> None:
    assert "Units hang below it" in administrator.page("/units/B1/close?on=&to=B2", status=422)
    page = administrator.page(f"/units/B1/close?to=B2&on={(today() + timedelta(days=3)).isoformat()}")
    assert "Units still hang below it." in page


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="member" value="(\d+)" checked', page))


def send(visitor: Visitor, page: str, **more: Any) -> str:
    """Press a button of the split form, with what stands in it."""
    fields = form_of(page, "/units/B1/split")
    return visitor.post("/units/B1/split", {**fields, **NINTH, "member": sorted(ticked(page)), **more}).get_data(
        as_text=True
    )


@pytest.fixture
def crowd(tree: dict[str, Unit]) -> list[Member]:
    """Seven members of B1, of whom three are called Lin, and one of B2."""
    people = [new_member(tree["B1"], name=f"{'Lin' if n % 3 == 0 else 'Wang'} {n}", number=f"N{n}") for n in range(7)]
    new_member(tree["B2"], name="Lin Foreign")
    return people


def test_who_goes_along_is_chosen_over_several_pages(
    tree: dict[str, Unit], crowd: list[Member], administrator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split_unit, "PAGE", 3)
    db.session.commit()
    first = administrator.page("/units/B1/split")
    assert "Page 1 of 3" in first
    assert "Wang 4" not in first
    second = send(administrator, first, act="next", member=[str(crowd[0].id), str(crowd[1].id)])
    assert ("Page 2 of 3" in second, "2 selected" in second) == (True, True)
    assert 'value="Ninth"' in second, "what was entered stays"
    third = send(administrator, second, act="next", member=[str(crowd[4].id)])
    back = send(administrator, send(administrator, third, act="previous"), act="previous")
    assert ticked(back) == {str(crowd[0].id), str(crowd[1].id)}
    one_less = send(administrator, back, act="next", member=[str(crowd[1].id)])
    assert ticked(one_less) == {str(crowd[4].id)}
    fields = {**form_of(one_less, "/units/B1/split"), **NINTH, "member": sorted(ticked(one_less))}
    answer = administrator.post("/units/B1/split", {**fields, "act": "split"})
    assert answer.headers["Location"] == "/units/B9/settings"
    assert belong(units.unit_by_code("B9"), today()) == {crowd[1].id, crowd[4].id}


def test_all_who_meet_a_condition_are_chosen(
    tree: dict[str, Unit], crowd: list[Member], administrator: Visitor
) -> None:
    db.session.commit()
    page = administrator.page("/units/B1/split")
    asked = {"f0": "name", "o0": "contains", "v0": "Lin"}
    found = send(administrator, page, act="find", **asked)
    assert "3 members found" in found
    assert "Wang" not in found
    assert "Lin Foreign" not in found, "of another unit"
    chosen = send(administrator, found, act="all", **asked)
    assert ticked(chosen) == {str(crowd[n].id) for n in (0, 3, 6)}
    assert ticked(send(administrator, chosen, act="none", **asked)) == set()
    fields = {**form_of(chosen, "/units/B1/split"), **NINTH, **asked, "member": sorted(ticked(chosen))}
    assert administrator.post("/units/B1/split", {**fields, "act": "split"}).status_code == 303
    assert belong(units.unit_by_code("B9"), today()) == {crowd[n].id for n in (0, 3, 6)}


def test_a_condition_that_can_not_be_asked_chooses_nobody(
    tree: dict[str, Unit], crowd: list[Member], administrator: Visitor
) -> None:
    db.session.commit()
    page = administrator.page("/units/B1/split")
    asked = {"f0": "joined", "o0": "before", "v0": "soon"}
    answer = send(administrator, page, act="all", **asked)
    assert "is not a day" in answer
    assert ticked(answer) == set()


def test_a_split_without_anybody_or_beside_the_top_is_refused(
    tree: dict[str, Unit], crowd: list[Member], administrator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = db.session.scalars(select(Member).where(Member.name == "Lin Foreign")).one()
    foreign_id = str(foreign.id)
    db.session.commit()

    def refused(code: str, **sent: Any) -> str:
        answer = administrator.post(f"/units/{code}/split", {**NINTH, "act": "split", **sent})
        assert answer.status_code == 422
        return unescape(answer.get_data(as_text=True))

    assert "Choose at least one member" in refused("B1")
    assert "belongs to this unit no longer" in refused("B1", member=[str(crowd[0].id), foreign_id])
    assert "administrator of the unit above" in refused("HQ", member=[foreign_id])
    assert "already in use" in refused("B1", member=[str(crowd[0].id)], unit_code="B2")
    monkeypatch.setattr(split_unit, "MOST", 1)
    assert "Choose fewer" in refused("B1", member=[str(crowd[0].id), str(crowd[1].id)])
    assert db.session.scalars(select(Unit).where(Unit.code == "B9")).all() == []


def test_a_closed_unit_is_opened_again_and_a_plan_withdrawn(tree: dict[str, Unit], administrator: Visitor) -> None:
    assert administrator.post("/units/B2/close").status_code == 303
    assert administrator.post("/units/B2/reopen").status_code == 303
    db.session.expire_all()
    assert tree["B2"].closed_on is None
    administrator.post("/units/B2/close", {"on": (today() + timedelta(days=3)).isoformat()})
    planned = db.session.scalars(select(UnitChange)).one()
    assert administrator.post(f"/units/B1/changes/{planned.id}/withdraw").status_code == 404
    assert administrator.post(f"/units/B2/changes/{planned.id}/withdraw").status_code == 303
    db.session.expire_all()
    assert planned.state == "withdrawn"
