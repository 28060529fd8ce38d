"""Packed rows of a large sheet, by the thousand: a hundred thousand take a tenth of the memory."""

from __future__ import annotations

import pickle
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import overload

from compete.sheets.reading.telling import columns_unread
from compete.sheets.registration.columns import PEOPLE_COLUMNS
from compete.sheets.registration.table import RawRow, RawTable

_PACK = 1000
LOOSE = 20 * _PACK
"""So many rows are left as they are: 28 MiB, and each looked at without being made anew."""


@dataclass(slots=True)
class PackedRows(Sequence[RawRow]):
    """The rows in their order, each made anew when it is looked at; the last pack stays open.

    The packed data were read from a workbook by us and never leave the process.
    """

    _packs: list[bytes] = field(default_factory=list, repr=False)
    _firsts: list[int] = field(default_factory=list)
    """The number of each pack's first row."""
    _size: int = 0
    _open: tuple[int, list[RawRow]] = field(default=(-1, []), repr=False)

    def add(self, rows: Sequence[RawRow]) -> None:
        """Add one pack more, full unless it is the last."""
        plain = [
            (
                *(row.number, dict(row.cells), row.faults, row.merged, row.hidden, row.extras),
                row.emptied,
            )
            for row in rows
        ]
        self._packs.append(pickle.dumps(plain, pickle.HIGHEST_PROTOCOL))
        self._firsts.append(rows[0].number)
        self._size += len(rows)

    def numbered(self, number: int) -> RawRow | None:
        """The row that bears this number in the workbook; rows come by rising numbers."""
        place = bisect_right(self._firsts, number) - 1
        if place < 0:
            return None
        return next((row for row in self._unpacked(place) if row.number == number), None)

    def _unpacked(self, place: int) -> list[RawRow]:
        last, rows = self._open
        if last != place:
            rows = [RawRow(*row) for row in pickle.loads(self._packs[place])]
            self._open = place, rows
        return rows

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[RawRow]:
        for place in range(len(self._packs)):
            yield from self._unpacked(place)

    @overload
    def __getitem__(self, place: int) -> RawRow: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[RawRow]: ...

    def __getitem__(self, place: int | slice) -> RawRow | Sequence[RawRow]:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(self._size))]
        where = place + self._size if place < 0 else place
        if not 0 <= where < self._size:
            raise IndexError(place)
        return self._unpacked(where // _PACK)[where % _PACK]


def packed(rows: Iterable[RawRow], *, loose: int = LOOSE) -> Sequence[RawRow]:
    """Pack the rows if there are more than so many, which a plan keeps whole anyway."""
    left = iter(rows)
    first = tuple(islice(left, loose))
    second = tuple(islice(left, _PACK)) if len(first) == loose else ()
    if not second:
        return first
    packed_rows = PackedRows()
    for start in range(0, loose, _PACK):
        packed_rows.add(first[start : start + _PACK])
    while second:
        packed_rows.add(second)
        second = tuple(islice(left, _PACK))
    return packed_rows


def numbered(rows: Sequence[RawRow], numbers: Iterable[int]) -> dict[int, RawRow]:
    """Find the rows of these numbers, as far as there are any."""
    if isinstance(rows, PackedRows):
        by_number = {number: rows.numbered(number) for number in numbers}
        return {number: row for number, row in by_number.items() if row is not None}
    wanted = frozenset(numbers)
    return {row.number: row for row in rows if row.number in wanted}


def without(table: RawTable, keys: frozenset[str]) -> RawTable:
    """The table without these columns of the people, of which a notice tells."""
    columns = table.people.columns & keys
    there = [column.title for column in PEOPLE_COLUMNS if column.key in columns]
    if not keys or not any(keys & row.cells.keys() for row in table.people.rows):
        return table
    rows = packed(
        replace(
            row,
            cells={key: cell for key, cell in row.cells.items() if key not in keys},
            faults=row.faults - keys,
        )
        for row in table.people.rows
    )
    notices = (*table.notices, *columns_unread(table.people.name, there))
    return replace(table, people=replace(table.people, rows=rows), notices=notices)
