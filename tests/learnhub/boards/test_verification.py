"""Boards are held against the entries of the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from learnhub.boards.verification import verify_boards
from learnhub.identity.models import MemberState
from learnhub.kernel.db import db
from tests.learnhub.boards.earning import earn
from tests.makers import NOW, new_member, small_tree


@pytest.fixture
def organisation(app: Flask, now: datetime) -> None:
    """A tree of units with points on several days, a leaver and a test member."""
    tree = small_tree()
    members = [new_member(tree[code], number=f"N{n}") for n, code in enumerate(("HQ", "B1", "B1a", "B1a", "B2"))]
    for n in range(20):
        earn(members[n % 5], n % 4 - 1, now - timedelta(days=6 * n), f"event {n}")
    members[3].state = MemberState.LEFT
    members[4].test = True
    db.session.commit()


def test_untouched_boards_are_right(organisation: None) -> None:
    report = verify_boards(NOW)
    assert report["broken"] == []
    assert report["periods"] > 20
    assert report["boards"] > report["periods"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE balance SET points = points + 7 WHERE period = '2026-11'", "The board says"),
        ("DELETE FROM balance WHERE period = 'all'", "The member is missing"),
        ("UPDATE unit_balance SET points = 9 WHERE period = '2026-Q4'", "The board says"),
        ("DELETE FROM unit_balance WHERE period = '2026-11-16'", "The member is missing"),
        ("UPDATE balance SET period = 'never' WHERE period = '2026'", "There is no such period."),
    ],
)
def test_a_board_that_was_changed_is_named(organisation: None, change: str, reason: str) -> None:
    db.session.execute(text(change))
    broken = verify_boards(NOW)["broken"]
    assert broken
    assert str(broken[0]["reason"]).startswith(reason) or any(str(one["reason"]).startswith(reason) for one in broken)
    if "2026" in change and "never" not in change:
        assert {one["period"] for one in broken} == {change.rsplit("'", 2)[1]}
