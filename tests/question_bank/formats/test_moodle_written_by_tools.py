"""Moodle XML as scripts, spreadsheets and chats write it: near to the format, and plain to a person who reads it."""

from __future__ import annotations

import base64
from html import escape

import pytest

from learnhub.kernel.markup import text_of
from question_bank.formats import gift, read
from tests.question_bank.formats.moodle_questions import PNG, answer, content, one, question, quiz, reasons, warnings


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


@pytest.mark.parametrize(("wrong", "kept"), [("0", "0"), ("-100", "-1")])
def test_several_right_options_with_the_whole_mark_each_share_it(wrong: str, kept: str) -> None:
    inside = "<single>false</single>" + answer("100", "Nile") + answer("100", "Rhine") + answer(wrong, "Alps")
    asked = question("multichoice", inside)
    assert [option["fraction"] for option in quiz(asked).questions[0].content["options"]] == ["1/2", "1/2", kept]
    assert warnings(asked)[0].endswith("each of the 2 right options earns its share.")


@pytest.mark.parametrize(
    ("type", "kind"), [("numeric", "numerical"), ("short_answer", "short_answer"), ("Multiple-Choice", "single_choice")]
)
def test_a_type_may_be_called_as_the_pages_of_moodle_call_it(type: str, kind: str) -> None:
    assert one(type, answer("100", "4") + answer("0", "5"))["kind"] == kind


@pytest.mark.parametrize(("part", "fraction"), [("1", "1"), ("0.33333", "1/3")])
def test_an_answer_of_old_files_has_its_weight_in_an_element(part: str, fraction: str) -> None:
    told = f"<fraction>{part}</fraction><tolerance>2</tolerance><feedback><text>F</text></feedback>"
    found = content("numerical", f"<answer>\n 16\n{told}</answer>")["answers"][0]
    assert (found["value"], found["tolerance"], found["fraction"]) == ("16", "2", fraction)


@pytest.mark.parametrize(
    ("weights", "fractions"),
    [(("1", "0"), ["1", "0"]), (("0.5", "-0.25"), ["1/2", "-1/4"]), (("100%", "0%"), ["1", "0"])],
)
def test_weights_may_be_parts_of_one_or_have_their_sign(weights: tuple[str, str], fractions: list[str]) -> None:
    inside = "<single>true</single>" + answer(weights[0], "a") + answer(weights[1], "b")
    assert [option["fraction"] for option in content("multichoice", inside)["options"]] == fractions


def test_items_whose_places_are_not_all_different_are_in_order_as_they_stand() -> None:
    items = [answer("100", "a"), answer("0", "b"), answer("0", "c")]
    asked = question("ordering", "".join(items))
    assert [item["html"] for item in quiz(asked).questions[0].content["items"]] == ["a", "b", "c"]
    told = "line 1: Several items have the same place; all of them are in the order in which they stand."
    assert told in warnings(asked)
    assert told not in warnings(question("ordering", answer("100", "a") + answer("100", "b") + answer("100", "c")))


@pytest.mark.parametrize("type", ["shortanswer", "numerical"])
def test_accepted_answers_of_which_none_earns_the_whole_mark_are_told(type: str) -> None:
    asked = question(type, answer("50", "4") + answer("25", "5"))
    assert "line 1: The best of the accepted answers earns 50% of the mark." in warnings(asked)


def test_an_essay_with_neither_a_text_nor_files_asks_for_a_file_and_says_so() -> None:
    bare, one_file = "<responseformat>noinline</responseformat>", "<attachments>1</attachments>"
    told = "line 1: Neither a text nor a file is asked for there; here a file is."
    assert told in warnings(question("essay", bare))
    assert told not in warnings(question("essay", bare + one_file))


