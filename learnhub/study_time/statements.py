"""The statements of a beat, built once for each engine: beats are a hot path."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, func, insert, select, update

from learnhub.kernel.sql import is_sqlite, upsert
from learnhub.study_time.models import StudyClock, StudyDay, StudyInterval, StudyPresence

CLOCK: Table = StudyClock.__table__  # type: ignore[assignment]
PRESENCE: Table = StudyPresence.__table__  # type: ignore[assignment]
INTERVAL: Table = StudyInterval.__table__  # type: ignore[assignment]
DAY: Table = StudyDay.__table__  # type: ignore[assignment]


class Statements(NamedTuple):
    """What a beat executes. Values are named as their columns, what is looked for begins with `b_`."""

    lock: Any
    """Holds the member's clock, made if need be; gives `credited_until` and `interval_id`."""
    presence: Any
    """Takes `b_member` and `b_tab`; gives lesson and time of the tab's last beat."""
    extend: Any
    """Takes `b_member`, `b_id`, `b_lesson`, `b_start`, `b_seconds` and the new `ended_at`."""
    begin: Any
    """Takes the columns of an interval."""
    advance: Any
    """Takes `b_member`, `credited_until` and `interval_id`."""
    add_to_day: Any
    """Takes the columns of a day; its milliseconds are added."""
    note: Any
    """Takes the columns of a tab; its beats and seconds are added."""
    today: Any
    """Takes `b_member` and `b_day`; gives the milliseconds of the day."""
    lesson: Any
    """Takes `b_member` and `b_lesson`; gives begin and end of each interval."""


def statements() -> Statements:
    """The statements for the current engine."""
    return _built(is_sqlite())


@functools.cache
def _built(_sqlite: bool) -> Statements:
    return Statements(
        lock=_lock(),
        presence=select(PRESENCE.c.lesson_id, PRESENCE.c.last_beat_at).where(
            PRESENCE.c.member_id == bindparam("b_member"), PRESENCE.c.tab == bindparam("b_tab")
        ),
        extend=update(INTERVAL)
        .where(
            INTERVAL.c.member_id == bindparam("b_member"),
            INTERVAL.c.id == bindparam("b_id"),
            INTERVAL.c.lesson_id == bindparam("b_lesson"),
            INTERVAL.c.ended_at == bindparam("b_start"),
        )
        .values(ended_at=bindparam("ended_at"), present_seconds=INTERVAL.c.present_seconds + bindparam("b_seconds")),
        begin=insert(INTERVAL),
        advance=update(CLOCK)
        .where(CLOCK.c.member_id == bindparam("b_member"))
        .values(credited_until=bindparam("credited_until"), interval_id=bindparam("interval_id")),
        add_to_day=_add_to_day(),
        note=_note(),
        today=select(func.sum(DAY.c.milliseconds)).where(
            DAY.c.member_id == bindparam("b_member"), DAY.c.day == bindparam("b_day")
        ),
        lesson=select(INTERVAL.c.started_at, INTERVAL.c.ended_at).where(
            INTERVAL.c.member_id == bindparam("b_member"), INTERVAL.c.lesson_id == bindparam("b_lesson")
        ),
    )


def _lock() -> Any:
    made = upsert(CLOCK).values(member_id=bindparam("member_id"), credited_until=bindparam("credited_until"))
    held = made.on_conflict_do_update(index_elements=["member_id"], set_={"member_id": CLOCK.c.member_id})
    return held.returning(CLOCK.c.credited_until, CLOCK.c.interval_id)


def _add_to_day() -> Any:
    made = upsert(DAY).values({column.name: bindparam(column.name) for column in DAY.columns})
    return made.on_conflict_do_update(
        index_elements=list(DAY.primary_key.columns),
        set_={"milliseconds": DAY.c.milliseconds + made.excluded.milliseconds},
    )


def _note() -> Any:
    made = upsert(PRESENCE).values({column.name: bindparam(column.name) for column in PRESENCE.columns})
    return made.on_conflict_do_update(
        index_elements=["member_id", "tab"],
        set_={
            "lesson_id": made.excluded.lesson_id,
            "last_beat_at": made.excluded.last_beat_at,
            "beats": PRESENCE.c.beats + 1,
            "present_seconds": PRESENCE.c.present_seconds + made.excluded.present_seconds,
        },
    )
