"""Response processing of QTI 1.2: conditions on what was answered, each setting or adding to a score.

Source: IMS Question & Test Interoperability: ASI Best Practice and XML Binding 1.2.1, resprocessing, read as Canvas,
Common Cartridge, Blackboard, D2L and Respondus write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti import tree
from question_bank.formats.qti.items import Responses, Verdict
from question_bank.fractions import decimal
from question_bank.typed_text import number

_JOINED = frozenset({"and", "or", "not", "conditionvar"})
_RIGHT = frozenset({"correct", "allcorrect"})
"""Names of the feedback that only a right answer is shown."""
_COMPARED = {
    "varlt": lambda given, bound: given < bound,
    "varlte": lambda given, bound: given <= bound,
    "vargt": lambda given, bound: given > bound,
    "vargte": lambda given, bound: given >= bound,
}


def first_place(item: Element) -> int:
    """The number of the first place of an order: 1, or 0 where any place is called so."""
    return 0 if any(one.get("index") == "0" for one in item.iter("varequal")) else 1


@dataclass
class Condition:
    """A respcondition: what it asks, what it does to the score, which feedback it shows."""

    asked: Element | None
    sets: list[tuple[str, Fraction]] = field(default_factory=list)
    tells: list[str] = field(default_factory=list)
    is_last: bool = False


class FirstRules:
    """The conditions of an item, run in order.

    `cardinality` says of each response whether it is single, multiple or ordered, `options` which response an option
    belongs to.
    """

    def __init__(self, item: Element, cardinality: Mapping[str, str], options: Mapping[str, str]) -> None:
        self._cardinality = cardinality
        self.top: Fraction | None = None
        self.least = Fraction(0)
        self._floor: Fraction | None = None
        self._options = options
        self._name = _name_of_score(item)
        self._blanks = _blanks_of(item) if _OF_BLANK.fullmatch(self._name) else []
        self._first_place = first_place(item)
        declared = next((one for one in item.iter("decvar") if _named(one) == self._name), None)
        self._start = Fraction(0)
        if declared is not None:
            self.top = _exact(declared.get("maxvalue"))
            self._floor = _exact(declared.get("minvalue"))
            self.least = self._floor or Fraction(0)
            self._start = _exact(declared.get("defaultval")) or Fraction(0)
        self.conditions = [self._condition(one) for one in item.iter("respcondition")]
        self._score_by_feedback()
        self.takes_declared = (not self.scores and self._score_declared(item)) or self._settle()

    @property
    def scores(self) -> bool:
        """Whether any condition is worth something."""
        return any(value > 0 for condition in self.conditions for _action, value in condition.sets)

    def _condition(self, element: Element) -> Condition:
        found = Condition(element.find("conditionvar"))
        for one in element.iter("setvar"):
            if _named(one) in self._blanks:
                found.sets.append(("Add", self._value(tree.text(one)) / len(self._blanks)))
            elif _named(one) == self._name:
                found.sets.append(((one.get("action") or "Set").capitalize(), self._value(tree.text(one))))
        found.tells = [one.get("linkrefid", "") for one in element.iter("displayfeedback")]
        adds = any(action != "Set" for action, _value in found.sets)
        found.is_last = (element.get("continue") or "").casefold() == "no" and bool(found.sets) and not adds
        partial = self._partial(found)
        return partial or found

    def _value(self, written: str) -> Fraction:
        if written.casefold().endswith(".max"):
            return self.top if self.top is not None else Fraction(1)
        if written.casefold().endswith(".min"):
            return self.least
        value = _exact(written)
        if value is None:
            raise Refused(_("The score %(text)s is not a number.", text=written[:40]))
        return value

    def _partial(self, found: Condition) -> Condition | None:
        """Blackboard's share of an option, in percent: the condition names the option where the response stands."""
        asked = list(found.asked) if found.asked is not None else []
        if len(asked) != 1 or asked[0].tag != "varequal" or tree.text(asked[0]):
            return None
        response = self._options.get(asked[0].get("respident", ""))
        if response is None:
            return None
        element = Element("conditionvar")
        inner = Element("varequal", {"respident": response})
        inner.text = asked[0].get("respident", "")
        element.append(inner)
        worth = [("Set", value * (self.top or 1) / 100) for _action, value in found.sets if value]
        return Condition(element, worth, found.tells)

    def _score_by_feedback(self) -> None:
        """Blackboard and Sakai score some kinds only by showing the feedback "correct": those share the full score."""
        if self.scores:
            return
        right = [
            one
            for one in self.conditions
            if not _RIGHT.isdisjoint(map(str.casefold, one.tells))
            and one.asked is not None
            and not _has_other(one.asked)
        ]
        if not right or any(value for one in right for _action, value in one.sets):
            return
        asked = [frozenset(e.get("respident", "") for e in one.asked.iter()) for one in right if one.asked is not None]
        several = {name for names in asked for name in names if self._cardinality.get(name) == "multiple"}
        alike = len(right) > 1 and len(set(asked)) == 1 and several
        if len(set(asked)) == len(asked) > 1 or alike:
            for one in right:
                one.sets = [("Add", (self.top or Fraction(1)) / len(right))]
        else:
            for one in right:
                one.sets = [("Set", self.top or Fraction(1))]

    def _score_declared(self, item: Element) -> bool:
        """Where no answer earns anything, the one that the file calls right does, if it says so; whether it does."""
        elements = [one for one in item.iter("respcondition") if (one.get("correctanswer") or "").casefold() == "yes"]
        right = [one for one in self.conditions if any(one.asked is e.find("conditionvar") for e in elements)]
        right = [one for one in right if one.asked is not None and one.asked.find(".//varequal") is not None]
        for one in right:
            one.sets = [("Set", self.top or Fraction(1))]
        return bool(right)

    def _settle(self) -> bool:
        """Leave out rules that take everything back unless a wrong option is chosen; whether there are such.

        Some program writes one per wrong option, so that by the letter no answer earns anything.
        """
        responses = {one.get("respident", "") for asked in self._asked() for one in asked.iter("varequal")}
        right = {"".join(one.itertext()).strip() for name in responses for one in self.literals(name)}
        found = False
        for condition in self.conditions:
            denied = condition.asked.findall("not/varequal") if condition.asked is not None else []
            alone = condition.asked is not None and len(condition.asked) == len(denied) == 1
            takes = bool(condition.sets) and all(action == "Set" and value <= 0 for action, value in condition.sets)
            single = all(self._cardinality.get(one.get("respident", "")) == "single" for one in denied)
            if alone and takes and single and "".join(denied[0].itertext()).strip() not in right and self.scores:
                condition.sets = []
                found = True
        return found

    def _asked(self) -> list[Element]:
        return [one.asked for one in self.conditions if one.asked is not None]

    def verdict(self, responses: Responses) -> Verdict:
        score, told, met = self._start, set(), False
        for condition in self.conditions:
            if condition.asked is None or not self._holds(condition.asked, responses, met):
                continue
            for action, value in condition.sets:
                score = _acted(score, action, value)
            told.update(condition.tells)
            met = met or bool(condition.sets)
            if condition.is_last:
                break
        return Verdict(score if self._floor is None else max(score, self._floor), frozenset(told))

    def _holds(self, element: Element, responses: Responses, met: bool) -> bool:
        if element.tag == "or":
            return any(self._holds(child, responses, met) for child in element)
        if element.tag == "not":
            return not self._all(element, responses, met)
        if element.tag in _JOINED:
            return self._all(element, responses, met)
        if element.tag == "other":
            return not met
        given = list(responses.get(element.get("respident", ""), ()))
        if element.tag == "unanswered":
            return not given
        return self._compares(element, given)

    def _all(self, element: Element, responses: Responses, met: bool) -> bool:
        """All parts hold. Several values of one single response beside each other are alternatives of it."""
        groups: dict[str, list[Element]] = {}
        for child in element:
            name = child.get("respident", "")
            together = child.tag == "varequal" and self._cardinality.get(name) in {"single", "ordered"}
            groups.setdefault(name if together else f"\0{len(groups)}", []).append(child)
        ranges = any(child.tag in _COMPARED for child in element)
        if ranges and all(child.tag in _COMPARED or child.tag == "varequal" for child in element):
            return all(self._holds(child, responses, met) for child in element if child.tag in _COMPARED)
        return all(self._group_holds(group, responses, met) for group in groups.values())

    def _group_holds(self, group: list[Element], responses: Responses, met: bool) -> bool:
        name = group[0].get("respident", "")
        if len(group) > 1 and self._cardinality.get(name) == "ordered" and not group[0].get("index"):
            return list(responses.get(name, ())) == ["".join(one.itertext()).strip() for one in group]
        if group[0].get("index"):
            return all(self._holds(one, responses, met) for one in group)
        return any(self._holds(one, responses, met) for one in group)

    def _compares(self, element: Element, given: list[str]) -> bool:
        wanted = "".join(element.itertext()).strip()
        if element.tag == "varequal":
            index = element.get("index")
            if index and index.isdigit():
                place = int(index) - self._first_place
                return len(given) > place and given[place] == wanted
            exactly = (element.get("case") or "").casefold() == "yes"
            return any(one == wanted or (not exactly and one.casefold() == wanted.casefold()) for one in given)
        if element.tag in _COMPARED:
            bound = number(wanted)
            values = [value for value in map(number, given) if value is not None]
            return bound is not None and any(_COMPARED[element.tag](value, bound) for value in values)
        if element.tag == "varsubstring":
            return any(wanted.casefold() in one.casefold() for one in given)
        raise Refused(_("The rule <%(name)s> has no counterpart here.", name=element.tag))

    def literals(self, response: str, *, right_only: bool = True) -> Iterator[Element]:
        """The comparisons with that response in conditions that are worth something, none of them denied."""
        for condition in self.conditions:
            if condition.asked is None or (right_only and not any(value > 0 for _action, value in condition.sets)):
                continue
            for one in _undenied(condition.asked):
                if one.get("respident") == response:
                    yield one

    def ranges(self, response: str) -> Iterator[tuple[Element, list[Element]]]:
        """Each group of comparisons with that response that stand together, with the element they stand in."""
        for condition in self.conditions:
            if condition.asked is None or not any(value > 0 for _action, value in condition.sets):
                continue
            for group in condition.asked.iter():
                members = [one for one in group if one.get("respident") == response]
                if group.tag in {"conditionvar", "and", "or"} and members:
                    yield group, members


