"""What a copy of a page carries that its reader never saw: buttons, labels in italics, the heads of printed pages."""

from __future__ import annotations

import re
from collections import Counter

from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import answer_of, number_of, options_of

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


FEWEST_HEADS = 3
"""How often the head of a page stands in the text of a printed paper."""
_OF_PAPER = re.compile(r"题库|试卷|试题|考试|考核|测试|习题|练习|竞赛")
_PAGE = re.compile(r"\s*第\s*\d{1,4}\s*页(?:\s*[,，/、]?\s*共\s*\d{1,4}\s*页)?\s*")
_END_OF_TEXT = re.compile(r"[。？！?!：:；;，,、）)]$|_{2,}")


def running_heads(text: str) -> frozenset[str]:
    """The lines that a printed paper has on each of its pages: its title, `第 3 页 共 9 页`.

    A title names a paper, and is no sentence, heading, question, option or answer. What begins a text of pages that are
    counted is its title, even where there are but two.
    """
    if "页" not in text and not _OF_PAPER.search(text):
        return frozenset()
    lines = Counter(line.strip() for line in text.split("\n"))
    often = {line for line, times in lines.items() if times >= FEWEST_HEADS and _is_title(line)}
    pages = {line for line in lines if _PAGE.fullmatch(line)}
    first = next((line for line in lines if line), "")
    often |= {first} if pages and lines[first] > 1 and _is_title(first, shortest=4) else set()
    return frozenset(often | pages)


def _is_title(line: str, *, shortest: int = 8) -> bool:
    if (
        not shortest <= len(line) <= 80
        or not _OF_PAPER.search(line)
        or _END_OF_TEXT.search(line)
        or line[0] in "#*>|-【["
    ):
        return False
    return not (number_of(line) or heading_of(line) or answer_of(line) or options_of(line, ""))
