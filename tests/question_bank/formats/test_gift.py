"""GIFT as teachers really write it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.formats import gift, read
from question_bank.formats.listing import as_json


def one(source: str) -> dict[str, Any]:
    reading = gift.read(source)
    assert not reading.refused, [str(refusal.reason) for refusal in reading.refused]
    assert len(reading.questions) == 1
    return as_json(reading.questions[0])


def fractions(question: dict[str, Any]) -> list[float]:
    return [option["fraction"] for option in question["options"]]


def refused(source: str) -> list[tuple[str, str]]:
    return [(refusal.where, str(refusal.reason)) for refusal in gift.read(source).refused]


@pytest.mark.parametrize(
    "answers",
    ["~=right ~wrong ~other", "~ =right\n~wrong\n~other", "=right ~wrong ~other", "~%100%right ~wrong ~other"],
)
def test_a_right_option_is_marked_in_several_ways(answers: str) -> None:
    found = one("Q? {" + answers + "}")
    assert [option["text"] for option in found["options"]] == ["right", "wrong", "other"]
    assert fractions(found) == [1, 0, 0]


def test_one_option_is_to_be_chosen_where_the_others_are_said_to_earn_nothing() -> None:
    reading = gift.read("Which is ice?{~%0%steam ~%100%frozen water ~%0%dew}\n\nWhich is dew?{~%100%water ~ice ~salt}")
    assert [draft.kind for draft in reading.questions] == ["single_choice", "multiple_choice"]
    assert [str(warning) for warning in reading.warnings] == [
        "line 1: One option earns 100% and each other one is said to earn 0%; one is to be chosen."
    ]


def test_weights_are_exact_and_may_take_away() -> None:
    found = one("Q{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d ~%-16.66667%e}")
    assert found["kind"] == "multiple_choice"
    assert fractions(found) == [0.3333333, 0.3333333, 0.3333333, -1, -0.1666667]


def test_the_blank_stands_in_the_stem() -> None:
    assert one("Jesus was from {=Nazareth =%75%Nazereth}.")["stem"] == "Jesus was from _____ ."
    assert one("{~a =b} first")["stem"] == "_____ first"
    assert one("[html]<p>What?{=x =y}</p>")["stem"] == "<p>What?</p>"


def test_feedback_of_true_false_goes_to_who_chose_it() -> None:
    content = gift.read("S{FALSE#you said true#well done####because}").questions[0].content
    assert content == {"answer": False, "feedback_true_html": "you said true", "feedback_false_html": "well done"}
    content = gift.read("S{T#you said false#well done}").questions[0].content
    assert content == {"answer": True, "feedback_true_html": "well done", "feedback_false_html": "you said false"}
    assert one("S{F####because}")["explanation"] == "because"


@pytest.mark.parametrize(
    ("source", "low", "high"),
    [
        ("{#1822:5}", 1817, 1827),
        ("{#-3.142..-3.141}", -3.142, -3.141),
        ("{#4}", 4, 4),
        ("{# 1.5 : .5 }", 1, 2),
        ("{#=1e3:1}", 999, 1001),
        ("{#=%100%9\\:1#good}", 8, 10),
    ],
)
def test_numbers_with_tolerance_and_ranges(source: str, low: float, high: float) -> None:
    answer = one("How many? " + source)["answers"][0]
    assert (answer["low"], answer["high"], answer["fraction"]) == (low, high, 1)


def test_a_catch_all_of_numbers_carries_feedback_only() -> None:
    answers = one("How many? {#\n=3:2\n~#Completely wrong}")["answers"]
    assert [answer["fraction"] for answer in answers] == [1, 0]
    assert answers[1]["feedback"] == "Completely wrong"


def test_escapes_lines_and_latex() -> None:
    assert one("\\{x\\} \\~ \\= \\# \\: a\\nb \\\\neq{T}")["stem"] == "{x} ~ = # : a\nb \\neq"
    assert one("C\\:\\\\temp{T}")["stem"] == "C:\\temp"
    assert one("a  b\n   c{T}")["stem"] == "a b c"


def test_markup_without_a_tag_is_kept_and_a_tag_that_is_asked_about_too() -> None:
    assert one("Which is <b>bold</b>?{=x ~y}")["stem"] == "Which is <b>bold</b>?"
    found = one("Which starts a paragraph?{=<p> ~<br> ~a < b}")
    assert [option["text"] for option in found["options"]] == ["<p>", "<br>", "a < b"]
    assert one("5 &lt; 6 &amp; “so” on{T}")["stem"] == "5 < 6 & “so” on"
    assert one("[plain]5 &lt; 6{T}")["stem"] == "5 &lt; 6"
    assert one("[markdown]a **b** c{T}")["stem"] == "a <strong>b</strong> c"


def test_attributes_that_were_not_escaped_stay_in_their_tag() -> None:
    found = one('[html]Which?{=<img src="a.png" alt="x"> ~<span style="color:#f00">y</span>#no}')
    assert len(found["options"]) == 2
    assert found["options"][0]["text"] == '<img src="a.png" alt="x">'
    assert found["options"][1]["feedback"] == "no"


def test_scripts_do_not_come_in() -> None:
    found = one("[html]Q<script>alert(1)</script><img src\\=x onerror\\=alert(1)>{=a ~b#<svg/onload\\=alert(1)>}")
    assert "alert" not in str(found)


def test_comments_give_ids_and_tags() -> None:
    draft = gift.read("// [id:a-7] [tag:law] some words\n// [tag:civil code]\n\n// more\nQ{T}\n\nR{F}").questions
    assert (draft[0].external_id, draft[0].tags, draft[1].external_id, draft[1].tags) == (
        "a-7",
        ("law", "civil code"),
        "",
        (),
    )


def test_a_comment_after_an_answer_or_a_title_separates_questions() -> None:
    reading = gift.read("Q1{T}\n// two\nQ2{F}\n::three::Q3{T}\n::four::Q4 {\n~a\n\n=b\n}\n::five::Read.\n::six::Q6{F}")
    assert [draft.title for draft in reading.questions] == ["", "", "three", "four", "five", "six"]


def test_an_essay_has_empty_braces_and_maybe_an_explanation() -> None:
    assert one("Write. {}")["kind"] == "essay"
    found = one("Write. {####notes}")
    assert (found["kind"], found["explanation"]) == ("essay", "notes")


def test_pairs_of_a_matching_and_a_choice_for_nobody() -> None:
    found = one("Match {=[html]<i>a</i> -> 1 < 2 =b -> d = -> e}")
    assert found["kind"] == "matching"
    assert found["answers"] == [{"text": "<i>a</i>", "match": "1 < 2"}, {"text": "b", "match": "d"}]
    assert [(option["text"], option["fraction"]) for option in found["options"]] == [
        ("1 < 2", 0.5),
        ("d", 0.5),
        ("e", 0),
    ]
    assert "left -> right" in refused("Match {=a -> b =c ->}")[0][1]


def test_several_braces_make_a_cloze() -> None:
    found = one("[html]The {=a#yes ~b} is {=c =%50%d}, {#3:0.5} {~%50%x ~%50%y ~z}.")
    assert (found["kind"], found["stem"]) == ("cloze", "The [[1]] is [[2]], [[3]] [[4]].")
    assert [(part["kind"], part["weight"], part["layout"]) for part in found["parts"]] == [
        ("single_choice", 1, "inline"),
        ("short_answer", 1, "inline"),
        ("numerical", 1, "inline"),
        ("multiple_choice", 1, "vertical"),
    ]
    assert found["parts"][0]["options"][0] == {"text": "a", "fraction": 1, "feedback": "yes"}
    assert found["parts"][1]["answers"] == [{"text": "c", "fraction": 1}, {"text": "d", "fraction": 0.5}]


def test_embedded_answers_make_a_cloze_even_if_there_is_one() -> None:
    found = one("{1:MC:=a~b} and {2:SHORTANSWER:=x \\} y~%50%z#so}")
    assert (found["stem"], [part["weight"] for part in found["parts"]]) == ("[[1]] and [[2]]", [1, 2])
    assert [answer["text"] for answer in found["parts"][1]["answers"]] == ["x } y", "z"]
    assert one("Only {:MULTICHOICE_S:=a~b}")["kind"] == "cloze"


@pytest.mark.parametrize(
    "source",
    [
        "Is \\frac{1}{2} {=half}",
        "The {T} is {=c}.",
        "The {=a -> b} is {=c ~d}.",
        "The {=a ~b####c} is {=d}.",
        "{}{=a}",
    ],
)
def test_braces_that_cannot_be_parts_are_refused_with_the_reason(source: str) -> None:
    assert "braces" in refused(source)[0][1]


def test_a_question_that_begins_inside_another_is_refused() -> None:
    assert "begins inside this one" in refused("::one::First {=a}\n::two: Second {=b}")[0][1]


@pytest.mark.parametrize(
    "broken",
    [
        "Broken {~a =b",
        "Broken ~a =b}",
        "Broken {~a ~b}",
        "Broken {~%150%a ~b}",
        "Broken {#abc}",
        "Broken {#}",
        "Broken {= ~a}",
        "Broken {=a}{",
        "x {=a {b} ~c}",
        "Broken {#3:-1}",
        "Broken {~only}",
        "Broken {#5..1}",
    ],
)
def test_a_malformed_question_costs_only_itself(broken: str) -> None:
    reading = gift.read(f"::one::First{{T}}\n\n{broken}\n\n::two::Second{{F}}\n\nThird{{=x}}\n")
    assert [draft.title for draft in reading.questions] == ["one", "two", ""]
    assert [refusal.where for refusal in reading.refused] == ["line 3"]


def test_a_description_between_questions_earns_nothing() -> None:
    found = one("::Note::Take a pencil.")
    assert (found["kind"], found["marks"]) == ("description", 0)


def test_windows_1252_is_asked_about_and_read_when_named() -> None:
    data = "C’est l’été : « oui » {T}\n\nIt’s {F}\n".encode("cp1252")
    with pytest.raises(Refused) as caught:
        read(data, "quiz.gift")
    assert caught.value.details["ask"] == "encoding"
    found = read(data, "quiz.gift", encoding="windows-1252")
    assert found.questions[0].stem_html == "C’est l’été : « oui »"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(newline: str) -> None:
    source = newline.join(["// c", "Q1? {", "~a", "=b", "}", "", "Q2{T}"])
    assert [draft.kind for draft in gift.read(source).questions] == ["single_choice", "true_false"]


def test_a_star_in_a_short_answer_is_a_wildcard_unless_it_multiplies() -> None:
    answers = gift.read("Q{=gr*y =2*3 =a\\*b}").questions[0].content["answers"]
    assert [bool(answer.get("wildcards")) for answer in answers] == [True, False, False]
    assert answers[2]["text"] == "a*b"


@given(st.text(alphabet="ab{}~=#%:\\n \n/[]$->.50TF", max_size=80))
def test_any_text_is_read_or_refused_and_lists(source: str) -> None:
    try:
        reading = read(source.encode(), "x.gift")
    except Refused:
        return
    assert reading.questions or reading.refused
    assert all(as_json(draft)["kind"] == draft.kind for draft in reading.questions)


@pytest.mark.parametrize(
    ("stem", "kind", "weights"),
    [
        ("Select all that apply: which are metals?", "multiple_choice", [0.5, 0.5, 0]),
        ("Which two are metals?", "multiple_choice", [0.5, 0.5, 0]),
        ("Which 2D shape?", "single_choice", [1, 1, 0]),
        ("Which two-letter code?", "single_choice", [1, 1, 0]),
        ("Name a metal.", "single_choice", [1, 1, 0]),
    ],
)
def test_several_right_options_are_several_answers_where_the_question_asks_so(
    stem: str, kind: str, weights: list[float]
) -> None:
    reading = gift.read(f"{stem}{{=iron ~=tin ~sulphur}}")
    found = as_json(reading.questions[0])
    assert (found["kind"], [option["fraction"] for option in found["options"]]) == (kind, weights)
    assert len(reading.warnings) == 1
