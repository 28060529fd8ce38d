"""The order of slots in lists: by when they start, then by station as people count."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from compete.domain.stations import station_order


class Placed(Protocol):
    """The time and place where somebody stands: a slot, or what was read of one."""

    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def station(self) -> str | None: ...


def slot_order(slot: Placed) -> tuple[object, ...]:
    """A key to sort slots by: their start, those without one last, and their station."""
    at = slot.starts_at
    return at is None, at.timestamp() if at else 0.0, station_order(slot.station or "")
