"""What a copy of a web page carries that its reader never saw: links that are buttons, labels in italics."""

from __future__ import annotations

import re

_LINK = re.compile(r"\[\s*\*?([^\[\]]*?)\*?\s*\]\(\s*javascript:[^()]*(?:\([^()]*\)[^()]*)?\)", re.IGNORECASE)
_WORDS = re.compile(
    r"(?:AI)?(?:讲解|解析|答疑|纠错|反馈|收藏|笔记|提问|展开|收起|查看\S{0,6}|重做\S{0,12})|more|show|hide", re.I
)
"""What stands on buttons beside a question."""
_LABEL = re.compile(
    r"(?<![*\w])\*\s*((?:[A-H]\s*[.、．:：)）]|\d{1,3}\s*[.、．]?)\s*)\*(?!\*)|(?<=[^\s*])\*\s*([A-H]\s*[.、．])\s*\*(?!\*)"
)
"""`*A、*` before an option, `*3*` above a question."""
_NUMBER = re.compile(r"^\s*\*\d{1,3}\*\s*$", re.MULTILINE)


def is_copy(text: str) -> bool:
    """Whether a text is Markdown made of a page with buttons, or with numbers in italics above its questions."""
    return "](javascript:" in text or len(_NUMBER.findall(text)) > 1


def without_buttons(line: str) -> str:
    """A line with the texts of its buttons in their places; a button that is about the question gives nothing."""
    if "*" not in line and "](" not in line:
        return line
    text = _LINK.sub(_text, line)
    return _LABEL.sub(lambda found: found.group(1) or f"  {found.group(2)}", text)


def _text(found: re.Match[str]) -> str:
    said = found.group(1).strip()
    return "" if _WORDS.fullmatch(said) else said
