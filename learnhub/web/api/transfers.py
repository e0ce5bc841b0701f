"""Transfers: the list of those in reach; asking for one, agreeing, refusing, withdrawing."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from learnhub.journeys import transfer_member
from learnhub.kernel.clock import iso
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.organisations import transfer_reach, transfers, units
from learnhub.organisations.models import Transfer
from learnhub.organisations.transfer_reach import Line
from learnhub.organisations.transfers import Wanted
from learnhub.web.api.blueprint import Body, api, documented
from learnhub.web.api.paging import Page, cursor_of, key_like
from learnhub.web.context import actor, arrived, me, scope
from learnhub.web.guards import signed_in
from learnhub.web.limits import limiter


class TransferAnswer(BaseModel):
    """A transfer as I see it: without name and old unit while the old unit has not let go of whom I asked for."""

    id: str
    number: str
    name: str | None
    from_unit: str | None
    to_unit: str
    primary: bool
    effective_on: date
    reason: str
    asked_by: str
    asked_at: str
    state: str
    released_at: str | None
    accepted_at: str | None
    closed_at: str | None
    answer: str
    lapse: str | None
    waits_for_me: bool


class TransferList(BaseModel):
    """A page of transfers."""

    items: list[TransferAnswer]
    next_cursor: str | None


class NewTransfer(Body):
    """Who is to move: a member by number (without one, I myself), to which unit and from which day on."""

    number: str | None = Field(None, min_length=1, max_length=64)
    to_unit: str = Field(min_length=1, max_length=160)
    from_unit: str | None = Field(None, max_length=64)
    effective_on: date
    reason: str = Field("", max_length=300)


class Refusal(Body):
    """Why not."""

    reason: str = Field(min_length=1, max_length=300)


@api.get("/transfers")
@documented(tag="transfers", answer=TransferList, query=Page)
@signed_in
def list_transfers(query: Page) -> TransferList:
    """My own transfers and those from or to units whose members I manage, the latest first."""
    after = key_like(query.cursor, int)
    found = transfer_reach.seen(scope(), after=after[0] if after else None, limit=query.limit + 1)
    page = found[: query.limit]
    following = cursor_of(page[-1].transfer.id) if len(found) > len(page) else None
    return TransferList(items=[_answer(one) for one in page], next_cursor=following)


@api.post("/transfers")
@documented(tag="transfers", body=NewTransfer, answer=TransferAnswer, status=201)
@signed_in
@limiter.limit("60/hour")
def ask_for_transfer(body: NewTransfer) -> TransferAnswer:
    """Ask for a transfer: my own, of a member in my reach, or of anybody by number into a unit of mine.

    For a number out of reach the answer is the same whether or not it exists.
    """
    wanted = Wanted(transfers.destination(body.to_unit), body.effective_on, body.reason)
    from_unit = units.unit_by_code(body.from_unit) if body.from_unit else None
    member = me() if body.number is None else transfers.managed(scope(), body.number)
    if member is not None:
        own = body.number is None
        row = transfer_member.ask(scope(), actor(), member, wanted, arrived(), from_unit=from_unit, own_wish=own)
    elif from_unit is None:
        row = transfer_member.ask_from_afar(scope(), actor(), body.number or "", wanted, arrived())
    else:
        raise NotFound(_("There is no such member in your reach."))
    return _of(row)


@api.post("/transfers/<int:transfer_id>/consent")
@documented(tag="transfers", answer=TransferAnswer, errors=(409, 422))
@signed_in
def consent_to_transfer(transfer_id: int) -> TransferAnswer:
    """Agree for the side or sides that I answer for; the second consent carries it out on its day."""
    return _of(transfer_member.consent(scope(), actor(), transfer_id, arrived()))


@api.post("/transfers/<int:transfer_id>/refuse")
@documented(tag="transfers", body=Refusal, answer=TransferAnswer)
@signed_in
def refuse_transfer(transfer_id: int, body: Refusal) -> TransferAnswer:
    """Say no, with a reason."""
    return _of(transfer_member.refuse(scope(), actor(), transfer_id, body.reason, arrived()))


@api.post("/transfers/<int:transfer_id>/withdraw")
@documented(tag="transfers", answer=TransferAnswer, errors=(409, 422))
@signed_in
def withdraw_transfer(transfer_id: int) -> TransferAnswer:
    """Take back what I, or my side, asked for."""
    return _of(transfer_member.withdraw(scope(), actor(), transfer_id, arrived()))


def _of(row: Transfer) -> TransferAnswer:
    return _answer(transfer_reach.line(scope(), row.id))


def _answer(line: Line) -> TransferAnswer:
    row = line.transfer
    return TransferAnswer(
        id=str(row.id),
        number=row.number,
        name=line.name,
        from_unit=line.old_unit.code if line.old_unit else None,
        to_unit=line.new_unit.code,
        primary=row.primary,
        effective_on=row.effective_on,
        reason=row.reason,
        asked_by=row.side,
        asked_at=iso(row.asked_at),
        state=row.state,
        released_at=iso(row.released_at) if row.released_at else None,
        accepted_at=iso(row.accepted_at) if row.accepted_at else None,
        closed_at=iso(row.closed_at) if row.closed_at else None,
        answer=row.answer,
        lapse=row.lapse,
        waits_for_me=line.waits,
    )
