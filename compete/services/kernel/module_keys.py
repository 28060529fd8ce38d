"""What tells somebody's place in a module, and a module, apart from all others of a database."""

from __future__ import annotations

EntrantModule = tuple[int, str, str]
"""An entrant's row, and the codes of stage and module."""

EventModule = tuple[int, str, str]
"""An event's row, and the codes of stage and module."""
