"""Matchings of QTI 1.2 that are one response: its rules name pairs of labels as subsets of what was joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti import tree
from question_bank.formats.qti.first_keys import value_of
from question_bank.formats.qti.items import Ask, Option, Responses, Verdict
from question_bank.fractions import decimal

_Pair = tuple[str, str]


class PairRules:
    """Each right pair adds what it is worth."""

    def __init__(self, worths: Mapping[_Pair, Fraction]) -> None:
        self.worths = dict(worths)

    def verdict(self, responses: Responses) -> Verdict:
        joined = ((prompt, choice) for prompt, choices in responses.items() for choice in choices)
        return Verdict(sum((self.worths.get(pair, Fraction(0)) for pair in joined), Fraction(0)))


def pairs_of(item: Element) -> dict[_Pair, Fraction]:
    """The pairs that the rules of an item name, with what each adds."""
    found: dict[_Pair, Fraction] = {}
    for condition in item.iter("respcondition"):
        subsets = list(condition.iter("varsubset"))
        names = [name.strip() for name in value_of(subsets[0]).split(",")] if len(subsets) == 1 else []
        if len(names) == 2:
            worths = [tree.text(one) for one in condition.iter("setvar")]
            found[names[0], names[1]] = sum((Fraction(decimal(one)) for one in worths if one), Fraction(0))
    return found


def prompts_of(
    response: Element, pairs: Mapping[_Pair, Fraction], option: Callable[[Element], Option]
) -> tuple[list[Ask], PairRules]:
    """The prompts of a response, each with its choices and the right one; those to be joined name their group.

    Where some of those belong nowhere, or to several, and each of the others has one, the others are the prompts.
    """
    labels = {label.get("ident", ""): label for label in response.iter("response_label")}
    left = [ident for ident, label in labels.items() if label.get("match_group") is not None]
    worths: dict[_Pair, Fraction] = {}
    for (one, other), worth in pairs.items():
        if (one in left) == (other in left) or not {one, other} <= set(labels):
            raise Refused(_("The right pairs can't be told from the rules of the file."))
        if worth > 0:
            worths[(one, other) if one in left else (other, one)] = worth
    others = [ident for ident in labels if ident not in left]
    turned = {(choice, prompt): worth for (prompt, choice), worth in worths.items()}
    if not _each_once(left, worths) and _each_once(others, turned):
        left, others, worths = others, left, turned
    choices = [option(labels[ident]) for ident in others]
    asks = []
    for ident in left:
        right = [choice for prompt, choice in worths if prompt == ident]
        if len(right) > 1:
            raise Refused(_("Prompts with several right choices each have no counterpart here."))
        if not right:
            raise Refused(_("A prompt has no right choice."))
        asks.append(Ask(ident, "choice", choices, right=right, prompt_html=option(labels[ident]).html))
    return asks, PairRules(worths)


def _each_once(prompts: list[str], worths: Mapping[_Pair, Fraction]) -> bool:
    return sorted(prompt for prompt, _choice in worths) == sorted(prompts)
