"""The leak matrix: every endpoint × every role × an object of one's own, a lower, an upper, a sibling, a foreign unit.

It is made from the URL map itself: an endpoint without a mark, or with a parameter that the matrix does not know how to
fill, fails the suite, so a new page cannot be left out. What must come out is computed from the endpoint's mark and the
table of permissions. The people: the four roles, a custom role for each single permission, and a deputy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from learnhub.kernel.db import db
from learnhub.organisations.permissions import GRANTED, Permission, Role
from learnhub.web.guards import PUBLIC, guard_of
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.learnhub.web.world import UNITS, Place, build

pytestmark = [pytest.mark.sqlite_only, pytest.mark.slow]

REFUSED = {400, 403, 404, 409, 415, 422}
"""How an unsafe request may be turned away; a foreign object is 403 or 404 for a safe one."""

BY_PARAMETER: dict[str, Any] = {
    "code": lambda place: place.unit.code,
    "member_id": lambda place: place.member.id,
    "course_id": lambda place: place.course.id,
    "lesson_id": lambda place: place.lesson.id,
    "lesson_slug": lambda place: place.lesson.slug,
    "module_id": lambda place: place.lesson.module_id,
    "asset_id": lambda place: place.asset.id,
    "path": lambda place: place.asset.path,
    "bank_id": lambda place: place.bank.id,
    "question_id": lambda place: place.question.id,
    "version_id": lambda place: place.question.version_id,
    "quiz_id": lambda place: place.quiz.id,
    "attempt_id": lambda place: place.attempt.id,
    "handed_id": lambda place: place.handed.id,
    "late_id": lambda place: place.late_id,
    "digest": lambda place: place.digest,
    "part": lambda place: 1,
    "entry_id": lambda place: place.entry_id,
    "export_id": lambda place: place.job.id,
    "job_id": lambda place: place.job.id,
    "import_id": lambda place: place.brought.id,
    "change_id": lambda place: place.change.id,
    "planned_id": lambda place: place.planned_id,
    "grant_id": lambda place: place.grant.id,
    "time_id": lambda place: place.time_id,
    "term_id": lambda place: place.term.id,
    "notice_id": lambda place: place.notice_id,
    "request_id": lambda place: place.request.id,
    "field_id": lambda place: 2,
    "search_id": lambda place: place.search.id,
    "role_key": lambda place: place.custom.key,
    "transfer_id": lambda place: place.transfer.id,
    "number": lambda place: 1,
    "slot": lambda place: 1,
    "source_id": lambda place: place.source_id,
    "set_id": lambda place: place.papers_id,
    "variant": lambda place: 1,
    "session_id": lambda place: place.attempt.id,
    "token_id": lambda place: place.attempt.id,
}
SLUGS = {
    "courses": lambda place: place.course.slug,
    "authoring": lambda place: place.course.slug,
    "quizzes": lambda place: place.quiz.slug,
    "question_bank": lambda place: place.bank.slug,
}
OF_AREA = {("rosters", "import_id"): lambda place: place.roster.id}
"""Parameters that name something else in one area."""
NO_OBJECT = {
    "boards.board": {"name": "members"},
    "api.show_board": {"name": "members"},
    "question_bank.bank_file": {"name": "0" * 64 + ".png"},
    "points.change_rule": {"code": "quiz_passed"},
    "help.seen": {"role": "member"},
    "organisations.remove_kind": {"key": "team"},
}
"""Endpoints whose parameters name no object of a unit."""


PERSONAL = {"member_id", "attempt_id", "entry_id", "export_id", "job_id", "import_id", "grant_id", "notice_id"}
PERSONAL |= {"handed_id", "late_id", "digest", "transfer_id", "request_id", "search_id", "term_id", "time_id"}
"""Parameters that name something of a person: nothing that a committee offers to its branches."""
OWN_ONLY = {"export_id", "job_id", "import_id"}
"""Parameters that name something which only its maker may open."""
MAY: dict[str, frozenset[Permission]] = {
    **{str(role): permissions for role, permissions in GRANTED.items()},
    **{f"only {one}": frozenset({one}) for one in Permission},
    "deputy": GRANTED[Role.SECRETARY],
    "top": GRANTED[Role.ADMINISTRATOR],
}
"""What each person of the matrix may do; all on B1, but for `top`, an administrator of HQ."""
REACHED_BY = {person: {"HQ", "B1", "B1a", "B2"} if person == "top" else {"B1", "B1a"} for person in MAY}


def foreign_to(person: str) -> set[str]:
    """The units of which a list may name nothing to a person."""
    return {"B2", "X"} - REACHED_BY[person]


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if guard_of(rule.endpoint) != PUBLIC]


def filled(rule: Rule, place: Place) -> dict[str, Any] | None:
    """The parameters of a rule for the objects of a place; None when it names no object."""
    if rule.endpoint in NO_OBJECT or not rule.arguments:
        return None
    values = {}
    for name in rule.arguments:
        area = rule.endpoint.split(".")[0]
        maker = SLUGS.get(area) if name == "slug" else OF_AREA.get((area, name), BY_PARAMETER.get(name))
        if maker is None:
            pytest.fail(f"teach the leak matrix about {name!r} of {rule.endpoint} ({rule.rule})")
        values[name] = maker(place)
    return values


@pytest.fixture
def world(app: Flask, now: datetime) -> Any:
    """The small world."""
    return build(now)


@pytest.fixture
def visitors(app: Flask, world: Any) -> dict[str, tuple[FlaskClient, dict[str, str]]]:
    """A signed-in browser for each person, with its form token."""
    found = {}
    for name, person in world[1].items():
        browser = app.test_client()
        sign_in(browser, person.number)
        found[name] = (browser, {"X-CSRFToken": token(browser, "/me")})
    return found


def addresses(app: Flask, place: Place) -> Iterator[tuple[Rule, str, str]]:
    """Every method of every rule that names an object, with the address for a place's objects."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in rules_of(app):
            values = filled(rule, place)
            if values is None:
                continue
            url = adapter.build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, url


