"""Numbers that conditions of QTI 1.2 accept: single values, values with a margin, ranges."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.first_rules import FirstRules
from question_bank.formats.qti.items import Item, Typed
from question_bank.fractions import decimal
from question_bank.typed_text import number

_LOW = frozenset({"vargt", "vargte"})
_HIGH = frozenset({"varlt", "varlte"})
_STRICT = frozenset({"vargt", "varlt"})


@dataclass
class _Span:
    """Numbers accepted together: one value, or what lies between two."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    text: str = ""
    bounds: list[str] = field(default_factory=list)


def numbers_of(rules: FirstRules, response: str, item: Item) -> list[Typed]:
    """The numbers accepted for a response, each with one that meets it; what loses a shade is warned about."""
    typed: list[Typed] = []
    for condition in rules.conditions:
        if condition.asked is None or not any(value > 0 for _action, value in condition.sets):
            continue
        for span in _merged(_spans(condition.asked, response)):
            if _STRICT & set(span.bounds):
                item.warn(_("The ends of the range are accepted here, but not in the file."))
            one = _typed(span)
            if all(one.answer != other.answer for other in typed):
                typed.append(one)
    return typed


def _typed(span: _Span) -> Typed:
    if span.low is not None and span.high is not None:
        if span.value is not None and span.high - span.value == span.value - span.low:
            margin = span.high - span.value
            return Typed({"value": format(span.value, "f"), "tolerance": format(margin, "f")}, format(span.value, "f"))
        middle = (span.low + span.high) / 2
        return Typed({"low": format(span.low, "f"), "high": format(span.high, "f")}, format(middle, "f"))
    if span.low is not None or span.high is not None:
        raise Refused(_("A range of numbers that is open on one side has no counterpart here."))
    if span.value is None:
        raise Refused(_("%(text)s is not a number.", text=span.text[:60]))
    return Typed({"value": format(span.value, "f"), "tolerance": "0"}, format(span.value, "f"))


def _spans(element: Element, response: str) -> list[_Span]:
    if element.tag == "or":
        return [span for child in element for span in _spans(_alone(child), response)]
    own = [child for child in element if child.get("respident") == response]
    below = [span for child in element if child.tag in {"and", "or"} for span in _spans(child, response)]
    if not own:
        return below
    if any(child.tag in _LOW | _HIGH for child in own):
        together = _Span()
        for child in own:
            _constrain(together, child)
        return [together, *below]
    spans = []
    for child in own:
        spans.append(_Span())
        _constrain(spans[-1], child)
    return [*spans, *below]


def _alone(child: Element) -> Element:
    """A comparison as a group of its own."""
    if child.tag in {"and", "or"}:
        return child
    group = Element("and")
    group.append(child)
    return group


def _constrain(span: _Span, comparison: Element) -> None:
    span.text = "".join(comparison.itertext()).strip()
    found = number(span.text)
    value = None if found is None else decimal(str(found))
    if comparison.tag in _LOW:
        span.low = value
        span.bounds.append(comparison.tag)
    elif comparison.tag in _HIGH:
        span.high = value
        span.bounds.append(comparison.tag)
    elif comparison.tag == "varequal":
        span.value = value
    else:
        raise Refused(_("The rule <%(name)s> has no counterpart here.", name=comparison.tag))


def _merged(spans: list[_Span]) -> list[_Span]:
    """Values that lie in a range beside them are part of it."""
    ranges = [span for span in spans if span.low is not None and span.high is not None]
    kept = list(ranges)
    for span in spans:
        if span in ranges:
            continue
        around = next((one for one in ranges if _holds(one, span.value)), None)
        if around is None:
            kept.append(span)
        elif around.value is None:
            around.value = span.value
    return kept


def _holds(span: _Span, value: Decimal | None) -> bool:
    return value is not None and span.low is not None and span.high is not None and span.low <= value <= span.high
