"""A person marks answers: until then nothing is passed or failed, and points follow the marks both ways."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import Actor
from learnhub.identity.models import Member
from learnhub.journeys import mark_by_hand, submit_quiz
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotAllowed, Refused
from learnhub.notices.models import Delivery, Notice
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.points import rules
from learnhub.points.models import LedgerEntry
from learnhub.quizzes import attempts, hand_marks, handed_in, papers, results, waiting
from learnhub.quizzes.hand_marks import Given
from learnhub.quizzes.models import Attempt, HandMark, Quiz
from question_bank.authoring import QuestionDraft
from tests.learnhub.quizzes.sitting import new_quiz, right, save, single
from tests.makers import JOINED, new_member, new_staff, new_unit

RUBRIC = [
    {"title": "Content", "levels": [{"text": "all", "points": "3"}, {"text": "some", "points": "1"}]},
    {"title": "Form", "levels": [{"text": "clear", "points": "1"}, {"text": "not", "points": "0"}]},
]


def essay(n: int = 0, **content: Any) -> QuestionDraft:
    """A question that a person marks."""
    return QuestionDraft("essay", f"<p>Write {n}</p>", content)


def case() -> QuestionDraft:
    """A case of a statement (1 mark), an essay (2 marks) and a file (1 mark)."""
    questions = [
        {"kind": "true_false", "stem_html": "<p>True?</p>", "mark": 1000, "content": {"answer": True}},
        {"kind": "essay", "stem_html": "<p>Why?</p>", "mark": 2000, "content": {"rubric": RUBRIC}},
        {"kind": "file_upload", "stem_html": "<p>Show it.</p>", "mark": 1000, "content": {}},
    ]
    return QuestionDraft("case", "<p>A fire broke out.</p>", {"questions": questions})


@dataclass
class Room:
    """A member's attempt at a choice and an essay, and who marks it."""

    unit: Unit
    quiz: Quiz
    member: Member
    attempt: Attempt
    marker: Actor

    def mark(self, thousandths: int | None, now: datetime, *, slot: int = 2, seen: int = 0, **levels: str) -> HandMark:
        given = [Given("", thousandths, levels)]
        return mark_by_hand.mark(self.marker, self.attempt, slot, given, " Well told. ", seen, now)

    def paid(self) -> list[tuple[str, str, int]]:
        rows = db.session.execute(
            select(LedgerEntry.kind, LedgerEntry.source_id, LedgerEntry.points)
            .where(LedgerEntry.member_id == self.member.id)
            .order_by(LedgerEntry.sequence)
        )
        return [(kind, source.split(":")[-1] if ":mark:" not in source else "again", n) for kind, source, n in rows]

    def told(self) -> list[str]:
        rows = select(Notice.title).join(Delivery, Delivery.notice_id == Notice.id)
        return [str(one) for one in db.session.scalars(rows.order_by(Notice.id))]


def enter(app: Flask, now: datetime, *asked: QuestionDraft, **settings: Any) -> Room:
    rules.ensure_default_rules(now, JOINED)
    unit = new_unit()
    quiz = new_quiz(unit, list(asked) or [single(), essay(rubric=RUBRIC)], **settings)
    member = new_member(unit)
    attempt = submit_quiz.start(quiz, member, now)
    db.session.commit()
    return Room(unit, quiz, member, attempt, Actor(new_staff(Role.INSTRUCTOR, unit)))


@pytest.fixture
def room(app: Flask, now: datetime) -> Room:
    """The choice is right, the essay is written, the attempt is handed in."""
    made = enter(app, now)
    save(made.attempt, 1, right(made.attempt, 1), now)
    save(made.attempt, 2, {"text": "Fire needs air."}, now)
    submit_quiz.hand_in(made.member.id, made.attempt.id, now)
    db.session.commit()
    return made


