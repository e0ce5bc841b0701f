"""Questions that say everything on one line: `1. 【题型】单选【难度】简单【题目】…`, `3. … ` above `True / False`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import answer_of, narrow, number_of
from question_bank.formats.papers.tails import tail_of

_LABEL = re.compile(r"[【\[]\s*[\u4e00-\u9fff]{2,5}\s*[】\]]\s*:?")
_OF_QUESTION = re.compile(r"[【\[]\s*(?:题目|题干|试题|问题|题面|题目内容)\s*[】\]]\s*:?\s*")


def with_labels_apart(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which such a question stands behind its number, and what is said of it on lines below."""
    return [piece for line in lines for piece in _apart(line)]


def _apart(line: Line) -> Iterator[Line]:
    number = number_of(line.text) if "】" in line.text or "]" in line.text else None
    thin = narrow(line.text)
    asked = _OF_QUESTION.search(thin, number.end) if number is not None and not line.is_code else None
    labels = list(_LABEL.finditer(thin, number.end, asked.start())) if number is not None and asked is not None else []
    if number is None or asked is None or not labels or thin[number.end : labels[0].start()].strip():
        yield line
        return
    ends = [label.start() for label in labels[1:]] + [asked.start()]
    told = [line.text[label.start() : end].strip() for label, end in zip(labels, ends, strict=True)]
    if not all(tail_of(one) for one in told):
        yield line
        return
    yield replace(line, text=f"{line.text[: number.end]}{line.text[asked.end() :]}", marked=())
    for field in told:
        yield replace(line, text=field, marked=())


_TO_CHOOSE = re.compile(
    r"\s*(?:[-○◯□☐]\s*)?(?:True|T|对|正确|√)\s*(?:/|or|\||、|\s{2,})\s*(?:[-○◯□☐]\s*)?(?:False|F|错误?|×)\s*[.。]?\s*",
    re.IGNORECASE,
)


def without_verdicts_to_choose(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines without `True / False` right below a numbered sentence and apart from the next: it heads no part."""
    out: list[Line] = []
    for at, line in enumerate(lines):
        above = lines[at - 1].text if at else ""
        below = lines[at + 1].text if at + 1 < len(lines) else ""
        is_below = number_of(above) is not None and heading_of(above) is None
        is_apart = not below.strip() or answer_of(below) is not None
        if not (is_below and is_apart and not line.is_code and _TO_CHOOSE.fullmatch(narrow(line.text))):
            out.append(line)
    return out
