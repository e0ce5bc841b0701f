"""The log of focus: told by the page, bounded, the same for the member and the instructor, and off unless asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes.conduct import focus, rules
from learnhub.quizzes.conduct.rules import Rules
from learnhub.quizzes.models import Quiz
from tests.learnhub.quizzes.sitting import new_quiz
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

TOLD = [
    {"kind": "hidden", "slot": 1},
    {"kind": "back", "seconds": 12.4},
    {"kind": "pasted", "length": 240, "slot": 2, "text": "secret"},
    {"kind": "spied"},
    {"kind": "pasted", "length": -1},
    "noise",
]


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def sits(app: Flask, tree: dict[str, Unit], *, log: bool) -> tuple[Sitter, Quiz]:
    quiz = new_quiz(tree["HQ"], 2, title="Fire")
    rules.put(quiz, Rules(log_focus=log), None, utcnow())
    return Sitter(app, new_member(tree["B1"], "Wang Fang", password=PASSWORD), quiz), quiz


def tell(sitter: Sitter, attempt_id: int, told: Any) -> int:
    status: int = sitter.post(f"/attempts/{attempt_id}/focus", {"events": json.dumps(told)}).status_code
    db.session.rollback()
    return status


def test_the_member_reads_what_the_instructor_reads(app: Flask, tree: dict[str, Unit]) -> None:
    sitter, quiz = sits(app, tree, log=True)
    instructor = Visitor(app, new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD))
    assert "never what" in sitter.page(f"/quizzes/{quiz.slug}"), "told before one begins"
    attempt_id = sitter.start().id
    assert "data-focus" in sitter.page(f"/attempts/{attempt_id}")
    assert tell(sitter, attempt_id, TOLD) == 204
    mine = sitter.page(f"/attempts/{attempt_id}/log")
    theirs = instructor.page(f"/desk/quizzes/{quiz.id}/attempts/{attempt_id}/log")
    for line in ("The page was left", "Back after 12 seconds.", "240 characters were pasted."):
        assert line in mine
        assert line in theirs
    assert "secret" not in mine + theirs
    assert "left the page: 1, pasted: 2" in instructor.page(f"/desk/quizzes/{quiz.id}")
    sitter.post(f"/attempts/{attempt_id}/hand-in")
    assert f"/attempts/{attempt_id}/log" in sitter.page(f"/attempts/{attempt_id}/review")
    assert tell(sitter, attempt_id, TOLD) == 204
    assert len(focus.of_attempt(sitter.member_id, attempt_id)) == 4, "nothing after the end"


def test_nothing_is_kept_where_nobody_asked_for_it(app: Flask, tree: dict[str, Unit]) -> None:
    sitter, quiz = sits(app, tree, log=False)
    assert "never what" not in sitter.page(f"/quizzes/{quiz.slug}")
    attempt_id = sitter.start().id
    assert "data-focus" not in sitter.page(f"/attempts/{attempt_id}")
    assert tell(sitter, attempt_id, TOLD) == 204
    assert focus.of_attempt(sitter.member_id, attempt_id) == []
    assert "Nothing was noted" in sitter.page(f"/attempts/{attempt_id}/log")


def test_the_log_is_bounded_and_nobody_writes_in_anothers(app: Flask, tree: dict[str, Unit]) -> None:
    sitter, _quiz = sits(app, tree, log=True)
    attempt_id = sitter.start().id
    for _n in range(12):
        tell(sitter, attempt_id, [{"kind": "hidden"}] * 60)
    assert len(focus.of_attempt(sitter.member_id, attempt_id)) == focus.MOST
    for broken in ("[", "{}", "7", "null"):
        assert sitter.post(f"/attempts/{attempt_id}/focus", {"events": broken}).status_code == 204
    other = Visitor(app, new_member(tree["B1"], password=PASSWORD))
    assert other.post(f"/attempts/{attempt_id}/focus", {"events": "[]"}).status_code == 404
    assert other.get(f"/attempts/{attempt_id}/log").status_code == 404
