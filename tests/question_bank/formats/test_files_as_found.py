"""What files of platforms hold as they are found, in small cases of our own."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.reading import Reading
from tests.question_bank.formats.test_unseen_shapes import reasons, told

WITHOUT_BRACES = "The answers stand without braces; each line that begins with ~ or = was taken for one."


def notes(reading: Reading) -> list[str]:
    return [str(one) for one in reading.warnings]


# GIFT


def test_answers_of_gift_on_lines_of_their_own_need_no_braces() -> None:
    reading = read(
        b"::Rope::Which of them holds?\n~knot == 'slip'\n=knot{'bowline'}\n~%-50%none #Look again.\n\nWhy so? {}\n",
        "a.gift",
    )
    assert told(reading) == [
        ("single_choice", "Which of them holds?", ["knot == 'slip'", "*knot{'bowline'}", "none"]),
        ("essay", "Why so?", []),
    ]
    options = as_json(reading.questions[0])["options"]
    assert [one["fraction"] for one in options] == [0, 1, -0.5]
    assert options[2]["feedback"] == "Look again."
    assert notes(reading) == [f"line 1: {WITHOUT_BRACES}"]


@pytest.mark.parametrize(
    "source",
    [
        "Which?\n~This\n~That\n",
        "Which?\n=This\n=That\n~None\n",
        "Which?\n~This\n=That\nand no other\n",
        "~This\n=That\n",
    ],
)
def test_lines_that_may_be_something_else_stay_refused(source: str) -> None:
    reading = read(f"{source}\nSound? {{T}}\n".encode(), "a.gift")
    assert [one.kind for one in reading.questions if one.kind != "description"] == ["true_false"]
    assert not any(WITHOUT_BRACES in one for one in notes(reading))


def test_a_text_of_gift_without_a_name_is_told() -> None:
    reading = read(b"Made from the log of the third watch.\n::Sound::The hull is sound. {T}\n", "a.gift")
    assert [one.kind for one in reading.questions] == ["description", "true_false"]
    assert notes(reading) == ["line 1: There are no braces in this text; it comes in as a description."]


def test_a_file_of_another_language_holds_no_questions() -> None:
    with pytest.raises(Refused, match="There are no questions in this file"):
        read(b"; a list of our own\n(def knots 12)\n\n(+ knots 1)\n", "a.gift")


# Moodle XML


def quiz(*questions: str) -> Reading:
    return read(f"<quiz>{''.join(questions)}</quiz>".encode(), "quiz.xml")


def test_attributes_without_quotes_are_understood() -> None:
    reading = quiz(
        "<question type=multichoice>"
        "<questiontext format=html><text><![CDATA[Which <b class=x>one</b> type=y ?]]></text></questiontext>"
        "<answer fraction=100><text>Bowline</text></answer><answer fraction=0><text>Granny</text></answer></question>"
    )
    assert told(reading) == [("single_choice", 'Which <b class="">one</b> type=y ?', ["*Bowline", "Granny"])]


def test_a_tolerance_of_the_whole_question_holds_for_its_answers() -> None:
    reading = quiz(
        '<question type="numerical"><questiontext><text>How deep?</text></questiontext>'
        '<answer fraction="100"><text>40</text></answer>'
        '<answer fraction="50"><text>40</text><tolerance>5</tolerance></answer><tolerance>2</tolerance></question>'
    )
    (found,) = reading.questions
    assert [one["tolerance"] for one in found.content["answers"]] == ["2", "5"]


@pytest.mark.parametrize(("method", "count"), [("kprime", 2), ("kprimeonezero", 2), ("subpoints", 1)])
def test_rows_that_are_marked_together_there_are_told(method: str, count: int) -> None:
    rows = "".join(
        f'<row number="{n}"><optiontext><text>{text}</text></optiontext></row>'
        f'<weight rownumber="{n}" columnnumber="{n}"><value>1.000</value></weight>'
        f'<column number="{n}"><responsetext><text>{said}</text></responsetext></column>'
        for n, text, said in ((1, "Ropes float", "True"), (2, "Chains float", "False"))
    )
    reading = quiz(
        '<question type="kprime"><questiontext><text>True?</text></questiontext>'
        f"<scoringmethod><text>{method}</text></scoringmethod>{rows}</question>"
    )
    assert [one.kind for one in reading.questions] == ["matching"]
    assert len(reading.warnings) == count


# QTI

CHOICE = (
    '<assessmentItem identifier="{0}" title="{0}"><responseDeclaration identifier="R" cardinality="single"'
    ' baseType="identifier"><correctResponse><value>b</value></correctResponse></responseDeclaration><itemBody>'
    '<p>Which {0}?</p><choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="a">Near'
    '</simpleChoice><simpleChoice identifier="b">Far</simpleChoice></choiceInteraction></itemBody></assessmentItem>'
)


def test_a_test_may_hold_its_items_itself() -> None:
    section = f'<assessmentSection title="Deep"><selection select="1"/>{CHOICE.format("two")}</assessmentSection>'
    inner = f'<testPart identifier="p">{section}<assessmentItemRef href="four.xml"/></testPart>'
    test = f'<assessmentTest title="Sea">{CHOICE.format("one")}{inner}</assessmentTest>'
    alone = read(test.encode(), "test.xml")
    assert notes(alone) == ["“Deep” draws 1 of its questions; here all of them come in."]
    assert reasons(alone) == ["There is no such file in the package."]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("tests/sea.xml", test)
        archive.writestr("items/three.xml", CHOICE.format("three"))
    package = read(packed.getvalue(), "test.zip")
    assert [(one.where, one.category) for one in alone.questions] == [("one", "Sea"), ("two", "Sea/Deep")]
    assert told(alone) == [("single_choice", f"<p>Which {name}?</p>", ["Near", "*Far"]) for name in ("one", "two")]
    assert [one.where for one in package.questions] == ["one", "two", "items/three.xml"]


def test_a_test_that_only_names_its_items_holds_none() -> None:
    with pytest.raises(Refused, match="assessmentTest"):
        read(b'<assessmentTest title="Sea"><assessmentItemRef href="one.xml"/></assessmentTest>', "test.xml")


def test_an_item_of_qti_1_may_stand_alone() -> None:
    labels = "".join(
        f'<response_label ident="{n}"><material><mattext>{text}</mattext></material></response_label>'
        for n, text in enumerate(("Near", "Far"))
    )
    item = (
        '<item ident="i" title="Depth"><presentation><material><mattext>Which?</mattext></material>'
        f'<response_lid ident="r" rcardinality="Single"><render_choice>{labels}</render_choice></response_lid>'
        '</presentation><resprocessing><outcomes><decvar varname="SCORE"/></outcomes><respcondition><conditionvar>'
        '<varequal respident="r">1</varequal></conditionvar><setvar varname="SCORE">100</setvar></respcondition>'
        "</resprocessing></item>"
    )
    assert told(read(item.encode(), "item.xml")) == [("single_choice", "Which?", ["Near", "*Far"])]
    with pytest.raises(Refused):
        read(b"<item><title>News of the day</title></item>", "item.xml")


# H5P


def test_an_asterisk_before_an_answer_outweighs_its_place() -> None:
    choices = [
        {"question": "<p>Which floats?</p>", "answers": ["<p>*Rope</p>", "Chain"]},
        {"question": "Which sinks?", "answers": ["Rope", "*Chain", "Both"]},
        {"question": "Which is a sign?", "answers": ["*", "**", "* both"]},
        {"question": "Which holds?", "answers": ["Bowline", "Granny"]},
    ]
    reading = read(json.dumps({"choices": choices, "behaviour": {}}).encode(), "content.json")
    assert [(one[1], one[2]) for one in told(reading)] == [
        ("Which floats?", ["*Rope", "Chain"]),
        ("Which is a sign?", ["**", "**", "* both"]),
        ("Which holds?", ["*Bowline", "Granny"]),
    ]
    assert [one.where for one in reading.refused] == ["/1"]
    assert reasons(reading)[0].startswith(
        "H5P takes the first answer (Rope) for the right one, but *Chain begins with *."
    )
