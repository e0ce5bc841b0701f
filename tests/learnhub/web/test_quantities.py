"""A number with its unit in a quiz: chosen beside the number or typed behind it, and told in the review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.identity.models import Member
from learnhub.organisations.models import Unit
from question_bank.authoring import QuestionDraft
from tests.learnhub.quizzes.sitting import new_quiz
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, small_tree

pytestmark = pytest.mark.sqlite_only
UNITS = [{"unit": "m", "factor": "1"}, {"unit": "cm", "factor": "0.01"}]


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def member(tree: dict[str, Unit]) -> Member:
    return new_member(tree["B1"], password=PASSWORD)


def length(**more: Any) -> QuestionDraft:
    answers = [{"value": "3.5", "tolerance": "0.02", "tolerance_kind": "relative"}]
    return QuestionDraft("numerical", f"<p>How long? {more}</p>", {"answers": answers, "units": UNITS, **more})


def test_a_unit_is_chosen_or_typed_saved_marked_and_told(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    chosen, typed = length(unit_input="choice", unit_penalty="1/4"), length(unit_penalty="1/4")
    sitter = Sitter(app, member, new_quiz(tree["HQ"], [chosen, typed, chosen], questions_per_page=5))
    attempt = sitter.start()
    page = sitter.page(f"/attempts/{attempt.id}")
    assert page.count("<option >cm</option>") == 2
    assert page.count('name="s2-unit"') == 0, "what is typed is not given away"
    sent = {"s1-text": "351", "s1-unit": "cm", "s2-text": "３，５６", "s3-text": "3.5", "s3-unit": ""}
    assert sitter.send(sent).status_code in {200, 303}
    assert sitter.held == {1: {"text": "351", "unit": "cm"}, 2: {"text": "３，５６"}, 3: {"text": "3.5"}}
    assert "<option selected>cm</option>" in sitter.page(f"/attempts/{attempt.id}")
    assert sitter.put(3, {"text": "3.5", "unit": "stone"}, sequence=5, base=1).status_code == 422
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    assert [one["mark"] for one in sitter.attempt.marks] == [1000, 750, 750]
    review = sitter.page(f"/attempts/{attempt.id}/review")
    assert "351 cm" in review
    assert review.count("The unit is missing or does not fit.") == 2
