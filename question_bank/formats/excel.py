"""Excel workbooks, in all the layouts of the field: one sheet or several, wide, coded, flagged, packed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from learnhub.kernel import workbooks
from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.carries import Carried, both
from question_bank.formats.fields.plain_answers import CARRIED
from question_bank.formats.papers.blocks import Line
from question_bank.formats.reading import AS_SENT, Changes, Reading
from question_bank.formats.sheets.key_sheets import with_answers
from question_bank.formats.sheets.tables import places, read_sheet
from question_bank.formats.text import looks_like as looks_like_paper
from question_bank.formats.text import read_lines

NAME = "excel"
CARRIES = Carried(
    "Titles and feedback are not kept, nor markup.",
    CARRIED | {"case": both("A row for each question; those that name the same 材料 belong together.")},
)
looks_like = workbooks.looks_like


def read(data: bytes, changes: Changes = AS_SENT) -> Reading:
    """Every question of a workbook. Refused when the file is no workbook, or one made to exhaust the reader."""
    reading = Reading(NAME)
    tables = 0
    for sheet in with_answers(list(workbooks.sheets(data, as_shown=True))):
        if sheet.is_hidden:
            if sheet.rows:
                reading.warnings.append(_("The sheet %(name)s is hidden and was left out.", name=sheet.name))
        elif sheet.rows is None:
            reading.warnings.append(_("The sheet %(name)s can't be read and was left out.", name=sheet.name))
        else:
            place = list(places(sheet.name, len(sheet.rows), sheet.first))
            lines = _lines(sheet.rows, place)
            if lines:
                read_lines(reading, lines)
            tables += bool(lines) or read_sheet(reading, sheet.name, sheet.rows, place, changes)
    if not tables:
        raise Refused(
            _("No sheet has a header with a question (题干) and an answer (答案); see the template for the columns.")
        )
    _leave_out_repeated(reading)
    return reading


def _lines(rows: Sequence[Sequence[Any]], place: Sequence[str]) -> list[Line]:
    """The lines of a paper that stands in one column of a sheet; none for a table."""
    texts = [[text for cell in row if (text := text_of_cell(cell))] for row in rows]
    if any(len(row) > 1 for row in texts):
        return []
    lines = [Line(where, line) for where, row in zip(place, texts, strict=True) for line in "".join(row).split("\n")]
    return lines if looks_like_paper("\n".join(line.text for line in lines)) else []


def _leave_out_repeated(reading: Reading) -> None:
    """A question that stands on several sheets word for word is listed once; repeats within a sheet stay."""
    kept: list[QuestionDraft] = []
    seen: dict[str, str] = {}
    for draft in reading.questions:
        words = repr((draft.kind, draft.stem_html, draft.content))
        sheet = draft.where.rpartition("!")[0]
        first = seen.setdefault(words, draft.where)
        if first.rpartition("!")[0] != sheet:
            reading.warnings.append(_("%(where)s repeats %(first)s and was left out.", where=draft.where, first=first))
        else:
            kept.append(draft)
    reading.questions[:] = kept
