"""Long sheets: written by the clock beside everybody else, in one snapshot, with progress."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from learnhub.identity.models import Member
from learnhub.kernel import leases
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.words import _
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from learnhub.points import ledger
from learnhub.transcripts import columns, exports, scores, sheets
from learnhub.transcripts.models import ExportJob
from tests.makers import new_staff, new_unit

SAY = reader("en")
MANY = 1_200
POINTS = [column.key for column in columns.COLUMNS].index("points")


@pytest.fixture
def unit(app: Flask, now: datetime) -> Unit:
    """A unit of many members."""
    unit = new_unit("B1")
    ids = [new_id() for _n in range(MANY)]
    people = [
        {"id": one, "number": f"N{n:05d}", "sign_in_name": f"n{n}", "name": f"Member {n}", "created_at": now}
        for n, one in enumerate(ids)
    ]
    db.session.execute(insert(Member), [{**one, "state": "active", "test": False} for one in people])
    belonging = [{"id": new_id(), "member_id": one, "unit_id": unit.id, "primary": True} for one in ids]
    db.session.execute(insert(Membership), [{**one, "post": "", "starts_on": date(2026, 1, 1)} for one in belonging])
    return unit


def ask(unit: Unit, now: datetime, format: str = "csv") -> tuple[int, int]:
    """An export that waits, and who asked for it."""
    secretary = new_staff(Role.SECRETARY, unit)
    sheet = scores.sheet_of(unit, date(2026, 1, 1), date(2026, 12, 31), None, now, SAY)
    job = exports.ask(secretary.id, sheet, format, "en", now)
    asked = (job.id, secretary.id)
    db.session.commit()
    return asked


def test_others_write_while_a_long_sheet_is_written_and_it_stays_one_snapshot(
    app: Flask, unit: Unit, now: datetime, monkeypatch: Any
) -> None:
    job_id, secretary_id = ask(unit, now)
    last = db.session.scalar(select(Member.id).where(Member.number == f"N{MANY - 1:05d}"))
    db.session.commit()
    seen: list[tuple[int, int]] = []
    note = leases.progress

    def watched(model: Any, job: int, moment: datetime) -> Any:
        def progress(rows: int) -> None:
            note(model, job, moment)(rows)
            writer = threading.Thread(target=post_meanwhile, args=(app, last, now, rows))
            writer.start()
            writer.join()
            seen.append((rows, how_far(app, job_id)))

        return progress

    monkeypatch.setattr(leases, "progress", watched)
    assert exports.run_next(now)
    assert seen == [(500, 500), (1000, 1000)]
    done = exports.find(scope_of(secretary_id, now), job_id)
    assert (done.state, done.done, done.total) == ("done", MANY + 1, MANY + 1)
    text = house.files.open(done.file_digest).read().decode("utf-8-sig")
    row = next(line for line in text.splitlines() if f"N{MANY - 1:05d}," in line).split(",")
    assert row[POINTS] == "0", "what came meanwhile is not in it"


def post_meanwhile(app: Flask, member_id: int, now: datetime, rows: int) -> None:
    """Somebody earns points, dated before the sheet's moment, in a transaction of their own."""
    with app.app_context(), unit_of_work():
        ledger.post(
            member_id, kind="test", source_id=str(rows), points=7, reason=_("Quiz passed"), occurred_at=now, now=now
        )


def how_far(app: Flask, job_id: int) -> int:
    """What the page of the export says meanwhile."""
    with db.engine.connect() as connection:
        return int(connection.scalar(select(ExportJob.done).where(ExportJob.id == job_id)) or 0)


def test_a_sheet_whose_writers_all_died_has_failed(app: Flask, unit: Unit, now: datetime) -> None:
    job_id, secretary_id = ask(unit, now)
    gone = {"state": "running", "tries": leases.MOST_TRIES, "leased_until": now - timedelta(seconds=1)}
    db.session.execute(update(ExportJob).where(ExportJob.id == job_id).values(gone))
    db.session.commit()
    assert not exports.run_next(now)
    failed = exports.find(scope_of(secretary_id, now), job_id)
    assert (failed.state, failed.error["text"]) == ("failed", "The sheet could not be written.")


def test_two_clocks_do_not_write_the_same_sheet(app: Flask, unit: Unit, now: datetime) -> None:
    ask(unit, now)
    with unit_of_work():
        first = leases.lease(ExportJob, now)
    with unit_of_work():
        second = leases.lease(ExportJob, now)
    assert first is not None
    assert second is None


@pytest.mark.sqlite_only
def test_x05_more_rows_than_a_page_holds_go_on_a_second_one(
    app: Flask, unit: Unit, now: datetime, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 506)
    out = tmp_path / "s.xlsx"
    sheet = scores.sheet_of(unit, date(2026, 1, 1), date(2026, 12, 31), None, now, SAY)
    sheets.write(sheet, "xlsx", out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Scores", "Scores 2", "Scores 3"]
    numbers = [row[1] for page in book for row in page.iter_rows(values_only=True) if str(row[1]).startswith("N0")]
    assert numbers == [f"N{n:05d}" for n in range(MANY)]
    assert all(page.cell(6, 2).value == "Number" for page in book)
