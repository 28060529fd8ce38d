"""The order of slots in lists: by when they start, then by station as people count."""

from __future__ import annotations

from compete.domain.stations import station_order
from compete.models import Slot


def slot_order(slot: Slot) -> tuple[object, ...]:
    """A key to sort slots by: their start, those without one last, and their station."""
    at = slot.starts_at
    return at is None, at.timestamp() if at else 0.0, station_order(slot.station or "")
