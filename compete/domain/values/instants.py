"""Moments as signed texts write them (RFC 3339)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

INSTANT_PLACES = 3
"""The most decimals of a second in an instant of a file."""

_SHAPE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:[0-5]\d)", re.ASCII
)


def instant_text(moment: datetime) -> str:
    """Write a moment to the second of UTC, `2022-09-16T06:00:00Z`. ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_instant(text: Any, most_places: int = 9) -> datetime | None:
    """The moment that a text names; None for what is no moment with a zone.

    `most_places` decimals of a second may be written.
    """
    shape = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if shape is None or len(shape[1] or "") > most_places:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
