"""What a written paper says about marks: a line of its own, or words behind a question or an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from question_bank.formats.papers.shapes import SIGNS, narrow

_QUESTION = r"(?:[此本该][小大]?题|(?:题目|试题|小题|问题)(?!\s*\d))\s*的?\s*"
_MOST = (
    r"(?:(?:得分|分数|分值)上限|最[高多大](?:得分|分值|分数)|满\s*分(?:值|为|是)?|(?:最[高多])?可?得(?=\s*\d)"
    r"|max(?:imum|\.)?\s+(?:scores?|points?|marks?|grade)|(?:points?|marks?)\s+(?:possible|available))"
)
_NUMBER = r"(?P<mark>\d{1,4}(?:\.\d{1,3})?)"
_UNIT = r"(?P<unit>分|points?|pts?\.?|marks?)"
_FIGURE = rf"{_NUMBER}\s*{_UNIT}?"
_LINE = re.compile(
    rf"\s*[【\[(]?\s*(?P<question>{_QUESTION})?(?:{_MOST}|(?(question)(?:共计?|合计|总计|总?分值?|分数|占)?|(?P<plain>分值|共计?|计)?))"
    rf"\s*[】\])]?\s*(?P<colon>[:=])?\s*\(?\s*{_FIGURE}\s*[】\])]?\s*\)?\s*[。.;,]?\s*",
    re.IGNORECASE,
)
_OF_ALL = re.compile(
    r"\s*[【\[(]?\s*(?:总分|最[高低]分|平均分|平均得分|全班平均分?)\s*[】\])]?\s*:?\s*\d+(?:\.\d+)?\s*分?\s*[】\])]?\s*"
)
"""What is said of a whole paper, or of those who sat it."""


_BEHIND = re.compile(
    rf"(?:\s+|(?<=[)?。;])\s*|(?<=[^\s,、;])\s*(?=[(\[【]))[(\[【]?\s*(?:{_QUESTION}{_MOST}|{_QUESTION}(?:共|分值)?|{_MOST}|分值)"
    rf"\s*[】\]]?\s*(?P<colon>:)?\s*{_NUMBER}\s*(?(colon){_UNIT}?|分)\s*[)\]】]?\s*[。.]?\s*$",
    re.IGNORECASE,
)
_BEHIND_KEY = re.compile(
    rf"(?P<key>\s*(?:[A-H](?:[\s,、]*[A-H]){{0,7}}|[{SIGNS}]|对|错|正确|错误|True|False))\s*(?:\(\s*|\s)(?P<mark>\d{{1,3}}(?:\.\d{{1,3}})?)\s*分\s*\)?\s*"
)
"""`A（5分）`: a key of letters, and what it earns."""
_BEHIND_PLACE = re.compile(r"(?<=[)?])\s+(?P<mark>\d{1,2}(?:\.\d)?)\s*分\s*$")
"""`…的是（ ） 5分`."""
LONGEST_LINE = 40
"""Characters of a line that says a mark."""


@dataclass(frozen=True)
class MarkSaid:
    """The mark that a whole line says, and whether it says it of one question (`本题…`)."""

    text: str
    is_of_question: bool


def mark_said(text: str) -> MarkSaid | None:
    """The mark of a line that says nothing else; None for any other."""
    if len(text) > LONGEST_LINE:
        return None
    found = _LINE.fullmatch(narrow(text))
    if not found:
        return None
    named = re.sub(r"[\s(\[【\]】:=]", "", found.group()[: found.start("mark")])
    is_in_brackets = narrow(text).strip()[:1] in {"(", "[", "【"}
    if not named and not (is_in_brackets and found.group("unit")):
        return None
    if not (found.group("colon") or found.group("unit") or "】" in found.group()):
        return None
    return MarkSaid(found.group("mark"), bool(found.group("question")) or "上限" in named or "分值" in named)


def cut_behind_answer(text: str) -> tuple[str, str]:
    """An answer without the mark behind it, `A（5分）` or `北京 本题满分：5分`, and that mark; empty where none is."""
    thin = narrow(text)
    found = _BEHIND_KEY.fullmatch(thin)
    if found:
        return text[: found.end("key")].strip(), found.group("mark")
    return _cut(text, _BEHIND.search(thin, _tail(thin)))


def cut_behind_stem(text: str) -> tuple[str, str]:
    """A line of a question without the mark that ends it, outside of brackets, and that mark; empty where none is."""
    thin = narrow(text)
    return _cut(text, _BEHIND.search(thin, _tail(thin)) or _BEHIND_PLACE.search(thin, _tail(thin)))


def _tail(thin: str) -> int:
    return max(0, len(thin) - LONGEST_LINE)


def is_of_all(text: str) -> bool:
    """Whether a line says what a whole paper earns, or those who sat it earned: `总分：100分`."""
    return _OF_ALL.fullmatch(narrow(text)) is not None


def _cut(text: str, found: re.Match[str] | None) -> tuple[str, str]:
    return (text[: found.start()].rstrip(), found.group("mark")) if found and found.start() else (text, "")
