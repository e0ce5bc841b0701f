"""An instructor's quizzes in the browser: setting them, looking at them, their results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes import catalogue
from learnhub.quizzes.models import Quiz
from question_bank import sources
from tests.learnhub.quizzes.sitting import new_bank, new_quiz, right, single
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    """It is the moment `now`."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    """The small tree."""
    return small_tree()


@pytest.fixture
def author(app: Flask, tree: dict[str, Unit], now: datetime) -> Visitor:
    """An instructor of B1 with a bank of twelve questions."""
    bank, _ids = new_bank([single(n, category="tea") for n in range(12)])
    works.own(Work.BANK, bank.id, tree["B1"].id, now)
    return Visitor(app, new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD))


DRAWN = {
    "title": "Drawn",
    "unit": "B1",
    "lesson": "",
    "mode": "test",
    "published": "y",
    "source": "drawn",
    "quotas-0-count": "5",
    "quotas-0-category": "tea",
    "quotas-0-kind": "",
    "counts": "best",
    "review": "",
    "multiple_marking": "all_or_nothing",
    "pass_percent": "60",
    "questions_per_page": "5",
    "minutes": "20",
    "opens_at": "2026-11-22T08:00",
    "closes_at": "2026-12-01T18:00",
    "attempts_allowed": "2",
}


def made() -> Quiz:
    return db.session.query(Quiz).order_by(Quiz.id.desc()).first()  # type: ignore[return-value]


def test_an_instructor_sets_a_drawn_quiz(author: Visitor, now: datetime) -> None:
    assert "No quizzes yet" in author.page("/desk/quizzes")
    answer = author.post("/desk/quizzes/new", DRAWN)
    quiz = made()
    assert answer.headers["Location"] == f"/desk/quizzes/{quiz.id}"
    assert (quiz.time_limit_seconds, quiz.attempts_allowed) == (1200, 2)
    assert quiz.closes_at == datetime.fromisoformat("2026-12-01T10:00:00Z")
    assert quiz.paper["blueprint"]["quotas"][0]["count"] == 5
    form = author.page(f"/desk/quizzes/{quiz.id}/edit")
    assert 'value="2026-12-01T18:00"' in form
    assert author.post(f"/desk/quizzes/{quiz.id}/edit", {**DRAWN, "title": "Renamed"}).status_code == 303
    assert made().title == "Renamed"
    assert "Renamed" in author.page("/desk/quizzes")


def test_an_instructor_sets_a_quiz_of_chosen_questions(author: Visitor) -> None:
    form = author.page("/desk/quizzes/new")
    ids = re.findall(r'name="chosen" value="(\d+)"', form)
    assert len(ids) == 12
    answer = author.post("/desk/quizzes/new", {**DRAWN, "source": "fixed", "chosen": ids[:3], "mark": "2.5"})
    assert answer.status_code == 303
    assert made().paper["questions"] == [{"id": one, "mark": 2500} for one in ids[:3]]
    assert author.page(f"/desk/quizzes/{made().id}/edit").count(" checked> <span>Question") == 3


def test_questions_keep_their_own_marks_and_the_form_says_which(author: Visitor) -> None:
    ids = re.findall(r'name="chosen" value="(\d+)"', author.page("/desk/quizzes/new"))
    author.post("/desk/quizzes/new", {**DRAWN, "source": "fixed", "chosen": ids[:2], "mark": "2"})
    quiz = made()
    quiz.paper = {**quiz.paper, "questions": [{"id": ids[0], "mark": 2000}, {"id": ids[1], "mark": 5500}]}
    db.session.commit()
    form = author.page(f"/desk/quizzes/{quiz.id}/edit")
    assert "· 2 marks" in form
    assert "· 5.5 marks" in form
    assert "those on the paper keep the marks beside them" in form
    author.post(f"/desk/quizzes/{quiz.id}/edit", {**DRAWN, "source": "fixed", "chosen": ids[:3], "mark": "1"})
    assert [one["mark"] for one in made().paper["questions"]] == [2000, 5500, 1000]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"title": ""}, "Give the quiz a title."),
        ({"quotas-0-count": "13"}, "one question is missing"),
        ({"quotas-0-count": ""}, "no rules"),
        ({"quotas-0-count": "x"}, "Not a valid integer"),
        ({"source": "fixed"}, "no questions"),
        ({"source": "fixed", "chosen": ["5"]}, "not in this bank"),
        ({"source": "fixed", "chosen": ["5' OR 1"]}, "no questions"),
        ({"closes_at": "2026-11-22T07:00"}, "closes before it opens"),
        ({"closes_at": "soon"}, "Not a valid datetime"),
        ({"unit": "HQ"}, "Not a valid choice"),
        ({"lesson": "5"}, "Not a valid choice"),
        ({"minutes": "0"}, "between 1 and"),
    ],
)
def test_a_fault_in_the_form_is_shown_and_what_was_typed_is_kept(
    author: Visitor, fault: dict[str, Any], says: str
) -> None:
    answer = author.post("/desk/quizzes/new", {**DRAWN, **fault})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert says in text
    assert 'value="20"' in text or "minutes" in fault
    assert made() is None


def test_a_preview_shows_the_quiz_and_counts_nowhere(author: Visitor) -> None:
    author.post("/desk/quizzes/new", DRAWN)
    quiz = made()
    address = author.post(f"/desk/quizzes/{quiz.id}/preview").headers["Location"]
    assert "(preview)" in author.page(address)
    assert author.post(f"{address}/hand-in").status_code == 303
    assert "Right answer" in author.page(f"{address}/review") or "right" in author.page(f"{address}/review")
    assert "No attempts yet" in author.page(f"/desk/quizzes/{quiz.id}")


def test_the_results_show_the_attempts_of_the_members_in_reach(
    app: Flask, author: Visitor, tree: dict[str, Unit]
) -> None:
    quiz = new_quiz(tree["B1"], 2)
    sitter = Sitter(app, new_member(tree["B1a"], "Zhao Near", password=PASSWORD), quiz)
    attempt = sitter.start()
    sitter.put(1, right(attempt, 1))
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    page = author.page(f"/desk/quizzes/{sitter.quiz_id}")
    assert "Zhao Near" in page
    assert "1 / 2" in page
    assert "not passed" in page
    assert 'data-label="Mean">50%' in author.page("/desk/quizzes")


def test_nobody_changes_the_quiz_of_a_unit_beyond_their_reach(author: Visitor, tree: dict[str, Unit]) -> None:
    foreign = new_quiz(tree["B2"], 1).id
    db.session.commit()
    for address in (f"/desk/quizzes/{foreign}", f"/desk/quizzes/{foreign}/edit"):
        assert author.get(address).status_code == 404
    assert author.post(f"/desk/quizzes/{foreign}/edit", DRAWN).status_code == 404
    assert author.post(f"/desk/quizzes/{foreign}/preview").status_code == 404


def test_the_quizzes_that_ask_a_question_are_known(app: Flask, tree: dict[str, Unit]) -> None:
    quiz = new_quiz(tree["B1"], 2)
    first, second = (int(one["id"]) for one in quiz.paper["questions"])
    assert catalogue.used_in([first, 5]) == {first: [quiz]}
    assert set(catalogue.used_in([first, second])) == {first, second}


def test_results_sort_by_a_column_and_leaf(
    app: Flask, author: Visitor, tree: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learnhub.web.quizzes.desk.PER_PAGE", 2)
    quiz = new_quiz(tree["B1"], 2)
    for name, rights in (("An", 1), ("Bo", 2), ("Cy", 0)):
        sitter = Sitter(app, new_member(tree["B1a"], name, password=PASSWORD), quiz)
        attempt = sitter.start()
        for slot in range(1, rights + 1):
            sitter.put(slot, right(attempt, slot))
        sitter.post(f"/attempts/{attempt.id}/hand-in")
    address = f"/desk/quizzes/{sitter.quiz_id}"

    def names(query: str) -> list[str]:
        return re.findall(r'data-label="Name"><strong>([^<]+)', author.page(f"{address}?{query}"))

    assert names("sort=score") == ["Cy", "An"]
    assert names("sort=score&page=2") == ["Bo"]
    assert names("sort=-score&page=7") == ["Cy"]
    assert names("sort=-name") == ["Cy", "Bo"]
    for key in ("number", "unit", "attempt", "started", "submitted", "passed", "nothing"):
        assert len(names(f"sort={key}")) == 2


def test_an_instructor_sets_and_changes_the_access_code_and_the_networks(author: Visitor) -> None:
    author.post("/desk/quizzes/new", {**DRAWN, "access_code": "tea 7", "addresses": "10.1.0.0/16\r\n2001:db8::/32"})
    quiz_id = made().id
    assert "<code>tea 7</code>" in author.page(f"/desk/quizzes/{quiz_id}")
    form = author.page(f"/desk/quizzes/{quiz_id}/edit")
    assert 'value="tea 7"' in form
    assert "10.1.0.0/16\n2001:db8::/32" in form.replace("\r", "")
    wrong = author.post(f"/desk/quizzes/{quiz_id}/edit", {**DRAWN, "addresses": "the library"})
    assert wrong.status_code == 422
    assert "no address range" in wrong.get_data(as_text=True)
    assert author.post(f"/desk/quizzes/{quiz_id}/edit", {**DRAWN, "access_code": "coffee"}).status_code == 303
    assert (made().access_code, made().addresses) == ("coffee", [])


def test_an_instructor_sets_how_answers_are_checked(author: Visitor) -> None:
    tries = {**DRAWN, "behaviour": "tries", "tries": "4", "penalty": "33.33333%", "navigation": "sequential"}
    assert author.post("/desk/quizzes/new", tries).status_code == 303
    quiz = made()
    assert (quiz.behaviour, quiz.tries, quiz.penalty, quiz.navigation) == ("tries", 4, "1/3", "sequential")
    form = author.page(f"/desk/quizzes/{quiz.id}/edit")
    assert 'value="33.33333"' in form
    wrong = author.post("/desk/quizzes/new", {**DRAWN, "behaviour": "at_once", "mode": "exam"})
    assert wrong.status_code == 422
    assert "An exam says nothing" in wrong.get_data(as_text=True)
    assert author.post("/desk/quizzes/new", {**tries, "penalty": "a third"}).status_code == 422


def test_an_instructor_sets_a_quiz_that_comes_every_day(author: Visitor) -> None:
    assert author.post("/desk/quizzes/new", {**DRAWN, "series": "daily", "same_for_all": "y"}).status_code == 303
    assert (made().series, made().same_for_all) == ("daily", True)
    form = author.page(f"/desk/quizzes/{made().id}/edit")
    assert '<option selected value="daily">' in form


def test_the_page_of_a_quiz_tells_of_sources_that_are_over(
    author: Visitor, tree: dict[str, Unit], now: datetime
) -> None:
    drafts = [replace(single(n), source="Law") for n in range(20, 23)]
    bank, ids = new_bank(drafts)
    fixed = new_quiz(tree["B1"], paper={"questions": [{"id": str(one), "mark": 1000} for one in ids]})
    drawn = new_quiz(tree["B1"], paper={"banks": [str(bank.id)], "blueprint": {"quotas": [{"count": 2}]}})
    closed = new_quiz(tree["B1"], paper=fixed.paper, closes_at=now - timedelta(days=1))
    told = {fixed: "3 questions of this quiz rest on a source", drawn: "Nobody can start this quiz"}
    for quiz, words in told.items():
        assert words not in author.page(f"/desk/quizzes/{quiz.id}")
    law, _count = next(one for one in sources.of_bank(bank))
    sources.write(bank, law, name="Law", valid_from=None, valid_until=now.date() - timedelta(days=3), today=now.date())
    db.session.commit()
    for quiz, words in told.items():
        assert words in author.page(f"/desk/quizzes/{quiz.id}")
    assert "rest on a source" not in author.page(f"/desk/quizzes/{closed.id}")
