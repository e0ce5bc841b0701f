"""Questions with blanks that show their answers: in brackets behind each blank, or in braces in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from learnhub.kernel.cells import folded
from question_bank.formats.fields.answers import blanks_in

_BEHIND = re.compile(r"(?P<blank>_{2,}|＿+)\s*[（(](?P<said>[^()（）_＿]{1,80})[)）]")
_STARRED = re.compile(r"\[\*([^*\[\]]{1,80})\*\]")
"""`自[*98*]年起`: how a system of Taiwan marks the blanks of its tables."""
_CLOZE = re.compile(r"\{\{c\d{1,2}::([^{}]{1,80}?)(?:::[^{}]{1,80})?\}\}")
"""`{{c1::北京::城市}}`: a cloze of Anki, with a hint."""
_BLANK = re.compile(r"_{2,}|＿+")
_BRACES = re.compile(r"\{([^{}]{1,80})\}")
_OTHER_USES = re.compile(r"\\[a-zA-Z]|\$|\{\s*\}|\{\{|\^\{|_\{")
"""Braces of formulas and templates."""


_NO_WORD = re.compile(r"[,，、;；|<>=≤≥∈]|^\s*[a-z]\w?\s*$")
"""What stands in the braces of a set, of code, or of a place that a program fills."""


def answers_shown(stem: str) -> tuple[str, list[str]] | None:
    """The stem with bare blanks, and what fills them; None unless each blank shows it."""
    if clozes := _CLOZE.findall(stem):
        return _CLOZE.sub("____", stem), [one.strip() for one in clozes]
    if starred := _STARRED.findall(stem):
        return _STARRED.sub("____", stem), [one.strip() for one in starred]
    behind = [one for one in _BEHIND.finditer(stem) if one.group("said").strip()]
    if behind and len(behind) == len(_BLANK.findall(stem)):
        return _BEHIND.sub(lambda found: found.group("blank"), stem), [one.group("said").strip() for one in behind]
    said = _BRACES.findall(stem)
    if any(_NO_WORD.search(one) or not one.strip() for one in said):
        return None
    if said and not _BLANK.search(stem) and not _OTHER_USES.search(stem):
        return _BRACES.sub("____", stem), [one.strip() for one in said]
    return None


def is_one_of(answer: str, options: Mapping[str, str], stem: str) -> bool:
    """Whether an answer is the text of one of three options or more, and fills one blank at most."""
    texts = [folded(text) for text in options.values()]
    return len(texts) > 2 and texts.count(folded(answer)) == 1 and blanks_in(stem) < 2
