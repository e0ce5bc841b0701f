"""Excel workbooks, in all the layouts of the field: one sheet or several, wide, coded, flagged, packed."""

from __future__ import annotations

from learnhub.kernel import workbooks
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.carries import Carried, both
from question_bank.formats.plain_answers import CARRIED
from question_bank.formats.reading import AS_SENT, Changes, Reading
from question_bank.formats.tables import places, read_sheet

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
    for sheet in workbooks.sheets(data):
        if sheet.rows is None:
            reading.warnings.append(_("The sheet %(name)s can't be read and was left out.", name=sheet.name))
        else:
            place = list(places(sheet.name, len(sheet.rows), sheet.first))
            tables += read_sheet(reading, sheet.name, sheet.rows, place, changes)
    if not tables:
        raise Refused(
            _("No sheet has a header with a question (题干) and an answer (答案); see the template for the columns.")
        )
    _leave_out_repeated(reading)
    return reading


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
