"""Numbers as drawings: from values to where each mark stands, without a word about colour or page.

Everything is measured in hundredths of the plot: x from its left edge, y from its top. The plot takes the width that
the page gives it and text is set beside it in the page's own size, so that a chart shrinks without its words. Only the
path of a line is drawn in a box of 100 × 100 that is stretched over the plot (its stroke is not).

Labels are given as they are printed. A chart is drawn once and shown at any width: each text says whether it has room
on a phone (`narrow`) and on a desk (`wide`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from learnhub.web.scales import GAP, HEADROOM, Number, Printed, Scale, Tick, bin_of, breadth, every, scale_of

NARROW, WIDE = 17.0, 42.0
"""How many em (of the labels' size) a plot is wide on the smallest phone and on a desk, at least."""
LEAST = 1.2
"""Height or length of the smallest value that is not 0: it must not look like nothing."""
MARGIN = 3.2
"""How many em wide a label may be that stands in the middle under the plot's right edge: half of it lies beside it."""
MOST_VALUES = 14
"""A chart of more points does not write its values; the table has them."""


@dataclass(frozen=True)
class Series:
    """Values in a row, one for each label; None where there is none (yet)."""

    name: str
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Label:
    """A text in the plot, centred on x; a long one at the right edge ends there."""

    x: float
    text: str
    narrow: bool
    wide: bool
    y: float = 100.0
    below: bool = False
    """Whether a value stands under its mark: that of a negative one."""
    anchor: str = "middle"


@dataclass(frozen=True)
class Box:
    """A column, or a part of a bar."""

    x: float
    y: float
    width: float
    height: float
    series: int
    chosen: bool = False


@dataclass(frozen=True)
class Point:
    """A point of a line."""

    x: float
    y: float
    series: int


@dataclass(frozen=True)
class Line:
    """A line and the area down to zero, as paths in a box of 100 × 100. Where a value is missing the line breaks."""

    series: int
    path: str
    area: str


@dataclass(frozen=True)
class Drawing:
    """What a chart shows: its kind, the marks, and the rows of numbers behind it."""

    kind: str
    rows: list[tuple[str, list[Number | None]]]
    names: list[str]
    ticks: list[Tick] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    values: list[Label] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    bars: list[tuple[str, str, float]] = field(default_factory=list)
    """Of named rows: name, printed value, length."""
    gutter: int = 0
    """Em to the left of the plot for the numbers of its ticks."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw: no value, or nothing but zeros."""
        return not any(value for _label, values in self.rows for value in values)


def columns(
    labels: Sequence[str],
    series: Sequence[Series],
    printed: Printed,
    *,
    finest: Number = 1,
    names: Sequence[str] | None = None,
) -> Drawing:
    """Columns side by side for each label, of one or two series; `names` are what the table calls them, if longer."""
    scale = scale_of([one.values for one in series], printed, finest)
    slot = 100 / max(len(labels), 1)
    width = slot * 0.72 / max(len(series), 1)
    boxes: list[Box] = []
    values: list[Label] = []
    for number, one in enumerate(series):
        for place, value in enumerate(one.values):
            x = slot * place + slot * 0.14 + width * number
            if value:
                boxes.append(Box(_2(x), *_tall(scale, value, width), number))
                if len(series) == 1 and len(labels) <= MOST_VALUES and printed(value) != printed(0):
                    values.append(_value(scale, x + width / 2, value, printed))
    return Drawing(
        "columns",
        _rows(names or labels, series),
        [one.name for one in series],
        scale.ticks,
        _thinned(labels, [slot * (place + 0.5) for place in range(len(labels))]),
        _with_room(values, len(labels)),
        boxes,
        gutter=scale.gutter,
    )


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    printed: Printed,
    *,
    finest: Number = 1,
    names: Sequence[str] | None = None,
) -> Drawing:
    """One or two lines over time; a single one has its area filled. The last value of each is written."""
    scale = scale_of([one.values for one in series], printed, finest)
    xs = [_2(100 * (place + 0.5) / max(len(labels), 1)) for place in range(len(labels))]
    drawn: list[Line] = []
    points: list[Point] = []
    values: list[Label] = []
    for number, one in enumerate(series):
        known = [(x, scale.y(value)) for x, value in zip(xs, one.values, strict=True) if value is not None]
        points += [Point(x, y, number) for x, y in known] if len(labels) <= MOST_VALUES else []
        drawn.append(_line(number, xs, one.values, scale, filled=len(series) == 1))
        last = max((place for place, value in enumerate(one.values) if value is not None), default=None)
        if last is not None:
            points += [] if len(labels) <= MOST_VALUES else [Point(*known[-1], number)]
            values.append(_value(scale, xs[last], one.values[last] or 0, printed, longest=0))
    if len(values) == 2 and abs(values[0].y - values[1].y) < HEADROOM:
        lower = max(values, key=lambda value: value.y)
        values[values.index(lower)] = Label(lower.x, lower.text, True, True, lower.y, True, lower.anchor)
    return Drawing(
        "lines",
        _rows(names or labels, series),
        [one.name for one in series],
        scale.ticks,
        _thinned(labels, xs),
        values,
        lines=drawn,
        points=points,
        gutter=scale.gutter,
    )