def levels(room: Room, *chosen: int) -> dict[str, str]:
    rubric = papers.asked(papers.slot_of(room.attempt.layout, 2).version_id).content["rubric"]
    return {one["key"]: one["levels"][n]["key"] for one, n in zip(rubric, chosen, strict=True)}


def test_an_answer_that_waits_is_neither_passed_nor_failed(room: Room) -> None:
    closed = attempts.find(room.member.id, room.attempt.id)
    assert (closed.state, closed.score, closed.passed, closed.waits) == ("closed", None, None, 1)
    assert closed.marks == [{"mark": 1000, "correctness": "right"}, {"mark": 0, "correctness": "by_hand"}]
    assert results.result_for(room.member.id, room.quiz) is None
    assert room.paid() == [("quiz_handed_in", "1", 1)]
    figures = results.figures([room.quiz.id], select(Unit.id))[room.quiz.id]
    assert (figures.attempts, figures.waiting, figures.passed, figures.mean_percent) == (1, 1, 0, None)


def test_a_blank_answer_waits_for_nobody(app: Flask, now: datetime) -> None:
    room = enter(app, now)
    save(room.attempt, 1, right(room.attempt, 1), now)
    submit_quiz.hand_in(room.member.id, room.attempt.id, now)
    closed = attempts.find(room.member.id, room.attempt.id)
    assert (closed.score, closed.passed, closed.waits) == (1000, False, 0)


def test_the_last_mark_makes_the_result_pays_and_tells(room: Room, now: datetime) -> None:
    later = now + timedelta(days=3)
    made = room.mark(None, later, **levels(room, 1, 0))
    closed = attempts.find(room.member.id, room.attempt.id)
    assert made.parts[0]["mark"] == 500, "two of four points of one mark"
    assert (made.comment, made.marker_id, made.at) == ("Well told.", room.marker.id, later)
    assert (closed.score, closed.passed, closed.waits) == (1500, True, 0)
    assert closed.marks[1] == {"mark": 500, "correctness": "partly", "by_hand": True}
    assert room.paid()[-1] == ("quiz_passed", str(room.quiz.id), 5)
    assert len(room.told()) == 1
    assert results.result_for(room.member.id, room.quiz) == results.Result(1500, 2000, True, 1)


def test_a_mark_may_differ_from_the_rubric_and_needs_no_levels(room: Room, now: datetime) -> None:
    made = room.mark(125, now, **levels(room, 0, 0))
    assert (made.parts[0]["mark"], len(made.parts[0]["levels"])) == (125, 2)


@pytest.mark.parametrize(("mark", "words"), [(None, "Choose a level for"), (1001, "between 0 and 1"), (-1, "between")])
def test_what_is_no_mark_is_refused(room: Room, now: datetime, mark: int | None, words: str) -> None:
    with pytest.raises(Refused, match=words):
        room.mark(mark, now)
    assert attempts.find(room.member.id, room.attempt.id).waits == 1


def test_without_a_rubric_a_mark_must_be_said(app: Flask, now: datetime) -> None:
    room = enter(app, now, essay())
    save(room.attempt, 1, {"text": "Here."}, now)
    with pytest.raises(Refused, match="still open"):
        room.mark(500, now, slot=1)
    submit_quiz.hand_in(room.member.id, room.attempt.id, now)
    with pytest.raises(Refused, match="Enter a mark"):
        room.mark(None, now, slot=1)
    assert room.mark(1000, now, slot=1).parts == [{"key": "", "mark": 1000, "levels": {}}]


def test_what_marks_itself_is_marked_by_nobody(room: Room, now: datetime) -> None:
    with pytest.raises(Refused, match="Nothing of this answer"):
        room.mark(1000, now, slot=1)


