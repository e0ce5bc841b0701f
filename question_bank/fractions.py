"""Weights as exact fractions: read from percentages, written as strings such as "1/3"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

_EXACT = re.compile(r"-?\d{1,12}(?:/\d{1,12})?|-?\d{1,12}\.\d{1,12}", re.ASCII)
_PERCENT = re.compile(r"[+-]?(?:\d{1,6}(?:[.,]\d{0,24})?|[.,]\d{1,24})", re.ASCII)
_COMMON = sorted({Fraction(n, d) for d in (3, 6, 7, 9) for n in range(1, d)})
_SIMPLE = sorted({Fraction(n, d) for d in range(3, 25) for n in range(1, d)})


@lru_cache(maxsize=4096)
def fraction(text: str | int) -> Fraction:
    """The number that an exact string such as "1/3", "0.5" or "-1" names; Refused for anything else."""
    text = str(text)
    if not _EXACT.fullmatch(text) or text.endswith("/0") or re.search(r"/0+$", text):
        raise Refused(_("%(text)s is not a fraction.", text=text))
    return Fraction(text)


def written(value: Fraction) -> str:
    """A fraction as the string that `fraction` reads."""
    return str(value)


@lru_cache(maxsize=4096)
def from_percent(text: str) -> Fraction:
    """A percentage, as a fraction; one within rounding of a simple ratio is that ratio (33.33333 is a third).

    A decimal counts as rounded when it is off by less than one unit of its last digit: with one place from thirds,
    sixths, sevenths and ninths, with more from anything up to twenty-fourths.
    """
    if not _PERCENT.fullmatch(text.strip()):
        raise Refused(_("%(text)s is not a percentage.", text=text))
    shown = Decimal(text.strip().replace(",", "."))
    value = Fraction(shown) / 100
    if abs(value) > 1:
        raise Refused(_("A weight lies between -100%% and 100%%, not at %(text)s%%.", text=text))
    places = -int(shown.as_tuple().exponent)
    if places < 1:
        return value
    last_digit = Fraction(1, 100 * 10 ** min(places, 5))
    for ratio in _SIMPLE if places > 1 else _COMMON:
        if abs(abs(value) - ratio) < last_digit:
            return ratio if value > 0 else -ratio
    return value


def evened(weights: Sequence[Fraction]) -> list[Fraction]:
    """The weights of options; three or more that are worth the same, in whole percents next to their equal share of
    the mark (33, 33 and 33), are worth that share."""
    right = [weight for weight in weights if weight > 0]
    equal = Fraction(1, max(len(right), 1))
    is_rounded = all(weight == right[0] and abs(weight - equal) < Fraction(1, 100) for weight in right)
    if len(right) < 3 or not is_rounded or (right[0] * 100).denominator != 1:
        return list(weights)
    return [equal if weight > 0 else weight for weight in weights]


def decimal(text: str) -> Decimal:
    """A plain number (exponents allowed) of reasonable size; Refused for anything else."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise Refused(_("%(text)s is not a number.", text=text)) from None
    if not value.is_finite() or abs(value.adjusted()) > 60 or len(value.as_tuple().digits) > 60:
        raise Refused(_("%(text)s is not a number of reasonable size.", text=text))
    return value
