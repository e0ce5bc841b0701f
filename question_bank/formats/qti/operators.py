"""Operators of the rules of QTI 2 and 3 on values: exact numbers, texts, truth, containers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from question_bank.fractions import decimal

Value = bool | Fraction | str | list["Value"] | None


class Ordered(list["Value"]):
    """A container whose order counts."""


def number_of(written: str | None) -> Fraction | None:
    """The exact number written; None when it is none."""
    if not written or not written.strip():
        return None
    try:
        return Fraction(decimal(written.strip()))
    except Refused:
        return None


def same(one: Value, other: Value) -> bool:
    """Whether two values match: containers by what they hold, ordered ones and single ones as they are."""
    if one is None or other is None:
        return False
    if isinstance(one, Ordered) or isinstance(other, Ordered):
        return list(one) == list(other) if isinstance(one, list) and isinstance(other, list) else False
    if isinstance(one, list) and isinstance(other, list):
        return one == other or Counter(map(repr, one)) == Counter(map(repr, other))
    return one == other


def _match(_expression: Element, values: list[Value]) -> Value:
    return same(*values) if len(values) == 2 else None


def _equal(expression: Element, values: list[Value]) -> Value:
    one, other = values
    if not isinstance(one, Fraction) or not isinstance(other, Fraction):
        return None
    low, high = margins(expression, other if not _is_constant(expression[0]) else one)
    value, wanted = (one, other) if not _is_constant(expression[0]) else (other, one)
    return wanted - low <= value <= wanted + high


def _is_constant(element: Element) -> bool:
    return element.tag in {"baseValue", "correct"}


def margins(expression: Element, wanted: Fraction) -> tuple[Fraction, Fraction]:
    """How far below and above the wanted number an `equal` accepts, for the wanted number."""
    mode = expression.get("toleranceMode", "exact")
    written = (expression.get("tolerance") or "0").split()
    low, high = (number_of(written[0]) or Fraction(0), number_of(written[-1]) or Fraction(0))
    if mode == "absolute":
        return low, high
    if mode == "relative":
        return abs(wanted) * low / 100, abs(wanted) * high / 100
    return Fraction(0), Fraction(0)


def rounding_step(expression: Element, wanted: Fraction) -> Fraction | None:
    """What `equalRounded` rounds to, for a number: the worth of the last place that counts."""
    figures = expression.get("figures", "")
    if not figures.isdigit() or len(figures) > 2:
        return None
    if expression.get("roundingMode", "significantFigures") == "decimalPlaces":
        return Fraction(1, 10 ** int(figures))
    if not wanted or not int(figures):
        return None
    places = 0
    while abs(wanted) >= Fraction(10) ** (places + 1):
        places += 1
    while abs(wanted) < Fraction(10) ** places:
        places -= 1
    return Fraction(10) ** (places + 1 - int(figures))


def nearest(value: Fraction, step: Fraction) -> Fraction:
    """The multiple of the step that is nearest to a number, the upper one in the middle."""
    return floor(value / step + Fraction(1, 2)) * step


def _equal_rounded(expression: Element, values: list[Value]) -> Value:
    one, other = values
    if not isinstance(one, Fraction) or not isinstance(other, Fraction):
        return None
    steps = [rounding_step(expression, value) for value in (one, other)]
    if steps[0] is None or steps[1] is None:
        return one == other
    return nearest(one, steps[0]) == nearest(other, steps[1])


def _string_match(expression: Element, values: list[Value]) -> Value:
    one, other = ("" if value is None else str(value) for value in values)
    if expression.get("caseSensitive") == "false":
        one, other = one.casefold(), other.casefold()
    return other in one if expression.get("substring") == "true" else one == other


def _substring(expression: Element, values: list[Value]) -> Value:
    one, other = ("" if value is None else str(value) for value in values)
    if expression.get("caseSensitive") == "false":
        one, other = one.casefold(), other.casefold()
    return bool(one) and one in other


def _numbers(values: Sequence[Value]) -> list[Fraction] | None:
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    found = [one for one in flat if isinstance(one, Fraction)]
    return found if len(found) == len(flat) else None


def _folding(start: int, fold: Callable[[Fraction, Fraction], Fraction]) -> Callable[[Element, list[Value]], Value]:
    def run(_expression: Element, values: list[Value]) -> Value:
        found = _numbers(values)
        if found is None:
            return None
        total = Fraction(start)
        for one in found:
            total = fold(total, one)
        return total

    return run


def _comparing(compare: Callable[[Fraction, Fraction], bool]) -> Callable[[Element, list[Value]], Value]:
    def run(_expression: Element, values: list[Value]) -> Value:
        found = _numbers(values)
        return None if found is None or len(found) != 2 else compare(found[0], found[1])

    return run


def _subtracting(_expression: Element, values: list[Value]) -> Value:
    found = _numbers(values)
    return None if found is None or len(found) != 2 else found[0] - found[1]


def _dividing(_expression: Element, values: list[Value]) -> Value:
    found = _numbers(values)
    return None if found is None or len(found) != 2 or not found[1] else found[0] / found[1]


def _container(_expression: Element, values: list[Value]) -> Value:
    flat = [one for value in values if value is not None for one in (value if isinstance(value, list) else [value])]
    return flat or None


def _ordered(expression: Element, values: list[Value]) -> Value:
    held = _container(expression, values)
    return Ordered(held) if isinstance(held, list) else None


def _contains(_expression: Element, values: list[Value]) -> Value:
    whole, part = values
    if not isinstance(whole, list) or not isinstance(part, list):
        return None
    return not Counter(map(repr, part)) - Counter(map(repr, whole))


def _member(_expression: Element, values: list[Value]) -> Value:
    one, many = values
    if one is None or many is None:
        return None
    return one in (many if isinstance(many, list) else [many])


def _delete(_expression: Element, values: list[Value]) -> Value:
    one, many = values
    return [value for value in many if value != one] or None if isinstance(many, list) else None


def _index(expression: Element, values: list[Value]) -> Value:
    written = expression.get("n", "")
    at = int(written) if written.isdigit() else 0
    held = values[0]
    return held[at - 1] if isinstance(held, list) and 1 <= at <= len(held) else None


def _any_n(expression: Element, values: list[Value]) -> Value:
    count = sum(1 for value in values if value is True)
    low, high = (number_of(expression.get(name)) for name in ("min", "max"))
    return (low is None or count >= low) and (high is None or count <= high)


def _rounded(_expression: Element, values: list[Value]) -> Value:
    found = _numbers(values)
    return Fraction(floor(found[0] + Fraction(1, 2))) if found else None


def _is_null(_expression: Element, values: list[Value]) -> Value:
    return values[0] is None or values[0] == [] or values[0] == ""


OPERATORS: dict[str, Callable[[Element, list[Value]], Value]] = {
    "match": _match,
    "equal": _equal,
    "equalRounded": _equal_rounded,
    "stringMatch": _string_match,
    "substring": _substring,
    "isNull": _is_null,
    "and": lambda _one, values: all(value is True for value in values),
    "or": lambda _one, values: any(value is True for value in values),
    "not": lambda _one, values: None if values[0] is None else values[0] is not True,
    "anyN": _any_n,
    "sum": _folding(0, lambda total, one: total + one),
    "product": _folding(1, lambda total, one: total * one),
    "subtract": _subtracting,
    "divide": _dividing,
    "max": lambda _one, values: max(found) if (found := _numbers(values)) else None,
    "min": lambda _one, values: min(found) if (found := _numbers(values)) else None,
    "gt": _comparing(lambda one, other: one > other),
    "gte": _comparing(lambda one, other: one >= other),
    "lt": _comparing(lambda one, other: one < other),
    "lte": _comparing(lambda one, other: one <= other),
    "multiple": _container,
    "ordered": _ordered,
    "contains": _contains,
    "member": _member,
    "delete": _delete,
    "index": _index,
    "containerSize": lambda _one, values: Fraction(len(values[0]) if isinstance(values[0], list) else 0),
    "round": _rounded,
    "integerToFloat": lambda _one, values: values[0],
}
"""By name: the expression and the values of its parts give the value of the whole."""
