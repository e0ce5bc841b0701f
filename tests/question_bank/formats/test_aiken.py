"""Aiken as it is written by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.authoring import QuestionDraft
from question_bank.formats import aiken, read
from question_bank.formats.listing import as_json
from question_bank.formats.writing import write

PLAIN = "What is it?\nA) this\nB) that\nANSWER: B\n"


@pytest.mark.parametrize(
    "source",
    [
        PLAIN,
        PLAIN.replace(")", "."),
        PLAIN.replace("\n", "\n\n"),
        PLAIN.replace("A) ", "Ａ．").replace("B) ", "Ｂ）").replace(": B", "：Ｂ"),
        PLAIN.replace("A)", "a)").replace("B)", "b)").replace("ANSWER: B", "Answer: b"),
        "\ufeff  " + PLAIN.replace("\n", "  \r\n\t"),
        PLAIN.replace("A) ", "(A) ").replace("B) ", "（B）"),
    ],
)
def test_options_and_answers_in_any_spelling(source: str) -> None:
    found = as_json(aiken.read(source).questions[0])
    assert (found["kind"], found["stem"]) == ("single_choice", "What is it?")
    assert found["options"] == [{"text": "this", "fraction": 0}, {"text": "that", "fraction": 1}]


def test_the_format_is_found() -> None:
    assert read(PLAIN.encode(), "quiz.txt").format == "aiken"
    assert read(PLAIN.replace("this", "甲").encode("gb18030"), "quiz.txt").format == "aiken"
    assert read(b"Q{=a}", "quiz.txt").format == "gift"


def test_lines_that_go_on_several_answers_and_an_explanation() -> None:
    source = "Line one\nline two\nA. a\nand more\nB. b < c\nC. c\nANSWER: A, C\nFEEDBACK: because\nso\n\n"
    source += "Next?\nA) x\nB) y\nANSWER: A"
    first, second = (as_json(draft) for draft in aiken.read(source).questions)
    assert (first["kind"], first["stem"], first["explanation"]) == (
        "multiple_choice",
        "Line one\nline two",
        "because\nso",
    )
    assert first["answers"] == ["a\nand more", "c"]
    assert first["options"][1]["text"] == "b < c"
    assert (second["stem"], second["where"]) == ("Next?", "line 11")


def test_a_stem_may_begin_like_an_option() -> None:
    assert (
        as_json(aiken.read("A. Lincoln was\nA) president\nB) king\nANSWER: A").questions[0])["stem"] == "A. Lincoln was"
    )


@pytest.mark.parametrize(
    "broken",
    [
        "No answer\nA) a\nB) b",
        "Wrong\nA) a\nB) b\nANSWER: C",
        "None\nANSWER: A",
        "One\nA) a\nANSWER: A",
        "Odd\nA) a\nB) b\nANSWER: both",
    ],
)
def test_a_malformed_question_costs_only_itself(broken: str) -> None:
    reading = aiken.read(f"{PLAIN}\n{broken}\n\n{PLAIN}")
    assert len(reading.questions) == 2
    assert [refusal.where for refusal in reading.refused] == ["line 6"]


def test_what_it_cannot_say_is_left_out_and_what_it_loses_is_counted() -> None:
    options = {"options": [{"html": "a", "fraction": "1"}, {"html": "b", "fraction": "0"}]}
    weighted = {"options": [{"html": "a", "fraction": "1"}, {"html": "b", "fraction": "1/2"}]}
    drafts = [
        QuestionDraft("single_choice", "Q?", options, title="T", tags=("t",), mark=2000),
        QuestionDraft("single_choice", "<b>Q?</b>", options, title="bold"),
        QuestionDraft("single_choice", "Q?", weighted, title="weighted"),
        QuestionDraft("true_false", "Q?", {"answer": True}, title="true"),
    ]
    written = write(drafts, "aiken")
    assert written.data == b"Q?\nA) a\nB) b\nANSWER: A\n"
    assert [one.where for one in written.left_out] == ["bold", "weighted", "true"]
    assert [str(message) for message in written.lost] == [
        "1 question is not worth 1 mark, which this format can't say.",
        "The title of 1 question is not written.",
        "The tags of 1 question are not written.",
    ]


@given(st.text(alphabet="ABCab)。.: \nANSWER?甲", max_size=80))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        reading = read(source.encode(), "x.txt", "aiken")
    except Refused:
        return
    assert reading.questions or reading.refused
