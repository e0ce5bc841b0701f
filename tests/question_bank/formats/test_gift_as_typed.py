"""GIFT as people and chats type it: orders, signs of full width, fences, code, other languages, commas, marks."""

from __future__ import annotations

from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from question_bank.formats import gift, read
from question_bank.formats.gift_numbers import number_of, with_points
from question_bank.formats.listing import as_json
from question_bank.formats.moodle import exported
from tests.question_bank.formats.moodle_questions import answer, one, question, reasons


def only(source: str) -> tuple[dict[str, Any], list[str]]:
    reading = gift.read(source)
    assert not reading.refused, [str(refusal.reason) for refusal in reading.refused]
    assert len(reading.questions) == 1, [draft.stem_html for draft in reading.questions]
    return as_json(reading.questions[0]), [str(warning) for warning in reading.warnings]


@pytest.mark.parametrize(
    ("head", "scoring", "warned"),
    [
        (">", "per_place", 0),
        (">4", "per_place", 0),
        (">0 ALL VERTICAL ABSOLUTE_POSITION SHOW none", "per_place", 0),
        ("> 3 RANDOM HORIZONTAL ALL_OR_NOTHING HIDE", "all_or_nothing", 0),
        (">0 ALL V RELATIVE_TO_CORRECT SHOW 123", "per_place", 1),
        (">ALL VERTICAL ALL_OR_NOTHING numbering\\:none", "all_or_nothing", 0),
    ],
)
def test_items_below_a_sign_are_an_order(head: str, scoring: str, warned: int) -> None:
    found, warnings = only(f"::Tide::From low to high: {{{head}\n  ebb \\= low\nslack\n\nflood\n####So it goes.\n}}")
    assert (found["kind"], found["answers"], found["scoring"]) == ("ordering", ["ebb = low", "slack", "flood"], scoring)
    assert (found["explanation"], len(warnings)) == ("So it goes.", warned)


@pytest.mark.parametrize("inside", [">5", "> 5 m", ">5\n"])
def test_a_number_behind_the_sign_is_no_order(inside: str) -> None:
    assert only(f"x - 5 > 0 means x {{{inside}}}")[0]["kind"] == "short_answer"


WIDE = "Signs of full width were taken for those of GIFT."


@pytest.mark.parametrize(
    "source",
    [
        "水在０度｛＝结冰～沸腾～升华｝",
        "水在０度{＝结冰～沸腾～升华}",
        "水在０度{=结冰 ～沸腾 ～升华}",
        "水在０度｛\n～沸腾\n＝结冰\n～升华\n｝",
    ],
)
def test_signs_of_full_width_count_where_nothing_else_can_be_meant(source: str) -> None:
    found, warnings = only(source)
    assert found["kind"] == "single_choice"
    assert {option["text"]: option["fraction"] for option in found["options"]} == {"结冰": 1, "沸腾": 0, "升华": 0}
    assert warnings == [f"line 1: {WIDE}"]


def test_a_title_of_full_width_is_a_title() -> None:
    found, _warnings = only("：：水：：水在０度｛＝结冰～沸腾｝")
    assert (found["title"], found["stem"]) == ("水", "水在０度")


@pytest.mark.parametrize(
    ("source", "kind", "kept"),
    [
        ("从１０～２０中选{=１０～２０ ~３０～４０}", "single_choice", "３０～４０"),
        ("写出范围{=１０～２０}", "short_answer", "１０～２０"),
        ("集合｛１，２｝有几个元素？{#2}", "numerical", "｛１，２｝"),
    ],
)
def test_such_signs_inside_of_answers_stay(source: str, kind: str, kept: str) -> None:
    found, warnings = only(source)
    assert not warnings
    assert found["kind"] == kind
    assert kept in str([found["stem"], found["options"], found["answers"]])


