"""The order of stations: as people count them, whatever stands around the number."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile("([0-9]+)")


def station_order(station: str) -> tuple[object, ...]:
    """A key to sort stations by: `2 号` before `10 号`, `B-2` before `B-10`, no station first.

    Texts and numbers are compared in turn; two that count the same (`02`, `2`) go by their texts.
    """
    parts = _DIGITS.split(unicodedata.normalize("NFKC", station))
    # `split` gives texts and numbers by turns, so that like is always compared with like.
    told = tuple(int(part[:18]) if place % 2 else part for place, part in enumerate(parts))
    return told, station
