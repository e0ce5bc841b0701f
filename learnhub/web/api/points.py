"""Points: my balances, entries of the ledger, and taking an entry back."""

from __future__ import annotations

from pydantic import BaseModel, Field

from learnhub.kernel.clock import iso
from learnhub.organisations.permissions import Permission
from learnhub.points import balances, entries, ledger
from learnhub.points.ledger import Entry
from learnhub.web.api.blueprint import Body, api, documented
from learnhub.web.api.paging import Page, cursor_of
from learnhub.web.context import actor, arrived, member_id, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.ids import LARGEST
from learnhub.web.language import words
from learnhub.web.points.cursors import entries_before


class PeriodPoints(BaseModel):
    """Points in a period."""

    period: str
    grain: str
    points: int


class MyPoints(BaseModel):
    """My points in the periods of this moment."""

    member: str
    as_of: str
    periods: list[PeriodPoints]


class EntryAnswer(BaseModel):
    """An entry of the ledger."""

    id: str
    member: str
    sequence: int
    points: int
    kind: str
    source: str
    rule_version: str | None
    reason: str
    unit: str
    day: str
    occurred_at: str
    posted_at: str
    actor: str | None
    reverses: str | None
    hash: str


class EntryList(BaseModel):
    """A page of entries, the last posted first; `next` is the cursor of the next page."""

    items: list[EntryAnswer]
    next: str | None


class EntryQuery(Page):
    """Whose entries: `member` is an id within reach; by default one's own."""

    member: str = Field("", pattern=r"^\d{0,19}$")


class ReversalRequest(Body):
    """Which entry is taken back, and why."""

    entry: str = Field(pattern=r"^\d{1,19}$")
    reason: str = Field(min_length=1, max_length=ledger.LONGEST_REASON)


@api.get("/me/points")
@documented(tag="points", answer=MyPoints)
@signed_in
def my_points() -> MyPoints:
    """My points today, this week, month, quarter, year and in all."""
    now = arrived()
    return MyPoints(
        member=str(member_id()),
        as_of=iso(now),
        periods=[
            PeriodPoints(period=one.period.key, grain=str(one.period.grain), points=one.points)
            for one in balances.current(member_id(), now)
        ],
    )


@api.get("/points/entries")
@documented(tag="points", query=EntryQuery, answer=EntryList)
@signed_in
def list_entries(query: EntryQuery) -> EntryList:
    """Entries of one member: my own, or of a member within my reach."""
    whose = member_id()
    if query.member:
        whose = scope().member(Permission.SEE_MEMBERS, min(int(query.member), LARGEST)).id
    found, after = entries.of_member(whose, before=entries_before(query.cursor), limit=query.limit)
    return EntryList(items=[entry_answer(entry) for entry in found], next=cursor_of(after) if after else None)


@api.post("/points/reversals")
@documented(tag="points", body=ReversalRequest, answer=EntryAnswer, status=201)
@requires(Permission.CORRECT_POINTS)
def make_reversal(body: ReversalRequest) -> tuple[EntryAnswer, int]:
    """Take an entry back by a new one."""
    entry = entries.find_to_correct(scope(), min(int(body.entry), LARGEST))
    return entry_answer(ledger.reverse(actor(), entry.id, body.reason, arrived())), 201


def entry_answer(entry: Entry) -> EntryAnswer:
    """An entry as the API tells it."""
    return EntryAnswer(
        id=str(entry.id),
        member=str(entry.member_id),
        sequence=entry.sequence,
        points=entry.points,
        kind=entry.kind,
        source=entry.source_id,
        rule_version=str(entry.rule_version_id) if entry.rule_version_id else None,
        reason=words(entry.reason),
        unit=str(entry.unit_id),
        day=entry.day.isoformat(),
        occurred_at=iso(entry.occurred_at),
        posted_at=iso(entry.posted_at),
        actor=str(entry.actor_id) if entry.actor_id else None,
        reverses=str(entry.reverses) if entry.reverses else None,
        hash=entry.hash,
    )