@pytest.mark.parametrize(
    ("word", "is_true"), [("VERDADERO", True), ("Faux", False), ("falsch#Nein.", False), ("对", True), ("错误", False)]
)
def test_true_and_false_of_other_languages_are_told(word: str, is_true: bool) -> None:
    found, warnings = only(f"Ice floats.{{{word}}}")
    assert (found["kind"], found["answers"]) == ("true_false", [is_true])
    assert "was taken for true or false" in warnings[0]
    assert only("Opposite of true?{=falsch}")[0]["kind"] == "short_answer"


@pytest.mark.parametrize(("word", "is_true"), [("Verdadeiro", True), ("Falso", False), ("ИСТИНА", True), ("对", True)])
def test_true_and_false_of_moodle_xml_may_be_of_other_languages(word: str, is_true: bool) -> None:
    assert one("truefalse", answer("100", word))["answers"] == [is_true]
    assert "neither true nor false" in reasons(question("truefalse", answer("100", "perhaps")))[0]


def test_fences_around_questions_are_no_text() -> None:
    source = "```gift\n::a::One?{T}\n\n::b::[markdown]Two?\n```python\nx \\= 1\n\nprint(x)\n```\n{=1 ~2}\n```\n"
    reading = gift.read(source)
    assert [(draft.title, draft.kind) for draft in reading.questions] == [("a", "true_false"), ("b", "single_choice")]
    assert "print(x)" in reading.questions[1].stem_html
    assert not reading.warnings


def test_a_fence_with_a_comment_in_it_stays_code() -> None:
    found, _warnings = only("::a::[markdown]What is printed?\n```\n// a demo\nlog(1)\n```\n{=1 ~2}")
    assert "<pre>" in found["stem"]
    reading = gift.read("```\n// first\n::a::One?{T}\n```\n")
    assert [draft.stem_html for draft in reading.questions] == ["One?"]


def test_code_below_an_empty_line_belongs_to_its_question() -> None:
    found, warnings = only("::loop::[markdown]What is printed?\n\n```\na\n\nb\n```\n\n{=a ~b}")
    assert [option["text"] for option in found["options"]] == ["a", "b"]
    assert ("What is printed?" in found["stem"], warnings) == (True, [])


def test_braces_alone_belong_to_the_question_above_them() -> None:
    found, _warnings = only("::a::Which floats?\n\n{\n=ice\n~iron\n} (2 marks)\n")
    assert (found["stem"], [option["text"] for option in found["options"]]) == ("Which floats?", ["ice", "iron"])
    reading = gift.read("::a::Read this.\n\n{=Ice ~Iron} floats.\n\nIt is cold.{T}")
    assert [draft.kind for draft in reading.questions] == ["description", "single_choice", "true_false"]


PARAGRAPHS = "::a::[markdown]What is printed?\n\n    n \\= 1\n    print(n)\n\nThink first.\n{=1 ~2}\n\n"


def test_paragraphs_of_a_question_are_its_own_where_every_question_has_a_title() -> None:
    reading = gift.read(PARAGRAPHS + "::b::Read on.\n\n::c::It is late.\n{T}\n")
    assert [(draft.title, draft.kind) for draft in reading.questions] == [
        ("a", "single_choice"),
        ("b", "description"),
        ("c", "true_false"),
    ]
    stem = reading.questions[0].stem_html
    assert ("What is printed?" in stem, "print(n)" in stem, "Think first." in stem) == (True, True, True)
    assert [str(one) for one in reading.warnings] == [
        "line 1: Its answers stand below an empty line; what is between was taken for its text."
    ]


def test_they_are_not_where_another_question_has_none() -> None:
    reading = gift.read(PARAGRAPHS + "::b::Ice floats.{T}\n\nIron floats.{F}\n")
    assert [draft.kind for draft in reading.questions][:2] == ["description", "description"]


