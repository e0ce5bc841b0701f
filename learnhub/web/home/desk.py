"""What waits on the desk: for a secretary, an instructor, an administrator; each only when the role is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from courses.models import Course
from learnhub.audit import job_runs
from learnhub.audit.models import AuditEntry, Import, ImportState
from learnhub.authorship import works
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, lately, period_at
from learnhub.organisations import memberships, transfer_reach, units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import records
from learnhub.points.models import Checkpoint
from learnhub.quizzes import due, reports, waiting
from learnhub.transcripts import numbers, pace, spans
from learnhub.web import charts
from learnhub.web.charts import Drawing
from learnhub.web.context import arrived, member_id, scope
from learnhub.web.health.views import readiness
from question_bank import catalogue as bank_catalogue
from question_bank import sources
from question_bank.models import Bank

MOST_ROWS = 5
WEEKS = 8
MOST_MEMBERS = 500
"""Members of a unit whose progress the glance reads; above that the unit's own page says more."""
STALE_AFTER = timedelta(days=180)


@dataclass(frozen=True)
class Branch:
    """A unit in a secretary's reach: who is furthest behind, and what closes soon."""

    unit: Unit
    period: Period
    changes: int
    """Changes of details that wait for a decision."""
    members: int
    behind: int | None
    """None where the unit is too large to read everybody at a glance: a part would be no number."""
    furthest: list[numbers.Line]
    due: list[due.Due]
    weeks: list[Fraction]
    """Hours studied in each of the last weeks, this one last."""
    drawing: Drawing
    transfers: int
    """Transfers that wait for this person's answer."""


def overview() -> dict[str, Any]:
    """Everything of the desks that this person has."""
    reach = scope()
    return {
        "branches": [_branch(unit) for unit in _own_units()] if reach.has(Permission.SEE_MEMBERS) else [],
        "teaching": _teaching() if reach.has(Permission.AUTHOR) else None,
        "machine": _machine() if reach.has(Permission.ADMINISTER) else None,
    }


def _own_units() -> list[Unit]:
    """The units on which the person was made secretary (or administrator)."""
    roots = scope().roots(Permission.SEE_MEMBERS)
    query = select(Unit).where(Unit.id.in_(roots)).order_by(Unit.position, Unit.code).limit(MOST_ROWS)
    return list(db.session.scalars(query))


def _branch(unit: Unit) -> Branch:
    year = period_at(arrived(), Grain.YEAR, house.zone)
    span = spans.of_period(year, arrived())
    members = numbers.count(unit, span)
    behind = numbers.behind(unit, span) if members <= MOST_MEMBERS else None
    weeks = pace.hours_of_unit(unit.id, _weeks(), arrived())
    return Branch(
        unit=unit,
        period=year,
        members=members,
        behind=None if behind is None else len(behind),
        furthest=(behind or [])[:MOST_ROWS],
        changes=_changes(unit),
        due=due.soon(unit, arrived()),
        weeks=weeks,
        drawing=charts.sparkline(weeks),
        transfers=transfer_reach.waiting(scope(), unit),
    )


def _changes(unit: Unit) -> int:
    """How many changes of details wait for the person's decision."""
    if not scope().has(Permission.MANAGE_MEMBERS):
        return 0
    there = memberships.members_of(units.below(unit.id), local_date(arrived(), house.zone))
    return records.count_waiting(there)


def _weeks() -> list[Period]:
    return lately(local_date(arrived(), house.zone), Grain.WEEK, WEEKS)


def _teaching() -> dict[str, Any]:
    """An instructor's courses, and what waits: answers to mark, files to accept, drafts, texts that grow old."""
    courses = works.editable_courses(scope())
    standing = [course for course in courses if course.state != "draft"][:MOST_ROWS]
    banks = works.editable_banks(scope())
    ids = [bank.id for bank in banks]
    weeks = _weeks()
    students = pace.students_of_courses([course.id for course in standing], weeks)
    return {
        "courses": [(course, students[course.id], charts.sparkline(students[course.id])) for course in standing],
        "drafts": [course for course in courses if course.state == "draft"][:MOST_ROWS],
        "stale": [course for course in courses if _is_stale(course)][:MOST_ROWS],
        "banks": banks[:MOST_ROWS],
        "unreviewed": _of_banks(banks, bank_catalogue.count_unreviewed(ids)),
        "reported": _of_banks(banks, reports.count_waiting(ids)),
        "over": _of_banks(banks, sources.count_stale(ids, local_date(arrived(), house.zone))),
        "imports": _waiting_imports(member_id()),
        "marking": waiting.quizzes(scope().unit_ids(Permission.AUTHOR), member_id())[:MOST_ROWS],
    }


def _of_banks(banks: list[Bank], counts: dict[int, int]) -> list[tuple[Bank, int]]:
    """The banks of which there is something to say, with the number."""
    return [(bank, counts[bank.id]) for bank in banks if counts.get(bank.id)][:MOST_ROWS]


def _is_stale(course: Course) -> bool:
    return course.state == "published" and arrived() - course.updated_at > STALE_AFTER


def _waiting_imports(actor_id: int) -> list[Import]:
    """Files that were looked at and neither accepted nor followed by another look, newest first."""
    query = select(Import).where(Import.actor_id == actor_id, Import.state == ImportState.PREVIEWED)
    return list(db.session.scalars(query.order_by(Import.created_at.desc()).limit(MOST_ROWS)))


def _machine() -> dict[str, Any]:
    """The machine at a glance: checks, the clock's tasks, the signed ledger, the last imports and acts."""
    runs = job_runs.latest()
    return {
        "checks": readiness(),
        "runs": runs,
        "clock": job_runs.clock_runs(runs, arrived()),
        "signed": db.session.scalar(select(func.max(Checkpoint.made_at))),
        "imports": list(db.session.scalars(select(Import).order_by(Import.created_at.desc()).limit(MOST_ROWS))),
        "acts": list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.at.desc()).limit(MOST_ROWS))),
    }
