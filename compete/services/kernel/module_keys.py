"""Module keys: they tell a module, or one's place in it, from all others of a database."""

from __future__ import annotations

EntrantModule = tuple[int, str, str]
"""An entrant's row, and the codes of stage and module."""

EventModule = tuple[int, str, str]
"""An event's row, and the codes of stage and module."""