def test_an_answer_that_a_script_wrote_into_an_essay_is_kept_for_the_marker() -> None:
    asked = question("essay", answer("0", "") + answer("100", "Because light is scattered."))
    assert quiz(asked).questions[0].content["marker_html"] == "Because light is scattered."
    assert "line 1: The answer that stands in the essay is kept in the notes for the marker." in warnings(asked)
    assert not warnings(question("essay", answer("0", "") + answer("0", "*")))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("false", "multiple"),
        ("No", "multiple"),
        ("0", "multiple"),
        ("True", "single"),
        ("1", "single"),
        ("truez", "single"),
    ],
)
def test_one_option_may_be_chosen_unless_the_file_says_no(said: str, kind: str) -> None:
    assert (
        one("multichoice", f"<single>{said}</single>" + answer("100", "a") + answer("0", "b"))["kind"]
        == f"{kind}_choice"
    )


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("{1:MC:~%50%a~%50%b~c}", "One option is to be chosen, but the best earns 50% of the mark."),
        ("{1:SA:%50%a~%20%b}", "The best of the accepted answers earns 50% of the mark."),
        ("{1:MR:%50%a~%30%b~c}", "The weights of the right options add up to 80%."),
    ],
)
def test_odd_weights_within_a_text_are_told(part: str, told: str) -> None:
    assert f"line 1: {told}" in warnings(question("cloze", text=f"One {part} and {{1:SA:=x}}"))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (["A. one", "B. two", "C. three"], ["one", "two", "three"]),
        (["<p>A．红</p>", "<p>B．绿</p>", "<p>C．蓝</p>"], ["<p>红</p>", "<p>绿</p>", "<p>蓝</p>"]),
        (["a) x", "b) y", "c) z"], ["x", "y", "z"]),
        (["A. Smith", "B. Jones"], None),
        (["A. one", "B) two", "C. three"], None),
        (["A. one", "C. two", "B. three"], None),
        (["A.110", "B.120", "C.119"], ["110", "120", "119"]),
        (["A. one", "B. two", "C. both A and B"], None),
        (["A、红", "B、绿", "C、AB都对"], None),
        (["A.", "B.", "C."], None),
        (["A. one", "B. two", "None of these"], None),
    ],
)
def test_letters_typed_before_options_are_left_out(written: list[str], shown: list[str] | None) -> None:
    asked = question("multichoice", answer("100", written[0]) + "".join(answer("0", other) for other in written[1:]))
    assert [option["html"] for option in quiz(asked).questions[0].content["options"]] == (shown or written)
    told = "line 1: The letters that stand before the options are left out."
    assert (told in warnings(asked)) == (shown is not None)


def test_places_of_an_order_are_no_weights() -> None:
    asked = question("ordering", answer("1", "b") + answer("0.5", "a") + answer("0", "c"))
    assert [item["html"] for item in quiz(asked).questions[0].content["items"]] == ["c", "a", "b"]
    told = "line 1: The items are in the order of their places; in the file they stand otherwise."
    assert told in warnings(asked)
    assert told not in warnings(question("ordering", answer("1", "a") + answer("2", "b")))


@pytest.mark.parametrize(
    ("single", "weights", "told"),
    [
        ("true", ("100", "100", "0"), "2 options are each fully right; choosing any one earns the full mark."),
        ("", ("100", "100", "0"), "2 options are each fully right; choosing any one earns the full mark."),
        ("true", ("50", "50", "0"), "One option is to be chosen, but the best earns 50% of the mark."),
    ],
)
def test_weights_of_several_options_where_one_is_to_be_chosen_are_told(
    single: str, weights: tuple[str, ...], told: str
) -> None:
    asked = f"<single>{single}</single>" + "".join(answer(weight, f"o{n}") for n, weight in enumerate(weights))
    assert f"line 1: {told}" in warnings(question("multichoice", asked))


def test_a_question_that_asks_for_several_has_several() -> None:
    several = answer("100", "a") + answer("0", "b") + answer("100", "c")
    asked = question("multichoice", several, "Select all that apply.")
    draft = quiz(asked).questions[0]
    assert (draft.kind, [one["fraction"] for one in draft.content["options"]]) == (
        "multiple_choice",
        ["1/2", "0", "1/2"],
    )
    told = "The question asks for several; each of the 2 right options earns its share."
    assert f"line 1: {told}" in warnings(asked)
    single = quiz(question("multichoice", "<single>true</single>" + several, "Select all that apply.")).questions[0]
    assert single.kind == "single_choice"


