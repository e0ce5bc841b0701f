"""A roster's file becomes rows of text: a workbook, CSV in any encoding and with any delimiter, or OneRoster."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import StringIO
from typing import Any

from learnhub.kernel import page_tables, workbooks
from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.delimited import lines
from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode
from learnhub.kernel.words import Message, _
from learnhub.organisations.roster import oneroster
from learnhub.organisations.roster.columns import (
    HEADER_WITHIN,
    ByHand,
    Field,
    asks_for_roles,
    detail_columns,
    find_header,
    likely_header,
    mapped,
)

MOST_ROWS = 200_000
DELIMITERS = ",\t;|，"


@dataclass(frozen=True)
class RosterRow:
    """What a row says. `where` names it for people (`名册!7`, `line 7`), `line` within the file. Empty: not said."""

    where: str
    number: str = ""
    name: str = ""
    unit: str = ""
    post: str = ""
    phone: str = ""
    email: str = ""
    since: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    """What it says of the organisation's own fields, by their keys, as the cells have it."""


@dataclass
class Reading:
    """A roster as it was read: its columns, and its rows in order."""

    format: str
    titles: list[str] = field(default_factory=list)
    columns: dict[Field, int] = field(default_factory=dict)
    rows: list[RosterRow] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    details: dict[str, int] = field(default_factory=dict)
    """The columns of the organisation's own fields, by their keys."""

    @property
    def titles_of_details(self) -> dict[str, str]:
        """What the file calls the organisation's own fields, by their keys."""
        return {key: self.titles[at] for key, at in self.details.items()}


@dataclass(frozen=True)
class Wanted:
    """Which columns are looked for: those that somebody chose, and the organisation's own fields by name."""

    by_hand: ByHand = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, int | None] = field(default_factory=dict)


def read(data: bytes, file_name: str, *, encoding: str | None = None, wanted: Wanted | None = None) -> Reading:
    """The rows of a roster. Refused when it is no table, or when no column is a number and a name."""
    wanted = wanted or Wanted()
    if not data.strip():
        raise Refused(_("The file is empty."))
    if workbooks.looks_like(data):
        if oneroster.looks_like(data):
            return _from_oneroster(data)
        return _from_workbook(data, wanted)
    if page_tables.looks_like(data):
        return _from_page(data, wanted)
    return _from_text(decode(data, encoding), wanted)


def _from_workbook(data: bytes, wanted: Wanted) -> Reading:
    reading = Reading("excel")
    for sheet in workbooks.sheets(data, most_rows=MOST_ROWS):
        if sheet.rows is None:
            reading.warnings.append(_("The sheet %(name)s can't be read and was left out.", name=sheet.name))
            continue
        _read_sheet(reading, sheet.name, sheet.rows, sheet.first, wanted)
    return _checked(reading)


def _from_page(data: bytes, wanted: Wanted) -> Reading:
    """The rows of a page with tables, which many systems send under the name .xls."""
    reading = Reading("excel")
    for name, rows in page_tables.tables(data):
        if len(rows) > MOST_ROWS:
            raise Refused(_("The file has more than %(most)s rows.", most=MOST_ROWS))
        _read_sheet(reading, name, rows, 1, wanted)
    return _checked(reading)


def _read_sheet(reading: Reading, name: str, rows: Sequence[Sequence[Any]], first: int, wanted: Wanted) -> None:
    places = [f"{name}!{first + at}" for at in range(len(rows))]
    if reading.titles:
        _read_more(reading, name, rows, places)
    else:
        _read_table(reading, rows, places, wanted)


def _from_text(text: str, wanted: Wanted) -> Reading:
    reading = Reading("csv")
    rows, places = lines(text, _delimiter_of(text), MOST_ROWS)
    _read_table(reading, rows, places, wanted)
    return _checked(reading)


def _delimiter_of(text: str) -> str:
    """The delimiter that names most fields of a header, else the one that makes most columns in the first line."""

    def worth(delimiter: str) -> tuple[int, int]:
        head = "\n".join(text.split("\n", HEADER_WITHIN)[:HEADER_WITHIN])
        try:
            rows = [[text_of_cell(cell) for cell in row] for row in csv.reader(StringIO(head), delimiter=delimiter)]
        except csv.Error:
            return (0, 0)
        found = find_header(rows)
        return (len(found[1]) if found else 0, max((len(row) for row in rows), default=0))

    return max(DELIMITERS, key=worth)


