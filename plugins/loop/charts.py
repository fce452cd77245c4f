"""A measure as a drawing: where its points, lines and words stand. Pure geometry, no words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.kinds.models import Better

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from plugins.kinds.models import Measure, ReadingTaken

WIDTH, HEIGHT = 360, 210  # units of the drawing; letters are 13 of them high
LEFT, RIGHT, TOP, BOTTOM = 40, 22, 24, 30  # room for words around it
APART = 78  # what a month's name needs


@dataclass(frozen=True)
class Point:
    """One reading."""

    x: float
    y: float
    reading: ReadingTaken
    before: bool  # taken before the change
    named: bool  # whether there is room for its month


@dataclass(frozen=True)
class Rule:
    """A line across the drawing, with the value that it stands for."""

    y: float
    value: float


@dataclass(frozen=True)
class Chart:
    """A measure, drawn."""

    points: tuple[Point, ...]
    path: str  # of the line that joins them: an SVG path
    rules: tuple[Rule, ...]
    target: float | None  # how high the target's line stands
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def chart(measure: Measure) -> Chart:
    """Return a measure, drawn: time runs to the right, the scale begins at nought."""
    readings = (measure.before, *measure.after)
    values = [float(reading.value) for reading in readings]
    if measure.target is not None:
        values.append(float(measure.target))
    low, high, step = scale(min(0.0, *values), max(0.0, *values))
    span = high - low

    def height(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / span, 1)

    places = _across([reading.on for reading in readings])
    named = _with_room(places)
    points = tuple(
        Point(x, height(float(reading.value)), reading, number == 0, number in named)
        for number, (x, reading) in enumerate(zip(places, readings, strict=True))
    )
    count = round(span / step)
    return Chart(
        points=points,
        path="M" + "L".join(f"{point.x} {point.y}" for point in points),
        rules=tuple(
            Rule(height(low + step * number), round(low + step * number, 6))
            for number in range(count + 1)
        ),
        target=None if measure.target is None else height(float(measure.target)),
    )


def slipped_back(measure: Measure) -> bool:
    """Whether the latest reading is worse than the one before it, though both came after."""
    if len(measure.after) < 2:  # noqa: PLR2004 - it takes two to compare
        return False
    earlier, latest = measure.after[-2].value, measure.after[-1].value
    return latest > earlier if measure.better == Better.LOWER else latest < earlier


def scale(low: float, high: float) -> tuple[float, float, float]:
    """Return a scale in round steps that holds both values: its ends, and its step."""
    span = (high - low) or 1.0
    rough = span / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * nice for nice in (1, 2, 2.5, 5, 10) if size * nice >= rough * 0.999)
    return math.floor(low / step) * step, max(math.ceil(high / step), 1) * step, step


def _across(days: Sequence[date]) -> list[float]:
    first, last = days[0].toordinal(), days[-1].toordinal()
    room = WIDTH - LEFT - RIGHT - 16
    if first == last:
        return [round(LEFT + 8 + room / 2, 1)] * len(days)
    return [round(LEFT + 8 + room * (day.toordinal() - first) / (last - first), 1) for day in days]


def _with_room(places: Sequence[float]) -> set[int]:
    """Return which points can be named without touching: the last, the first, then the rest."""
    named: set[int] = set()
    for number in (len(places) - 1, *range(len(places) - 1)):
        if all(abs(places[number] - places[other]) >= APART for other in named):
            named.add(number)
    return named
