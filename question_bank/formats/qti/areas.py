"""Places in a picture that an item of QTI asks for, as choices: by their names, else by numbers drawn on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank import media
from question_bank.formats.numbered_places import Place, with_numbers
from question_bank.formats.qti.items import Item
from question_bank.formats.qti.texts import Texts

GRAPHIC = frozenset(
    {"hotspotInteraction", "graphicOrderInteraction", "graphicAssociateInteraction", "graphicGapMatchInteraction"}
)
"""Interactions whose choices are places in a picture."""
_PLACES = {"hotspotChoice": "simpleChoice", "associableHotspot": "simpleAssociableChoice"}


def told_apart(element: Element, texts: Texts, item: Item) -> str:
    """The picture of an interaction, whose places become choices with texts: their names, else their numbers."""
    places = [one for one in element if one.tag in _PLACES]
    if not places:
        raise Refused(_("The picture has no places to choose from."))
    picture = next((one for one in element if one.tag in {"object", "img", "picture"}), None)
    names = [_name(one) for one in places]
    named = all(names) and len(set(names)) == len(names)
    shown, numbered = _shown(picture, [] if named else places, texts)
    if named:
        item.warn(_("Places in a picture are chosen by their names here."))
    elif numbered:
        names = [str(number) for number in range(1, len(places) + 1)]
        item.warn(_("Places in a picture are chosen by numbers here, which were drawn on it."))
    else:
        item.warn(_("Places in a picture are chosen by their coordinates here: nothing could be drawn on the picture."))
        names = [f"{number} ({one.get('shape', '')} {one.get('coords', '')})" for number, one in enumerate(places, 1)]
    for one, name in zip(places, names, strict=True):
        one.tag = _PLACES[one.tag]
        one.text = name
    if picture is not None:
        element.remove(picture)
    return f"<p>{shown}</p>" if shown else ""


def _name(place: Element) -> str:
    return " ".join((place.get("hotspotLabel") or place.get("aria-label") or "").split())


def _shown(picture: Element | None, places: Sequence[Element], texts: Texts) -> tuple[str, bool]:
    """The picture as HTML, with a number at each of the places, and whether those could be drawn."""
    if picture is None:
        return "", False
    inner = picture if picture.tag != "picture" else next(picture.iter("img"), picture)
    source = inner.get("data") or inner.get("src") or ""
    alternative = inner.get("alt") or text_of("".join(inner.itertext()))
    if not source:
        return "", False
    data = texts.file(source) if places else None
    if data is not None and media.name_of(data) is not None:
        drawn = with_numbers(data, [_place(one) for one in places], _size(inner))
        if drawn is not None:
            return texts.made(drawn, alternative), True
    return texts.picture(source, alternative), False


def _size(picture: Element) -> tuple[int, int] | None:
    """The size to which the places refer, where the file says it."""
    found = [re.match(r"\d{1,4}", picture.get(name, "")) for name in ("width", "height")]
    width, height = (int(one.group()) if one else 0 for one in found)
    return (width, height) if width and height else None


def _place(element: Element) -> Place | None:
    """A place as the item says it; None when its coordinates are no numbers."""
    try:
        numbers = [float(one.strip().rstrip("%")) for one in element.get("coords", "").split(",") if one.strip()]
    except ValueError:
        return None
    return Place(element.get("shape", ""), tuple(numbers))
