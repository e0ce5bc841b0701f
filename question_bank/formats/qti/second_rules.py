"""Response processing of QTI 2 and 3: rules run on a response, exactly, as far as they have a meaning here.

Source: IMS QTI 2.2 Assessment Test, Section and Item Information Model, 2.8 (response processing) and 2.11
(expressions); QTI 3.0 names the same rules in another spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from copy import copy
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.declarations import Declaration, declared, words_of
from question_bank.formats.qti.items import Responses, Verdict
from question_bank.formats.qti.operators import OPERATORS, Ordered, Value, number_of, same
from question_bank.typed_text import number

_TEMPLATES = {
    "match_correct": "match",
    "match_correct.xml": "match",
    "cc2_match": "match",
    "cc2_match_basic": "match",
    "cc2_match_basic_alt": "match",
    "map_response": "map",
    "cc2_map_response": "map",
}
_SETTING = frozenset({"setOutcomeValue", "lookupOutcomeValue", "responseProcessingFragment"})
_NUMBERS = frozenset({"integer", "float"})
_BUILT_IN: dict[str, Value] = {"numAttempts": Fraction(1), "duration": Fraction(0), "completionStatus": "unknown"}
"""What every item knows without a declaration, when it is answered for the first time."""


def unless(ident: str) -> str:
    """What feedback goes by that is shown until its outcome has its value, and not then."""
    return f"unless {ident}"


class _Exit(Exception):
    """The rules say that they are done."""


class SecondRules:
    """The rules of an item, run on responses; `asked` are the identifiers of the things that are asked."""

    def __init__(
        self,
        item: Element,
        responses: Mapping[str, Declaration],
        asked: Sequence[str],
        hidden: Collection[str] = (),
    ) -> None:
        self._responses = responses
        self._hidden = hidden
        self._outcomes = {one.get("identifier", ""): declared(one) for one in item.findall("outcomeDeclaration")}
        processing = item.find("responseProcessing")
        self.statements = list(processing) if processing is not None else []
        self._template = self._template_of(processing)
        named = processing.get("template", "") if processing is not None else ""
        self._tells = self._template == "match" and "CC2_" in named.upper() and "FEEDBACKBASIC" in self._outcomes
        self._asked = [one for one in asked if one in responses]
        self.shares = self._shares()
        self.score_name = self.shares[0] if self.shares else self._score()
        self.sets_no_score = False
        if not self._template and self._give_nothing():
            self._template = "declared"
        if self._template:
            self.shares = []

    @property
    def top(self) -> Fraction | None:
        """The highest score, as far as the item declares one."""
        for name in ("MAXSCORE", "MaxScore"):
            if name in self._outcomes and self._outcomes[name].initial:
                return number_of(self._outcomes[name].initial[0])
        found = self._outcomes.get(self.score_name) if not self.shares else None
        return found.normal[1] if found is not None else None

    @property
    def least(self) -> Fraction | None:
        """The lowest score, as far as the item declares one."""
        found = self._outcomes.get(self.score_name)
        return found.normal[0] if found is not None else None

    def _give_nothing(self) -> bool:
        """Whether the rules set no score, as Blackboard's and Moodle's do: then what is declared as right counts."""
        setting = {one.get("identifier") for part in self.statements for one in part.iter() if one.tag in _SETTING}
        self.sets_no_score = bool(self.statements) and self.score_name not in setting
        if self.sets_no_score and self.score_name in self._outcomes:
            return True
        plain = all(one.tag == "responseCondition" for one in self.statements)
        return plain and not any(
            child.tag in {"lookupOutcomeValue", "responseProcessingFragment"}
            or (child.tag == "setOutcomeValue" and self._is_number(child.get("identifier", "")))
            for one in self.statements
            for child in one.iter()
        )

    def _is_number(self, outcome: str) -> bool:
        known = self._outcomes.get(outcome)
        return known is None or outcome == self.score_name or known.base in _NUMBERS

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

    def _shares(self) -> list[str]:
        """The outcomes that each hold the score of one response, in an item that declares no score of the whole."""
        if "SCORE" in self._outcomes or len(self._asked) < 2:
            return []
        named = [name for ident in self._asked for name in (f"SCORE_{ident}", f"{ident}_SCORE")]
        return [name for name in named if name in self._outcomes]

    def _added(self, run: _Run, outcomes: Mapping[str, Value]) -> Fraction:
        """The scores of the parts, and what those are declared to be worth that no rule speaks of."""
        held = [outcomes.get(name) for name in self.shares]
        spoken = {one.get("identifier") for part in self.statements for one in part.iter()}
        unsaid = [self._one(run, ident, "") for ident in self._asked if ident not in spoken]
        return sum((one for one in held if isinstance(one, Fraction)), sum(unsaid, Fraction(0)))

    def part(self, outcome: str) -> SecondRules:
        """The same rules, scored by another outcome: one question of several in an item of ours."""
        other = copy(self)
        other.shares = []
        other.score_name = outcome
        return other

    def verdict(self, responses: Responses) -> Verdict:
        outcomes: dict[str, Value] = {name: self._initial(one) for name, one in self._outcomes.items()}
        run = _Run(self._responses, responses, outcomes, self._outcomes)
        outcomes |= {name: value for name, value in _BUILT_IN.items() if name not in outcomes}
        if self._template:
            outcomes[self.score_name] = self._by_template(run)
            if self._tells:
                outcomes["FEEDBACKBASIC"] = "correct" if outcomes[self.score_name] else "incorrect"
        else:
            with suppress(_Exit):
                run.all(self.statements)
            if self.shares:
                outcomes[self.score_name] = self._added(run, outcomes)
        score = outcomes.get(self.score_name)
        told = frozenset(
            f"{name} {value}"
            for name, held in outcomes.items()
            for value in (held if isinstance(held, list) else [held])
            if isinstance(value, str)
        )
        told |= {unless(ident) for ident in self._hidden if ident not in told}
        return Verdict(score if isinstance(score, Fraction) else Fraction(0), told)

    def _by_template(self, run: _Run) -> Fraction:
        if self._template == "declared":
            return sum((self._one(run, ident, "") for ident in self._asked), Fraction(0))
        keyed = [one for one in self._asked if self._responses[one].correct or self._responses[one].mapping]
        if len(keyed) > 1:
            scores = [self._one(run, one, self._template) for one in keyed]
            return sum(scores, Fraction(0)) if self._template == "map" else min(scores)
        ident = "RESPONSE" if "RESPONSE" in self._responses else next(iter(self._asked), "")
        return self._one(run, ident, self._template)

    def _one(self, run: _Run, ident: str, way: str) -> Fraction:
        declaration = self._responses.get(ident)
        if declaration is None:
            return Fraction(0)
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
        self,
        declarations: Mapping[str, Declaration],
        responses: Responses,
        outcomes: dict[str, Value],
        tables: Mapping[str, Declaration],
    ) -> None:
        self._tables = tables
        self._declarations = declarations
        self._responses = responses
        self._outcomes = outcomes

    def all(self, statements: Sequence[Element]) -> None:
        for one in statements:
            self._do(one)

    def _set(self, name: str, value: Value) -> None:
        """An outcome that is a number takes a number that is written as a text, as TAO writes it."""
        known = self._tables.get(name)
        if isinstance(value, str) and known is not None and known.base in _NUMBERS:
            value = _typed(value, known.base)
        self._outcomes[name] = value

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
            self._set(statement.get("identifier", ""), self.of(children[0]) if children else None)
        elif statement.tag == "responseProcessingFragment":
            self.all(list(statement))
        elif statement.tag == "lookupOutcomeValue" and len(statement) == 1:
            self._outcomes[statement.get("identifier", "")] = self._looked_up(statement)
        elif statement.tag == "exitResponse":
            raise _Exit
        else:
            raise Refused(_("The rule <%(name)s> has no counterpart here.", name=statement.tag))

    def _looked_up(self, statement: Element) -> Value:
        declaration, value = self._tables.get(statement.get("identifier", "")), self.of(statement[0])
        if declaration is None or not declaration.table:
            raise Refused(_("The rule <%(name)s> has no counterpart here.", name=statement.tag))
        if isinstance(value, Fraction):
            for source, included, target in declaration.table:
                if (value == source and included) or (value > source and not declaration.is_exact):
                    return _typed(target, declaration.base)
        return Fraction(0) if declaration.base in _NUMBERS else None

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
        operator = OPERATORS.get(expression.tag)
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


_LEAVES: dict[str, Callable[[_Run, Element], Value]] = {
    "variable": _Run.variable,
    "correct": _Run.declared_right,
    "mapResponse": _Run.by_mapping,
    "mapTolResponse": _Run.by_mapping,
    "baseValue": lambda _run, one: _typed(words_of(one), one.get("baseType", "string")),
    "null": lambda _run, _one: None,
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


def literals(statements: Sequence[Element], response: str) -> list[Element]:
    """The expressions of the rules that compare that response with something."""
    return [
        one
        for statement in statements
        for one in statement.iter()
        if any(child.tag == "variable" and child.get("identifier") == response for child in one)
    ]


_COMPARING = frozenset(
    "match equal equalRounded stringMatch substring member contains patternMatch gt gte lt lte".split()
)


def compares(statements: Sequence[Element], response: str) -> bool:
    """Whether the rules hold that response against something."""
    return any(one.tag in _COMPARING for one in literals(statements, response))
