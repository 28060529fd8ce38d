"""A drawn signature: SVG path data in a box, and nothing else that a page could run."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from compete.domain.values.messages import msg
from compete.services.kernel.refusal import invalid

LONGEST = 20_000
FEWEST_POINTS = 8
# A number ends where no digit follows, so it is taken whole or not at all: that keeps it linear.
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?![0-9.])"
_NUMBERS = re.compile(rf"[ \t\r\n]*{_NUMBER}(?:[ \t\r\n]*(?:,[ \t\r\n]*)?{_NUMBER})*[ \t\r\n]*")
_EACH_NUMBER = re.compile(_NUMBER)
_COMMAND = re.compile(r"([MLQC])")
_NUMBERS_A_STEP = {"M": 2, "L": 2, "Q": 4, "C": 6}

Point = tuple[float, float]


class Drawing(msgspec.Struct, frozen=True):
    """A drawing. `path` is absolute M, L, Q, C commands in a `width` × `height` box, CSS px."""

    path: str
    width: int
    height: int


def read_drawing(sent: Any) -> Drawing:
    """The drawing that a tablet sent.

    Raises `Refused` (INVALID) for none, for a mere dot, for what lies outside the box, and for
    what a browser or a line setter could not draw to its end.
    """
    try:
        drawing = msgspec.convert(sent, Drawing)
    except (msgspec.ValidationError, RecursionError):
        raise invalid(msg("没有签名，先在框里签")) from None
    if len(drawing.path) > LONGEST:
        raise invalid(msg("签名太长了，重签一次"))
    path = drawing.path.strip()
    if not (40 <= drawing.width <= 4000 and 40 <= drawing.height <= 4000):
        raise invalid(msg("签名框的大小不对"))
    seen = {
        (x, y) for x, y in _points(path) if 0 <= x <= drawing.width and 0 <= y <= drawing.height
    }
    if len(seen) < FEWEST_POINTS:
        raise invalid(msg("签名太短了，签全名"))
    return msgspec.structs.replace(drawing, path=path)


def _points(path: str) -> list[Point]:
    """The points of a path, none of what is no path."""
    before, *parts = _COMMAND.split(path)
    if before or parts[:1] != ["M"]:
        return []
    points: list[Point] = []
    for command, coordinates in zip(parts[::2], parts[1::2], strict=True):
        if not _NUMBERS.fullmatch(coordinates):
            return []
        numbers = [*map(float, _EACH_NUMBER.findall(coordinates))]
        if len(numbers) % _NUMBERS_A_STEP[command]:
            return []
        points += zip(numbers[::2], numbers[1::2], strict=True)
    return points


def drawing_text(drawing: Drawing) -> str:
    """The text by which a drawing is kept."""
    return msgspec.json.encode(drawing).decode()


def kept_drawing(text: str) -> Drawing:
    """A drawing that was kept."""
    return msgspec.json.decode(text, type=Drawing)
