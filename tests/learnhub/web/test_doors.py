"""One device at a time, and Safe Exam Browser: at every door of an attempt, by forms and by the API."""

from __future__ import annotations

import plistlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.identity.models import Member
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes.conduct import rules, safe_browser
from learnhub.quizzes.conduct.rules import Rules
from learnhub.quizzes.models import Quiz
from learnhub.web.quizzes import door
from tests.learnhub.quizzes.sitting import new_quiz, right
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

KEY, OTHER, BROWSER = "ab" * 32, "cd" * 32, "ef" * 32
HOST = "http://localhost"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def member(tree: dict[str, Unit]) -> Member:
    return new_member(tree["B1"], "Wang Fang", password=PASSWORD)


def held(tree: dict[str, Unit], **conduct: Any) -> Quiz:
    """A quiz with these rules of how it is held."""
    quiz = new_quiz(tree["HQ"], 2, title="Fire", time_limit_seconds=1800)
    rules.put(quiz, Rules(**conduct), None, utcnow())
    return quiz


def test_e16_a_second_device_is_refused_and_the_first_is_told_until_somebody_releases_it(
    app: Flask, tree: dict[str, Unit], member: Member
) -> None:
    quiz = held(tree, one_device=True)
    secretary = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    phone, desk = Sitter(app, member, quiz), Sitter(app, member, quiz)
    attempt = phone.start()
    page, clock, review = f"/attempts/{attempt.id}", f"/api/v1/attempts/{attempt.id}/clock", right(attempt, 1)
    assert "Another device tried" in phone.page(page)
    assert phone.json("GET", clock).get_json()["other_device_at"] is None
    assert "open on another device" in desk.page(page, 403)
    assert desk.put(1, review).get_json()["code"] == "other_device"
    assert desk.json("GET", clock).status_code == 403
    assert desk.json("GET", f"/api/v1/attempts/{attempt.id}").status_code == 403
    assert desk.json("POST", f"/api/v1/attempts/{attempt.id}/hand-in").status_code == 403
    assert desk.json("POST", f"/api/v1/quizzes/{quiz.id}/attempts").status_code == 403
    assert desk.post(f"{page}/hand-in").status_code == 403
    assert phone.held == {}
    assert phone.json("GET", clock).get_json()["other_device_at"] is not None
    assert "Another device was refused: Fire" in phone.page("/notices")
    assert phone.put(1, review).status_code == 200
    watching = secretary.page("/units/B1/sitting")
    assert "another device was refused" in watching
    assert secretary.post("/units/B1/sitting/release", {"id": str(attempt.id)}).status_code == 303
    desk.page(page)
    assert desk.put(2, right(attempt, 2)).status_code == 200
    assert phone.put(1, {}, sequence=2, base=1).status_code == 403
    db.session.rollback()
    acts = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert [act for act in acts if act.startswith("attempt.device")][:2] == [
        "attempt.device_refused",
        "attempt.device_released",
    ]


