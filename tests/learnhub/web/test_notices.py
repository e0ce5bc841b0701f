"""Notices in the browser: the bell, the list, opening, reminding, the receipts and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.words import _
from learnhub.notices import inbox, outbox
from learnhub.notices.models import Kind, Notice
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.study_time.models import YearlyTarget
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    year = datetime.now().year
    db.session.add(YearlyTarget(year=year, role="member", unit_id=0, hours=4_000))
    return small_tree()


@pytest.fixture
def member(tree: dict[str, Unit]) -> Member:
    return new_member(tree["B1a"], password=PASSWORD)


@pytest.fixture
def secretary(tree: dict[str, Unit]) -> Member:
    return new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)


def send(member: Member, now: datetime, n: int = 1, **fields: Any) -> int:
    given: dict[str, Any] = {"kind": Kind.MESSAGE, "title": f"Word {n}", "text": "Come <b>all</b>", **fields}
    return outbox.send([member.id], source=f"message:{n}:{member.id}", now=now, **given).notice_id


def test_the_bell_says_how_many_are_unread_and_is_not_shown_to_visitors(
    app: Flask, member: Member, now: datetime
) -> None:
    assert "/notices" not in Visitor(app).page("/sign-in")
    visitor = Visitor(app, member)
    assert 'aria-label="Notices"' in visitor.page("/notices")
    for n in range(3):
        send(member, now, n)
    assert 'aria-label="3 unread notices"' in visitor.page("/courses")


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(app: Flask, member: Member, now: datetime) -> None:
    there, here, away = (send(member, now, n, path=path) for n, path in enumerate(("/hours", "", "//evil.example")))
    visitor = Visitor(app, member)
    assert "Come &lt;b&gt;all&lt;/b&gt;" in visitor.page("/notices")
    for notice_id, leads_to in ((there, "/hours"), (here, "/notices"), (away, "/notices")):
        answer = visitor.post(f"/notices/{notice_id}/open")
        assert (answer.status_code, answer.headers["Location"]) == (303, leads_to)
    assert inbox.unread(member.id) == 0
    assert Visitor(app, new_member(password=PASSWORD)).post(f"/notices/{there}/open").status_code == 404
    assert visitor.post("/notices/1/open").status_code == 404


def test_everything_is_marked_read_at_once(app: Flask, member: Member, now: datetime) -> None:
    send(member, now)
    visitor = Visitor(app, member)
    assert "Mark all as read" in visitor.page("/notices")
    assert visitor.post("/notices/read").status_code == 303
    page = visitor.page("/notices")
    assert "Mark all as read" not in page
    assert "Word 1" in page


def test_the_list_goes_on_over_pages_and_refuses_foreign_cursors(app: Flask, member: Member, now: datetime) -> None:
    for n in range(inbox.PAGE + 1):
        send(member, now, n)
    visitor = Visitor(app, member)
    first = visitor.page("/notices")
    assert "Word 0<" not in first
    after = first.split("/notices?after=")[1].split('"')[0]
    assert "Word 0<" in visitor.page(f"/notices?after={after}")
    for nonsense in ("x", "W10", "WzEsInllc3RlcmRheSIsMV0", "WzcsIjIwMjYtMTEtMjJUMDI6MDA6MDArMDA6MDAiLDFd"):
        assert visitor.get(f"/notices?after={nonsense}").status_code in {200, 422}


def test_a_system_notice_is_read_in_the_reader_s_language(app: Flask, member: Member, now: datetime) -> None:
    send(member, now, title=_("Quiz passed: %(quiz)s", quiz="期末"))
    assert "Quiz passed: 期末" in Visitor(app, member).page("/notices")
    assert "通过测验：期末" in Visitor(app, member, language="zh-CN").page("/notices")


def test_a_secretary_reminds_a_unit_with_one_click_and_takes_it_back(
    app: Flask, tree: dict[str, Unit], member: Member, secretary: Member
) -> None:
    other = new_member(tree["B1"])
    visitor = Visitor(app, secretary)
    assert "/units/B1/remind" in visitor.page("/units/B1")
    answer = visitor.post("/units/B1/remind")
    where = answer.headers["Location"]
    assert where.startswith("/notices/sent/")
    page = visitor.page(where)
    assert "2 members were reminded." in page
    assert "0 of 2 have read it" in page
    notice_id = int(where.rsplit("/", 1)[1])
    assert Visitor(app, member).post(f"/notices/{notice_id}/open").headers["Location"] == "/hours"
    assert "1 of 2 read" in visitor.page("/notices/sent")
    again = visitor.post("/units/B1/remind")
    assert again.headers["Location"] == "/units/B1"
    assert "2 members had been reminded today already." in visitor.page("/units/B1")
    assert visitor.post(f"{where}/take-back").headers["Location"] == where
    page = visitor.page(where)
    assert "The notice was taken back from 1 member." in page
    assert "1 of 1 has read it" in page
    assert inbox.unread(other.id) == 0
    assert visitor.post(f"{where}/take-back").headers["Location"] == where
    assert "It is too late" in visitor.page(where)


def test_nothing_foreign_can_be_reminded_or_looked_at(
    app: Flask, tree: dict[str, Unit], member: Member, secretary: Member
) -> None:
    foreign = new_member(tree["B2"])
    visitor = Visitor(app, secretary)
    for path in ("/units/B2/remind", "/units/HQ/remind", f"/members/{foreign.id}/remind", "/notices/sent/1/take-back"):
        assert visitor.post(path).status_code == 404
    assert visitor.get("/notices/sent/1").status_code == 404
    lowly = Visitor(app, member)
    for path in ("/units/B1a/remind", f"/members/{secretary.id}/remind"):
        assert lowly.post(path).status_code == 403
    assert lowly.get("/notices/sent").status_code == 403


def test_one_member_is_reminded_from_their_page(
    app: Flask, tree: dict[str, Unit], member: Member, secretary: Member
) -> None:
    visitor = Visitor(app, secretary)
    assert f"/members/{member.id}/remind" in visitor.page(f"/members/{member.id}")
    where = visitor.post(f"/members/{member.id}/remind").headers["Location"]
    assert "1 member was reminded." in visitor.page(where)
    assert visitor.post(f"/members/{member.id}/remind").headers["Location"] == f"/members/{member.id}"
    assert visitor.post(f"{where}/take-back").headers["Location"] == "/units/B1a"
    assert db.session.scalars(select(Notice)).all() == []
    assert f"/members/{secretary.id}/remind" not in visitor.page(f"/members/{secretary.id}")
    assert visitor.post(f"/members/{secretary.id}/remind").status_code == 303
    assert "This is you" in visitor.page(f"/members/{secretary.id}")


def test_another_secretary_above_sees_the_receipts_but_cannot_take_it_back(
    app: Flask, tree: dict[str, Unit], member: Member, secretary: Member
) -> None:
    above = new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD)
    where = Visitor(app, secretary).post("/units/B1/remind").headers["Location"]
    visitor = Visitor(app, above)
    page = visitor.page(where)
    assert "0 of 1 has read it" in page
    assert "Take the notice back" not in page
    assert visitor.post(f"{where}/take-back").status_code == 403


def test_the_api_gives_my_notices_in_my_language(app: Flask, member: Member, now: datetime) -> None:
    for n in range(3):
        send(member, now, n, title=_("Quiz passed: %(quiz)s", quiz=str(n)), path="/quizzes")
    inbox.read(member.id, send(member, now, 2), now)
    visitor = Visitor(app, member, language="zh-CN")
    first = visitor.get("/api/v1/me/notices?limit=2").get_json()
    assert first["unread"] == 2
    assert [one["title"] for one in first["items"]] == ["通过测验：1", "通过测验：0"]
    assert {(one["path"], one["read_at"]) for one in first["items"]} == {("/quizzes", None)}
    rest = visitor.get("/api/v1/me/notices", query_string={"cursor": first["next"]}).get_json()
    assert [one["title"] for one in rest["items"]] == ["通过测验：2"]
    assert rest["next"] is None
    assert visitor.get("/api/v1/me/notices?cursor=nonsense").status_code == 422
