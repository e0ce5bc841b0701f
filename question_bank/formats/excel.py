"""Excel workbooks, in all the layouts of the field: one sheet or several, wide, coded, flagged, packed."""

from __future__ import annotations

from learnhub.kernel import workbooks
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.reading import Reading
from question_bank.formats.tables import places, read_sheet

NAME = "excel"

CARRIES: dict[str, dict[str, str]] = {
    "read": {
        "single_choice": "",
        "multiple_choice": "each right option is worth the same",
        "true_false": "",
        "fill_in": "blanks as lines, brackets or signs; alternatives with /",
        "short_answer": "",
        "numerical": "value±tolerance or low~high",
        "matching": "left → right, or A-2; B-1",
        "ordering": "letters or numbers in their right order",
        "essay": "with the reference answer for the marker",
        "file_upload": "",
        "description": "",
        "case": "rows that name the same 材料",
    },
    "written": {
        "single_choice": "no weights but right and wrong, no feedback",
        "multiple_choice": "no weights but equal shares, no feedback",
        "true_false": "no feedback",
        "fill_in": "accepted texts only, each worth the whole",
        "short_answer": "accepted texts only, each worth the whole",
        "numerical": "one value or range",
        "matching": "",
        "ordering": "marked per place",
        "essay": "with the marker's text, without rubric or number of words",
        "description": "",
        "case": "a row for each question, its text in 材料",
    },
}
"""Kinds that the format carries, each with what is particular, by direction."""
looks_like = workbooks.looks_like


def read(data: bytes) -> Reading:
    """Every question of a workbook. Refused when the file is no workbook, or one made to exhaust the reader."""
    reading = Reading(NAME)
    tables = 0
    for sheet in workbooks.sheets(data):
        if sheet.rows is None:
            reading.warnings.append(_("The sheet %(name)s can't be read and was left out.", name=sheet.name))
        else:
            place = list(places(sheet.name, len(sheet.rows), sheet.first))
            tables += read_sheet(reading, sheet.name, sheet.rows, place)
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
