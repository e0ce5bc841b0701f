"""Units in reach and their members; adding one."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field
from sqlalchemy import select, tuple_

from learnhub.identity.models import Member
from learnhub.journeys import join_organisation
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import units
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.api.blueprint import Body, api, documented
from learnhub.web.api.paging import Page, cursor_of, key_like
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires


class UnitAnswer(BaseModel):
    """A unit; `parent` is the code of the one above, when it is in reach."""

    id: str
    code: str
    name: str
    kind: str
    parent: str | None


class UnitList(BaseModel):
    """A page of units."""

    items: list[UnitAnswer]
    next_cursor: str | None


class MemberAnswer(BaseModel):
    """A member of a unit."""

    id: str
    number: str
    name: str
    unit: str
    post: str
    primary: bool
    starts_on: date


class MemberList(BaseModel):
    """A page of members."""

    items: list[MemberAnswer]
    next_cursor: str | None


class NewMember(Body):
    """Who joins the unit, and from which day on (today without one)."""

    number: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=120)
    sign_in_name: str | None = Field(None, max_length=64)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=32)
    post: str = Field("", max_length=80)
    password: str | None = Field(None, max_length=256)
    starts_on: date | None = None


@api.get("/units")
@documented(tag="units", answer=UnitList, query=Page)
@requires(Permission.SEE_MEMBERS)
def list_units(query: Page) -> UnitList:
    """The units in my reach, by code."""
    wanted = select(Unit).where(Unit.id.in_(scope().unit_ids(Permission.SEE_MEMBERS)))
    after = key_like(query.cursor, str)
    if after:
        wanted = wanted.where(Unit.code > after[0])
    found = list(db.session.scalars(wanted.order_by(Unit.code).limit(query.limit + 1)))
    above = {unit.parent_id for unit in found if unit.parent_id}
    reach = select(Unit.id, Unit.code).where(Unit.id.in_(above), Unit.id.in_(scope().unit_ids(Permission.SEE_MEMBERS)))
    codes = {unit_id: code for unit_id, code in db.session.execute(reach)}
    page = found[: query.limit]
    return UnitList(
        items=[
            UnitAnswer(
                id=str(unit.id),
                code=unit.code,
                name=unit.name,
                kind=unit.kind,
                parent=codes.get(unit.parent_id) if unit.parent_id else None,
            )
            for unit in page
        ],
        next_cursor=cursor_of(page[-1].code) if len(found) > len(page) else None,
    )


@api.get("/units/<code>/members")
@documented(tag="units", answer=MemberList, query=Page)
@requires(Permission.SEE_MEMBERS)
def list_members(code: str, query: Page) -> MemberList:
    """Who belongs to a unit and all below it today, by number."""
    unit = scope().unit(Permission.SEE_MEMBERS, code)
    wanted = (
        select(Member, Unit.code, Membership)
        .join(Membership, Membership.member_id == Member.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.unit_id.in_(units.below(unit.id)), holds_on(local_date(arrived(), house.zone)))
    )
    after = key_like(query.cursor, str, int)
    if after:
        wanted = wanted.where(tuple_(Member.number, Membership.id) > tuple(after))
    rows = db.session.execute(wanted.order_by(Member.number, Membership.id).limit(query.limit + 1)).all()
    page = rows[: query.limit]
    return MemberList(
        items=[_member(member, home, membership) for member, home, membership in page],
        next_cursor=cursor_of(page[-1][0].number, page[-1][2].id) if len(rows) > len(page) else None,
    )


@api.post("/units/<code>/members")
@documented(tag="units", body=NewMember, answer=MemberAnswer, status=201)
@requires(Permission.MANAGE_MEMBERS)
def add_member(code: str, body: NewMember) -> MemberAnswer:
    """Add a new member to a unit."""
    unit = scope().unit(Permission.MANAGE_MEMBERS, code)
    member = join_organisation.join(
        actor(),
        unit,
        body.number,
        body.name,
        arrived(),
        password=body.password,
        sign_in_name=body.sign_in_name,
        email=body.email,
        phone=body.phone,
        post=body.post,
        starts_on=body.starts_on,
    )
    membership = db.session.scalars(select(Membership).where(Membership.member_id == member.id)).one()
    return _member(member, unit.code, membership)


def _member(member: Member, unit: str, membership: Membership) -> MemberAnswer:
    return MemberAnswer(
        id=str(member.id),
        number=member.number,
        name=member.name,
        unit=unit,
        post=membership.post,
        primary=membership.primary,
        starts_on=membership.starts_on,
    )
