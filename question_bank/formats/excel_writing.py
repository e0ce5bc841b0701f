"""Questions as a workbook in the first wide layout, with a column of tags behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import xlsxwriter

from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.fields.plain_answers import DEGREES, TYPES, letter, options_and_answer, questions_of
from question_bank.formats.reading import Reading
from question_bank.formats.resting import source_said
from question_bank.formats.rich_text import shown
from question_bank.formats.sheets import tables
from question_bank.formats.written import Files, Written, keep

Cells = list[str | float]
KEPT = ("mark", "difficulty", "tags", "category", "explanation_html", "source", "clause")


def write(drafts: Sequence[QuestionDraft], files: Files) -> Written:
    """One sheet with a row for each question; those of a case have a row each, with its text in the column 材料.

    Options of an ordering question stand in their right order, those of a matching one say `left → right`, the answer
    of an essay is what the marker sees.
    """
    ready = [cleaned(draft) for draft in drafts]
    asked = [one for draft in ready for one in (questions_of(draft) if draft.kind == "case" else [draft])]
    letters = min(max([6, *(len((options_and_answer(one) or ([], ""))[0]) for one in asked)]), 26)
    names = [
        "题干",
        "题型",
        *(f"选项{letter(n)}" for n in range(letters)),
        "答案",
        "解析",
        "知识点",
        "难度",
        "分值",
        "标签",
        "出处",
    ]
    names += ["材料"] if any(draft.kind == "case" for draft in ready) else []

    def read_back(draft: QuestionDraft, rows: list[Cells]) -> list[QuestionDraft]:
        return _read_back(names, rows)

    kept, written = keep(ready, "Excel", lambda draft: _rows(draft, letters), read_back, KEPT)
    written.data = _workbook(names, [row for _draft, rows in kept for row in rows])
    return written


def _rows(draft: QuestionDraft, letters: int) -> list[Cells] | None:
    if draft.kind != "case":
        row = _row(draft, letters)
        return None if row is None else [row]
    material = shown(draft.stem_html)
    asked = [replace(one, source=draft.source, clause=draft.clause) for one in questions_of(draft)]
    rows = [_row(one, letters) for one in asked]
    return [[*row, material] for row in rows if row] if all(rows) else None


def _row(draft: QuestionDraft, letters: int) -> Cells | None:
    said = options_and_answer(draft)
    if said is None or len(said[0]) > letters:
        return None
    options, answer = said
    return [
        shown(draft.stem_html),
        TYPES[draft.kind],
        *options,
        *[""] * (letters - len(options)),
        answer,
        shown(draft.explanation_html),
        draft.category,
        DEGREES[draft.difficulty],
        draft.mark / 1000,
        ",".join(draft.tags),
        source_said(draft.source, draft.clause) if draft.source else "",
    ]


def _read_back(header: list[str], rows: list[Cells]) -> list[QuestionDraft]:
    reading = Reading("excel")
    tables.read_sheet(reading, "", [header, *rows], [str(n) for n in range(len(rows) + 1)])
    return reading.questions


def _workbook(header: list[str], rows: list[Cells]) -> bytes:
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet("题库")
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, len(header) - 1, 16)
    sheet.write_row(0, 0, header, bold)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(at, column, value, wrapped)
            else:
                sheet.write_number(at, column, value, wrapped)
    book.close()
    return out.getvalue()
