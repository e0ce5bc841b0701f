"""Rules of QTI 2 and 3 made plain: values that nothing ever sets, and operators of makers that only tidy a text."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from question_bank.typed_text import number

_TIDYING = frozenset({"trim", "toascii"})
_PARSING = frozenset({"parsecommadecimal", "parsedecimal"})
_COUNTING = frozenset({"equal", "equalRounded", "lt", "lte", "gt", "gte"})
_SETTING = frozenset({"setOutcomeValue", "lookupOutcomeValue"})


def settle(item: Element) -> None:
    """Put the value of every such outcome into the rules of an item, where a text or a number is compared with it."""
    processing = item.find("responseProcessing")
    if processing is None:
        return
    _untidied(item, processing)
    _counted(item, processing)
    changing = {one.get("identifier") for one in processing.iter() if one.tag in _SETTING}
    outcomes = [*item.findall("outcomeDeclaration"), *item.findall("templateDeclaration")]
    held = {
        one.get("identifier", ""): ([value.text or "" for value in one.iter("value")], one.get("baseType", "string"))
        for one in outcomes
        if one.get("identifier") not in changing
    }
    single = {one.get("identifier") for one in outcomes if one.get("cardinality", "single") == "single"}
    for one in processing.iter():
        if one.tag == "index" and len(one) == 1 and one[0].tag == "variable" and one[0].get("identifier") in held:
            values, base = held[one[0].get("identifier", "")]
            at = one.get("n", "")
            if at.isdigit() and 1 <= int(at) <= len(values):
                _become(one, values[int(at) - 1], base)
        elif one.tag == "variable" and one.get("identifier") in held:
            values, base = held[one.get("identifier", "")]
            if len(values) == 1 and one.get("identifier") in single:
                _become(one, values[0], base)


def fixed_values(item: Element) -> dict[str, str]:
    """The one value of each variable of a template that nothing draws: a constant, as Inspera writes its settings."""
    found = {
        one.get("identifier", ""): ["".join(value.itertext()).strip() for value in one.iter("value")]
        for one in item.findall("templateDeclaration")
    }
    return {name: values[0] for name, values in found.items() if len(values) == 1 and values[0]}


def _untidied(item: Element, processing: Element) -> None:
    """Take operators away that only tidy what was typed, as the marking here does by itself."""
    typed = {one.get("identifier"): one for one in item.findall("responseDeclaration")}
    for parent in list(processing.iter()):
        for at, child in enumerate(list(parent)):
            inner, numeric = child, False
            while inner.tag == "customOperator" and len(inner) == 1 and _maker_of(inner) in _TIDYING | _PARSING:
                numeric = numeric or _maker_of(inner) in _PARSING
                inner = inner[0]
            parent[at] = inner
            declaration = typed.get(inner.get("identifier")) if inner.tag == "variable" else None
            if numeric and declaration is not None and declaration.get("baseType") == "string":
                declaration.set("baseType", "float")


def _counted(item: Element, processing: Element) -> None:
    """Take a text that the rules compare with a number only for a number, as R's exams write it for some programs."""
    for declared in item.findall("responseDeclaration"):
        if declared.get("baseType") != "string" or declared.get("cardinality") != "single":
            continue
        named = [
            one for one in processing.iter() if _names(one, declared.get("identifier", "")) and one.tag != "isNull"
        ]
        keys = [value.text or "" for value in declared.iter("value")]
        keys += [entry.get("mapKey", "") for entry in declared.iter("mapEntry")]
        if named and all(one.tag in _COUNTING for one in named) and all(number(key) is not None for key in keys):
            declared.set("baseType", "float")


def _names(expression: Element, response: str) -> bool:
    return any(child.tag == "variable" and child.get("identifier") == response for child in expression)


def _maker_of(operator: Element) -> str:
    """The name of an operator without its maker's: `depcp:Trim` and `org.example.Trim` are `trim`."""
    return re.split(r"[:./#]", operator.get("definition") or operator.get("class") or "")[-1].casefold()


def _become(element: Element, value: str, base: str) -> None:
    element.clear()
    element.tag, element.text = "baseValue", value
    element.set("baseType", base)
