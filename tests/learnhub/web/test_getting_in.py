"""Access codes and networks in the browser and through the API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import attempts
from learnhub.web.limits import limiter
from tests.learnhub.quizzes.sitting import new_quiz, right
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, new_unit

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    """It is the moment `now`."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def unit(app: Flask) -> Unit:
    """A unit."""
    return new_unit()


def test_the_access_code_is_asked_for_at_the_start_and_shown_nowhere(app: Flask, unit: Unit) -> None:
    quiz = new_quiz(unit, access_code="CANARY-code", questions_per_page=2)
    sitter = Sitter(app, new_member(unit, password=PASSWORD), quiz)
    page = sitter.page(f"/quizzes/{sitter.slug}")
    assert 'name="access_code"' in page
    wrong = sitter.post(f"/quizzes/{sitter.slug}/attempts", {"access_code": "tea"})
    assert wrong.status_code == 422
    assert "not the access code" in wrong.get_data(as_text=True)
    by_api = sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts", {"access_code": "tea"})
    assert (by_api.status_code, by_api.get_json()["code"]) == (422, "access_code")
    assert sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts").status_code == 422
    assert attempts.of_member(sitter.member_id, sitter.quiz_id) == []
    assert sitter.post(f"/quizzes/{sitter.slug}/attempts", {"access_code": "canary-CODE"}).status_code == 303
    attempt = sitter.attempt
    seen = [page, wrong.get_data(as_text=True), by_api.get_data(as_text=True)]
    seen += [sitter.page(one) for one in ("/quizzes", f"/quizzes/{sitter.slug}", f"/attempts/{attempt.id}")]
    seen += [sitter.page(f"/api/v1/attempts/{attempt.id}")]
    assert not [text for text in seen if "canary" in text.lower()]
    again = sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts")
    assert again.get_json()["id"] == str(attempt.id), "going on asks nothing"


@time_machine.travel("2026-11-29 12:01+00:00", tick=True)  # the ten minutes begin on the clock
def test_wrong_codes_can_be_tried_ten_times_in_ten_minutes(
    app: Flask, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    quiz = new_quiz(unit, access_code="tea")
    sitter = Sitter(app, new_member(unit, password=PASSWORD), quiz)
    address, api = f"/quizzes/{sitter.slug}/attempts", f"/api/v1/quizzes/{sitter.quiz_id}/attempts"
    for n in range(5):
        assert sitter.post(address, {"access_code": f"x{n}"}).status_code == 422
        assert sitter.json("POST", api, {"access_code": f"y{n}"}).status_code == 422
    assert sitter.post(address, {"access_code": "tea"}).status_code == 429
    assert sitter.json("POST", api, {"access_code": "tea"}).status_code == 429
    assert attempts.of_member(sitter.member_id, sitter.quiz_id) == []


def test_questions_are_shown_on_the_named_networks_only_and_answers_saved_from_anywhere(app: Flask, unit: Unit) -> None:
    quiz = new_quiz(unit, addresses=["127.0.0.0/8"])
    sitter = Sitter(app, new_member(unit, password=PASSWORD), quiz)
    attempt = sitter.start()
    quiz.addresses = ["10.1.0.0/16"]
    response = right(attempt, 1)
    db.session.commit()
    answer = sitter.get(f"/attempts/{attempt.id}")
    assert answer.headers["Location"].endswith(f"/quizzes/{sitter.slug}")
    page = sitter.page(f"/quizzes/{sitter.slug}")
    assert "you come from 127.0.0.1" in page
    assert sitter.get(f"/api/v1/attempts/{attempt.id}").status_code == 403
    assert sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts").status_code == 403
    assert sitter.put(1, response).status_code == 200
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    assert sitter.get(f"/attempts/{attempt.id}/review").status_code == 200
    assert sitter.post(f"/quizzes/{sitter.slug}/attempts").headers["Location"].endswith(f"/quizzes/{sitter.slug}")
