"""Places as a drawing: from degrees to where each mark stands, without a word about units or pages.

Equirectangular, with the cosine of the middle latitude, in a frame of 4 to 3 that the page stretches to its width.
Marks are measured in hundredths of the frame and keep their size at every width; paths in a box of 1200 × 900.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

WIDTH, HEIGHT = 1200, 900
PADDING = 0.1
"""Of the extent, left free on each side."""
SMALLEST = 0.02
"""Degrees of latitude that a frame shows at least: a single unit stands in a quarter, not on a pinhead."""
NEAR = 6.0
"""Hundredths of the width within which two marks would hide one another: they become one with a count."""
CLASSES = 5
STEPS = (60, 30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
"""Degrees between two lines of the graticule."""
MOST_NAMED = 14
"""Marks that have their name beside them; of more, the table has it."""

Position = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """What part of the earth is shown."""

    west: float
    south: float
    east: float
    north: float

    def at(self, longitude: float, latitude: float) -> Position:
        """Where a position stands, in hundredths from the left and from the top."""
        return (
            100 * (longitude - self.west) / (self.east - self.west),
            100 * (self.north - latitude) / (self.north - self.south),
        )


@dataclass(frozen=True)
class Tick:
    """A line of the graticule: where it stands, and its degrees as they are printed."""

    at: float
    text: str


@dataclass
class Mark:
    """A circle: where, how large (pixels of its radius), of which class, and which of the given points it holds."""

    x: float
    y: float
    points: list[int]
    radius: float = 12.0
    grade: int | None = None


@dataclass(frozen=True)
class Grade:
    """A class of the scale (1 is the lowest), and its smallest and largest value."""

    number: int
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Map:
    """What is drawn: marks, meridians and parallels, behind them areas and lines as one path each, the scale."""

    marks: list[Mark]
    grades: list[Grade]
    meridians: list[Tick] = field(default_factory=list)
    parallels: list[Tick] = field(default_factory=list)
    areas: str = ""
    lines: str = ""


def framed(positions: Iterable[Position]) -> Frame:
    """A frame around positions, with room on all sides, widened to 4 by 3."""
    xs, ys = zip(*positions, strict=True)
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    shrink = max(math.cos(math.radians(middle[1])), 0.05)
    tall = max(max(ys) - min(ys), (max(xs) - min(xs)) * shrink * HEIGHT / WIDTH, SMALLEST) * (1 + 2 * PADDING)
    wide = tall * WIDTH / HEIGHT / shrink
    return Frame(middle[0] - wide / 2, middle[1] - tall / 2, middle[0] + wide / 2, middle[1] + tall / 2)


def drawn(
    places: Sequence[Position],
    sizes: Sequence[int],
    values: Sequence[Fraction | None],
    lines: Sequence[Sequence[Position]] = (),
    *,
    whole: bool = False,
) -> Map:
    """A map of places, each with a size and a value (None: no figure); `whole` makes room for all the lines behind."""
    frame = framed([*places, *(one for line in lines for one in line if whole)])
    grades = graded(values)
    marks = gathered([frame.at(*place) for place in places])
    largest = max(sizes, default=0) or 1
    for mark in marks:
        size = max(sizes[point] for point in mark.points)
        mark.radius = round(12 + 10 * math.sqrt(size / largest), 1)
        numbers = {grade_of(values[point], grades) for point in mark.points}
        mark.grade = numbers.pop() if len(numbers) == 1 else None
    marks.sort(key=lambda mark: -mark.radius)
    return Map(
        marks,
        grades,
        _ticks(frame.west, frame.east, lambda degrees: frame.at(degrees, 0)[0], "E", "W"),
        _ticks(frame.south, frame.north, lambda degrees: frame.at(0, degrees)[1], "N", "S"),
        path(frame, [line for line in lines if line[0] == line[-1]]),
        path(frame, [line for line in lines if line[0] != line[-1]]),
    )


def gathered(positions: Sequence[Position]) -> list[Mark]:
    """Marks for positions; those that would hide one another become one, in the middle of its points."""
    marks: list[Mark] = []
    cells: dict[tuple[int, int], list[Mark]] = {}
    for point, (x, y) in enumerate(positions):
        cell = (int(x // NEAR), int(y * HEIGHT / WIDTH // NEAR))
        beside = [
            mark
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for mark in cells.get((cell[0] + dx, cell[1] + dy), ())
            if math.hypot(mark.x - x, (mark.y - y) * HEIGHT / WIDTH) < NEAR
        ]
        if beside:
            beside[0].points.append(point)
        else:
            marks.append(Mark(x, y, [point]))
            cells.setdefault(cell, []).append(marks[-1])
    for mark in marks:
        mark.x = round(sum(positions[point][0] for point in mark.points) / len(mark.points), 2)
        mark.y = round(sum(positions[point][1] for point in mark.points) / len(mark.points), 2)
    return marks


def graded(values: Sequence[Fraction | None]) -> list[Grade]:
    """At most five classes with about as many different values in each; equal values stand in one class."""
    known = sorted({Fraction(value) for value in values if value is not None})
    if not known:
        return []
    bounds = sorted({known[math.ceil(len(known) * n / CLASSES) - 1] for n in range(1, CLASSES + 1)})
    made = []
    for number, high in enumerate(bounds):
        low = next(value for value in known if number == 0 or value > bounds[number - 1])
        step = 1 if len(bounds) == 1 else 1 + round(number * (CLASSES - 1) / (len(bounds) - 1))
        made.append(Grade(step, low, high))
    return made


def grade_of(value: Fraction | None, grades: Sequence[Grade]) -> int:
    """The class of a value; 0 without one."""
    if value is None:
        return 0
    return grades[min(bisect.bisect_left([grade.high for grade in grades], value), len(grades) - 1)].number


def path(frame: Frame, lines: Sequence[Sequence[Position]]) -> str:
    """The lines that come near the frame as one path in the box of 1200 × 900."""
    made = []
    for line in lines:
        if not _meets(frame, line):
            continue
        points = [frame.at(*position) for position in line]
        made.append("M" + "L".join(f"{x * WIDTH / 100:.1f} {y * HEIGHT / 100:.1f}" for x, y in points))
    return "".join(made)


def _meets(frame: Frame, line: Sequence[Position]) -> bool:
    xs, ys = [x for x, _y in line], [y for _x, y in line]
    return max(xs) >= frame.west and min(xs) <= frame.east and max(ys) >= frame.south and min(ys) <= frame.north


def _ticks(low: float, high: float, place: Callable[[float], float], positive: str, negative: str) -> list[Tick]:
    """Lines at round degrees: as fine as gives three at least."""
    step = next((one for one in STEPS if (high - low) / one >= 3), STEPS[-1])
    decimals = max(0, -math.floor(math.log10(step)))
    made = []
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        degrees = round(number * step, 6)
        side = "" if degrees == 0 else positive if degrees > 0 else negative
        made.append(Tick(round(place(degrees), 2), f"{abs(degrees):.{decimals}f}°{side}"))
    return made
