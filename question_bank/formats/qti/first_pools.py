"""Pools of Blackboard before it wrote QTI (5 to 7), which publishers' programs still write: turned into QTI 1.2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement

from learnhub.kernel.markup import text_of
from question_bank.formats.qti import tree

POOL = "POOL"
"""The root of such a file."""
_HEAD = "QUESTION_"
_CHOICES = {"MULTIPLECHOICE": "Single", "TRUEFALSE": "Single", "EITHEROR": "Single", "MULTIPLEANSWER": "Multiple"}
_NAMES = {
    "TRUEFALSE": "true/false",
    "MULTIPLEANSWER": "multiple answer",
    "ESSAY": "essay",
    "SHORTRESPONSE": "essay",
    "MATCH": "matching",
}
_RESPONSE = "response"
_TAG = re.compile(r"</?\w+[^<>]*>")


def as_first(pool: Element) -> Element:
    """The pool as the same questions in QTI 1.2; a kind that is not known keeps its name, and is refused by it."""
    root = Element("questestinterop")
    title = pool.find("TITLE")
    holder = SubElement(root, "assessment", {"title": title.get("value", "") if title is not None else ""})
    for question in _in_order(pool):
        holder.append(_item(question))
    return root


def _in_order(pool: Element) -> list[Element]:
    """The questions as the list of the pool has them, then those that it does not name."""
    listed = [one.get("id", "") for one in pool.findall("QUESTIONLIST/QUESTION")]
    places = {ident: place for place, ident in reversed(list(enumerate(listed)))}
    found = [one for one in pool if one.tag.startswith(_HEAD)]
    return sorted(found, key=lambda one: places.get(one.get("id", ""), len(listed)))


def _item(question: Element) -> Element:
    kind = question.tag.removeprefix(_HEAD)
    item = Element("item", {"ident": question.get("id", ""), "title": ""})
    name = SubElement(SubElement(item, "itemmetadata"), "bbmd_questiontype")
    name.text = _NAMES.get(kind, kind.casefold())
    presentation = SubElement(item, "presentation")
    body = question.find("BODY")
    _material(presentation, body if body is not None else Element("BODY"))
    processing = SubElement(item, "resprocessing")
    answers = _placed(question.findall("ANSWER"))
    key = [(one.get("answer_id", ""), one.get("choice_id", "")) for one in question.iter("CORRECTANSWER")]
    if kind in _CHOICES:
        _choose(presentation, processing, answers, [answer for answer, _choice in key], _CHOICES[kind])
    elif kind == "FILLINBLANK":
        SubElement(_response(presentation, "response_str", _RESPONSE), "render_fib")
        for answer in answers:
            _equal(_condition(processing), _RESPONSE, _typed(answer))
    elif kind == "MATCH":
        _match(presentation, processing, answers, _placed(question.findall("CHOICE")), dict(key))
    elif kind == "ORDER":
        _labels(_response(presentation, "response_lid", _RESPONSE, "Ordered"), answers)
        condition = _condition(processing)
        for place, (ident, _choice) in enumerate(key, 1):
            _equal(condition, _RESPONSE, ident, index=str(place))
    elif kind in {"ESSAY", "SHORTRESPONSE"}:
        SubElement(_response(presentation, "response_str", _RESPONSE), "render_fib")
        for answer in answers[:1]:
            _material(SubElement(item, "itemfeedback", {"ident": "solution"}), answer)
    _feedback(question, item)
    return item


def _typed(answer: Element) -> str:
    """What is to be typed: a text without the markup that its field may have."""
    written = tree.text(answer.find("TEXT"))
    return text_of(written) if _TAG.search(written) else written


def _placed(elements: Sequence[Element]) -> list[Element]:
    def place(element: Element) -> int:
        written = element.get("position", "")
        return int(written) if written.isdigit() else len(elements)

    return sorted(elements, key=place)


def _material(holder: Element, source: Element) -> None:
    """The text of a body or an answer; only a body may say that it is plain."""
    is_plain = any(one.get("value") == "false" for one in source.iter("ISHTML"))
    kind = {"texttype": "text/plain"} if is_plain else {"texttype": "text/html"} if source.tag == "BODY" else {}
    text = SubElement(SubElement(holder, "material"), "mattext", kind)
    written = source.find("TEXT")
    text.text = "".join(written.itertext()) if written is not None else ""


def _response(presentation: Element, tag: str, ident: str, cardinality: str = "Single") -> Element:
    return SubElement(presentation, tag, {"ident": ident, "rcardinality": cardinality})


def _labels(response: Element, options: Sequence[Element]) -> None:
    holder = SubElement(response, "render_choice")
    for option in options:
        _material(SubElement(holder, "response_label", {"ident": option.get("id", "")}), option)


def _condition(processing: Element, action: str = "Set", worth: str = "100") -> Element:
    condition = SubElement(processing, "respcondition")
    asked = SubElement(condition, "conditionvar")
    SubElement(condition, "setvar", {"varname": "SCORE", "action": action}).text = worth
    return asked


def _equal(holder: Element, response: str, value: str, **more: str) -> None:
    SubElement(holder, "varequal", {"respident": response, **more}).text = value


def _choose(
    presentation: Element, processing: Element, answers: Sequence[Element], right: Sequence[str], cardinality: str
) -> None:
    _labels(_response(presentation, "response_lid", _RESPONSE, cardinality), answers)
    if not right:
        return
    condition = _condition(processing)
    if cardinality == "Single":
        for ident in right:
            _equal(condition, _RESPONSE, ident)
        return
    together = SubElement(condition, "and")
    known = [answer.get("id", "") for answer in answers]
    for ident in [*known, *(one for one in right if one not in known)]:
        _equal(together if ident in right else SubElement(together, "not"), _RESPONSE, ident)


def _match(
    presentation: Element,
    processing: Element,
    answers: Sequence[Element],
    choices: Sequence[Element],
    key: dict[str, str],
) -> None:
    for answer in answers:
        ident = answer.get("id", "")
        response = _response(presentation, "response_lid", ident)
        _material(response, answer)
        _labels(response, choices)
        if key.get(ident):
            _equal(_condition(processing, "Add", "1"), ident, key[ident])


def _feedback(question: Element, item: Element) -> None:
    """What is told to right and to wrong answers."""
    for name, ident in (("FEEDBACK_WHEN_CORRECT", "correct_fb"), ("FEEDBACK_WHEN_INCORRECT", "incorrect_fb")):
        for written in _written(question, name):
            text = SubElement(SubElement(SubElement(item, "itemfeedback", {"ident": ident}), "material"), "mattext")
            text.text = written


def _written(question: Element, name: str) -> Iterator[str]:
    for one in question.iter(name):
        if tree.text(one):
            yield "".join(one.itertext())
