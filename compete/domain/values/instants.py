"""Moments as signed texts write them (RFC 3339)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def instant_text(moment: datetime) -> str:
    """Write a moment to the second of UTC, `2022-09-16T06:00:00Z`. ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_instant(text: Any) -> datetime | None:
    """The moment that a text names; None for what is no moment with a zone."""
    if not isinstance(text, str) or not _SHAPE.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