def test_signing_in_again_in_the_same_browser_goes_on(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    sitter = Sitter(app, member, held(tree, one_device=True))
    attempt = sitter.start()
    sitter.page(f"/attempts/{attempt.id}")
    name = member.sign_in_name
    assert sitter.post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 303
    sitter.page(f"/attempts/{attempt.id}")
    assert sitter.put(1, right(sitter.attempt, 1)).status_code == 200


def test_an_invigilator_releases_only_in_their_reach(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    sitter = Sitter(app, member, held(tree, one_device=True))
    attempt = sitter.start()
    sitter.page(f"/attempts/{attempt.id}")
    other = Visitor(app, new_staff(Role.SECRETARY, tree["B2"], password=PASSWORD))
    assert other.post("/units/B2/sitting/release", {"id": str(attempt.id)}).status_code == 404
    assert other.post("/units/B1/sitting/release", {"id": str(attempt.id)}).status_code == 404


class Safe(Sitter):
    """A member in Safe Exam Browser: each request carries the hash of its own address."""

    keys: tuple[str, str] = (KEY, BROWSER)

    def get(self, address: str, **more: Any) -> Any:
        """Open an address with its hashes."""
        return super().get(address, headers=self.hashes(address), **more)

    def post(self, address: str, data: dict[str, Any] | None = None) -> Any:
        """Send a form with the hashes of its address."""
        sent = {"csrf_token": self.token(), **(data or {})}
        return self.client.post(address, data=sent, headers={**self.headers, **self.hashes(address)})

    def json(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        """Call the API with the hashes of its address."""
        return super().json(method, address, body, **{**self.hashes(address), **headers})

    def hashes(self, address: str) -> dict[str, str]:
        """The headers for an address."""
        config, browser = (safe_browser.request_hash(HOST + address, key) for key in self.keys)
        return {safe_browser.CONFIG_HEADER: config, safe_browser.BROWSER_HEADER: browser}


def calls(attempt_id: int, sitter: Sitter) -> list[Callable[[], Any]]:
    """Every request of an open attempt."""
    page, api = f"/attempts/{attempt_id}", f"/api/v1/attempts/{attempt_id}"
    several = {"answers": [{"slot": 2, "response": {}, "sequence": 1, "base": 0}]}
    return [
        lambda: sitter.get(page),
        lambda: sitter.get(f"{page}?page=1"),
        lambda: sitter.get(f"{page}/clock"),
        lambda: sitter.get(f"{page}/hand-in"),
        lambda: sitter.json("GET", api),
        lambda: sitter.json("GET", f"{api}/clock"),
        lambda: sitter.json("PUT", f"{api}/answers/1", {"response": {}, "sequence": 1, "base": 0}),
        lambda: sitter.json("PUT", f"{api}/answers", several),
        lambda: sitter.post(page, {"go": "stay"}),
        lambda: sitter.post(f"{page}/files/1"),
        lambda: sitter.json("POST", f"{api}/hand-in"),
        lambda: sitter.post(f"{page}/hand-in"),
    ]


def answers(attempt_id: int, sitter: Sitter) -> list[int]:
    """How each of them is answered; streams are closed."""
    found = []
    for call in calls(attempt_id, sitter):
        answer = call()
        found.append(answer.status_code)
        answer.close()
    return found


def test_e32_every_request_of_an_attempt_needs_the_hash_of_its_own_address(
    app: Flask, tree: dict[str, Unit], member: Member
) -> None:
    quiz = held(tree, safe_browser=True, own_config=False, config_keys=[KEY], browser_keys=[BROWSER])
    safe, plain = Safe(app, member, quiz), Sitter(app, member, quiz)
    plain.headers["User-Agent"] = "Mozilla/5.0 SEB/3.7 SafeExamBrowser"
    start = plain.post(f"/quizzes/{quiz.slug}/attempts")
    assert start.status_code == 403
    assert "sat in Safe Exam Browser" in start.get_data(as_text=True)
    assert plain.json("POST", f"/api/v1/quizzes/{quiz.id}/attempts").get_json()["code"] == "safe_browser"
    attempt_id = safe.start().id
    assert answers(attempt_id, plain) == [403] * 12
    wrong = Safe(app, member, quiz)
    for keys in ((OTHER, BROWSER), (KEY, OTHER)):
        wrong.keys = keys
        assert answers(attempt_id, wrong) == [403] * 12
    assert safe.held == {}
    borrowed = safe.hashes(f"/attempts/{attempt_id}")
    assert plain.get(f"/attempts/{attempt_id}?page=1", headers=borrowed).status_code == 403, "of another address"
    assert 403 not in answers(attempt_id, safe)
    assert safe.attempt.state == "closed"
    plain.page(f"/attempts/{attempt_id}/review")


def test_e32_no_endpoint_of_an_attempt_is_forgotten(app: Flask) -> None:
    known = door.AT_THE_DOOR | door.WHILE_SAVING | door.AFTERWARDS
    there = {rule.endpoint for rule in app.url_map.iter_rules() if "attempt_id" in rule.arguments}
    assert there == known


def test_e32_the_configuration_made_here_opens_the_quiz(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    quiz = held(tree, safe_browser=True)
    found = rules.of_quiz(quiz.id)
    assert found is not None
    file, link = f"/seb/{found.token}.seb", f"seb://localhost/seb/{found.token}.seb"
    safe, plain = Safe(app, member, quiz), Sitter(app, member, quiz)
    page = plain.post(f"/quizzes/{quiz.slug}/attempts").get_data(as_text=True)
    assert link in page
    answer = Visitor(app).get(file)
    assert answer.mimetype == "application/seb"
    settings = plistlib.loads(answer.get_data())
    assert settings["startURL"] == f"{HOST}/quizzes/{quiz.slug}"
    safe.keys = (safe_browser.config_key(settings), OTHER)
    attempt_id = safe.start().id
    safe.page(f"/attempts/{attempt_id}")
    assert safe.put(1, right(safe.attempt, 1)).status_code == 200
    assert Visitor(app).get("/seb/nothing.seb").status_code == 404


def test_the_page_says_how_a_quiz_is_held(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    quiz = new_quiz(tree["HQ"], 1, title="Fire")
    instructor = Visitor(app, new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD))
    address = f"/desk/quizzes/{quiz.id}/conduct"
    assert "Download the file" not in instructor.page(address)
    refused = instructor.post(address, {"safe_browser": "y", "config_keys": "xyz", "own_config": "y"})
    assert refused.status_code == 422
    assert "64 digits" in refused.get_data(as_text=True)
    assert instructor.post(address, {"safe_browser": "y"}).status_code == 422
    form = {"one_device": "y", "safe_browser": "y", "own_config": "y", "config_keys": KEY.upper() + "\n"}
    assert instructor.post(address, form).status_code == 303
    page = instructor.page(address)
    assert "Download the file" in page
    assert KEY in page
    assert "Safe Exam Browser only" in Visitor(app, member).page(f"/quizzes/{quiz.slug}")


def test_a_preview_asks_for_nothing(app: Flask, tree: dict[str, Unit]) -> None:
    quiz = held(tree, safe_browser=True, one_device=True)
    instructor = Visitor(app, new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD))
    begun = instructor.post(f"/desk/quizzes/{quiz.id}/preview")
    assert begun.status_code == 303
    assert 'id="q1"' in instructor.page(begun.headers["Location"])


def test_an_attempt_without_a_door_costs_the_clock_a_statement_once(
    app: Flask, tree: dict[str, Unit], member: Member, statements: Any
) -> None:
    sitter = Sitter(app, member, new_quiz(tree["HQ"], 1))
    clock = f"/api/v1/attempts/{sitter.start().id}/clock"
    counts = []
    for _n in range(3):
        with statements() as seen:
            assert sitter.client.get(clock).status_code == 200
        counts.append(len(seen))
    assert counts == [3, 2, 2], "the session, the door once, the clock"
