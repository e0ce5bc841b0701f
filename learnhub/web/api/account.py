"""Tokens and who I am."""

from __future__ import annotations

from datetime import timedelta

from flask import Response
from pydantic import BaseModel, Field

from learnhub.audit.trail import Actor, record
from learnhub.identity import passwords, sessions, tokens
from learnhub.identity.models import Member
from learnhub.kernel.clock import iso
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.words import _
from learnhub.organisations import memberships
from learnhub.organisations.models import Unit
from learnhub.web.api.blueprint import Body, api, documented
from learnhub.web.context import address, arrived, me, scope
from learnhub.web.errors import problem
from learnhub.web.guards import public, signed_in
from learnhub.web.limits import limiter


class TokenRequest(Body):
    """Name and password, and what the token is for."""

    name: str = Field(max_length=64)
    password: str = Field(max_length=1024)
    label: str = Field("api", max_length=120)
    scopes: list[str] = ["read", "write"]
    expires_in_days: int = Field(90, ge=1, le=366)


class TokenAnswer(BaseModel):
    """The token's text, shown this once."""

    id: str
    token: str
    scopes: list[str]
    expires_at: str


class RoleHeld(BaseModel):
    """A role and the unit it was granted on."""

    role: str
    unit: str


class Me(BaseModel):
    """The member whose token or session this is."""

    id: str
    number: str
    name: str
    sign_in_name: str
    email: str | None
    locale: str | None
    unit: str | None
    roles: list[RoleHeld]


@api.post("/tokens")
@documented(tag="account", body=TokenRequest, answer=TokenAnswer, status=201)
@public
@limiter.limit("30/minute")
def make_token(body: TokenRequest) -> tuple[TokenAnswer, int] | Response:
    """Make a personal access token from name and password."""
    now, where = arrived(), address()
    account = sessions.account(body.name.strip(), where, now)
    if account.wait:
        seconds = int(account.wait.total_seconds()) + 1
        response = problem(429, _("Too many wrong passwords. Try again in %(n)s seconds.", n=seconds))
        response.headers["Retry-After"] = str(seconds)
        return response
    if not passwords.matches(account.password_hash, body.password) or account.member_id is None:
        with unit_of_work():
            sessions.note_failure(body.name.strip(), where, now)
            record(Actor(None, where), "sign_in.refused", "sign_in_name", body.name, now)
        return problem(401, _("The name or the password is wrong."))
    member = db.session.get_one(Member, account.member_id)
    token, text = tokens.make(member, body.label, body.scopes, body.expires_in_days, now)
    record(Actor(member, where), "token.made", "member", member.id, now, token=str(token.id), scopes=token.scopes)
    expires = iso(now + timedelta(days=body.expires_in_days))
    return TokenAnswer(id=str(token.id), token=text, scopes=token.scopes, expires_at=expires), 201


@api.get("/me")
@documented(tag="account", answer=Me)
@signed_in
def who_am_i() -> Me:
    """Who I am, where I belong and which roles I hold."""
    member, now = me(), arrived()
    unit_id = memberships.primary_unit_id(member.id, now)
    ids = {held.unit_id for held in scope().grants} | ({unit_id} if unit_id else set())
    codes = {unit.id: unit.code for unit in db.session.query(Unit).where(Unit.id.in_(ids))}
    return Me(
        id=str(member.id),
        number=member.number,
        name=member.name,
        sign_in_name=member.sign_in_name,
        email=member.email,
        locale=member.locale,
        unit=codes.get(unit_id) if unit_id else None,
        roles=[RoleHeld(role=held.role, unit=codes[held.unit_id]) for held in scope().grants],
    )
