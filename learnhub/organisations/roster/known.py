"""What is stored of the people whom a roster names, read by the thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations import roles
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership
from learnhub.organisations.roster.comparing import Known

BATCH = 1000
T = TypeVar("T")


@dataclass
class People:
    """Members by number, the numbers that belong elsewhere, and the sign-in names that others have."""

    known: dict[str, Known] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)


def batches(things: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """The things in order, so many at a time."""
    for at in range(0, len(things), size):
        yield things[at : at + size]


def people(
    numbers: Sequence[str],
    reach: Collection[int] | None,
    today: date,
    now: datetime,
    asker_id: int | None = None,
) -> People:
    """Who is known under these numbers. `reach`: the units that whoever asks manages; None for all.

    Members whose unit (today's, or the last one) lies out of reach are foreign: nothing of them is told. Who holds a
    role that the asker could not give is guarded; the system (no asker) may change everybody.
    """
    found = People()
    for some in batches(numbers):
        _add(found, some, reach, today, now, asker_id)
    return found


def _add(
    found: People,
    numbers: Sequence[str],
    reach: Collection[int] | None,
    today: date,
    now: datetime,
    asker_id: int | None,
) -> None:
    members = db.session.execute(
        select(Member.id, Member.number, Member.name, Member.phone, Member.email, Member.state).where(
            Member.number.in_(numbers)
        )
    ).all()
    ids = [member.id for member in members]
    held = _memberships(ids)
    guarded = roles.holding_more(asker_id, ids, now) if asker_id is not None else set()
    for member in members:
        own = held.get(member.id, [])
        primary = [one for one in own if one.primary]
        current = next((one for one in primary if _holds(one, today)), None)
        last = current or (primary[-1] if primary else None)
        if reach is not None and (last is None or last.unit_id not in reach):
            found.foreign.add(member.number)
            continue
        found.known[member.number] = Known(
            member.id,
            member.number,
            member.name,
            member.phone or "",
            member.email or "",
            current.post if current else "",
            member.state,
            current.unit_id if current else None,
            frozenset(one.unit_id for one in own if _holds(one, today)),
            current.starts_on if current else None,
            any(one.starts_on > today for one in primary),
            member.id in guarded,
            last.ends_on if last and not current else None,
        )
    free = {number.lower(): number for number in numbers if number not in found.known and number not in found.foreign}
    found.taken.update(
        db.session.scalars(select(func.lower(Member.sign_in_name)).where(func.lower(Member.sign_in_name).in_(free)))
    )


def _memberships(member_ids: Iterable[int]) -> dict[int, list[Any]]:
    held: dict[int, list[Any]] = {}
    for one in db.session.execute(
        select(
            Membership.member_id,
            Membership.unit_id,
            Membership.primary,
            Membership.post,
            Membership.starts_on,
            Membership.ends_on,
        )
        .where(Membership.member_id.in_(list(member_ids)))
        .order_by(Membership.starts_on)
    ):
        held.setdefault(one.member_id, []).append(one)
    return held


def _holds(one: Any, day: date) -> bool:
    return bool(one.starts_on <= day and (one.ends_on is None or one.ends_on > day))


def belonging(unit_ids: Iterable[int], today: date) -> list[Known]:
    """Who belongs to these units today by primary membership, test members left out."""
    rows: list[Any] = []
    for some in batches(sorted(unit_ids)):
        rows += db.session.execute(
            select(Member.id, Member.number, Member.name, Member.state, Membership.unit_id, Membership.post)
            .join(Membership, Membership.member_id == Member.id)
            .where(Membership.unit_id.in_(some), Membership.primary, holds_on(today), Member.test.is_(False))
            .order_by(Member.number)
        ).all()
    return [
        Known(row.id, row.number, row.name, "", "", row.post, row.state, row.unit_id, frozenset({row.unit_id}))
        for row in rows
    ]
