"""Answers of letters with something behind them that explains it: `D（氧化剂不是要素）`, `C — because …`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from learnhub.kernel.cells import folded
from question_bank.formats.fields.answers import letters_in

_LETTERS_AND_REMARK = re.compile(
    r"(?P<letters>[(（\[【]?\s*[A-Ha-hＡ-Ｈ](?:[\s,、，]{0,2}[A-HＡ-Ｈ]){0,7}\s*[)）\]】]?)\s*"
    r"(?:[(（](?P<a>.+)[)）]\s*[。.]?|(?:[—–―]+|-{1,2}(?=\s))\s*(?P<b>.+)|[。；;，,]\s*(?P<c>.+)|[:：]\s*(?P<d>.{8,}[。.])|"
    r"[.．]\s*(?P<e>\S+(?:\s+\S+){2,}[。.]|[\u4e00-\u9fff].{8,}[。.])|(?<=\s)(?P<f>[\u4e00-\u9fff].{5,}))",
    re.DOTALL,
)
"""The letters of an answer, and what stands behind them: in brackets, behind a dash, or as a sentence of its own."""
_BEHIND_POINT = frozenset("ef")
"""The sentence behind `B.` or `B `, where the text of an option stands as a rule."""


def letters_and_remark(answer: str, options: Mapping[str, str]) -> tuple[str, str] | None:
    """The letters and what explains them; None where the remark could be an answer itself, or a letter is no option's.

    Without options any letters will do.
    """
    found = _LETTERS_AND_REMARK.fullmatch(answer.strip())
    if not found:
        return None
    letters = letters_in(found.group("letters")) or []
    name, text = next((name, text) for name in "abcdef" if (text := found.group(name)))
    remark = text.strip()
    others = {folded(text) for letter, text in options.items() if letter not in letters}
    if not letters or letters_in(remark) or folded(remark) in others or (options and not set(letters) <= set(options)):
        return None
    if name in _BEHIND_POINT and (not options or _is_like_option(remark, options)):
        return None
    return found.group("letters").strip(), remark


def _is_like_option(remark: str, options: Mapping[str, str]) -> bool:
    """Whether a remark begins as an option does, or is part of one: then it may be the text of the right one."""
    said = folded(remark).rstrip("。. ")
    texts = [folded(text).rstrip("。. ") for text in options.values()]
    return any(text and (said.startswith(text) or text.startswith(said)) for text in texts)