def test_nobody_marks_their_own_answers(room: Room, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        mark_by_hand.mark(Actor(room.member), room.attempt, 2, [Given("", 1000)], "", 0, now)


def test_a_newer_mark_stands_and_the_older_one_stays(room: Room, now: datetime) -> None:
    first = room.mark(250, now)
    with pytest.raises(Conflict, match="in the meantime"):
        room.mark(750, now)
    second = room.mark(750, now + timedelta(hours=1), seen=first.id)
    assert [one.id for one in hand_marks.history(room.member.id, room.attempt.id, 2)] == [second.id, first.id]
    assert attempts.find(room.member.id, room.attempt.id).score == 1750
    assert list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.object_kind == "attempt"))) == [
        "answer.marked_again"
    ]


def test_a_pass_that_a_changed_mark_takes_away_is_taken_back_and_paid_again(room: Room, now: datetime) -> None:
    first = room.mark(500, now)
    second = room.mark(0, now, seen=first.id)
    assert attempts.find(room.member.id, room.attempt.id).passed is False
    assert [(kind, points) for kind, _source, points in room.paid()] == [
        ("quiz_handed_in", 1),
        ("quiz_passed", 5),
        ("reversal", -5),
    ]
    third = room.mark(500, now, seen=second.id)
    assert room.paid()[-1] == ("quiz_passed", "again", 5)
    fourth = room.mark(600, now, seen=third.id)
    room.mark(0, now, seen=fourth.id)
    assert sum(points for _kind, _source, points in room.paid()) == 1
    assert len(room.told()) == 5


def test_a_pass_of_another_attempt_keeps_its_points(room: Room, now: datetime) -> None:
    first = room.mark(500, now)
    again = submit_quiz.start(room.quiz, room.member, now + timedelta(days=1))
    save(again, 1, right(again, 1), now + timedelta(days=1))
    save(again, 2, {"text": "Again."}, now + timedelta(days=1))
    submit_quiz.hand_in(room.member.id, again.id, now + timedelta(days=1))
    mark_by_hand.mark(room.marker, again, 2, [Given("", 1000)], "", 0, now + timedelta(days=1))
    room.mark(0, now + timedelta(days=2), seen=first.id)
    assert [kind for kind, _source, _points in room.paid()].count("reversal") == 0


def test_the_last_attempt_decides_only_when_it_is_marked(app: Flask, now: datetime) -> None:
    room = enter(app, now, counts="last")
    for day in (0, 1):
        at = now + timedelta(days=day)
        attempt = submit_quiz.start(room.quiz, room.member, at)
        save(attempt, 2, {"text": f"Day {day}."}, at)
        submit_quiz.hand_in(room.member.id, attempt.id, at)
        if day == 0:
            mark_by_hand.mark(room.marker, attempt, 2, [Given("", 1000)], "", 0, at)
            assert results.result_for(room.member.id, room.quiz) is not None
    assert results.result_for(room.member.id, room.quiz) is None


def test_of_a_case_the_parts_that_need_it_are_marked_and_the_others_keep_theirs(app: Flask, now: datetime) -> None:
    room = enter(app, now, case())
    statement, why, _file = (one["key"] for one in _questions(room))
    save(room.attempt, 1, {"answers": {statement: {"choice": "true"}, why: {"text": "Air."}}}, now)
    submit_quiz.hand_in(room.member.id, room.attempt.id, now)
    closed = attempts.find(room.member.id, room.attempt.id)
    assert closed.marks == [{"mark": 250, "correctness": "by_hand"}]
    parts = hand_marks.of_slot(closed, 1)
    assert [(part.key, part.full) for part in parts] == [(why, 500)], "what was left blank waits for nobody"
    mark_by_hand.mark(room.marker, closed, 1, [Given(why, 400)], "", 0, now)
    closed = attempts.find(room.member.id, room.attempt.id)
    assert (closed.marks[0]["mark"], closed.score, closed.passed) == (650, 650, True)


def _questions(room: Room) -> list[dict[str, Any]]:
    content = papers.asked(papers.slot_of(room.attempt.layout, 1).version_id).content
    found: list[dict[str, Any]] = content["questions"]
    return found


