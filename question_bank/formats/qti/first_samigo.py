"""What Sakai writes of QTI 1.2 in ways of its own, put as others write it before it is read.

Fields to type in earn nothing by its rules, several texts or the ends of a range stand in one value, and the pairs of a
matching name each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement

from question_bank.formats.qti import tree
from question_bank.formats.qti.first_metadata import fields_of
from question_bank.typed_text import number

_BETWEEN = "|"


def put_right(item: Element) -> None:
    """Put an item as others write it, if Sakai wrote it: what it says of the format of its text tells."""
    fields = fields_of(item)
    kind = fields.get("qmd_itemtype", "").casefold()
    if "text_format" not in fields:
        return
    if kind == "matching":
        _name_pairs(item)
    elif kind in {"fill in the blank", "numeric response"}:
        for field in item.iter("render_fin"):
            field.tag = "render_fib"
            field.set("fibtype", "Decimal")
        for holder in list(item.iter("or")):
            for one in list(holder.iterfind("varequal")):
                _part(holder, one, is_number=kind == "numeric response")
        _reward(item)


def _name_pairs(item: Element) -> None:
    """A rule asks of a target which source goes to it: the two are a pair."""
    labels = {label.get("ident", "") for label in item.iter("response_label")}
    for one in list(item.iter("varequal")):
        if {one.get("respident", ""), tree.text(one)} <= labels:
            one.tag = "varsubset"
            one.text = f"{tree.text(one)},{one.get('respident', '')}"


def _part(holder: Element, one: Element, *, is_number: bool) -> None:
    """Part `red|crimson` into texts and `4.9|5.1` into the ends of a range."""
    parts = [part.strip() for part in tree.text(one).split(_BETWEEN) if part.strip()]
    if len(parts) < 2:
        return
    response = one.get("respident", "")
    if not is_number:
        holder.remove(one)
        for part in parts:
            SubElement(holder, "varequal", dict(one.attrib)).text = part
    elif len(parts) == 2 and all(number(part) is not None for part in parts):
        holder.remove(one)
        span = SubElement(holder, "and")
        SubElement(span, "vargte", {"respident": response}).text = parts[0]
        SubElement(span, "varlte", {"respident": response}).text = parts[1]


def _reward(item: Element) -> None:
    """Let each field earn its share where the rules name what is right and give nothing for it."""
    scores = list(_scores(item))
    if scores and not any(tree.text(one).strip("0. ") for one in scores):
        top = next((one.get("maxvalue", "") for one in item.iter("decvar")), "")
        whole = number(top) or Decimal(1)
        for one in scores:
            one.text = format(round(whole / len(scores), 5), "f")


def _scores(item: Element) -> Iterator[Element]:
    for rule in item.iter("respcondition"):
        if rule.find("conditionvar/or") is not None:
            yield from rule.iter("setvar")
