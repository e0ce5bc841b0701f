"""Beats of open lessons become credited time: by the server's clock alone, each second once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete

from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.study_time.models import StudyPresence
from learnhub.study_time.statements import statements

EVERY = timedelta(seconds=20)
"""How often a page beats."""
LONGEST_CREDIT = timedelta(seconds=45)
"""The most that one beat credits: the longest interval between beats (30 s) and a grace."""
LONGEST_GAP = timedelta(seconds=90)
"""After a longer silence nothing is credited for it: the interval ended at the last beat."""


@dataclass(frozen=True)
class Credit:
    """What a beat credited, and what stands credited for the member today, in milliseconds."""

    milliseconds: int
    today: int

    @property
    def today_seconds(self) -> int:
        """Whole seconds credited today."""
        return self.today // 1000


def beat(member_id: int, tab: str, lesson_id: int, course_id: int, unit_id: int, now: datetime) -> Credit:
    """A page says that its lesson is open, visible and followed.

    `tab` is a name that the page made up; whatever else a client claims is not asked. The time since the tab's last
    beat is credited, at most `LONGEST_CREDIT`, and only as far as no other tab, device or course was credited for it.
    The row of the member's clock is locked first: beats of one member follow one another. Time counts in whole
    milliseconds, so that intervals and days add up to the same.
    """
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    run, known = db.session.connection(), statements()
    until, interval_id = run.execute(known.lock, {"member_id": member_id, "credited_until": now}).one()
    before = run.execute(known.presence, {"b_member": member_id, "b_tab": tab}).one_or_none()
    since = before.last_beat_at if before is not None and before.lesson_id == lesson_id else now
    present, start, end = credited(since, until, now)
    seconds = whole_seconds(since, since + present)
    if end > start:
        stretch = _Stretch(member_id, lesson_id, course_id, start, end, seconds)
        interval_id = _extend(run, interval_id, stretch)
        run.execute(known.advance, {"b_member": member_id, "credited_until": end, "interval_id": interval_id})
        _add_to_days(run, unit_id, stretch)
    run.execute(
        known.note,
        {
            "member_id": member_id,
            "tab": tab,
            "lesson_id": lesson_id,
            "opened_at": now,
            "last_beat_at": now,
            "beats": 1,
            "present_seconds": seconds,
        },
    )
    return Credit(_milliseconds(end - start) if end > start else 0, today(member_id, now))


@dataclass(frozen=True)
class _Stretch:
    """Time that is credited: whose, where, from when to when, and the seconds that the page was open."""

    member_id: int
    lesson_id: int
    course_id: int
    start: datetime
    end: datetime
    present_seconds: int


def credited(since: datetime, until: datetime, now: datetime) -> tuple[timedelta, datetime, datetime]:
    """How long the tab was present, and from when to when that is credited: pure.

    `since` is the tab's last beat, `until` the moment up to which the member's time is credited already.
    """
    gap = now - since
    if not timedelta(0) < gap <= LONGEST_GAP:
        return timedelta(0), now, now
    present = min(gap, LONGEST_CREDIT)
    return present, max(since, until), since + present


def whole_seconds(start: datetime, end: datetime) -> int:
    """Seconds of a stretch of time, rounded so that stretches that follow one another lose nothing."""
    return int(end.timestamp()) - int(start.timestamp())


def today(member_id: int, now: datetime) -> int:
    """Milliseconds credited to a member on the day of `now`."""
    day = local_date(now, house.zone)
    return int(db.session.connection().scalar(statements().today, {"b_member": member_id, "b_day": day}) or 0)


def lesson_seconds(member_id: int, lesson_id: int) -> int:
    """Whole seconds credited to a member in a lesson, over all days."""
    rows = db.session.connection().execute(statements().lesson, {"b_member": member_id, "b_lesson": lesson_id})
    return int(sum(((ended - started) for started, ended in rows), timedelta(0)).total_seconds())


def by_day(start: datetime, end: datetime) -> list[tuple[date, timedelta]]:
    """A stretch of time split at the midnights of the organisation's zone."""
    pieces = []
    while start < end:
        day = local_date(start, house.zone)
        midnight = start_of_day(day + timedelta(days=1), house.zone)
        piece = min(end, midnight)
        pieces.append((day, piece - start))
        start = piece
    return pieces


def _extend(run: Connection, interval_id: int | None, stretch: _Stretch) -> int:
    """Lengthen the running interval when it ends where the new time begins; otherwise begin one. Its id."""
    if interval_id is not None:
        longer = run.execute(
            statements().extend,
            {
                "b_member": stretch.member_id,
                "b_id": interval_id,
                "b_lesson": stretch.lesson_id,
                "b_start": stretch.start,
                "b_seconds": stretch.present_seconds,
                "ended_at": stretch.end,
            },
        )
        if longer.rowcount:
            return interval_id
    fresh = new_id()
    run.execute(
        statements().begin,
        {
            "member_id": stretch.member_id,
            "id": fresh,
            "lesson_id": stretch.lesson_id,
            "course_id": stretch.course_id,
            "started_at": stretch.start,
            "ended_at": stretch.end,
            "present_seconds": stretch.present_seconds,
        },
    )
    return fresh


def _add_to_days(run: Connection, unit_id: int, stretch: _Stretch) -> None:
    for day, piece in by_day(stretch.start, stretch.end):
        run.execute(
            statements().add_to_day,
            {
                "member_id": stretch.member_id,
                "day": day,
                "course_id": stretch.course_id,
                "unit_id": unit_id,
                "milliseconds": _milliseconds(piece),
            },
        )


def forget_tabs(before: datetime) -> None:
    """Remove what is kept of tabs that beat last before a moment; nothing that was credited depends on it."""
    db.session.execute(delete(StudyPresence).where(StudyPresence.last_beat_at < before))


def _milliseconds(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
