"""Checking the boards: what they show against the plain sum of the ledger's entries, for every period there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, union

from learnhub.boards.ladders import SHOWN, Step, ladder, tree_of
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.periods import Grain, Period, parse_period, period_on
from learnhub.kernel.words import Message, _
from learnhub.organisations.dated_tree import TODAY
from learnhub.organisations.models import Unit
from learnhub.points.ledger import BALANCE, LEDGER, UNIT_BALANCE


def verify_boards(now: datetime) -> dict[str, Any]:
    """Every row of every member board, and the points of every branch, counted again from the entries.

    One period is looked at at a time: memory is bounded by the members and units of a period. Called first in a
    transaction it sees one moment.
    """
    if db.engine.dialect.name != "sqlite" and not db.session().in_transaction():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    broken: list[dict[str, Any]] = []
    keys = _periods()
    tree = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    today = TODAY.above(list(tree))
    boards = 0
    for key in keys:
        try:
            period = parse_period(key)
        except Refused:
            broken.append({"board": "members", "unit": "", "period": key, "reason": _("There is no such period.")})
            continue
        dated = tree_of(period, now)
        above = today if dated is TODAY else dated.above(list(tree))
        boards += _check_period(period, tree, above, now, broken)
    return {"periods": len(keys), "boards": boards, "broken": broken}


def _periods() -> list[str]:
    """All periods that a balance or an entry names."""
    named = set(db.session.scalars(union(select(BALANCE.c.period), select(UNIT_BALANCE.c.period)).subquery().select()))
    for day in db.session.scalars(select(LEDGER.c.day).distinct()):
        named |= {period_on(day, grain).key for grain in Grain}
    return sorted(named)


def _check_period(
    period: Period, tree: dict[int, Unit], above: dict[int, list[int]], now: datetime, broken: list[dict[str, Any]]
) -> int:
    """Compare all boards of a period; how many there were."""
    everybody, by_unit = _naive(period)
    branches: dict[int, Counter[int]] = {}
    for (unit_id, member_id), points in by_unit.items():
        for above_id in above.get(unit_id, [unit_id]):
            branches.setdefault(above_id, Counter())[member_id] += points
    held = set(db.session.scalars(select(UNIT_BALANCE.c.unit_id).where(UNIT_BALANCE.c.period == period.key).distinct()))
    held_above = {above_id for unit_id in held for above_id in above.get(unit_id, [])}
    wanted: list[tuple[Unit | None, Counter[int]]] = [(None, everybody)]
    wanted += [(tree[unit_id], branches.get(unit_id, Counter())) for unit_id in sorted(branches.keys() | held_above)]
    for unit, sums in wanted:
        for number, reason in _differences(ladder(period, unit, now).all(), sums):
            broken.append(
                {
                    "board": "members",
                    "unit": unit.code if unit else "",
                    "period": period.key,
                    "member": number,
                    "reason": reason,
                }
            )
    return len(wanted)


def _naive(period: Period) -> tuple[Counter[int], dict[tuple[int, int], int]]:
    """The sums of entries of a period by member, and by unit and member, as the members shown have them."""
    where = [SHOWN]
    if period.first is not None and period.after is not None:
        where += [LEDGER.c.day >= period.first, LEDGER.c.day < period.after]
    query: Select[Any] = (
        select(LEDGER.c.unit_id, LEDGER.c.member_id, func.sum(LEDGER.c.points))
        .join(Member, Member.id == LEDGER.c.member_id)
        .where(*where)
        .group_by(LEDGER.c.unit_id, LEDGER.c.member_id)
    )
    everybody: Counter[int] = Counter()
    by_unit: dict[tuple[int, int], int] = {}
    for unit_id, member_id, points in db.session.execute(query):
        by_unit[unit_id, member_id] = int(points)
        everybody[member_id] += int(points)
    return everybody, by_unit


def _differences(steps: Iterable[Step], points: Counter[int]) -> list[tuple[str, Message]]:
    """Where a board and the sums differ: (member's number, reason)."""
    found: list[tuple[str, Message]] = []
    seen: set[int] = set()
    for rank, step in _ranks(steps):
        seen.add(step.member_id)
        expected = points.get(step.member_id)
        if expected != step.points:
            found.append(
                (
                    step.number,
                    _("The board says %(shown)s; the entries add up to %(sum)s.", shown=step.points, sum=expected or 0),
                )
            )
        elif rank != step.rank:
            found.append((step.number, _("The rank is %(rank)s, not %(shown)s.", rank=rank, shown=step.rank)))
    for member_id in sorted(points.keys() - seen):
        number = db.session.scalar(select(Member.number).where(Member.id == member_id)) or str(member_id)
        found.append((number, _("The member is missing; the entries add up to %(sum)s.", sum=points[member_id])))
    return found


def _ranks(steps: Iterable[Step]) -> Iterable[tuple[int, Step]]:
    """Steps with the rank that their order gives them: 1, 1, 3."""
    rank, before = 0, None
    for position, step in enumerate(steps, 1):
        if before is None or step.points != before.points:
            rank = position
        before = step
        yield rank, step
