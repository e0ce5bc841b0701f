"""Parts of a paper by kind: in which order, what their headings say, and numbers that paper and key share."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from question_bank import authoring, paper_sets
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, PaperSet
from question_bank.paper_parts import Part, heading
from question_bank.printing import Item, render
from tests.question_bank.printing.test_printing import HEADING, options, question, say

KINDS = ("essay", "true_false", "multiple_choice", "single_choice")


def draft(number: int, kind: str) -> QuestionDraft:
    content: dict[str, Any] = {
        "essay": {},
        "true_false": {"answer": True},
        "multiple_choice": options("1/2", "1/2", "0"),
        "single_choice": options("1", "0", "0"),
    }[kind]
    return QuestionDraft(kind, f"<p>{kind} {number}</p>", content)


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    made = authoring.create_bank("law", "Law", now)
    authoring.add_questions(made, [draft(n, kind) for n in range(4) for kind in KINDS], now)
    return made


def made(bank: Bank, now: datetime, *quotas: dict[str, Any], **more: Any) -> PaperSet:
    return paper_sets.make(bank, "Final", {"quotas": list(quotas), **more}, 7, now)


def kinds_of(kept: PaperSet, variant: int = 1) -> list[str]:
    return [place.version.kind for place in paper_sets.paper(kept, variant)]


def test_a_paper_is_grouped_in_the_order_that_papers_have_and_numbers_run_through(bank: Bank, now: datetime) -> None:
    kept = made(bank, now, {"count": 16, "mark": 2000})
    places = paper_sets.paper(kept, 1)
    assert (
        kinds_of(kept) == [name for name in reversed(KINDS) for _n in range(4)][:8] + ["true_false"] * 4 + ["essay"] * 4
    )
    assert [place.number for place in places] == list(range(1, 17))
    assert paper_sets.parts(kept, places) == [
        Part(name, [2000] * 4) for name in ("single_choice", "multiple_choice", "true_false", "essay")
    ]


def test_rules_that_each_name_a_kind_say_the_order_of_the_parts(bank: Bank, now: datetime) -> None:
    rules = [{"count": 1, "kind": name, "mark": 1000} for name in ("essay", "single_choice", "essay")]
    assert kinds_of(made(bank, now, *rules)) == ["essay", "essay", "single_choice"]


def test_the_order_within_a_part_and_of_options_is_that_of_the_same_paper_without_parts(
    bank: Bank, now: datetime
) -> None:
    kept = made(bank, now, {"count": 12, "mark": 1000}, variants=2, overlap=12)
    for variant in (1, 2):
        parted = paper_sets.paper(kept, variant)
        paper_sets.group_by_kind(kept, False)
        plain = paper_sets.paper(kept, variant)
        assert paper_sets.parts(kept, plain) == []
        paper_sets.group_by_kind(kept, True)
        assert sorted((one.question_id, one.order) for one in parted) == sorted(
            (one.question_id, one.order) for one in plain
        )
        for name in KINDS:
            ids = [[one.question_id for one in places if one.version.kind == name] for places in (parted, plain)]
            assert ids[0] == ids[1]


def test_papers_that_were_made_before_there_were_parts_keep_their_numbers(bank: Bank, now: datetime) -> None:
    kept = made(bank, now, {"count": 16})
    kept.blueprint = {"quotas": [{"count": 16}]}
    stored = [int(one["question"]) for one in kept.variants[0]]
    assert [place.question_id for place in paper_sets.paper(kept, 1)] == stored
    assert not paper_sets.is_by_kind(kept)


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([2000] * 10, "Part 2: Single choice (10 questions, 2 marks each, 20 marks)"),
        ([1000] * 2, "Part 2: Single choice (2 questions, 1 mark each, 2 marks)"),
        ([500, 1500], "Part 2: Single choice (2 questions, 2 marks)"),
        ([1500], "Part 2: Single choice (1 question, 1.5 marks)"),
    ],
)
def test_a_heading_says_how_many_what_each_is_worth_and_all_together(marks: list[int], words: str) -> None:
    assert heading(Part("single_choice", marks), 2, say) == words


def test_parts_are_numbered_as_far_as_one_likes() -> None:
    begun = [heading(Part("essay", [1000]), n, say).partition(":")[0] for n in (1, 15, 16)]
    assert begun == ["Part 1", "Part 15", "Part 16"]


def test_paper_and_key_have_the_same_parts_and_numbers_and_differing_marks_are_said_of_each_question() -> None:
    items = [
        *(question("single_choice", f"choose {n}", options("1", "0")) for n in range(2)),
        question("description", "Read this.", {}),
        Item("true_false", "so?", {"answer": True}, (), 1000),
        Item("true_false", "and so?", {"answer": False}, (), 3000),
    ]
    parts = [Part("single_choice", [1500] * 2), Part("true_false", [1000, 3000])]
    for key, lines in (
        (False, ["1. choose 0", "2. choose 1", "3. (marks: 1) so?", "4. (marks: 3) and so?"]),
        (True, ["1. A", "2. A", "3. (marks: 1) True", "4. (marks: 3) False"]),
    ):
        pdf = render(HEADING, items, lambda _address: None, say, key=key, parts=parts)
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        first = "Part 1: Single choice (2 questions, 1.5 marks each, 3 marks)"
        wanted = [first, *lines[:2], "Part 2: True or false (2 questions, 4 marks)", *lines[2:]]
        found = [text.find(one) for one in wanted]
        assert -1 not in found, text
        assert found == sorted(found)


def test_without_parts_a_question_with_several_right_answers_says_so() -> None:
    items = [question("multiple_choice", "Which?", options("1/2", "1/2", "0"))]
    parts = [Part("multiple_choice", [1500])]
    for given, is_said in (([], True), (parts, False)):
        pdf = render(HEADING, items, lambda _address: None, say, parts=given)
        text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        assert ("Choose all that are right." in text) is is_said
