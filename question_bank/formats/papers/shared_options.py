"""Options that stand once above several questions, in parts that are made of such: 配伍题, B型题."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.keys import is_key_heading
from question_bank.formats.papers.materials import numbers_of_shared_options
from question_bank.formats.papers.shapes import answer_of, narrow, number_of, options_of

_PART = re.compile(r"配伍|(?<![A-Za-z])B1?\s*型")
_RANGE = re.compile(r"\s*[\[【(]\s*(?:第\s*)?(\d{1,3})\s*[-~—–～至]+\s*(\d{1,3})\s*题?\s*[\]】)]\s*")


def with_shared_options_named(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which `（3～5题共用备选答案）` stands above such options, where `[3-5]` does, or nothing at all."""
    out: list[Line] = []
    in_part = is_shared = False
    above = ""
    for at, line in enumerate(lines):
        if heading_of(line.text) is not None:
            in_part, is_shared = _PART.search(line.text) is not None, False
        named = _RANGE.fullmatch(narrow(line.text)) if not line.is_code else None
        if named and _begins_options(_below(lines, at)):
            out.append(replace(line, text=_label(int(named[1]), int(named[2])), marked=()))
            above = out[-1].text
            continue
        if in_part and _begins_options(line.text) and _ends_before(above, is_shared=is_shared):
            numbers = _numbers_below(lines, at)
            is_shared = len(numbers) > 1
            if is_shared:
                out.append(Line(line.where, _label(numbers[0], numbers[-1])))
        out.append(line)
        above = line.text if line.text.strip() else above
    return out


def _label(first: int, last: int) -> str:
    return f"（{first}～{last}题共用备选答案）"


def _begins_options(text: str) -> bool:
    return bool(options_of(text, "A"))


def _below(lines: Sequence[Line], at: int) -> str:
    return next((one.text for one in lines[at + 1 :] if one.text.strip()), "")


def _ends_before(above: str, *, is_shared: bool) -> bool:
    """Whether what stands above options ends something else: they belong to no question above them then."""
    if numbers_of_shared_options(above) is not None:
        return False
    return heading_of(above) is not None or answer_of(above) is not None or is_shared


def _numbers_below(lines: Sequence[Line], at: int) -> list[int]:
    """The numbers of the questions without options of their own that stand below options."""
    found: list[int] = []
    for line in lines[at:]:
        number = number_of(line.text)
        if heading_of(line.text) is not None or is_key_heading(line.text):
            break
        if number is None and _begins_options(line.text) and found:
            break
        if number is not None:
            if options_of(line.text, "", anywhere=True) or (found and number.value != found[-1] + 1):
                break
            found.append(number.value)
    return found
