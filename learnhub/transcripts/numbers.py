"""The one source of a member's numbers: page, sheet, PDF and API all print these lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import and_, func, or_, select

from learnhub.identity.models import CLOSED_STATES, Member, MemberState
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import Message, _
from learnhub.organisations.dated_tree import Tree, tree_on
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import ROLE_NAMES, Role
from learnhub.transcripts import credit, gathering
from learnhub.transcripts.spans import Span

CHUNK = 1_000
"""Members for which the records are read at once: memory does not grow with the sheet."""
HALF = 50
"""Percent of the hours owed below which a member is behind."""


@dataclass(frozen=True)
class Line:
    """One member in a span. Fractions are exact; `columns.shown` rounds them, once for everybody who prints them."""

    position: int
    member_id: int
    number: str
    name: str
    unit_id: int | None
    unit_code: str
    unit_name: str
    post: str
    roles: tuple[Role, ...]
    owed: Fraction | None
    """Hours; None where no target is set."""
    online: Fraction
    courses: int
    attempts: int
    best: Fraction | None
    mean: Fraction | None
    pass_rate: Fraction | None
    """Percent, as are `best` and `mean`."""
    points: int
    rank: int | None
    remarks: tuple[Message, ...]
    meetings: Fraction = credit.NONE
    claims: Fraction = credit.NONE
    """Hours of meetings and of approved claims: no such records are kept yet."""

    @cached_property
    def hours(self) -> Fraction:
        """Hours from all sources."""
        return sum((one for one in (self.meetings, self.claims) if one), self.online)

    @cached_property
    def completion(self) -> Fraction | None:
        """Hours in percent of what is owed; more than 100 is possible."""
        return self.hours / self.owed * 100 if self.owed else None

    @property
    def behind(self) -> bool:
        """Whether less than half of what is owed was done."""
        return self.completion is not None and self.completion < HALF

    @property
    def capacity(self) -> Message | str:
        """The post in the unit, else the highest role."""
        return self.post or ROLE_NAMES[self.roles[0] if self.roles else Role.MEMBER]


def count(unit: Unit, span: Span) -> int:
    """How many lines the sheet of a unit has."""
    tree = tree_on(span.reference_day)
    return int(db.session.scalar(_people(span, unit, tree).with_only_columns(func.count())) or 0)


def sheet(unit: Unit, span: Span, *, after: tuple[str, str] | None = None, limit: int | None = None) -> Iterator[Line]:
    """The members of a unit and all below it, by unit and number: those who belonged to it on the reference day.

    Streams: a fixed number of statements for each chunk of members. `after` is the (unit code, number) of the last
    line of the page before; positions then count from 1 again.
    """
    tree, targets, rules = tree_on(span.reference_day), gathering.targets(span), credit.rules(span)
    position, left = 0, limit
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        people = db.session.execute(_after(_people(span, unit, tree), after).limit(size)).all()
        yield from _lines(people, span, tree, targets, rules, position)
        position += len(people)
        left = None if left is None else left - len(people)
        if len(people) < size:
            return
        after = (people[-1].unit_code, people[-1].number)


ORDERS: dict[str, tuple[Any, ...]] = {
    "unit": (Unit.code, Member.number),
    "number": (Member.number,),
    "name": (Member.name, Member.number),
}
"""What a page can be ordered by in the database: what a line is made of, not what is computed for it."""


def page(unit: Unit, span: Span, *, order: str, down: bool, before: int, limit: int) -> list[Line]:
    """A page of the sheet by one of ORDERS, however long the sheet: a fixed number of statements."""
    first, *others = ORDERS[order]
    tree = tree_on(span.reference_day)
    query = _people(span, unit, tree).order_by(first.desc() if down else first, *others).offset(before).limit(limit)
    people = db.session.execute(query).all()
    return list(_lines(people, span, tree, gathering.targets(span), credit.rules(span), before))


def behind(unit: Unit, span: Span) -> list[Line]:
    """The members of a unit and all below it who are behind, furthest first."""
    late = (line for line in sheet(unit, span) if line.behind)
    return sorted(late, key=lambda line: (line.completion or credit.NONE, line.number))


def of_member(member_id: int, span: Span, held_back: Collection[int] = ()) -> Line:
    """One member's line: the same numbers as on the sheet of their unit. NotFound when there is no such member.

    On what the member reads, the marks of the attempts that are `held_back` (by id) do not count yet.
    """
    return next(iter(of_members([member_id], span, held_back)), None) or _nobody()


def of_members(member_ids: Sequence[int], span: Span, held_back: Collection[int] = ()) -> list[Line]:
    """The lines of these members, by unit and number, wherever they belong."""
    tree = tree_on(span.reference_day)
    query = _people(span, None, tree).where(Member.id.in_(member_ids))
    people = db.session.execute(_after(query, None)).all()
    return list(_lines(people, span, tree, gathering.targets(span), credit.rules(span), 0, held_back))


def _nobody() -> Line:
    raise NotFound(_("There is no such member in your reach."))


def _people(span: Span, unit: Unit | None, tree: Tree) -> Any:
    """Members with the primary membership of the reference day; of a unit and all below it on that day, if given."""
    columns = select(
        Member.id,
        Member.number,
        Member.name,
        Member.state,
        func.coalesce(Unit.id, 0).label("unit_id"),
        func.coalesce(Unit.code, "").label("unit_code"),
        func.coalesce(Unit.name, "").label("unit_name"),
        func.coalesce(Membership.post, "").label("post"),
        Membership.starts_on,
    )
    belongs = and_(Membership.member_id == Member.id, Membership.primary, holds_on(span.reference_day))
    if unit is None:
        return columns.select_from(Member).outerjoin(Membership, belongs).outerjoin(Unit, Unit.id == Membership.unit_id)
    return (
        columns.select_from(Member)
        .join(Membership, belongs)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Unit.id.in_(tree.below(unit.id)), Member.test.is_(False))
    )


def _after(query: Any, key: tuple[str, str] | None) -> Any:
    query = query.order_by(Unit.code, Member.number)
    if key is None:
        return query
    code, number = key
    return query.where(or_(Unit.code > code, and_(Unit.code == code, Member.number > number)))


def _lines(
    people: Sequence[Any],
    span: Span,
    tree: Tree,
    targets: gathering.Targets,
    rules: list[credit.Rule],
    before: int,
    held_back: Collection[int] = (),
) -> Iterator[Line]:
    if not people:
        return
    ids = [person.id for person in people]
    unit_ids = sorted({person.unit_id for person in people} - {0})
    hours = credit.totals(ids, span, rules)
    marks = gathering.marks(ids, span, held_back)
    courses = gathering.courses_completed(ids, span)
    points = gathering.points(ids, span)
    ranks = gathering.ranks(ids, unit_ids, span, tree)
    roles = gathering.roles(ids, span)
    above = tree.above(unit_ids)
    moved = gathering.came_from(ids, span)
    retired = gathering.retired([one.id for one in people if one.state != MemberState.ACTIVE], span.reference_day)
    owed: dict[tuple[int, tuple[Role, ...]], Fraction | None] = {}
    for position, person in enumerate(people, before + 1):
        held = tuple(roles.get(person.id, ()))
        target = (person.unit_id, held)
        if target not in owed:
            owed[target] = gathering.owed(targets, held, above.get(person.unit_id, []), span)
        quiz = marks.get(person.id) or gathering.Marks()
        yield Line(
            position=position,
            member_id=person.id,
            number=person.number,
            name=person.name,
            unit_id=person.unit_id or None,
            unit_code=person.unit_code,
            unit_name=person.unit_name,
            post=person.post,
            roles=held,
            owed=None if person.id in retired else owed[target],
            online=hours.get(person.id, credit.NONE),
            courses=courses.get(person.id, 0),
            attempts=quiz.attempts,
            best=quiz.best,
            mean=quiz.mean,
            pass_rate=quiz.pass_rate,
            points=points.get(person.id, 0),
            rank=ranks.get((person.unit_id, person.id)),
            remarks=tuple(_remarks(person, moved.get(person.id), person.id in retired, span)),
        )


def _remarks(person: Any, moved: tuple[str, date] | None, retired: bool, span: Span) -> Iterator[Message]:
    if moved is not None:
        name, day = moved
        yield _("Came from %(unit)s on %(day)s", unit=name, day=day.isoformat())
    elif person.starts_on is not None and person.starts_on > span.first:
        yield _("Joined on %(day)s", day=person.starts_on.isoformat())
    if person.state in CLOSED_STATES:
        yield _("Account closed")
    elif retired:
        yield _("Retired")
