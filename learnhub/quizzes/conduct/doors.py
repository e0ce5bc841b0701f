"""The door of an attempt: what it asks of who opens it, which device holds it, and letting another one in.

An attempt has a door only if its quiz asks for something when it begins; its frozen paper then says so (`"door"`), so
that a save of any other attempt costs no statement more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, select, update

from learnhub.kernel.db import db
from learnhub.kernel.sql import upsert
from learnhub.quizzes.conduct import rules
from learnhub.quizzes.conduct.models import AttemptDoor, QuizConduct
from learnhub.quizzes.models import Attempt, AttemptState

DOOR: Table = AttemptDoor.__table__  # type: ignore[assignment]
TOLD_EVERY = timedelta(minutes=1)
"""A device that knocks on and on is noted so often."""


@dataclass(frozen=True)
class Door:
    """The door of an open attempt as it is now. What was switched off in the quiz meanwhile is asked of nobody."""

    member_id: int
    attempt_id: int
    quiz_id: int
    one_device: bool
    safe_browser: bool
    log_focus: bool
    device: str | None
    refused_at: datetime | None
    token: str
    own_config: bool
    config_keys: tuple[str, ...]
    browser_keys: tuple[str, ...]


def hang(attempt: Attempt, now: datetime) -> None:
    """Give an attempt that begins now the door that its quiz asks for; one that goes on keeps what it has."""
    if attempt.started_at != now or attempt.preview:
        return
    found = rules.of_quiz(attempt.quiz_id)
    if found is None:
        return
    if not (found.one_device or found.safe_browser or found.log_focus):
        return
    made = db.session.scalar(
        upsert(DOOR)
        .values(
            member_id=attempt.member_id,
            attempt_id=attempt.id,
            quiz_id=attempt.quiz_id,
            one_device=found.one_device,
            safe_browser=found.safe_browser,
            log_focus=found.log_focus,
            refused_device="",
        )
        .on_conflict_do_nothing()
        .returning(DOOR.c.attempt_id)
    )
    if made is not None:
        attempt.layout = {**attempt.layout, "door": True}
        db.session.flush()


_READ = (
    select(
        Attempt.state,
        AttemptDoor.quiz_id,
        AttemptDoor.one_device,
        AttemptDoor.safe_browser,
        AttemptDoor.log_focus,
        AttemptDoor.device,
        AttemptDoor.refused_at,
        QuizConduct,
    )
    .select_from(Attempt)
    .outerjoin(AttemptDoor, (Attempt.member_id == AttemptDoor.member_id) & (Attempt.id == AttemptDoor.attempt_id))
    .outerjoin(QuizConduct, QuizConduct.quiz_id == AttemptDoor.quiz_id)
    .where(Attempt.member_id == bindparam("member_id"), Attempt.id == bindparam("attempt_id"))
    .execution_options(populate_existing=True)
)
_without: set[int] = set()
"""Attempts that began without a door and never get one: what a process learned so far."""
_MOST_WITHOUT = 100_000


def of_attempt(member_id: int, attempt_id: int) -> Door | None:
    """The door of a member's open attempt; None where it has none. One statement, for no door once in a process."""
    if attempt_id in _without:
        return None
    row: Any = db.session.execute(_READ, {"member_id": member_id, "attempt_id": attempt_id}).one_or_none()
    if row is None or (row.quiz_id is not None and row.state != AttemptState.OPEN):
        return None
    if row.quiz_id is None:
        if len(_without) >= _MOST_WITHOUT:
            _without.clear()
        _without.add(attempt_id)
        return None
    now = row.QuizConduct
    return Door(
        member_id,
        attempt_id,
        row.quiz_id,
        row.one_device and now.one_device,
        row.safe_browser and now.safe_browser,
        row.log_focus and now.log_focus,
        row.device,
        row.refused_at,
        now.token,
        now.own_config,
        tuple(now.config_keys),
        tuple(now.browser_keys),
    )


def take(door: Door, device: str, now: datetime) -> bool:
    """The first device to open the attempt holds it; says whether it is this one. Of two at once one comes first."""
    mine = (DOOR.c.member_id == door.member_id, DOOR.c.attempt_id == door.attempt_id)
    taking = update(DOOR).where(*mine, DOOR.c.device.is_(None)).values(device=device, taken_at=now, refused_at=None)
    db.session.execute(taking)
    return db.session.scalar(select(DOOR.c.device).where(*mine)) == device


def refuse(door: Door, says: str, now: datetime) -> bool:
    """Note that another device was refused; `says` is what it calls itself. False when that was noted just now."""
    noted = db.session.execute(
        update(DOOR)
        .where(
            DOOR.c.member_id == door.member_id,
            DOOR.c.attempt_id == door.attempt_id,
            DOOR.c.refused_at.is_(None) | (DOOR.c.refused_at < now - TOLD_EVERY),
        )
        .values(refused_at=now, refused_device=says[:255])
        .returning(DOOR.c.attempt_id)
    )
    return noted.one_or_none() is not None


def release(attempt: Attempt) -> bool:
    """Let the next device that opens the attempt hold it; False when none held it."""
    freed = db.session.execute(
        update(DOOR)
        .where(DOOR.c.member_id == attempt.member_id, DOOR.c.attempt_id == attempt.id, DOOR.c.device.is_not(None))
        .values(device=None, taken_at=None, refused_at=None, refused_device="")
        .returning(DOOR.c.attempt_id)
    )
    return freed.one_or_none() is not None


def of_attempts(attempt_ids: Iterable[int]) -> dict[int, AttemptDoor]:
    """The doors of open attempts that a device holds, by attempt; one statement."""
    query = select(AttemptDoor).where(AttemptDoor.attempt_id.in_(list(attempt_ids)), AttemptDoor.one_device)
    return {one.attempt_id: one for one in db.session.scalars(query)}
