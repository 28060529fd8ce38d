"""Interning: equal values of marks as one object; a large bundle takes a third of the memory."""

from decimal import Decimal
from typing import Any

import msgspec

from compete.domain.bundle.types import Bundle, Mark

_TEXTS = ("stage", "module", "entrant", "judge", "aspect", "at")


def share_alike(bundle: Bundle) -> None:
    """Make equal codes and values of the marks one object each; nothing reads differently.

    A reader makes every text anew, six a mark. For whoever keeps a bundle while
    something else needs memory; one that is scored and dropped is not worth it.
    """
    kept: dict[str, str] = {}
    numbers: dict[str, Decimal] = {}
    for mark in bundle.marks:
        for name in _TEXTS:
            text = getattr(mark, name)
            if text is not None:
                _set_mark(mark, name, kept.setdefault(text, text))
        for name in ("value", "difficulty"):
            number = getattr(mark, name)
            if isinstance(number, Decimal):
                # By its text: 8.5 and 8.50 are equal, and not written alike.
                _set_mark(mark, name, numbers.setdefault(str(number), number))


def _set_mark(mark: Mark, name: str, shared: Any) -> None:
    msgspec.structs.force_setattr(mark, name, shared)
