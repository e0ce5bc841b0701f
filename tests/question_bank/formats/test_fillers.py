"""Canvas writes “No answer text provided.” for an empty answer: nobody is shown it, and nothing is lost in silence."""

from __future__ import annotations

import json

import pytest

from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.reading import Reading
from tests.question_bank.formats import test_qti_first as first
from tests.question_bank.formats.test_exports_of_platforms import only
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons

FILLER = "No answer text provided."


def canvas(*options: str, right: str = "a") -> Reading:
    rules = (
        '<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
        f'<respcondition continue="No"><conditionvar><varequal respident="r">{right}</varequal></conditionvar>'
        '<setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing>'
    )
    kind = {"question_type": "multiple_choice_question", "points_possible": "2.0"}
    made = first.item(first.html("Which swims?") + choice_of(options), rules, **kind)
    return read(f"<questestinterop>{made}</questestinterop>".encode(), "q.xml")


def choice_of(texts: tuple[str, ...]) -> str:
    labels = "".join(
        f'<response_label ident="{chr(97 + n)}"><material><mattext texttype="text/plain">{text}</mattext></material>'
        "</response_label>"
        for n, text in enumerate(texts)
    )
    return f'<response_lid ident="r" rcardinality="Single"><render_choice>{labels}</render_choice></response_lid>'


def test_a_wrong_option_without_a_text_is_left_out_and_told() -> None:
    reading = canvas("cod", "cat", FILLER)
    assert [one["text"] for one in as_json(only(reading))["options"]] == ["cod", "cat"]
    assert [FILLER in str(one) and "left out" in str(one) for one in reading.warnings] == [True]


def test_a_right_option_without_a_text_refuses_the_question() -> None:
    reading = canvas(FILLER, "cat", "cow")
    assert (reading.questions, reasons(reading)) == ([], ["An option has no text."])


def test_one_option_alone_is_no_choice() -> None:
    reading = canvas("cod", FILLER)
    assert reading.questions == []
    assert len(reading.refused) == 1


@pytest.mark.parametrize("filler", [FILLER, "no answer text provided", "未提供答案文本。", "没有提供答案文本"])
def test_it_is_known_in_other_files_too(filler: str) -> None:
    bank = [{"question": "哪个发光？", "options": ["太阳", "月亮", filler], "answer": "A", "type": "单选题"}]
    reading = read(json.dumps(bank, ensure_ascii=False).encode(), "bank.json")
    assert [one["text"] for one in as_json(only(reading))["options"]] == ["太阳", "月亮"]
    reading = read_text(f"1. 哪个发光？\nA. 太阳\nB. 月亮\nC. {filler}\n答案：A\n")
    assert (len(reading.questions[0].content["options"]), len(reading.warnings)) == (2, 1)


def test_words_that_hold_it_are_no_filler() -> None:
    reading = read_text(f"1. What is shown?\nA. {FILLER} Try again.\nB. 404\nAnswer: B\n")
    assert (len(only(reading).content["options"]), reading.warnings) == (2, [])
