"""The demo's member base and posts: what is recorded, what waits for the secretary, and a search that is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from learnhub.audit.trail import Actor
from learnhub.demo.people import People
from learnhub.identity.models import Member
from learnhub.journeys import leave_organisation
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import kinds, terms
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.profile import fields, records
from learnhub.organisations.profile.models import Kind
from learnhub.organisations.scope import scope_of
from learnhub.organisations.search import criteria, saved

POSTS = ("书记", "组织委员", "宣传委员")
SCHOOLING = ("大专", "本科", "硕士", "博士")
PHONE = "13900001234"
"""What a member of the first branch asks the secretary to write down."""


def arrange(people: People, now: datetime) -> None:
    """Posts with terms in two branches, a field of the organisation's own, a change that waits, a kept search."""
    administrator = Actor(people.administrator)
    kinds.write(administrator, "branch", {"zh": "支部", "en": "branch"}, (), POSTS, now)
    first, second, third = people.branches[:3]
    _elect(people, first, POSTS, 180, now)
    _elect(people, second, POSTS[:2], 720, now)
    _describe(_of(people, first)[:6], administrator, now)
    _ask(_of(people, first)[4], now)
    _keep_a_search(people, first, now)
    pensioner = _of(people, third)[-1]
    scope = scope_of(people.administrator.id, now)
    leave_organisation.retire(scope, administrator, pensioner, local_date(now, house.zone), "到龄退休", now)


def _of(people: People, unit: Unit) -> list[Member]:
    return [member for member in people.members[:100] if people.unit_of[member.id] == unit.id]


def _elect(people: People, unit: Unit, posts: tuple[str, ...], days: int, now: datetime) -> None:
    """The first of a branch hold its posts for two years, since so many days; rosters and sheets name them too."""
    began = local_date(now, house.zone) - timedelta(days=days)
    for post, member in zip(posts, _of(people, unit), strict=False):
        last_day = began + timedelta(days=2 * 365)
        terms.begin(Actor(people.administrator), unit, post, member, began, now, last_day=last_day, ordinal=3)
        of_member = (Membership.member_id == member.id, Membership.unit_id == unit.id)
        db.session.execute(update(Membership).where(*of_member).values(post=post))


def _describe(members: list[Member], administrator: Actor, now: datetime) -> None:
    label = {"zh_Hans": "学历", "en": "Education"}
    schooling = fields.add(administrator, label, now, kind=Kind.CHOICE, choices=SCHOOLING)
    for n, member in enumerate(members):
        value = SCHOOLING[n % len(SCHOOLING)]
        records.write(member, schooling, value, now, made_by=administrator.id, source="roster")


def _ask(member: Member, now: datetime) -> None:
    phone = next(one for one in fields.standing() if one.key == "phone")
    records.propose(scope_of(member.id, now), Actor(member), member, phone, PHONE)


def _keep_a_search(people: People, unit: Unit, now: datetime) -> None:
    by_key = {one.key: one for one in criteria.BUILT_IN}
    asked = [
        criteria.Condition(by_key["seen"], criteria.Operator.NEVER, ""),
        criteria.Condition(by_key["phone"], criteria.Operator.MISSING, ""),
    ]
    secretary = Actor(people.secretaries[0])
    saved.keep(secretary, unit, "从未登录且缺手机号", asked, now, any_of=False, shared=True)
