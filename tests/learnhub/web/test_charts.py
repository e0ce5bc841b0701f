"""Drawings against tables of examples, and what must hold of any values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.web import charts, scales
from learnhub.web.charts import Series

VALUES = st.one_of(
    st.integers(-(10**9), 10**9),
    st.fractions(-1_000, 1_000, max_denominator=2_700),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 2)),
)


def printed(value: charts.Number) -> str:
    return f"{float(value):g}"


@pytest.mark.parametrize(
    ("lowest", "highest", "finest", "expected"),
    [
        (0, 0, 1, [0, 1]),
        (0, 1, 1, [0, 1]),
        (0, 3, 1, [0, 1, 2, 3]),
        (0, 7, 1, [0, 2, 4, 6, 8]),
        (0, 100, 1, [0, 50, 100]),
        (0, 101, 1, [0, 50, 100, 150]),
        (0, 1234, 1, [0, 500, 1000, 1500]),
        (3, 4, 1, [0, 1, 2, 3, 4]),
        (-4, 10, 1, [-5, 0, 5, 10]),
        (-7, 0, 1, [-8, -6, -4, -2, 0]),
        (0, Fraction(77, 100), Fraction(1, 100), ["0", "1/5", "2/5", "3/5", "4/5"]),
        (0, Fraction(1, 1000), Fraction(1, 100), ["0", "1/100"]),
        (0, 0.05, Fraction(1, 100), ["0", "1/50", "1/25", "3/50"]),
        (0, 0, Fraction(1, 100), ["0", "1/100"]),
    ],
)
def test_ticks_are_round_numbers(
    lowest: charts.Number, highest: charts.Number, finest: charts.Number, expected: Sequence[int | str]
) -> None:
    assert scales.ticks(lowest, highest, finest=finest) == [Fraction(one) for one in expected]


@given(VALUES, VALUES, st.sampled_from([1, Fraction(1, 10), Fraction(1, 100)]))
def test_ticks_hold_the_values_and_zero_by_equal_steps(
    one: charts.Number, other: charts.Number, finest: charts.Number
) -> None:
    low, high = sorted((one, other))
    found = scales.ticks(low, high, finest=finest)
    steps = {second - first for first, second in itertools.pairwise(found)}
    assert 2 <= len(found) <= 7
    assert found[0] <= min(low, 0)
    assert found[-1] >= max(high, 0)
    assert Fraction(0) in found
    assert len(steps) == 1
    assert steps.pop() % finest == 0


@pytest.mark.parametrize(("text", "em"), [("", 0), ("12", 1.1), ("第48周", 3.1), ("é", 0.55), ("学时", 2)])
def test_chinese_is_wider_than_latin(text: str, em: float) -> None:
    assert scales.breadth(text) == pytest.approx(em)


@pytest.mark.parametrize(
    ("count", "text", "width", "step"),
    [(0, "1月", 17, 1), (6, "1月", 17, 1), (12, "11/23", 17, 3), (12, "11/23", 42, 1), (53, "11/23", 42, 5)],
)
def test_labels_thin_out_when_there_are_many(count: int, text: str, width: float, step: int) -> None:
    assert scales.every([text] * count, width) == step


def test_the_newest_label_is_always_named() -> None:
    drawing = charts.columns([f"11/{n}" for n in range(10, 40)], [Series("", [1] * 30)], printed)
    assert drawing.labels[-1].text == "11/39"
    assert drawing.labels[-1].narrow
    assert drawing.labels[-1].wide
    assert len([one for one in drawing.labels if one.narrow]) < len([one for one in drawing.labels if one.wide]) < 30


def test_columns_of_one_series_stand_on_zero_and_carry_their_values() -> None:
    drawing = charts.columns(["a", "b", "c"], [Series("Hours", [4, 0, None])], printed)
    assert [(one.x, one.y, one.width, one.height) for one in drawing.boxes] == [(4.67, 14.0, 24.0, 86.0)]
    assert [(one.text, one.x, one.y, one.below) for one in drawing.values] == [("4", 16.67, 14.0, False)]
    assert next((one.text, one.y, one.zero) for one in drawing.ticks) == ("0", 100.0, True)
    assert drawing.rows == [("a", [4]), ("b", [0]), ("c", [None])]


def test_two_series_stand_side_by_side() -> None:
    drawing = charts.columns(["Mon", "Tue"], [Series("this", [1, 2]), Series("last", [3, 4])], printed)
    first, second = (sorted(one.x for one in drawing.boxes if one.series == number) for number in (0, 1))
    assert [(one, other) for one, other in zip(first, second, strict=True)] == [(7.0, 25.0), (57.0, 75.0)]
    assert drawing.values == []
    assert drawing.names == ["this", "last"]


def test_points_taken_back_hang_below_zero() -> None:
    drawing = charts.columns(["a", "b"], [Series("Points", [-5, 10])], printed)
    zero = next(one.y for one in drawing.ticks if one.zero)
    low, high = drawing.boxes
    assert (low.y, high.y + high.height) == (zero, pytest.approx(zero, abs=0.02))
    assert [one.below for one in drawing.values] == [True, False]
    assert low.y + low.height <= 100 - scales.HEADROOM + 0.02


def test_a_small_value_beside_a_huge_one_is_still_seen() -> None:
    drawing = charts.columns(["a", "b"], [Series("Points", [1, 1_000_000])], printed)
    assert min(one.height for one in drawing.boxes) == charts.LEAST


@pytest.mark.parametrize("values", [[], [0, 0], [None, None], [None, 0]])
def test_nothing_and_zeros_draw_nothing_and_fail_nowhere(values: list[int | None]) -> None:
    labels = ["x"] * len(values)
    for drawing in (
        charts.columns(labels, [Series("", values)], printed),
        charts.lines(labels, [Series("", values)], printed),
        charts.bars([("x", value or 0) for value in values], "", printed),
        charts.share([("x", value or 0) for value in values], "", printed),
        charts.histogram([0, 1, 2], [0, 0], "", printed),
        charts.sparkline(values),
    ):
        assert drawing.empty
        assert drawing.boxes == []


def test_a_line_breaks_where_a_value_is_missing() -> None:
    drawing = charts.lines(["a", "b", "c", "d"], [Series("", [1, None, 1, 2])], printed)
    assert drawing.lines[0].path.count("M") == 2
    assert drawing.lines[0].area.count("Z") == 2
    assert [(one.text, one.x) for one in drawing.values] == [("2", 87.5)]
    assert len(drawing.points) == 3


def test_two_lines_have_no_areas_and_their_ends_do_not_cover_each_other() -> None:
    drawing = charts.lines(["a", "b"], [Series("", [1, 100]), Series("", [1, 99])], printed)
    assert [one.area for one in drawing.lines] == ["", ""]
    assert [(one.text, one.below) for one in drawing.values] == [("100", False), ("99", True)]


def test_many_values_are_written_only_where_they_have_room() -> None:
    drawing = charts.columns(["x"] * 12, [Series("", [1111, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])], printed)
    assert [one.text for one in drawing.values if one.narrow] == ["1111", "12"]
    assert all(one.wide for one in drawing.values)
    assert charts.columns(["x"] * 40, [Series("", [1] * 40)], printed).values == []


def told(values: Sequence[charts.Number], *, wide: bool = False) -> list[str]:
    drawn = charts.columns([f"{n}" for n in range(len(values))], [Series("", values)], printed)
    return [one.text for one in drawn.values if (one.wide if wide else one.narrow)]


def test_the_last_value_is_left_out_where_it_would_run_into_the_column_beside_it() -> None:
    low = [0.06, 0.22, 0.18, 0, 0, 0.55, 0.21, 0.16]
    assert told([*low, 0.2, 0.14, 0, 0]) == ["0.55"]
    assert told([*low, 0.1, 0.14, 0, 0]) == ["0.55", "0.14"]
    assert told([*low, 0.2, 0.14, 0, 0], wide=True)[-2:] == ["0.2", "0.14"]
    assert told([9.25] + [1.25] * 11 + [0.75]) == ["9.25"]
    assert told([-1.25] * 11 + [-2.25]) == ["-1.25", "-2.25"], "below zero the longer column is the lower one"


def test_a_value_that_prints_as_nothing_has_no_label() -> None:
    drawn = charts.columns(["a", "b"], [Series("", [Fraction(1, 500), 2])], lambda value: f"{float(value):.2f}")
    assert [one.text for one in drawn.values] == ["2.00"]
    assert len(drawn.boxes) == 2


def test_labels_under_the_edges_stand_as_all_others_while_they_have_room() -> None:
    drawn = charts.histogram([0, 50, 100], [1, 2], "", printed, unit="%")
    assert {one.anchor for one in drawn.labels} == {"middle"}
    long = charts.histogram([0, 500_000, 1_000_000], [1, 2], "", lambda value: f"{value}")
    assert [one.anchor for one in long.labels] == ["middle", "middle", "end"]


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [(0, 9, list(range(10))), (3, 158, list(range(0, 161, 20))), (-5, 90, list(range(-10, 91, 10))), (7, 7, [7, 8])],
)
def test_bins_have_round_edges(lowest: int, highest: int, expected: list[int]) -> None:
    assert scales.edges_for(lowest, highest) == expected


@given(st.lists(st.tuples(st.integers(-500, 5_000), st.integers(1, 50)), min_size=1))
def test_every_value_lies_in_one_bin(values: list[tuple[int, int]]) -> None:
    edges = scales.edges_for(min(value for value, _n in values), max(value for value, _n in values))
    assert 2 <= len(edges) <= scales.MOST_BINS + 2
    assert sum(scales.counted(edges, values)) == sum(many for _value, many in values)
    for value, _many in values:
        place = scales.bin_of(edges, value)
        assert edges[place] <= value <= edges[place + 1]


def test_an_edge_belongs_to_the_right_and_the_last_to_the_left() -> None:
    assert [scales.bin_of([0, 10, 20], value) for value in (0, 9.99, 10, 20)] == [0, 0, 1, 1]


def test_a_histogram_marks_where_i_am() -> None:
    drawing = charts.histogram([0, 10, 20, 30], [2, 0, 5], "Members", printed, mine=30)
    assert [one.chosen for one in drawing.boxes] == [False, True]
    assert drawing.rows == [("0–10", [2]), ("10–20", [0]), ("20–30", [5])]
    assert [label.text for label in drawing.labels] == ["0", "10", "20", "30"]
    percents = charts.histogram([0, 50, 100], [2, 5], "Attempts", printed, unit="%")
    assert [label.text for label in percents.labels] == ["0%", "50%", "100%"]
    assert [row for row, _counts in percents.rows] == ["0–50", "50–100"]
    assert [one.x for one in drawing.labels] == [0.0, 33.33, 66.67, 100.0]


@pytest.mark.parametrize(
    ("values", "full", "lengths"),
    [
        ([50, 100], 100, [50.0, 100.0]),
        ([1, 4], None, [25.0, 100.0]),
        ([0, 1_000_000], None, [0.0, 100.0]),
        ([1, 1_000_000], None, [charts.LEAST, 100.0]),
        ([-3, 6], None, [0.0, 100.0]),
        ([150], 100, [100.0]),
    ],
)
def test_bars_are_as_long_as_their_values(values: list[int], full: int | None, lengths: list[float]) -> None:
    drawing = charts.bars([("x", value) for value in values], "", printed, full=full, unit=" %")
    assert [length for _name, _text, length in drawing.bars] == lengths
    assert drawing.bars[0][1] == f"{values[0]} %"


def test_of_many_bars_the_first_are_drawn_and_all_are_in_the_table() -> None:
    drawing = charts.bars([(f"q{n}", n) for n in range(20)], "", printed, most=8)
    assert (len(drawing.bars), len(drawing.rows)) == (8, 20)


def test_the_parts_of_a_whole_follow_one_another() -> None:
    drawing = charts.share([("on track", 1), ("behind", 0), ("not begun", 3)], "Members", printed)
    assert [(one.x, one.width, one.series) for one in drawing.boxes] == [(0.0, 25.0, 0), (25.0, 75.0, 2)]
    assert drawing.bars == [("on track", "1", 25.0), ("behind", "0", 0.0), ("not begun", "3", 75.0)]


def test_a_sparkline_keeps_inside_its_row() -> None:
    drawing = charts.sparkline([3, None, 9, 0])
    assert [(one.x, one.y) for one in drawing.points] == [(96.0, 92.0)]
    assert drawing.lines[0].path == "M4.0 64.0 M65.33 8.0 L96.0 92.0"


@given(st.lists(st.lists(st.one_of(st.none(), VALUES), min_size=5, max_size=5), min_size=1, max_size=2))
def test_marks_stay_inside_the_plot(rows: list[list[charts.Number | None]]) -> None:
    labels = ["11/23"] * 5
    series = [Series("", row) for row in rows]
    finest = Fraction(1, 100)
    for drawing in (
        charts.columns(labels, series, printed, finest=finest),
        charts.lines(labels, series, printed, finest=finest),
    ):
        assert all(one.x >= 0 and one.x + one.width <= 100 for one in drawing.boxes)
        assert all(one.y >= 0 and one.y + one.height <= 100 + charts.LEAST for one in drawing.boxes)
        assert all(0 <= one.x <= 100 and 0 <= one.y <= 100 for one in [*drawing.points, *drawing.values])
        assert [values for _label, values in drawing.rows] == [list(one) for one in zip(*rows, strict=True)]
