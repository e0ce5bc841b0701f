"""What members can be found by: a registry of small objects that turn an operator and a value into a condition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from learnhub.identity.models import Member, MemberState, SignInSession
from learnhub.kernel.clock import start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.organisations import belonging
from learnhub.organisations.at_day import AtDay
from learnhub.organisations.models import Membership, RoleGrant, Unit
from learnhub.organisations.permissions import ROLE_NAMES, Role
from learnhub.organisations.profile import fields
from learnhub.organisations.profile.models import INDEXED, Kind, MemberField, MemberValue, SeenBy, indexed
from learnhub.organisations.roles import holds_at

LONGEST_VALUE = INDEXED


class Operator(StrEnum):
    """How a field and a value are compared."""

    CONTAINS = "contains"
    IS = "is"
    IS_NOT = "is_not"
    BEGINS = "begins"
    BELOW = "below"
    BEFORE = "before"
    FROM = "from"
    MISSING = "missing"
    PRESENT = "present"
    NEVER = "never"
    SINCE = "since"
    NOT_SINCE = "not_since"


OPERATORS: dict[Operator, Message] = {
    Operator.CONTAINS: _("contains"),
    Operator.IS: _("is"),
    Operator.IS_NOT: _("is not"),
    Operator.BEGINS: _("begins with"),
    Operator.BELOW: _("is or lies below"),
    Operator.BEFORE: _("before"),
    Operator.FROM: _("on or after"),
    Operator.MISSING: _("is missing"),
    Operator.PRESENT: _("is there"),
    Operator.NEVER: _("never"),
    Operator.SINCE: _("since"),
    Operator.NOT_SINCE: _("not since"),
}
WITHOUT_VALUE = frozenset({Operator.MISSING, Operator.PRESENT, Operator.NEVER})
DAYS = frozenset({Operator.BEFORE, Operator.FROM, Operator.SINCE, Operator.NOT_SINCE})
"""Operators whose value is a day."""
TEXT = (Operator.CONTAINS, Operator.IS, Operator.BEGINS)
KNOWN = (Operator.MISSING, Operator.PRESENT)

Compare = Callable[[Operator, str, AtDay], ColumnElement[bool]]


@dataclass(frozen=True)
class Criterion:
    """A field that can be asked for: its key in addresses, its name, what may be asked, and how that is a condition."""

    key: str
    label: Message | str
    """A message, or the label of a configured field in the reader's language."""
    operators: tuple[Operator, ...]
    compare: Compare
    choices: tuple[tuple[str, Message | str], ...] = ()
    dated: bool = True
    """Whether it can be asked as at a day that is over."""

    def check(self, operator: Operator, value: str) -> str:
        """The value as it is compared. Refused, naming the field, when it can't be."""
        name = self.label
        if operator not in self.operators:
            raise Refused(_("%(field)s can't be compared like this.", field=name))
        value = " ".join(value.split())[:LONGEST_VALUE]
        if operator in WITHOUT_VALUE:
            return ""
        if not value:
            raise Refused(_("%(field)s: enter what it is compared with.", field=name))
        if operator in DAYS and not _is_day(value):
            raise Refused(_("%(field)s: “%(value)s” is not a day.", field=name, value=value))
        if self.choices and value not in dict(self.choices):
            raise Refused(_("%(field)s: choose one of the list.", field=name))
        return value


