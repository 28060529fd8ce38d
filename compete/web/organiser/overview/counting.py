"""Numbers out of audit rows, for their sentences."""

from __future__ import annotations

from typing import Any


def counted(told: Any) -> int:
    """How many there are of what one row lists; another tells their number under that key."""
    return len(told) if isinstance(told, list | dict) else told or 0
