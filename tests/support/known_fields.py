"""Known fields: templates read and print only what they are given; a misspelt name fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

from jinja2 import Undefined
from werkzeug.datastructures import MultiDict


class KnownFields(Undefined):
    """Undefined as in the application, but an error where a page would show nothing for it.

    A key that a row may lack is asked for by `if` or `default`; a field of a view model never
    lacks. What a form sent, or did not send yet, is shown as it is.
    """

    def __init__(self, hint: str | None = None, obj: Any = None, *more: Any, **named: Any) -> None:
        super().__init__(hint, obj, *more, **named)
        self._is_typed = isinstance(obj, MultiDict)
        if is_dataclass(obj):
            self._fail_with_undefined_error()

    def __str__(self) -> str:
        return "" if self._is_typed else str(self._fail_with_undefined_error())

    def __iter__(self) -> Iterator[Any]:
        self._fail_with_undefined_error()

    def __len__(self) -> int:
        self._fail_with_undefined_error()
