"""A unit and all below it side by side: members, hours and what is owed of each with everything below it.

The number of statements does not grow with units or members: the database sums what belongs to each unit itself, and
the sums are carried up the tree here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from learnhub.identity.models import Member, MemberState, StateChange
from learnhub.kernel.db import db
from learnhub.organisations import units
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, RoleGrant, Unit
from learnhub.organisations.permissions import Role
from learnhub.study_time.models import StudyDay
from learnhub.transcripts import credit, gathering
from learnhub.transcripts.spans import Span


@dataclass
class Sums:
    """Of a unit with all below it: members, their hours, and of those who owe hours what they did and owe."""

    members: int = 0
    hours: Fraction = credit.NONE
    done: Fraction = credit.NONE
    owed: Fraction = credit.NONE

    @property
    def per_head(self) -> Fraction | None:
        """Hours for each member; None without members."""
        return self.hours / self.members if self.members else None

    @property
    def completion(self) -> Fraction | None:
        """Hours in percent of what is owed; None where nothing is."""
        return self.done / self.owed * 100 if self.owed else None

    def add(self, other: Sums) -> None:
        """Take in the sums of a unit below."""
        self.members += other.members
        self.hours += other.hours
        self.done += other.done
        self.owed += other.owed


def of_branch(unit: Unit, span: Span) -> dict[int, Sums]:
    """The sums of a unit and of each below it today, of who primarily belongs there on the reference day."""
    rows = db.session.execute(select(Unit.id, Unit.parent_id).where(Unit.id.in_(units.below(unit.id))))
    parents: dict[int, int | None] = {unit_id: parent_id for unit_id, parent_id in rows}
    parents[unit.id] = None
    over = [one.id for one in reversed(units.path(unit.id))]
    chains = {unit_id: [*_up(unit_id, parents), *over[1:]] for unit_id in parents}
    own = _own(unit, span, chains)
    found = {unit_id: Sums() for unit_id in parents}
    for unit_id, sums in own.items():
        for above_id in _up(unit_id, parents):
            found[above_id].add(sums)
    return found


def _up(unit_id: int, parents: dict[int, int | None]) -> list[int]:
    chain, at = [], unit_id if unit_id in parents else None
    while at is not None:
        chain.append(at)
        at = parents[at]
    return chain


def _own(unit: Unit, span: Span, chains: dict[int, list[int]]) -> dict[int, Sums]:
    """The sums of each unit itself."""
    day = span.reference_day
    retired = _retired(span)
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for unit_id, is_retired, members in db.session.execute(
        _belonging(select(Membership.unit_id, retired, func.count()), unit, day).group_by(Membership.unit_id, retired)
    ):
        counts[unit_id][bool(is_retired)] += members
    hours = _hours(unit, span, retired)
    owed = _owed(unit, span, chains, {unit_id: active for unit_id, (active, _retired_ones) in counts.items()}, retired)
    made = {}
    for unit_id, (active, gone) in counts.items():
        of_active, of_retired = (hours.get((unit_id, one), credit.NONE) for one in (False, True))
        due = owed.get(unit_id)
        done = of_active if due is not None else credit.NONE
        made[unit_id] = Sums(active + gone, of_active + of_retired, done, due or credit.NONE)
    return made


def _retired(span: Span) -> Any:
    return and_(
        Member.state == MemberState.RETIRED,
        exists().where(
            StateChange.member_id == Member.id,
            StateChange.state == MemberState.RETIRED,
            StateChange.on_day <= span.reference_day,
        ),
    )


def _belonging(query: Any, unit: Unit, day: Any) -> Any:
    """Narrowed to who primarily belongs to the unit or below on a day; test members are left out."""
    return (
        query.select_from(Membership)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.primary,
            holds_on(day),
            Membership.unit_id.in_(units.below(unit.id)),
            Member.test.is_(False),
        )
    )


def _hours(unit: Unit, span: Span, retired: Any) -> dict[tuple[int, bool], Fraction]:
    """The hours of each unit's members, by whether they are retired: one statement for each credit rule."""
    found: dict[tuple[int, bool], Fraction] = defaultdict(Fraction)
    rules = credit.rules(span)
    for number, rule in enumerate(rules):
        first = max(span.first, rule.valid_from)
        after = min(rules[number + 1].valid_from if number + 1 < len(rules) else span.after, span.after)
        query = select(Membership.unit_id, retired, func.sum(StudyDay.milliseconds))
        query = _belonging(query, unit, span.reference_day).join(StudyDay, StudyDay.member_id == Member.id)
        query = query.where(StudyDay.day >= first, StudyDay.day < after).group_by(Membership.unit_id, retired)
        for unit_id, is_retired, milliseconds in db.session.execute(query):
            found[unit_id, bool(is_retired)] += Fraction(int(milliseconds), 60_000 * rule.minutes_per_hour)
    return found


def _owed(
    unit: Unit, span: Span, chains: dict[int, list[int]], active: dict[int, int], retired: Any
) -> dict[int, Fraction]:
    """What the members of each unit owe in sum: all owe a member's hours, who holds a role perhaps more."""
    targets = gathering.targets(span)
    held: dict[tuple[int, int], list[Role]] = defaultdict(list)
    for member_id, unit_id, role in db.session.execute(_grants(unit, span, retired)):
        held[unit_id, member_id].append(Role(role))
    known: dict[tuple[int, Sequence[Role]], Fraction | None] = {}

    def of_one(unit_id: int, roles: tuple[Role, ...]) -> Fraction | None:
        if (unit_id, roles) not in known:
            known[unit_id, roles] = gathering.owed(targets, roles, chains[unit_id], span)
        return known[unit_id, roles]

    with_roles: dict[int, int] = defaultdict(int)
    found: dict[int, Fraction] = {}
    for (unit_id, _member_id), several in held.items():
        with_roles[unit_id] += 1
        due = of_one(unit_id, tuple(sorted(set(several))))
        if due is not None:
            found[unit_id] = found.get(unit_id, credit.NONE) + due
    for unit_id, members in active.items():
        due = of_one(unit_id, ())
        if due is not None and members > with_roles[unit_id]:
            found[unit_id] = found.get(unit_id, credit.NONE) + due * (members - with_roles[unit_id])
    return found


def _grants(unit: Unit, span: Span, retired: Any) -> Any:
    """(member, unit, role) of who belongs to the unit or below, as `gathering.roles` reads them."""
    at = min(span.as_at, span.bounds[1])
    query = _belonging(select(Membership.member_id, Membership.unit_id, RoleGrant.role), unit, span.reference_day)
    return query.join(RoleGrant, RoleGrant.member_id == Member.id).where(
        ~retired,
        RoleGrant.role.in_(list(Role)),
        RoleGrant.delegated_from.is_(None),
        RoleGrant.starts_at <= at,
        or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > at),
    )
