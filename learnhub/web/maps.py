"""Places as a drawing: from degrees to where each mark stands, without a word about units or pages.

Equirectangular, with the cosine of the middle latitude, in a frame that the page stretches to its width: 4 to 3, or
flatter where nothing is drawn behind places that stand in a row. Marks are measured in hundredths of the frame and keep
their size at every width; paths in a box of 1200 and the height of the frame.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from learnhub.web.scales import GAP, breadth, every

WIDTH, HEIGHT, FLAT, ALONE = 1200, 900, 600, 400
"""The box of a frame: its height with an outline or for places in all directions, in a row, for a single place."""
PADDING = 0.2
"""Of the extent, left free on each side: a mark on the edge has room for itself and for its figure."""
MARGIN = 0.06
"""The same where the outline is what reaches furthest."""
SMALLEST = 0.02
"""Degrees of latitude that a frame shows at least: a single unit stands in a quarter, not on a pinhead."""
NEAR = 6.0
"""Hundredths of the width within which two marks would hide one another: they become one with a count."""
CLASSES = 5
STEPS = (60, 30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
"""Degrees between two lines of the graticule."""
MOST_NAMED = 14
"""Marks that have their name and figure beside them; of more, the table has them."""
NARROW, WIDE = 17.0, 40.0
"""How many em (of the labels' size) a map is wide on the smallest phone and on a desk, at least."""
EM = 13
"""Pixels of an em of the labels, near enough."""

BLOCK = 80
"""Pixels that a block with the number of its units is wide, about."""

Position = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Frame:
    """What part of the earth is shown."""

    west: float
    south: float
    east: float
    north: float
    height: int = HEIGHT

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
    narrow: bool = True
    """Whether its degrees have room on a phone."""


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
    height: int = HEIGHT
    gutter: int = 0
    """Em to the left of the map for the degrees of its parallels."""

    @property
    def bare(self) -> bool:
        """Whether nothing is drawn behind the marks."""
        return not (self.areas or self.lines)


@dataclass(frozen=True)
class Name:
    """The words beside a mark, on a desk: above or below it, and which end of them stands at it."""

    text: str
    above: bool
    anchor: str


def framed(positions: Iterable[Position], height: int = HEIGHT, padding: float = PADDING) -> Frame:
    """A frame around positions, with room on all sides, widened to the proportions of its box."""
    xs, ys = zip(*positions, strict=True)
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    shrink = max(math.cos(math.radians(middle[1])), 0.05)
    tall = max(max(ys) - min(ys), (max(xs) - min(xs)) * shrink * height / WIDTH, SMALLEST) * (1 + 2 * padding)
    wide = tall * WIDTH / height / shrink
    return Frame(middle[0] - wide / 2, middle[1] - tall / 2, middle[0] + wide / 2, middle[1] + tall / 2, height)


def drawn(
    places: Sequence[Position],
    sizes: Sequence[int],
    values: Sequence[Fraction | None],
    lines: Sequence[Sequence[Position]] = (),
    *,
    whole: bool = False,
) -> Map:
    """A map of places, each with a size and a value (None: no figure); `whole` makes room for all the lines behind."""
    height = HEIGHT if lines else height_for(places)
    behind = [one for line in lines for one in line if whole]
    frame = framed([*places, *behind], height, MARGIN if behind else PADDING)
    grades = graded(values)
    marks = gathered([frame.at(*place) for place in places], height)
    largest = max(sizes, default=0) or 1
    for mark in marks:
        size = max(sizes[point] for point in mark.points)
        mark.radius = round(12 + 10 * math.sqrt(size / largest), 1)
        numbers = {grade_of(values[point], grades) for point in mark.points}
        mark.grade = numbers.pop() if len(numbers) == 1 else None
    marks.sort(key=lambda mark: -mark.radius)
    alone = height == ALONE
    parallels = (
        []
        if alone
        else _ticks(frame.south, frame.north, lambda one: frame.at(0, one)[1], "N", "S", 3 if height == HEIGHT else 2)
    )
    return Map(
        marks,
        grades,
        [] if alone else _ticks(frame.west, frame.east, lambda one: frame.at(one, 0)[0], "E", "W"),
        parallels,
        path(frame, [line for line in lines if line[0] == line[-1]]),
        path(frame, [line for line in lines if line[0] != line[-1]]),
        height,
        math.ceil(max((breadth(tick.text) + GAP for tick in parallels), default=0)),
    )


def height_for(places: Sequence[Position]) -> int:
    """How tall a frame is with nothing behind its places: flat where they stand in a row, from west to east."""
    xs, ys = zip(*places, strict=True)
    shrink = max(math.cos(math.radians((min(ys) + max(ys)) / 2)), 0.05)
    wide, tall = (max(xs) - min(xs)) * shrink, max(ys) - min(ys)
    if max(wide, tall) < SMALLEST / 10:
        return ALONE
    return FLAT if wide >= tall * WIDTH / FLAT * 0.8 else HEIGHT


def named(drawing: Map, texts: Sequence[str | None]) -> list[Name | None]:
    """Where the words of each mark stand: within the frame, over no mark and over no other words; None without room."""
    if len(drawing.marks) > MOST_NAMED:
        return [None] * len(drawing.marks)
    across = WIDE * EM
    down = across * drawing.height / WIDTH
    taken = [_marked(mark, mark.x * across / 100, mark.y * down / 100) for mark in drawing.marks]
    found: list[Name | None] = []
    for mark, text in zip(drawing.marks, texts, strict=True):
        places = _beside(mark, text, mark.x * across / 100, mark.y * down / 100) if text else []
        free = (
            (name, box)
            for name, box in places
            if min(box) >= 0 and box[2] <= across and box[3] <= down and not any(_overlap(box, one) for one in taken)
        )
        name, box = next(free, (None, None))
        found.append(name)
        taken += [box] if box else []
    return found


def _beside(mark: Mark, text: str, x: float, y: float) -> list[tuple[Name, Box]]:
    """Where words can stand beside a mark, the best place first."""
    wide, radius = breadth(text) * EM, mark.radius
    starts = {"middle": x - wide / 2, "start": x - radius, "end": x + radius - wide}
    tops = {False: y + radius + 2, True: y - radius - 20}
    return [
        (Name(text, above, anchor), (left, top, left + wide, top + 18))
        for above, top in tops.items()
        for anchor, left in starts.items()
    ]


def _marked(mark: Mark, x: float, y: float) -> Box:
    """What a mark covers: a circle, or a block with the number of its units."""
    half, tall = (BLOCK / 2, 15.0) if len(mark.points) > 1 else (mark.radius, mark.radius)
    return x - half, y - tall, x + half, y + tall


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def gathered(positions: Sequence[Position], height: int = HEIGHT) -> list[Mark]:
    """Marks for positions; those that would hide one another become one, in the middle of its points."""
    marks: list[Mark] = []
    cells: dict[tuple[int, int], list[Mark]] = {}
    for point, (x, y) in enumerate(positions):
        cell = (int(x // NEAR), int(y * height / WIDTH // NEAR))
        beside = [
            mark
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for mark in cells.get((cell[0] + dx, cell[1] + dy), ())
            if math.hypot(mark.x - x, (mark.y - y) * height / WIDTH) < NEAR
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
    """The lines that come near the frame as one path in the box of the frame."""
    made = []
    for line in lines:
        if not _meets(frame, line):
            continue
        points = [frame.at(*position) for position in line]
        made.append("M" + "L".join(f"{x * WIDTH / 100:.1f} {y * frame.height / 100:.1f}" for x, y in points))
    return "".join(made)


def _meets(frame: Frame, line: Sequence[Position]) -> bool:
    xs, ys = [x for x, _y in line], [y for _x, y in line]
    return max(xs) >= frame.west and min(xs) <= frame.east and max(ys) >= frame.south and min(ys) <= frame.north


def _ticks(
    low: float, high: float, place: Callable[[float], float], positive: str, negative: str, least: int = 3
) -> list[Tick]:
    """Lines at round degrees: as fine as gives so many at least."""
    step = next((one for one in STEPS if (high - low) / one >= least), STEPS[-1])
    decimals = max(0, -math.floor(math.log10(step)))
    made = []
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        degrees = round(number * step, 6)
        side = "" if degrees == 0 else positive if degrees > 0 else negative
        made.append((round(place(degrees), 2), f"{abs(degrees):.{decimals}f}°{side}"))
    room = every([text for _at, text in made], NARROW)
    return [Tick(at, text, number % room == room // 2) for number, (at, text) in enumerate(made)]
