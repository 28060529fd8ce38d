"""What the sentences of audit rows have in common: their shape, and numbers out of the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Sentences = dict[str, Callable[[], str]]
"""By action: how its sentence is made. Of many, only the one that is wanted is."""


def counted(told: Any) -> int:
    """How many there are of what one row lists; another tells their number under that key."""
    return len(told) if isinstance(told, list | dict) else told or 0
