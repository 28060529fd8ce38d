"""A drawn signature: SVG path data in a box, and nothing else that a page could run."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from compete.domain.values import msg
from compete.services.kernel import Refusal, Refused

LONGEST = 20_000
FEWEST_POINTS = 8
# Both are linear: a number ends where no digit follows, so it is taken whole or not at all.
_PATH = re.compile(r"(?:[MLQC](?:[\s,]*-?[0-9]+(?:\.[0-9]+)?(?![0-9.]))+[\s,]*)+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class Drawing(msgspec.Struct, frozen=True):
    """`path` is absolute M, L, Q and C commands in a box `width` × `height` in CSS pixels."""

    path: str
    width: int
    height: int


def read_drawing(sent: Any) -> Drawing:
    """The drawing that a tablet sent. Raises `Refused` (INVALID) for none, or for a mere dot."""
    try:
        drawing = msgspec.convert(sent, Drawing)
    except (msgspec.ValidationError, RecursionError):
        raise Refused(msg("没有签名，先在框里签"), kind=Refusal.INVALID) from None
    if len(drawing.path) > LONGEST:
        raise Refused(msg("签名太长了，重签一次"), kind=Refusal.INVALID)
    path = drawing.path.strip()
    if not (40 <= drawing.width <= 4000 and 40 <= drawing.height <= 4000):
        raise Refused(msg("签名框的大小不对"), kind=Refusal.INVALID)
    if not _PATH.fullmatch(path) or len(_NUMBER.findall(path)) < 2 * FEWEST_POINTS:
        raise Refused(msg("签名太短了，签全名"), kind=Refusal.INVALID)
    return msgspec.structs.replace(drawing, path=path)


def drawing_text(drawing: Drawing) -> str:
    """How a drawing is kept."""
    return msgspec.json.encode(drawing).decode()


def kept_drawing(text: str) -> Drawing:
    """A drawing that was kept."""
    return msgspec.json.decode(text, type=Drawing)
