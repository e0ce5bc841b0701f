"""What a member may see of an attempt, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from learnhub.quizzes import review
from learnhub.quizzes.models import Mode, Quiz
from learnhub.quizzes.review import Item, Moment
from tests.makers import NOW

CLOSE = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("mode", "closes", "left", "minutes", "moment"),
    [
        (Mode.TEST, True, 1, 1, Moment.AFTER),
        (Mode.TEST, True, 1, 3, Moment.LATER),
        (Mode.TEST, True, 0, 3, Moment.LATER),
        (Mode.TEST, True, 0, 24 * 60, Moment.CLOSED),
        (Mode.TEST, False, 1, 3, Moment.LATER),
        (Mode.TEST, False, None, 3, Moment.LATER),
        (Mode.TEST, False, 0, 1, Moment.CLOSED),
        (Mode.EXAM, False, 0, 1, Moment.AFTER),
        (Mode.EXAM, True, 0, 24 * 60, Moment.CLOSED),
    ],
)
def test_the_moment_of_an_attempt(mode: Mode, closes: bool, left: int | None, minutes: int, moment: Moment) -> None:
    quiz = Quiz(mode=mode, closes_at=CLOSE if closes else None)
    now = NOW + timedelta(minutes=minutes)
    found = review.moment(quiz, state="closed", submitted_at=NOW, attempts_left=left, now=now)
    assert found is moment


def test_nothing_is_shown_while_the_attempt_is_open() -> None:
    quiz = Quiz(mode=Mode.PRACTICE, closes_at=None)
    during = review.moment(quiz, state="open", submitted_at=None, attempts_left=0, now=NOW)
    assert during is Moment.DURING
    assert review.shown({"during": ["mark"], **review.PRESETS[Mode.PRACTICE]}, during) == frozenset()


def test_e28_the_right_answers_of_a_test_wait_for_its_close() -> None:
    rules = review.PRESETS[Mode.TEST]
    assert Item.RIGHT_ANSWER not in review.shown(rules, Moment.AFTER) | review.shown(rules, Moment.LATER)
    assert Item.RIGHT_ANSWER in review.shown(rules, Moment.CLOSED)


def test_an_exam_shows_nothing_before_its_close_and_never_the_key() -> None:
    rules = review.PRESETS[Mode.EXAM]
    assert review.shown(rules, Moment.AFTER) == review.shown(rules, Moment.LATER) == frozenset()
    assert review.shown(rules, Moment.CLOSED) == {Item.RESPONSE, Item.MARK}


def test_practice_shows_everything_at_once() -> None:
    assert review.shown(review.PRESETS[Mode.PRACTICE], Moment.AFTER) == set(Item)


def test_a_quiz_may_have_rules_of_its_own() -> None:
    quiz = Quiz(mode=Mode.EXAM, review={"after": ["mark"]})
    assert review.shown(review.rules_of(quiz), Moment.AFTER) == {Item.MARK}
    assert review.shown(review.rules_of(quiz), Moment.CLOSED) == frozenset()
