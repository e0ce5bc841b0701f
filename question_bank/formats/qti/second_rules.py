"""Response processing of QTI 2 and 3: rules run on a response, exactly, as far as they have a meaning here.

Source: IMS QTI 2.2 Assessment Test, Section and Item Information Model, 2.8 (response processing) and 2.11
(expressions); QTI 3.0 names the same rules in another spelling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti import tree
from question_bank.formats.qti.items import Responses, Verdict
from question_bank.fractions import decimal
from question_bank.typed_text import number

Value = bool | Fraction | str | list["Value"] | None
_TEMPLATES = {
    "match_correct": "match",
    "match_correct.xml": "match",
    "cc2_match": "match",
    "cc2_match_basic": "match",
    "cc2_match_basic_alt": "match",
    "map_response": "map",
    "cc2_map_response": "map",
}
_NUMBERS = frozenset({"integer", "float"})


@dataclass
class Declaration:
    """A response or an outcome as declared; mapping: value to (worth, whether capitals count)."""

    id: str
    cardinality: str = "single"
    base: str = "identifier"
    correct: list[str] = field(default_factory=list)
    mapping: dict[str, tuple[Fraction, bool]] = field(default_factory=dict)
    lower: Fraction | None = None
    upper: Fraction | None = None
    default: Fraction = Fraction(0)
    initial: list[str] = field(default_factory=list)
    normal: tuple[Fraction | None, Fraction | None] = (None, None)
    has_area: bool = False


def declared(element: Element) -> Declaration:
    """A declaration read."""
    found = Declaration(
        element.get("identifier", ""), element.get("cardinality", "single"), element.get("baseType", "identifier")
    )
    found.correct = [_words(value) for one in element.findall("correctResponse") for value in one.findall("value")]
    found.initial = [_words(value) for one in element.findall("defaultValue") for value in one.findall("value")]
    found.normal = (_number(element.get("normalMinimum")), _number(element.get("normalMaximum")))
    found.has_area = element.find("areaMapping") is not None
    mapping = element.find("mapping")
    if mapping is not None:
        found.lower, found.upper = _number(mapping.get("lowerBound")), _number(mapping.get("upperBound"))
        found.default = _number(mapping.get("defaultValue")) or Fraction(0)
        for entry in mapping.findall("mapEntry"):
            worth = _number(entry.get("mappedValue"))
            if worth is None:
                raise Refused(_("The score %(text)s is not a number.", text=entry.get("mappedValue", "")[:40]))
            key = entry.get("mapKey", "")
            key = key if found.base == "string" else " ".join(key.split())
            found.mapping[key] = (worth, entry.get("caseSensitive") == "true")
    return found


class Ordered(list["Value"]):
    """A container whose order counts."""


class _Exit(Exception):
    """The rules say that they are done."""


class SecondRules:
    """The rules of an item, run on responses; `asked` are the identifiers of the things that are asked."""

    def __init__(self, item: Element, responses: Mapping[str, Declaration], asked: Sequence[str]) -> None:
        self._responses = responses
        self._outcomes = {one.get("identifier", ""): declared(one) for one in item.findall("outcomeDeclaration")}
        processing = item.find("responseProcessing")
        self.statements = list(processing) if processing is not None else []
        self._template = self._template_of(processing)
        self._asked = [one for one in asked if one in responses]
        self.score_name = self._score()
        if not self._template and not self.statements:
            self._template = "declared"

    @property
    def top(self) -> Fraction | None:
        """The highest score, as far as the item declares one."""
        for name in ("MAXSCORE", "MaxScore"):
            if name in self._outcomes and self._outcomes[name].initial:
                return _number(self._outcomes[name].initial[0])
        found = self._outcomes.get(self.score_name)
        return found.normal[1] if found is not None else None

    @property
    def least(self) -> Fraction | None:
        """The lowest score, as far as the item declares one."""
        found = self._outcomes.get(self.score_name)
        return found.normal[0] if found is not None else None

    def _template_of(self, processing: Element | None) -> str:
        if processing is None or len(processing):
            return ""
        name = (processing.get("template") or processing.get("templateLocation") or "").rstrip("/").rpartition("/")[2]
        if not name:
            return ""
        found = _TEMPLATES.get(name.casefold().removesuffix(".xml"))
        if found is None:
            raise Refused(_("The template %(name)s of response processing has no counterpart here.", name=name[:60]))
        return found

    def _score(self) -> str:
        if "SCORE" in self._outcomes:
            return "SCORE"
        numbers = [name for name, one in self._outcomes.items() if one.base in _NUMBERS and "MAX" not in name.upper()]
        named = [name for name in numbers if "SCORE" in name.upper()]
        return (named or numbers or ["SCORE"])[0]

    def part(self, outcome: str) -> SecondRules:
        """The same rules, scored by another outcome: one question of several in an item of ours."""
        other = copy(self)
        other.score_name = outcome
        return other

    def verdict(self, responses: Responses) -> Verdict:
        outcomes: dict[str, Value] = {name: self._initial(one) for name, one in self._outcomes.items()}
        run = _Run(self._responses, responses, outcomes)
        if self._template:
            outcomes[self.score_name] = self._by_template(run)
        else:
            with suppress(_Exit):
                run.all(self.statements)
        score = outcomes.get(self.score_name)
        told = frozenset(
            f"{name} {value}"
            for name, held in outcomes.items()
            for value in (held if isinstance(held, list) else [held])
            if isinstance(value, str)
        )
        return Verdict(score if isinstance(score, Fraction) else Fraction(0), told)

    def _by_template(self, run: _Run) -> Fraction:
        if self._template == "declared":
            return sum((self._one(run, ident, "") for ident in self._asked), Fraction(0))
        ident = "RESPONSE" if "RESPONSE" in self._responses else next(iter(self._asked), "")
        return self._one(run, ident, self._template)

    def _one(self, run: _Run, ident: str, way: str) -> Fraction:
        declaration = self._responses[ident]
        if way == "map" or (not way and declaration.mapping):
            return run.mapped(ident)
        if not declaration.correct:
            return Fraction(0)
        return Fraction(int(same(run.response(ident), run.correct(ident))))

    def _initial(self, declaration: Declaration) -> Value:
        values = [_typed(value, declaration.base) for value in declaration.initial]
        if declaration.cardinality != "single":
            return list(values) or None
        if values:
            return values[0]
        return Fraction(0) if declaration.base in _NUMBERS else None


class _Run:
    """One run of the rules."""

    def __init__(
        self, declarations: Mapping[str, Declaration], responses: Responses, outcomes: dict[str, Value]
    ) -> None:
        self._declarations = declarations
        self._responses = responses
        self._outcomes = outcomes

    def all(self, statements: Sequence[Element]) -> None:
        for one in statements:
            self._do(one)

    def _do(self, statement: Element) -> None:
        if statement.tag == "responseCondition":
            for branch in statement:
                if branch.tag == "responseElse":
                    self.all(list(branch))
                    return
                head, *rest = list(branch)
                if self.of(head) is True:
                    self.all(rest)
                    return
        elif statement.tag == "setOutcomeValue":
            children = list(statement)
            self._outcomes[statement.get("identifier", "")] = self.of(children[0]) if children else None
        elif statement.tag == "responseProcessingFragment":
            self.all(list(statement))
        elif statement.tag == "exitResponse":
            raise _Exit
        else:
            raise Refused(_("The rule <%(name)s> has no counterpart here.", name=statement.tag))

    def response(self, ident: str) -> Value:
        declaration = self._declarations[ident]
        values = [_typed(value, declaration.base) for value in self._responses.get(ident, ())]
        if declaration.cardinality == "single":
            return values[0] if values else None
        return (Ordered(values) if declaration.cardinality == "ordered" else list(values)) or None

    def correct(self, ident: str) -> Value:
        declaration = self._declarations.get(ident)
        if declaration is None or not declaration.correct:
            return None
        values = [_typed(value, declaration.base) for value in declaration.correct]
        if declaration.cardinality == "single":
            return values[0]
        return Ordered(values) if declaration.cardinality == "ordered" else list(values)

    def mapped(self, ident: str) -> Fraction:
        """The sum of what the values of a response are mapped to, each once, within the bounds."""
        declaration = self._declarations[ident]
        total = Fraction(0)
        for value in dict.fromkeys(self._responses.get(ident, ())):
            total += _mapped(declaration, value)
        if declaration.lower is not None:
            total = max(total, declaration.lower)
        if declaration.upper is not None:
            total = min(total, declaration.upper)
        return total

    def of(self, expression: Element) -> Value:
        """The value of an expression; Refused for one that has no meaning here."""
        leaf = _LEAVES.get(expression.tag)
        if leaf is not None:
            return leaf(self, expression)
        operator = _OPERATORS.get(expression.tag)
        if operator is None:
            raise Refused(_("The rule <%(name)s> has no counterpart here.", name=expression.tag))
        return operator(expression, [self.of(child) for child in expression])

    def variable(self, expression: Element) -> Value:
        ident = expression.get("identifier", "")
        if ident in self._declarations:
            return self.response(ident)
        return self._outcomes.get(ident)

    def by_mapping(self, expression: Element) -> Value:
        ident = expression.get("identifier", "")
        if ident not in self._declarations:
            raise Refused(_("The rules name %(name)s, which is not declared.", name=ident[:60]))
        return self.mapped(ident)

    def declared_right(self, expression: Element) -> Value:
        return self.correct(expression.get("identifier", ""))


def _mapped(declaration: Declaration, value: str) -> Fraction:
    if value in declaration.mapping:
        return declaration.mapping[value][0]
    for key, (worth, exactly) in declaration.mapping.items():
        given, wanted = _typed(value, declaration.base), _typed(key, declaration.base)
        if given == wanted or (
            isinstance(given, str) and isinstance(wanted, str) and not exactly and given.casefold() == wanted.casefold()
        ):
            return worth
    return declaration.default


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
    low, high = (_number(written[0]) or Fraction(0), _number(written[-1]) or Fraction(0))
    if mode == "absolute":
        return low, high
    if mode == "relative":
        return abs(wanted) * low / 100, abs(wanted) * high / 100
    return Fraction(0), Fraction(0)


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
    return None if one is None or not isinstance(many, list) else one in many


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
    low, high = (_number(expression.get(name)) for name in ("min", "max"))
    return (low is None or count >= low) and (high is None or count <= high)


def _rounded(_expression: Element, values: list[Value]) -> Value:
    found = _numbers(values)
    return Fraction(int(found[0] + Fraction(1, 2) // 1)) if found else None


def _is_null(_expression: Element, values: list[Value]) -> Value:
    return values[0] is None or values[0] == [] or values[0] == ""


_LEAVES: dict[str, Callable[[_Run, Element], Value]] = {
    "variable": _Run.variable,
    "correct": _Run.declared_right,
    "mapResponse": _Run.by_mapping,
    "baseValue": lambda _run, one: _typed(_words(one), one.get("baseType", "string")),
    "null": lambda _run, _one: None,
}
_OPERATORS: dict[str, Callable[[Element, list[Value]], Value]] = {
    "match": _match,
    "equal": _equal,
    "stringMatch": _string_match,
    "substring": _substring,
    "isNull": _is_null,
    "and": lambda _one, values: all(value is True for value in values),
    "or": lambda _one, values: any(value is True for value in values),
    "not": lambda _one, values: None if values[0] is None else values[0] is not True,
    "anyN": _any_n,
    "sum": _folding(0, lambda total, one: total + one),
    "product": _folding(1, lambda total, one: total * one),
    "subtract": lambda _one, values: values[0] - values[1] if (n := _numbers(values)) and len(n) == 2 else None,
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


def _typed(written: str, base: str) -> Value:
    if base in _NUMBERS:
        found = number(written)
        return None if found is None else Fraction(found)
    if base == "boolean":
        return written.strip() == "true"
    if base in {"pair", "directedPair"}:
        ends = written.split()
        return " ".join(sorted(ends) if base == "pair" else ends)
    return written if base == "string" else written.strip()


def _words(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _number(written: str | None) -> Fraction | None:
    if not written or not written.strip():
        return None
    try:
        return Fraction(decimal(written.strip()))
    except Refused:
        return None


def literals(statements: Sequence[Element], response: str) -> list[Element]:
    """The expressions of the rules that compare that response with something."""
    return [
        one
        for statement in statements
        for one in statement.iter()
        if any(child.tag == "variable" and child.get("identifier") == response for child in one)
    ]


__all__ = ["Declaration", "SecondRules", "declared", "literals", "margins", "tree"]
