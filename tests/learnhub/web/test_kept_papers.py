"""The whole paper on one page, as a phone keeps it: everything that is asked, nothing that is right."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from learnhub.organisations.models import Unit
from tests.learnhub.quizzes.sitting import drafts, new_quiz, right
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    """The small tree."""
    return small_tree()


@pytest.fixture
def sitter(app: Flask, tree: dict[str, Unit]) -> Sitter:
    """Somebody with a quiz of six questions, two a page."""
    quiz = new_quiz(tree["HQ"], drafts(6), title="Tea and water", questions_per_page=2)
    return Sitter(app, new_member(tree["B1"], password=PASSWORD), quiz)


def test_the_whole_paper_holds_every_question_with_its_answer_and_leads_nowhere_else(sitter: Sitter) -> None:
    attempt = sitter.start()
    sitter.send({"s3-choice": right(attempt, 3)["choice"], "go": "stay"}, 2)
    page = sitter.page(f"/attempts/{attempt.id}?whole=1")
    assert re.findall(r'data-slot="(\d)"', page) == list("123456")
    assert f'value="{right(attempt, 3)["choice"]}" checked' in page
    assert 'data-whole="2"' in page
    assert re.findall(r'data-nav="\d" data-href="([^"]*)"', page) == [f"#q{n}" for n in range(1, 7)]
    assert 'value="next"' not in page
    assert 'aria-current="step"' not in page


def test_every_page_of_an_attempt_says_where_the_whole_paper_is(sitter: Sitter) -> None:
    attempt = sitter.start()
    for path in ("", "?page=3", "/hand-in"):
        page = sitter.page(f"/attempts/{attempt.id}{path}")
        assert f'data-paper="/attempts/{attempt.id}?whole=1"' in page
        assert "data-whole" not in page


def test_the_paper_of_an_attempt_that_is_over_is_not_to_be_had(sitter: Sitter) -> None:
    attempt = sitter.start()
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    assert sitter.get(f"/attempts/{attempt.id}?whole=1").headers["Location"].endswith("/review")


def test_nobody_else_gets_the_paper(app: Flask, tree: dict[str, Unit], sitter: Sitter) -> None:
    attempt = sitter.start()
    other = Visitor(app, new_member(tree["B1"], password=PASSWORD))
    assert other.get(f"/attempts/{attempt.id}?whole=1").status_code == 404
    assert Visitor(app).get(f"/attempts/{attempt.id}?whole=1").status_code == 303


def test_a_paper_is_never_kept_by_the_browser_itself(sitter: Sitter) -> None:
    attempt = sitter.start()
    assert sitter.get(f"/attempts/{attempt.id}?whole=1").headers["Cache-Control"] == "no-store"
