"""The mark of an item of QTI 1.2: what its metadata say, else what its rules give."""

from __future__ import annotations

from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from question_bank.formats.qti import tree
from question_bank.formats.qti.first_metadata import fields_of
from question_bank.formats.qti.first_rules import FirstRules
from question_bank.formats.qti.items import Item
from question_bank.formats.qti.trying import right_of
from question_bank.fractions import decimal

_NAMES = ("points_possible", "qmd_absolutescore_max", "qmd_weighting", "cc_weighting", "qmd_maximumscore", "points")
"""Fields and elements that say how much an item is worth, the surest first."""


def said(element: Element, rules: FirstRules) -> Fraction | None:
    """The mark that the file says an item has, or the highest score that its rules declare; 100 are percent."""
    fields = fields_of(element)
    written = [fields.get(name) or tree.text(tree.find(element, name)) for name in _NAMES]
    for one in [*written, _alone(element)]:
        value = _number(one)
        if value is not None and value > 0:
            return value
    if written[0]:
        return Fraction(0)
    return rules.top if rules.top is not None and rules.top != 100 and rules.top > 0 else None


def earned(item: Item, rules: FirstRules) -> Fraction | None:
    """The score of a right answer, where the file says neither points nor a highest score; 100 are percent."""
    if item.mark is not None or rules.top is not None:
        return item.mark
    full = rules.verdict({ask.id: list(right_of(ask)) for ask in item.asks}).score
    return full if full > 0 and abs(full - 100) > 1 else None


def _alone(element: Element) -> str:
    """A score that rests on no condition, as texts marked by hand have it."""
    processing = element.find("resprocessing")
    if processing is None or processing.find("respcondition") is not None:
        return ""
    written = tree.text(processing.find("setvar"))
    return "" if _number(written) == 100 else written


def _number(written: str) -> Fraction | None:
    try:
        return Fraction(decimal(written)) if written else None
    except Refused:
        return None
