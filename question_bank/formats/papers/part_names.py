"""Titles and lines of a page that name a part of a question, and say nothing themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.shapes import narrow

PICTURES = re.compile("[\u2600-\u27bf\u2b50\U0001f300-\U0001faff\ufe0f]")
_NAMES_PART = re.compile(r"(?:题目|题干|问题|试题)(?:描述|内容)?|选项|Question|Options|Choices", re.IGNORECASE)
_NAMES_EXPLANATION = re.compile(r"(?:答案|题目|详细)?解析|分析|详解|Explanation|Analysis", re.IGNORECASE)
_OF_OPTION = re.compile(r"\s*(?:[-*+]\s+)?(?:选项|Option)\s*\(?[A-H]\b|\s*[A-H]\s*选项", re.IGNORECASE)
"""What says something about an option."""
_BOX = re.compile(r"\s*\[[ xX]?\]\s")


def without_names(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines without titles such as `### 题目`, `### 选项` that only name what stands below them."""
    out: list[Line] = []
    is_below = False
    for line in lines:
        if line.title and _NAMES_PART.fullmatch(_bare(line)):
            is_below = True
        elif not (is_below and not line.text.strip()):
            out.append(line)
            is_below = False
    return out


def names_explanation(line: Line) -> bool:
    """Whether a line is a title such as `### 解析`: what stands below it explains the question above."""
    return bool(line.title) and _NAMES_EXPLANATION.fullmatch(_bare(line)) is not None


def is_about_option(text: str) -> bool:
    """Whether a line speaks of an option by its letter: `选项A：…`, `Option B is …`."""
    return _OF_OPTION.match(text) is not None


def is_below_box(above: str, text: str) -> bool:
    """Whether a line is set in right below `- [ ] …`, which it goes on with."""
    return text[:1] in {" ", "\t"} and _BOX.match(above) is not None


def _bare(line: Line) -> str:
    return PICTURES.sub("", narrow(line.text)).strip(" :")
