"""Film samples: places of a track's samples, so that those of a track that goes can go too."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from itertools import accumulate

_MOST = 200_000
"""Samples, or pieces of them, of one track: hours of what a phone writes about its place."""
_HEAD = 8


class UnreadableError(Exception):
    """The tables do not say where."""


def samples_of(tables: Mapping[bytes, bytes]) -> Iterator[tuple[int, int]]:
    """Find where each piece begins and ends in the file, by the boxes of a track's `stbl`.

    Raises `UnreadableError` where they do not fit together.
    """
    try:
        begins = _places(tables)
        if not begins:
            return
        runs = _runs(tables[b"stsc"])
        size_of = _Sizes(tables[b"stsz"])
        taken, run = 0, 0
        for number, place in enumerate(begins, 1):
            while run + 1 < len(runs) and runs[run + 1][0] <= number:
                run += 1
            count = runs[run][1]
            yield place, place + size_of(taken + count) - size_of(taken)
            taken += count
    except (KeyError, IndexError, struct.error) as error:
        raise UnreadableError from error


def _count(table: bytes, at: int = 4) -> int:
    (count,) = struct.unpack_from(">I", table, at)
    if count > _MOST:
        raise UnreadableError
    return int(count)


def _places(tables: Mapping[bytes, bytes]) -> list[int]:
    for kind, form in ((b"stco", "I"), (b"co64", "Q")):
        if kind in tables:
            return list(struct.unpack_from(f">{_count(tables[kind])}{form}", tables[kind], _HEAD))
    return []


def _runs(table: bytes) -> list[tuple[int, int]]:
    """The runs of a table: the first piece of each, and the samples in each piece of it."""
    numbers = struct.unpack_from(f">{3 * _count(table)}I", table, _HEAD)
    return list(zip(numbers[::3], numbers[1::3], strict=True))


class _Sizes:
    """The sizes of samples: the number of bytes that the first ones take."""

    def __init__(self, table: bytes) -> None:
        (self._each,) = struct.unpack_from(">I", table, 4)
        self._sums: list[int] = []
        if not self._each:
            sizes = struct.unpack_from(f">{_count(table, 8)}I", table, 12)
            self._sums = [0, *accumulate(sizes)]

    def __call__(self, samples: int) -> int:
        return self._each * samples if self._each else self._sums[samples]