def histogram(
    edges: Sequence[Number],
    counts: Sequence[int],
    name: str,
    printed: Printed,
    *,
    mine: Number | None = None,
    unit: str = "",
) -> Drawing:
    """How many values lie between each two edges: columns that touch, the numbers of the edges between them.

    A value on an edge belongs to the right of it, on the last edge to the left. `mine` chooses the column of a value;
    `unit` stands behind each edge below the columns.
    """
    scale = scale_of([counts], printed, 1)
    slot = 100 / len(counts)
    chosen = bin_of(edges, mine) if mine is not None else None
    texts = [printed(edge) for edge in edges]
    boxes = [
        Box(_2(slot * place + 0.4), *_tall(scale, count, slot - 0.8), 0, place == chosen)
        for place, count in enumerate(counts)
        if count
    ]
    values = [_value(scale, slot * (place + 0.5), count, printed) for place, count in enumerate(counts) if count]
    between = [f"{one}–{other}" for one, other in itertools.pairwise(texts)]
    return Drawing(
        "histogram",
        [(row, [count]) for row, count in zip(between, counts, strict=True)],
        [name],
        scale.ticks,
        _thinned([text + unit for text in texts], [slot * place for place in range(len(texts))]),
        _with_room(values, len(counts)),
        boxes,
        gutter=scale.gutter,
    )


def bars(
    rows: Sequence[tuple[str, Number]],
    name: str,
    printed: Printed,
    *,
    full: Number | None = None,
    unit: str = "",
    most: int | None = None,
) -> Drawing:
    """Named rows, each with its bar; the longest is full length, or `full` is (100 for percentages).

    Of many rows the first `most` are drawn; the table has them all.
    """
    drawn = rows[:most]
    longest = Fraction(full) if full is not None else max((Fraction(value) for _name, value in drawn), default=0)
    return Drawing(
        "bars",
        [(label, [value]) for label, value in rows],
        [name],
        bars=[(label, printed(value) + unit, _length(Fraction(value), Fraction(longest))) for label, value in drawn],
    )


def share(parts: Sequence[tuple[str, int]], name: str, printed: Printed) -> Drawing:
    """The parts of a whole, one after the other in one bar; each says how many and what share in percent."""
    whole = sum(count for _label, count in parts)
    boxes: list[Box] = []
    x = 0.0
    for number, (_label, count) in enumerate(parts):
        width = 100 * count / whole if whole else 0.0
        if count:
            boxes.append(Box(_2(x), 0.0, _2(width), 100.0, number))
        x += width
    percents = [Fraction(100 * count, whole) if whole else Fraction(0) for _label, count in parts]
    return Drawing(
        "share",
        [(label, [count]) for label, count in parts],
        [name],
        boxes=boxes,
        bars=[
            (label, printed(count), float(round(percent)))
            for (label, count), percent in zip(parts, percents, strict=True)
        ],
    )


