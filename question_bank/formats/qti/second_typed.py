"""Typed answers that rules of QTI 2 and 3 accept: texts, numbers with a margin, ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.declarations import Declaration
from question_bank.formats.qti.items import Item, Typed
from question_bank.formats.qti.operators import margins, nearest, rounding_step
from question_bank.formats.qti.second_rules import literals
from question_bank.fractions import decimal
from question_bank.typed_text import number

_BELOW = {"lt": True, "lte": True, "gt": False, "gte": False}


def typed_of(declaration: Declaration, statements: Sequence[Element], item: Item) -> list[Typed]:
    """The answers that a declaration and the rules name, without saying yet what each is worth."""
    compared = literals(statements, declaration.id)
    if any(one.tag == "patternMatch" for one in compared):
        raise Refused(_("An answer marked by a regular expression has no counterpart here."))
    if any(one.get("caseSensitive") == "true" for one in compared) or any(
        exactly for _worth, exactly in declaration.mapping.values()
    ):
        item.warn(_("Capitals count in the file, but not here."))
    _near(declaration, statements, item)
    numeric = declaration.base in {"integer", "float"}
    found = list(_numbers(declaration, statements, compared, item) if numeric else _texts(declaration, compared))
    if item.own and numeric:
        return found
    return [one for at, one in enumerate(found) if all(one.answer != other.answer for other in found[:at])]


def _near(declaration: Declaration, statements: Sequence[Element], item: Item) -> None:
    """A mapping that also takes near answers: near spellings are only noted, near numbers have no counterpart."""
    tolerant = [one for statement in statements for one in statement.iter("mapTolResponse")]
    if any(one.get("identifier") == declaration.id for one in tolerant):
        if declaration.base != "string":
            raise Refused(_("The rule <%(name)s> has no counterpart here.", name="mapTolResponse"))
        item.warn(_("Near spellings count in the file, but not here."))


def _texts(declaration: Declaration, compared: Sequence[Element]) -> Iterator[Typed]:
    for text in [*declaration.mapping, *declaration.correct]:
        if text.strip():
            yield Typed({"text": text}, text)
    for one in compared:
        if one.tag == "substring" and one[0].tag == "variable":
            raise Refused(_("The accepted answers can't be told from the rules of the file."))
        inside = one.tag == "substring" or one.get("substring") == "true"
        for text in _constants(one, declaration):
            if text.strip():
                yield Typed({"text": f"*{text}*", "wildcards": True} if inside else {"text": text}, text)


def _constants(expression: Element, declaration: Declaration) -> Iterator[str]:
    for child in expression:
        if child.tag == "baseValue":
            yield "".join(child.itertext()).strip()
        elif child.tag == "correct":
            yield from declaration.correct
        elif child.tag in {"multiple", "ordered"}:
            yield from _constants(child, declaration)


def _numbers(
    declaration: Declaration, statements: Sequence[Element], compared: Sequence[Element], item: Item
) -> Iterator[Typed]:
    for statement in statements:
        for one in statement.iter():
            if one.tag == "and":
                yield from _range(one, declaration, item)
            elif one in compared and one.tag == "equal":
                if "false" in {one.get("includeLowerBound"), one.get("includeUpperBound")}:
                    item.warn(_("The ends of the range are accepted here, but not in the file."))
                yield from _with_margin(one, declaration)
            elif one in compared and one.tag == "equalRounded":
                item.warn(_("The ends of the range are accepted here, but not in the file."))
                yield from _rounded(one, declaration)
            elif one in compared and one.tag in {"match", "member"}:
                yield from (_value(text) for text in _constants(one, declaration))
    if not any(one.tag in {"equal", "equalRounded"} for one in compared):
        yield from (_value(text) for text in [*declaration.mapping, *declaration.correct])


def _value(text: str) -> Typed:
    found = number(text)
    if found is None:
        raise Refused(_("%(text)s is not a number.", text=text[:60]))
    exact = format(decimal(str(found)), "f")
    return Typed({"value": exact, "tolerance": "0"}, exact)


def _with_margin(expression: Element, declaration: Declaration) -> Iterator[Typed]:
    for text in _constants(expression, declaration):
        one = _value(text)
        below, above = margins(expression, Fraction(one.sample))
        if below == above:
            yield Typed({"value": one.sample, "tolerance": _exact(below)}, one.sample)
        else:
            value = Fraction(one.sample)
            yield Typed({"low": _exact(value - below), "high": _exact(value + above)}, one.sample)


def _rounded(expression: Element, declaration: Declaration) -> Iterator[Typed]:
    """Numbers that are the same as the wanted one once both are rounded."""
    for text in _constants(expression, declaration):
        one = _value(text)
        step = rounding_step(expression, Fraction(one.sample))
        if step is None:
            raise Refused(_("The rule <%(name)s> has no counterpart here.", name=expression.tag))
        middle = nearest(Fraction(one.sample), step)
        yield Typed({"value": _exact(middle), "tolerance": _exact(step / 2)}, _exact(middle))


def _range(group: Element, declaration: Declaration, item: Item) -> Iterator[Typed]:
    low: Decimal | None = None
    high: Decimal | None = None
    for one in group:
        if one.tag not in _BELOW or len(one) != 2:
            continue
        first, second = one
        is_below = _BELOW[one.tag]
        if first.tag == "baseValue":
            first, second, is_below = second, first, not is_below
        if first.get("identifier") != declaration.id or second.tag != "baseValue":
            continue
        bound = decimal("".join(second.itertext()).strip())
        low, high = (low, bound) if is_below else (bound, high)
    if low is not None and high is not None:
        if any(one.tag in {"lt", "gt"} for one in group) and not item.own:
            item.warn(_("The ends of the range are accepted here, but not in the file."))
        yield Typed({"low": format(low, "f"), "high": format(high, "f")}, format((low + high) / 2, "f"))


def _exact(value: Fraction) -> str:
    """A decimal written out. The margins of a file are decimals, so that nothing is rounded."""
    return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
