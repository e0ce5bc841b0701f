"""Cells of old workbooks are read as people see them; files made to be slow or to break the reading do neither.

`shares.xls` was made for this test: a table of per cents, times and dates in words, and a sheet that begins at B3.
"""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest

from learnhub.kernel import old_formats
from learnhub.kernel.workbooks import sheets

OLD = (Path(__file__).parents[2] / "data/workbooks/shares.xls").read_bytes()
TABLE_SECTORS, SMALL_SECTORS, MORE_SECTORS, MORE_COUNT, FIRST_TABLE = 0x2C, 0x40, 0x44, 0x48, 0x4C


def test_an_old_workbook_is_read_as_people_see_it() -> None:
    first, second = sheets(OLD, as_shown=True)
    assert first.rows is not None
    assert [row[2:5] for row in first.rows[1:]] == [
        ["51%", "65%", "90%"],
        ["8:00", "9:30", "10:00"],
        ["2024年3月5日", "2024年4月6日", "2024年5月7日"],
        ["12.5%", "30.0%", 0.5],
    ]
    assert (second.first, second.rows) == (3, [["25%", 7], [1.5, ""]])


def test_its_values_are_there_for_whom_numbers_matter() -> None:
    rows = next(sheets(OLD)).rows
    assert rows is not None
    assert rows[1][2:5] == [0.51, 0.65, 0.9]


def with_number(at: int, number: int) -> bytes:
    return OLD[:at] + struct.pack("<I", number) + OLD[at + 4 :]


def in_a_circle() -> bytes:
    """Every sector follows on itself."""
    (first,) = struct.unpack_from("<I", OLD, FIRST_TABLE)
    at = 512 * (first + 1)
    return OLD[:at] + struct.pack("<128I", *range(128)) + OLD[at + 512 :]


@pytest.mark.parametrize("data", [OLD[:length] for length in (0, 8, 100, 511, 512, 1500, 4000, 6000)])
def test_a_cut_file_shows_nothing(data: bytes) -> None:
    assert old_formats.shown(data) == {}


@pytest.mark.parametrize("number", [109, 2**20, 2**31 - 1, 2**32 - 1])
@pytest.mark.parametrize("at", [TABLE_SECTORS, SMALL_SECTORS, MORE_SECTORS, MORE_COUNT, FIRST_TABLE])
def test_a_header_that_claims_too_much_costs_no_time(at: int, number: int) -> None:
    started = time.process_time()
    old_formats.shown(with_number(at, number))
    assert time.process_time() - started < 1


def test_sectors_that_go_in_a_circle_are_left_at_once() -> None:
    started = time.process_time()
    assert old_formats.shown(in_a_circle()) == {}
    assert time.process_time() - started < 1


@pytest.mark.parametrize("limit", ["_LARGEST", "_MOST_RECORDS", "_MOST_SHOWN"])
def test_beyond_a_limit_cells_are_taken_as_they_are(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_formats, limit, 10)
    assert old_formats.shown(OLD) == {}
