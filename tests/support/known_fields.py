"""Known fields: templates read only what view models have; a misspelt name fails."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any

from jinja2 import Undefined


class KnownFields(Undefined):
    """Undefined as in the application; but a missing field of a view model is an error."""

    def __init__(self, hint: str | None = None, obj: Any = None, *more: Any, **named: Any) -> None:
        super().__init__(hint, obj, *more, **named)
        if is_dataclass(obj):
            self._fail_with_undefined_error()