def _is_day(value: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(value).year < date.max.year
    except ValueError:
        return False


def text_condition(column: Any, operator: Operator, value: str) -> ColumnElement[bool]:
    """How a text is compared: in any case; what is missing neither contains nor is anything."""
    filled = func.coalesce(column, "")
    conditions: dict[Operator, Callable[[], ColumnElement[bool]]] = {
        Operator.CONTAINS: lambda: filled.icontains(value, autoescape=True),
        Operator.BEGINS: lambda: filled.istartswith(value, autoescape=True),
        Operator.IS: lambda: func.lower(filled) == value.lower(),
        Operator.IS_NOT: lambda: func.lower(filled) != value.lower(),
        Operator.MISSING: lambda: filled == "",
        Operator.PRESENT: lambda: filled != "",
    }
    return conditions[operator]()


def _text(column: Any) -> Compare:
    return lambda operator, value, _at: text_condition(column, operator, value)


def _of_member(key: str) -> Compare:
    return lambda operator, value, at: text_condition(at.text(key), operator, value)


def _state(operator: Operator, value: str, at: AtDay) -> ColumnElement[bool]:
    return text_condition(at.state(), operator, value)


def _by_index(key: str) -> Compare:
    """A text that the index of members knows: it says who may hold it, and the text is looked for in these only."""

    def compare(operator: Operator, value: str, at: AtDay) -> ColumnElement[bool]:
        def said(member: Any) -> ColumnElement[bool]:
            return text_condition(at.text(key, member), operator, value)

        return belonging.holds(value, (key,), said, at) if operator in TEXT else said(Member)

    return compare


def _unit(operator: Operator, value: str, at: AtDay) -> ColumnElement[bool]:
    if operator is Operator.IS:
        return Unit.code == value
    above = select(Unit.id).where(Unit.code == value).scalar_subquery()
    return Unit.id.in_(at.tree.below(above))


def _joined(operator: Operator, value: str, _at: AtDay) -> ColumnElement[bool]:
    day = date.fromisoformat(value)
    return Membership.starts_on < day if operator is Operator.BEFORE else Membership.starts_on >= day


def _role(operator: Operator, value: str, at: AtDay) -> ColumnElement[bool]:
    held = Member.id.in_(select(RoleGrant.member_id).where(RoleGrant.role == value, holds_at(at.moment)))
    return held if operator is Operator.IS else ~held


def _seen(operator: Operator, value: str, _at: AtDay) -> ColumnElement[bool]:
    own = SignInSession.member_id == Member.id
    if operator is Operator.NEVER:
        return ~exists().where(own)
    since = exists().where(own, SignInSession.last_seen_at >= start_of_day(date.fromisoformat(value), house.zone))
    return since if operator is Operator.SINCE else ~since


_ROLES = tuple((str(role), ROLE_NAMES[role]) for role in Role if role is not Role.MEMBER)
_STATES = ((str(MemberState.ACTIVE), _("active")), (str(MemberState.RETIRED), _("in retirement")))
BUILT_IN: tuple[Criterion, ...] = (
    Criterion("name", _("Name"), TEXT, _by_index("name")),
    Criterion("number", _("Number"), TEXT, _by_index("number")),
    Criterion("unit", _("Unit (code)"), (Operator.BELOW, Operator.IS), _unit),
    Criterion("post", _("Post"), (*TEXT, *KNOWN), _text(Membership.post)),
    Criterion("joined", _("Belongs to the unit"), (Operator.FROM, Operator.BEFORE), _joined),
    Criterion("role", _("Role"), (Operator.IS, Operator.IS_NOT), _role, _ROLES),
    Criterion("state", _("State"), (Operator.IS, Operator.IS_NOT), _state, _STATES),
    Criterion("seen", _("Signed in"), (Operator.NEVER, Operator.NOT_SINCE, Operator.SINCE), _seen, dated=False),
    Criterion("phone", _("Phone"), (*TEXT, *KNOWN), _by_index("phone")),
    Criterion("email", _("E-mail"), (*TEXT, *KNOWN), _of_member("email")),
)


def asked_for(language: str, *, administrator: bool, past: bool = False) -> list[Criterion]:
    """All that can be asked for: what stands in every organisation, then the fields of the member base.

    As at a day of the past nobody can ask who signed in: only the last time is kept.
    """
    hidden = fields.hidden(administrator=administrator)
    known = [one for one in BUILT_IN if one.key not in hidden and (one.dated or not past)]
    return known + configured(language, administrator=administrator)


def configured(language: str, *, administrator: bool) -> list[Criterion]:
    """The fields of the member base that can be asked for: not the sealed ones, nor those above the asker's rank."""
    wanted = select(MemberField).where(
        MemberField.built_in.is_(False), MemberField.sensitive.is_(False), MemberField.retired_at.is_(None)
    )
    if not administrator:
        wanted = wanted.where(MemberField.seen_by != SeenBy.ADMINISTRATOR)
    return [
        _of_field(field, language)
        for field in db.session.scalars(wanted.order_by(MemberField.position, MemberField.id))
    ]


def _of_field(field: MemberField, language: str) -> Criterion:
    operators: tuple[Operator, ...] = (*TEXT, *KNOWN)
    if field.kind == Kind.DATE:
        operators = (Operator.BEFORE, Operator.FROM, *KNOWN)
    elif field.kind == Kind.CHOICE:
        operators = (Operator.IS, Operator.IS_NOT, *KNOWN)
    elif field.kind in (Kind.NUMBER, Kind.YES_NO):
        operators = (Operator.IS, *KNOWN)
    label = field.label.get(language) or next(iter(field.label.values()), field.key)
    choices = tuple((one, one) for one in field.choices) if field.kind == Kind.CHOICE else ()
    return Criterion(f"field-{field.key}", label, operators, _value_of(field.id), choices)


def _value_of(field_id: int) -> Compare:
    def compare(operator: Operator, value: str, at: AtDay) -> ColumnElement[bool]:
        return _value_then(field_id, operator, value, at) if at.past else _value_now(field_id, operator, value)

    return compare


def _value_then(field_id: int, operator: Operator, value: str, at: AtDay) -> ColumnElement[bool]:
    """What the first change since says, else what is there now."""
    now = select(MemberValue.text).where(MemberValue.member_id == Member.id, MemberValue.field_id == field_id)
    held = func.coalesce(at.before(field_id), now.correlate(Member).scalar_subquery(), "")
    if operator is Operator.BEFORE:
        return and_(held != "", held < value)
    return held >= value if operator is Operator.FROM else text_condition(held, operator, value)


def _value_now(field_id: int, operator: Operator, value: str) -> ColumnElement[bool]:
    """Few values are looked up in their index; what many have, or nobody, is asked of each member."""
    own = and_(MemberValue.member_id == Member.id, MemberValue.field_id == field_id)
    there = func.coalesce(MemberValue.text, "") != ""
    if operator is Operator.PRESENT:
        return exists().where(own, there)
    if operator is Operator.MISSING:
        return ~exists().where(own, there)
    if operator is Operator.IS_NOT:
        return ~exists().where(own, text_condition(MemberValue.text, Operator.IS, value))
    if operator in (Operator.CONTAINS, Operator.BEGINS):
        return exists().where(own, text_condition(MemberValue.text, operator, value))
    words, small = indexed(MemberValue.text), value.lower()
    holding = select(MemberValue.member_id).where(MemberValue.field_id == field_id)
    if operator is Operator.IS:
        return Member.id.in_(holding.where(words == small, text_condition(MemberValue.text, operator, value)))
    return Member.id.in_(
        holding.where(there, words < small) if operator is Operator.BEFORE else holding.where(words >= small)
    )


@dataclass(frozen=True)
class Condition:
    """A criterion with what it is compared with; `value` is checked."""

    criterion: Criterion
    operator: Operator
    value: str

    def sql(self, at: AtDay) -> ColumnElement[bool]:
        """The condition for the database."""
        return self.criterion.compare(self.operator, self.value, at)


def combined(conditions: Sequence[Condition], any_of: bool, at: AtDay) -> list[ColumnElement[bool]]:
    """All of the conditions, or any of them; without one everybody is found."""
    asked = [one.sql(at) for one in conditions]
    return [or_(*asked)] if any_of and asked else asked
