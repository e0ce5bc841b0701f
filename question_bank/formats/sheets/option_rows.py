"""Tables that have a row for each option: with whether it is right, or below the question in the question's column."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.fields.option_labels import without_label
from question_bank.formats.sheets.columns import Columns, plain

_FLAGS = {
    "是否正确", "是否答案", "是否正确答案", "是否为正确答案", "正确与否", "对错",
    "iscorrect", "is_correct", "correct", "isright", "isanswer",
}  # fmt: skip
_YES = {"是", "对", "正确", "√", "1", "true", "yes", "y", "t", "x"}
_NO = {"否", "错", "错误", "×", "0", "false", "no", "n", "f", ""}


def with_options_gathered(
    rows: Sequence[Sequence[Any]], at: int, columns: Columns
) -> tuple[Sequence[Sequence[Any]], Columns]:
    """The rows with all options of a question in its first one, and the columns without that of the flags."""
    head = [plain(text_of_cell(cell)) for cell in rows[at]] if at >= 0 else []
    flag = next((n for n, name in enumerate(head) if name in _FLAGS), None)
    stem, option = columns.fields.get("stem"), columns.fields.get("options")
    if flag is None or stem is None or option is None or columns.fields.get("answer", flag) != flag:
        return rows, columns
    below = [[text_of_cell(cell) for cell in row] for row in rows[at + 1 :]]
    width = max(flag, stem, option) + 1
    below = [[*row, *[""] * (width - len(row))] for row in below]
    if not all(row[flag].casefold() in _YES | _NO for row in below):
        return rows, columns
    out: list[list[str]] = []
    first: list[str] | None = None
    gathered: list[dict[str, Any]] = []
    for row in below:
        if first is None or (row[stem] and row[stem] != first[stem]):
            first, gathered = list(row), []
            out.append(first)
        else:
            out.append([""] * len(row))
        if row[option]:
            gathered.append({"text": row[option], "isCorrect": row[flag].casefold() in _YES})
        first[option], first[flag] = json.dumps(gathered, ensure_ascii=False), ""
    fields = {name: place for name, place in columns.fields.items() if place != flag}
    return [*rows[: at + 1], *out], Columns(fields, codes=columns.codes)


def with_options_below(rows: Sequence[Sequence[Any]], at: int, columns: Columns) -> Sequence[Sequence[Any]]:
    """The rows with `A. 甲`, `B. 乙`, which stand alone in the column of the question, joined to the question above."""
    stem = columns.fields.get("stem", -1)
    if stem < 0 or columns.options or "options" in columns.fields:
        return rows
    out = list(rows)
    asked, count = -1, 0
    for n in range(at + 1, len(rows)):
        cells = [text_of_cell(cell) for cell in rows[n]]
        text = cells[stem] if stem < len(cells) else ""
        is_alone = bool(text) and sum(map(bool, cells)) == 1
        if is_alone and asked >= 0 and count < MOST_OPTIONS and _begins_with(text, chr(65 + count)):
            out[asked] = [*out[asked][:stem], f"{out[asked][stem]}\n{text}", *out[asked][stem + 1 :]]
            out[n] = [""] * len(cells)
            count += 1
        elif text or any(cells):
            asked, count = (-1 if is_alone or not text else n), 0
    return out


MOST_OPTIONS = 26


def _begins_with(text: str, letter: str) -> bool:
    return unicodedata.normalize("NFKC", text[:2]).strip("( ")[:1] == letter and without_label(text, letter) != text
