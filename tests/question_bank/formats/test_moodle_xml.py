"""Moodle XML as it is exported, as tools write it, and as it is when it is broken or meant to break."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank import media
from question_bank.authoring import QuestionDraft
from question_bank.formats import read, xml_stream
from question_bank.formats.listing import as_json
from question_bank.formats.moodle import exported
from question_bank.formats.reading import Reading
from question_bank.formats.sameness import plain
from question_bank.formats.writing import write
from tests.question_bank import making

FOLDER = Path(__file__).parents[2] / "data" / "q-moodlexml"
FILES = sorted(FOLDER.glob("*.xml"))
PNG = making.picture()
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


def quiz(*questions: str) -> Reading:
    return exported.read(("<quiz>" + "".join(questions) + "</quiz>").encode())


def question(type: str, inside: str = "", text: str = "Q?", format: str = "html") -> str:
    return (
        f'<question type="{type}"><name><text>N</text></name>'
        f'<questiontext format="{format}"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>'
    )


def answer(fraction: str, text: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{escape(text)}</text>{more}</answer>'


def one(type: str, inside: str = "", text: str = "Q?", format: str = "html") -> dict[str, Any]:
    reading = quiz(question(type, inside, text, format))
    assert not reading.refused, [str(refusal.reason) for refusal in reading.refused]
    return as_json(reading.questions[0])


def content(type: str, inside: str = "", text: str = "Q?") -> dict[str, Any]:
    return quiz(question(type, inside, text)).questions[0].content


def reasons(*questions: str) -> list[str]:
    return [str(refusal.reason) for refusal in quiz(*questions).refused]


def warnings(*questions: str) -> list[str]:
    return [str(warning) for warning in quiz(*questions).warnings]


def fractions(found: dict[str, Any]) -> list[float]:
    return [option["fraction"] for option in found["options"]]


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


def test_hints_come_along_with_their_pictures_and_empty_ones_do_not() -> None:
    file = f'<file name="a.png" encoding="base64">{base64.b64encode(PNG).decode()}</file>'
    hints = (
        '<hint format="html"><text>Look <![CDATA[<img src="@@PLUGINFILE@@/a.png" alt="a square">]]></text>'
        f"{file}</hint>"
        '<hint format="html"><text></text><clearwrong/></hint><hint format="plain_text"><text>a < b</text></hint>'
    ).replace("a < b", "a &lt; b")
    reading = quiz(question("multichoice", answer("100", "a") + answer("0", "b") + hints))
    assert as_json(reading.questions[0])["hints"] == [
        f'Look <img src="{media.address(str(media.name_of(PNG)))}" alt="a square">',
        "a < b",
    ]
    assert reading.warnings == []


def test_formats_of_texts() -> None:
    assert one("essay", text="a <b>b</b>\nc", format="html")["stem"] == "a <b>b</b>\nc"
    assert one("essay", text="a < b\nc", format="moodle_auto_format")["stem"] == "a < b\nc"
    assert one("essay", text="<b>a</b>", format="plain_text")["stem"] == "<b>a</b>"
    assert one("essay", text="a **b**", format="markdown")["stem"] == "a <strong>b</strong>"
    text = "<questiontext><text><p>a<br/>b</p></text></questiontext>"
    unquoted = f"<quiz><question type='essay'><name>N</name>{text}</question></quiz>"
    draft = exported.read(unquoted.encode()).questions[0]
    assert (draft.title, as_json(draft)["stem"]) == ("N", "<p>a<br>b</p>")


def test_pictures_come_along_under_the_name_of_their_content() -> None:
    name = media.name_of(PNG) or ""
    encoded = base64.b64encode(PNG).decode()
    source = (
        '<quiz><question type="essay"><questiontext format="html"><text><![CDATA['
        '<img src="@@PLUGINFILE@@/a%20b.png" alt="x"><img src="@@PLUGINFILE@@/gone.png">'
        f'<img src="data:image/png;base64,{encoded}"><a href="@@PLUGINFILE@@/c.svg">c</a>]]></text>'
        f'<file name="a b.png" path="/" encoding="base64">{encoded}</file>'
        '<file name="c.svg" path="/" encoding="base64">PHN2Zy8+</file></questiontext></question></quiz>'
    )
    reading = read(source.encode(), "x.xml")
    assert reading.files == {name: PNG}
    assert reading.questions[0].stem_html.count(media.address(name)) == 2
    assert ["gone.png" in str(w) or "c.svg" in str(w) for w in reading.warnings] == [True, True]
    assert all(str(warning).startswith("line 1") for warning in reading.warnings)


def test_pictures_go_out_with_their_bytes() -> None:
    name = media.name_of(PNG) or ""
    draft = QuestionDraft("essay", f'<img src="{media.address(name)}" alt="x">')
    written = write([draft], "moodle-xml", {name: PNG})
    assert b"@@PLUGINFILE@@" in written.data
    assert read(written.data, "x.xml").files == {name: PNG}
    assert not written.left_out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "windows-1252"])
def test_encodings_that_are_declared_or_told_by_the_bytes(encoding: str) -> None:
    said = "été" if encoding == "windows-1252" else "法律 é"
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16"}.get(encoding, encoding)
    source = f'<?xml version="1.0" encoding="{declared}"?>\n<quiz>{question("essay", text=said)}</quiz>'
    assert read(source.encode(encoding), "x.xml").questions[0].stem_html == said


def test_an_encoding_that_is_declared_wrongly_is_asked_about_and_taken_when_named() -> None:
    source = f'<?xml version="1.0" encoding="UTF-8"?><quiz>{question("essay", text="C’est l’été")}</quiz>'.encode(
        "cp1252"
    )
    with pytest.raises(Refused) as caught:
        read(source, "x.xml")
    assert caught.value.details["ask"] == "encoding"
    assert read(source, "x.xml", encoding="windows-1252").questions[0].stem_html == "C’est l’été"


def test_a_broken_question_costs_only_itself() -> None:
    good = question("essay", text="fine")
    broken = ["<question type='essay'><name></question>", "<question type='essay'><text>a < b</text></question>"]
    source = "\n".join(
        ["<quiz>", good, *broken, good.replace("fine", "a]]>&nbsp;<![CDATA[b"), "<question type='essay'>", good]
    )
    reading = read(source.encode(), "x.xml")
    assert [draft.where for draft in reading.questions] == ["line 2", "line 5", "line 7"]
    assert [refusal.where for refusal in reading.refused] == ["line 3", "line 4", "line 6"]
    assert reading.questions[1].stem_html == "a&nbsp;b"


def test_questions_on_one_line_are_told_apart() -> None:
    assert [draft.where for draft in quiz(question("essay"), question("essay")).questions] == ["line 1", "question 2"]


@pytest.mark.parametrize(
    "data",
    [
        b"<quiz></quiz>",
        b"<quiz>",
        b"<html><p>no quiz</p></html>",
        b"<?xml version='1.0'?><quiz",
        b"<quiz>" + b"<a>" * 1_000_000,
        b"<quiz><question type='essay'>" + b"<a>" * 1_000_000,
        b"<quiz><question type='essay'>" + b"<a/>" * 1_000_000,
        b"<quiz>" + b"<question type='essay'/>" * 200_000,
        b"<quiz><question type='essay' " + b" ".join(b'a%d=""' % n for n in range(600_000)) + b"/></quiz>",
        b'<!DOCTYPE q [<!ENTITY a "x">]><quiz><question type="essay"><name>&a;</name></question></quiz>',
        b'<!DOCTYPE q [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><quiz><question type="essay">&b;</question></quiz>',
        b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&a;</question></quiz>',
        b'<!DOCTYPE q [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]><quiz><question type="essay"/></quiz>',
    ],
    ids=lambda data: str(data[:40]),
)
def test_bombs_and_what_is_no_quiz_are_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data, "x.xml")


def test_scripts_do_not_come_in() -> None:
    assert "alert" not in str(one("essay", text="Q<script>alert(1)</script><img src=x onerror=alert(1)>"))


def test_texts_of_questions_do_not_count_as_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_stream, "MOST_PIECES", 3)
    assert len(quiz(*[question("essay")] * 3).questions) == 3
    with pytest.raises(Refused, match="more than 3 questions"):
        quiz(*[question("essay")] * 4)


def test_a_hundred_elements_are_held_one_by_one() -> None:
    source = ("<quiz>" + question("essay") * 3000 + "</quiz>").encode()
    found = xml_stream.pieces(source, "question")
    next(found)
    assert found.gi_frame is not None
    assert len(found.gi_frame.f_locals["builder"]._ready) * len(question("essay")) < 2 * xml_stream.CHUNK


@given(st.text(alphabet='<>/"=&;quiztonexypearsw1![]CDATA{}:~% \n', max_size=80))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        reading = read(
            f'<quiz><question type="cloze"><questiontext><text>{source}</text></questiontext>'.encode(), "x.xml"
        )
    except Refused:
        return
    assert reading.questions or reading.refused


def test_a_picture_that_is_missing_leaves_its_words_or_its_name() -> None:
    stem = (
        '<p>Leave by <img class="x" src="@@PLUGINFILE@@/exit.png" alt="the green door">,'
        ' not by <img src="@@PLUGINFILE@@/lift.png" alt="">.</p>'
    )
    text = (
        f'<quiz><question type="truefalse"><questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        "</question></quiz>"
    )
    reading = read(text.encode(), "q.xml")
    assert reading.questions[0].stem_html == "<p>Leave by [the green door], not by [lift.png].</p>"
    assert [str(one.params["where"]) for one in reading.warnings] == ["line 1", "line 1"]


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
