"""The score sheet of a whole organisation as XLSX: rows a second of one core, and memory, against the writer alone."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks.harness import analyse, application, best_of, options, report
from courses.models import Course
from learnhub.identity.models import Member
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db, reading
from learnhub.learning.models import Enrolment
from learnhub.organisations import units
from learnhub.organisations.models import Membership, Unit
from learnhub.points.ledger import LEDGER, UNIT_BALANCE
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.study_time.models import StudyDay, YearlyTarget
from learnhub.transcripts import scores, sheets
from learnhub.transcripts.sheets import Digest, Sheet

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BRANCH, COURSES = 50, 3
FIRST = 1_000_000


def populate(size: int) -> Unit:
    """Members in branches of fifty, each with three days of study, three courses, two attempts, four entries."""
    top = units.new_unit("HQ", "Committee", NOW)
    course_ids = list(range(1, COURSES + 1))
    taught = [
        {"id": n, "slug": f"c{n}", "title": f"Course {n}", "created_at": NOW, "updated_at": NOW} for n in course_ids
    ]
    db.session.execute(insert(Course), taught)
    quiz = Quiz(slug="q", title="Quiz", unit_id=top.id, paper={}, created_at=NOW)
    db.session.add_all([quiz, YearlyTarget(year=2026, role="member", unit_id=0, hours=32_000)])
    db.session.flush()
    for start in range(0, size, 5_000):
        _populate(range(start, min(start + 5_000, size)), top, quiz)
        db.session.commit()
    analyse()
    return top


def _populate(numbers: range, top: Unit, quiz: Quiz) -> None:
    chance = random.Random(numbers.start)
    rows: dict[Any, list[dict[str, Any]]] = {
        key: [] for key in (Member, Membership, StudyDay, Enrolment, Attempt, LEDGER, UNIT_BALANCE)
    }
    branch = top
    for n in numbers:
        if n % BRANCH == 0:
            branch = units.new_unit(f"B{n // BRANCH:06d}", f"第{n // BRANCH}支部", NOW, parent=top)
        for table, made in _member(n, branch.id, quiz.id, chance).items():
            rows[table] += made
    for table, made in rows.items():
        db.session.execute(insert(table), made)


def _member(n: int, unit_id: int, quiz_id: int, chance: random.Random) -> dict[Any, list[dict[str, Any]]]:
    member_id, day = FIRST + n, date(2026, 3, 1) + timedelta(days=n % 200)
    at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    whose = {"member_id": member_id, "unit_id": unit_id}
    return {
        Member: [
            {
                "id": member_id,
                "number": f"N{n:07d}",
                "sign_in_name": f"n{n}",
                "name": f"学员{n}",
                "state": "active",
                "test": False,
                "created_at": NOW,
            }
        ],
        Membership: [{**whose, "id": member_id, "primary": True, "post": "", "starts_on": date(2026, 1, 1)}],
        StudyDay: [
            {**whose, "day": day, "course_id": course, "milliseconds": chance.randrange(10_000_000)}
            for course in range(1, COURSES + 1)
        ],
        Enrolment: [
            {"member_id": member_id, "course_id": course, "enrolled_at": at, "completed_at": at}
            for course in range(1, COURSES + 1)
        ],
        Attempt: [_attempt(whose, quiz_id, number, at, chance) for number in (1, 2)],
        LEDGER: [_entry(whose, sequence, day, at, chance) for sequence in (1, 2, 3, 4)],
        UNIT_BALANCE: [{**whose, "period": "all", "points": 0}],
    }


def _attempt(whose: dict[str, int], quiz_id: int, number: int, at: datetime, chance: random.Random) -> dict[str, Any]:
    score = chance.randrange(20) * 1000
    return {
        **whose,
        "id": whose["member_id"] * 10 + number,
        "quiz_id": quiz_id,
        "number": number,
        "state": "closed",
        "layout": {},
        "started_at": at,
        "closed_at": at,
        "score": score,
        "full_marks": 20_000,
        "passed": score >= 12_000,
    }


def _entry(whose: dict[str, int], sequence: int, day: date, at: datetime, chance: random.Random) -> dict[str, Any]:
    return {
        **whose,
        "id": whose["member_id"] * 10 + sequence,
        "kind": "quiz_passed",
        "source_id": str(sequence),
        "entry_no": 1,
        "event_month": f"{day:%Y-%m}",
        "sequence": sequence,
        "day": day,
        "points": chance.randrange(1, 20),
        "reason": {"text": "Quiz passed"},
        "occurred_at": at,
        "posted_at": at,
        "previous_hash": "",
        "hash": "",
    }


def peak_above_idle(work: Any) -> tuple[float, float]:
    """MB that a piece of work adds to the process at its highest, and the highest itself (proc(5): VmHWM)."""
    Path("/proc/self/clear_refs").write_text("5")
    idle = _status("VmRSS")
    work()
    peak = _status("VmHWM")
    return peak - idle, peak


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:"))


def writer_alone(rows: list[list[Any]], sheet: Sheet, out: Path) -> None:
    """The same cells through the same library, and nothing else: the baseline."""

    def cells() -> Iterator[list[Any]]:
        yield from rows

    with out.open("wb") as target:
        sheets._write_xlsx(sheet, target, cells(), Digest(sheet))


def main() -> None:
    """Measure the whole export, then the writer with rows that are there already."""
    asked = options("export_scores", 20_000, 4_000, __doc__ or "")
    with application(asked), tempfile.TemporaryDirectory() as folder:
        unit = populate(asked.size)
        out = Path(folder) / "scores.xlsx"
        year = (date(2026, 1, 1), date(2026, 12, 31))
        with reading():
            sheet = scores.sheet_of(unit, *year, None, NOW, reader("zh_Hans"))
            added, peak = peak_above_idle(lambda: sheets.write(sheet, "xlsx", out))
            ours = best_of(2, lambda: sheets.write(sheet, "xlsx", out))
            as_csv = best_of(2, lambda: sheets.write(sheet, "csv", out))
            rows = list(sheet.rows())
            alone = best_of(2, lambda: writer_alone(rows, sheet, out))
        report(
            asked,
            ratio=alone / ours,
            goal="at least 0.60, at most 64 MB above the idle process",
            baseline="XlsxWriter alone",
            rows_per_core_s=asked.size / ours,
            csv_rows_per_core_s=asked.size / as_csv,
            peak_rss_mb=peak,
            above_idle_mb=added,
        )


if __name__ == "__main__":
    main()