def test_the_queue_lists_answers_by_question_and_leaves_out_ones_own(room: Room, now: datetime) -> None:
    other = new_member(room.unit, "Another")
    attempt = submit_quiz.start(room.quiz, other, now)
    save(attempt, 2, {"text": "I know."}, now)
    submit_quiz.hand_in(other.id, attempt.id, now + timedelta(minutes=1))
    everywhere = select(Unit.id)
    found = waiting.queue(room.quiz, everywhere, room.marker.id or 0)
    assert [[entry.member_id for entry in asked.waiting] for asked in found] == [[room.member.id, other.id]]
    assert [one.answers for one in waiting.quizzes(everywhere, room.marker.id or 0)] == [2]
    assert [one.answers for one in waiting.quizzes(everywhere, other.id)] == [1]
    room.mark(500, now)
    (asked,) = waiting.queue(room.quiz, everywhere, room.marker.id or 0)
    assert ([one.member_id for one in asked.waiting], [one.mark for one in asked.marked]) == ([other.id], [500])
    assert waiting.queue(room.quiz, select(Unit.id).where(Unit.id == 0), 0) == []


def test_an_answer_names_only_files_that_were_uploaded_for_it(app: Flask, now: datetime) -> None:
    room = enter(app, now, case())
    *_others, file = (one["key"] for one in _questions(room))
    foreign = {"digest": "a" * 64, "name": "x.txt", "size": 1}
    with pytest.raises(Refused, match="not uploaded here"):
        save(room.attempt, 1, {"answers": {file: {"files": [foreign]}}}, now)
    taken = handed_in.take(room.attempt, 1, file, io.BytesIO(b"smoke"), "C:\\me\\plan.txt", now)
    assert (taken.name, taken.size) == ("plan.txt", 5)
    mine = {"digest": taken.digest, "name": taken.name, "size": taken.size}
    assert save(room.attempt, 1, {"answers": {file: {"files": [mine]}}}, now).revision == 1
    with pytest.raises(Refused, match="not uploaded here"):
        save(room.attempt, 1, {"answers": {file: {"files": [{**mine, "size": 4}]}}}, now, sequence=2, base=1)
    stranger = submit_quiz.start(room.quiz, new_member(room.unit), now)
    with pytest.raises(Refused, match="not uploaded here"):
        save(stranger, 1, {"answers": {file: {"files": [mine]}}}, now)


@pytest.mark.parametrize(
    ("content", "name", "data", "words"),
    [
        ({"accept": ["pdf"]}, "a.txt", b"text", "not of a sort"),
        ({}, "a.exe", b"MZ\x90\x00\x03\x00\x00\x00", "not accepted"),
        ({}, "a.pdf", b"\x89PNG\r\n\x1a\n", "the content is"),
        ({"largest": 3}, "a.txt", b"four", "more than"),
        ({}, "a.txt", b"", "empty"),
    ],
)
def test_files_are_held_against_sort_size_and_content(
    app: Flask, now: datetime, content: dict[str, Any], name: str, data: bytes, words: str
) -> None:
    room = enter(app, now, QuestionDraft("file_upload", "<p>Hand in.</p>", content))
    with pytest.raises(Refused, match=words):
        handed_in.take(room.attempt, 1, "", io.BytesIO(data), name, now)


def test_files_are_taken_by_questions_that_want_them_while_the_attempt_is_open(room: Room, now: datetime) -> None:
    with pytest.raises(Conflict, match="over"):
        handed_in.take(attempts.find(room.member.id, room.attempt.id), 2, "", io.BytesIO(b"x"), "a.txt", now)
    again = submit_quiz.start(room.quiz, room.member, now + timedelta(days=1))
    with pytest.raises(Refused, match="takes no files"):
        handed_in.take(again, 2, "", io.BytesIO(b"x"), "a.txt", now + timedelta(days=1))
