"""Sign-in codes by mail: from a secretary, or asked for by who forgot; made when they leave, told where they failed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.trail import SYSTEM
from learnhub.identity import code_mails
from learnhub.identity.models import CodeMail, Invitation, MailState, Member
from learnhub.journeys import mail_codes
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import roles
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from tests.at_once import at_once
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.post_office import PostOffice, post_office
from tests.visiting import Visitor

CHOSEN = "three quiet rivers"


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office() as office:
        monkeypatch.setattr(house, "mail_url", office.url)
        monkeypatch.setattr(house, "mail_from", "learnhub@example.org")
        yield office


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def secretary(app: Flask, tree: dict[str, Unit]) -> Visitor:
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    db.session.commit()
    return Visitor(app, secretary)


def with_mail(unit: Unit, address: str = "wang@example.org") -> Member:
    member = new_member(unit)
    member.email, member.locale = address, "zh_Hans"
    db.session.commit()
    return member


def mailed(secretary: Visitor, *members: Member) -> str:
    """The page after codes were asked for."""
    answer = secretary.post("/units/B1/mailed-codes", {"id": [str(one.id) for one in members]})
    assert answer.status_code == 303
    return secretary.page(answer.headers["Location"])


def link_in(office: PostOffice, at: int = -1) -> str:
    """The page that a letter leads to, as a path."""
    found = re.search(r"^https?://[^/]+(/welcome\?code=\S+)\s*$", office.letters[at].get_content(), re.M)
    assert found
    return found[1]


def sent() -> list[str]:
    db.session.expire_all()
    return [one.state for one in db.session.scalars(select(CodeMail).order_by(CodeMail.id))]


def test_a_mailed_link_becomes_a_password_once(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit], app: Flask
) -> None:
    member = with_mail(tree["B1a"])
    page = mailed(secretary, member)
    assert "waiting" in page
    assert not db.session.scalar(select(Invitation))
    assert mail_codes.send_due(utcnow()) == 1
    (letter,) = office.letters
    assert letter["To"] == "wang@example.org"
    assert "链接" in letter.get_content()
    assert "sent" in secretary.page("/units/B1/mailed-codes")
    browser = Visitor(app)
    form = {"code": link_in(office).partition("code=")[2], "new": CHOSEN, "again": CHOSEN}
    assert browser.post("/welcome", form).status_code == 303
    assert browser.post("/welcome", form).status_code == 422
    assert mail_codes.send_due(utcnow()) == 0


def test_w08_links_carry_the_configured_host_whatever_a_request_says(
    office: PostOffice, tree: dict[str, Unit], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "base_url", "https://learn.example.org")
    member = with_mail(tree["B1"])
    lies = {"X-Forwarded-Host": "evil.example"}
    browser = Visitor(app)
    form = {"typed": member.sign_in_name, "csrf_token": browser.token()}
    assert browser.client.post("/forgotten", data=form, headers=lies).status_code == 303
    mail_codes.send_due(utcnow())
    (letter,) = office.letters
    assert re.findall(r"https?://[^/\s]+", letter.get_content()) == ["https://learn.example.org"] * 2
    code = link_in(office).partition("code=")[2]
    kept = db.session.scalars(select(Invitation)).one()
    assert code.replace("-", "") not in kept.digest
    assert kept.expires_at - kept.created_at == timedelta(days=14)


def test_w08_known_or_not_the_answer_and_the_work_are_the_same(
    office: PostOffice, tree: dict[str, Unit], app: Flask, statements: Callable[[], Any]
) -> None:
    member = with_mail(tree["B1"])
    answers, work = [], []
    for typed in ("Wang@Example.ORG", "nobody@example.org", member.sign_in_name):
        browser = Visitor(app)
        browser.page("/forgotten")
        with statements() as seen:
            answer = browser.post("/forgotten", {"typed": typed})
        answers.append((answer.status_code, answer.headers["Location"]))
        work.append(len(seen))
    assert len(set(answers)) == 1
    assert len(set(work)) == 1
    mail_codes.send_due(utcnow())
    assert [one["To"] for one in office.letters] == ["wang@example.org"]
    assert sent() == [MailState.SENT, MailState.FAILED, MailState.FAILED]
    assert set(db.session.scalars(select(CodeMail.asked_for))) == {"*"}


def test_asking_for_a_forgotten_password_takes_no_code_from_anybody(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit], app: Flask
) -> None:
    member = with_mail(tree["B1"])
    page = secretary.post("/units/B1/slips", {"id": [str(member.id)]}).get_data(as_text=True)
    printed = re.findall(r'slip-code">([A-Z2-9-]+)<', page)[0]
    Visitor(app).post("/forgotten", {"typed": member.number})
    mail_codes.send_due(utcnow())
    assert Visitor(app).post("/welcome", {"code": printed, "new": CHOSEN, "again": CHOSEN}).status_code == 303


def test_whoever_holds_a_role_gets_no_code_by_asking(office: PostOffice, tree: dict[str, Unit], app: Flask) -> None:
    new_staff(Role.SECRETARY, tree["B1"]).email = "s@example.org"
    db.session.commit()
    Visitor(app).post("/forgotten", {"typed": "s@example.org"})
    mail_codes.send_due(utcnow())
    assert not office.letters
    assert sent() == [MailState.FAILED]


def test_a_role_given_meanwhile_stops_the_mail(office: PostOffice, secretary: Visitor, tree: dict[str, Unit]) -> None:
    member = with_mail(tree["B1"])
    mailed(secretary, member)
    roles.grant(SYSTEM, member, Role.ADMINISTRATOR, tree["HQ"], utcnow())
    db.session.commit()
    mail_codes.send_due(utcnow())
    assert not office.letters


def test_who_has_no_address_is_named_and_the_others_get_theirs(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit]
) -> None:
    here, without = with_mail(tree["B1"]), new_member(tree["B1"], name="钱无址")
    db.session.commit()
    page = mailed(secretary, here, without)
    assert "钱无址" in page
    assert "1 member by mail" in page
    assert mail_codes.send_due(utcnow()) == 1


def test_who_holds_a_role_is_named_and_the_others_get_theirs(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit]
) -> None:
    here, colleague = with_mail(tree["B1"]), new_staff(Role.SECRETARY, tree["B1"], email="c@example.org")
    colleague.name = "李书记"
    db.session.commit()
    page = mailed(secretary, here, colleague)
    assert "A code goes to 1 member by mail." in page
    assert "1 member holds a role, so an administrator makes the code: 李书记" in page
    assert "李书记 holds a role; an administrator makes the code." in page
    assert mail_codes.send_due(utcnow()) == 1
    assert [one["To"] for one in office.letters] == ["wang@example.org"]
    assert sorted(sent()) == [MailState.FAILED, MailState.SENT]
    assert "李书记 holds a role" in secretary.page("/units/B1/mailed-codes")


def test_of_many_who_hold_roles_the_page_names_all(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit]
) -> None:
    many = [new_staff(Role.SECRETARY, tree["B1"]) for _n in range(12)]
    for n, one in enumerate(many):
        one.name = f"第{n}位" + "很" * 100
    here = with_mail(tree["B1"])
    page = mailed(secretary, here, *many)
    assert "12 members hold a role" in page
    assert all(f"{one.name} holds a role; an administrator" in page for one in many)


def test_where_nobody_remains_no_mail_goes_and_the_page_says_why(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit]
) -> None:
    colleague = new_staff(Role.SECRETARY, tree["B1"], email="c@example.org")
    colleague.name = "李书记"
    db.session.commit()
    answer = secretary.post("/units/B1/mailed-codes", {"id": [str(colleague.id)]})
    assert answer.status_code == 403
    assert "an administrator makes the code: 李书记" in answer.get_data(as_text=True)
    assert not sent()


def test_a_mailbox_that_is_not_there_is_told_with_what_the_server_said(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit]
) -> None:
    office.refuses["gone@example.org"] = "550 no such mailbox"
    mailed(secretary, with_mail(tree["B1"], "gone@example.org"), with_mail(tree["B1"]))
    mail_codes.send_due(utcnow())
    page = secretary.page("/units/B1/mailed-codes")
    assert "550 no such mailbox" in page
    assert sorted(sent()) == [MailState.FAILED, MailState.SENT]


def test_a_server_that_is_away_is_tried_again_for_two_days_and_then_not(
    secretary: Visitor, tree: dict[str, Unit], office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = with_mail(tree["B1"])
    mailed(secretary, member)
    with post_office() as gone:
        nowhere = gone.url
    monkeypatch.setattr(house, "mail_url", nowhere)
    now = utcnow()
    tries = 0
    while mail_codes.send_due(now):
        tries += 1
        assert mail_codes.send_due(now) == 0
        now += timedelta(days=1)
    assert tries == len(code_mails.WAITS) + 1
    assert sent() == [MailState.FAILED]
    assert "The mail server is away" in secretary.page("/units/B1/mailed-codes")
    mailed(secretary, member)
    monkeypatch.setattr(house, "mail_url", office.url)
    assert mail_codes.send_due(utcnow()) == 1
    assert len(office.letters) == 1


def test_a_printed_slip_calls_off_the_mail_that_waits(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit]
) -> None:
    member = with_mail(tree["B1"])
    mailed(secretary, member)
    secretary.post("/units/B1/slips", {"id": [str(member.id)]})
    assert mail_codes.send_due(utcnow()) == 0


def test_two_workers_send_each_mail_once(
    office: PostOffice, secretary: Visitor, tree: dict[str, Unit], app: Flask
) -> None:
    mailed(secretary, *[with_mail(tree["B1"], f"m{n}@example.org") for n in range(8)])
    now = utcnow()
    assert sum(at_once(app, lambda _n: mail_codes.send_due(now), 3)) == 8
    assert sorted(one["To"] for one in office.letters) == [f"m{n}@example.org" for n in range(8)]


def test_without_mail_nothing_offers_it(secretary: Visitor, tree: dict[str, Unit], app: Flask) -> None:
    member = with_mail(tree["B1"])
    assert "mailed-codes" not in secretary.page("/units/B1/members")
    assert secretary.post("/units/B1/mailed-codes", {"id": [str(member.id)]}).status_code == 422
    assert "/forgotten" not in Visitor(app).page("/welcome")
    assert app.test_client().get("/forgotten").status_code == 404
