"""A member's points by period: reading them, adding them up again from the ledger, and putting them right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from learnhub.kernel import periods
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period
from learnhub.points import ledger
from learnhub.points.ledger import BALANCE, LEDGER, UNIT_BALANCE
from learnhub.points.models import LedgerHead


@dataclass(frozen=True)
class Standing:
    """Points in a period."""

    period: Period
    points: int


def of_member(member_id: int) -> dict[str, int]:
    """All balances of a member by the name of the period."""
    rows = db.session.execute(select(BALANCE.c.period, BALANCE.c.points).where(BALANCE.c.member_id == member_id))
    return {period: points for period, points in rows}


def current(member_id: int, now: datetime) -> list[Standing]:
    """A member's points in the periods of this moment, the shortest first; 0 where nothing was earned."""
    wanted = [periods.period_at(now, grain, house.zone) for grain in Grain]
    return [Standing(*pair) for pair in zip(wanted, in_periods(member_id, wanted), strict=True)]


def in_periods(member_id: int, wanted: Sequence[Period]) -> list[int]:
    """A member's points in each of these periods, by one statement; 0 where nothing was earned."""
    rows = db.session.execute(
        select(BALANCE.c.period, BALANCE.c.points).where(
            BALANCE.c.member_id == member_id, BALANCE.c.period.in_([period.key for period in wanted])
        )
    )
    points = {period: number for period, number in rows}
    return [points.get(period.key, 0) for period in wanted]


class Sums:
    """What entries add up to: by period, and by period and unit."""

    def __init__(self) -> None:
        self.by_period: Counter[str] = Counter()
        self.by_unit: Counter[tuple[str, int]] = Counter()

    def add(self, occurred_at: datetime, unit_id: int, points: int) -> None:
        """Count an entry in all periods of its moment."""
        for key in periods.keys_at(occurred_at, house.zone):
            self.by_period[key] += points
            self.by_unit[key, unit_id] += points


def sums_of(member_id: int) -> Sums:
    """A member's entries, added up."""
    sums = Sums()
    for row in db.session.execute(
        select(LEDGER.c.occurred_at, LEDGER.c.unit_id, LEDGER.c.points).where(LEDGER.c.member_id == member_id)
    ):
        sums.add(*row)
    return sums


def rebuild(member_ids: Iterable[int] | None = None) -> int:
    """Write the balances of members (by default of all who ever earned) anew from their entries; how many differed."""
    if member_ids is None:
        member_ids = db.session.scalars(select(LedgerHead.member_id).order_by(LedgerHead.member_id)).all()
    return sum(_rebuild_one(member_id) for member_id in member_ids)


def _rebuild_one(member_id: int) -> bool:
    ledger.lock(member_id)
    sums = sums_of(member_id)
    by_unit = {
        (period, unit_id): points
        for period, unit_id, points in db.session.execute(
            select(UNIT_BALANCE.c.period, UNIT_BALANCE.c.unit_id, UNIT_BALANCE.c.points).where(
                UNIT_BALANCE.c.member_id == member_id
            )
        )
    }
    if of_member(member_id) == sums.by_period and by_unit == sums.by_unit:
        return False
    for table in (BALANCE, UNIT_BALANCE):
        db.session.execute(delete(table).where(table.c.member_id == member_id))
    if sums.by_period:
        rows = [{"member_id": member_id, "period": key, "points": n} for key, n in sorted(sums.by_period.items())]
        db.session.execute(insert(BALANCE), rows)
        db.session.execute(
            insert(UNIT_BALANCE),
            [
                {"member_id": member_id, "period": key, "unit_id": unit_id, "points": n}
                for (key, unit_id), n in sorted(sums.by_unit.items())
            ],
        )
    return True
