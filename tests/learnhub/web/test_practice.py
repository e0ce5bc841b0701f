"""Practice asks less before handing in: only a question without an answer is worth a second look."""

from __future__ import annotations

from flask import Flask

from learnhub.quizzes import attempts
from learnhub.quizzes.models import Mode
from tests.learnhub.quizzes.sitting import new_quiz, right
from tests.makers import PASSWORD, new_member, new_unit
from tests.visiting import Visitor


def sit(app: Flask, mode: Mode, answered: int) -> str:
    """Answer some of two questions without scripts, press "hand in"; where that leads."""
    unit = new_unit()
    member, quiz = new_member(unit, password=PASSWORD), new_quiz(unit, 2, mode=mode)
    member_id, quiz_id = member.id, quiz.id
    visitor = Visitor(app, member)
    visitor.post(f"/quizzes/{quiz.slug}/attempts")
    attempt = attempts.of_member(member_id, quiz_id)[-1]
    fields = {f"s{slot}-choice": right(attempt, slot)["choice"] for slot in range(1, answered + 1)}
    hidden = {f"s{slot}-{name}": value for slot in (1, 2) for name, value in (("base", "0"), ("sequence", "1"))}
    answer = visitor.post(f"/attempts/{attempt.id}?page=1", {**hidden, **fields, "go": "hand-in"})
    assert answer.status_code == 303
    return answer.headers["Location"].rsplit("/", 1)[-1]


def test_practice_with_every_question_answered_is_handed_in_at_once(app: Flask) -> None:
    assert sit(app, Mode.PRACTICE, answered=2) == "review"


def test_practice_with_a_blank_asks_first(app: Flask) -> None:
    assert sit(app, Mode.PRACTICE, answered=1) == "hand-in"


def test_an_exam_always_asks_first(app: Flask) -> None:
    assert sit(app, Mode.EXAM, answered=2) == "hand-in"
