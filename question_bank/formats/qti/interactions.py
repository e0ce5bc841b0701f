"""What QTI 2 and 3 let a member do, interaction by interaction, as something asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.qti.declarations import Declaration
from question_bank.formats.qti.items import Ask, Item, Option, Typed
from question_bank.formats.qti.second_rules import compares, literals
from question_bank.formats.qti.second_typed import typed_of
from question_bank.formats.qti.texts import serialised

Html = Callable[[Element], str]


@dataclass
class Made:
    """Something asked, and the text it stands in where that text is part of it."""

    ask: Ask
    text: str = ""


Maker = Callable[[Element, Declaration, Sequence[Element], Item, Html], Made]


def tokens(element: Element) -> dict[str, str]:
    """Settings of our own in the class of an interaction: `most-3` is most: 3."""
    found = {}
    for word in (element.get("class") or "").split():
        name, dash, value = word.removeprefix("lh-").partition("-")
        if word.startswith("lh-") and dash:
            found[name] = value
    return found


def is_inside_text(element: Element) -> bool:
    """Whether an interaction stands inside a line of text."""
    return element.tag in {"textEntryInteraction", "inlineChoiceInteraction"}


def _option(element: Element, html: Html, item: Item) -> Option:
    """A choice; feedback inside it that goes by its name is its own, even where an exporter wrote that it hides."""
    own = ""
    for parent in list(element.iter()):
        for child in list(parent):
            named = child.tag in {"feedbackInline", "feedbackBlock"}
            if named and child.get("identifier") == element.get("identifier"):
                own += html(child)
                _cut(parent, child)
    limit = element.get("matchMax", "1")
    return Option(element.get("identifier", ""), html(element), int(limit) if limit.isdigit() else 1, own)


def _cut(parent: Element, child: Element) -> None:
    """Take an element out and leave the text behind it."""
    at = list(parent).index(child)
    if child.tail:
        if at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _right(declaration: Declaration, statements: Sequence[Element]) -> list[str]:
    """The right response: as declared, else what the mapping or the rules are worth something for."""
    if declaration.correct:
        return [value.strip() for value in declaration.correct]
    mapped = [key for key, (worth, _exactly) in declaration.mapping.items() if worth > 0]
    if mapped:
        return mapped
    return [
        "".join(one.itertext()).strip()
        for expression in literals(statements, declaration.id)
        for one in expression.iter("baseValue")
    ]


def _choice(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    options = [_option(one, html, item) for one in element.iter("simpleChoice")]
    multiple = declaration.cardinality != "single" and element.get("maxChoices") != "1"
    right = [value for value in dict.fromkeys(_right(declaration, statements)) if any(o.id == value for o in options)]
    layout = tokens(element).get("layout", "vertical")
    horizontal = element.get("orientation") == "horizontal"
    details = {"layout": "horizontal" if horizontal else layout}
    return Made(Ask(declaration.id, "choice", options, multiple=multiple, right=right, details=details))


def _inline(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    right = _right(declaration, statements)
    found = [_option(one, html, item) for one in element.iter("inlineChoice")]
    options = [one for one in found if text_of(one.html) or "<img" in one.html or one.id in right]
    return Made(Ask(declaration.id, "inline", options, right=right))


def _entry(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    if declaration.cardinality == "record":
        raise Refused(_("An answer in several fields has no counterpart here."))
    typed = typed_of(declaration, statements, item)
    numeric = declaration.base in {"integer", "float"}
    if not typed and not item.own:
        return Made(_by_hand(declaration, statements, item))
    details: dict[str, Any] = {"worths": _own_answers(element, typed)} if item.own else {}
    if item.own and "rest" in tokens(element):
        details["rest"] = True
    return Made(Ask(declaration.id, "number" if numeric else "text", typed=typed, details=dict(details)))


def _by_hand(declaration: Declaration, statements: Sequence[Element], item: Item) -> Ask:
    """A field of which the file names no answer: a person marks it."""
    if compares(statements, declaration.id):
        raise Refused(_("The accepted answers can't be told from the rules of the file."))
    item.warn(_("The file gives no accepted answer, so that a person marks what is typed."))
    return Ask(declaration.id, "essay")


def _own_answers(element: Element, typed: list[Typed]) -> list[str]:
    """What a field of ours says of its answers: in which a star stands for anything, and what numbers are worth."""
    worths = [one for one in tokens(element).get("worth", "").split(".") if one]
    del typed[len(worths) or len(typed) :]
    for number in tokens(element).get("wild", "").split("."):
        if number.isdigit() and 1 <= int(number) <= len(typed):
            typed[int(number) - 1].answer["wildcards"] = True
    return worths


def _extended(
    element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html
) -> Made:
    typed = [] if item.kind == "essay" else typed_of(declaration, statements, item)
    scored = not declaration.is_void and (bool(declaration.mapping) or compares(statements, declaration.id))
    if not typed and not item.own and compares(statements, declaration.id):
        raise Refused(_("The accepted answers can't be told from the rules of the file."))
    if typed and scored:
        return Made(Ask(declaration.id, "number" if declaration.base in {"integer", "float"} else "text", typed=typed))
    if declaration.correct and not item.marker_html:
        item.marker_html = "<br>".join(declaration.correct)
    found = tokens(element)
    details: dict[str, Any] = {n: int(found[n]) for n in ("least", "most") if found.get(n, "").isdigit()}
    return Made(Ask(declaration.id, "essay", details=details))


def _by_index(declaration: Declaration, statements: Sequence[Element]) -> list[str]:
    """The order that rules name place by place; empty when they name none, or a place twice."""
    places: dict[str, list[str]] = {}
    for statement in statements:
        for match in statement.iter("match"):
            index, constant = match.find("index"), match.find("baseValue")
            variable = index.find("variable") if index is not None else None
            if index is None or constant is None or variable is None or variable.get("identifier") != declaration.id:
                continue
            places.setdefault(index.get("n", ""), []).append("".join(constant.itertext()).strip())
    wanted = [str(number) for number in range(1, len(places) + 1)]
    if set(places) != set(wanted) or any(len(set(named)) != 1 for named in places.values()):
        return []
    return [places[number][0] for number in wanted]


def _order(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    options = [_option(one, html, item) for one in element.iter("simpleChoice")]
    limit = element.get("maxChoices", "")
    if limit.isdigit() and 0 < int(limit) < len(options):
        raise Refused(_("An order of only some of the items has no counterpart here."))
    right = [value.strip() for value in declaration.correct]
    if not right:
        named = _by_index(declaration, statements) or _right(declaration, statements)
        right = [value for value in named if any(option.id == value for option in options)]
    scoring = tokens(element).get("scoring")
    details = {"scoring": scoring} if scoring else {}
    return Made(Ask(declaration.id, "order", options, right=right, details=dict(details)))


def _match(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    sets = [
        [_option(one, html, item) for one in group.iter("simpleAssociableChoice")]
        for group in element.iter("simpleMatchSet")
    ]
    if len(sets) != 2:
        raise Refused(_("A match has two sets of choices."))
    right = [" ".join(value.split()) for value in _right(declaration, statements)]
    return Made(Ask(declaration.id, "match", sets[0], sets[1], True, right))


def _associate(
    element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html
) -> Made:
    options = [_option(one, html, item) for one in element.iter("simpleAssociableChoice")]
    right = [" ".join(value.split()) for value in _right(declaration, statements)]
    return Made(Ask(declaration.id, "associate", options, multiple=True, right=right))


def _placed(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    """Texts or pictures that are put on places in a picture."""
    choices = [_thing(one, html, item) for one in element if one.tag in {"gapText", "gapImg"}]
    places = [_option(one, html, item) for one in element.iter("simpleAssociableChoice")]
    right = [" ".join(value.split()) for value in _right(declaration, statements)]
    return Made(Ask(declaration.id, "match", choices, places, True, right))


def _thing(element: Element, html: Html, item: Item) -> Option:
    """A text or a picture to put somewhere; one whose picture is missing is told by its name."""
    found = _option(element, html, item)
    if not text_of(found.html) and "<img" not in found.html:
        found.html = escape(element.get("objectLabel") or found.id, quote=False)
    return found


def _gaps(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    choices = [one for one in element if one.tag in {"gapText", "gapImg"}]
    options = [_thing(one, html, item) for one in choices]
    groups = {
        one.get("identifier", ""): int(found) for one in choices if (found := tokens(one).get("group", "")).isdigit()
    }
    gaps: list[Option] = []

    for one in choices:
        _cut(element, one)
    for number, gap in enumerate(list(element.iter("gap")), 1):
        gaps.append(Option(gap.get("identifier", ""), ""))
        _mark_place(gap, _own_number(gap, item) or number)
    gaps.sort(key=lambda gap: int(gap.id[1:]) if item.own and gap.id[1:].isdigit() else 0)
    right = [" ".join(value.split()) for value in _right(declaration, statements)]
    details = {"groups": groups}
    ask = Ask(declaration.id, "gaps", options, gaps, True, right, details=dict(details))
    return Made(ask, _without_spans(html(element)))


def _hottext(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    options: list[Option] = []
    for number, piece in enumerate(list(element.iter("hottext")), 1):
        options.append(_option(piece, html, item))
        for child in list(piece):
            piece.remove(child)
        _mark_place(piece, _own_number(piece, item) or number)
    options.sort(key=lambda option: int(option.id[1:]) if item.own and option.id[1:].isdigit() else 0)
    multiple = declaration.cardinality != "single" and element.get("maxChoices") != "1"
    right = [value for value in _right(declaration, statements) if any(option.id == value for option in options)]
    ask = Ask(declaration.id, "hottext", options, multiple=multiple, right=right)
    return Made(ask, _without_spans(html(element)))


def _own_number(element: Element, item: Item) -> int:
    """The number of a place in a text of ours, which its identifier ends in; 0 in texts of others."""
    written = element.get("identifier", "")[1:]
    return int(written) if item.own and written.isdigit() else 0


def _mark_place(element: Element, number: int) -> None:
    element.tag = "span"
    element.attrib.clear()
    element.text = f"[[{number}]]"


def _without_spans(markup: str) -> str:
    return re.sub(r"<span>(\[\[\d+\]\])</span>", r"\1", markup)


def _upload(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    found = tokens(element)
    details: dict[str, object] = {
        name: int(found[name]) for name in ("most", "largest") if found.get(name, "").isdigit()
    }
    kinds = [one for one in found.get("accept", "").split(".") if one]
    kinds = kinds or list(dict.fromkeys(filter(None, map(_sort_of, (element.get("type") or "").split()))))
    if kinds:
        details["accept"] = kinds
    return Made(Ask(declaration.id, "upload", details=details))


def _sort_of(media_type: str) -> str:
    for start, sort in (("image/", "picture"), ("audio/", "audio"), ("video/", "video"), ("text/", "text")):
        if media_type.startswith(start):
            return sort
    return "pdf" if media_type == "application/pdf" else ""


def _slider(element: Element, declaration: Declaration, statements: Sequence[Element], item: Item, html: Html) -> Made:
    typed = typed_of(declaration, statements, item)
    bounds = f"{element.get('lowerBound', '')} … {element.get('upperBound', '')}"
    item.warn(_("A slider (%(bounds)s) is asked as a number to type.", bounds=bounds))
    return Made(Ask(declaration.id, "number", typed=typed))


MAKERS: dict[str, Maker] = {
    "choiceInteraction": _choice,
    "inlineChoiceInteraction": _inline,
    "textEntryInteraction": _entry,
    "extendedTextInteraction": _extended,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "gapMatchInteraction": _gaps,
    "hottextInteraction": _hottext,
    "uploadInteraction": _upload,
    "sliderInteraction": _slider,
    "associateInteraction": _associate,
    "hotspotInteraction": _choice,
    "graphicOrderInteraction": _order,
    "graphicAssociateInteraction": _associate,
    "graphicGapMatchInteraction": _placed,
}
"""The interactions that have a counterpart here; places in a picture were made choices before (see `areas`)."""

__all__ = ["MAKERS", "Made", "is_inside_text", "serialised", "tokens"]
