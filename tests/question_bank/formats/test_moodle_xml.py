"""Moodle XML as it is exported and as tools write it: every kind, and what stands around a question."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from question_bank.formats import read, xml_stream
from question_bank.formats.listing import as_json
from question_bank.formats.sameness import plain
from question_bank.formats.writing import write
from tests.question_bank.formats.moodle_questions import (
    answer,
    content,
    fractions,
    one,
    question,
    quiz,
    reasons,
    warnings,
)

FOLDER = Path(__file__).parents[2] / "data" / "q-moodlexml"
FILES = sorted(FOLDER.glob("*.xml"))
KINDS = {
    "cloze": "cloze",
    "ddwtos": "drag_text",
    "gapselect": "drag_text",
    "description": "description",
    "essay": "essay",
    "matching": "matching",
    "mtf": "matching",
    "multichoice": "single_choice",
    "numerical": "numerical",
    "ordering": "ordering",
    "shortanswer": "short_answer",
    "truefalse": "true_false",
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_question_of_a_tools_file_is_read_or_refused_by_name(file: Path) -> None:
    data = file.read_bytes()
    types = [
        piece.element.get("type", "") for piece in xml_stream.pieces(data, "question") if piece.element is not None
    ]
    types = [type for type in types if type != "category"]
    reading = read(data, file.name)
    assert reading.format == "moodle-xml"
    assert [draft.kind for draft in reading.questions] == [KINDS[type] for type in types if type in KINDS]
    assert ["coderunner" in str(refusal.reason) for refusal in reading.refused] == [True] * types.count("coderunner")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_tools_file_survives_a_round_trip(file: Path) -> None:
    drafts = read(file.read_bytes(), file.name).questions
    if not drafts:
        return
    written = write(drafts, "moodle-xml")
    assert not written.left_out
    again = read(written.data, "x.xml").questions
    assert [(draft.title, draft.mark, plain(draft.content)) for draft in again] == [
        (draft.title, draft.mark, plain(draft.content)) for draft in drafts
    ]


def test_choices_have_exact_weights_and_blank_ones_do_not_count() -> None:
    options = "".join(answer("33.33333", text) for text in "abc") + answer("-50", "d") + answer("0", "")
    found = one("multichoice", "<single>false</single>" + options)
    assert found["kind"] == "multiple_choice"
    assert fractions(found) == [0.3333333, 0.3333333, 0.3333333, -0.5]
    weights = content("multichoice", "<single>false</single>" + options)["options"]
    assert [option["fraction"] for option in weights] == ["1/3", "1/3", "1/3", "-1/2"]
    assert fractions(one("multichoice", answer("100", "a") + answer("16.666666666666668", "b"))) == [1, 0.1666667]
    assert fractions(one("multichoiceset", answer("100", "a") + answer("100", "b") + answer("0", "c"))) == [0.5, 0.5, 0]


def test_true_and_false_in_any_order_with_their_feedback() -> None:
    told = "<feedback><text>no</text></feedback>"
    assert content("truefalse", answer("0", "true", told) + answer("100", "false")) == {
        "answer": False,
        "feedback_true_html": "no",
        "feedback_false_html": "",
    }
    assert "both" in reasons(question("truefalse", answer("100", "true") + answer("100", "false")))[0]


def test_typed_answers_are_taken_as_written() -> None:
    found = one("shortanswer", answer("100", "<p>") + answer("50", "a \\* b") + answer("25", "gr*y"))
    assert [one_["text"] for one_ in found["answers"]] == ["<p>", "a * b", "gr*y"]
    stars = content("shortanswer", answer("100", "<p>x</p>") + answer("50", "gr*y"))["answers"]
    assert (stars[0]["text"], stars[1]["wildcards"]) == ("x", True)


def test_numbers_have_tolerances_and_units() -> None:
    units = "".join(
        f"<unit><multiplier>{factor}</multiplier><unit_name>{name}</unit_name></unit>"
        for name, factor in (("m", "1"), ("cm", "100"), ("ft", "3.28"))
    )
    inside = (
        answer("100", "3,5", "<tolerance>0.1</tolerance>")
        + answer("0", "*", "<feedback><text>far</text></feedback>")
        + f"<units>{units}</units><unitgradingtype>1</unitgradingtype><unitpenalty>0.1</unitpenalty>"
        "<showunits>2</showunits>"
    )
    found = content("numerical", inside)
    assert (found["answers"][0]["value"], found["answers"][0]["tolerance"]) == ("3.5", "0.1")
    assert found["answers"][1] == {"text": "*", "wildcards": True, "fraction": "0", "feedback_html": "far"}
    assert found["units"] == [
        {"unit": "m", "factor": "1"},
        {"unit": "cm", "factor": "0.01"},
        {"unit": "ft", "factor": "25/82"},
    ]
    assert (found["unit_penalty"], found["unit_input"]) == ("1/10", "choice")
    assert "not a number" in reasons(question("numerical", answer("100", "many")))[0]


def test_pairs_and_choices_for_nobody() -> None:
    pairs = "".join(
        f"<subquestion><text>{left}</text><answer><text>{escape(right)}</text></answer></subquestion>"
        for left, right in (("a", "1 < 2"), ("b", "2"), ("&lt;p>&lt;/p>", "3"))
    )
    found = one("matching", pairs)
    assert found["answers"] == [{"text": "a", "match": "1 < 2"}, {"text": "b", "match": "2"}]
    assert [option["text"] for option in found["options"]] == ["1 < 2", "2", "3"]
    assert one("ddmatch", pairs)["kind"] == "matching"


@pytest.mark.parametrize(
    ("grading", "scoring", "warned"),
    [
        ("-1", "all_or_nothing", False),
        ("ABSOLUTE_POSITION", "per_place", False),
        ("1", "adjacent_pairs", False),
        ("LONGEST_ORDERED_SUBSET", "longest_sequence", False),
        ("6", "longest_sequence", True),
        ("7", "per_place", True),
    ],
)
def test_ways_to_mark_an_order(grading: str, scoring: str, warned: bool) -> None:
    source = question("ordering", f"<gradingtype>{grading}</gradingtype>" + answer("1", "a") + answer("2", "b"))
    found = as_json(quiz(source).questions[0])
    assert (found["answers"], found["scoring"]) == (["a", "b"], scoring)
    assert bool(warnings(source)) == warned


def test_an_essay_and_one_that_is_a_file() -> None:
    template = (
        '<responsetemplate format="html"><text>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</text></responsetemplate>'
    )
    limits = "<minwordlimit>5</minwordlimit><maxwordlimit></maxwordlimit>"
    marker = "<graderinfo><text>look</text></graderinfo>"
    found = one("essay", template + limits + marker)
    assert (found["kind"], found["template"], found["least"], found["most"]) == ("essay", "One\nTwo", 5, 0)
    assert found["for_marker"]["text"] == "look"
    upload = one(
        "essay",
        "<responseformat>noinline</responseformat><attachments>-1</attachments><maxbytes>1048576</maxbytes>"
        "<filetypeslist>.pdf,image</filetypeslist>",
    )
    assert (upload["kind"], upload["accept"], upload["most"], upload["largest"]) == (
        "file_upload",
        ["picture", "pdf"],
        10,
        1048576,
    )


def test_parts_of_a_cloze_with_entities_feedback_and_weights() -> None:
    text = (
        "<p>{2:MULTICHOICE_V:=a &lt; b#<b>yes</b>~%-50%c~d\\}} and {:SA:%100%x&amp;y~%50%*z*#so\\#so} "
        "{1:NM:=3,5:0.1~*#far} {1:MR:=p~=q~r} {1:MULTIRESPONSE_HS:%50%p~%50%q~r} {3:SHORTANSWER_C:=X}</p>"
    )
    found = one("multianswer", text=text)
    assert found["stem"] == "<p>[[1]] and [[2]] [[3]] [[4]] [[5]] [[6]]</p>"
    assert [(part["kind"], part["weight"], part["layout"]) for part in found["parts"]] == [
        ("single_choice", 2, "vertical"),
        ("short_answer", 1, "inline"),
        ("numerical", 1, "inline"),
        ("multiple_choice", 1, "vertical"),
        ("multiple_choice", 1, "horizontal"),
        ("short_answer", 3, "inline"),
    ]
    first, second, third, fourth = found["parts"][:4]
    assert [option["text"] for option in first["options"]] == ["a < b", "c", "d}"]
    assert (first["options"][0]["feedback"], fractions(first)) == ("<b>yes</b>", [1, -0.5, 0])
    assert [(typed["text"], typed["fraction"]) for typed in second["answers"]] == [("x&y", 1), ("*z*", 0.5)]
    assert second["answers"][1]["feedback"] == "so#so"
    assert (third["answers"][0]["value"], third["answers"][1]["text"]) == (3.5, "*")
    assert fractions(fourth) == [0.5, 0.5, 0]
    assert found["marks"] == 9
    assert "capital" in warnings(question("cloze", text=text))[0]


@pytest.mark.parametrize(
    "text", ["no part", "{1:SHORTANSWER:=a", "{1:RX:=a}", "{1:SA:=a} {1:MC:}", "{1:NM:=x}", "{0:SA:=a}"]
)
def test_a_cloze_that_is_not_well_formed_is_refused(text: str) -> None:
    assert len(reasons(question("cloze", text=text))) == 1


@pytest.mark.parametrize(
    ("type", "tag", "unlimited"), [("ddwtos", "dragbox", False), ("gapselect", "selectoption", True)]
)
def test_gaps_count_on_and_name_their_choice(type: str, tag: str, unlimited: bool) -> None:
    boxes = "".join(
        f"<{tag}><text>{text}</text><group>{group}</group></{tag}>" for text, group in zip("abc", "112", strict=True)
    )
    found = one(type, boxes, "[[2]] x [[3]] y [[2]]")
    assert (found["stem"], found["answers"]) == ("[[1]] x [[2]] y [[3]]", ["b", "c", "b"])
    assert [option["group"] for option in found["options"]] == [1, 1, 2]
    assert [option["unlimited"] for option in found["options"]] == [unlimited, True, unlimited]
    assert len(reasons(question(type, boxes, "[[4]]"))) == 1


@pytest.mark.parametrize(
    "type", ["random", "randomsamatch", "ddmarker", "ddimageortext", "coderunner", "stack", "calculated", "new"]
)
def test_what_has_no_like_here_is_refused_by_name(type: str) -> None:
    reading = quiz(question(type), question("description"))
    assert (type in str(reading.refused[0].reason), len(reading.questions)) == (True, 1)
    assert "does not say its type" in reasons(question(""))[0]


def test_a_calculated_question_says_how_many_sets_it_has() -> None:
    items = "<dataset_item><number>1</number><value>2</value></dataset_item>" * 7
    definition = f"<dataset_definition><dataset_items>{items}</dataset_items></dataset_definition>"
    sets = f"<dataset_definitions>{definition}</dataset_definitions>"
    assert "7 fixed sets" in reasons(question("calculatedsimple", sets))[0]


def test_what_stands_around_a_question() -> None:
    inside = (
        "<generalfeedback><text>because</text></generalfeedback><defaultgrade>2.5000000</defaultgrade>"
        "<idnumber>a-7</idnumber><tags><tag><text>law</text></tag><tag><text>civil code</text></tag></tags>"
    )
    category = (
        '<question type="category"><category><text>$course$/top/Law/Art//Music</text></category>'
        "<info><text>about</text></info></question>"
    )
    reading = quiz(category, question("essay", inside))
    found = as_json(reading.questions[0])
    assert (found["title"], found["explanation"], found["marks"], found["id"]) == ("N", "because", 2.5, "a-7")
    assert (found["tags"], found["category"]) == (["law", "civil code"], "Law/Art／Music")
    assert "categor" in str(reading.warnings[0])


def test_what_is_not_kept_is_counted_once_for_the_file() -> None:
    inside = (
        answer("100", "a")
        + answer("0", "b")
        + "<penalty>0.3333333</penalty><hidden>1</hidden><shuffleanswers>0</shuffleanswers>"
        "<correctfeedback><text>fine</text></correctfeedback>"
    )
    text = '<span lang="en" class="multilang">A</span><span lang="de" class="multilang">B</span>'
    found = warnings(question("multichoice", inside, text), question("multichoice", inside, text))
    assert len(found) == 5
    assert all("2" in warning for warning in found)


@pytest.mark.parametrize("type", ["mtf", "kprime"])
def test_rows_that_are_true_or_false_are_matched_with_their_column(type: str) -> None:
    rows = "".join(
        f'<row number="{n}"><optiontext><text>{t}</text></optiontext></row>' for n, t in ((1, "a"), (2, "b"))
    )
    columns = "".join(
        f'<column number="{n}"><responsetext><text>{t}</text></responsetext></column>'
        for n, t in ((1, "yes"), (2, "no"))
    )
    weights = "".join(
        f'<weight rownumber="{row}" columnnumber="{column}"><value>{int(row == column)}</value></weight>'
        for row in (1, 2)
        for column in (1, 2)
    )
    found = one(type, rows + columns + weights)
    assert [(pair["text"], pair["match"]) for pair in found["answers"]] == [("a", "yes"), ("b", "no")]
