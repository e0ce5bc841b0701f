"""The pages of transfers: asked at the desk or by the member, answered by both units, and what they do not tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.trail import Actor
from learnhub.identity.models import Member
from learnhub.journeys import transfer_member
from learnhub.kernel.clock import local_date, utcnow
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import memberships
from learnhub.organisations.models import Membership, Transfer, Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from learnhub.organisations.transfers import Wanted
from learnhub.web.transfers import views
from tests.makers import JOINED, PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def old(app: Flask, tree: dict[str, Unit]) -> Visitor:
    return Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD, name="Olga"))


@pytest.fixture
def new(app: Flask, tree: dict[str, Unit]) -> Visitor:
    return Visitor(app, new_staff(Role.SECRETARY, tree["B2"], password=PASSWORD, name="Nora"))


def today() -> date:
    return local_date(utcnow(), house.zone)


def form(**more: Any) -> dict[str, Any]:
    return {"effective_on": today().isoformat(), "reason": "moves house", **more}


def told(page: str, number: str) -> list[str]:
    """What a page says and where it leads, but for the number that was typed, its own id and the time of day."""
    said = [*re.sub(r"<[^>]+>", " ", page).split(), *re.findall(r'(?:href|action)="([^"]*)"', page)]
    return [re.sub(rf"\b{number}\b|/transfers/\d+|\d+:\d\d", "·", one) for one in said]


def home(member: Member) -> str:
    db.session.expire_all()
    found = [unit.code for one, unit in memberships.open_memberships(member.id) if one.primary]
    return found[0]


def test_one_secretary_asks_and_the_other_agrees(tree: dict[str, Unit], old: Visitor, new: Visitor) -> None:
    member = new_member(tree["B1a"], name="Wang", number="W1")
    db.session.commit()
    assert "Transfer to another unit" in old.page(f"/members/{member.id}")
    assert new.get(f"/members/{member.id}/transfer").status_code == 404
    old.page(f"/members/{member.id}/transfer")
    wrong = old.post(f"/members/{member.id}/transfer", form(to_unit="nowhere"))
    assert wrong.status_code == 422
    assert "There is no unit “nowhere”" in wrong.get_data(as_text=True)
    asked = old.post(f"/members/{member.id}/transfer", form(to_unit="b2"))
    address = asked.headers["Location"]
    page = old.page(address)
    assert "Wang" in page
    assert "Olga" in page
    assert "/consent" not in page, "one's own consent is given by asking"
    assert "/withdraw" in page
    assert re.search(r'>1</span> <a href="[^"]*show=waiting">transfer waits for you', new.page("/"))
    notice = re.search(r"Wang, from Unit B1a to Unit B2, as of ([^<]+)\.", new.page("/notices"))
    assert notice
    assert re.fullmatch(r"[A-Z][a-z]{2} \d{1,2}, \d{4}", notice[1]), "the day as the reader's language writes it"
    assert "waits for you" in new.page("/units/B2/transfers?show=waiting")
    assert "moves house" in new.page(address)
    assert new.post(f"{address}/consent").status_code == 303
    assert "carried out" in new.page(address)
    assert home(member) == "B2"
    again = new.post(f"{address}/consent")
    assert "is closed already" in new.page(again.headers["Location"])
    assert "waits for you" not in new.page("/")


def test_a_member_wishes_and_may_withdraw(app: Flask, tree: dict[str, Unit], old: Visitor, new: Visitor) -> None:
    member = new_member(tree["B1"], name="Wang", password=PASSWORD)
    visitor = Visitor(app, member)
    assert "My transfers" in visitor.page("/me")
    visitor.page("/me/transfers")
    assert visitor.post("/me/transfers", form(to_unit="Unit B1")).status_code == 422, "there already"
    asked = visitor.post("/me/transfers", form(to_unit="Unit B2"))
    address = asked.headers["Location"]
    assert "waits for both units" in visitor.page("/me/transfers")
    assert visitor.post(f"{address}/consent").status_code == 403
    assert "waits for you" in old.page("/units/B1/transfers")
    assert visitor.post("/me/transfers", form(to_unit="HQ")).status_code == 422, "one at a time"
    visitor.post(f"{address}/withdraw")
    assert "Withdrawn" in visitor.page(address)
    stranger = Visitor(app, new_member(tree["B2"], password=PASSWORD))
    assert stranger.get(address).status_code == 404
    lone = Visitor(app, new_member(password=PASSWORD))
    assert "You do not belong to a unit yet" in lone.page("/me/transfers")
    assert lone.post("/me/transfers", form(to_unit="HQ")).status_code == 422


def test_who_asks_by_number_sees_only_the_number_until_the_old_unit_agrees(
    tree: dict[str, Unit], old: Visitor, new: Visitor
) -> None:
    member = new_member(tree["B1"], name="Wang", number="W1")
    db.session.commit()
    assert "see nothing of the member" in new.page("/units/B2/transfers/new")
    addresses = []
    answers = []
    for number in ("W1", "nobody"):
        asked = new.post("/units/B2/transfers", form(number=number))
        addresses.append(asked.headers["Location"])
        page = new.page(addresses[-1])
        pressed = new.post(f"{addresses[-1]}/consent")
        answers.append(told(page, number) + told(new.page(pressed.headers["Location"]), number))
    assert answers[0] == answers[1], "the same answer whether or not there is such a member"
    everything = new.page("/units/B2/transfers") + new.page(addresses[0]) + new.page("/notices")
    assert "Wang" not in everything
    assert "Unit B1" not in everything
    assert "No transfers" in new.page("/units/B2/transfers?q=Wang")
    assert old.get(addresses[1]).status_code == 404
    old.post(f"{addresses[0]}/refuse", {"refuse-reason": "Not now"})
    refused = new.page(addresses[0])
    assert "Not now" in refused
    assert "Wang" not in refused
    assert "Olga" not in refused
    second = new.post("/units/B2/transfers", form(number="W1")).headers["Location"]
    old.post(f"{second}/consent")
    assert "Wang" in new.page(second)
    assert home(member) == "B2"


def test_refusing_needs_a_reason_and_the_page_keeps_standing(tree: dict[str, Unit], old: Visitor, new: Visitor) -> None:
    member = new_member(tree["B1"])
    db.session.commit()
    address = old.post(f"/members/{member.id}/transfer", form(to_unit="B2")).headers["Location"]
    empty = new.post(f"{address}/refuse")
    assert empty.status_code == 422
    assert "Say why" in empty.get_data(as_text=True)
    assert new.post(f"{address}/refuse", {"refuse-reason": "No place"}).status_code == 303
    assert "Declined: No place" in old.page(address)
    assert "(Nora)" in old.page(address)


def test_a_transfer_that_forgot_its_member_is_gone_for_the_old_unit(
    tree: dict[str, Unit], old: Visitor, new: Visitor
) -> None:
    member = new_member(tree["B1"], number="W1")
    db.session.commit()
    address = new.post("/units/B2/transfers", form(number="W1")).headers["Location"]
    memberships.transfer(member, tree["B1a"], today())
    db.session.commit()
    pressed = old.post(f"{address}/consent")
    assert pressed.headers["Location"] == "/units"
    assert "moved or left meanwhile" in old.page("/units")
    assert old.get(address).status_code == 404
    assert "waits for the old unit" in new.page(address)


def test_a_role_that_stays_behind_is_named_to_the_old_unit(tree: dict[str, Unit], old: Visitor, new: Visitor) -> None:
    member = new_staff(Role.INSTRUCTOR, tree["B1a"], name="Wang")
    db.session.commit()
    address = old.post(f"/members/{member.id}/transfer", form(to_unit="B2")).headers["Location"]
    assert "Wang holds a role in the old unit: instructor · Unit B1a" in old.page(address)
    assert "holds a role" not in new.page(address)


def test_with_several_memberships_one_is_chosen(tree: dict[str, Unit], old: Visitor, new: Visitor) -> None:
    member = new_member(tree["B1"])
    memberships.join_unit(member, tree["B1a"], JOINED, primary=False)
    db.session.commit()
    assert 'name="from_unit"' in old.page(f"/members/{member.id}/transfer")
    address = old.post(f"/members/{member.id}/transfer", form(to_unit="B2", from_unit="B1a")).headers["Location"]
    assert "an additional one; the primary unit stays" in new.page(address)
    new.post(f"{address}/consent")
    assert home(member) == "B1"
    held = select(Membership.unit_id).where(Membership.member_id == member.id, Membership.ends_on.is_(None))
    assert set(db.session.scalars(held)) == {tree["B1"].id, tree["B2"].id}


def test_the_list_takes_as_many_statements_for_many_as_for_few(
    app: Flask,
    tree: dict[str, Unit],
    old: Visitor,
    statements: Callable[..., Any],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ask(count: int) -> None:
        for _n in range(count):
            member = new_member(tree["B1"])
            wanted = Wanted(tree["B2"], date(2026, 11, 22))
            transfer_member.ask(scope_of(member.id, now), Actor(member), member, wanted, now, own_wish=True)
        db.session.commit()

    def taken() -> int:
        with statements() as counted:
            old.page("/units/B1/transfers")
        return len(counted)

    monkeypatch.setattr(views, "PAGE", 20)
    ask(2)
    few = taken()
    ask(28)
    assert taken() == few
    assert few <= 10
    page = old.page("/units/B1/transfers?show=waiting")
    assert "30 transfers" in page
    assert 'rel="next" href="/units/B1/transfers?show=waiting&amp;page=2"' in page
    assert len(re.findall(r"<tr data-row>", old.page("/units/B1/transfers?show=waiting&page=2"))) == 10


def test_what_waits_stands_before_what_is_under_way_and_closed(
    tree: dict[str, Unit], old: Visitor, new: Visitor
) -> None:
    names = ("Waits", "Onway", "Closed")
    people = {name: new_member(tree["B1"] if name != "Waits" else tree["B2"], name=name) for name in names}
    db.session.commit()
    closed = old.post(f"/members/{people['Closed'].id}/transfer", form(to_unit="B2")).headers["Location"]
    new.post(f"/members/{people['Waits'].id}/transfer", form(to_unit="B1"))
    old.post(f"/members/{people['Onway'].id}/transfer", form(to_unit="B2"))
    old.post(f"{closed}/withdraw")
    order = re.findall(r'class="stretched" href="/transfers/\d+">(\w+)<', old.page("/units/B1/transfers"))
    assert order == ["Waits", "Onway", "Closed"]
    assert old.page("/units/B1/transfers?show=closed").count("<tr data-row>") == 1
    assert old.page("/units/B1/transfers?q=onway").count("<tr data-row>") == 1


def test_by_the_api_the_same_two_pass_a_transfer(tree: dict[str, Unit], old: Visitor, new: Visitor) -> None:
    member = new_member(tree["B1"], name="Wang", number="W1")
    db.session.commit()
    body = {"number": "W1", "to_unit": "B2", "effective_on": (today() + timedelta(days=1)).isoformat()}
    made = new.json("POST", "/api/v1/transfers", body)
    assert made.status_code == 201
    answer = made.get_json()
    assert (answer["name"], answer["from_unit"], answer["state"]) == (None, None, "accepted")
    nobody = new.json("POST", "/api/v1/transfers", {**body, "number": "nobody"}).get_json()
    fixed = ("id", "number", "asked_at", "accepted_at")
    assert {k: v for k, v in nobody.items() if k not in fixed} == {k: v for k, v in answer.items() if k not in fixed}
    waiting = old.json("GET", "/api/v1/transfers").get_json()["items"]
    assert [(one["name"], one["waits_for_me"]) for one in waiting] == [("Wang", True)]
    assert old.json("POST", f"/api/v1/transfers/{nobody['id']}/consent").status_code == 404
    agreed = old.json("POST", f"/api/v1/transfers/{answer['id']}/consent").get_json()
    assert agreed["state"] == "agreed"
    assert old.json("POST", f"/api/v1/transfers/{answer['id']}/withdraw").status_code == 403
    refused = old.json("POST", f"/api/v1/transfers/{answer['id']}/refuse", {"reason": "no"}).get_json()
    assert (refused["state"], refused["answer"]) == ("refused", "no")
    gone = new.json("POST", f"/api/v1/transfers/{answer['id']}/withdraw")
    assert gone.status_code == 409
    page = new.json("GET", "/api/v1/transfers?limit=1").get_json()
    rest = new.json("GET", f"/api/v1/transfers?limit=1&cursor={page['next_cursor']}").get_json()
    assert {page["items"][0]["id"], rest["items"][0]["id"]} == {answer["id"], nobody["id"]}
    assert rest["next_cursor"] is None
    assert home(member) == "B1"
    assert db.session.scalars(select(Transfer.state).where(Transfer.number == "W1")).all() == ["refused"]


def test_by_the_api_a_member_asks_for_herself(app: Flask, tree: dict[str, Unit]) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    visitor = Visitor(app, member)
    body = {"to_unit": "B2", "effective_on": today().isoformat(), "reason": "moves house"}
    made = visitor.json("POST", "/api/v1/transfers", body).get_json()
    assert (made["asked_by"], made["state"], made["from_unit"]) == ("member", "asked", "B1")
    assert visitor.json("POST", "/api/v1/transfers", {**body, "number": "M1"}).status_code == 404
    assert visitor.json("POST", f"/api/v1/transfers/{made['id']}/withdraw").get_json()["state"] == "withdrawn"
