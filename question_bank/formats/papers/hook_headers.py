"""Questions below a line of hooks that says their type and their answer: `[单选][B]`, options as `[A]…`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.shapes import SIGNS, narrow
from question_bank.formats.papers.tails import tail_of
from question_bank.formats.sheets.columns import kind_named

_HEADER = re.compile(
    rf"\s*[\[【]\s*(?P<kind>[^\[\]【】]{{2,8}})\s*[\]】]\s*[\[【]\s*(?P<answer>[A-H]{{1,8}}|[{SIGNS}]|对|错|正确|错误)\s*[\]】]\s*"
)


def is_header(text: str) -> bool:
    """Whether a line is such a header."""
    found = _HEADER.fullmatch(narrow(text))
    return found is not None and kind_named(found.group("kind")) is not None


def with_headers_told(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which the type stands before the question, and the answer below it."""
    if not any(is_header(line.text) for line in lines):
        return lines
    out: list[Line] = []
    kind = answer = ""
    where = ""
    for line in [*lines, Line("", "[说明][A]")]:
        found = _HEADER.fullmatch(narrow(line.text))
        if answer and (is_header(line.text) or tail_of(line.text)):
            out.append(Line(where, f"答案：{answer}"))
            answer = ""
        if found and is_header(line.text):
            kind, answer, where = found.group("kind"), found.group("answer"), line.where
            continue
        if kind and line.text.strip():
            out.append(replace(line, where=where, text=f"【{kind}】{line.text.strip()}", marked=()))
            kind = ""
        else:
            out.append(line)
    return out
