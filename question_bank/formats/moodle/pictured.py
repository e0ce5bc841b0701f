"""Moodle's questions of places in a picture: each place gets a number drawn on it and is matched with its label."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.moodle.refused import REFUSED
from question_bank.formats.moodle.texts import Texts, value_of
from question_bank.formats.numbered_places import Place, with_numbers

Made = tuple[str, dict[str, Any], str]
"""A kind, its content, and the question's text in HTML."""
_LABEL = (60.0, 22.0)
"""Pixels of the box in which the place of a dragged label is shown; Moodle's file says only where it begins."""
_SHAPES = {"rectangle": "rect", "circle": "circle", "polygon": "poly"}


def markers(question: Element, texts: Texts) -> Made:
    """Marks to be set on a picture (ddmarker)."""
    return _matched(question, texts, [_marked(drop) for drop in question.findall("drop")])


def labels(question: Element, texts: Texts) -> Made:
    """Texts or pictures to be dragged onto a picture (ddimageortext)."""
    places = []
    for drop in question.findall("drop"):
        left, top = _numbers(f"{value_of(drop, 'xleft')},{value_of(drop, 'ytop')}", 2)
        places.append(Place("rect", (left, top, left + _LABEL[0], top + _LABEL[1])))
    return _matched(question, texts, places)


def _marked(drop: Element) -> Place:
    shape = _SHAPES.get(value_of(drop, "shape").casefold(), "")
    coords = value_of(drop, "coords")
    if shape == "rect":
        left, top, wide, high = _numbers(coords, 4)
        return Place("rect", (left, top, left + wide, top + high))
    return Place(shape, _numbers(coords, 3 if shape == "circle" else 0))


def _numbers(written: str, count: int) -> tuple[float, ...]:
    try:
        found = tuple(float(one) for one in re.split(r"[;,]", written))
    except ValueError:
        found = ()
    if not found or (count and len(found) != count):
        raise Refused(_("A place in the picture has no coordinates."))
    return found


def _matched(question: Element, texts: Texts, places: Sequence[Place]) -> Made:
    name = question.get("type", "").strip().casefold()
    shown = {value_of(drag, "no"): _shown(drag, texts) for drag in question.findall("drag")}
    chosen = [value_of(drop, "choice") for drop in question.findall("drop")]
    if not places or not all(shown.get(one) for one in chosen):
        why = _("a place in the picture has no label that belongs there.")
        raise Refused(_("A question of the type %(type)s: %(why)s", type=name, why=why))
    drawn = _drawn(question, places)
    address = texts.keep(drawn) if drawn is not None else None
    if address is None:
        raise Refused(_("A question of the type %(type)s: %(why)s", type=name, why=REFUSED[name]))
    texts.lose("numbered")
    pairs = [{"html": str(n), "match_html": shown[one]} for n, one in enumerate(chosen, 1)]
    others = [{"html": label} for no, label in shown.items() if no not in chosen and label]
    stem = texts.html(question.find("questiontext"))
    return "matching", {"pairs": pairs, "distractors": others}, f'{stem}<p><img src="{address}" alt=""></p>'


def _shown(drag: Element, texts: Texts) -> str:
    """A label: its text, or its picture with the text as what it shows."""
    text, file = value_of(drag, "text"), drag.find("file")
    if file is None:
        return texts.html(drag)
    address = texts.keep(_decoded(file))
    return f'<img src="{address}" alt="{html.escape(text)}">' if address else html.escape(text)


def _drawn(question: Element, places: Sequence[Place]) -> bytes | None:
    file = question.find("file")
    return with_numbers(_decoded(file), places) if file is not None else None


def _decoded(file: Element) -> bytes:
    try:
        return base64.b64decode("".join((file.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
