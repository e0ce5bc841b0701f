"""Types of Moodle's backups beyond the plain ones: formulas, places in pictures, rows and columns, add-ons."""

from __future__ import annotations

import pytest

from learnhub.kernel.markup import text_of
from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_moodle_backup import answer, bring, held, old, question, row
from tests.question_bank.formats.test_places_in_pictures import canvas, opened
from tests.question_bank.formats.test_unseen_shapes import reasons


def listed(name: str, *rows: str) -> str:
    return f"<{name}>{''.join(rows)}</{name}>"


def numbers(ident: int, name: str, *values: str) -> str:
    """The sets of a number, the last one first, as a database may give them."""
    items = [row("dataset_item", ident=ident * 10 + n, number=n, value=value) for n, value in enumerate(values, 1)]
    told = row("x", category=0, name=name, type=1, options="uniform:1:9:1", itemcount=len(values))[3:-4]
    return f'<dataset_definition id="{ident}">{told}{listed("dataset_items", *reversed(items))}</dataset_definition>'


def calculated(*formulas: str, single: int = 1) -> str:
    """Answers worked out of {a} and {b}, each within a twentieth of itself; the first is right."""
    answers = [answer(n, text, "1.0000000" if n == 20 else "0.0000000") for n, text in enumerate(formulas, 20)]
    records = [
        row("calculated_record", ident=n, answer=n, tolerance="0.05", tolerancetype=1, correctanswerlength=1,
            correctanswerformat=1)
        for n in range(20, 20 + len(formulas))
    ]  # fmt: skip
    return (
        listed("answers", *answers)
        + listed("numerical_units", row("numerical_unit", ident=1, multiplier="1.00", unit="m"))
        + listed("numerical_options", row("numerical_option", ident=1, showunits=0, unitsleft=0, unitgradingtype=0))
        + listed("dataset_definitions", numbers(1, "a", "4", "7"), numbers(2, "b", "2.5", "3"))
        + listed("calculated_records", *records)
        + listed("calculated_options", row("calculated_option", ident=1, synchronize=0, single=single, shuffleanswers=1,
                                           correctfeedback="", correctfeedbackformat=1))
    )  # fmt: skip


@pytest.mark.parametrize("name", ["calculated", "calculatedsimple"])
def test_a_result_is_that_of_the_first_set_of_numbers(name: str) -> None:
    reading = bring(old(question(7, name, "<p>A field of {a} by {b}?</p>", calculated("{a}*{b}"))))
    found = reading.questions[0]
    assert (found.kind, found.stem_html) == ("numerical", "<p>A field of 4 by 2.5?</p>")
    only = found.content["answers"][0]
    assert (only["value"], only["tolerance"], only["tolerance_kind"], only["fraction"]) == (
        "10", "0.05", "relative", "1",
    )  # fmt: skip
    assert [one["unit"] for one in found.content["units"]] == ["m"]
    assert ["first of 2 sets" in str(one) for one in reading.warnings] == [True]


def test_options_show_their_results() -> None:
    plugin = calculated("<p>{={a}*{b}} m</p>", "<p>{={a}+{b}} m</p>")
    found = bring(old(question(7, "calculatedmulti", "<p>{a} by {b}?</p>", plugin))).questions[0]
    assert (found.kind, [(one["html"], one["fraction"]) for one in found.content["options"]]) == (
        "single_choice",
        [("<p>10.0 m</p>", "1"), ("<p>6.5 m</p>", "0")],
    )


def test_a_question_without_its_numbers_is_refused() -> None:
    plugin = calculated("{a}*{b}").replace("<value>2.5</value>", "<value>$@NULL@$</value>")
    assert "not in the file" in reasons(bring(old(question(7, "calculated", "{a}?", plugin))))[0]


def drag(ident: int, number: int, label: str) -> str:
    return row("drag", ident=ident, no=number, draggroup=1, infinite=0, label=label)


