"""Shapes of charts, as numbers for the templates to draw in SVG.

Drawn coordinates are floats: they are pixels, never points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_WIDTH, _HEIGHT = 340, 270
_RADIUS = 104
_RINGS = (0.25, 0.5, 0.75, 1.0)
_LABEL_GAP = 16


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the drawing."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x:g},{self.y:g}"


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a radar: its end and where its label stands."""

    label: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Radar:
    """A radar ready to draw; `rings`, `mine` and `median` are SVG point lists."""

    axes: list[Axis]
    rings: list[str]
    mine: str
    median: str
    points: list[Point]
    width: int = _WIDTH
    height: int = _HEIGHT
    cx: float = _WIDTH / 2
    cy: float = _HEIGHT / 2 + 4


def radar(
    labels: Sequence[str],
    mine: Sequence[Decimal],
    median: Sequence[Decimal] = (),
) -> Radar:
    """A radar of shares (0 to 1) on at least three axes, the first pointing up.

    `median` may be left out. Raises ValueError where the lengths differ or
    there are fewer than three axes.
    """
    count = len(labels)
    if count < 3 or len(mine) != count or (median and len(median) != count):
        raise ValueError("a radar needs three axes or more and a share for each")
    cx, cy = _WIDTH / 2, _HEIGHT / 2 + 4

    def at(index: int, share: float, beyond: float = 0.0) -> Point:
        angle = 2 * math.pi * index / count
        radius = _RADIUS * share + beyond
        across, up = radius * math.sin(angle), radius * math.cos(angle)
        return Point(round(cx + across, 1), round(cy - up, 1))

    def line(shares: Sequence[float]) -> str:
        return " ".join(str(at(index, share)) for index, share in enumerate(shares))

    def within(shares: Sequence[Decimal]) -> list[float]:
        return [min(1.0, max(0.0, float(share))) for share in shares]

    axes = []
    for index, label in enumerate(labels):
        end, place = at(index, 1.0), at(index, 1.0, _LABEL_GAP)
        side = place.x - cx
        anchor = "middle" if abs(side) < 12 else "start" if side > 0 else "end"
        axes.append(Axis(label, end.x, end.y, place.x, round(place.y + 5, 1), anchor))
    own = within(mine)
    return Radar(
        axes=axes,
        rings=[line([ring] * count) for ring in _RINGS],
        mine=line(own),
        median=line(within(median)),
        points=[at(index, share) for index, share in enumerate(own)],
    )


def share(value: Decimal, full: Decimal) -> Decimal:
    """Share of `full` that a value is, as 0 to 100 with one decimal; 0 if `full` is 0."""
    if full <= 0:
        return Decimal(0)
    part = min(max(value / full, Decimal(0)), Decimal(1)) * 100
    return part.quantize(Decimal("0.1"))
