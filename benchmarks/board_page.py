"""A page of a board: the top fifty, one's own row and five neighbours on each side, against a read by key."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from benchmarks.harness import analyse, application, best_of, options, report
from learnhub.boards import standings
from learnhub.identity.models import Member
from learnhub.kernel.db import db, reading
from learnhub.kernel.periods import ALL_TIME
from learnhub.organisations import units
from learnhub.organisations.models import Membership, Unit
from learnhub.points.ledger import BALANCE, UNIT_BALANCE

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PAGES = 40
BRANCH = 50
"""Members of each branch."""


def populate(first: int, count: int, parent: Unit) -> list[int]:
    """Members with points that are often equal, in branches of fifty."""
    chance = random.Random(first)
    ids = [first + n for n in range(count)]
    joined = NOW.date().replace(month=1, day=1)
    for start in range(0, count, 10_000):
        part = ids[start : start + 10_000]
        branches = [
            units.new_unit(f"U{start + first + n}", f"Branch {n}", NOW, parent=parent)
            for n in range(0, len(part), BRANCH)
        ]
        rows: dict[str, list[dict[str, Any]]] = {"member": [], "membership": [], "balance": [], "unit_balance": []}
        for n, member_id in enumerate(part):
            unit_id = branches[n // BRANCH].id
            balance = {"member_id": member_id, "period": "all", "points": int(chance.gauss(400, 150))}
            rows["member"].append(
                {
                    "id": member_id,
                    "number": f"N{member_id}",
                    "sign_in_name": f"n{member_id}",
                    "name": f"Member {n}",
                    "state": "active",
                    "test": False,
                    "created_at": NOW,
                }
            )
            rows["membership"].append(
                {"id": member_id, "member_id": member_id, "unit_id": unit_id, "primary": True, "starts_on": joined}
            )
            rows["balance"].append(balance)
            rows["unit_balance"].append({**balance, "unit_id": unit_id})
        db.session.execute(insert(Member), rows["member"])
        db.session.execute(insert(Membership), rows["membership"])
        db.session.execute(insert(BALANCE), rows["balance"])
        db.session.execute(insert(UNIT_BALANCE), rows["unit_balance"])
        db.session.commit()
    return ids


def page_cost(ids: list[int], unit: Unit | None) -> float:
    """CPU seconds of a page around a member, each page another member's."""
    chosen = random.Random(1).sample(ids, min(PAGES, len(ids)))

    def pages() -> None:
        for member_id in chosen:
            standings.member_board(ALL_TIME, unit, now=NOW, around=member_id)
            db.session.rollback()

    pages()
    return best_of(3, pages) / len(chosen)


def key_cost(ids: list[int]) -> float:
    """CPU seconds of reading one balance by its primary key, in a transaction of its own."""
    chosen = random.Random(2).sample(ids, min(500, len(ids)))
    points = select(BALANCE.c.points)

    def reads() -> None:
        for member_id in chosen:
            db.session.scalar(points.where(BALANCE.c.member_id == member_id, BALANCE.c.period == "all"))
            db.session.rollback()

    reads()
    return best_of(3, reads) / len(chosen)


def main() -> None:
    """Measure at a hundredth of the size, then at the whole."""
    asked = options("board_page", 100_000, 20_000, __doc__ or "")
    with application(asked), reading():
        top = units.new_unit("HQ", "Committee", NOW)
        small = max(asked.size // 100, 100)
        ids = populate(1_000_000, small, top)
        analyse()
        small_cost = page_cost(ids, None)
        ids += populate(1_000_000 + small, asked.size - small, top)
        analyse()
        cost, key = page_cost(ids, None), key_cost(ids)
        report(
            asked,
            ratio=cost / key,
            goal="at most 20, growth under 2",
            baseline="read by primary key",
            cpu_ms_per_page=cost * 1000,
            cpu_ms_per_page_small=small_cost * 1000,
            cpu_ms_per_key_read=key * 1000,
            growth=cost / small_cost,
        )


if __name__ == "__main__":
    main()