def sparkline(values: Sequence[Number | None]) -> Drawing:
    """A line without axes for a row of a list; the last point is marked."""
    series = Series("", values)
    known = [Fraction(value) for value in values if value is not None]
    low, high = min([*known, Fraction(0)]), max([*known, Fraction(0)])
    scale = Scale(low, high if high > low else low + 1, top=8.0, foot=92.0)
    step = 92 / max(len(values) - 1, 1)
    xs = [_2(4 + step * place) for place in range(len(values))]
    points = [Point(x, scale.y(value), 0) for x, value in zip(xs, values, strict=True) if value is not None]
    line = _line(0, xs, values, scale, filled=False)
    return Drawing("sparkline", _rows([""] * len(values), [series]), [""], lines=[line], points=points[-1:])


def _tall(scale: Scale, value: Number, width: float) -> tuple[float, float, float]:
    """Top, width and height of a column from zero to its value."""
    zero, end = scale.y(0), scale.y(value)
    height = max(abs(zero - end), LEAST)
    return _2(zero - height if value > 0 else zero), _2(width), _2(height)


def _length(value: Fraction, most: Fraction) -> float:
    if value <= 0 or most <= 0:
        return 0.0
    return _2(max(min(float(100 * value / most), 100.0), LEAST))


def _value(scale: Scale, x: float, value: Number, printed: Printed, longest: float = 3.5) -> Label:
    text = printed(value)
    anchor = "end" if x > 94 and breadth(text) > longest else "middle"
    return Label(_2(x), text, True, True, scale.y(value), value < 0, anchor)


def _with_room(values: list[Label], slots: int) -> list[Label]:
    """Values where all have room; where not, those of the highest and of the last alone."""
    if not values:
        return []
    widest = max(breadth(value.text) for value in values) + GAP
    narrow, wide = (
        set(range(len(values))) if slots * widest <= width else _telling(values, slots, width, widest)
        for width in (NARROW, WIDE)
    )
    return [
        Label(one.x, one.text, place in narrow, place in wide, one.y, one.below, one.anchor)
        for place, one in enumerate(values)
    ]


def _telling(values: list[Label], slots: int, width: float, widest: float) -> set[int]:
    """The highest value; and the last, unless it would run into the highest or into a longer column beside it."""
    last = values[-1]
    highest = min(range(len(values)), key=lambda place: values[place].y)
    apart = abs(values[highest].x - last.x) * width / 100 > widest
    reach = 50 * breadth(last.text) / width + 50 / slots
    hidden = any(
        abs(one.x - last.x) < reach and (one.y > last.y if last.below else one.y < last.y) for one in values[:-1]
    )
    return {highest, len(values) - 1} if apart and not hidden else {highest}


def _thinned(texts: Sequence[str], xs: Sequence[float]) -> list[Label]:
    """Labels under the plot, counted from the last: what is newest keeps its name."""
    narrow, wide = every(texts, NARROW), every(texts, WIDE)
    last = len(texts) - 1
    made = [
        Label(_2(x), text, (last - place) % narrow == 0, (last - place) % wide == 0, anchor=_under(x, text))
        for place, (x, text) in enumerate(zip(xs, texts, strict=True))
    ]
    return [one for one in made if one.narrow or one.wide]


def _under(x: float, text: str) -> str:
    return "end" if x > 99 and breadth(text) > MARGIN else "middle"


def _line(number: int, xs: Sequence[float], values: Sequence[Number | None], scale: Scale, *, filled: bool) -> Line:
    runs: list[list[tuple[float, float]]] = [[]]
    for x, value in zip(xs, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, scale.y(value)))
    drawn = [run for run in runs if run]
    path = " ".join("M" + " L".join(f"{x} {y}" for x, y in run) for run in drawn)
    zero = scale.y(max(min(Fraction(0), scale.high), scale.low))
    area = " ".join(
        f"M{run[0][0]} {zero} L" + " L".join(f"{x} {y}" for x, y in run) + f" L{run[-1][0]} {zero}Z" for run in drawn
    )
    return Line(number, path, area if filled else "")


def _rows(labels: Sequence[str], series: Sequence[Series]) -> list[tuple[str, list[Number | None]]]:
    return [(label, [one.values[place] for one in series]) for place, label in enumerate(labels)]


def _2(value: float) -> float:
    return round(value, 2)
