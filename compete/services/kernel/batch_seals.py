"""The seal over rows that were written together, for the record of their writing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from compete.domain.values.canonical import SEALED_TEXTS, sealed_text


class GrowingSeal:
    """The seal over rows that are written portion by portion; none of them is kept."""

    def __init__(self, text: Callable[[Any], bytes] = sealed_text) -> None:
        self._text, self._whole = text, hashlib.sha256()
        self._first = self._last = None
        self._count = 0

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of plain JSON values after those before, each with its number first."""
        for row in rows:
            if not self._count:
                self._first = row[0]
            self._last = row[0]
            self._whole.update(self._text(list(row)) + b"\n")
            self._count += 1

    @property
    def is_over_any(self) -> bool:
        """True once a row was added."""
        return self._count > 0

    def seal(self) -> dict[str, Any]:
        """The seal: `{"first", "last", "count", "sha256"}`; ValueError for no rows at all."""
        if not self._count:
            raise ValueError("no rows to seal")
        return {
            "first": self._first,
            "last": self._last,
            "count": self._count,
            "sha256": self._whole.hexdigest(),
        }


def batch_seal(
    rows: Iterable[Sequence[Any]], text: Callable[[Any], bytes] = sealed_text
) -> dict[str, Any]:
    """The seal of rows of plain JSON values, at least one: `{"first", "last", "count", "sha256"}`.

    Each row has its number first; the hash is over all of them in their order, each as `text`
    writes it. They are read once and not kept. Raises ValueError for none at all.
    """
    whole = GrowingSeal(text)
    whole.add(rows)
    return whole.seal()


def is_batch_seal(seal: object, read: Callable[[], Iterable[Sequence[Any]]]) -> bool:
    """True if `seal` is the seal over these rows, in the text of today or in the earlier one.

    They are read once for each text that is tried, and not kept.
    """
    for text in SEALED_TEXTS:
        whole = GrowingSeal(text)
        whole.add(read())
        if whole.is_over_any and whole.seal() == seal:
            return True
    return False
