"""Intervals side by side on one axis, as numbers for the templates to draw in SVG.

Drawn coordinates are floats: they are pixels, never points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from flask_babel import gettext as _

_WIDTH, _LEFT, _RIGHT = 860, 150, 20
_TOP, _ROW, _FOOT = 6, 26, 30
_STEPS = (0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)
# The width of a character of the note, and the room a note needs beside its line.
_CHARACTER, _GAP = 13.5, 12


@dataclass(frozen=True, slots=True)
class Span:
    """One line: its label, the interval around a value, and a note if it stands out."""

    label: str
    value: float
    low: float
    high: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line as drawn; `note_x` is where the note begins or (`end`) where it ends."""

    label: str
    """Cut where it would run into the lines."""
    whole: str
    y: float
    x: float
    x1: float
    x2: float
    note: str
    note_x: float
    note_anchor: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A dotted line with its figure; the middle one is the panel's mean."""

    x: float
    text: str
    middle: bool


@dataclass(frozen=True, slots=True)
class Intervals:
    """The whole drawing."""

    rows: list[Drawn]
    ticks: list[Tick]
    width: int
    height: float
    bottom: float


def intervals(spans: Sequence[Span]) -> Intervals:
    """Draw the lines under each other, 0 in the middle, both sides equally long."""
    reach = max((max(abs(span.low), abs(span.high)) for span in spans), default=1.0)
    step = next((step_size for step_size in _STEPS if 2 * step_size >= reach), math.ceil(reach / 2))
    most = 2 * step
    plot = _WIDTH - _LEFT - _RIGHT
    middle = _LEFT + plot / 2

    def place(value: float) -> float:
        return round(middle + value / most * (plot / 2 - 40), 1)

    bottom = _TOP + _ROW * len(spans) + 6
    return Intervals(
        rows=[_draw_span(span, _TOP + _ROW * (n + 0.5), place) for n, span in enumerate(spans)],
        ticks=[Tick(place(at * step), _figure(at * step, at), at == 0) for at in (-2, -1, 0, 1, 2)],
        width=_WIDTH,
        height=bottom + _FOOT,
        bottom=bottom,
    )


def _draw_span(span: Span, y: float, place: Callable[[float], float]) -> Drawn:
    x1, x2 = place(span.low), place(span.high)
    wide = len(span.note) * _CHARACTER + _GAP
    right = x2 + wide < _WIDTH
    return Drawn(
        label=_fitted(span.label),
        whole=span.label,
        y=y,
        x=place(span.value),
        x1=x1,
        x2=x2,
        note=span.note,
        note_x=x2 + _GAP if right else x1 - _GAP,
        note_anchor="start" if right else "end",
    )


def _fitted(label: str) -> str:
    wide = 0.0
    for place, character in enumerate(label):
        wide += _CHARACTER if east_asian_width(character) in "WF" else _CHARACTER / 2
        if wide > _LEFT - _GAP:
            return f"{label[: place - 1]}…"
    return label


def _figure(value: float, at: int) -> str:
    if at == 0:
        return _("同组均值")
    text = signed(value, 2)
    if at == -2:
        return _("严 %(points)s 分", points=text)
    if at == 2:
        return _("宽 %(points)s 分", points=text)
    return text


def signed(value: float, places: int = 1) -> str:
    """`+1.2` or `−0.8`, without zeros at the end of more than one place; `0` for nothing."""
    text = f"{abs(value):.{places}f}"
    if places > 1:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("0."):
        return text
    return ("−" if value < 0 else "+") + text
