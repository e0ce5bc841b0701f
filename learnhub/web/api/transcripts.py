"""My transcript and hours in figures."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from learnhub.kernel.clock import iso
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, parse_period, period_at
from learnhub.transcripts import columns, document, numbers, spans
from learnhub.web.api.blueprint import Query, api, documented
from learnhub.web.context import arrived, me, member_id
from learnhub.web.guards import signed_in
from learnhub.web.language import say


class PeriodQuery(Query):
    """Which period: 2026, 2026-Q4, 2026-11 …; this year without one."""

    period: str = Field("", max_length=16)


class TranscriptAnswer(BaseModel):
    """The transcript as it would be issued now, unsigned."""

    period: str
    as_at: str
    numbers: dict[str, Any]
    courses: list[dict[str, str]]
    quizzes: list[dict[str, str]]


class HoursAnswer(BaseModel):
    """Study hours of a period: decimals of two places, as text."""

    period: str
    as_at: str
    hours: str
    owed: str | None
    missing: str | None
    points: int


def _span(key: str) -> spans.Span:
    period = parse_period(key) if key else period_at(arrived(), Grain.YEAR, house.zone)
    return spans.of_period(period, arrived())


@api.get("/me/transcript")
@documented(tag="transcripts", answer=TranscriptAnswer, query=PeriodQuery)
@signed_in
def my_transcript(query: PeriodQuery) -> TranscriptAnswer:
    """My transcript of a period."""
    span = _span(query.period)
    said = document.content(document.facts(me(), span), say)
    courses, quizzes = said["tables"]
    return TranscriptAnswer(
        period=span.key,
        as_at=iso(span.as_at),
        numbers=said["numbers"],
        courses=[dict(zip(("course", "hours", "completed_on"), row, strict=True)) for row in courses["rows"]],
        quizzes=[
            dict(zip(("quiz", "attempt", "score", "result", "date"), row, strict=True)) for row in quizzes["rows"]
        ],
    )


@api.get("/me/hours")
@documented(tag="transcripts", answer=HoursAnswer, query=PeriodQuery)
@signed_in
def my_hours(query: PeriodQuery) -> HoursAnswer:
    """My study hours of a period, and what is missing."""
    span = _span(query.period)
    line = numbers.of_member(member_id(), span)
    owed = columns.rounded(line.owed)
    missing = columns.rounded(max(line.owed - line.hours, 0 * line.hours)) if line.owed is not None else None
    return HoursAnswer(
        period=span.key,
        as_at=iso(span.as_at),
        hours=str(columns.rounded(line.hours)),
        owed=None if owed is None else str(owed),
        missing=None if missing is None else str(missing),
        points=line.points,
    )
