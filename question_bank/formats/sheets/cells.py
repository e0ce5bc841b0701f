"""Cells that hold options: with letters before them, several in one cell, or written as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence

from learnhub.kernel.cells import folded
from question_bank.formats.fields.option_labels import without_label
from question_bank.formats.fields.scripts import simplified
from question_bank.formats.json_banks import literals
from question_bank.formats.json_banks.option_lists import options_of_json
from question_bank.formats.papers.shapes import options_of

_NONE = frozenset(map(folded, "无 暂无 无选项 不适用 — —— - -- / none null n/a na nil []".split()))
"""What stands in the place of the options of a question that has none."""


def options_in_one_cell(cell: str) -> dict[str, str]:
    """The options of a cell that holds them all: JSON, a line each, or separated by letters, `|` or `;`."""
    cell = cell.strip()
    if simplified(folded(cell)) in _NONE:
        return {}
    if cell[:1] in {"[", "{"}:
        try:
            return options_of_json(literals.cell(cell))
        except (ValueError, RecursionError):
            pass
    lettered = _by_letters(cell) or _by_dashes(cell) or _by_spaces(cell)
    if lettered:
        return lettered
    for separator in ("\n", "|||", "||", "|", "；", ";", "$$", "##", "\t", "^", "$", "#", "┋", " / "):
        parts = [part.strip() for part in cell.split(separator)]
        parts = [part for part in parts if part]
        if len(parts) > 1:
            return {chr(65 + n): without_label(part, chr(65 + n)) for n, part in enumerate(parts[:26])}
    for separator in ("、", "，", ","):
        parts = [part.strip() for part in cell.split(separator) if part.strip()]
        if len(parts) > 1:
            return {chr(65 + n): part for n, part in enumerate(parts[:26])}
    return {"A": cell} if cell else {}


_LETTERED = re.compile(r"(?:^|[\s;；|,，。$^]+)[(（]?([A-Z])(?:[)）]|[.．、:：])\s*", re.MULTILINE)


def _by_letters(cell: str) -> dict[str, str]:
    """`A.甲 B.乙` or `A、甲|B、乙`: the letters in order from A on."""
    wide = re.sub("[Ａ-Ｚ]", lambda found: chr(ord(found.group()) - 0xFEE0), cell)
    marks: list[re.Match[str]] = []
    for found in _LETTERED.finditer(wide):
        if ord(found.group(1)) == 65 + len(marks):
            marks.append(found)
    if len(marks) < 2 or wide[: marks[0].start()].strip():
        close = options_of(cell, "A")
        return {option.letter: option.text for option in close} if len(close) > 1 else {}
    ends = [found.start() for found in marks[1:]] + [len(cell)]
    texts = [cell[found.end() : end].strip(" \t\n;；|") for found, end in zip(marks, ends, strict=True)]
    if all(text.endswith(" /") for text in texts[:-1]):
        texts[:-1] = [text[:-2].rstrip() for text in texts[:-1]]
    return {chr(65 + n): text for n, text in enumerate(texts)}


_SPACED = re.compile(r"(?:^|\s)([A-H])\s+(?=\S)")


def _by_spaces(cell: str) -> dict[str, str]:
    """`A 甲 B 乙`: the letters in order from the start on, with spaces alone around them."""
    before, *found = _SPACED.split(cell)
    letters, texts = found[::2], [text.strip() for text in found[1::2]]
    is_whole = len(texts) > 1 and not before and all(texts) and letters == [chr(65 + n) for n in range(len(letters))]
    return dict(zip(letters, texts, strict=True)) if is_whole else {}


_DASHED = re.compile(r"\s*([A-H])\s*[-–—=]\s*(\S.*)", re.DOTALL)


def _by_dashes(cell: str) -> dict[str, str]:
    """`A-甲;B-乙`: every piece begins with the next letter and a dash."""
    for separator in ("\n", "|", "；", ";"):
        found = [_DASHED.fullmatch(part) for part in cell.split(separator) if part.strip()]
        if len(found) > 1 and all(one and one.group(1) == chr(65 + n) for n, one in enumerate(found)):
            return {one.group(1): one.group(2).strip() for one in found if one}
    return {}


def options_below(text: str, last: str) -> tuple[str, dict[str, str]] | None:
    """A text without the options on lines of their own below it, and those, as far as the letter `last` or beyond."""
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if n and options_of(line, "A")), len(lines))
    found = [one for line in lines[first:] for one in options_of(line, "")]
    if len(found) < 2 or [one.letter for one in found] != [chr(65 + n) for n in range(len(found))]:
        return None
    if last > found[-1].letter or any(not options_of(line, "") for line in lines[first:] if line.strip()):
        return None
    return "\n".join(lines[:first]).strip(), {one.letter: one.text for one in found}


FEWEST_JOINED = 2
"""Options behind a stem that a sign joins to it."""


def options_joined(stem: str, answer: str) -> tuple[str, dict[str, str], str] | None:
    """`哪些发光？&太阳&月亮&恒星` and `太阳&恒星`: the stem, its options and the right letters.

    Only where each piece of the answer is one of those behind the stem.
    """
    for sign in "&|┋#$":
        head, *texts = (part.strip() for part in stem.split(sign))
        letters = {folded(text): chr(65 + n) for n, text in enumerate(texts[:26])}
        said = [folded(part) for part in answer.split(sign) if part.strip()]
        is_told = len(letters) == len(texts) >= FEWEST_JOINED and all(texts) and bool(said)
        is_told = is_told and not any("\n" in text for text in texts)
        if head and is_told and all(one in letters for one in said):
            return head, {chr(65 + n): text for n, text in enumerate(texts)}, ",".join(letters[one] for one in said)
    return None


def with_wrong(right: str, wrong: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options by letter and the right one's letter, where the right answer and the wrong ones stand apart."""
    texts = [right, *(text for text in wrong if text)]
    if len(wrong) == 1 and texts[1:]:
        texts[1:] = options_in_one_cell(texts[1]).values()
    return {chr(65 + n): text for n, text in enumerate(texts[:26])}, ["A"]
