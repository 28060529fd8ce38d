"""Templates read only what the view models have; a name misspelt there says so."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any

from jinja2 import Undefined


class KnownFields(Undefined):
    """Nothing, as in the application; but what a view model has no field for is an error."""

    def __init__(self, hint: str | None = None, obj: Any = None, *more: Any, **named: Any) -> None:
        super().__init__(hint, obj, *more, **named)
        if is_dataclass(obj):
            self._fail_with_undefined_error()
