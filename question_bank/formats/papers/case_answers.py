"""Cases whose questions are answered together below the last one, by their numbers: each answer goes to its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.materials import begins_material
from question_bank.formats.papers.shapes import answer_of, narrow, number_of, options_of

_LABEL = re.compile(
    r"\s*[【\[]?\s*(?:参考|标准)?(?:答案|解答)(?:要点)?\s*[】\]]?\s*:?\s*|\s*答\s*:\s*|\s*Answers?\s*:\s*", re.I
)
_OF_PARTS = frozenset({"cn", "cnparen"})
"""Styles in which a key counts the parts of a paper: `一、1.B`."""
Item = tuple[int, int]
"""First line of a numbered text, and the line behind its last one."""


def with_answers_of_cases(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which `答案：` above `1、…` and `2、…`, below just the questions 1 and 2 of a case, stands by each."""
    out: list[Line] = []
    done = 0
    for at, line in enumerate(lines):
        if at < done or line.is_code or not _LABEL.fullmatch(narrow(line.text)):
            continue
        answers = _answers(lines, at + 1)
        asked = _asked(lines[done:at], done, len(answers))
        if not asked:
            continue
        out += lines[done : asked[0][0]]
        for (first, end), (begun, last) in zip(asked, answers, strict=True):
            out += [*lines[first:end], _labelled(lines[begun]), *lines[begun + 1 : last]]
        done = answers[-1][1]
    return [*out, *lines[done:]] if done else lines


def _labelled(line: Line) -> Line:
    number = number_of(line.text)
    return replace(line, text=f"参考答案：{line.text[number.end if number else 0 :].strip()}", marked=())


def _ends(line: Line) -> bool:
    return heading_of(line.text) is not None or begins_material(line.text) or bool(_LABEL.fullmatch(narrow(line.text)))


def _answers(lines: Sequence[Line], start: int) -> list[Item]:
    """The texts numbered from 1 on that stand below a label, up to what begins something else."""
    starts: list[int] = []
    style = ""
    end = start
    for end in range(start, len(lines) + 1):
        if end == len(lines) or _ends(lines[end]):
            break
        number = number_of(lines[end].text)
        if (
            not starts
            and lines[end].text.strip()
            and (number is None or number.value != 1 or number.style in _OF_PARTS)
        ):
            return []
        if number is not None and number.style == (style or number.style):
            if number.value != len(starts) + 1:
                break
            starts.append(end)
            style = number.style
    return list(zip(starts, [*starts[1:], end], strict=True)) if starts else []


def _asked(lines: Sequence[Line], start: int, count: int) -> list[Item]:
    """The open questions, just so many, that are numbered from 1 on below the text of a case."""
    starts: list[int] = []
    style = ""
    for at, line in reversed(list(enumerate(lines))) if count else ():
        number = number_of(line.text)
        if _ends(line) or answer_of(line.text) or options_of(line.text, "A"):
            return []
        if number is not None and number.style == (style or number.style):
            style = number.style
            if number.value != count - len(starts):
                return []
            starts.insert(0, at)
            if number.value == 1:
                break
    if len(starts) < count or not count or not _is_first_open(lines, starts[0], style):
        return []
    return [(start + a, start + b) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _is_first_open(lines: Sequence[Line], first: int, style: str) -> bool:
    """Whether the text of a case stands above, and no question without an answer between it and what is answered."""
    is_case = False
    for line in reversed(lines[:first]):
        number = number_of(line.text)
        if heading_of(line.text) is not None or answer_of(line.text) is not None:
            break
        if begins_material(line.text):
            is_case = True
        elif number is not None and number.style == style:
            return False
    return is_case
