"""Score sheets: the page's numbers, no formulas, the same bytes twice."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from learnhub.identity.models import Member
from learnhub.kernel.catalogues import reader
from learnhub.kernel.cells import csv_safe
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from learnhub.points import ledger
from learnhub.transcripts import columns, exports, numbers, scores, sheets
from tests.makers import new_member, new_staff, new_unit

SAY = reader("en")
EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x")', "http://example.org"]


@pytest.fixture
def unit(app: Flask, now: datetime) -> Unit:
    unit = new_unit("B1", name="=cmd|' /C calc'!A0")
    for n, name in enumerate(EVIL):
        member = new_member(unit, name=name, number=f"00{n}")
        ledger.post(
            member.id,
            kind="test",
            source_id=f"t:{n}",
            points=n - 3,
            reason=_("First sign-in"),
            occurred_at=now,
            now=now,
        )
    return unit


def sheet(unit: Unit, now: datetime) -> sheets.Sheet:
    return scores.sheet_of(unit, date(2026, 1, 1), date(2026, 12, 31), None, now + timedelta(hours=1), SAY)


def test_x03_text_is_never_a_formula_and_numbers_stay_numbers(unit: Unit, now: datetime, tmp_path: Path) -> None:
    out = tmp_path / "s.xlsx"
    sheets.write(sheet(unit, now), "xlsx", out)
    page = openpyxl.load_workbook(out).active
    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "<hyperlink" not in xml.lower()
    assert not any("rels" in name and "sheet" in name for name in names)
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    heading = next(place for place, row in enumerate(rows) if row[0] == "No.")
    found = {row[1]: row for row in rows[heading + 1 :] if row[1] and str(row[1]).startswith("00")}
    assert [found[f"00{n}"][2] for n in (0, 1, 2)] == ["=1+1", "+1", "-1"]
    points = [column.key for column in columns.COLUMNS].index("points")
    assert [found[f"00{n}"][points] for n in range(9)] == [-3, -2, -1, 0, 1, 2, 3, 4, 5]


def test_x03_in_csv_a_quote_stands_in_front(unit: Unit, now: datetime, tmp_path: Path) -> None:
    out = tmp_path / "s.csv"
    sheets.write(sheet(unit, now), "csv", out)
    text = out.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    names = {row[1]: row[2] for row in rows if len(row) > 2}
    assert names["000"] == "'=1+1"
    assert names["002"] == "'-1"
    assert [csv_safe(-3), csv_safe("-3"), csv_safe("\0=1"), csv_safe(None)] == [-3, "'-3", "'=1", ""]
    assert all(not cell.startswith(("=", "+", "@", "\t", "\r")) for row in rows for cell in row)


def test_two_runs_for_the_same_moment_give_the_same_bytes(unit: Unit, now: datetime, tmp_path: Path) -> None:
    for format in sheets.FORMATS:
        once, again = tmp_path / f"1.{format}", tmp_path / f"2.{format}"
        first = sheets.write(sheet(unit, now), format, once)
        second = sheets.write(sheet(unit, now), format, again)
        assert once.read_bytes() == again.read_bytes()
        assert first["check"] == second["check"]


def test_all_formats_hold_the_page_s_numbers(unit: Unit, now: datetime, tmp_path: Path) -> None:
    wanted = [columns.shown(line, SAY) for line in numbers.sheet(unit, sheet(unit, now).span)]
    out = tmp_path / "s.json"
    sheets.write(sheet(unit, now), "json", out)
    rows = json.loads(out.read_text())["rows"]
    assert [row["points"] for row in rows] == [line["points"] for line in wanted]
    assert [row["number"] for row in rows] == [line["number"] for line in wanted]
    assert len(rows) == scores.size(sheet(unit, now)) == 9


def test_x04_what_comes_after_the_stated_moment_is_not_in_it(unit: Unit, now: datetime) -> None:
    asked = sheet(unit, now)
    before = [line.points for line in numbers.sheet(unit, asked.span)]
    member_id = next(line.member_id for line in numbers.sheet(unit, asked.span))
    late = now + timedelta(hours=2)
    ledger.post(member_id, kind="t", source_id="late", points=50, reason=_("x"), occurred_at=late, now=late)
    assert [line.points for line in numbers.sheet(unit, asked.span)] == before


def test_wrong_days_and_formats_are_refused(unit: Unit, now: datetime, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        scores.sheet_of(unit, date(2026, 12, 31), date(2026, 1, 1), None, now, SAY)
    with pytest.raises(Refused):
        scores.sheet_of(unit, date(2026, 1, 1), date(2026, 12, 31), date(2030, 1, 1), now, SAY)
    with pytest.raises(Refused):
        sheets.write(sheet(unit, now), "pdf", tmp_path / "x")


def test_x02_an_export_is_a_job_that_is_written_once_and_fetched_by_its_owner(unit: Unit, now: datetime) -> None:
    secretary: Member = new_staff(Role.SECRETARY, unit)
    other: Member = new_staff(Role.SECRETARY, unit)
    job = exports.ask(secretary.id, sheet(unit, now), "csv", "en", now)
    db.session.commit()
    assert exports.run_next(now)
    assert not exports.run_next(now), "nothing waits any more"
    done = exports.find(scope_of(secretary.id, now), job.id)
    assert (done.state, done.done, done.total) == ("done", 11, 11)
    assert house.files.open(done.file_digest).read().decode("utf-8-sig").count("\r\n") >= 12
    assert not exports.is_over(done, now + timedelta(days=6))
    assert exports.is_over(done, now + timedelta(days=7))
    with pytest.raises(NotFound):
        exports.find(scope_of(other.id, now), job.id)


def test_an_export_whose_writer_died_is_tried_again(unit: Unit, now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, unit)
    job = exports.ask(secretary.id, sheet(unit, now), "json", "zh_Hans", now)
    job.state, job.tries, job.leased_until = "running", 1, now + timedelta(minutes=10)
    db.session.commit()
    assert not exports.run_next(now), "somebody writes it"
    assert exports.run_next(now + timedelta(minutes=11))
    assert exports.find(scope_of(secretary.id, now), job.id).tries == 2
