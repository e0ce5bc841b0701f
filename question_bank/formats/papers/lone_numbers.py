"""Numbers that stand on a line above their questions, as pages of course platforms are copied: `1` above its text.

So with `1. 单选题 (2分)`, which says of the question below it what it is, and is no heading of a part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import FIRST_STYLES, answer_of, narrow, number_of, options_of
from question_bank.formats.sheets.columns import kind_named

_LONE = re.compile(r"\s*(\d{1,3})\s*[.、]?\s*")
_TYPE = (
    r"[\[【(]?\s*(?P<kind>[\u4e00-\u9fff]{2,6}?题?)\s*[\]】)]?\s*"
    r"\(\s*(?:本题|分值:?)?\s*(?P<mark>\d+(?:\.\d+)?)\s*分\s*\)\s*"
)
_BARE_TYPE = re.compile(r"\s*[\[【(]?\s*(?P<kind>[\u4e00-\u9fff]{2,5}题)\s*[\]】)]?\s*")
_TAGGED = re.compile(r"\s*[\[【]\s*(?P<kind>[\u4e00-\u9fff]{2,6}题)\s*[\]】]")
_NUMBERED_TYPE = re.compile(rf"\s*\d{{1,4}}\s*[.、]?\s*{_TYPE}")
_TYPE_ALONE = re.compile(rf"\s*{_TYPE}")


def with_numbers_joined(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which such a number, or such a type, stands before the text of its question."""
    labels = {at: f"{number}. " for at, number in _counting(lines).items()} | _types(lines)
    if not labels:
        return lines
    out: list[Line] = []
    label, where = "", ""
    for at, line in enumerate(lines):
        tag = _tag(_TYPE_ALONE, line) or _bare_type(line) if label.endswith(". ") else None
        if at in labels:
            label, where = labels[at], line.where
        elif tag:
            label += tag
        elif label and line.text.strip():
            moved = tuple((a + len(label), b + len(label), mark) for a, b, mark in line.marked)
            out.append(replace(line, where=where, text=label + line.text.strip(), marked=moved))
            label = ""
        elif not label:
            out.append(line)
    return out


def _below(lines: Sequence[Line], at: int) -> Line | None:
    return next((one for one in lines[at + 1 : at + 6] if one.text.strip()), None)


def _tag(shape: re.Pattern[str], line: Line) -> str:
    """What a line says that is nothing but a type and a mark, as the tag of a question; empty for any other."""
    found = shape.fullmatch(narrow(line.text)) if "分" in line.text and not line.is_code else None
    return f"[{found.group('kind')}, {found.group('mark')}分] " if found and kind_named(found.group("kind")) else ""


def _bare_type(line: Line) -> str:
    """`单选题` between a lone number and its text."""
    found = _BARE_TYPE.fullmatch(narrow(line.text))
    return f"[{found.group('kind')}] " if found and kind_named(found.group("kind")) and not line.is_code else ""


def _digits(text: str) -> int:
    """How many digits a line begins with."""
    thin = narrow(text).lstrip()
    return len(thin) - len(thin.lstrip("0123456789"))


def _types(lines: Sequence[Line]) -> dict[int, str]:
    """Where a number, a type and a mark stand alone above a text: what they say, as the tag of a question."""
    found = {}
    above = ""
    for at, line in enumerate(lines):
        tag = _tag(_NUMBERED_TYPE, line)
        number = number_of(above) if tag else None
        if tag and (number is None or number.style not in FIRST_STYLES):
            below = _below(lines, at)
            if below is not None and not below.is_code and _is_text(below.text):
                found[at] = f"{narrow(line.text).lstrip()[: _digits(line.text)]}. {tag}"
        above = line.text if line.text.strip() else above
    return found


def _is_text(text: str) -> bool:
    """Whether a line is none that says of itself what it is."""
    return (
        number_of(text) is None and heading_of(text) is None and answer_of(text) is None and not options_of(text, "A")
    )


def _counting(lines: Sequence[Line]) -> dict[int, int]:
    """Where numbers stand alone that count on by one from 1, each above a text that is answered before the next.

    Above tagged texts (`【单选题】…`) they may begin anew: a page of several tests.
    """
    alone = {
        at: int(found.group(1))
        for at, line in enumerate(lines)
        if len(line.text) < 8 and not line.is_code and (found := _LONE.fullmatch(narrow(line.text)))
    }
    if len(alone) < 2:
        return {}
    dotted = sum(1 for line in lines if (number := number_of(line.text)) and number.style in {*FIRST_STYLES, "dot"})
    if dotted > len(alone):
        return {}
    counted: list[int] = []
    for at, value in alone.items():
        begins_anew = value == 1 and _tagged_below(lines, at)
        if (begins_anew or value == (alone[counted[-1]] + 1 if counted else 1)) and _begins_text(lines, at):
            counted.append(at)
    ends = [*counted[1:], len(lines)]
    is_sure = len(counted) > 1 and all(_is_answered(lines[at + 1 : end]) for at, end in zip(counted, ends, strict=True))
    return {at: alone[at] for at in counted} if is_sure else {}


def _begins_text(lines: Sequence[Line], at: int) -> bool:
    """Whether no answer waits for the number, and a text or a type stands below it; a tag tells it for certain."""
    above = next((one.text for one in reversed(lines[max(at - 5, 0) : at]) if one.text.strip()), "")
    waits = answer_of(above)
    below = _below(lines, at)
    is_tagged = _tagged_below(lines, at)
    if below is None or below.is_code or (waits is not None and not waits.text and not is_tagged):
        return False
    said = heading_of(below.text)
    is_tag = (
        is_tagged or (said is not None and narrow(below.text).strip()[:1] in {"【", "["}) or bool(_bare_type(below))
    )
    return (
        is_tag or bool(_tag(_TYPE_ALONE, below)) or (_is_text(below.text) and not _LONE.fullmatch(narrow(below.text)))
    )


def _tagged_below(lines: Sequence[Line], at: int) -> bool:
    """Whether the name of a kind in brackets begins what stands below a line."""
    below = _below(lines, at)
    found = _TAGGED.match(narrow(below.text)) if below is not None and not below.is_code else None
    return found is not None and kind_named(found.group("kind")) is not None


def _is_answered(lines: Sequence[Line]) -> bool:
    return any(answer_of(line.text) or options_of(line.text, "A") for line in lines)
