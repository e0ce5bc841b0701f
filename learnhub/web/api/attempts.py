"""Attempts at quizzes: start, save, hand in, look at."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response

from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import iso
from learnhub.kernel.db import db
from learnhub.kernel.markup import text_of
from learnhub.quizzes import access, answers, attempts, catalogue, closing, flags, pace, review
from learnhub.quizzes.answers import Entry, Refusal
from learnhub.quizzes.lobby import Place
from learnhub.quizzes.models import Attempt, AttemptState
from learnhub.quizzes.review import Item
from learnhub.web.api.attempt_shapes import (
    Answering,
    AttemptShown,
    CheckShown,
    Clock,
    Current,
    Flagging,
    Flags,
    HandInReceipt,
    Leaving,
    OptionShown,
    Outcome,
    Outcomes,
    PartShown,
    PlaceShown,
    QuestionShown,
    SaveReceipt,
    SeveralAnswers,
    Starting,
)
from learnhub.web.api.blueprint import api, documented
from learnhub.web.context import address, arrived, member_id, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.quizzes import door, entering, gate, pages, showing, showing_checked
from learnhub.web.quizzes.views import SAVE_INTERVAL_MS


@api.post("/quizzes/<int:quiz_id>/attempts")
@entering.few_wrong_codes
@documented(tag="attempts", body=Starting, answer=AttemptShown, status=201, errors=(422,), others={202: PlaceShown})
@signed_in
def start_attempt(quiz_id: int, body: Starting) -> tuple[AttemptShown, int] | Response:
    """Start an attempt, or get the open one: 201 for a new one, 200 for one to go on with.

    202 with a place in the queue when too many come at once: call again after so many seconds, and keep the place; the
    attempt starts, and its time begins, when it is its turn. 422 with `code` "access_code" where the quiz asks for one
    and this is not it; 403 from an address that it does not take, or from another browser than it asks for.
    """
    with gate.looking() as crowd:
        quiz = catalogue.find_by_id(scope(), quiz_id)
        door.check_start(quiz)
        attempt = entering.begin(quiz, body.access_code, crowd)
    if isinstance(attempt, Place):
        return _queued(attempt)
    door.enter(attempt.id)
    return _shown_within(attempt), 201 if attempt.started_at == arrived() else 200


def _queued(place: Place) -> Response:
    wait = gate.again_in(place)
    shown = PlaceShown(quiz=str(place.quiz_id), ahead=place.ahead, again_in_seconds=wait)
    headers = {"Retry-After": str(wait), "Cache-Control": "no-store"}
    return Response(shown.model_dump_json(), 202, headers, mimetype="application/json")


@api.get("/attempts/<int:attempt_id>")
@documented(tag="attempts", answer=AttemptShown)
@signed_in
def show_attempt(attempt_id: int) -> AttemptShown:
    """My attempt: its paper while it is open, what the review rules allow afterwards."""
    attempt = submit_quiz.look_at(member_id(), attempt_id, arrived())
    if attempt.state == AttemptState.OPEN:
        _require_address(attempt)
        attempt = submit_quiz.show(attempt, arrived())
    return show_open(attempt) if attempt.state == AttemptState.OPEN else _closed(attempt)


@api.put("/attempts/<int:attempt_id>/answers/<int:slot>")
@documented(tag="attempts", body=Answering, answer=SaveReceipt)
@signed_in
def save_answer(attempt_id: int, slot: int, body: Answering) -> SaveReceipt:
    """Save an answer. 409 with `code` "stale" and the current answer, or with `code` "closed"."""
    receipt = answers.save(
        member_id(),
        attempt_id,
        slot,
        body.response,
        body.sequence,
        body.base,
        _utc(body.recorded_at),
        arrived(),
        door.admit,
    )
    return SaveReceipt(
        slot=receipt.slot,
        revision=receipt.revision,
        sequence=receipt.sequence,
        saved_at=iso(receipt.saved_at),
        superseded=receipt.superseded,
        deadline=iso(receipt.deadline) if receipt.deadline else None,
        server_now=iso(arrived()),
    )


@api.post("/attempts/<int:attempt_id>/next")
@documented(tag="attempts", body=Leaving, answer=AttemptShown)
@signed_in
def next_page(attempt_id: int, body: Leaving) -> AttemptShown:
    """Leave a page for the next one where there is no way back; what is left takes no more answers.

    The same page again goes on once only.
    """
    attempt = submit_quiz.look_at(member_id(), attempt_id, arrived())
    _require_address(attempt)
    pace.go_on(attempt, body.page)
    return _shown_within(attempt)


@api.post("/attempts/<int:attempt_id>/answers/<int:slot>/check")
@documented(tag="attempts", answer=CheckShown, errors=(422,))
@signed_in
def check_answer(attempt_id: int, slot: int) -> CheckShown:
    """Check the answer that the server holds, where the quiz marks answers one by one. The same answer is one try."""
    found = submit_quiz.check(member_id(), attempt_id, slot, arrived())
    attempt = attempts.find(member_id(), attempt_id)
    held = answers.of_attempt(attempt.member_id, attempt.id)
    verdict = showing_checked.verdicts(catalogue.of_attempt(attempt), attempt, held, [slot])[slot]
    return CheckShown(
        slot=slot, tries=verdict.made, tries_left=verdict.left, fixed=verdict.fixed, ends=found.ends,
        correctness=verdict.correctness, **_seen(verdict),
    )  # fmt: skip


def _seen(verdict: showing_checked.Verdict) -> dict[str, Any]:
    """What the rules show of a checked answer."""
    seen, said = verdict.seen, {"mark": verdict.mark, "hints_html": list(verdict.hints)}
    if seen is None:
        return said
    return {
        **said,
        "right_answers": [_right_in_words(right) for right in seen.right],
        "options": [
            OptionShown(key=option.key, html=option.html, right=option.right, feedback_html=option.feedback_html)
            for option in seen.options
        ],
        "parts": [PartShown(**asdict(part)) for part in seen.parts],
        "feedback_html": seen.feedback_html,
        "explanation_html": seen.explanation_html,
    }


@api.put("/attempts/<int:attempt_id>/flags/<int:slot>")
@documented(tag="attempts", body=Flagging, answer=Flags)
@signed_in
def flag_question(attempt_id: int, slot: int, body: Flagging) -> Flags:
    """Note that a question is to be looked at again before handing in, or not any more."""
    return Flags(flags=flags.put(member_id(), attempt_id, slot, body.flagged))


@api.get("/attempts/<int:attempt_id>/clock")
@documented(tag="attempts", answer=Clock)
@signed_in
def attempt_clock(attempt_id: int) -> Clock:
    """How long my attempt goes on, as it stands now; one statement."""
    found = attempts.clock(member_id(), attempt_id)
    refused_at = door.refused_at()
    return Clock(
        state=found.state,
        deadline=iso(found.deadline) if found.deadline else None,
        server_now=iso(arrived()),
        page=found.page,
        page_extra_seconds=found.page_extra_seconds,
        other_device_at=iso(refused_at) if refused_at else None,
    )


@api.put("/attempts/<int:attempt_id>/answers")
@documented(tag="attempts", body=SeveralAnswers, answer=Outcomes)
@signed_in
def save_answers(attempt_id: int, body: SeveralAnswers) -> Outcomes:
    """Save what waited offline; each answer is judged by itself."""
    entries = [
        Entry(one.slot, one.response, one.sequence, one.base or 0, _utc(one.recorded_at)) for one in body.answers
    ]
    done = answers.save_many(member_id(), attempt_id, entries, arrived(), door.admit)
    return Outcomes(results=[_outcome(one) for one in done])


def _outcome(one: answers.Receipt | Refusal) -> Outcome:
    if isinstance(one, Refusal):
        current = Current(**one.current) if one.current is not None else None
        return Outcome(slot=one.slot, status=one.code, current=current, detail=str(say(one.message)))
    return Outcome(
        slot=one.slot,
        status="saved",
        revision=one.revision,
        sequence=one.sequence,
        saved_at=iso(one.saved_at),
        superseded=one.superseded,
    )


def _utc(instant: datetime | None) -> datetime | None:
    return instant.astimezone(UTC) if instant is not None else None


@api.post("/attempts/<int:attempt_id>/hand-in")
@documented(tag="attempts", answer=HandInReceipt)
@signed_in
def hand_in(attempt_id: int) -> HandInReceipt:
    """Hand in; the same receipt however often it is called."""
    return _receipt(submit_quiz.hand_in(member_id(), attempt_id, arrived()))


def _receipt(receipt: closing.Receipt) -> HandInReceipt:
    return HandInReceipt(
        attempt=str(receipt.attempt_id),
        answers=receipt.answers,
        digest=receipt.digest,
        submitted_at=iso(receipt.submitted_at),
    )


def _frame(attempt: Attempt) -> dict[str, Any]:
    clock = attempts.clock_of(attempt, arrived())
    return {
        "id": str(attempt.id),
        "quiz": str(attempt.quiz_id),
        "number": attempt.number,
        "state": str(attempt.state),
        "started_at": iso(attempt.started_at),
        "save_interval_ms": SAVE_INTERVAL_MS,
        **clock,
    }


def _options(public: dict[str, Any]) -> list[OptionShown]:
    return [OptionShown(key=option["key"], html=option["html"]) for option in public.get("options", [])]


def _checked(verdict: showing_checked.Verdict | None) -> dict[str, Any]:
    """What an open attempt shows of a question that was checked; the options stand there anyway."""
    if verdict is None:
        return {}
    seen = {name: value for name, value in _seen(verdict).items() if name != "options" or verdict.fixed}
    return {"tries": verdict.made, "fixed": verdict.fixed, "correctness": verdict.correctness, **seen}


def _require_address(attempt: Attempt) -> None:
    if not attempt.preview:
        access.require_address(catalogue.of_attempt(attempt), address())


def _shown_within(attempt: Attempt) -> AttemptShown:
    """The attempt as an answer to a call that writes: its page is shown by it."""
    submit_quiz.show_within(attempt, arrived())
    db.session.refresh(attempt)
    return show_open(attempt) if attempt.state == AttemptState.OPEN else _closed(attempt)


def show_open(attempt: Attempt) -> AttemptShown:
    """An open attempt with the questions that may be answered now."""
    quiz = catalogue.of_attempt(attempt)
    held = answers.of_attempt(attempt.member_id, attempt.id)
    page_ends = pace.page_ends(attempt)
    sequential, page = pace.is_sequential(attempt.layout), pages.shown(quiz, attempt, 1)
    numbers = pages.numbers_on(quiz, attempt, page) if sequential else None
    asked = showing.questions(attempt, held, numbers)
    verdicts = showing_checked.verdicts(quiz, attempt, held, [one.number for one in asked])
    shown = [
        QuestionShown(
            slot=one.number,
            kind=one.kind,
            stem_html=one.stem_html,
            full_mark=one.mark,
            blanks=one.public.get("blanks"),
            public=one.public,
            response=one.response,
            revision=one.revision,
            sequence=one.sequence,
            **{"options": _options(one.public), **_checked(verdicts.get(one.number))},
        )
        for one in asked
    ]
    return AttemptShown(
        **_frame(attempt),
        sequential=sequential,
        page=page if sequential else None,
        pages=pages.page_count(quiz, attempt),
        page_ends=iso(page_ends) if page_ends else None,
        flags=attempt.flags,
        questions=shown,
    )


def _closed(attempt: Attempt) -> AttemptShown:
    quiz = catalogue.of_attempt(attempt)
    left = attempts.attempts_left(quiz, attempts.of_member(attempt.member_id, quiz.id))
    shown = review.of_attempt(quiz, attempt, left, arrived())
    held = answers.of_attempt(attempt.member_id, attempt.id) if shown else {}
    seen = [
        QuestionShown(
            slot=one.number,
            kind=one.kind,
            stem_html=one.stem_html,
            full_mark=one.full_mark,
            options=[
                OptionShown(key=option.key, html=option.html, right=option.right, feedback_html=option.feedback_html)
                for option in one.options
            ],
            public=one.public,
            response=held[one.number].response if one.number in held else {},
            mark=one.mark,
            correctness=one.correctness,
            right_answers=[_right_in_words(right) for right in one.right],
            parts=[PartShown(**asdict(part)) for part in one.parts],
            feedback_html=one.feedback_html,
            explanation_html=one.explanation_html,
        )
        for one in showing.reviewed(attempt, held, shown)
    ]
    marked = Item.MARK in shown
    return AttemptShown(
        **_frame(attempt),
        questions=seen,
        receipt=_receipt(closing.receipt(attempt.member_id, attempt.id)),
        score=attempt.score if marked else None,
        full_marks=attempt.full_marks if marked else None,
        passed=attempt.passed if marked else None,
    )


def _right_in_words(right: dict[str, Any]) -> str:
    """A line of the right answer: an accepted text, a prompt with its choice, an item or a piece, true or false."""
    if "html" not in right:
        return str(right.get("text", right.get("key", "")))
    said = text_of(right["html"])
    before = text_of(right["prompt_html"]) + ": " if "prompt_html" in right else ""
    number = right.get("number", right.get("place"))
    return f"{number}. {said}" if number is not None else before + said
