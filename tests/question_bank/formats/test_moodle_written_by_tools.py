"""Moodle XML as scripts, spreadsheets and chats write it: near to the format, and plain to a person who reads it."""

from __future__ import annotations

from html import escape

import pytest

from question_bank.formats import gift
from tests.question_bank.formats.test_moodle_xml import answer, content, one, question, quiz, warnings


def packed(text: str) -> str:
    return f"<text>{escape(f'<![CDATA[{text}]]>', quote=False)}</text>"


def test_cdata_that_a_script_wrote_as_words_is_no_part_of_the_text() -> None:
    found = quiz(
        f'<question type="truefalse"><questiontext format="html">{packed("<p>Ice floats.</p>")}</questiontext>'
        f'<generalfeedback format="html">{packed("")}</generalfeedback>'
        f'<answer fraction="100">{packed("true")}</answer><answer fraction="0">{packed("false")}</answer></question>'
    ).questions[0]
    assert (found.stem_html, found.content["answer"], found.explanation_html) == ("<p>Ice floats.</p>", True, "")


@pytest.mark.parametrize("text", ["<![CDATA[x]]>", "<![CDATA["])
def test_cdata_that_a_question_on_xml_asks_for_stays(text: str) -> None:
    typed = f'<answer fraction="100" format="plain_text"><text>{escape(text)}</text></answer>'
    assert content("shortanswer", typed)["answers"][0]["text"] == text


@pytest.mark.parametrize(
    ("percent", "count", "share"), [("33", 3, "1/3"), ("34", 3, "1/3"), ("17", 6, "1/6"), ("14", 7, "1/7")]
)
def test_equal_shares_in_whole_percents_make_the_whole_mark(percent: str, count: int, share: str) -> None:
    wrong = answer("-50", "wrong")
    inside = "<single>false</single>" + "".join(answer(percent, f"right {n}") for n in range(count)) + wrong
    assert [option["fraction"] for option in content("multichoice", inside)["options"]] == [share] * count + ["-1/2"]
    text = "{1:MULTIRESPONSE:" + "~".join(f"%{percent}%right {n}" for n in range(count)) + "~wrong}"
    options = content("cloze", text=text)["parts"][0]["content"]["options"]
    assert [option["fraction"] for option in options] == [share] * count + ["0"]
    drafts = gift.read("Which? {" + "".join(f"~%{percent}%right {n} " for n in range(count)) + "~wrong}").questions
    assert drafts[0].content["options"][0]["fraction"] == share


def test_shares_that_are_not_the_whole_mark_are_kept_and_told() -> None:
    asked = question("multichoice", "<single>false</single>" + answer("40", "a") + answer("40", "b") + answer("0", "c"))
    assert quiz(asked).questions[0].content["options"][0]["fraction"] == "2/5"
    assert "line 1: The weights of the right options add up to 80%." in warnings(asked)


@pytest.mark.parametrize(
    ("type", "kind"), [("numeric", "numerical"), ("short_answer", "short_answer"), ("Multiple-Choice", "single_choice")]
)
def test_a_type_may_be_called_as_the_pages_of_moodle_call_it(type: str, kind: str) -> None:
    assert one(type, answer("100", "4") + answer("0", "5"))["kind"] == kind


@pytest.mark.parametrize(("part", "fraction"), [("1", "1"), ("0.33333", "1/3"), ("50", "1/2")])
def test_an_answer_of_old_files_has_its_weight_in_an_element(part: str, fraction: str) -> None:
    old = f"<answer>\n 16\n<fraction>{part}</fraction><tolerance>2</tolerance><feedback><text>F</text></feedback></answer>"
    found = content("numerical", old + answer("100", "17"))["answers"][0]
    assert (found["value"], found["tolerance"], found["fraction"]) == ("16", "2", fraction)
