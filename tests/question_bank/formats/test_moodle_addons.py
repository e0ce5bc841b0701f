"""Moodle XML of add-ons and of other programs: rows, words to find, formulas, encodings that are declared."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring

from learnhub.kernel.errors import Refused
from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.moodle import calculated
from question_bank.formats.sourced import Asked
from question_bank.formats.sourced import read as read_with_sources
from tests.question_bank.formats.moodle_questions import answer, one, question, quiz, reasons, warnings

ROWS = ("oak", "cod", "elm")
COLUMNS = ("tree", "fish")
RIGHT = (0, 1, 0)


def matrix(*rights: tuple[int, ...], how: str = "kany") -> str:
    rows = "".join(f"<row><shorttext>{row}</shorttext><description><text/></description></row>" for row in ROWS)
    columns = "".join(f"<col><shorttext>{name}</shorttext><description><text/></description></col>" for name in COLUMNS)
    weights = "".join(
        "<weights-of-row>"
        + "".join(f"<weight-of-col>{int(n in right)}</weight-of-col>" for n in range(len(COLUMNS)))
        + "</weights-of-row>"
        for right in rights
    )
    return f"<grademethod>{how}</grademethod>{rows}{columns}{weights}"


def table(*rights: str) -> str:
    columns = "".join(f'<column key="{70 + n}"><text>{name}</text></column>' for n, name in enumerate(COLUMNS))
    rows = "".join(
        f'<row key="{n}"><name><text>{row}</text></name><correctanswers><text>{right}</text></correctanswers></row>'
        for n, (row, right) in enumerate(zip(ROWS, rights, strict=True))
    )
    return f"<inputtype>single</inputtype><columns>{columns}</columns><rows>{rows}</rows>"


@pytest.mark.parametrize(
    ("type", "inside"),
    [
        ("matrix", matrix(*((n,) for n in RIGHT))),
        ("oumatrix", table(*(f'{{"{70 + n}":"1","9":"0"}}' for n in RIGHT))),
    ],
)
def test_a_table_with_one_column_right_in_each_row_is_a_matching(type: str, inside: str) -> None:
    found = one(type, inside)
    expected = [(row, COLUMNS[n]) for row, n in zip(ROWS, RIGHT, strict=True)]
    assert [(pair["text"], pair["match"]) for pair in found["answers"]] == expected
    assert "of rows and columns" in warnings(question(type, inside))[0]


@pytest.mark.parametrize(
    ("type", "inside"),
    [
        ("matrix", matrix((0,), (0, 1), (0,))),
        ("matrix", matrix((0,), (), (0,))),
        ("matrix", matrix((0,), (1,))),
        ("oumatrix", table('{"70":"1"}', '{"70":"1","71":"1"}', '{"70":"1"}')),
        ("oumatrix", table('{"70":"1"}', '{"79":"1"}', '{"70":"1"}')),
        ("oumatrix", table('{"70":"1"}', "none", '{"70":"1"}')),
    ],
)
def test_a_row_with_no_column_or_several_is_refused(type: str, inside: str) -> None:
    assert "A row has no column, or several" in reasons(question(type, inside))[0]


def test_a_matrix_that_counts_as_a_whole_says_so() -> None:
    assert "once a row is wrong" in " ".join(warnings(question("matrix", matrix(*((n,) for n in RIGHT), how="all"))))


def test_of_the_rows_of_a_single_choice_one_is_right() -> None:
    rows = "".join(f'<row number="{n}"><optiontext><text>{t}</text></optiontext></row>' for n, t in enumerate(ROWS, 1))
    inside = f"<scoringmethod><text>aprime</text></scoringmethod>{rows}<correctrow>2</correctrow>"
    found = one("sc", inside)
    assert [(option["text"], option["fraction"]) for option in found["options"]] == [("oak", 0), ("cod", 1), ("elm", 0)]
    assert "crossed out" in warnings(question("sc", inside))[0]
    assert len(reasons(question("sc", rows))) == 1


def test_words_in_brackets_are_to_be_found() -> None:
    inside = "<introduction><![CDATA[<p>Find the verbs.</p>]]></introduction><delimitchars>{}</delimitchars>"
    found = one("wordselect", inside, "<p>The dog {barked} [so] loudly, and {ran away}.</p>")
    assert found["kind"] == "select_text"
    assert found["answers"] == ["barked", "ran away"]
    assert [piece["text"] for piece in found["options"]] == "The|dog|barked|[so]|loudly,|and|ran away".split("|")
    assert found["stem"].startswith("<p>Find the verbs.</p><p>[[1]] [[2]] [[3]]")
    assert "No word" in reasons(question("wordselect", "", "nothing [here"))[0]


def test_a_wrong_word_that_costs_less_is_told() -> None:
    found = warnings(question("wordselect", "<wordpenalty>0.5</wordpenalty>", "one [two] three"))
    assert "costs less there" in found[0]


@pytest.mark.parametrize("type", ["essayautograde", "aitext"])
def test_an_essay_that_a_program_marks_is_marked_by_somebody_here(type: str) -> None:
    assert one(type)["kind"] == "essay"
    assert "by a program" in warnings(question(type))[0]


# Formulas


def sets(**numbers: str) -> str:
    return "<dataset_definitions>" + "".join(
        f"<dataset_definition><name><text>{name}</text></name><dataset_items>"
        + "".join(
            f"<dataset_item><number>{n}</number><value>{value}</value></dataset_item>"
            for n, value in reversed(list(enumerate(values.split(), 1)))
        )
        + "</dataset_items></dataset_definition>"
        for name, values in numbers.items()
    )


def formula(text: str, sort: int = 1, more: str = "", fraction: int = 100) -> str:
    inside = f"<tolerance>0.1</tolerance><tolerancetype>{sort}</tolerancetype>{more}"
    return answer(str(fraction), text, inside)


def test_a_calculated_question_takes_the_first_set_of_numbers() -> None:
    inside = formula("{a}*{b}+sqrt(4)") + formula("{a}+{b}", fraction=50) + sets(a="3 5", b="2.5 1")
    reading = quiz(
        question("calculated", inside + "</dataset_definitions>", r"What are {a} and {b}, {={a}+1}? \({c}\)")
    )
    found = as_json(reading.questions[0])
    assert found["stem"] == r"What are 3 and 2.5, 4? \({c}\)"
    assert [(one["value"], one["tolerance_kind"], one["fraction"]) for one in found["answers"]] == [
        (9.5, "relative", 1),
        (5.5, "relative", 0.5),
    ]
    assert [str(one) for one in reading.warnings] == [
        "line 1: its numbers are those of the first of 2 sets in the file."
    ]


@pytest.mark.parametrize(("sort", "low", "high"), [(1, 9, 11), (2, 9.9, 10.1), (3, 10 / 1.1, 11)])
def test_a_tolerance_is_a_share_a_distance_or_a_factor(sort: int, low: float, high: float) -> None:
    found = one("calculatedsimple", formula("{x}", sort) + sets(x="10") + "</dataset_definitions>")["answers"][0]
    assert (found["low"], found["high"]) == pytest.approx((low, high))


def test_options_are_worked_out_too() -> None:
    places = "<correctanswerformat>1</correctanswerformat><correctanswerlength>1</correctanswerlength>"
    figures = "<correctanswerformat>2</correctanswerformat><correctanswerlength>3</correctanswerlength>"
    inside = formula("{={p}/{q}} m", 1, places) + formula("{={p}*1000/{q}}", 1, figures, 0) + sets(p="7", q="3")
    found = one("calculatedmulti", "<single>1</single>" + inside + "</dataset_definitions>", "{p} : {q}")
    assert [(option["text"], option["fraction"]) for option in found["options"]] == [("2.3 m", 1), ("2330", 0)]
    alike = formula("{={p}}") + formula("{=7}", fraction=0) + sets(p="7") + "</dataset_definitions>"
    assert "two options are the same" in reasons(question("calculatedmulti", alike))[0]


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("pow(2,3)-{x}^0", None),
        ("pow(2,3)", "8"),
        ("round(2.5)+round(0.125,2)", "3.13"),
        ("-{x}**2", "-16"),
        ("1/3", "0.333333333333"),
        ("sin(pi()/2)", "1"),
        ("1/({x}-4)", None),
        ("{y}", None),
        ("__import__('os')", None),
        ("(1).real", None),
        ("9**9**9", None),
        ("{x} if 1 else 2", None),
        ("sqrt(-1)", None),
        ("max()", None),
    ],
)
def test_formulas_are_worked_out_or_refused(written: str, result: str | None) -> None:
    if result is None:
        with pytest.raises(Refused):
            calculated.value(written, {"x": "4"})
    else:
        assert calculated.plain(calculated.value(written, {"x": "4"})) == result


def test_numbers_that_are_not_all_in_the_file_are_refused() -> None:
    inside = (
        formula("{a}") + "<dataset_definitions><dataset_definition><name><text>a</text></name></dataset_definition>"
    )
    assert "not in the file" in reasons(question("calculated", inside + "</dataset_definitions>"))[0]


# What other programs write


def test_an_answer_may_stand_without_a_text_of_its_own() -> None:
    bare = '<answer fraction="100">\n 8 <tolerance>0</tolerance><feedback><text>yes</text></feedback></answer>'
    found = one("numerical", bare)["answers"][0]
    assert (found["value"], found["feedback"]) == (8, "yes")
    bare = (
        '<answer fraction="100">a <b>b</b><feedback><text>f</text></feedback></answer><answer fraction="0">c</answer>'
    )
    assert [option["text"] for option in one("multichoice", bare)["options"]] == ["a <b>b</b>", "c"]


FRENCH = (
    "<?xml version='1.0' encoding='{}'?><quiz>"
    + question("truefalse", answer("100", "true") + answer("0", "false"), "L’été, ça brûle : « oui »")
    + "</quiz>"
)


@pytest.mark.parametrize(
    ("declared", "written_in"),
    [
        ("windows-1252", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("iso-8859-15", "utf-8"),
        ("utf-8", "utf-8"),
        ("UTF-16", "utf-16"),
    ],
)
def test_the_encoding_that_is_declared_counts_unless_the_file_was_saved_anew(declared: str, written_in: str) -> None:
    data = FRENCH.format(declared).encode(written_in)
    for reading in (read(data, "q.xml"), read_with_sources(data, "q.xml", Asked()).reading):
        assert [draft.stem_html for draft in reading.questions] == ["L’été, ça brûle : « oui »"]


def test_a_question_of_a_file_that_declares_its_encoding_can_be_corrected() -> None:
    data = FRENCH.format("ISO-8859-1").encode("cp1252")
    sent = read_with_sources(data, "q.xml", Asked())
    source = sent.sources[sent.reading.questions[0].where]
    assert ("été" in source.text, sent.encoding) == (True, "cp1252")
    written = {"first": source.first, "last": source.last, "text": source.text.replace("été", "hiver")}
    anew = read_with_sources(data, "q.xml", Asked(corrections={source.key: written}), "moodle-xml")
    assert "L’hiver" in anew.reading.questions[0].stem_html


@pytest.mark.parametrize(
    "written",
    [
        "9**9**9",
        "(" * 400 + "1" + ")" * 400,
        "-" * 999 + "1",
        "9" * 900,
        "1_000",
        "1#2",
        "{x}{x}",
        "round(1,1e99)",
        "7.real",
    ],
)
def test_hostile_formulas_are_refused(written: str) -> None:
    with pytest.raises(Refused):
        calculated.value(written, {"x": "4"})


def test_numbers_of_a_thousand_digits_are_no_places() -> None:
    inside = formula("{x}") + sets(x="10").replace("<number>1<", f"<number>{'9' * 5000}<")
    assert quiz(question("calculated", inside + "</dataset_definitions>")).questions
    answer = fromstring(f"<answer><correctanswerlength>{'9' * 5000}</correctanswerlength></answer>")
    assert calculated.rounded(answer)(1.5) == "1.50"
    assert calculated.rounded(answer)(2e30) == "2" + "0" * 30
