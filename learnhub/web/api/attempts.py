"""Attempts at quizzes: start, save, hand in, look at."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response
from pydantic import AwareDatetime, BaseModel, Field

from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import iso
from learnhub.kernel.markup import text_of
from learnhub.quizzes import answers, attempts, catalogue, closing, review
from learnhub.quizzes.answers import LARGEST_SEQUENCE, MOST_AT_ONCE, Entry, Refusal
from learnhub.quizzes.lobby import Place
from learnhub.quizzes.models import Attempt, AttemptState
from learnhub.quizzes.review import Item
from learnhub.web.api.blueprint import Body, api, documented
from learnhub.web.context import arrived, me, member_id, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.quizzes import gate, showing
from learnhub.web.quizzes.views import SAVE_INTERVAL_MS


class Answering(Body):
    """An answer: the response in the form of its kind, the client's counter of the slot, the revision it was made on.

    `recorded_at` is what the device's clock said; it decides nothing that counts.
    """

    response: Any = None
    sequence: int = Field(ge=1, le=LARGEST_SEQUENCE)
    base: int | None = Field(None, ge=0, le=LARGEST_SEQUENCE)
    recorded_at: AwareDatetime | None = None


class SlotAnswering(Answering):
    """An answer with its slot."""

    slot: int = Field(ge=1, le=10_000)


class SeveralAnswers(Body):
    """Answers that waited offline."""

    answers: list[SlotAnswering] = Field(min_length=1, max_length=MOST_AT_ONCE)


class SaveReceipt(BaseModel):
    """The server holds the answer. `superseded`: a newer one stands, at this revision and sequence.

    `deadline` and `server_now` are the attempt's clock: it shows more time as soon as it was granted.
    """

    slot: int
    revision: int
    sequence: int
    saved_at: str
    superseded: bool
    deadline: str | None
    server_now: str


class Clock(BaseModel):
    """The clock of an attempt: its state, and the two moments from which a page counts down."""

    state: str
    deadline: str | None
    server_now: str


class Current(BaseModel):
    """The answer that the server holds."""

    slot: int
    response: dict[str, Any]
    revision: int
    sequence: int
    saved_at: str


class Outcome(BaseModel):
    """What became of one of several answers: `saved` with its receipt, `stale` with the current one, or `refused`."""

    slot: int
    status: str
    revision: int | None = None
    sequence: int | None = None
    saved_at: str | None = None
    superseded: bool = False
    current: Current | None = None
    detail: str | None = None


class Outcomes(BaseModel):
    """What became of each answer, in the order sent."""

    results: list[Outcome]


class OptionShown(BaseModel):
    """An option under its key; what may not be seen is null."""

    key: str
    html: str
    right: bool | None = None
    feedback_html: str = ""


class PartShown(BaseModel):
    """A prompt, an item, a gap, a piece or a part of a cloze in a review; what may not be seen is null or empty."""

    number: int
    key: str = ""
    prompt_html: str = ""
    said_html: str = ""
    chosen: bool | None = None
    correctness: str | None = None
    right_html: str | None = None
    feedback_html: str = ""


class QuestionShown(BaseModel):
    """A question of the paper. Marks in thousandths; everything after `sequence` only as far as the review allows.

    `public` is what its kind shows besides the text, in the order shuffled for this attempt: options, prompts and
    choices, items, gaps, segments, parts. `[[n]]` in the text stands for gap, segment or part n.
    """

    slot: int
    kind: str
    stem_html: str
    full_mark: int
    options: list[OptionShown] = []
    blanks: int | None = None
    public: dict[str, Any] = {}
    response: dict[str, Any] | None = None
    revision: int | None = None
    sequence: int | None = None
    mark: int | None = None
    correctness: str | None = None
    right_answers: list[str] = []
    parts: list[PartShown] = []
    feedback_html: list[str] = []
    explanation_html: str = ""


class HandInReceipt(BaseModel):
    """What handing in gives: the number of answers held, their digest (SHA-256), the moment of submission."""

    attempt: str
    answers: int
    digest: str
    submitted_at: str


class AttemptShown(BaseModel):
    """An attempt as it stands. Times are instants of the server; scores in thousandths, null until they may be seen."""

    id: str
    quiz: str
    number: int
    state: str
    started_at: str
    deadline: str | None
    server_now: str
    save_interval_ms: int
    questions: list[QuestionShown]
    receipt: HandInReceipt | None = None
    score: int | None = None
    full_marks: int | None = None
    passed: bool | None = None


class PlaceShown(BaseModel):
    """A place in the queue before a quiz: how many stand before it, and when to ask again."""

    quiz: str
    ahead: int
    again_in_seconds: int


@api.post("/quizzes/<int:quiz_id>/attempts")
@documented(tag="attempts", answer=AttemptShown, status=201, errors=(422,), others={202: PlaceShown})
@signed_in
def start_attempt(quiz_id: int) -> tuple[AttemptShown, int] | Response:
    """Start an attempt, or get the open one: 201 for a new one, 200 for one to go on with.

    202 with a place in the queue when too many come at once: call again after so many seconds, and keep the place; the
    attempt starts, and its time begins, when it is its turn.
    """
    attempt = gate.start(catalogue.find_by_id(scope(), quiz_id), me(), arrived())
    if isinstance(attempt, Place):
        return _queued(attempt)
    return _open(attempt), 201 if attempt.started_at == arrived() else 200


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
    return _open(attempt) if attempt.state == AttemptState.OPEN else _closed(attempt)


@api.put("/attempts/<int:attempt_id>/answers/<int:slot>")
@documented(tag="attempts", body=Answering, answer=SaveReceipt)
@signed_in
def save_answer(attempt_id: int, slot: int, body: Answering) -> SaveReceipt:
    """Save an answer. 409 with `code` "stale" and the current answer, or with `code` "closed"."""
    receipt = answers.save(
        member_id(), attempt_id, slot, body.response, body.sequence, body.base, _utc(body.recorded_at), arrived()
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


@api.get("/attempts/<int:attempt_id>/clock")
@documented(tag="attempts", answer=Clock)
@signed_in
def attempt_clock(attempt_id: int) -> Clock:
    """How long my attempt goes on, as it stands now; one statement."""
    found = attempts.clock(member_id(), attempt_id)
    return Clock(state=found.state, deadline=iso(found.deadline) if found.deadline else None, server_now=iso(arrived()))


@api.put("/attempts/<int:attempt_id>/answers")
@documented(tag="attempts", body=SeveralAnswers, answer=Outcomes)
@signed_in
def save_answers(attempt_id: int, body: SeveralAnswers) -> Outcomes:
    """Save what waited offline; each answer is judged by itself."""
    entries = [
        Entry(one.slot, one.response, one.sequence, one.base or 0, _utc(one.recorded_at)) for one in body.answers
    ]
    done = answers.save_many(member_id(), attempt_id, entries, arrived())
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


def _open(attempt: Attempt) -> AttemptShown:
    held = answers.of_attempt(attempt.member_id, attempt.id)
    asked = [
        QuestionShown(
            slot=one.number,
            kind=one.kind,
            stem_html=one.stem_html,
            full_mark=one.mark,
            options=[OptionShown(key=option["key"], html=option["html"]) for option in one.public.get("options", [])],
            blanks=one.public.get("blanks"),
            public=one.public,
            response=one.response,
            revision=one.revision,
            sequence=one.sequence,
        )
        for one in showing.questions(attempt, held)
    ]
    return AttemptShown(**_frame(attempt), questions=asked)


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
