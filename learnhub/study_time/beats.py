"""Beats of open lessons become credited time: by the server's clock alone, each second once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, func, insert, select, update

from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import upsert
from learnhub.study_time.models import StudyClock, StudyDay, StudyInterval, StudyPresence

EVERY = timedelta(seconds=20)
"""How often a page beats."""
LONGEST_CREDIT = timedelta(seconds=45)
"""The most that one beat credits: the longest interval between beats (30 s) and a grace."""
LONGEST_GAP = timedelta(seconds=90)
"""After a longer silence nothing is credited for it: the interval ended at the last beat."""

CLOCK: Table = StudyClock.__table__  # type: ignore[assignment]
PRESENCE: Table = StudyPresence.__table__  # type: ignore[assignment]
INTERVAL: Table = StudyInterval.__table__  # type: ignore[assignment]
DAY: Table = StudyDay.__table__  # type: ignore[assignment]


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
    until, interval_id = _lock(member_id, now)
    before = db.session.execute(
        select(PRESENCE.c.lesson_id, PRESENCE.c.last_beat_at).where(
            PRESENCE.c.member_id == member_id, PRESENCE.c.tab == tab
        )
    ).one_or_none()
    known = before is not None and before.lesson_id == lesson_id
    since = before.last_beat_at if known else now  # type: ignore[union-attr]
    present, start, end = credited(since, until, now)
    seconds = whole_seconds(since, since + present)
    if end > start:
        interval_id = _extend(member_id, interval_id, lesson_id, course_id, start, end, seconds)
        db.session.execute(
            update(CLOCK).where(CLOCK.c.member_id == member_id).values(credited_until=end, interval_id=interval_id)
        )
        _add_to_days(member_id, course_id, unit_id, start, end)
    _note_presence(member_id, tab, lesson_id, now, seconds)
    return Credit(_milliseconds(end - start) if end > start else 0, today(member_id, now))


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
    found = db.session.scalar(
        select(func.sum(DAY.c.milliseconds)).where(DAY.c.member_id == member_id, DAY.c.day == day)
    )
    return int(found or 0)


def lesson_seconds(member_id: int, lesson_id: int) -> int:
    """Whole seconds credited to a member in a lesson, over all days."""
    rows = db.session.execute(
        select(INTERVAL.c.started_at, INTERVAL.c.ended_at).where(
            INTERVAL.c.member_id == member_id, INTERVAL.c.lesson_id == lesson_id
        )
    )
    return int(sum(((row.ended_at - row.started_at) for row in rows), timedelta(0)).total_seconds())


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


def _lock(member_id: int, now: datetime) -> tuple[datetime, int | None]:
    made = upsert(CLOCK).values(member_id=member_id, credited_until=now)
    held = made.on_conflict_do_update(index_elements=["member_id"], set_={"member_id": CLOCK.c.member_id})
    row = db.session.execute(held.returning(CLOCK.c.credited_until, CLOCK.c.interval_id)).one()
    return row.credited_until, row.interval_id


def _extend(
    member_id: int,
    interval_id: int | None,
    lesson_id: int,
    course_id: int,
    start: datetime,
    end: datetime,
    seconds: int,
) -> int:
    """Lengthen the running interval when it ends where the new time begins; otherwise begin one. Its id.

    `seconds` are those that the page was open, before merging.
    """
    if interval_id is not None:
        running = (
            update(INTERVAL)
            .where(
                INTERVAL.c.member_id == member_id,
                INTERVAL.c.id == interval_id,
                INTERVAL.c.lesson_id == lesson_id,
                INTERVAL.c.ended_at == start,
            )
            .values(ended_at=end, present_seconds=INTERVAL.c.present_seconds + seconds)
        )
        if db.session.execute(running).rowcount:  # type: ignore[attr-defined]
            return interval_id
    fresh = new_id()
    db.session.execute(
        insert(INTERVAL).values(
            member_id=member_id,
            id=fresh,
            lesson_id=lesson_id,
            course_id=course_id,
            started_at=start,
            ended_at=end,
            present_seconds=seconds,
        )
    )
    return fresh


def _add_to_days(member_id: int, course_id: int, unit_id: int, start: datetime, end: datetime) -> None:
    rows: list[dict[str, Any]] = [
        {
            "member_id": member_id,
            "day": day,
            "course_id": course_id,
            "unit_id": unit_id,
            "milliseconds": _milliseconds(piece),
        }
        for day, piece in by_day(start, end)
    ]
    made = upsert(DAY).values(rows)
    db.session.execute(
        made.on_conflict_do_update(
            index_elements=list(DAY.primary_key.columns),
            set_={"milliseconds": DAY.c.milliseconds + made.excluded.milliseconds},
        )
    )


def _note_presence(member_id: int, tab: str, lesson_id: int, now: datetime, seconds: int) -> None:
    made = upsert(PRESENCE).values(
        member_id=member_id, tab=tab, lesson_id=lesson_id, opened_at=now, last_beat_at=now, beats=1, present_seconds=0
    )
    db.session.execute(
        made.on_conflict_do_update(
            index_elements=["member_id", "tab"],
            set_={
                "lesson_id": lesson_id,
                "last_beat_at": now,
                "beats": PRESENCE.c.beats + 1,
                "present_seconds": PRESENCE.c.present_seconds + seconds,
            },
        )
    )


def forget_tabs(before: datetime) -> None:
    """Remove what is kept of tabs that beat last before a moment; nothing that was credited depends on it."""
    db.session.execute(delete(PRESENCE).where(PRESENCE.c.last_beat_at < before))


def _milliseconds(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