@pytest.mark.parametrize(
    ("spec", "number"),
    [
        ("3,14", ("simple", "3.14")),
        ("3,142:0,001", ("range", "3.142", "0.001")),
        ("0,125", ("simple", "0.125")),
        ("1,5..2,5", ("high-low", "1.5", "2.5")),
        ("3,5:0.1", ("range", "3.5", "0.1")),
        ("1,000", ()),
        ("1,000:0.5", ()),
        ("1,000,000", ()),
        ("1,000.5", ()),
        ("−4", ("simple", "-4")),
    ],
)
def test_a_comma_is_one_of_decimals_or_the_number_is_refused(spec: str, number: tuple[str, ...]) -> None:
    assert number_of(spec) == number


def test_a_comma_that_may_part_thousands_is_refused_in_moodle_xml() -> None:
    assert with_points("1,000") == "1,000"
    assert len(reasons(question("numerical", answer("100", "1,000")))) == 1
    assert len(reasons(question("cloze", text="{1:NM:=1,000}"))) == 1
    found = one("numerical", answer("100", "3,142", "<tolerance>0,001</tolerance>"))["answers"][0]
    assert (found["value"], found["tolerance"]) == (3.142, 0.001)


@pytest.mark.parametrize(("behind", "mark"), [("(2 marks)", 2), ("[1 point]", 1), ("（3分）", 3), ("(0.5 pts.)", 0.5)])
def test_a_mark_behind_the_answers_is_no_part_of_the_text(behind: str, mark: float) -> None:
    found, _warnings = only(f"Ice floats.{{T}} {behind}")
    assert (found["stem"], found["marks"]) == ("Ice floats.", mark)
    assert "_____" in only("Ice {=floats ~sinks} (2 words)")[0]["stem"]


def test_a_bare_ampersand_costs_no_question() -> None:
    reading = one("multichoice", answer("100", "a") + answer("0", "b"))
    assert reading["kind"] == "single_choice"
    broken = "<quiz><question type='truefalse'><name><text>Salt & pepper &amp; &#233; &nbsp; AT&T</text></name>"
    broken += f"<questiontext><text><![CDATA[a & b]]></text></questiontext>{answer('100', 'true')}</question></quiz>"
    found = exported.read(broken.encode()).questions[0]
    assert (found.title, found.stem_html) == ("Salt & pepper & é AT&T", "a & b")


def test_a_question_of_wiris_without_drawn_numbers_is_moodles_own() -> None:
    inside = answer("100", "<b style='color:#fff'>12</b> &#39;") + answer("0", "15")
    assert one("multichoicewiris", inside + "<wirisquestion>#a</wirisquestion>")["kind"] == "single_choice"
    assert "multichoicewiris" in reasons(question("multichoicewiris", answer("100", "#a") + answer("0", "1")))[0]
    assert len(reasons(question("shortanswerwiris", answer("100", "1")))) == 1


def test_a_file_whose_first_stem_begins_with_a_tag_is_gift() -> None:
    written = "<b>Law</b><br><br>\nHow long? {\n=A month\n~%-50%A year\n#### WHY:<br>\nArticle 4.\n}\n"
    found = as_json(read(written.encode(), "law.txt").questions[0])
    assert (found["kind"], found["answers"], "Article 4" in found["explanation"]) == (
        "single_choice",
        ["A month"],
        True,
    )
    for page in ("<p>x</p><script>f = {=a ~b}</script>", "<quiz>{=a ~b}</quiz>", "<p>One</p>{color: red}"):
        with pytest.raises(Refused):
            read(page.encode(), "page.txt")


def test_formulas_in_markdown_stand_as_they_are() -> None:
    found, _warnings = only(r"[markdown]Let \\(a_1*b*c \= 2 < 3\\), $$x*y*z$$ and *this* \\[1\\] {#4}")
    assert text_of(found["stem"]) == r"Let \(a_1*b*c = 2 < 3\), $$x*y*z$$ and this [1]"
    assert "<em>this</em>" in found["stem"]


def test_which_of_these_are_asks_for_several() -> None:
    found, warnings = only("Which of the following salts are white? {=A ~=B ~C}")
    assert (found["kind"], len(warnings)) == ("multiple_choice", 1)
    assert only("Which of these is white? {=A =B ~C}")[0]["kind"] == "single_choice"


