"""GIFT, Moodle XML and H5P: comments of programs, formats and kinds that a file leaves unsaid, texts that run on."""

from __future__ import annotations

import pytest

from question_bank.formats import gift
from question_bank.formats.gift_signs import uncommented
from tests.question_bank.formats.moodle_questions import answer, one, question, warnings
from tests.question_bank.formats.test_gift_as_typed import only
from tests.question_bank.formats.test_h5p import only as only_h5p


def test_a_comment_behind_the_answers_is_not_part_of_the_question() -> None:
    found, _warnings = only("Which metal rusts? {\n=iron\n=steel\n} // two words count, {both}")
    assert (found["kind"], found["stem"]) == ("short_answer", "Which metal rusts?")


@pytest.mark.parametrize("behind", ["// cdn.example/a.js", "//cdn.example/a.js"])
def test_an_address_behind_the_answers_stays(behind: str) -> None:
    found, _warnings = only(f"Load {{~http: =https:}}{behind}")
    assert ("cdn.example" in found["stem"]) == (behind[2] != " ")


PASSAGE = "::A::Ice floats. {T}\n\n/*\n::B::Left out {=x ~y}\n\nmore {}\n*/\n::C::Lead floats. {F}\n"


def test_a_passage_between_signs_of_a_program_is_left_out_with_a_note() -> None:
    reading = gift.read(PASSAGE)
    assert [draft.title for draft in reading.questions] == ["A", "C"]
    assert [str(one) for one in reading.warnings] == ["line 3: What stands between /* and */ was left out."]
    assert [draft.where for draft in reading.questions] == ["line 1", "line 8"]


@pytest.mark.parametrize(
    "source",
    [
        "What does this do?\n/* adds */ x + y {=adds ~prints}",
        "::Q::Which line is a comment? {\n/* text */\n=the first\n~none\n}",
        "/* text */ is a comment in C. {T}",
        "/* begun and never ended {T}",
    ],
)
def test_signs_of_a_program_inside_a_question_stay(source: str) -> None:
    assert uncommented(source.split("\n")) == (source.split("\n"), [])


def test_many_signs_of_a_program_cost_little() -> None:
    lines = ["/*", "x */ y"] * 50_000
    assert uncommented(lines)[1] == []


SHARES = "".join(
    answer(share, text) for share, text in [("33.33333", "owl"), ("33.33333", "emu"), ("33.33333", "kiwi")]
)


@pytest.mark.parametrize(
    ("inside", "kind", "noted"),
    [
        (SHARES + answer("-100", "bat"), "multiple_choice", True),
        (answer("50", "owl") + answer("50", "emu") + answer("0", "bat"), "multiple_choice", True),
        (answer("100", "owl") + answer("50", "emu") + answer("0", "bat"), "single_choice", False),
        ("<single>true</single>" + SHARES + answer("-100", "bat"), "single_choice", False),
        ("<single>false</single>" + SHARES + answer("-100", "bat"), "multiple_choice", False),
    ],
)
def test_shares_that_make_a_whole_ask_for_several_where_the_file_does_not_say(
    inside: str, kind: str, noted: bool
) -> None:
    assert one("multichoice", inside)["kind"] == kind
    assert any("how many options may be chosen" in each for each in warnings(question("multichoice", inside))) == noted


def test_an_option_that_shows_nothing_is_told() -> None:
    inside = answer("100", "<b>hr</b>") + answer("0", "<br>") + answer("0", "<hr>")
    told = [each for each in warnings(question("multichoice", inside)) if "shows nothing" in each]
    assert told == ["line 1: An option shows nothing; it was written <br>."]


@pytest.mark.parametrize(
    ("written", "shown"), [("markdown", "<em>none</em>"), ("plain_text", "*none*"), ("html", "*none*")]
)
def test_a_text_that_names_no_format_has_that_of_the_question(written: str, shown: str) -> None:
    inside = answer("100", "*none*") + answer("0", "all")
    assert one("multichoice", inside, format=written)["options"][0]["text"] == shown


def test_the_task_of_advanced_blanks_is_a_paragraph_of_its_own() -> None:
    content = {"task": "Fill in.", "blanksText": "Ice is ____", "blanksList": [{"correctAnswerText": "cold"}]}
    assert only_h5p("H5P.AdvancedBlanks", {"content": content}).stem_html == "<p>Fill in.</p>Ice is ____"
