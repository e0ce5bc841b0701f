"""Places in a picture that an item of QTI asks for, as choices: by their names, else by numbers drawn on it."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from PIL import Image, ImageDraw, ImageFont

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank import media
from question_bank.formats.qti.items import Item
from question_bank.formats.qti.texts import Texts

GRAPHIC = frozenset(
    {"hotspotInteraction", "graphicOrderInteraction", "graphicAssociateInteraction", "graphicGapMatchInteraction"}
)
"""Interactions whose choices are places in a picture."""
_PLACES = {"hotspotChoice": "simpleChoice", "associableHotspot": "simpleAssociableChoice"}
_LINE, _HALO, _WORDS = "#c00000", "#ffffff", "#ffffff"
_SMALLEST = 12
"""Pixels of a number's height."""


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
        drawn = _numbered(data, places, _size(inner))
        if drawn is not None:
            return texts.made(drawn, alternative), True
    return texts.picture(source, alternative), False


def _size(picture: Element) -> tuple[int, int] | None:
    """The size to which the places refer, where the file says it."""
    found = [re.match(r"\d{1,4}", picture.get(name, "")) for name in ("width", "height")]
    width, height = (int(one.group()) if one else 0 for one in found)
    return (width, height) if width and height else None


def _numbered(data: bytes, places: Sequence[Element], size: tuple[int, int] | None) -> bytes | None:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "GIF", "WEBP"]) as opened:
            canvas = opened.convert("RGB")
    except (OSError, ValueError):
        return None
    wide, high = size or canvas.size
    scale = (canvas.width / wide, canvas.height / high)
    pen = ImageDraw.Draw(canvas)
    for number, place in enumerate(places, 1):
        corners = _outline(place, scale, canvas.size)
        if corners is None:
            return None
        pen.line([*corners, corners[0]], fill=_HALO, width=5)
        pen.line([*corners, corners[0]], fill=_LINE, width=2)
        _badge(pen, str(number), corners, canvas.size)
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()


Corners = list[tuple[float, float]]


def _outline(place: Element, scale: tuple[float, float], size: tuple[int, int]) -> Corners | None:
    """The corners of a place on the picture; None when its coordinates make no sense."""
    try:
        numbers = [float(one.strip().rstrip("%")) for one in place.get("coords", "").split(",") if one.strip()]
    except ValueError:
        return None
    shape = place.get("shape", "")
    if shape == "rect" and len(numbers) == 4:
        left, top, right, bottom = numbers
        found = [(left, top), (right, top), (right, bottom), (left, bottom)]
    elif shape == "circle" and len(numbers) == 3:
        found = _round(numbers[0], numbers[1], numbers[2], numbers[2])
    elif shape == "ellipse" and len(numbers) == 4:
        found = _round(*numbers)
    elif shape == "poly" and len(numbers) >= 6:
        found = list(zip(numbers[::2], numbers[1::2], strict=False))
    elif shape == "default":
        return [(0, 0), (size[0] - 1, 0), (size[0] - 1, size[1] - 1), (0, size[1] - 1)]
    else:
        return None
    return [(x * scale[0], y * scale[1]) for x, y in found]


def _round(x: float, y: float, across: float, down: float) -> Corners:
    return [(x + across * math.cos(turn), y + down * math.sin(turn)) for turn in (n * math.pi / 16 for n in range(32))]


def _badge(pen: ImageDraw.ImageDraw, number: str, corners: Corners, size: tuple[int, int]) -> None:
    """A number above the place, or below it where there is no room above."""
    height = max(_SMALLEST, min(size) // 24)
    font = ImageFont.load_default(height)
    width = pen.textlength(number, font=font) + height / 2
    top = min(y for _x, y in corners) - height * 1.3
    if top < 0:
        top = min(max(y for _x, y in corners), size[1] - height * 1.3)
    middle = (min(x for x, _y in corners) + max(x for x, _y in corners)) / 2
    left = min(max(middle - width / 2, 0), max(size[0] - width, 0))
    pen.rectangle([left, top, left + width, top + height * 1.25], fill=_LINE, outline=_HALO)
    pen.text((left + height / 4, top), number, font=font, fill=_WORDS)
