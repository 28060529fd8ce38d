"""The seal over rows that were written together, for the record of their writing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from compete.domain.values import SEALED_TEXTS, sealed_text


def batch_seal(
    rows: Iterable[Sequence[Any]], text: Callable[[Any], bytes] = sealed_text
) -> dict[str, Any]:
    """`{"first", "last", "count", "sha256"}` of rows of plain JSON values, at least one.

    Each row has its number first; the hash is over all of them in their order, each as `text`
    writes it. They are read once and not kept. Raises ValueError for none at all.
    """
    whole = hashlib.sha256()
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        raise ValueError("no rows to seal")
    last, count = first, 0
    for last in chain([first], waiting):
        whole.update(text(list(last)) + b"\n")
        count += 1
    return {"first": first[0], "last": last[0], "count": count, "sha256": whole.hexdigest()}


def is_batch_seal(said: object, rows: Sequence[Sequence[Any]]) -> bool:
    """Whether `said` is the seal over these rows, in the text of today or in the earlier one."""
    return bool(rows) and any(batch_seal(rows, text) == said for text in SEALED_TEXTS)
