"""The columns of the transcript sheet (成绩单): what each is called, and its value, rounded once for everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from learnhub.kernel.words import Message, _
from learnhub.transcripts.numbers import Line

Value = int | Decimal | str | None
Say = Callable[[Any], str]
"""Gives a message in the language of who will read it."""


def rounded(value: Fraction | None) -> Decimal | None:
    """A fraction to two places, halves away from zero (四舍五入); None stays None."""
    if value is None:
        return None
    top, bottom = value.numerator, value.denominator
    whole = (200 * abs(top) + bottom) // (2 * bottom)
    return Decimal(whole if top >= 0 else -whole).scaleb(-2)


def completion(line: Line) -> Decimal | None:
    """The hours in percent of what is owed, as both are printed, so that a reader comes to the same number."""
    owed = rounded(line.owed)
    return rounded(Fraction(rounded(line.hours) or 0) / Fraction(owed) * 100) if owed else None


@dataclass(frozen=True)
class Column:
    """A column: its key in JSON, its heading, how to get its value, and whether it holds numbers."""

    key: str
    heading: Message
    value: Callable[[Line], Any]
    numeric: bool = True
    width: int = 10
    """In characters."""


COLUMNS = (
    Column("position", _("No."), lambda line: line.position, width=6),
    Column("number", _("Number"), lambda line: line.number, numeric=False, width=14),
    Column("name", _("Name"), lambda line: line.name, numeric=False, width=14),
    Column("unit", _("Unit"), lambda line: line.unit_name, numeric=False, width=22),
    Column("capacity", _("Post or role"), lambda line: line.capacity, numeric=False, width=12),
    Column("hours_owed", _("Required hours"), lambda line: rounded(line.owed)),
    Column("hours_online", _("Hours online"), lambda line: rounded(line.online)),
    Column("hours_meetings", _("Hours in meetings"), lambda line: rounded(line.meetings)),
    Column("hours_claims", _("Hours by claim"), lambda line: rounded(line.claims)),
    Column("hours", _("Total hours"), lambda line: rounded(line.hours)),
    Column("completion", _("Completion (%)"), completion),
    Column("courses", _("Courses completed"), lambda line: line.courses),
    Column("attempts", _("Tests and exams taken"), lambda line: line.attempts),
    Column("best", _("Best score (%)"), lambda line: rounded(line.best)),
    Column("mean", _("Mean score (%)"), lambda line: rounded(line.mean)),
    Column("pass_rate", _("Pass rate (%)"), lambda line: rounded(line.pass_rate)),
    Column("points", _("Points"), lambda line: line.points),
    Column("rank", _("Rank in the unit"), lambda line: line.rank),
    Column("remarks", _("Remarks"), lambda line: line.remarks, numeric=False, width=28),
)
"""In the order of the sheet. Scores and rates are percent; a score is the percent of an attempt's full marks."""


def shown(line: Line, say: Say) -> dict[str, Value]:
    """A line as it is printed: whole numbers, decimals of two places, words, or None for "nothing to say"."""
    return dict(zip(_KEYS, cells(line, say), strict=True))


def cells(line: Line, say: Say) -> list[Value]:
    """The values of `shown` in the order of the columns."""
    values = [value(line) for value in _VALUES]
    values[_CAPACITY] = say(values[_CAPACITY])
    values[_REMARKS] = "; ".join([say(one) for one in values[_REMARKS]])
    return values


_KEYS = [column.key for column in COLUMNS]
_VALUES = [column.value for column in COLUMNS]
_CAPACITY, _REMARKS = _KEYS.index("capacity"), _KEYS.index("remarks")
"""The two columns whose values are messages."""
