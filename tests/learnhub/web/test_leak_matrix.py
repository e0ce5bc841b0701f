"""The leak matrix: every endpoint × every role × an object of one's own, a lower, an upper and a foreign unit.

It is made from the URL map itself: an endpoint without a mark, or with a parameter that the matrix does not know how to
fill, fails the suite, so a new page cannot be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from learnhub.organisations.permissions import GRANTED, Permission, Role
from learnhub.web.guards import PUBLIC, SIGNED_IN, guard_of
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.learnhub.web.world import Place, build

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
    "entry_id": lambda place: place.entry_id,
    "export_id": lambda place: place.job.id,
    "job_id": lambda place: place.job.id,
    "import_id": lambda place: place.brought.id,
    "change_id": lambda place: place.change.id,
    "grant_id": lambda place: place.grant.id,
    "term_id": lambda place: place.more["term"].id,
    "notice_id": lambda place: place.notice_id,
    "slot": lambda place: 1,
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
    "points.change_rule": {"code": "quiz_passed"},
    "help.seen": {"role": "member"},
    "organisations.remove_kind": {"key": "team"},
}
"""Endpoints whose parameters name no object of a unit."""


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
    return build(now)


@pytest.fixture
def visitors(app: Flask, world: Any) -> dict[Role, tuple[FlaskClient, dict[str, str]]]:
    """A signed-in browser for each role, with its form token."""
    found = {}
    for role, person in world[1].items():
        browser = app.test_client()
        sign_in(browser, person.number)
        found[role] = (browser, {"X-CSRFToken": token(browser, "/me")})
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


def test_w01_nobody_reaches_an_object_of_a_foreign_unit(app: Flask, world: Any, visitors: Any) -> None:
    places, _people = world
    leaks = []
    for role in (Role.MEMBER, Role.INSTRUCTOR, Role.SECRETARY):
        browser, headers = visitors[role]
        for rule, method, url in addresses(app, places["B2"]):
            answer = browser.open(url, method=method, headers=headers, json={} if url.startswith("/api/") else None)
            fine = {403, 404} if method == "GET" else REFUSED
            if answer.status_code not in fine or "canary-B2" in answer.get_data(as_text=True):
                leaks.append(f"{role} {method} {url} ({rule.endpoint}): {answer.status_code}")
    assert leaks == []


def test_w01_a_secretary_of_a_branch_does_not_see_the_committee_s_people(app: Flask, world: Any, visitors: Any) -> None:
    places, _people = world
    personal = {
        "member_id",
        "attempt_id",
        "entry_id",
        "export_id",
        "job_id",
        "import_id",
        "grant_id",
        "notice_id",
        "term_id",
    }
    leaks = []
    for role in (Role.MEMBER, Role.INSTRUCTOR, Role.SECRETARY):
        browser, headers = visitors[role]
        for rule, method, url in addresses(app, places["HQ"]):
            if not rule.arguments & personal:
                continue
            answer = browser.open(url, method=method, headers=headers, json={} if url.startswith("/api/") else None)
            if answer.status_code not in ({403, 404} if method == "GET" else REFUSED):
                leaks.append(f"{role} {method} {url} ({rule.endpoint}): {answer.status_code}")
    assert leaks == []


def test_w01_lists_name_nothing_foreign(app: Flask, world: Any, visitors: Any) -> None:
    leaks = []
    for role in (Role.MEMBER, Role.INSTRUCTOR, Role.SECRETARY):
        browser, _headers = visitors[role]
        for rule in rules_of(app):
            if "GET" not in (rule.methods or set()) or (rule.arguments and rule.endpoint not in NO_OBJECT):
                continue
            with app.test_request_context():
                url = app.url_map.bind("localhost").build(rule.endpoint, NO_OBJECT.get(rule.endpoint, {}))
            answer = browser.get(url)
            if "canary-B2" in answer.get_data(as_text=True):
                leaks.append(f"{role} GET {url}")
            if answer.status_code >= 500:
                leaks.append(f"{role} GET {url}: {answer.status_code}")
    assert leaks == []


def test_w01_a_permission_that_is_not_held_opens_nothing(app: Flask, world: Any, visitors: Any) -> None:
    places, _people = world
    leaks = []
    for role, (browser, headers) in visitors.items():
        for rule, method, url in addresses(app, places["B1"]):
            guard = guard_of(rule.endpoint)
            if not isinstance(guard, Permission) or guard in GRANTED[role]:
                continue
            answer = browser.open(url, method=method, headers=headers, json={} if url.startswith("/api/") else None)
            if answer.status_code not in {403, 404}:
                leaks.append(f"{role} {method} {url} ({rule.endpoint}): {answer.status_code}")
    assert leaks == []


def test_w01_what_one_may_see_opens(app: Flask, world: Any, visitors: Any) -> None:
    """The other side: a matrix that is passed by refusing everything would be worth nothing."""
    places, _people = world
    opened: dict[Role, set[str]] = {role: set() for role in visitors}
    closed = []
    for role, (browser, _headers) in visitors.items():
        for rule, method, url in addresses(app, places["B1" if role is not Role.SECRETARY else "B1a"]):
            guard = guard_of(rule.endpoint)
            if method != "GET" or guard == SIGNED_IN or not isinstance(guard, Permission) or guard not in GRANTED[role]:
                continue
            answer = browser.get(url)
            if answer.status_code < 400:
                opened[role].add(rule.endpoint)
            elif role is Role.ADMINISTRATOR and not rule.arguments & {"export_id", "job_id", "import_id"}:
                closed.append(f"{role} GET {url} ({rule.endpoint}): {answer.status_code}")
    assert closed == []
    assert len(opened[Role.SECRETARY]) >= 3
    assert len(opened[Role.ADMINISTRATOR]) >= 5


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
