"""Keys of QTI 1.2 that name responses and options otherwise than the presentation does, put right before reading."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank.formats.qti import first_samigo, tree

_SEVERAL = frozenset({"multiple answer", "multiple_answers_question", "cc.multiple_response.v0p1"})
_ONE = frozenset({"multiple choice", "multiple_choice_question", "cc.multiple_choice.v0p1"})
_HOLDS = re.compile(r"<(?:img|audio|video|iframe|object|embed|svg|(?:\w+:)?math)\b", re.IGNORECASE)
"""Something to see or hear in markup without words."""
_RESPONSES = frozenset({"response_lid", "response_str", "response_num", "response_grp", "response_xy"})


def put_right(item: Element, warn: Callable[[Message], None]) -> None:
    """Let the key name what the presentation names: D2L names the field of a response, Blackboard Ultra lost names."""
    first_samigo.put_right(item)
    _one_name(item, warn)
    for response in item.iter():
        _name(response)
        _drop_blank(item, response, warn)
        _letter(item, response, warn)
        labels = [label.get("ident", "") for label in response.iter("response_label")]
        if (response.get("rcardinality") or "").casefold() == "ordered":
            _by_number(item, response, labels)
        if response.tag in {"response_str", "response_num"} and len(labels) == 1:
            for one in _comparisons(item, labels[0]):
                one.set("respident", response.get("ident", ""))
        elif response.tag in {"response_lid", "response_str"} and labels:
            _by_text(item, response)
            _by_place(item, response.get("ident", ""), labels, warn)


def _name(response: Element) -> None:
    """D2L says the name of a group where its rules say it; a field of text may be called a list of options."""
    if response.tag == "response_lid" and response.find("render_fib") is not None:
        response.tag = "response_str"
    if response.tag in _RESPONSES and not response.get("ident") and response.get("respident"):
        response.set("ident", response.get("respident", ""))


def _one_name(item: Element, warn: Callable[[Message], None]) -> None:
    """Where one list of options is asked and all rules ask of one other name, they mean that list."""
    responses = [one for one in item.iter() if one.tag in _RESPONSES]
    compared = list(item.iter("varequal"))
    names = {one.get("respident", "") for one in compared}
    labels = {label.get("ident", "") for one in responses for label in one.iter("response_label")}
    if len(responses) != 1 or responses[0].tag != "response_lid" or len(names) != 1:
        return
    known = {responses[0].get("ident", ""), responses[0].get("respident", ""), *labels}
    if names & known or not {value_of(one) for one in compared} <= labels:
        return
    for one in compared:
        one.set("respident", responses[0].get("ident", ""))
    warn(_("The rules ask of a name that nothing bears; they were taken for the one list of options."))


def _by_number(item: Element, response: Element, labels: list[str]) -> None:
    """Rules of D2L ask of each thing at which place it stands: here, which thing stands at that place."""
    asked = [one for one in item.iter("varequal") if one.get("respident") in labels]
    places = {one.get("respident"): value_of(one) for one in asked}
    if len(labels) < 2 or sorted(places.values()) != sorted(str(place) for place in range(1, len(labels) + 1)):
        return
    for one in asked:
        thing = one.get("respident", "")
        one.set("index", value_of(one))
        one.set("respident", response.get("ident", ""))
        one.text = thing


def _drop_blank(item: Element, response: Element, warn: Callable[[Message], None]) -> None:
    """Options without a text that nothing rewards fill up a form: they are left out where others stay."""
    if response.tag != "response_lid" or (response.get("rcardinality") or "").casefold() == "ordered":
        return
    rewarded = {
        value_of(one)
        for condition in item.iter("respcondition")
        if any(tree.text(score).strip("0. ") for score in condition.iter("setvar"))
        for one in condition.iter("varequal")
    }
    labels = list(response.iter("response_label"))
    blank = [one for one in labels if _is_blank(one) and one.get("ident") not in rewarded]
    if not blank or len(labels) - len(blank) < 2:
        return
    for holder in list(response.iter()):
        for one in blank:
            if one in list(holder):
                holder.remove(one)
    warn(_("Options without a text are left out."))


def _is_blank(label: Element) -> bool:
    if any(one.get("uri") or one.get("entityref") for one in label.iter()):
        return False
    return not any(_shows(one) for one in label.iter())


def _shows(element: Element) -> bool:
    """Whether the text of an element shows anything: as HTML, boxes and fixed spaces alone do not."""
    written = " ".join(part for part in (element.text, element.tail) if part).strip()
    if written and (element.get("texttype") or "").casefold() in {"text/html", "text/xhtml"}:
        return bool(text_of(written).strip()) or _HOLDS.search(written) is not None
    return bool(written)


def _letter(item: Element, response: Element, warn: Callable[[Message], None]) -> None:
    """Options without names, of which the key says the letters, have those in their order."""
    labels = list(response.iter("response_label")) if response.tag == "response_lid" else []
    named = {value_of(one) for one in _comparisons(item, response.get("ident", "")) if one.tag == "varequal"}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(labels)]
    if len(labels) > 1 and named and not any(one.get("ident") for one in labels) and named <= set(letters):
        for label, letter in zip(labels, letters, strict=False):
            label.set("ident", letter)
        warn(_("The key names the options by other names; they were taken in their order."))


def _comparisons(item: Element, response: str) -> list[Element]:
    return [one for one in item.iter() if response and one.get("respident") == response]


def _by_text(item: Element, response: Element) -> None:
    """A key that names the options of a list by their texts names them by their identifiers afterwards."""
    texts: dict[str, list[str]] = {}
    for label in response.iter("response_label"):
        texts.setdefault(" ".join("".join(label.itertext()).split()), []).append(label.get("ident", ""))
    known = {ident.casefold() for idents in texts.values() for ident in idents}
    compared = [one for one in _comparisons(item, response.get("ident", "")) if one.tag == "varequal"]
    named = {" ".join(value_of(one).split()) for one in compared}
    if not named or named & {"", *known} or any(len(texts.get(name, ())) != 1 for name in named):
        return
    for one in compared:
        one.text = texts[" ".join(value_of(one).split())][0]


def _by_place(item: Element, response: str, labels: list[str], warn: Callable[[Message], None]) -> None:
    """Names that no option bears, as many as there are options: they stand in the order of the options."""
    compared = [one for one in _comparisons(item, response) if one.tag == "varequal"]
    named = list(dict.fromkeys(filter(None, map(value_of, compared))))
    known = {label.casefold() for label in labels}
    if len(named) != len(labels) or len(named) < 2 or any(name.casefold() in known for name in named):
        return
    of = dict(zip(named, labels, strict=True))
    for one in compared:
        one.text = of.get(value_of(one), one.text)
    for one in item.iter("varequal"):
        one.set("respident", of.get(one.get("respident", ""), one.get("respident", "")))
    warn(_("The key names the options by other names; they were taken in their order."))


def cardinality(item: Element, response: Element, kind: str) -> str:
    """Whether one option is chosen or several: an explicit “and” of two options needs several, whatever is said.

    D2L says several of each list of options; where the kind says one and one option earns something, it is one.
    """
    said = (response.get("rcardinality") or "Single").casefold()
    ident = response.get("ident", "")
    if said == "single" and response.tag == "response_lid":
        joined = any(len(_joined(one, ident)) > 1 for one in item.iter("and"))
        return "multiple" if kind in _SEVERAL or joined else said
    if said == "multiple" and response.tag == "response_lid" and kind in _ONE and len(_rewarded(item, ident)) == 1:
        return "single"
    return said


def _rewarded(item: Element, response: str) -> set[str]:
    """The options of a list that stand in a rule which gives something."""
    giving = [
        one for one in item.iter("respcondition") if any(tree.text(score).strip("0. ") for score in one.iter("setvar"))
    ]
    return {value_of(one) for rule in giving for one in rule.iter("varequal") if one.get("respident") == response} - {
        ""
    }


def _joined(group: Element, response: str) -> set[str]:
    return {value_of(one) for one in group if one.tag == "varequal" and one.get("respident") == response}


def names_blanks(responses: list[Element], body: str) -> bool:
    """Whether each response is named in brackets in the text, by its own name or by that of its text."""
    return bool(responses) and all(
        one.tag == "response_lid"
        and any(
            f"[{name}]" in body
            for name in (one.get("ident", "").removeprefix("response_"), tree.text(one.find("material")))
        )
        for one in responses
    )


def boxes(response: Element) -> int:
    """How many fields a response has; D2L says so of one response with several."""
    field = response.find(".//render_fib")
    written = field.get("input_boxes", "") if field is not None else ""
    return int(written) if written.isdigit() else 1


def earns_in_part(item: Element) -> bool:
    """Whether Blackboard gives a part of the mark to an answer that is partly right."""
    return tree.text(tree.find(item, "bbmd_partialcredit")).casefold() == "true"


def asks(element: Element) -> bool:
    """Whether an element asks something: an extension may also hold nothing but settings."""
    if element.tag in _RESPONSES:
        return True
    return any(one.tag.startswith("render_") or one.tag in _RESPONSES for one in element.iter() if one is not element)


def value_of(element: Element) -> str:
    """The value that a comparison wants."""
    return "".join(element.itertext()).strip()