@pytest.mark.parametrize(
    ("right", "wrong"), [("صح", "خطأ"), ("Sì", "No"), ("Да", "Нет"), ("Правильно.", "Неправильно."), ("Так", "Ні")]
)
def test_true_and_false_in_the_words_of_a_language(right: str, wrong: str) -> None:
    assert content("truefalse", answer("100", right) + answer("0", wrong))["answer"] is True
    assert content("truefalse", answer("0", right) + answer("100", wrong))["answer"] is False


@pytest.mark.parametrize(
    ("written", "texts", "around"),
    [
        (r"{1:MC:=\(x^{2}\)~\(\frac{a_{1}}{3}\)#see \(y_{0}\)} m", [r"\(x^{2}\)", r"\(\frac{a_{1}}{3}\)"], "[[1]] m"),
        (r"{1:MC:=\(e^{x\}\)~\(e^{2x\}\)} {m}", [r"\(e^{x}\)", r"\(e^{2x}\)"], "[[1]] {m}"),
        (r"{1:MC:={~\(} }", ["{", r"\("], "[[1]] }"),
    ],
)
def test_braces_of_a_formula_do_not_end_a_part(written: str, texts: list[str], around: str) -> None:
    draft = quiz(question("cloze", text=written)).questions[0]
    assert [option["html"] for option in draft.content["parts"][0]["content"]["options"]] == texts
    assert draft.stem_html == around


@pytest.mark.parametrize(
    ("written", "value"), [("1 000", "1000"), ("12 345,5", "12345.5"), ("2×10^3", "2000"), ("6 x 10^{-2}", "0.06")]
)
def test_numbers_as_people_write_them(written: str, value: str) -> None:
    assert content("numerical", answer("100", written))["answers"][0]["value"] == value


def test_markup_around_an_accepted_answer_is_left_out_with_a_note() -> None:
    asked = question("shortanswer", answer("100", "<p>Rome</p>"))
    assert quiz(asked).questions[0].content["answers"][0]["text"] == "Rome"
    assert "line 1: The accepted answer <p>Rome</p> was read without its markup." in warnings(asked)


@pytest.mark.parametrize(
    ("format", "written", "typed"),
    [
        ("", "H<sub>2</sub>O", "H2O"),
        ("html", "x<sup>2</sup>", "x2"),
        ("html", "<b>the</b> Nile", "the Nile"),
        ("plain_text", "<b>bold</b>", "<b>bold</b>"),
        ("html", "<br>", "<br>"),
        ("html", "a < b and c > d", "a < b and c > d"),
    ],
)
def test_marks_within_an_accepted_answer_are_left_out_with_a_note(format: str, written: str, typed: str) -> None:
    named = f' format="{format}"' if format else ""
    asked = question("shortanswer", f'<answer fraction="100"{named}><text><![CDATA[{written}]]></text></answer>')
    assert quiz(asked).questions[0].content["answers"][0]["text"] == typed
    told = f"line 1: The accepted answer {written} was read without its markup."
    assert (told in warnings(asked)) == (typed != written)


def test_tags_of_moodle_and_of_word_are_no_words_of_a_text() -> None:
    text = '<nolink><p>The <st1:place w:st="on">Tiber</st1:place> and std&lt;vector></p></nolink>'
    drafts = read(f"<quiz>{question('description', text=text)}</quiz>".encode(), "quiz.xml").questions
    assert drafts[0].stem_html == "<p>The Tiber and std&lt;vector&gt;</p>"


