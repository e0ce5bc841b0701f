"""How cells of a workbook show their numbers, and files that are made to be slow or to break the reading."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest

from learnhub.kernel.number_formats import _attributes, _cells, _per_cent, _show, _styles

AT = datetime(2024, 3, 5, 14, 7, 9)


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("0.0%", 0.031, "3.1%"),
        ('[$-804]yyyy"年"m"月"d"日";@', AT, "2024年3月5日"),
        ('h"时"mm"分"', AT, "14时07分"),
        ("0%", 1e27, 1e27),
        ("0%", float("inf"), float("inf")),
        (f"0.{'0' * 40}%", 0.3, 0.3),
    ],
)
def test_what_a_cell_shows(code: str, value: Any, text: Any) -> None:
    show = _show(code)
    assert show is not None
    assert show(value) == text


@pytest.mark.parametrize("code", ['yyyy"年"m"月"d"日" dddd', 'd"日"mmm', "h:mm AM/PM", "yyyy-mm-dd"])
def test_formats_with_names_and_dates_in_figures_are_left_to_the_value(code: str) -> None:
    assert _show(code) is None


def test_what_is_no_number_stays_as_it_is() -> None:
    assert str(_per_cent(float("nan"), 0)) == "nan"


def test_hostile_styles_are_read_at_once() -> None:
    started = time.process_time()
    assert _attributes(b"a" * 100_000) == {}
    assert _styles(b"<cellXfs " * 50_000) == {}
    slow = b'<numFmt numFmtId="200" formatCode="' + b"[" * 100_000 + b'"/>'
    assert _styles(slow + b'<cellXfs><xf numFmtId="200"/><xf numFmtId="\xc2\xb2"/></cellXfs>') == {}
    styles = {str(number).encode(): str for number in range(20_000)}
    assert len(_cells(b'<c r="A1" s="19999"/>' * 5000, styles)) == 1
    assert time.process_time() - started < 5


def test_cells_are_found_by_the_numbers_of_their_styles() -> None:
    styles = _styles(
        b'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs>'
    )
    assert set(styles) == {b"1"}
    assert set(_cells(b'<c r="A1" s="0"/><c r="AB3" s="1"><v>0.5</v></c>', styles)) == {(2, 27)}
