"""Fields to type in, as QTI 1.2 has them: texts, numbers, several fields of one response, blanks of Canvas."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.qti import first_keys
from question_bank.formats.qti.first_metadata import fields_of
from question_bank.formats.qti.first_numbers import numbers_of
from question_bank.formats.qti.first_rules import FirstRules
from question_bank.formats.qti.items import Ask, Item, Typed
from question_bank.fractions import decimal
from question_bank.typed_text import number


def typed_field(response: Element, rules: FirstRules, item: Item, prompt: str, own_limits: bool = False) -> Ask:
    """What a response of typed text accepts; with `own_limits`, a field of numbers says itself between which."""
    ident = response.get("ident", "")
    field = response.find(".//render_fib")
    written = (field.get("fibtype") or "").casefold() if field is not None else ""
    found = list(rules.literals(ident))
    numeric = (
        response.tag == "response_num"
        or written in {"decimal", "integer", "scientific"}
        or any(one.tag not in {"varequal", "varsubstring"} for one in found)
        or item.kind in {"numerical_question", "numeric", "significant figures"}
        or (item.kind == "numerical" and all(number(first_keys.value_of(one)) is not None for one in found))
    )
    if numeric:
        numbers = numbers_of(rules, ident, item)
        return Ask(ident, "number", typed=_between(field, numbers) if own_limits else numbers, prompt_html=prompt)
    if any((one.get("case") or "").casefold() == "yes" for one in found):
        item.warn(_("Capitals count in the file, but not here."))
    typed = []
    for one in found:
        text = first_keys.value_of(one)
        if one.tag == "varsubstring":
            typed.append(Typed({"text": f"*{text}*", "wildcards": True}, text))
        elif text:
            typed.append(Typed({"text": text}, text))
    fields = first_keys.boxes(response)
    if fields > 1:
        return Ask(ident, "boxes", typed=typed, prompt_html=prompt, details={"boxes": fields})
    return Ask(ident, "text", typed=typed, prompt_html=prompt)


def _between(field: Element | None, typed: list[Typed]) -> list[Typed]:
    """One accepted number, with the limits that its field gives around it."""
    if field is None or len(typed) != 1 or "value" not in typed[0].answer:
        return typed
    low, high = number(field.get("minnumber") or ""), number(field.get("maxnumber") or "")
    value = number(typed[0].sample)
    if low is None or high is None or value is None or not low <= value <= high or low == high:
        return typed
    return [Typed({"low": format(decimal(str(low)), "f"), "high": format(decimal(str(high)), "f")}, typed[0].sample)]


def accepted_labels(ident: str, labels: Sequence[tuple[Element, str]], item: Item, prompt: str) -> Ask:
    """A blank of Canvas: its labels, each with its text, are all accepted, though the rules name only one of them."""
    ways = {label.get("scoring_algorithm") for label, _html in labels}
    if "TextRegex" in ways:
        raise Refused(_("A blank marked by a regular expression has no counterpart here."))
    if "TextCloseEnough" in ways:
        item.warn(_("Near spellings count in the file, but not here."))
    contains = "TextContainsAnswer" in ways
    typed = []
    for label, html in labels:
        text = text_of(html)
        if text:
            answer = {"text": f"*{text}*", "wildcards": True} if contains else {"text": text}
            typed.append(Typed(answer, label.get("ident", "")))
    right = labels[0][0].get("ident", "") if labels else ""
    return Ask(ident, "text", typed=typed, right=[right], prompt_html=prompt, details={"all_accepted": True})


def counts_capitals(item: Element, asks: Sequence[Ask]) -> bool:
    """Whether New Quizzes tells capitals apart in blanks whose answers have any."""
    exact = fields_of(item).get("case_sensitive", "").casefold() == "true" or any(
        label.get("ignore_case") == "false"
        or (label.get("answer_type") == "openEntry" and label.get("scoring_algorithm") == "TextEquivalence")
        for label in item.iter("response_label")
    )
    texts = [typed.answer.get("text", "") for ask in asks for typed in ask.typed]
    return exact and any(text != text.lower() for text in texts)
