"""Random runs by several writers whose connections are killed in the middle: the books still balance."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

from learnhub.audit.trail import SYSTEM
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.points import balances, chain, events, ledger, rules
from learnhub.points.ledger import LEDGER
from learnhub.points.verification import verify_ledger
from tests.at_once import at_once
from tests.makers import NOW, new_member, new_unit

WRITERS, MEMBERS, CALLS = 6, 3, 25


class Killed(Exception):
    """The process of this writer died: nobody tells the database."""


def act(chance: random.Random, member_id: int, sources: int) -> None:
    """One random call: an event (often one that was delivered before), a gift, a penalty or a reversal."""
    at = NOW - timedelta(days=chance.randrange(40))
    source = f"lesson:{chance.randrange(sources)}"
    kind = chance.random()
    if kind < 0.6:
        events.happened(member_id, "lesson_completed", source, occurred_at=at, now=NOW, reason=_("x"))
    elif kind < 0.9:
        number = chance.randrange(sources)
        ledger.post(
            member_id,
            kind="gift",
            source_id=f"gift:{number}",
            points=number % 7 - 3,
            reason=_("x"),
            occurred_at=NOW - timedelta(days=number),
            now=NOW,
        )
    else:
        mine = select(LEDGER.c.id).where(LEDGER.c.member_id == member_id, LEDGER.c.reverses.is_(None))
        some = db.session.scalar(mine.order_by(LEDGER.c.hash).limit(1))
        if some is not None:
            ledger.reverse(SYSTEM, some, "random", NOW)


@contextmanager
def dying(after: int | None) -> Iterator[None]:
    """Inside, this thread's connection is killed at its statement number `after` (None: never)."""
    left = itertools.count(after if after is not None else -1, -1)

    def count(_state: Any) -> None:
        if next(left) == 0:
            kill_own_connection()

    event.listen(db.session(), "do_orm_execute", count)
    try:
        yield
    finally:
        event.remove(db.session(), "do_orm_execute", count)


def kill_own_connection() -> None:
    """End this writer's connection as a power cut would, with the transaction open."""
    if db.engine.dialect.name == "sqlite":
        db.session.connection().connection.driver_connection.close()  # type: ignore[union-attr]
        db.session().invalidate()
        raise Killed
    db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


@pytest.mark.parametrize("seed", [1, 2])
def test_l04_at_any_moment_every_balance_is_the_sum_of_its_entries(app: Flask, now: datetime, seed: int) -> None:
    rules.ensure_default_rules(now, date(2026, 1, 1))
    unit = new_unit()
    ids = [new_member(unit).id for _n in range(MEMBERS)]
    killed = [0] * WRITERS

    def write(n: int) -> int:
        chance = random.Random(f"{seed} {n}")
        for _call in range(CALLS):
            dies_after = chance.randrange(14) if chance.random() < 0.25 else None
            try:
                with dying(dies_after):
                    act(chance, chance.choice(ids), 12)
                    db.session.commit()
            except Refused:
                db.session.rollback()
            except (Killed, DBAPIError):
                killed[n] += 1
                db.session.rollback()
                db.session.remove()
        return n

    assert at_once(app, write, WRITERS) == list(range(WRITERS))
    assert sum(killed) > WRITERS
    entries = db.session.scalar(select(func.count()).select_from(LEDGER))
    db.session.rollback()
    assert verify_ledger() == {"entries": entries, "members": MEMBERS, "broken": []}
    assert balances.rebuild() == 0
    chain.checkpoint(now)
