"""Quotation marks of delimited text that programs would take for others than people meant."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

from learnhub.kernel.words import _
from question_bank.formats.reading import Reading

_WHOLE = r'"(?:[^"\n]|"")*"[ \t]*(?=%(sign)s|\r?$)'


def without_spaces_before_quotes(text: str, delimiter: str) -> str:
    """`甲, "乙,丙"`: a quotation mark behind a space opens a cell too, if each such one is closed at the cell's end."""
    sign = re.escape(delimiter)
    opened = re.compile(rf"(?<={sign}) +(?=\")", re.MULTILINE)
    whole = re.compile(rf"(?<={sign}) +(?={_WHOLE % {'sign': sign}})", re.MULTILINE)
    found = len(whole.findall(text))
    return whole.sub("", text) if found and found == len(opened.findall(text)) else text


def reopened(
    reading: Reading, text: str, delimiter: str, rows: list[list[str]], places: list[str]
) -> tuple[list[list[str]], list[str]]:
    """The rows, those that an open quotation mark has made one of several again one by one.

    Only where each of the lines has as many cells as most rows have, once its own quotation mark is closed at its end.
    """
    usual = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    if usual < 2 or all(len(row) == usual or not _is_broken(row) for row in rows):
        return rows, places
    written = text.split("\n")
    out: list[list[str]] = []
    where: list[str] = []
    for number, row in enumerate(rows):
        first = int(places[number].removeprefix("line "))
        last = int(places[number + 1].removeprefix("line ")) if number + 1 < len(places) else len(written) + 1
        lines = written[first - 1 : last - 1]
        again = _one_by_one(lines, delimiter, usual) if len(row) != usual and _is_broken(row) else []
        if again:
            reading.warnings.append(
                _("%(where)s: a quotation mark is open; it was closed at the end of the line.", where=places[number])
            )
        out += again or [row]
        where += [f"line {first + n}" for n, _row in enumerate(again)] or [places[number]]
    return out, where


def _is_broken(row: Sequence[str]) -> bool:
    return any("\n" in cell.strip() for cell in row)


def _one_by_one(lines: Sequence[str], delimiter: str, usual: int) -> list[list[str]]:
    found = []
    for line in lines:
        bare = line.rstrip("\r")
        closed = bare + '"' if bare.count('"') % 2 else bare
        cells = next(csv.reader([closed], delimiter=delimiter), []) if bare else []
        if bare and len(cells) != usual:
            return []
        found.append(cells)
    return found if len(lines) > 1 else []
