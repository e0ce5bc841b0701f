"""Lines of a GeoJSON file: read with limits, checked, and thinned to what a drawing can show (Douglas and Peucker)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

Position = tuple[float, float]
Line = list[Position]

MOST_BYTES = 5_000_000
MOST_FEATURES = 20_000
MOST_POSITIONS = 200_000
DEEPEST = 12
"""Brackets within brackets: a MultiPolygon in a FeatureCollection needs nine."""
PIXELS = 1200
"""How wide a drawing is at most; what is finer than a quarter of a pixel of it is left out."""
MOST_DRAWN = 12_000
"""Positions that are kept; a page must stay light."""
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_DEPTHS = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists stand around the positions of each kind of geometry."""


def read(data: bytes) -> list[Line]:
    """The lines of a file. Refused with a sentence when it is no GeoJSON of outlines, or larger than one needs."""
    if len(data) > MOST_BYTES:
        raise Refused(
            _("The file has more than %(most)s MB. Simplify the outline first.", most=MOST_BYTES // 1_000_000)
        )
    _check_depth(data)
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(_("This is not a GeoJSON file: it can't be read as JSON.")) from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise Refused(_("The file is JSON, but no FeatureCollection. Export the outline as GeoJSON."))
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise Refused(_("The FeatureCollection has no features."))
    if len(features) > MOST_FEATURES:
        raise Refused(_("The file has more than %(most)s features.", most=MOST_FEATURES))
    made: list[Line] = []
    left = MOST_POSITIONS
    for number, feature in enumerate(features, 1):
        for line in _lines_of(feature, number):
            left -= len(line)
            if left < 0:
                raise Refused(_("The file has more than %(most)s positions.", most=MOST_POSITIONS))
            made.append([_position(one, number) for one in line])
    if not made:
        raise Refused(_("The features of the file hold no lines."))
    return made


def _no_number(word: str) -> float:
    raise ValueError(word)


def _check_depth(data: bytes) -> None:
    """Refused when brackets stand deeper than any outline's; those within texts do not count."""
    depth = 0
    for token in _TOKENS.finditer(data):
        sign = token[0]
        if sign in (b"[", b"{"):
            depth += 1
            if depth > DEEPEST:
                raise Refused(_("The file is nested deeper than an outline is."))
        elif sign in (b"]", b"}"):
            depth -= 1


def _lines_of(feature: Any, number: int) -> Iterator[list[Any]]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if isinstance(feature, dict) and feature.get("type") == "Feature" and geometry is None:
        return
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in _DEPTHS:
        raise Refused(_("Feature %(n)s is neither a polygon nor a line. An outline holds nothing else.", n=number))
    level: list[Any] = [geometry.get("coordinates")]
    for _depth in range(_DEPTHS[kind]):
        if not all(isinstance(one, list) for one in level):
            raise Refused(_("The coordinates of feature %(n)s are not those of its kind.", n=number))
        level = level if _depth == 0 else [inner for one in level for inner in one]
    for line in level:
        if not isinstance(line, list) or len(line) < 2:
            raise Refused(_("The coordinates of feature %(n)s are not those of its kind.", n=number))
        yield line


def _position(one: Any, number: int) -> Position:
    numbers = one[:2] if isinstance(one, list) else []
    if len(numbers) != 2 or any(isinstance(value, bool) or not isinstance(value, int | float) for value in numbers):
        raise Refused(_("The coordinates of feature %(n)s are not those of its kind.", n=number))
    x, y = numbers
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise Refused(_("Feature %(n)s has a position that is not in degrees. Export the outline in WGS 84.", n=number))
    return float(x), float(y)


def simplified(lines: list[Line]) -> list[Line]:
    """The lines without what a drawing of their whole extent can't show, and never more than is light to send."""
    xs, ys = [x for line in lines for x, _y in line], [y for line in lines for _x, y in line]
    middle = math.cos(math.radians((min(ys) + max(ys)) / 2))
    extent = max((max(xs) - min(xs)) * middle, max(ys) - min(ys)) or 1e-6
    tolerance = extent / PIXELS / 4
    while True:
        kept = [thin for line in lines if (thin := _thinned(line, tolerance, middle))]
        if sum(len(line) for line in kept) <= MOST_DRAWN:
            return kept
        lines, tolerance = kept, tolerance * 2


def _thinned(line: Line, tolerance: float, middle: float) -> Line:
    """A line by Douglas and Peucker, without recursion; one that is smaller than the tolerance goes as a whole."""
    flat = [(x * middle, y) for x, y in line]
    if max(abs(x - flat[0][0]) + abs(y - flat[0][1]) for x, y in flat) < tolerance:
        return []
    keep = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, furthest = tolerance, 0
        for at in range(first + 1, last):
            away = _distance(flat[at], flat[first], flat[last])
            if away > far:
                far, furthest = away, at
        if furthest:
            keep.add(furthest)
            waiting += [(first, furthest), (furthest, last)]
    return [(round(x, 6), round(y, 6)) for at, (x, y) in enumerate(line) if at in keep]


def _distance(point: Position, start: Position, end: Position) -> float:
    """How far a point is from the stretch between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(max(along, 0.0), 1.0)
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)