def test_what_a_chat_says_around_its_file_is_left_out() -> None:
    inside = question("multichoice", answer("100", "a") + answer("0", "b"))
    data = f"Here is your quiz:\n\n```xml\n<?xml version='1.0'?>\n<quiz>{inside}</quiz>\n```\nGood luck!".encode()
    reading = read(data, "quiz.xml")
    assert (reading.format, len(reading.questions), reading.refused) == ("moodle-xml", 1, [])
    assert reading.questions[0].where == "line 5"


def test_a_name_is_words_without_tags() -> None:
    named = "<name><text>Goes on:&lt;br&gt;1, 4 &amp;amp; 9, a &lt; b</text></name>"
    asked = f"<question type='description'>{named}<questiontext><text>Q</text></questiontext></question>"
    assert quiz(asked).questions[0].title == "Goes on: 1, 4 & 9, a < b"
    alone = quiz(f"<question type='description'>{named}</question>").questions[0]
    assert (alone.title, alone.stem_html) == ("", "Goes on:<br>1, 4 &amp; 9, a &lt; b")


def placed(text: str, place: str) -> str:
    return f"<subquestion><text>{text}</text><answer><text>{place}</text></answer></subquestion>"


def test_an_order_of_the_older_add_on() -> None:
    found = content("order", placed("b", "2") + placed("c", "10") + placed("a", "1"))
    assert [item["html"] for item in found["items"]] == ["a", "b", "c"]
    asked = question("order", placed("b", "1") + placed("c", "1"))
    assert reasons(asked) == ["The places of the items are not numbers."]


SPANS = '<span lang="de" class="multilang">rot</span> <span class="multilang" lang="en">red</span>'


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (SPANS, "rot / red"),
        ("{mlang de}rot{mlang}{mlang en}red{mlang}", "rot / red"),
        ("{mlang de}<p>rot</p>{mlang}{mlang other}<p>red</p>{mlang}", "rot red"),
    ],
)
def test_languages_stand_apart_without_their_marks(written: str, shown: str) -> None:
    asked = question("multichoice", answer("100", written) + answer("0", "x"))
    assert text_of(quiz(asked).questions[0].content["options"][0]["html"]) == shown
    assert "1 question is written in several languages; all of them are shown." in warnings(asked)


@pytest.mark.parametrize(("declared", "encoding"), [("utf-16", "utf-8"), ("UTF-16", "gb18030"), ("unicode", "utf-8")])
def test_a_declaration_that_can_be_read_byte_by_byte_is_of_no_wider_encoding(declared: str, encoding: str) -> None:
    source = f'<?xml version="1.0" encoding="{declared}"?>\n<quiz>{question("essay", text="简述法律的作用。")}</quiz>'
    assert read(source.encode(encoding), "x.xml").questions[0].stem_html == "简述法律的作用。"


@pytest.mark.parametrize("written", ["&#xB;", "&#x0B;", "&#11;", "&#x1f;", "&#0;"])
def test_control_characters_by_their_number_are_no_part_of_a_text(written: str) -> None:
    named = (
        f'<question type="essay"><questiontext><text>One{written}&#x9;two &#38; &#xa9;</text></questiontext></question>'
    )
    assert text_of(read(f"<quiz>{named}</quiz>".encode(), "x.xml").questions[0].stem_html) == "One two & ©"


@pytest.mark.parametrize(
    ("type", "box"), [("Drag and drop into text", "dragbox"), ("select_missing_words", "selectoption")]
)
def test_gaps_may_be_called_as_the_pages_of_moodle_call_them(type: str, box: str) -> None:
    words = "".join(f"<{box}><text>{word}</text><group>1</group></{box}>" for word in ("den", "nest"))
    found = content(type, words, text="Birds have a [[2]].")
    assert (found["gaps"], found["choices"][0]["unlimited"]) == ([1], box == "selectoption")


def test_a_picture_beside_the_text_that_shows_it_is_found_by_its_name() -> None:
    file = f'<file name="a.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'
    draft = quiz(question("essay", file, text='<img src="@@PLUGINFILE@@/a.png" alt="">')).questions[0]
    assert "bank-files" in draft.stem_html
