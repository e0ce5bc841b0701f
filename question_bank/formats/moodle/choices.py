"""Moodle's choices: options with their weights, and how many of them are to be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.gift_signs import asks_for_several
from question_bank.formats.moodle.refused import plain_type
from question_bank.formats.moodle.texts import Texts, is_true, value_of
from question_bank.formats.moodle.weights import weight_of
from question_bank.formats.option_letters import without_letters
from question_bank.formats.rich_text import shows_something
from question_bank.fractions import evened

Made = tuple[str, dict[str, Any], str]
"""A kind, its content, and the question's text in HTML."""


def multichoice(question: Element, texts: Texts) -> Made:
    """One option to choose, or several."""
    answers = [one for one in question.findall("answer") if texts.raw(one)]
    stem, weights = texts.stem(question), evened([weight_of(one) for one in answers])
    kind = _how_many(question, weights, stem, texts)
    if kind == "multiple_choice":
        weights = _shared(weights, texts)
    options = [
        {"html": shown, "fraction": str(weight), "feedback_html": texts.html(one.find("feedback"))}
        for one, shown, weight in zip(answers, _shown(answers, texts), weights, strict=True)
    ]
    note_order(question, texts)
    for option in options:
        if not shows_something(option["html"]):
            texts.remark(
                _("An option shows nothing; it was written %(text)s.", text=option["html"].strip()[:60] or "<br>")
            )
    if plain_type(question) in {"multichoice", "calculatedmulti"}:
        tell_of_weights(kind, [weight for weight in weights if weight > 0], texts)
    return kind, {"options": options}, stem


_SEVERAL = frozenset({"0", "false", "no"})
"""What `single` says where several options may be chosen. Moodle takes anything else for one, and so do files with a
slip in this word."""


def _shown(answers: Sequence[Element], texts: Texts) -> list[str]:
    """The options in HTML, without letters that stand before them."""
    options = [texts.html(one) for one in answers]
    bare = without_letters(options)
    if bare is not None:
        texts.remark(_("The letters that stand before the options are left out."))
    return bare or options


def _how_many(question: Element, weights: list[Fraction], stem: str, texts: Texts) -> str:
    """Whether one option is to be chosen or several. Where the file does not say, shares of the mark that only
    together are the whole of it ask for several, and so do words of the question with several that are fully right."""
    said = value_of(question, "single").casefold()
    if said:
        return "multiple_choice" if said in _SEVERAL else "single_choice"
    shares = [share for share in weights if share > 0]
    if len(shares) > 1 and max(shares) < 1 and sum(shares) == 1:
        texts.remark(_("The file doesn't say how many options may be chosen; the shares of the mark say: several."))
        return "multiple_choice"
    if len(shares) > 1 and set(weights) <= {0, 1} and asks_for_several(text_of(stem)):
        return "multiple_choice"
    return "single_choice"


def _shared(weights: list[Fraction], texts: Texts) -> list[Fraction]:
    """Right options that are each worth the whole mark, each with its share: Moodle itself takes no sum above it."""
    full = weights.count(Fraction(1))
    if full < 2 or any(0 < weight < 1 for weight in weights):
        return weights
    texts.remark(_("The question asks for several; each of the %(n)s right options earns its share.", n=full))
    return [weight / full if weight == 1 else weight for weight in weights]


def tell_of_weights(kind: str, right: Sequence[Fraction], texts: Texts) -> None:
    """Say where the weights are not those of such a question: its author may have meant another."""
    if not right:
        return
    full, total, best = right.count(Fraction(1)), sum(right), f"{float(max(right) * 100):g}"
    if kind == "multiple_choice" and total != 1:
        percent = f"{float(total * 100):g}"
        texts.remark(_("The weights of the right options add up to %(percent)s%%.", percent=percent))
    elif kind == "single_choice" and full > 1:
        texts.remark(_("%(n)s options are each fully right; choosing any one earns the full mark.", n=full))
    elif kind == "single_choice" and not full:
        texts.remark(_("One option is to be chosen, but the best earns %(percent)s%% of the mark.", percent=best))


def all_or_nothing(question: Element, texts: Texts) -> Made:
    """Several options of which each right one earns the same share."""
    _kind, content, stem = multichoice(question, texts)
    right = sum(1 for option in content["options"] if Fraction(option["fraction"]) > 0)
    for option in content["options"]:
        option["fraction"] = str(Fraction(1, right)) if Fraction(option["fraction"]) > 0 else "0"
    return "multiple_choice", content, stem


def note_order(question: Element, texts: Texts) -> None:
    """Count a question whose options keep their order."""
    if not is_true(value_of(question, "shuffleanswers", "1")):
        texts.lose("in_order")
