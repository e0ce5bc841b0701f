"""Copies of a review in Moodle: `题目1` alone on a line, and what became of it and what it earns, above its text.

What the page says of an attempt is no part of the question; what it can earn is its mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.fields.answers import truth
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.shapes import narrow

_HEAD = re.compile(r"\s*(?:题目|试题|Question)\s*\d{1,3}\s*", re.IGNORECASE)
_STATE = re.compile(
    r"\s*(?:还未作答|尚未作答|未作答|没有回答|已保存答案|答案已保存|正确|不正确|错误|部分正确|完成"
    r"|Not (?:yet )?answered|Answer saved|Correct|Incorrect|Partially correct|Complete)\s*",
    re.IGNORECASE,
)
_MARK = r"\d{1,3}(?:\.\d{1,2})?"
_EARNS = re.compile(
    rf"\s*(?:获得\s*(?P<all>{_MARK})\s*分中的\s*{_MARK}\s*分"
    rf"|(?:满分|Marked out of|Mark\s+{_MARK}\s+out of)\s*(?P<mark>{_MARK})\s*分?)\s*",
    re.IGNORECASE,
)
_OF_PAGE = re.compile(
    r"\s*(?:(?:未标记)?\s*标记(?:题目|试题)|(?:Remove )?flag question|题干|题目正文|Question text|反馈|Feedback"
    r"|你?的?(?:回答|答案)(?:部分)?(?:不?正确|错误)[。.]?|Your answer is (?:partially )?(?:in)?correct\.?)\s*",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"\s*The correct answers? (?:is|are)\s*:?\s*['‘“\"]?(?P<said>\S.*?)(?:['’”\"]\.)?\s*", re.IGNORECASE
)
_CHOOSE = re.compile(r"\s*(?:选择一项(?:或多项)?|Select one(?: or more)?)\s*[:：]?\s*", re.IGNORECASE)


def is_review(text: str) -> bool:
    """Whether a text is such a copy."""
    lines = [Line("", line) for line in text.split("\n", LINES_TRIED)[:LINES_TRIED]]
    return any(_is_head(lines, at) for at in range(len(lines) - 1))


LINES_TRIED = 200
"""Lines of a text among which the first question of such a copy stands."""


def with_reviews_plain(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines without what such a page says of an attempt; `对` and `错` to choose from are no part of a question."""
    heads = [at for at in range(len(lines) - 1) if _is_head(lines, at)]
    if not heads:
        return lines
    out: list[Line] = list(lines[: heads[0]])
    for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        out += _plain(lines[start:end])
    return out


_SCORES_NAMED = re.compile(r"\s*得分\s*/\s*总分\s*")
_SCORES = re.compile(r"\s*\d{1,3}\.\d{1,2}\s*/\s*\d{1,3}\.\d{1,2}\s*")


def without_scores(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines of a course page without `得分/总分`, and without `1.00/3.00` below options that somebody chose."""
    if not any(_SCORES_NAMED.fullmatch(line.text) for line in lines):
        return lines
    return [line for line in lines if not (_SCORES_NAMED.fullmatch(line.text) or _SCORES.fullmatch(line.text))]


def _is_head(lines: Sequence[Line], at: int) -> bool:
    if not _HEAD.fullmatch(narrow(lines[at].text)) or lines[at].is_code:
        return False
    below = next((one.text for one in lines[at + 1 : at + 4] if one.text.strip()), "")
    return _STATE.fullmatch(below) is not None or _EARNS.fullmatch(narrow(below)) is not None


def _plain(lines: Sequence[Line]) -> list[Line]:
    """A question of the page: its number, its mark, its text, its options, what is right."""
    out, mark, is_above = [lines[0]], "", True
    for line in lines[1:]:
        thin = narrow(line.text)
        earned = _EARNS.fullmatch(thin) if is_above and not mark else None
        if earned:
            mark = earned["all"] or earned["mark"]
        elif not (_OF_PAGE.fullmatch(thin) or (is_above and (not thin.strip() or _STATE.fullmatch(thin)))):
            is_above = False
            right = _RIGHT.fullmatch(line.text)
            out.append(replace(line, text=f"Answer: {right['said']}", marked=()) if right else line)
    asked = next((n for n, line in enumerate(out) if _CHOOSE.fullmatch(narrow(line.text))), None)
    if asked is not None:
        below = [n for n in range(asked + 1, min(asked + 6, len(out))) if out[n].text.strip()][:2]
        if {truth(out[n].text) for n in below} != {True, False}:
            below = []
        out = [line for n, line in enumerate(out) if n not in {asked, *below}]
    return [out[0], Line(lines[0].where, f"本题满分：{mark}分"), *out[1:]] if mark else out
