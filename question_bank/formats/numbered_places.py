"""Places in a picture told apart by numbers that are drawn on it."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

_LINE, _HALO, _WORDS = "#c00000", "#ffffff", "#ffffff"
_SMALLEST = 12
"""Pixels of a number's height."""
MOST = 60
"""Places in one picture."""
_MOST_CORNERS = 500
_LARGEST = 40_000_000
"""Pixels of a picture, which become three bytes each."""


@dataclass(frozen=True)
class Place:
    """A place: `rect` by left, top, right, bottom; `circle` by its middle and radius; `ellipse` by its middle and both
    radii; `poly` by its corners; `default` for the whole picture."""

    shape: str
    numbers: tuple[float, ...] = ()


def with_numbers(data: bytes, places: Sequence[Place | None], size: tuple[float, float] | None = None) -> bytes | None:
    """The picture with a number at each of the places, as PNG; None when one of them, or the picture, makes no sense.

    `size` is the size to which the places refer, where it is another than that of the picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "GIF", "WEBP"]) as opened:
            if opened.width * opened.height > _LARGEST:
                return None
            canvas = opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    wide, high = size or canvas.size
    scale = (canvas.width / wide, canvas.height / high)
    pen = ImageDraw.Draw(canvas)
    for number, place in enumerate(places[: MOST + 1], 1):
        corners = _outline(place, scale, canvas.size) if place is not None and number <= MOST else None
        if corners is None or not _is_on(corners, canvas.size):
            return None
        pen.line([*corners, corners[0]], fill=_HALO, width=5)
        pen.line([*corners, corners[0]], fill=_LINE, width=2)
        _badge(pen, str(number), corners, canvas.size)
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()


Corners = list[tuple[float, float]]


def _outline(place: Place, scale: tuple[float, float], size: tuple[int, int]) -> Corners | None:
    """The corners of a place on the picture; None when its coordinates make no sense."""
    shape, numbers = place.shape, place.numbers
    if not all(map(math.isfinite, numbers)) or len(numbers) > 2 * _MOST_CORNERS:
        return None
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


def _is_on(corners: Corners, size: tuple[int, int]) -> bool:
    """Whether a place is on the picture, be it in part, and no further than a pen can go."""
    across, down = [x for x, _y in corners], [y for _x, y in corners]
    return (
        all(abs(one) < 1_000_000 for one in (*across, *down))  # never so for one that is no number
        and (min(across) < size[0] and max(across) >= 0)
        and (min(down) < size[1] and max(down) >= 0)
    )


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
