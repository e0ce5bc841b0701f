"""Charts on pages: the table behind each says what the record says, in both languages, for those who may see it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.points import ledger
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.study_time.models import StudyDay, YearlyTarget
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from tests.makers import PASSWORD, new_course, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

AFTERNOON = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with time_machine.travel(AFTERNOON, tick=False):
        yield


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def studied(member: Member, unit: Unit, course_id: int, day: date, minutes: int) -> None:
    db.session.add(
        StudyDay(member_id=member.id, day=day, course_id=course_id, unit_id=unit.id, milliseconds=60_000 * minutes)
    )


def numbers_of(page: str, chart: str) -> dict[str, list[str]]:
    """The table behind a chart: its rows by name."""
    figure = re.search(rf'<figure[^>]*id="{chart}">.*?</figure>', page, re.DOTALL)
    assert figure, f"no chart {chart}"
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', figure.group(), re.DOTALL)
    return {html.unescape(name): re.findall(r">([^<>]+)</td>", cells) for name, cells in rows}


def test_my_hours_by_week(app: Flask, tree: dict[str, Unit]) -> None:
    member, course_id = new_member(tree["B1"], password=PASSWORD), new_course("one")[0].course_id
    studied(member, tree["B1"], course_id, date(2026, 11, 15), 75)
    studied(member, tree["B1"], course_id, date(2026, 11, 16), 45)
    studied(member, tree["B1"], course_id, date(2026, 8, 1), 45)
    visitor = Visitor(app, member)
    page = visitor.page("/hours")
    rows = numbers_of(page, "weeks")
    assert len(rows) == 12
    names = list(rows)
    assert names[-1].split() == "Nov 16 \u2013 22, 2026".split()
    assert [rows[one] for one in names[-3:]] == [["0"], ["1.67"], ["1"]]
    assert f"This week so far: 1 hour. The most: 1.67 hours ({names[-2]})." in page
    assert 'role="img" aria-labelledby="weeks-title"' in page


def test_what_waits_for_a_mark_is_said_beside_the_scores(app: Flask, tree: dict[str, Unit]) -> None:
    quiz = Quiz(slug="q", title="Quiz", unit_id=tree["HQ"].id, paper={}, created_at=AFTERNOON, pass_percent=60)
    db.session.add(quiz)
    db.session.flush()
    for score in (1500, None, None):
        db.session.add(
            Attempt(
                member_id=new_member(tree["B1"]).id,
                quiz_id=quiz.id,
                unit_id=tree["B1"].id,
                number=1,
                state="closed",
                layout={"slots": []},
                marks=[],
                started_at=AFTERNOON - timedelta(hours=1),
                closed_at=AFTERNOON,
                score=score,
                waits=0 if score else 1,
                full_marks=2000,
                passed=True if score else None,
            )
        )
    visitor = Visitor(app, new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD))
    page = visitor.page(f"/desk/quizzes/{quiz.id}")
    assert "1 of 1 marked attempt reached the 60% that pass. 2 attempts are still to be marked." in page
    assert "Mean of marked attempts" in page
    assert "in 2 attempts" in visitor.page("/")


def test_without_hours_there_is_no_empty_plot(app: Flask, tree: dict[str, Unit]) -> None:
    page = Visitor(app, new_member(tree["B1"], password=PASSWORD)).page("/hours")
    assert "No hours fall in these weeks." in page
    assert 'class="plot' not in page


def test_hours_of_long_ago_are_shown_where_they_fall(app: Flask, tree: dict[str, Unit]) -> None:
    member, course_id = new_member(tree["B1"], password=PASSWORD), new_course("one")[0].course_id
    studied(member, tree["B1"], course_id, date(2026, 3, 4), 9)
    studied(member, tree["B1"], course_id, date(2025, 6, 10), 45)
    visitor = Visitor(app, member)
    page = visitor.page("/hours")
    rows = numbers_of(page, "weeks")
    last = list(rows)[-1]
    assert last.split() == "Mar 2 \u2013 8, 2026".split()
    assert (len(rows), rows[last]) == (12, ["0.2"])
    assert f"No hours fall in the last 12 weeks. The most: 0.2 hours ({last})." in page
    page = visitor.page("/hours?month=2025-06")
    last = list(numbers_of(page, "weeks"))[-1]
    assert last.split() == "Jun 9 \u2013 15, 2025".split()
    assert f"The most: 1 hour ({last})." in page
    assert "last 12 weeks" not in page


def test_a_moment_that_is_no_hundredth_of_an_hour_is_no_column(app: Flask, tree: dict[str, Unit]) -> None:
    member, course_id = new_member(tree["B1"], password=PASSWORD), new_course("one")[0].course_id
    studied(member, tree["B1"], course_id, date(2026, 11, 10), 45)
    db.session.add(
        StudyDay(
            member_id=member.id, day=date(2026, 11, 17), course_id=course_id, unit_id=tree["B1"].id, milliseconds=9
        )
    )
    page = Visitor(app, member).page("/hours")
    assert list(numbers_of(page, "weeks").values())[-1] == ["0"]
    assert page.count('<rect class="mark') == 1


def test_my_points_by_month_with_what_was_taken_back(app: Flask, tree: dict[str, Unit]) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    for n, (month, points) in enumerate(((3, 1200), (3, 34), (10, -5))):
        at = datetime(2026, month, 9, 4, tzinfo=UTC)
        ledger.post(
            member.id, kind="gift", source_id=f"{n}", points=points, reason=_("Gift"), occurred_at=at, now=AFTERNOON
        )
    rows = numbers_of(Visitor(app, member).page("/points"), "months")
    assert next(iter(rows)) == "January 2026"
    assert list(rows)[-1] == "November 2026"
    assert (rows["March 2026"], rows["October 2026"], rows["April 2026"]) == (["1,234"], ["-5"], ["0"])


@pytest.mark.parametrize("unit", ["HQ", "B1", "B1a"])
def test_the_spread_of_a_board_counts_everybody_on_it(app: Flask, tree: dict[str, Unit], unit: str) -> None:
    people = [new_member(tree["B1a"], password=PASSWORD) for _n in range(9)]
    for n, member in enumerate(people):
        ledger.post(
            member.id,
            kind="gift",
            source_id="1",
            points=10 * n + 1,
            reason=_("Gift"),
            occurred_at=AFTERNOON,
            now=AFTERNOON,
        )
    visitor = Visitor(app, people[0])
    rows = numbers_of(visitor.page(f"/boards/members?unit={unit}&period=2026"), "spread")
    assert sum(int(cells[0]) for cells in rows.values()) == 9
    assert rows["0–10"] == ["1"]
    assert "spread" not in visitor.page("/boards/members?unit=B1a&period=2025")


def test_a_unit_s_standing_and_weeks(app: Flask, tree: dict[str, Unit], statements: Callable[[], Any]) -> None:
    course_id = new_course("one")[0].course_id
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    db.session.add(YearlyTarget(year=2026, role="member", unit_id=0, hours=4_000))
    for minutes in (90, 89, 45, 0):
        member = new_member(tree["B1a"])
        if minutes:
            studied(member, tree["B1a"], course_id, date(2026, 11, 17), minutes)
    visitor = Visitor(app, secretary)
    page = visitor.page("/units/B1")
    standing, weeks = numbers_of(page, "standing"), numbers_of(page, "unit-weeks")
    assert {name: int(cells[0]) for name, cells in standing.items()} == {"On track": 1, "Behind": 2, "Not begun": 2}
    assert standing["Behind"][1].strip() == "40%"
    assert (len(weeks), weeks["Week 47 of 2026"], weeks["Week 46 of 2026"]) == (47, ["4.98"], ["0"])
    with statements() as few:
        visitor.page("/units/B1")
    for _n in range(20):
        new_member(tree["B1a"])
    with statements() as many:
        visitor.page("/units/B1")
    assert len(few) == len(many)


def test_a_quiz_s_scores_and_questions(app: Flask, tree: dict[str, Unit]) -> None:
    bank = authoring.create_bank("bank", "Bank", AFTERNOON)
    options = {"options": [{"html": "this", "fraction": "1"}, {"html": "that", "fraction": "0"}]}
    questions = [
        authoring.add_question(
            bank,
            QuestionDraft(kind="single_choice", stem_html=f"<p>Which <b>{n}</b> &amp; why?</p>", content=options),
            AFTERNOON,
        ).id
        for n in (1, 2)
    ]
    quiz = Quiz(slug="q", title="Quiz", unit_id=tree["HQ"].id, paper={}, created_at=AFTERNOON, pass_percent=60)
    db.session.add(quiz)
    db.session.flush()
    for member, (first, second) in zip(
        [new_member(tree["B1"], test=test) for test in (False, False, False, True)],
        [("right", "partly"), ("right", "wrong"), ("right", "blank"), ("wrong", "wrong")],
        strict=True,
    ):
        marks = [{"right": 1000, "partly": 900}.get(one, 0) for one in (first, second)]
        score = sum(marks)
        db.session.add(
            Attempt(
                member_id=member.id,
                quiz_id=quiz.id,
                unit_id=tree["B1"].id,
                number=1,
                state="closed",
                layout={"slots": [{"question": str(one), "mark": 1000} for one in questions]},
                marks=[{"mark": mark, "correctness": one} for mark, one in zip(marks, (first, second), strict=True)],
                started_at=AFTERNOON - timedelta(hours=1),
                closed_at=AFTERNOON,
                score=score,
                full_marks=2000,
                passed=score >= 1200,
            )
        )
    page = Visitor(app, new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD)).page(f"/desk/quizzes/{quiz.id}")
    scores, shares = numbers_of(page, "scores"), numbers_of(page, "questions")
    assert {name: cells[0] for name, cells in scores.items() if cells != ["0"]} == {"50–60": "2", "90–100": "1"}
    assert "1 of 3 attempts reached the 60% that pass." in page
    assert "to be marked" not in page
    assert shares == {"Which 2 & why?": ["30"], "Which 1 & why?": ["100"]}, "what is right in part counts in part"
    assert "The lowest: 30% of its marks, from 3 answers." in page
