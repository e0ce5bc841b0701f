"""From start to receipt: one close, its marks, its points, and the lesson that it completes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses.models import CompletionRule, Course, CourseModule, CourseState, Lesson, LessonKind
from learnhub.identity.models import Member
from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.ids import new_id
from learnhub.learning import progress
from learnhub.points import events, gathered, rules, verification
from learnhub.points.models import Balance, LedgerEntry, RefusedEvent, UnitBalance
from learnhub.quizzes import answers, attempts, overdue
from learnhub.quizzes.closing import Receipt
from learnhub.quizzes.models import Attempt, Quiz
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import answer_all, new_quiz, right, save, wrong
from tests.makers import JOINED, new_member, new_unit


@pytest.fixture
def attempt(app: Flask, now: datetime) -> Attempt:
    """An open attempt of three questions, ten minutes long, in a house that pays for quizzes."""
    rules.ensure_default_rules(now, JOINED)
    unit = new_unit()
    started = submit_quiz.start(new_quiz(unit, time_limit_seconds=600), new_member(unit), now)
    db.session.commit()
    return started


def paid(member_id: int) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(LedgerEntry.kind, LedgerEntry.source_id)
        .where(LedgerEntry.member_id == member_id)
        .order_by(LedgerEntry.sequence)
    )
    return [(kind, source) for kind, source in rows]


def test_handing_in_marks_pays_and_gives_a_receipt(attempt: Attempt, now: datetime) -> None:
    for slot in (1, 2):
        save(attempt, slot, right(attempt, slot), now)
    receipt = submit_quiz.hand_in(attempt.member_id, attempt.id, now + timedelta(minutes=2))
    assert (receipt.answers, receipt.submitted_at) == (2, now + timedelta(minutes=2))
    quiz = attempt.quiz_id
    assert paid(attempt.member_id) == [
        ("quiz_handed_in", f"quiz:{quiz}:attempt:1"),
        ("quiz_passed", f"quiz:{quiz}"),
    ]


def test_passing_pays_the_first_time_only(attempt: Attempt, now: datetime) -> None:
    save(attempt, 1, wrong(attempt, 1), now)
    submit_quiz.hand_in(attempt.member_id, attempt.id, now)
    quiz, member = db.session.get_one(Quiz, attempt.quiz_id), attempt.member_id
    for n in (1, 2):
        again = submit_quiz.start(quiz, _member(member), now + timedelta(days=n))
        answer_all(again, _member(member), now + timedelta(days=n))
        submit_quiz.hand_in(member, again.id, now + timedelta(days=n))
    assert [kind for kind, _source in paid(member)] == [
        "quiz_handed_in",
        "quiz_handed_in",
        "quiz_passed",
        "quiz_handed_in",
    ]


def _member(member_id: int) -> Member:
    return db.session.get_one(Member, member_id)


def test_e12_twenty_hand_ins_at_once_close_and_pay_once(app: Flask, attempt: Attempt, now: datetime) -> None:
    for slot in (1, 2, 3):
        save(attempt, slot, right(attempt, slot), now)
    db.session.commit()
    member_id, attempt_id = attempt.member_id, attempt.id
    receipts = at_once(app, lambda n: submit_quiz.hand_in(member_id, attempt_id, now + timedelta(seconds=n)), 20)
    assert all(isinstance(one, Receipt) for one in receipts), receipts
    assert len(set(receipts)) == 1
    assert [kind for kind, _source in paid(member_id)] == ["quiz_handed_in", "quiz_passed"]


def test_nobody_hands_in_for_another(attempt: Attempt, now: datetime) -> None:
    with pytest.raises(NotFound):
        submit_quiz.hand_in(attempt.member_id + 1, attempt.id, now)


def test_e07_who_vanished_is_closed_with_what_was_acknowledged(attempt: Attempt, now: datetime) -> None:
    end = now + timedelta(minutes=10)
    save(attempt, 1, right(attempt, 1), now)
    db.session.commit()
    assert submit_quiz.close_overdue(end + timedelta(seconds=30)).closed == 0
    assert submit_quiz.close_overdue(end + timedelta(seconds=50)).closed == 1
    assert submit_quiz.close_overdue(end + timedelta(seconds=65)).closed == 0
    closed = attempts.find(attempt.member_id, attempt.id)
    assert (closed.state, closed.closed_by, closed.submitted_at, closed.score) == ("closed", "sweeper", end, 1000)
    assert [kind for kind, _source in paid(attempt.member_id)] == ["quiz_handed_in"]


def test_e07_two_sweepers_at_once_close_each_attempt_once(app: Flask, attempt: Attempt, now: datetime) -> None:
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    unit = new_unit()
    for _n in range(10):
        submit_quiz.start(quiz, new_member(unit), now)
    runs = at_once(app, lambda _n: submit_quiz.close_overdue(now + timedelta(minutes=11)), 3)
    assert sum(run.closed for run in runs) == 11
    assert [run.failed for run in runs] == [[], [], []]
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 11


def test_e08_one_that_fails_stops_no_other(attempt: Attempt, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    quiz, unit = db.session.get_one(Quiz, attempt.quiz_id), new_unit()
    others = [submit_quiz.start(quiz, new_member(unit), now) for _n in range(3)]
    damaged = others[0]
    damaged.layout = {**damaged.layout, "slots": [{**damaged.layout["slots"][0], "version": "17"}]}
    broken, damaged_id, broken_id = others[1].member_id, damaged.id, others[1].id
    db.session.commit()
    happened, gathered_happened = events.happened, gathered.happened

    def fail_for_all(many: list[gathered.Event], now: datetime) -> None:
        if any(one.member_id == broken for one in many):
            raise RuntimeError("the ledger is in the dark")
        gathered_happened(many, now)

    def fail_for_one(member_id: int, *args: Any, **kwargs: Any) -> Any:
        if member_id == broken:
            raise RuntimeError("the ledger is in the dark")
        return happened(member_id, *args, **kwargs)

    monkeypatch.setattr(events, "happened", fail_for_one)
    monkeypatch.setattr(gathered, "happened", fail_for_all)
    done = submit_quiz.close_overdue(now + timedelta(minutes=11))
    assert (done.closed, done.unmarked, done.failed) == (3, [damaged_id], [broken_id])
    monkeypatch.undo()
    assert submit_quiz.close_overdue(now + timedelta(minutes=12)).closed == 1


def test_e09_looking_at_an_attempt_that_ran_out_closes_it_first(attempt: Attempt, now: datetime) -> None:
    end = now + timedelta(minutes=10)
    assert submit_quiz.look_at(attempt.member_id, attempt.id, end + timedelta(seconds=5)).state == "open"
    seen = submit_quiz.look_at(attempt.member_id, attempt.id, end + timedelta(seconds=6))
    assert (seen.state, seen.closed_by, seen.submitted_at) == ("closed", "request", end)


def test_starting_again_closes_the_one_that_ran_out(attempt: Attempt, now: datetime) -> None:
    quiz, member = db.session.get_one(Quiz, attempt.quiz_id), _member(attempt.member_id)
    again = submit_quiz.start(quiz, member, now + timedelta(minutes=30))
    assert again.number == 2
    assert attempts.find(member.id, attempt.id).closed_by == "request"


def test_e34_a_preview_earns_nothing(attempt: Attempt, now: datetime) -> None:
    quiz, author = db.session.get_one(Quiz, attempt.quiz_id), new_member(new_unit())
    preview = submit_quiz.start(quiz, author, now, preview=True)
    answer_all(preview, author, now)
    submit_quiz.hand_in(author.id, preview.id, now)
    assert paid(author.id) == []


def test_passing_the_quiz_of_a_lesson_completes_the_lesson(attempt: Attempt, now: datetime) -> None:
    lesson = quiz_lesson(now)
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    quiz.lesson_id = lesson.id
    answer_all(attempt, _member(attempt.member_id), now)
    submit_quiz.hand_in(attempt.member_id, attempt.id, now)
    done = progress.of_lesson(attempt.member_id, lesson.id)
    assert done is not None
    assert done.completed_at == now
    assert ("lesson_completed", f"lesson:{lesson.id}") in paid(attempt.member_id)


def quiz_lesson(now: datetime) -> Lesson:
    """A lesson that passing its quiz completes, in a course of its own."""
    course = Course(id=new_id(), slug="tea", title="Tea", state=CourseState.PUBLISHED, created_at=now, updated_at=now)
    module = CourseModule(id=new_id(), course_id=course.id, title="One", position=1)
    lesson = Lesson(
        id=new_id(),
        course_id=course.id,
        module_id=module.id,
        slug="check",
        title="Check",
        position=1,
        kind=LessonKind.QUIZ,
        completion_rule=CompletionRule.QUIZ,
    )
    for row in (course, module, lesson):
        db.session.add(row)
        db.session.flush()
    return lesson


def test_an_answer_is_still_there_after_the_hand_in(attempt: Attempt, now: datetime) -> None:
    save(attempt, 2, right(attempt, 2), now)
    submit_quiz.hand_in(attempt.member_id, attempt.id, now)
    assert answers.of_attempt(attempt.member_id, attempt.id)[2].response == right(attempt, 2)


def _sitting(now: datetime, count: int, **settings: Any) -> list[Attempt]:
    """Members who sit a quiz of ten minutes: every third one answers nothing, the others right or wrong."""
    unit = new_unit()
    quiz = new_quiz(unit, time_limit_seconds=600, **settings)
    started = [submit_quiz.start(quiz, new_member(unit), now) for _n in range(count)]
    for n, attempt in enumerate(started):
        for slot in (1, 2, 3) if n % 3 else ():
            save(attempt, slot, (wrong, right)[n % 2](attempt, slot), now)
    db.session.commit()
    return started


SHOWN = "state", "closed_by", "submitted_at", "digest", "score", "full_marks", "passed", "waits", "marks"


def test_e07_closed_together_or_one_by_one_all_is_the_same(app: Flask, now: datetime) -> None:
    """Four quizzes a day are more than the rule pays for: what is refused and kept is the same, too."""
    rules.ensure_default_rules(now, JOINED)
    unit = new_unit()
    quizzes = [new_quiz(unit, time_limit_seconds=600) for _n in range(4)]
    pairs = [(new_member(unit), new_member(unit)) for _n in range(3)]
    sat = {}
    for quiz in quizzes:
        for n, pair in enumerate(pairs):
            for member in pair:
                sat[quiz.id, member.id] = attempt = submit_quiz.start(quiz, member, now)
                for slot in (1, 2, 3)[:n]:
                    save(attempt, slot, right(attempt, slot), now)
    db.session.commit()
    late = now + timedelta(minutes=11)
    by_one = [(second.id, sat[quiz.id, second.id].id) for quiz in quizzes for _first, second in pairs]
    submit_quiz._close_each(by_one, late, submit_quiz.Swept())
    assert submit_quiz.close_overdue(late).closed == 12
    for first, second in pairs:
        for quiz in quizzes:
            one, other = (attempts.find(each.id, sat[quiz.id, each.id].id) for each in (first, second))
            assert [getattr(one, name) for name in SHOWN] == [getattr(other, name) for name in SHOWN]
        assert _earned(first.id) == _earned(second.id)
    assert db.session.scalar(select(func.count()).select_from(RefusedEvent)) == 6 + 4
    assert verification.verify_ledger()["broken"] == []


def _earned(member_id: int) -> list[Any]:
    """What a member was paid and refused, and the balances."""
    paid = select(LedgerEntry.kind, LedgerEntry.points, LedgerEntry.sequence, LedgerEntry.unit_id, LedgerEntry.day)
    kept = select(RefusedEvent.kind, RefusedEvent.rule_version_id, RefusedEvent.occurred_at)
    mine, ours = select(Balance.period, Balance.points), select(UnitBalance.period, UnitBalance.points)
    of = {paid: LedgerEntry, kept: RefusedEvent, mine: Balance, ours: UnitBalance}
    return [sorted(map(str, db.session.execute(one.where(model.member_id == member_id)))) for one, model in of.items()]


def test_closing_sixty_takes_a_third_of_a_statement_each(app: Flask, now: datetime, statements: Any) -> None:
    rules.ensure_default_rules(now, JOINED)
    _sitting(now, 60)
    with statements() as seen:
        assert submit_quiz.close_overdue(now + timedelta(minutes=11)).closed == 60
    assert len(seen) <= 21, seen


def test_what_is_saved_while_it_is_marked_is_not_closed_over(attempt: Attempt, now: datetime) -> None:
    late = now + timedelta(minutes=11)
    marked = overdue.mark([(attempt.member_id, attempt.id)], late, overdue.Versions())
    save(attempt, 1, right(attempt, 1), now)
    db.session.commit()
    assert overdue.close(marked, late) == []
    assert submit_quiz.close_overdue(late).closed == 1
    assert attempts.find(attempt.member_id, attempt.id).score == 1000


@pytest.mark.postgres_only
def test_who_holds_an_attempt_keeps_the_clock_from_no_other(app: Flask, now: datetime) -> None:
    rules.ensure_default_rules(now, JOINED)
    held, *others = _sitting(now, 5)
    key, late = (held.member_id, held.id), now + timedelta(minutes=11)
    with db.engine.begin() as somebody:
        somebody.execute(select(Attempt.id).where(Attempt.member_id == key[0], Attempt.id == key[1]).with_for_update())
        assert submit_quiz.close_overdue(late).closed == len(others)
    assert submit_quiz.close_overdue(late).closed == 1
