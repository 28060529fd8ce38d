"""Trends over periods, as numbers for the templates to draw in SVG.

Drawn coordinates are floats: they are pixels, never points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

_WIDTH, _HEIGHT = 860, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 190, 20, 34
_LABEL_HEIGHT = 19
_NAME_WIDTH = 17
"""The width of a name, in halves of a Chinese sign."""
_LAST_NARROW = 0x2FF

_Place = Callable[[int], float]
_Height = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name and a value for each period, None where there is none."""

    name: str
    values: Sequence[Decimal | None]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line. `runs` are SVG point lists, broken where a value is missing."""

    name: str
    kind: str
    runs: list[str]
    last: str
    end_y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A label on an axis and where it stands."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend ready to draw."""

    lines: list[Line]
    across: list[Mark]
    up: list[Mark]
    left: float = _LEFT
    right: float = _WIDTH - _RIGHT
    bottom: float = _HEIGHT - _BOTTOM
    top: float = _TOP
    width: int = _WIDTH
    height: int = _HEIGHT


def trend(periods: Sequence[str], series: Sequence[Series]) -> Trend | None:
    """Lines over periods with round figures up the side; None where nothing has a value.

    The side does not start at zero: a line shows change, unlike a bar.
    """
    known = [value for one_series in series for value in one_series.values if value is not None]
    if not known or not periods:
        return None
    low, high, step = _scale(float(min(known)), float(max(known)))
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def x(index: int) -> float:
        share = index / (len(periods) - 1) if len(periods) > 1 else 0.5
        return round(_LEFT + (right - _LEFT) * share, 1)

    def y(value: float) -> float:
        return round(bottom - (bottom - _TOP) * (value - low) / (high - low), 1)

    drawn = [_line(one_series, x, y) for one_series in series]
    steps = round((high - low) / step)
    return Trend(
        lines=_apart([line for line in drawn if line]),
        across=[Mark(text, x(index)) for index, text in enumerate(periods)],
        up=[Mark(f"{low + step * n:g}", y(low + step * n)) for n in range(steps + 1)],
    )


def spark(values: Sequence[Decimal | None], width: int = 104, height: int = 22) -> list[str]:
    """Point lists of a small line without axes; empty where fewer than two values are known."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
    spread = max(high - low, 1.0)

    def place(index: int, value: Decimal) -> str:
        across = 2 + (width - 6) * index / max(len(values) - 1, 1)
        return f"{across:.1f},{height - 3 - (height - 6) * (float(value) - low) / spread:.1f}"

    return _runs([None if v is None else place(i, v) for i, v in enumerate(values)])


def _line(series: Series, x: _Place, y: _Height) -> Line | None:
    points = [
        None if value is None else f"{x(index):g},{y(float(value)):g}"
        for index, value in enumerate(series.values)
    ]
    known = [value for value in series.values if value is not None]
    if not known:
        return None
    value = known[-1]
    end_y = y(float(value))
    name = _cut(series.name)
    return Line(name, series.kind, _runs(points), f"{value}", end_y, end_y + 5)


def _cut(name: str) -> str:
    """A name as far as it has room beside its line, with its value behind it."""
    width, fits = 0, 0
    for sign in name:
        width += 2 if ord(sign) > _LAST_NARROW else 1
        if width > _NAME_WIDTH - 1:
            break
        fits += 1
    return name if fits == len(name) else f"{name[:fits]}…"


def _runs(points: Sequence[str | None]) -> list[str]:
    runs: list[list[str]] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [" ".join(run) for run in runs if run]


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """Round ends and a round step between them, at most seven steps."""
    spread = max(high - low, 1.0)
    step = next(size for size in _steps() if spread / size <= 6)
    first = step * (low // step)
    last = step * -(-high // step)
    if first == last:
        # All are equal: the line has room for its labels below it and above.
        first, last = max(first - step, 0), last + step
    return first, last, float(step)


def _steps() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50 … without end."""
    return (size * 10**power for power in count() for size in (1, 2, 5))


def _apart(lines: list[Line]) -> list[Line]:
    """Labels at the right end moved until none covers another, nor leaves the picture."""
    ordered = sorted(lines, key=lambda trend_line: trend_line.end_y)
    heights: list[float] = []
    for line in ordered:
        above = heights[-1] + _LABEL_HEIGHT if heights else line.label_y
        heights.append(max(line.label_y, above))
    most: float = _HEIGHT - _LABEL_HEIGHT / 2
    for index in reversed(range(len(heights))):
        heights[index] = min(heights[index], most)
        most = heights[index] - _LABEL_HEIGHT
    return [replace(line, label_y=label_y) for line, label_y in zip(ordered, heights, strict=True)]
