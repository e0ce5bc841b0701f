"""Moodle's calculated questions, whose numbers are drawn anew for each attempt: here those of the first set stand."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _, n_
from question_bank.formats.cloze_syntax import exact
from question_bank.formats.moodle.texts import Texts, value_of

FIGURES = 12
"""Figures of a result that are kept; the rest is what binary numbers make of it."""


def _half_away(number: float, places: float = 0) -> float:
    """Rounded as PHP does: a half goes away from zero."""
    step = Decimal(1).scaleb(-int(places))
    return float(Decimal(plain(number)).quantize(step, ROUND_HALF_UP))


_FUNCTIONS: dict[str, Callable[..., float]] = {
    **{name: getattr(math, name) for name in "acos acosh asin asinh atan atan2 atanh ceil cos cosh exp floor".split()},
    **{name: getattr(math, name) for name in "fmod hypot log log10 pow sin sinh sqrt tan tanh".split()},
    "abs": abs,
    "deg2rad": math.radians,
    "max": max,
    "min": min,
    "pi": lambda: math.pi,
    "rad2deg": math.degrees,
    "round": _half_away,
}
"""The functions that formulas may use; others are bits, bases and tests."""
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: math.pow,
}
_PLACE = re.compile(r"\{([A-Za-z][^{}<>=:]{0,60})\}")
_FORMULA = re.compile(r"\{=((?:[^{}]|\{[^{}]*\})*)\}")
LONGEST_FORMULA = 1000
"""Characters."""
Numbers = Mapping[str, str]


def numbers_of(question: Element) -> Numbers:
    """The first set of numbers, by name; Refused where the file holds none that is whole."""
    found: dict[str, str] = {}
    places: set[int] = set()
    for one in question.iter("dataset_definition"):
        items = sorted(one.findall("dataset_items/dataset_item"), key=_place)
        places.update(_place(item) for item in items[:1])
        number = value_of(items[0], "value").replace(",", ".") if items else ""
        if not re.fullmatch(r"-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?", number, re.ASCII):
            raise _without_numbers(question)
        found[value_of(one, "name")] = number
    if len(places) != 1:
        raise _without_numbers(question)
    return found


def _without_numbers(question: Element) -> Refused:
    why = _("its numbers are not in the file.")
    return Refused(_("A question of the type %(type)s: %(why)s", type=question.get("type", ""), why=why))


def _place(item: Element) -> int:
    number = value_of(item, "number", "1")
    return int(number) if re.fullmatch(r"\d{1,9}", number) else 0


def filled(text: str, numbers: Numbers, shown: Callable[[float], str] | None = None) -> str:
    """A text with the numbers, and with the results of formulas in it, `{={a}*2}`."""
    text = _FORMULA.sub(lambda found: (shown or plain)(value(found[1], numbers)), text)
    return _PLACE.sub(lambda found: numbers.get(found[1], found[0]), text)


def _number(name: str, numbers: Numbers) -> str:
    if name not in numbers:
        raise Refused(_("No number is told for {%(name)s}.", name=name[:60]))
    return numbers[name]


def value(formula: str, numbers: Numbers) -> float:
    """What a formula comes to. Refused for one that can't be read surely."""
    text = _PLACE.sub(lambda found: f"({_number(found[1], numbers)})", formula.strip().removeprefix("="))
    if len(text) > LONGEST_FORMULA or re.search(r"//|[&#_]", text):
        raise _unreadable(formula)
    try:
        result = _value(ast.parse(text.strip(), mode="eval").body)
    except (ArithmeticError, SyntaxError, TypeError, ValueError, RecursionError, MemoryError):
        raise _unreadable(formula) from None
    if not math.isfinite(result):
        raise _unreadable(formula)
    return result


def _unreadable(formula: str) -> Refused:
    return Refused(_("The formula %(formula)s can't be worked out here.", formula=formula.strip()[:80]))


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd | ast.USub):
        inside = _value(node.operand)
        return -inside if isinstance(node.op, ast.USub) else inside
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = _FUNCTIONS.get(node.func.id.lower())
        if function is not None:
            return float(function(*map(_value, node.args)))
    raise ValueError


def plain(result: float) -> str:
    """A number without an exponent and without what binary numbers add to it."""
    return format(Decimal(f"{result:.{FIGURES}g}") + 0, "f")


def as_answer(answer: Element, result: float) -> dict[str, Any]:
    """The accepted range: its tolerance is a share of the result, a distance, or a factor."""
    tolerance = exact(value_of(answer, "tolerance", "0").replace(",", ".")).removeprefix("-")
    found = {"value": plain(result), "tolerance": tolerance}
    kind = {"1": "relative", "3": "geometric"}.get(value_of(answer, "tolerancetype", "1"))
    return {**found, "tolerance_kind": kind} if kind and tolerance.strip("0.") else found


def rounded(answer: Element) -> Callable[[float], str]:
    """How a result stands in an option: so many places, or so many figures."""
    length = value_of(answer, "correctanswerlength", "2")
    places = int(length) if re.fullmatch(r"\d{1,2}", length) and int(length) <= FIGURES else 2
    if value_of(answer, "correctanswerformat", "1") == "2":
        return lambda result: format(Decimal(f"{result:.{max(places, 1)}g}"), "f")
    return lambda result: _with_places(result, places)


def _with_places(result: float, places: int) -> str:
    number = Decimal(plain(result))
    return format(
        number if number.adjusted() >= FIGURES else number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f"
    )


def sets_of(question: Element) -> int:
    """How many sets of numbers the file holds."""
    return max(
        (len(one.findall("dataset_items/dataset_item")) for one in question.iter("dataset_definition")), default=0
    )


def told(question: Element, texts: Texts) -> None:
    """That the numbers stay the same here."""
    texts.remark(
        n_(
            "its numbers are those of the one set in the file.",
            "its numbers are those of the first of %(n)s sets in the file.",
            n=sets_of(question),
        )
    )
