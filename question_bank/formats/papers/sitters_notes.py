"""What a paper tells those who sit it, in a numbered list above its first question: no question stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import Number, cut_answer, narrow, number_of, options_of

_NAME = re.compile(
    r"[\s#*【\[(]*(?:[一1]\s*[、.]\s*)?(?:(?:考生|考试|考核|答题|答卷|作答|考前|填写|试卷|测试|培训|本卷)\s*)?"
    r"(?:须知|注意事项?|要求|说明|提示|规则|纪律)[\s*】\])]*(?:[:]\s*(?P<first>\S.*)?)?"
)
"""`考生须知：`, `注意事项：1.本试卷…`."""


_FORM = re.compile(
    r"\s*(?:(?:姓\s*名|单\s*位|部\s*门|班\s*[级组]|学\s*[号校]|工\s*号|考\s*号|准考证号|身份证号|岗\s*位|职\s*务|日\s*期|得\s*分|成\s*绩|总\s*分)\s*:?[\s_]*){1,8}"
)
"""`姓名____ 工号____`: what the sitter fills in."""


def notes_to_sitters(lines: Sequence[Line]) -> frozenset[int]:
    """The places of a list of notes above the first question.

    It has a name, none of it asks or answers anything, and behind it a part of the paper begins, or the numbers do.
    """
    for at, line in enumerate(lines):
        found = _NAME.fullmatch(narrow(line.text)) if not line.is_code else None
        if found is not None:
            first = line.text[found.start("first") :] if found.group("first") else ""
            end = _end_of_list(lines, at, first)
            places = range(at, end)
            return frozenset(n for n in places if lines[n].text.strip())
        if number_of(line.text) or options_of(line.text, "A") or _begins_part(line):
            break
    return frozenset()


def _end_of_list(lines: Sequence[Line], at: int, first: str) -> int:
    """Where the list ends that the line at a place names; 0 when it is none."""
    last = number_of(first) if first else None
    if first and (last is None or last.value != 1 or _asks(first)):
        return 0
    for n in range(at + 1, len(lines)):
        text = lines[n].text
        if not text.strip() or (last is not None and _FORM.fullmatch(narrow(text))):
            continue
        number = number_of(text)
        if last is not None and (_begins_part(lines[n]) or _begins_anew(last, number)):
            return n
        if _asks(text) or not _goes_on(last, number):
            return 0
        last = number or last
    return 0


def _begins_part(line: Line) -> bool:
    return bool(line.title) or heading_of(line.text) is not None


def _begins_anew(last: Number, number: Number | None) -> bool:
    return number is not None and (number.value == 1 or number.style != last.style)


def _goes_on(last: Number | None, number: Number | None) -> bool:
    """Whether a line is the next of a list, or goes on with the one above it."""
    if number is None:
        return last is not None
    return number.value == (last.value + 1 if last else 1)


def _asks(text: str) -> bool:
    is_answered = cut_answer(text) is not None or bool(options_of(text, "A"))
    return is_answered or blanks_in(text) > 0 or narrow(text).rstrip()[-1:] == "?"