@pytest.mark.parametrize("name", ["ddmarker", "ddimageortext"])
def test_places_are_numbered_on_the_picture_of_the_question(name: str) -> None:
    places = (
        (row("drop", ident=1, no=1, shape="circle", coords="150,50;20", choice=2),
         row("drop", ident=2, no=2, shape="rectangle", coords="10,40;50,30", choice=1))
        if name == "ddmarker"
        else (row("drop", ident=1, no=1, xleft=120, ytop=60, choice=2, label=""),
              row("drop", ident=2, no=2, xleft=20, ytop=40, choice=1, label=""))
    )  # fmt: skip
    plugin = (
        row(name, ident=3, shuffleanswers=1, correctfeedback="", correctfeedbackformat=1)
        + listed("drags", drag(31, 1, "tower"), drag(32, 2, "moat"), drag(33, 3, "stable"))
        + listed("drops", *places)
    )
    files = held(("bgimage", 7, "map.png", canvas()), ("bgimage", 8, "other.png", canvas(10, 10)))
    reading = bring(old(question(7, name, "<p>Where?</p>", plugin)) | files)
    found = as_json(reading.questions[0])
    assert [(pair["text"], pair["match"]) for pair in found["answers"]] == [("1", "moat"), ("2", "tower")]
    assert "stable" in [option["text"] for option in found["options"]]
    (shown,) = reading.files.values()
    assert opened(shown).size == (200, 100)


def test_a_picture_that_is_dragged_is_found_by_the_id_of_its_label() -> None:
    places = [row("drop", ident=n, no=n, xleft=60 * n, ytop=60, choice=n, label="") for n in (1, 2)]
    plugin = listed("drags", drag(31, 1, "moat"), drag(32, 2, "tower")) + listed("drops", *places)
    asked = question(7, "ddimageortext", "<p>Where?</p>", plugin)
    files = held(("bgimage", 7, "map.png", canvas()), ("dragimage", 31, "m.png", canvas(8, 8, "blue")))
    reading = bring(old(asked) | files)
    first, second = as_json(reading.questions[0])["answers"]
    assert ("<img" in first["match"], 'alt="moat"' in first["match"], second["match"]) == (True, True, "tower")
    assert len(reading.files) == 2
    assert len(reasons(bring(old(asked)))) == 1, "without the picture"


ROWS = {41: "oak", 42: "cod"}
COLUMNS = {51: "tree", 52: "fish"}


def matrix(*weights: tuple[int, int]) -> str:
    rows = [row("row", ident=n, shorttext=text, description="", feedback="") for n, text in ROWS.items()]
    columns = [row("col", ident=n, shorttext=text, description="") for n, text in COLUMNS.items()]
    told = [row("weight", ident=n, rowid=r, colid=c, weight="1") for n, (r, c) in enumerate(weights, 1)]
    return (
        '<matrix id="1"><grademethod>kprime</grademethod><multiple>1</multiple><renderer>matrix</renderer>'
        + listed("cols", *columns)
        + listed("rows", *reversed(rows))
        + listed("weights", *told)
        + "</matrix>"
    )


def table(*rights: int) -> str:
    rows = [
        row("row", ident=n, number=k, name=text, feedback="", feedbackformat=1, correctanswers=f'{{"{right}":"1"}}')
        for k, ((n, text), right) in enumerate(zip(ROWS.items(), rights, strict=True), 1)
    ]
    columns = [row("column", ident=n, number=k, name=text) for k, (n, text) in enumerate(COLUMNS.items(), 1)]
    options = row("oumatrix", ident=1, inputtype="single", grademethod="partial", shuffleanswers=1)
    return options + listed("columns", *columns) + listed("rows", *rows)


