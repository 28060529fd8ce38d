"""Known fields: templates read and print only what they are given; a misspelt name fails."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any

from jinja2 import Undefined


class KnownFields(Undefined):
    """Undefined as in the application, but an error where a page would show nothing for it.

    A key that a row may lack is asked for by `if` or `default`; a field of a view model never
    lacks.
    """

    def __init__(self, hint: str | None = None, obj: Any = None, *more: Any, **named: Any) -> None:
        super().__init__(hint, obj, *more, **named)
        if is_dataclass(obj):
            self._fail_with_undefined_error()

    __str__ = __iter__ = __len__ = Undefined._fail_with_undefined_error
