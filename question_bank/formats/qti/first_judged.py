"""Statements of ILIAS that are each judged right or wrong (Kprim choice): prompts with the same two choices."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.first_keys import value_of
from question_bank.formats.qti.first_metadata import fields_of
from question_bank.formats.qti.items import Ask, Option

_LABELS = {"plus_minus": ("+", "−")}


def is_judged(element: Element) -> bool:
    """Whether the item says that each of its statements is to be judged."""
    return "kprim" in fields_of(element).get("questiontype", "").casefold()


def prompts_of(element: Element, option: Callable[[Element], Option]) -> list[Ask]:
    """The statements with what is right of each; its rules name a statement as the response, 1 or 0 as the value."""
    fields = fields_of(element)
    right, wrong = _LABELS.get(fields.get("option_label_setting", ""), ("✓", "✗"))
    choices = [
        Option("1", fields.get("custom_true_option_label") or right),
        Option("0", fields.get("custom_false_option_label") or wrong),
    ]
    judged = {
        one.get("respident", ""): value_of(one)
        for condition in element.iter("conditionvar")
        for one in condition.findall("varequal")
    }
    asks = []
    for label in element.iter("response_label"):
        statement = option(label)
        value = judged.get(statement.id)
        if value not in {"0", "1"}:
            raise Refused(_("The prompt “%(text)s” has no right choice.", text=statement.html[:60]))
        asks.append(Ask(statement.id, "choice", choices, right=[value], prompt_html=statement.html))
    return asks
