"""Work in a queue: leased by whoever does it, tried again when that one died, given up after a few tries."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import String, and_, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.kernel.db import Json, db, single, unit_of_work
from learnhub.kernel.errors import DomainError
from learnhub.kernel.sql import is_sqlite
from learnhub.kernel.words import Message

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
MOST_TRIES = 3

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


class Leased:
    """The columns of a row that stands for work: where it stands, how far it is, who holds it until when."""

    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)


def run_next(model: Any, carry_out: Callable[[int], None], failed: Message, now: datetime) -> bool:
    """Do the next work that waits, or that whose worker died; False when there is none.

    It commits by itself: the lease first. `carry_out` takes the id and commits what it does; `failed` is said of work
    that went wrong without a reason for people.
    """
    with unit_of_work():
        _give_up(model, failed, now)
        work_id = lease(model, now)
    if work_id is None:
        return False
    try:
        carry_out(work_id)
    except Exception as error:
        if not isinstance(error, DomainError):
            log.exception("work failed", table=model.__tablename__, work=work_id)
        with unit_of_work():
            _note_failure(db.session.get_one(model, work_id, populate_existing=True), error, failed)
    return True


def _give_up(model: Any, failed: Message, now: datetime) -> None:
    """Work whose workers all died has failed: whoever waits for it should know."""
    db.session.execute(
        update(model)
        .where(model.state == RUNNING, model.leased_until < now, model.tries >= MOST_TRIES)
        .values(state=FAILED, error=failed.to_json())
        .execution_options(synchronize_session=False)
    )


def lease(model: Any, now: datetime) -> int | None:
    """Take the oldest work that is free; None when there is none. Two who ask at once never get the same."""
    free = or_(model.state == WAITING, and_(model.state == RUNNING, model.leased_until < now))
    next_one = select(model.id).where(free, model.tries < MOST_TRIES).order_by(model.id).limit(1)
    if not is_sqlite():
        next_one = next_one.with_for_update(skip_locked=True)
    found: int | None = db.session.scalar(
        update(model)
        .where(model.id == next_one.scalar_subquery())
        .values(state=RUNNING, leased_until=now + LEASE, tries=model.tries + 1, done=0)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return found


def release(model: Any, now: datetime) -> None:
    """Free what a worker left that died: for whoever takes over as the only worker. The next one does it again."""
    db.session.execute(
        update(model)
        .where(model.state == RUNNING)
        .values(leased_until=now - timedelta(microseconds=1))
        .execution_options(synchronize_session=False)
    )


class Noted(Protocol):
    """Takes how far a work is, and of how much when that is known by now."""

    def __call__(self, done: int, total: int | None = None) -> None: ...


def progress(model: Any, work_id: int, now: datetime) -> Noted:
    """Notes how far a work is, through a connection of its own, and holds the lease while it grows.

    On SQLite it waits for whoever writes: a worker that writes itself must not call it.
    """
    began = time.monotonic()

    def note(done: int, total: int | None = None) -> None:
        values = {"done": done, "leased_until": now + timedelta(seconds=time.monotonic() - began) + LEASE}
        if total is not None:
            values["total"] = total
        with single() as connection:
            connection.execute(update(model).where(model.id == work_id).values(values))

    return note


def _note_failure(work: Any, error: Exception, failed: Message) -> None:
    final = isinstance(error, DomainError) or work.tries >= MOST_TRIES
    reason = error.message if isinstance(error, DomainError) else failed
    work.state = FAILED if final else WAITING
    work.error = reason.to_json() if isinstance(reason, Message) else {"text": str(reason)}
