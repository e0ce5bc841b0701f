"""Makers for quizzes: a bank, a quiz over it, a member who sits it."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from learnhub.identity.models import Member
from learnhub.organisations.models import Unit
from learnhub.quizzes import answers, papers, setup
from learnhub.quizzes.answers import Receipt
from learnhub.quizzes.models import Attempt, Quiz
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank
from tests.makers import NOW

_numbers = itertools.count(1)


def single(n: int = 0, **fields: Any) -> QuestionDraft:
    """A single choice of four whose right option is the first that its author wrote."""
    options = [{"html": text, "fraction": "1" if text == "right" else "0"} for text in ("right", "b", "c", "d")]
    return QuestionDraft("single_choice", f"<p>Question {n} of {next(_numbers)}?</p>", {"options": options}, **fields)


def drafts(count: int) -> list[QuestionDraft]:
    """Questions of every kind, in turn."""
    made = [
        single,
        lambda n: QuestionDraft(
            "multiple_choice",
            f"<p>Pick {n}</p>",
            {"options": [{"html": t, "fraction": "1/2" if t in "ab" else "0"} for t in "abcd"]},
        ),
        lambda n: QuestionDraft("true_false", f"<p>True {n}?</p>", {"answer": True}),
        lambda n: QuestionDraft("fill_in", f"<p>Fill {n} ____</p>", {"blanks": [{"answers": [{"text": "right"}]}]}),
        lambda n: QuestionDraft("numerical", f"<p>How many {n}?</p>", {"answers": [{"value": "3", "tolerance": "0"}]}),
        lambda n: QuestionDraft("short_answer", f"<p>Which {n}?</p>", {"answers": [{"text": "right"}]}),
    ]
    return [made[n % len(made)](n) for n in range(count)]


def new_bank(questions: list[QuestionDraft]) -> tuple[Bank, list[int]]:
    """A bank with these questions, and their ids."""
    bank = authoring.create_bank(f"bank-{next(_numbers)}", "A bank", NOW)
    return bank, authoring.add_questions(bank, questions, NOW)


def new_quiz(unit: Unit, questions: int | list[QuestionDraft] = 3, **settings: Any) -> Quiz:
    """A quiz with a fixed paper of single choices (or the drafts given), one mark each."""
    asked = [single(n) for n in range(questions)] if isinstance(questions, int) else questions
    _bank, ids = new_bank(asked)
    paper = {"questions": [{"id": str(one), "mark": 1000} for one in ids]}
    settings = {"title": f"Quiz {next(_numbers)}", "paper": paper, **settings}
    return setup.create_quiz(unit, setup.Settings(**settings), NOW)


def right(attempt: Attempt, slot: int) -> dict[str, Any]:
    """The response that earns full marks."""
    asked = papers.asked(papers.slot_of(attempt.layout, slot).version_id)
    content = asked.content
    if asked.kind.name in ("single_choice", "multiple_choice"):
        keys = [option["key"] for option in content["options"] if option["fraction"] != "0"]
        return {"choice": keys[0]} if asked.kind.name == "single_choice" else {"choices": keys}
    if asked.kind.name == "true_false":
        return {"choice": "true" if content["answer"] else "false"}
    if asked.kind.name == "fill_in":
        return {"blanks": [blank["answers"][0]["text"] for blank in content["blanks"]]}
    return {"text": content["answers"][0].get("text") or content["answers"][0]["value"]}


def wrong(attempt: Attempt, slot: int, nth: int = 0) -> dict[str, Any]:
    """The n-th wrong option of a single choice."""
    content = papers.asked(papers.slot_of(attempt.layout, slot).version_id).content
    return {"choice": [option["key"] for option in content["options"] if option["fraction"] == "0"][nth]}


def save(
    attempt: Attempt,
    slot: int,
    response: Any,
    now: datetime,
    *,
    sequence: int = 1,
    base: int | None = None,
    recorded_at: datetime | None = None,
) -> Receipt:
    """Save an answer of an attempt."""
    return answers.save(attempt.member_id, attempt.id, slot, response, sequence, base, recorded_at, now)


def answer_all(attempt: Attempt, member: Member, now: datetime) -> None:
    """Answer every question right."""
    for slot in papers.slots_of(attempt.layout):
        answers.save(member.id, attempt.id, slot.number, right(attempt, slot.number), 1, None, None, now)
