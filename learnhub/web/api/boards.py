"""Boards: which there are, and who stands where."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from learnhub.boards import export, standings
from learnhub.boards.ladders import Key
from learnhub.boards.standings import MemberRow
from learnhub.kernel.clock import iso
from learnhub.kernel.periods import Period
from learnhub.organisations.models import Unit
from learnhub.web.api.blueprint import Query, api, documented
from learnhub.web.api.paging import cursor_of
from learnhub.web.boards.views import chosen_period, chosen_unit
from learnhub.web.context import arrived, member_id
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.points.cursors import board_after


class BoardName(BaseModel):
    """A board by name."""

    name: str
    title: str


class BoardNames(BaseModel):
    """The boards there are."""

    items: list[BoardName]


class BoardQuery(Query):
    """Whose board of when: a unit's code, the name of a period, my own row and neighbours, and the page."""

    unit: str = Field("", max_length=64)
    period: str = Field("", max_length=10)
    around: Literal["", "me"] = ""
    limit: int = Field(standings.PAGE, ge=1, le=200)
    cursor: str = ""


class BoardRow(BaseModel):
    """A row: a member with their unit, or a unit with its headcount and mean."""

    rank: int | None
    points: int
    member: str | None = None
    name: str
    unit: str | None = None
    headcount: float | None = None
    per_head: float | None = None
    me: bool = False


class Board(BaseModel):
    """A board; `around` holds my row with five neighbours on each side, `next` the cursor of the next page."""

    board: str
    unit: str
    period: str
    as_of: str
    rows: list[BoardRow]
    around: list[BoardRow] = []
    next: str | None = None


@api.get("/boards")
@documented(tag="boards", answer=BoardNames)
@signed_in
def list_boards() -> BoardNames:
    """The boards there are."""
    return BoardNames(items=[BoardName(name=name, title=say(title)) for name, title in export.BOARDS.items()])


@api.get("/boards/<name>")
@documented(tag="boards", query=BoardQuery, answer=Board)
@signed_in
def show_board(name: str, query: BoardQuery) -> Board:
    """Who stands where: by default in my own unit, this week."""
    now = arrived()
    unit, period = chosen_unit(query.unit), chosen_period(query.period, now)
    if export.known(name) == "members":
        return _members(unit, period, query)
    board = standings.unit_board(period, unit, now=now, measure=export.measure_of(name))
    rows = [
        BoardRow(
            rank=row.rank,
            points=row.points,
            name=row.unit.name,
            unit=row.unit.code,
            headcount=float(round(row.headcount, 3)),
            per_head=float(round(row.per_head, 3)) if row.per_head is not None else None,
        )
        for row in board.rows
    ]
    return Board(board=name, unit=unit.code, period=period.key, as_of=iso(now), rows=rows)


def _members(unit: Unit, period: Period, query: BoardQuery) -> Board:
    now, me = arrived(), member_id()
    after = board_after(query.cursor)
    board = standings.member_board(
        period,
        unit,
        now=now,
        around=me if query.around else None,
        top=query.limit,
        after=Key(*after) if after is not None else None,
    )
    return Board(
        board="members",
        unit=unit.code,
        period=period.key,
        as_of=iso(board.as_of),
        rows=[_row(row, me) for row in board.rows],
        around=[_row(row, me) for row in board.around],
        next=cursor_of(*board.after) if board.after else None,
    )


def _row(row: MemberRow, me: int) -> BoardRow:
    return BoardRow(
        rank=row.rank,
        points=row.points,
        member=str(row.member_id),
        name=row.name,
        unit=row.unit_code or None,
        me=row.member_id == me,
    )
