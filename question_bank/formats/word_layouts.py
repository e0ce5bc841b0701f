"""Tables of Word that only lay options out: a row of one gap, letters in a row of their own below the pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.papers.blocks import Line, Mark
from question_bank.formats.papers.shapes import number_of, options_of

_NUMBER_ALONE = re.compile(r"\s*[(（]?\d{1,3}\s*[.、．)）]?\s*")
_LETTER_ALONE = re.compile(r"\s*[(（]?([A-Ha-h])\s*[.、．)）]?\s*")
Cells = Sequence[Sequence[Line]]


def row_of_options(row: Cells, where: str) -> Line | None:
    """`3. | A. 甲 | B. 乙` as a line; None for a row that is no number before options in their order."""
    cells = [cell for cell in row if any(line.text.strip() for line in cell)]
    if len(cells) < 3 or any(len(cell) != 1 for cell in cells) or not _NUMBER_ALONE.fullmatch(cells[0][0].text):
        return None
    if not all(options_of(cell[0].text, chr(65 + at)) for at, cell in enumerate(cells[1:])):
        return None
    number = cells[0][0].text.strip()
    number = number if number_of(f"{number} x") and not number.isdigit() else f"{number}."
    return _joined([Line(where, number), *(cell[0] for cell in cells[1:])], where)


def _joined(lines: Sequence[Line], where: str) -> Line:
    text, marks = "", list[Mark]()
    for line in lines:
        text += "\t" if text else ""
        marks += [(a + len(text), b + len(text), mark) for a, b, mark in line.marked]
        text += line.text
    return Line(where, text, tuple(marks))


def with_letters_below(rows: Sequence[Cells]) -> list[Line] | None:
    """The options of a table whose letters stand in a row of their own above or below what they name."""
    told = [[cell for cell in row if any(line.text.strip() for line in cell)] for row in rows]
    told = [row for row in told if row]
    if not told or len(told) % 2:
        return None
    out: list[Line] = []
    for first, second in zip(told[::2], told[1::2], strict=True):
        named, letters = (second, first) if _are_letters(first, len(out)) else (first, second)
        if not _are_letters(letters, len(out)) or len(named) != len(letters) or _are_options(named):
            return None
        out += [_lettered(letter[0].text, cell) for letter, cell in zip(letters, named, strict=True)]
    return out if len(out) > 1 else None


def _lettered(letter: str, cell: Sequence[Line]) -> Line:
    before = f"{letter.strip(' ()（）.、．').upper()}. "
    marks = tuple((a + len(before), b + len(before), mark) for a, b, mark in cell[0].marked)
    return Line(cell[0].where, before + " ".join(one.text.strip() for one in cell), marks)


def _are_letters(row: Cells, above: int) -> bool:
    found = [_LETTER_ALONE.fullmatch(cell[0].text) if len(cell) == 1 else None for cell in row]
    return all(mark is not None and ord(mark.group(1).upper()) - 65 == above + n for n, mark in enumerate(found))


def _are_options(row: Cells) -> bool:
    return any(options_of(line.text, "") or _NUMBER_ALONE.fullmatch(line.text) for cell in row for line in cell)


def with_letters_beside(rows: Sequence[Cells]) -> list[Line] | None:
    """The options of a table whose letters stand in cells of their own, `a. | 甲 | c. | 丙`, in their order."""
    found: dict[str, Line] = {}
    for row in rows:
        cells = [cell for cell in row if any(line.text.strip() for line in cell)]
        if not cells or len(cells) % 2:
            return None
        for letter, cell in zip(cells[::2], cells[1::2], strict=True):
            mark = _LETTER_ALONE.fullmatch(letter[0].text) if len(letter) == 1 else None
            if mark is None or not mark.group().strip()[1:] or mark.group(1).upper() in found:
                return None
            found[mark.group(1).upper()] = _lettered(mark.group(1), cell)
    letters = sorted(found)
    is_run = len(letters) > 1 and letters == [chr(65 + n) for n in range(len(letters))]
    return [found[letter] for letter in letters] if is_run else None


def with_columns_apart(rows: Sequence[Cells]) -> list[Line] | None:
    """The options of a table that counts them downwards, `A. 甲 | C. 丙` above `B. 乙 | D. 丁`, in their order."""
    full = [cell for row in rows for cell in row if any(line.text.strip() for line in cell)]
    cells = [cell[0] for cell in full]
    told = [options_of(line.text, "") for line in cells]
    if len(cells) < 3 or any(len(cell) != 1 for cell in full) or any(len(found) != 1 for found in told):
        return None
    letters = [found[0].letter for found in told]
    if letters == sorted(letters) or sorted(letters) != [chr(65 + n) for n in range(len(letters))]:
        return None
    return [line for _letter, line in sorted(zip(letters, cells, strict=True), key=lambda pair: pair[0])]


_NAME = re.compile(r"\s*(?P<name>[A-Z][A-Z' /]{2,30}?)\s*[:：]\s*")


def named_rows(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """Rows of a name in capitals and what it says, `ANSWER: | b`, as lines."""
    lines = []
    for n, row in enumerate(rows):
        told = [cell for cell in row if cell.strip()]
        found = _NAME.fullmatch(told[0]) if told and len(told) < 3 else None
        if not found:
            return None
        lines.append((n, f"{found['name']}: {told[1].strip() if len(told) > 1 else ''}"))
    return lines if len(lines) > 1 else None
