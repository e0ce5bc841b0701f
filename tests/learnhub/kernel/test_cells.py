"""Text in a table never becomes a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.cells import BOM, FORMULA_STARTS, csv_safe, write_csv


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\0=1", "'=1"),
        ("＝1＋1", "'＝1＋1"),
        ("  =1+1", "'  =1+1"),
        ("王伟", "王伟"),
        ("a=b", "a=b"),
        (-5, -5),
        (2.5, 2.5),
        (None, ""),
    ],
)
def test_what_a_cell_becomes(value: Any, cell: Any) -> None:
    assert csv_safe(value) == cell


def test_a_table_is_written_with_its_header_and_mark() -> None:
    out = io.StringIO(newline="")
    assert write_csv(out, ["Name", "Points"], [["=王", -3], ['a "b", c', 0]], bom=True) == 2
    assert out.getvalue() == BOM + 'Name,Points\r\n\'=王,-3\r\n"a ""b"", c",0\r\n'


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    out = io.StringIO(newline="")
    write_csv(out, ["x"], [[text]])
    cell = list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:]
    assert not "".join(cell[0] if cell else []).lstrip(" \u3000").startswith(FORMULA_STARTS)