def _read_table(reading: Reading, rows: Sequence[Sequence[Any]], places: Sequence[str], wanted: Wanted) -> None:
    head = [[text_of_cell(value) for value in row] for row in rows[:HEADER_WITHIN]]
    found = find_header(head)
    at = found[0] if found else likely_header(head)
    if at is None:
        return
    reading.titles = head[at]
    reading.columns = mapped(found[1] if found else {}, wanted.by_hand, len(head[at]))
    taken = set(reading.columns.values())
    reading.details = detail_columns(reading.titles, wanted.names, wanted.details, taken)
    if asks_for_roles(reading.titles):
        reading.warnings.append(_("The column of roles is not read: an import neither grants nor removes a role."))
    _read_rows(reading, rows[at + 1 :], places[at + 1 :])


def _read_more(reading: Reading, name: str, rows: Sequence[Sequence[Any]], places: Sequence[str]) -> None:
    """A further sheet: read when it has the same header, else named and left out."""
    head = [[text_of_cell(value) for value in row] for row in rows[:HEADER_WITHIN]]
    same = next((at for at, row in enumerate(head) if row == reading.titles), None)
    if same is not None:
        _read_rows(reading, rows[same + 1 :], places[same + 1 :])
    elif any(any(row) for row in head):
        reading.warnings.append(_("The sheet %(name)s has other columns and was left out.", name=name))


def _read_rows(reading: Reading, rows: Sequence[Sequence[Any]], places: Sequence[str]) -> None:
    columns = reading.columns
    for values, where in zip(rows, places, strict=True):
        cells = {one: _line(text_of_cell(values[at]) if at < len(values) else "") for one, at in columns.items()}
        if not any(cells.values()) or all(cells.get(one) == _line(reading.titles[at]) for one, at in columns.items()):
            continue
        details = {key: text_of_cell(values[at]) if at < len(values) else "" for key, at in reading.details.items()}
        reading.rows.append(replace(_row(where, cells), details=details) if details else _row(where, cells))


def _line(text: str) -> str:
    """A cell on one line, white space folded."""
    return " ".join(text.split())


def _row(where: str, cells: Mapping[Field, str]) -> RosterRow:
    said: dict[str, Any] = {str(one): text for one, text in cells.items()}
    row = RosterRow(where, **said)
    return replace(
        row,
        name=whole_name(row.name),
        number=narrow(row.number),
        phone=narrow(row.phone),
        email=narrow(row.email),
        since=narrow(row.since),
    )


_CHINESE = re.compile("[\u3400-\u9fff·]+")


def whole_name(text: str) -> str:
    """`张　三`, padded for a form, is 张三; names of other scripts keep their spaces."""
    parts = text.split()
    return "".join(parts) if all(_CHINESE.fullmatch(part) for part in parts) else text


def narrow(text: str) -> str:
    """Digits and letters in their narrow form, as numbers, telephones and addresses are compared: １２３ → 123."""
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _from_oneroster(data: bytes) -> Reading:
    people, warnings = oneroster.read(data)
    rows = [
        RosterRow(one.where, narrow(one.number), one.name, one.unit, one.post, narrow(one.phone), narrow(one.email))
        for one in people
    ]
    columns: dict[Field, int] = {one: at for at, one in enumerate(Field) if one is not Field.SINCE}
    return Reading("oneroster", [str(one) for one in columns], columns, rows, warnings)


def _checked(reading: Reading) -> Reading:
    """Refused when there is no table; a table whose columns are not known yet has titles and no rows to judge."""
    if not reading.titles:
        raise Refused(_("No row names columns such as 姓名, 工号, 部门 (name, number, unit)."))
    if not {Field.NUMBER, Field.NAME} <= set(reading.columns):
        reading.rows = []
        reading.warnings.insert(0, _("Say which columns hold the number and the name; nothing can be read before."))
    return reading


_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}")


def is_damaged(number: str) -> bool:
    """Whether a spreadsheet turned a long number into `1.38E+10`: its last digits are lost."""
    return bool(_SCIENTIFIC.fullmatch(number))


_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|(\d{4})(\d{2})(\d{2})")


def day_of(text: str) -> date:
    """A day as rosters write it: 2026-11-24, 2026/11/24, 2026.11.24, 2026年11月24日, 20261124, 2026年11月."""
    found = _DATE.fullmatch(text.partition(" ")[0])
    try:
        if found is None:
            raise ValueError
        year, month, day = (found[1], found[2], found[3] or 1) if found[1] else (found[4], found[5], found[6])
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Refused(_("“%(day)s” is not a date. Write it as 2026-11-24.", day=text[:40])) from None
