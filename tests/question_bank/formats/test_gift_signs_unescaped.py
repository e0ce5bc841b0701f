"""GIFT whose author did not escape signs that are no marks: formulas, equations in answers, and names like C#."""

from __future__ import annotations

import pytest

from question_bank.formats import gift
from question_bank.formats.gift_escapes import escaped
from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_gift_as_typed import only


@pytest.mark.parametrize(
    "formula",
    [
        r"\(\frac{1}{2} + x = 3\)",
        r"\[\sqrt{2} \neq \{a\}\]",
        r"$$\sum_{i=1}^{3} i$$",
        r"$x^{2}$",
        r"\({}^{14}_{6}C\)",
    ],
)
def test_braces_and_signs_of_formulas_are_text(formula: str) -> None:
    found, warnings = only(f"What is {formula}? {{={formula} ~none}}")
    assert (found["kind"], found["stem"], warnings) == ("single_choice", f"What is {formula}?", [])
    assert [(one["text"], one["fraction"]) for one in found["options"]] == [(formula, 1), ("none", 0)]
    assert gift.looks_like(f"What is {formula}? {{={formula} ~none}}")


def test_an_equation_without_braces_is_one_answer() -> None:
    found, _warnings = only(r"Which holds? {=\(a = b\) ~$$a=c$$}")
    assert [one["text"] for one in found["options"]] == [r"\(a = b\)", "$$a=c$$"]


@pytest.mark.parametrize(
    "source",
    [
        r"It costs $5 {=yes ~no} and $6",
        r"Sets \(\{1,2\}\) {=a}",
        r"\\(\\frac\{1\}\{2\}\\) {=a}",
        r"Open \( {=a ~b} and \)",
    ],
)
def test_what_is_no_formula_or_was_escaped_stays(source: str) -> None:
    assert escaped(source) == source


@pytest.mark.parametrize(
    ("inside", "texts"),
    [
        ("=F = m * a\n~F = m / a # no\n~F = 0", ["F = m * a", "F = m / a", "F = 0"]),
        ("=x == 5\n~x := 5", ["x == 5", "x := 5"]),
        ("=f(1)\n~x = 1\n~x==1\n~x!=1", ["f(1)", "x = 1", "x==1", "x!=1"]),
        ("~%50%a = b\n~%50%a <= b\n~b", ["a = b", "a <= b", "b"]),
        ('=f(a, mode="r")\n~f(x)=3', ['f(a, mode="r")', "f(x)=3"]),
        ("=cd ~/ice\n~cd /ice\n~pwd", ["cd ~/ice", "cd /ice", "pwd"]),
        ("=../a\n~%-25%~/a\n~%-25%/a", ["../a", "~/a", "/a"]),
        ("=/ice ~/salt\n~/iron ~/tin", ["/ice", "/salt", "/iron", "/tin"]),
    ],
)
def test_a_sign_inside_the_line_of_an_answer_is_part_of_it(inside: str, texts: list[str]) -> None:
    found, warnings = only(f"Which holds? {{\n{inside}\n}}")
    assert ([one["text"] for one in found["options"]], warnings) == (texts, [])


def test_equations_may_be_typed() -> None:
    found, _warnings = only("Write the law. {\n=E = mc^2\n=E = m c^2\n}")
    assert [one["text"] for one in found["answers"]] == ["E = mc^2", "E = m c^2"]


@pytest.mark.parametrize(
    "inside", ["=colour = color\n=grey = gray", "=no one = nobody", "=a ~b\n~c =d", "=yes\n= yeah"]
)
def test_a_sign_between_answers_stays_one(inside: str) -> None:
    found, _warnings = only(f"Who? {{{inside}}}")
    assert not any("=" in one["text"] for one in [*found["options"], *found["answers"]] if isinstance(one, dict))


@pytest.mark.parametrize(
    ("inside", "first"),
    [("=C#\n~Java", "C#"), ("=C# ~F# ~Java", "C#"), ("=C#\n~D#", "C"), ("=C#good ~B", "C"), ("=C# ~B#no ~A", "C")],
)
def test_a_letter_with_its_sign_is_a_name_among_others(inside: str, first: str) -> None:
    assert only(f"Which one? {{{inside}}}")[0]["options"][0]["text"] == first


CODE = """::a::What does it print?
int f() { return g({1, 2}); }
class A {}
{
=int a[] = {1, 2};
~int a = {1};
~#include <a.h> # no
}

::b::Which is valid in {}? {
={"a": 1}
~{a: 1}
}
"""


def test_braces_of_code_are_text_where_answers_have_lines_of_their_own() -> None:
    reading = gift.read(CODE)
    assert (reading.refused, reading.warnings) == ([], [])
    first, second = map(as_json, reading.questions)
    assert ("return g({1, 2}); }" in first["stem"], "class A {}" in first["stem"]) == (True, True)
    assert [one["text"] for one in first["options"]] == ["int a[] = {1, 2};", "int a = {1};", "#include <a.h>"]
    assert (second["stem"], second["answers"]) == ("Which is valid in {}?", ['{"a": 1}'])
    assert gift.looks_like(CODE)


@pytest.mark.parametrize(
    "source",
    [
        "Capital of Peru? {Lima}\nCapital of Chad? {\n=a\n~b\n}",
        "Ice floats. {T}\nWhich floats? {\n=a\n~b\n}",
        "The sky is {=blue ~red} and\nthe sea {\n=blue\n~red\n}",
        "The sky is {1:MC:=blue~red} {\n=a\n~b\n}",
        "int f() { return 1; }\nWhat? {=a ~b}",
        "f() { return 1; {\n=a }\n~b\n}",
    ],
)
def test_other_braces_stay(source: str) -> None:
    assert escaped(source) == source


@pytest.mark.parametrize(
    ("inside", "texts"),
    [
        ("=#demo ~.demo ~demo", ["#demo", ".demo", "demo"]),
        ("=#FF0000\n~#00FF00#green", ["#FF0000", "#00FF00"]),
        ("=color: #fff;\n~text: white", ["color: #fff;", "text: white"]),
        ("=red #bad\n~blue: #fine", ["red", "blue:"]),
    ],
)
def test_a_sign_that_begins_an_answer_or_a_colour_is_text(inside: str, texts: list[str]) -> None:
    assert [one["text"] for one in only(f"Which one? {{{inside}}}")[0]["options"]] == texts


def test_feedback_to_any_other_number_stays_feedback() -> None:
    assert [one["fraction"] for one in only("How many? {#3:2~#wrong}")[0]["answers"]] == [1, 0]