def _named(element: Element) -> str:
    return (element.get("varname") or element.get("variablename") or "SCORE").strip().casefold()


_OF_BLANK = re.compile(r"blank_\d+")


def _blanks_of(item: Element) -> list[str]:
    """The variables in which D2L counts each blank for itself; together they are the score."""
    return list(dict.fromkeys(name for one in item.iter("setvar") if _OF_BLANK.fullmatch(name := _named(one))))


def _name_of_score(item: Element) -> str:
    """The variable that counts: SCORE where it is set, else one that is declared and set, else one that is set.

    Where it takes the value of another at the end, as D2L counts what is right, that other one counts.
    """
    is_set = [_named(one) for one in item.iter("setvar")]
    declared = [_named(one) for one in item.iter("decvar")]
    if "score" in is_set or not is_set:
        return "score" if "score" in is_set or not declared else declared[0]
    name = next((name for name in declared if name in is_set), is_set[0])
    values = [tree.text(one).casefold() for one in item.iter("setvar") if _named(one) == name]
    return next((value for value in values if value in is_set), name)


def _acted(score: Fraction, action: str, value: Fraction) -> Fraction:
    if action == "Add":
        return score + value
    if action == "Subtract":
        return score - value
    if action == "Multiply":
        return score * value
    if action == "Divide" and value:
        return score / value
    return value


def _has_other(asked: Element | None) -> bool:
    return asked is None or next(asked.iter("other"), None) is not None


def _undenied(element: Element) -> Iterator[Element]:
    if element.tag == "not":
        return
    if element.get("respident") is not None:
        yield element
    for child in element:
        yield from _undenied(child)


def _exact(written: str | None) -> Fraction | None:
    """The number written, or nothing; decimals stay exact."""
    if not written or not written.strip():
        return None
    try:
        found: Decimal = decimal(written.strip().replace(",", "."))
    except Refused:
        return None
    return Fraction(found)
