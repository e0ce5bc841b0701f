"""Pairs of an item of QTI as a matching or as gaps to fill, checked by trying them on the rules of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.items import Ask, Item, Option
from question_bank.formats.qti.trying import Trial

Content = dict[str, Any]
MOST_TRIED = 20
"""Choices and places that are tried in each other's stead."""
_UNANSWERED = re.compile(r"unanswered\d*")
"""The choice of OpenOlat's lists of true and false that stands for none."""


def _pairs(ask: Ask) -> list[tuple[str, str]]:
    found = [tuple(pair.split(" ", 1)) for pair in ask.right]
    return [(pair[0], pair[1]) for pair in found if len(pair) == 2]


def _check_pairs(item: Item, ask: Ask, trial: Trial) -> None:
    best = trial.score(ask.right) if ask.right else Fraction(0)
    exchanged = [(at, trial.score(pairs)) for at, pairs in _exchanged(ask)]
    if best <= 0 or any(score > best for _at, score in exchanged):
        raise Refused(_("The right pairs can't be told from the rules of the file."))
    missing = [trial.score(ask.right[:at] + ask.right[at + 1 :]) for at in range(min(len(ask.right), MOST_TRIED))]
    if any(missing[at] < score == best for at, score in exchanged):
        raise Refused(_("Several choices are right in one place by the rules of the file; here only one can be."))
    if any(missing[at] < score for at, score in exchanged):
        item.warn(_("Some other choices earn a part of the marks in the file, but nothing here."))
    alone = {trial.score([pair]) for pair in ask.right}
    beside = [trial.score([*ask.right[1:], pair]) for pair in _wrong_pairs(ask)]
    in_part = alone == {Fraction(0)} and any(0 < score < best for score in beside)
    if in_part or any(score < trial.score(ask.right[1:]) for score in beside):
        item.warn(_("Wrong choices cost marks in the file, but not here."))
    if in_part:
        return
    if len(alone) > 1:
        item.warn(_("Every part earns an equal share here; the file weighs them differently."))
    elif alone == {Fraction(0)} and len(ask.right) > 1:
        item.warn(_("Every part earns its share here; in the file only the whole answer earns."))


def _wrong_pairs(ask: Ask) -> list[str]:
    """The first right pair with another choice, or in another place."""
    one, two = ask.right[0].split(" ", 1)
    others = [f"{option.id} {two}" for option in ask.options] + [f"{one} {option.id}" for option in ask.targets]
    return [pair for pair in others if pair not in ask.right]


def _exchanged(ask: Ask) -> list[tuple[int, list[str]]]:
    """The right pairs, one of them given way to each choice with other words that the file could mean in its place.

    In a match either end of a pair may have another right one; a gap only takes other words.
    """
    found = []
    for number, (one, two) in enumerate(_pairs(ask)[:MOST_TRIED]):
        others = [f"{ident} {two}" for ident in _otherwise(ask.options, one)]
        others += [f"{one} {ident}" for ident in _otherwise(ask.targets, two) if ask.sort == "match"]
        found += [
            (number, [*ask.right[:number], pair, *ask.right[number + 1 :]]) for pair in others if pair not in ask.right
        ]
    return found


def _otherwise(options: Sequence[Option], own: str) -> list[str]:
    """The first choices that say something else."""
    words = next((option.html for option in options if option.id == own), None)
    return [option.id for option in options[:MOST_TRIED] if option.html != words]


def match(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    """Two lists of which each prompt of one has a choice of the other."""
    pairs = _pairs(ask)
    left, right = ask.options, ask.targets
    if len({one for one, _two in pairs}) < len(pairs) or len({one for one, _two in pairs}) < len(left):
        pairs, left, right = [(two, one) for one, two in pairs], right, left
    if len({one for one, _two in pairs}) < len(pairs):
        raise Refused(_("Prompts with several right choices each have no counterpart here."))
    _check_pairs(item, ask, trial)
    texts = {option.id: option.html for option in [*left, *right]}
    of = dict(pairs)
    if any(option.id not in of for option in left):
        raise Refused(_("A prompt has no right choice."))
    used = {texts[two] for two in of.values()}
    surplus = [option for option in right if option.html not in used and not _UNANSWERED.fullmatch(option.id)]
    distractors = [{"html": option.html} for option in surplus]
    content: Content = {"pairs": [{"html": one.html, "match_html": texts[of[one.id]]} for one in left]}
    return "matching", content | ({"distractors": distractors} if distractors else {})


def gaps(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    """Gaps of a text, each with the choice that belongs there."""
    of = {gap: choice for choice, gap in _pairs(ask)}
    if len(of) < len(ask.targets) or len(of) < len(ask.right):
        raise Refused(_("A gap has no choice that belongs there, or several."))
    _check_pairs(item, ask, trial)
    numbers = {option.id: number for number, option in enumerate(ask.options)}
    groups = ask.details.get("groups", {})
    choices = [
        {"html": option.html, "group": groups.get(option.id, 1), "unlimited": option.limit != 1}
        for option in ask.options
    ]
    return "drag_text", {"choices": choices, "gaps": [numbers[of[gap.id]] for gap in ask.targets]}


def associate(item: Item, ask: Ask, trial: Trial) -> tuple[str, Content]:
    """Choices of one list that belong together in twos: the first of each right pair is given the other one."""
    found = _pairs(ask)
    ends = [end for pair in found for end in pair]
    texts = {option.id: option.html for option in ask.options}
    if len(set(ends)) < len(ends):
        raise Refused(_("A choice that belongs to several others has no counterpart here."))
    if not found or not set(ends) <= set(texts):
        raise Refused(_("The right pairs can't be told from the rules of the file."))
    _check_pairs(item, ask, trial)
    item.warn(_("The file has one list to make pairs of; here the first of each pair is given the other one."))
    content: Content = {"pairs": [{"html": texts[one], "match_html": texts[two]} for one, two in found]}
    distractors = [{"html": option.html} for option in ask.options if option.id not in ends]
    return "matching", content | ({"distractors": distractors} if distractors else {})
