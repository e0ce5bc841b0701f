"""Typed answers compared: widths, case, spaces, punctuation and numeral forms are folded, the rest must be equal.

Numbers, dates, ordinals and negations decide: no similarity score ever marks an answer right.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from question_bank import typed_signs
from question_bank.numerals import digits_for_numerals

_RAISED = re.compile(r"(?<=[0-9)）])([⁰¹²³⁴⁵⁶⁷⁸⁹]+|[⁻⁺][⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_VULGAR = re.compile(r"(?<=[0-9])(?=[¼-¾⅐-⅞])")
_SAME = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣", "-")
    | dict.fromkeys("‘’`´ʼ", "'")
    | {"⁄": "/", "∕": "/", "～": "~", "〜": "~", "∶": ":", "。": ".", "、": ",", "✕": "×", "✖": "×", "✔": "√", "✓": "√"}
)
_WRITTEN = {">=": "≥", "<=": "≤", "->": "→"}
_TIMES = re.compile(r"(?<=\d)\s*[×*]\s*(?=\d)", re.ASCII)
_MARKS = r"""\s,.;:?"'!“”„«»《》〈〉「」『』【】〔〕…·•,"""
_MATHS = re.compile(r"[+*/^=<>|&~_-]")
_BRACKETS = re.compile(r"[()\[\]{}]")
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])", re.ASCII)
_DATE = re.compile(
    r"(?<![\d.])(\d{4})(?:年|([-/.]))0?([0-9]{1,2})(?:月|\2)0?([0-9]{1,2})(?:[日号](?![0-9])|(?![0-9./-]))", re.ASCII
)
_YEAR_MONTH = re.compile(
    r"(?<![\d.])(\d{4}年)0(?=\d月)|(?<!\d)0(?=\d月)|(?<![\d./-])([12]\d{3})-(0[1-9]|1[0-2])(?![\d./-])", re.ASCII
)
_MONTH_DAY = re.compile(r"(?<!\d)0?(\d{1,2})月0?(\d{1,2})[日号]", re.ASCII)
_RUN_OF_MARKS = re.compile(f"[{_MARKS}]+")


def matches(typed: str, accepted: str, *, wildcards: bool = False) -> bool:
    """Whether the typed text is the accepted one. With wildcards, `*` in the accepted text stands for anything."""
    if not wildcards or "*" not in accepted:
        key = _signed(typed)
        return bool(key) and typed_signs.agree(key, _signed(accepted))
    return _meets_pattern(folded(typed), [folded(piece) for piece in accepted.split("*")])


def _meets_pattern(text: str, pieces: list[str]) -> bool:
    """Pieces of a pattern found one after the other, the first at the start and the last at the end."""
    head, *middle, tail = pieces
    if not text.startswith(head) or not text.endswith(tail) or len(text) < len(head) + len(tail):
        return False
    at, end = len(head), len(text) - len(tail)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def folded(text: str) -> str:
    """The form in which typed answers are compared. Folding twice changes nothing that matters to a comparison."""
    return typed_signs.without_signs(_signed(text))


@lru_cache(maxsize=4096)
def _signed(text: str) -> str:
    """The folded form with the signs that may be missing on one side (see `typed_signs`)."""
    text = _VULGAR.sub("+", typed_signs.marked(text))
    text = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc"} or c in "\n\t")
    text = typed_signs.kept(digits_for_numerals(text.casefold()))
    for written, sign in _WRITTEN.items():
        text = text.replace(written, sign)
    text = _THOUSANDS.sub(lambda found: found.group().replace(",", ""), text)
    text = _DATE.sub(r"\1年\3月\4日", text)
    text = _YEAR_MONTH.sub(lambda found: f"{found[2]}年{int(found[3])}月" if found[2] else found[1] or "", text)
    text = _TIMES.sub("×", _MONTH_DAY.sub(r"\1月\2日", text))
    if not _MATHS.search(text) and not typed_signs.is_applied(text):
        text = _BRACKETS.sub("", text)
    kept = _RUN_OF_MARKS.sub(lambda found: _between(text, found.start(), found.end()), text)
    return kept or "".join(text.split())


def _between(text: str, start: int, end: int) -> str:
    """What stays of spaces and punctuation: nothing, but for what keeps two words or two numbers apart."""
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    run = text[start:end]
    core = run.strip()
    if after.isdigit() and core == "." and run.endswith("."):
        return "" if run == core and _is_letter(before) else "."
    if before.isdigit() and after.isdigit():
        return core[0] if core and core[0] in ".:" and len(core) == 1 else ","
    if _is_letter(before) and _is_letter(after):
        return "'" if run == "'" else " "
    return ""


def _is_letter(c: str) -> bool:
    return c.isalpha() and not "\u2e80" <= c <= "\uffef" and not "\U00020000" <= c <= "\U0003ffff"


_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_TIMES_TEN = re.compile(
    r"(?:(?<=[\d.])\s*[×xX*·⋅]\s*|^([+-]?))10\s*(?:\^|\*\*)\s*[(（]?([+-]?\d{1,2})[)）]?$", re.ASCII
)
_SPACED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d ]|.*/)", re.ASCII)
_RATIO = re.compile(r"([+-]?\d{1,40})\s*/\s*(\d{1,40})", re.ASCII)


def number(typed: str) -> Decimal | None:
    """The number that somebody typed, exactly; None when it is not one number. Widths, spaces, Chinese numerals,
    thousands separators, a decimal comma (not followed by three digits) and powers of ten are understood."""
    text = _plain_number(typed)
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def exact(typed: str) -> Fraction | None:
    """The number that somebody typed as a fraction: what `number` reads, and `3/4`; None when it is neither."""
    value = number(typed)
    if value is not None:
        return Fraction(value)
    found = _RATIO.fullmatch(_plain_number(typed))
    return Fraction(int(found[1]), int(found[2])) if found and int(found[2]) else None


def significant_text(typed: str) -> str | None:
    """The digits and the point of a typed number without sign and power of ten; None when it is no decimal number."""
    text = _plain_number(typed)
    return re.split("[eE]", text.lstrip("+-"))[0] if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=1024)
def _plain_number(typed: str) -> str:
    """A typed number with ASCII digits, a point and `e` where it can be read so; any other text as it is."""
    text = _VULGAR.sub("+", _RAISED.sub(r"^\1", typed.translate(_SAME)))
    text = unicodedata.normalize("NFKC", text).translate(_SAME).strip()
    text = _SPACED.sub(lambda found: "".join(found.group().split()), text, count=1)
    text = digits_for_numerals(text)
    text = _THOUSANDS.sub(lambda found: found.group().replace(",", ""), text)
    text = re.sub(r"^([+-]?)\s+(?=[\d.])", r"\1", text)
    text = _TIMES_TEN.sub(lambda found: f"{'' if found[1] is None else found[1] + '1'}e{found[2]}", text)
    if re.fullmatch(r"[+-]?\d+,(?!\d{3}(?:e|$))\d+(?:[eE][+-]?\d{1,2})?", text, re.ASCII):
        text = text.replace(",", ".")
    return text
