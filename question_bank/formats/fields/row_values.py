"""What stands beside a question in a row, and is one value of it: its mark, its tags, its difficulty."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from learnhub.kernel.cells import folded
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.scripts import simplified
from question_bank.formats.fields.vocabulary import DIFFICULTIES

_DIFFICULTY = {folded(name): level for level, names in DIFFICULTIES.items() for name in names.split()}


_MARK_IN_KIND = re.compile(r"[（(]\s*(?:每[小]?题\s*)?(\d{1,3}(?:\.\d)?)\s*分\s*[)）]\s*$")


def mark_beside(kind: str) -> str:
    """The mark that stands behind a type: `单选题（2分）`."""
    found = _MARK_IN_KIND.search(kind)
    return found.group(1) if found else ""


def mark_of(text: str) -> int:
    """Thousandths; one mark where nothing is said."""
    bare = unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip()
    if not bare:
        return 1000
    try:
        thousandths = Decimal(bare) * 1000
        if not thousandths.is_finite() or thousandths != thousandths.to_integral_value() or thousandths < 0:
            raise InvalidOperation
    except InvalidOperation:
        raise Refused(_("The mark %(text)s is not a number.", text=text[:40])) from None
    if thousandths > 1_000_000:
        raise Refused(_("A mark lies between 0 and 1000."))
    return int(thousandths)


def tags_of(text: str) -> tuple[str, ...]:
    """The tags of a cell, however they are separated."""
    return tuple(tag.strip() for tag in re.split(r"[,;|、，；\n]", text) if tag.strip())


_CODED_DIFFICULTY = re.compile(r"([\w.]{1,4})\s*\((\w{1,12})\)")
"""`3（中等）`: a code, and what it means."""


def difficulty_of(text: str) -> int:
    """1 to 5; a coefficient between 0 and 1 counts as the share that get it right; 3 where nothing is known.

    A bare 0 is a level that nobody chose.
    """
    name = simplified(folded(text))
    if name == "0":
        return 3
    if coded := _CODED_DIFFICULTY.fullmatch(name):
        name = coded.group(2) if coded.group(2) in _DIFFICULTY else coded.group(1)
    if name in _DIFFICULTY:
        return _DIFFICULTY[name]
    try:
        value = Decimal(name[:-1]) / 100 if name.endswith("%") else Decimal(name)
    except InvalidOperation:
        return 3
    if value.is_finite() and 0 <= value < 1:
        return 5 - int(value * 5)
    return 3


_EMPTY_LIST = re.compile(r"\s*[\[{]\s*(?:\"\"|'')?\s*[\]}]\s*")


_HELD = re.compile(
    r"\s*\{\s*[\"'](?:answers?|correct(?:_?answers?)?|value|key|答案|正确答案)[\"']\s*:\s*(\[[^\[\]{}]*\]|[^\[\]{},]*)\}\s*"
)
"""`{"answer": "B"}` in a cell: what it holds is the answer."""
_QUOTED = re.compile(r"\"((?:[^\"\\])*)\"|'((?:[^'\\])*)'")


def answer_said(text: str, options: Iterable[str] = ()) -> str:
    """An answer; none where it is an empty list, `[]`, as programs write what they did not find, and no option."""
    if held := _HELD.fullmatch(text):
        text = held.group(1).strip()
        quoted = _QUOTED.fullmatch(text)
        text = (quoted.group(1) or quoted.group(2) or "") if quoted else text
    return "" if _EMPTY_LIST.fullmatch(text) and folded(text) not in map(folded, options) else text
