"""SIGKILL in the middle of accepting a roster and of taking it back, every few statements: nothing half-stored."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select

from learnhub.audit.models import AuditEntry, Import
from learnhub.audit.trail import SYSTEM
from learnhub.identity import finding
from learnhub.identity.models import Member
from learnhub.journeys import import_roster, undo_import
from learnhub.kernel.db import db, unit_of_work
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.profile.models import MemberChange
from tests.makers import new_member, small_tree

STEP = 4
"""Statements between two kills."""


def killed(statements: int, work: Callable[[], Any]) -> bool:
    """Do work in a process of its own, which is killed after so many statements; False when it came to its end."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        seen = [0]

        def shoot(*_said: Any) -> None:
            seen[0] += 1
            if seen[0] >= statements:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(db.engine, "after_cursor_execute", shoot)
        try:
            with unit_of_work():
                work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def stored() -> dict[str, Any]:
    """What a roster could leave behind, counted; and whom the index of members finds."""
    db.session.rollback()
    kinds: dict[str, Any] = {
        kind.__tablename__: db.session.scalar(select(func.count()).select_from(kind))
        for kind in (Member, Membership, MemberChange, AuditEntry)
    }
    found = [finding.holds(word, lambda member, text=word: member.name.contains(text)) for word in ("新来", "改了")]
    return {
        **kinds,
        "state": db.session.scalar(select(Import.state)),
        "open": db.session.scalar(select(func.count()).where(Membership.ends_on.is_(None))),
        "found": [db.session.scalar(select(func.count()).where(one)) for one in found],
    }


def until_it_ends(work: Callable[[], Any]) -> int:
    """Kill it later and later; each time nothing of it may be there. Gives how often it was hit."""
    before, hit = stored(), 0
    while killed(1 + STEP * hit, work):
        assert stored() == before, hit
        hit += 1
    assert stored() != before
    return hit


def test_a_roster_that_is_killed_leaves_nothing_and_so_does_taking_it_back(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for n in range(4):
        new_member(tree["B1"], number=f"OLD{n}", name=f"原名{n}")
    rows = [f"新来{n},NEW{n},B1" for n in range(30)] + [f"改了{n},OLD{n},{'B2' if n % 2 else 'B1'}" for n in range(4)]
    data = "\n".join(["姓名,工号,部门", *rows, ""]).encode()
    row_id = import_roster.preview(data, "r.csv", unit=tree["HQ"], actor=SYSTEM, now=now).id
    db.session.commit()
    before = stored()

    def accept() -> None:
        import_roster.accept(db.session.get_one(Import, row_id), SYSTEM, now, although_missing=True)

    assert until_it_ends(accept) > 5
    assert (stored()["member"], stored()["found"]) == (before["member"] + 30, [30, 4])
    assert until_it_ends(lambda: undo_import.undo(row_id, SYSTEM, now)) > 5
    assert (stored()["member"], stored()["open"], stored()["found"]) == (before["member"], before["open"], [0, 0])
    assert (
        db.session.scalar(
            select(Unit.code).join(Membership).join(Member).where(Member.number == "OLD1", Membership.ends_on.is_(None))
        )
        == "B1"
    )