def numbered(name: str) -> str:
    rows = [
        row("row", ident=n, number=k, optiontext=f"<p>{text}</p>", optiontextformat=1, optionfeedback="",
            optionfeedbackformat=1)
        for k, (n, text) in enumerate(ROWS.items(), 1)
    ]  # fmt: skip
    columns = [
        row("column", ident=n, number=k, responsetext=text, responsetextformat=0)
        for k, (n, text) in enumerate(COLUMNS.items(), 1)
    ]
    weights = [
        row("weight", ident=10 * r + c, rownumber=r, columnnumber=c, weight="1.000" if r == c else "0.000")
        for r in (1, 2)
        for c in (1, 2)
    ]
    options = row(name, ident=1, scoringmethod="subpoints", shuffleanswers=1, numberofrows=2, numberofcolumns=2)
    return options + listed("rows", *rows) + listed("columns", *columns) + listed("weights", *weights)


@pytest.mark.parametrize(
    ("name", "plugin"),
    [
        ("matrix", matrix((41, 51), (42, 52))),
        ("oumatrix", table(51, 52)),
        ("mtf", numbered("mtf")),
        ("kprime", numbered("kprime")),
    ],
)
def test_rows_are_matched_with_their_columns(name: str, plugin: str) -> None:
    reading = bring(old(question(7, name, "<p>What is it?</p>", plugin)))
    found = as_json(reading.questions[0])
    assert [(text_of(pair["text"]), pair["match"]) for pair in found["answers"]] == [
        ("oak", "tree"),
        ("cod", "fish"),
    ]


def test_a_row_with_no_column_or_several_is_refused() -> None:
    for plugin in (matrix((41, 51)), matrix((41, 51), (42, 51), (42, 52))):
        assert "A row has no column, or several" in reasons(bring(old(question(7, "matrix", "?", plugin))))[0]


def test_a_table_of_more_cells_than_anybody_fills_is_refused() -> None:
    rows = listed("rows", *(row("row", ident=n, shorttext="a") for n in range(1, 301)))
    columns = listed("cols", *(row("col", ident=n, shorttext="b") for n in range(1, 301)))
    assert "too many" in reasons(bring(old(question(7, "matrix", "?", f"<matrix>{columns}{rows}</matrix>"))))[0]


def test_of_the_rows_of_a_single_choice_one_is_right() -> None:
    rows = [
        row("row", ident=n, number=k, optiontext=f"<p>{text}</p>", optiontextformat=1, optionfeedback=f"About {text}",
            optionfeedbackformat=1)
        for k, (n, text) in enumerate(ROWS.items(), 1)
    ]  # fmt: skip
    options = row("sc", ident=1, scoringmethod="sconezero", shuffleanswers=1, numberofrows=2, correctrow=2)
    found = bring(old(question(7, "sc", "<p>Which?</p>", options + listed("rows", *rows)))).questions[0]
    assert (found.kind, [tuple(one.values())[1:] for one in found.content["options"]]) == (
        "single_choice",
        [("<p>oak</p>", "0", "About oak"), ("<p>cod</p>", "1", "About cod")],
    )


def test_gaps_words_and_essays_of_add_ons_are_read() -> None:
    gaps = listed("answers", answer(1, "sea", "1.0000000")) + row(
        "gapfill", ident=1, answerdisplay="gapfill", delimitchars="[]", casesensitive=0, noduplicates=0, disableregex=1
    )
    words = row("wordselect", ident=1, introduction="<p>Find the verb.</p>", delimitchars="{}", wordpenalty=1)
    essay = row(
        "aitext", ident=1, responseformat="editor", attachments=0, graderinfo="<p>Depth</p>", graderinfoformat=1
    )
    reading = bring(
        old(
            question(7, "gapfill", "<p>Whales live in the [sea].</p>", gaps),
            question(8, "wordselect", "<p>The whale {dives} deep.</p>", words),
            question(9, "aitext", "<p>Why?</p>", essay),
        )
    )
    assert reasons(reading) == []
    assert [one.kind for one in reading.questions] == ["fill_in", "select_text", "essay"]
    assert reading.questions[0].content["blanks"][0]["answers"][0]["text"] == "sea"
    assert reading.questions[1].stem_html.startswith("<p>Find the verb.</p>")
    assert reading.questions[2].content["marker_html"] == "<p>Depth</p>"
