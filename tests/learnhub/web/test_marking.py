"""Marking by hand in the browser without JavaScript: the member hands in, the instructor marks, the member reads it."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from learnhub.identity.models import Member
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes import attempts, papers
from learnhub.quizzes.models import Attempt, Mode, Quiz
from question_bank.authoring import QuestionDraft
from tests.learnhub.journeys.test_mark_by_hand import RUBRIC, case, essay
from tests.learnhub.quizzes.sitting import new_quiz, right, single
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

PAPER = [single(), essay(rubric=RUBRIC, least=2, marker_html="<p>Look for air.</p>", template="Dear fire,")]
UPLOAD = QuestionDraft("file_upload", "<p>Your plan</p>", {"accept": ["text", "pdf"], "most": 2, "largest": 20_000_000})


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    """The small tree."""
    return small_tree()


@pytest.fixture
def instructor(tree: dict[str, Unit]) -> Member:
    """Who teaches HQ and what is below."""
    return new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD)


def sit(app: Flask, tree: dict[str, Unit], *asked: QuestionDraft, quiz: Quiz | None = None, **more: Any) -> Sitter:
    quiz = quiz or new_quiz(tree["HQ"], list(asked), title="Fire", mode=Mode.PRACTICE, **more)
    return Sitter(app, new_member(tree["B1"], "Wang Fang", password=PASSWORD), quiz)


def handed_in(sitter: Sitter, **fields: Any) -> Attempt:
    sitter.start()
    sitter.send(fields)
    sitter.post(f"/attempts/{sitter.attempt.id}/hand-in")
    return sitter.attempt


def levels_of(attempt: Attempt, slot: int = 2) -> list[tuple[str, list[str]]]:
    rubric = papers.asked(papers.slot_of(attempt.layout, slot).version_id).content["rubric"]
    return [(one["key"], [level["key"] for level in one["levels"]]) for one in rubric]


def test_an_essay_is_written_marked_by_its_rubric_and_read(
    app: Flask, tree: dict[str, Unit], instructor: Member, now: datetime
) -> None:
    sitter = sit(app, tree, *PAPER)
    attempt = sitter.start()
    page = sitter.page(f"/attempts/{attempt.id}")
    assert "At least 2 words." in page
    assert "Dear fire," in page
    assert "Look for air" not in page, "notes for who marks are no member's"
    assert sitter.send({"s1-choice": right(attempt, 1)["choice"], "s2-text": "Dear fire,"}).status_code == 303
    assert 2 not in sitter.held, "the template is no answer"
    sitter.send({"s1-choice": right(attempt, 1)["choice"], "s2-text": "You need\r\nair."})
    assert sitter.held[2] == {"text": "You need\nair."}
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    review = sitter.page(f"/attempts/{attempt.id}/review")
    assert "1 answer waits for marking" in review
    assert "So far: 1 of 2 marks" in review
    assert "not passed" not in review
    assert "awaiting marking" in sitter.page("/quizzes")
    assert "awaiting marking" in sitter.page(f"/quizzes/{sitter.slug}")

    teacher = Visitor(app, instructor)
    assert "1 answer to mark" in teacher.page("/")
    quiz = sitter.quiz_id
    assert "Mark answers" in teacher.page(f"/desk/quizzes/{quiz}")
    queue = teacher.page(f"/desk/quizzes/{quiz}/marking")
    assert "Wang Fang" in queue
    assert "Write 0" in queue
    one = f"/desk/quizzes/{quiz}/marking/{attempt.id}/2"
    assert one in queue
    form = teacher.page(one)
    assert "You need\nair." in form
    assert "Look for air" in form
    assert form.count('type="radio"') == 4
    assert "the question is worth 1 mark: the share of the points reached is the share of the marks" in form
    assert teacher.post(one, {"seen": "0", "go": "next"}).status_code == 422
    (content, (all_, _some)), (style, (_clear, unclear)) = levels_of(attempt)
    fields = {f"whole-level-{content}": all_, f"whole-level-{style}": unclear, "comment": "Well argued", "seen": "0"}
    assert teacher.post(one, {**fields, "go": "next"}).headers["Location"].endswith("/marking")
    assert "Every answer to this question is marked." in teacher.page(f"/desk/quizzes/{quiz}/marking")
    assert "0.75" in teacher.page(one)
    assert teacher.post(one, {**fields, "whole-mark": "1"}).status_code == 409, "it was marked in the meantime"

    review = sitter.page(f"/attempts/{attempt.id}/review")
    assert "1.75 of 2 marks" in review
    assert "Well argued" in review
    assert "Marked by: instructor" in review
    assert instructor.name not in review
    assert review.count('class="reached"') == 2
    assert "the question is worth 1 mark: the share of the points reached is the share of the marks" in review
    assert "Marked: Fire" in sitter.page("/notices")


def test_names_can_be_hidden_and_the_next_answer_comes_by_itself(
    app: Flask, tree: dict[str, Unit], instructor: Member
) -> None:
    first = sit(app, tree, *PAPER)
    quiz = attempts.find(first.member_id, first.start().id).quiz_id
    handed_in(first, **{"s2-text": "One"})
    second = sit(app, tree, quiz=first_quiz(quiz))
    handed_in(second, **{"s2-text": "Two"})
    teacher = Visitor(app, instructor)
    base = f"/desk/quizzes/{quiz}/marking"
    for address in (base, f"{base}/{first.attempt.id}/2", f"{base}/{first.attempt.id}/2/versions"):
        assert "Wang Fang" in teacher.page(address)
        assert "Wang Fang" not in teacher.page(f"{address}?names=hide")
    sent = teacher.post(f"{base}/{first.attempt.id}/2?names=hide", {"whole-mark": "0.5", "seen": "0", "go": "next"})
    assert sent.headers["Location"].endswith(f"/{second.attempt.id}/2?names=hide")


def first_quiz(quiz_id: int) -> Quiz:
    from learnhub.kernel.db import db

    return db.session.get_one(Quiz, quiz_id)


@pytest.mark.parametrize(("typed", "words"), [("2", "between 0 and 1"), ("much", "number"), ("0.0005", "three places")])
def test_what_is_no_mark_comes_back_with_what_was_typed(
    app: Flask, tree: dict[str, Unit], instructor: Member, typed: str, words: str
) -> None:
    sitter = sit(app, tree, *PAPER)
    attempt = handed_in(sitter, **{"s2-text": "One"})
    answer = Visitor(app, instructor).post(
        f"/desk/quizzes/{sitter.quiz_id}/marking/{attempt.id}/2",
        {"whole-mark": typed, "comment": "kept words", "seen": "0"},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert "kept words" in page
    assert f'value="{typed}"' in page


def test_every_version_of_an_answer_is_one_click_away(app: Flask, tree: dict[str, Unit], instructor: Member) -> None:
    sitter = sit(app, tree, *PAPER)
    sitter.start()
    for text in ("First thought", "Second thought"):
        sitter.send({"s2-text": text})
    attempt = handed_in(sitter)
    page = Visitor(app, instructor).page(f"/desk/quizzes/{sitter.quiz_id}/marking/{attempt.id}/2/versions")
    assert page.index("Second thought") < page.index("First thought")


def test_files_go_with_the_form_and_are_opened_by_member_and_marker_only(
    app: Flask, tree: dict[str, Unit], instructor: Member
) -> None:
    sitter = sit(app, tree, UPLOAD)
    attempt = sitter.start()
    page = sitter.page(f"/attempts/{attempt.id}")
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page
    assert "At most 2 files" in page
    both = sitter.send({"s1-upload": [(io.BytesIO(b"out by the door"), "plan.txt"), (io.BytesIO(b"MZ"), "run.exe")]})
    assert both.status_code == 422
    assert "Files of this kind are not accepted." in both.get_data(as_text=True)
    (held,) = sitter.held[1]["files"]
    assert (held["name"], held["size"]) == ("plan.txt", 15)
    line = f"{held['digest']}/15/plan.txt"
    assert f'value="{line}" checked' in sitter.page(f"/attempts/{attempt.id}")
    sitter.send({"s1-file": line, "s1-upload": (io.BytesIO(b"again"), "more.txt")})
    assert [one["name"] for one in sitter.held[1]["files"]] == ["plan.txt", "more.txt"]
    own = f"/attempts/{attempt.id}/files/1/{held['digest']}"
    answer = sitter.get(own)
    assert answer.get_data() == b"out by the door"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert sit(app, tree, UPLOAD).get(own).status_code == 404

    sitter.post(f"/attempts/{attempt.id}/hand-in")
    marked = f"/desk/quizzes/{sitter.quiz_id}/marking/{attempt.id}/1"
    teacher = Visitor(app, instructor)
    assert "plan.txt" in teacher.page(marked)
    assert teacher.get(f"{marked}/files/{held['digest']}").get_data() == b"out by the door"
    foreign = Visitor(app, new_staff(Role.INSTRUCTOR, tree["B2"], password=PASSWORD))
    assert foreign.get(f"{marked}/files/{held['digest']}").status_code == 404
    assert "plan.txt" in sitter.page(f"/attempts/{attempt.id}/review")


def test_a_script_uploads_at_once_and_saves_what_it_is_told(app: Flask, tree: dict[str, Unit]) -> None:
    sitter = sit(app, tree, UPLOAD)
    attempt = sitter.start()
    headers = {"X-CSRFToken": sitter.token(), "Accept": "application/json", "Accept-Language": "en"}

    def send(data: bytes, name: str) -> Any:
        body = {"file": (io.BytesIO(data), name)}
        return sitter.client.post(f"/attempts/{attempt.id}/files/1", data=body, headers=headers)

    taken = send(b"out", "plan.txt").json
    assert sitter.put(1, {"files": [taken]}).status_code == 200
    refused = send(b"\x89PNG\r\n\x1a\n", "plan.png")
    assert (refused.status_code, refused.json["detail"]) == (422, "The picture is damaged.")
    too_large = send(b"0" * 50_000_000, "plan.txt")
    assert (too_large.status_code, too_large.json["detail"]) == (422, "“plan.txt” has more than 20 MB.")


def test_a_case_is_answered_marked_and_read_question_by_question(
    app: Flask, tree: dict[str, Unit], instructor: Member
) -> None:
    sitter = sit(app, tree, case())
    attempt = sitter.start()
    content = papers.asked(papers.slot_of(attempt.layout, 1).version_id).content
    statement, why, show = (one["key"] for one in content["questions"])
    page = sitter.page(f"/attempts/{attempt.id}")
    assert f'name="s1-{statement}-choice"' in page
    assert f'name="s1-{why}-text"' in page
    assert f'name="s1-{show}-upload"' in page
    sitter.send(
        {
            f"s1-{statement}-choice": "true",
            f"s1-{why}-text": "Because of air",
            f"s1-{show}-upload": (io.BytesIO(b"out"), "plan.txt"),
        }
    )
    assert set(sitter.held[1]["answers"]) == {statement, why, show}
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    teacher = Visitor(app, instructor)
    one = f"/desk/quizzes/{sitter.quiz_id}/marking/{attempt.id}/1"
    form = teacher.page(one)
    assert "A fire broke out" in form
    assert "Because of air" in form
    assert "plan.txt" in form
    assert re.search(r"need no person: 0\.25 marks", form)
    teacher.post(one, {f"{why}-mark": "0.4", f"{show}-mark": "0.25", "seen": "0", "go": "next"})
    review = sitter.page(f"/attempts/{attempt.id}/review")
    assert "0.9 of 1 marks" in review
    assert "0.4 of 0.5" in review
    assert "Because of air" in review