@pytest.mark.parametrize(
    "asked",
    [
        "Which salts are white?",
        "下列哪些是盐？",
        "下列属于盐的有（ ）",
        "Lesquels sont des sels ?",
        "¿Cuáles son sales?",
    ],
)
def test_a_plural_asks_for_several_where_several_are_fully_right(asked: str) -> None:
    found, warnings = only(f"{asked} {{=A =B ~C}}")
    assert (found["kind"], [option["fraction"] for option in found["options"]]) == ("multiple_choice", [0.5, 0.5, 0])
    assert warnings == ["line 1: The question asks for several; each of the 2 right options earns its share."]


def test_the_letter_of_true_in_french_and_spanish_is_told() -> None:
    found, warnings = only("El hielo flota.{V}")
    assert (found["kind"], found["answers"], len(warnings)) == ("true_false", [True], 1)
    assert [draft.kind for draft in read(b"Vrai ?{VRAI}\n\nFaux ?{FAUX}", "a.txt").questions] == ["true_false"] * 2


@pytest.mark.parametrize("arrow", ["\u2192", "\u21d2", "-&gt;", "\u2014>", "=>"])
def test_pairs_with_other_arrows_are_a_matching(arrow: str) -> None:
    found, warnings = only(f"Pair them.{{\n=Ice {arrow} cold\n=Tea {arrow} hot#Yes\n}}")
    assert (found["kind"], len(warnings)) == ("matching", 1)
    assert found["answers"] == [{"text": "Ice", "match": "cold"}, {"text": "Tea", "match": "hot"}]


def test_an_equation_that_is_written_in_two_ways_is_no_matching() -> None:
    assert only("How does it burn?{=H2 + O2 \u2192 H2O =O2 + H2 \u2192 H2O}")[0]["kind"] == "short_answer"


RUNS = [
    "Which gas is light? {=helium ~argon}\nIce floats. {T}\nThe symbol of iron is {=Fe}.\n",
    "Which gas\n{\n=helium\n~argon\n}\nIce floats. {F#yes#no}\n// a note\nHow many?\n{#3}",
    "铁的符号是{=Fe}\n冰浮于水。{正确}\n共几个？{#3}",
]


@pytest.mark.parametrize("source", RUNS)
def test_questions_without_empty_lines_between_them_are_taken_apart(source: str) -> None:
    reading = gift.read(source)
    assert (len(reading.questions), reading.refused) == (3, [])
    assert "no empty lines between these" in str(reading.warnings[0])


def test_each_of_them_stands_at_its_line() -> None:
    assert [draft.where for draft in gift.read(RUNS[1]).questions] == ["line 1", "line 6", "line 8"]


@pytest.mark.parametrize(
    "source",
    [
        "The sky is {=blue ~red}\nand grass is {=green ~red}.",
        "::colours::The sky is {=blue}\nGrass is {=green}",
        "The sky is {=blue}\nGrass is {=green} too",
    ],
)
def test_gaps_of_one_text_stay_together(source: str) -> None:
    found, warnings = only(source)
    assert (found["kind"], len(found["parts"])) == ("cloze", 2)
    assert warnings == ["line 1: Its 2 pairs of braces were taken for the gaps of one text."]


def test_braces_of_a_program_part_nothing() -> None:
    assert len(gift.read("int f() { return 1; }\nWhat does it do? {=x ~y}").refused) == 1


@pytest.mark.parametrize("note", ["Name both of them.", "要点：冰和水"])
def test_words_behind_a_sign_of_numbers_are_feedback_to_an_essay(note: str) -> None:
    found, warnings = only(f"Explain why ice floats. {{\n# {note}\n}}")
    assert (found["kind"], found["explanation"], len(warnings)) == ("essay", note, 1)


@pytest.mark.parametrize("note", ["about ten", "3 or so", "pi"])
def test_few_words_may_try_to_tell_a_number(note: str) -> None:
    assert "is not a number" in str(gift.read(f"How many? {{# {note}}}").refused[0].reason)