def test_w01_every_endpoint_carries_a_mark(app: Flask) -> None:
    unmarked = [rule.endpoint for rule in app.url_map.iter_rules() if guard_of(rule.endpoint) is None]
    assert unmarked == []


@pytest.mark.parametrize("code", UNITS)
def test_w01_each_answer_is_what_mark_and_table_say(app: Flask, world: Any, visitors: Any, code: str) -> None:
    """Whatever a person's permissions do not reach is refused by every method, and nothing of it is told.

    Refusals are asked for as problem+json, which has the same words as the page and takes half the time.
    """
    places, people = world
    wrong = []
    asked = list(addresses(app, places[code]))
    db.session.remove()
    for rule, method, url in asked:
        body = {} if url.startswith("/api/") else None
        for person in people:
            fits = expected(person, guard_of(rule.endpoint), rule, method, code)
            if fits is None:
                continue
            browser, headers = visitors[person]
            wanted = {**headers, "Accept": "application/json"}
            answer = browser.open(url, method=method, headers=wanted, json=body)
            if answer.status_code not in fits or f"canary-{code}-" in answer.get_data(as_text=True):
                wrong.append(f"{person} {method} {url} ({rule.endpoint}): {answer.status_code}")
    assert wrong == []


def expected(person: str, guard: Any, rule: Rule, method: str, code: str) -> set[int] | None:
    """How a request must be answered; None where the answer depends on whose the object is, not on its unit."""
    out_of_reach = {404} if method == "GET" else REFUSED
    if isinstance(guard, Permission) and guard is not Permission.LEARN:
        if guard not in MAY[person]:
            return {403}
        if "role_key" in rule.arguments:
            return None if person == "top" else {404}
        if "field_id" in rule.arguments and "member_id" not in rule.arguments:
            return None if person == "top" else {403}
        return None if code in REACHED_BY[person] else out_of_reach
    out_of_reach = out_of_reach | {403}
    if code in {"B2", "X"} and code not in REACHED_BY[person]:
        return out_of_reach
    return out_of_reach if rule.arguments & PERSONAL and code not in REACHED_BY[person] else None


def test_w01_lists_name_nothing_foreign(app: Flask, world: Any, visitors: Any) -> None:
    leaks = []
    for person, (browser, _headers) in visitors.items():
        for rule in rules_of(app):
            if "GET" not in (rule.methods or set()) or (rule.arguments and rule.endpoint not in NO_OBJECT):
                continue
            with app.test_request_context():
                url = app.url_map.bind("localhost").build(rule.endpoint, NO_OBJECT.get(rule.endpoint, {}))
            answer = browser.get(url)
            text = answer.get_data(as_text=True)
            leaks += [f"{person} GET {url}: {code}" for code in foreign_to(person) if f"canary-{code}-" in text]
            if answer.status_code >= 500:
                leaks.append(f"{person} GET {url}: {answer.status_code}")
    assert leaks == []


def test_w01_what_one_may_see_opens(app: Flask, world: Any, visitors: Any) -> None:
    """The other side: a matrix that is passed by refusing everything would be worth nothing."""
    places, people = world
    closed, opened = [], 0
    for person in people:
        browser, _headers = visitors[person]
        for rule, method, url in addresses(app, places["B1a"]):
            guard = guard_of(rule.endpoint)
            if method != "GET" or not isinstance(guard, Permission) or guard not in MAY[person]:
                continue
            if expected(person, guard, rule, method, "B1a") is not None:
                continue
            answer = browser.get(url)
            opened += answer.status_code < 400
            if answer.status_code >= 400 and not rule.arguments & OWN_ONLY:
                closed.append(f"{person} GET {url} ({rule.endpoint}): {answer.status_code}")
    assert closed == []
    assert opened > 5 * len(people)


def test_w01_a_visitor_is_sent_to_the_door(app: Flask, world: Any, client: FlaskClient) -> None:
    places, _people = world
    open_doors = []
    for rule, method, url in addresses(app, places["B1"]):
        answer = client.open(url, method=method)
        if method == "GET" and not url.startswith("/api/"):
            fine = answer.status_code == 303 and "/sign-in" in answer.headers["Location"]
        else:
            fine = answer.status_code in {400, 401}
        if not fine:
            open_doors.append(f"{method} {url} ({rule.endpoint}): {answer.status_code}")
    assert open_doors == []
