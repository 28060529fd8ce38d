"""Forms of one person in a sheet: labels, each with its value beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from compete.sheets.reading import words
from compete.sheets.reading.found_tables import FoundTable, Heading
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.kinds import Kind
from compete.sheets.workbook.cells import Fault

_LOOKED_AT = 400
"""Rows of a sheet in which forms are looked for."""


def is_label(kind: Kind, text: str) -> bool:
    """True if a text is a heading as it stands, and does not only look like one."""
    return words.reduced(text) in kind.known


def forms_of_one(grid: Grid, kind: Kind) -> list[FoundTable]:
    """Find forms of one person: labels, each with its value beside it or below.

    Of forms side by side each is found by itself.
    """
    for row in range(1, min(grid.last, _LOOKED_AT) + 1):
        named = [
            column
            for _label, column, _at in _labelled(grid, row, kind)
            if kind.field_of(_label)[1] in kind.must[0]
        ]
        if len(named) < 2:
            continue
        edges = [0, *named[1:], grid.width(1, grid.last)]
        halves = [_forms(grid, kind, range(*it)) for it in pairwise(edges)]
        if all(halves):
            return [form for half in halves for form in half]
    return _forms(grid, kind, range(grid.width(1, grid.last)))


def _forms(grid: Grid, kind: Kind, columns: range) -> list[FoundTable]:
    """Find the forms that stand one below the other in these columns."""
    forms: list[FoundTable] = []
    pairs: dict[str, tuple[str, int, int]] = {}
    labels: set[tuple[int, int]] = set()
    first = 0
    last = 0

    def finish() -> None:
        keys = {kind.field_of(label)[1] for label, _row, _column in pairs.values()} - {None}
        if all(any(key in keys for key in choice) for choice in kind.must) and len(keys) >= 3:
            headings = {n: Heading(label) for n, (label, _r, _c) in enumerate(pairs.values())}
            cells = {n: (r, c) for n, (_label, r, c) in enumerate(pairs.values())}
            table = FoundTable(grid, first, headings, last + 1, form=cells)
            used = {(r, c) for _label, r, c in pairs.values()} | labels
            for row in range(first, last + 1):
                for column, value in grid.own(row):
                    if column in columns and (row, column) not in used:
                        # A cell that is neither a known label nor its value is told as well.
                        headings[len(headings)] = Heading(words.one_line(cell_text(value)))
                        cells[len(cells)] = row, column + 1
            table.headings, table.form = headings, cells
            named = next(
                r for label, r, _c in pairs.values() if kind.field_of(label)[1] in kind.must[0]
            )
            table.rows = [named]
            forms.append(table)
        pairs.clear()
        labels.clear()

    for row in range(1, min(grid.last, _LOOKED_AT) + 1):
        for label, column, at in _labelled(grid, row, kind, columns):
            key = words.reduced(label)
            if kind.field_of(label)[1] in kind.must[0] and key in pairs:
                finish()
                first = 0
            first = first or row
            last = row
            if key not in pairs:
                pairs[key] = (label, *at)
                labels.add((row, column))
    finish()
    return forms


def _labelled(
    grid: Grid, row: int, kind: Kind, columns: range | None = None
) -> Iterator[tuple[str, int, tuple[int, int]]]:
    """The labels of a row with their columns, each with the cell that holds its value."""
    own = [it for it in grid.own(row) if columns is None or it[0] in columns]
    place = 0
    while place < len(own):
        column, value = own[place]
        place += 1
        if not isinstance(value, str) or isinstance(value, Fault):
            continue
        label = value.strip().rstrip(":：")
        known = kind.field_of(label)[0]
        if not known:
            continue
        after = own[place] if place < len(own) else None
        end = grid.across.get((row, column), column + 1)
        if after is None or after[0] > end + 3:
            yield words.one_line(label), column, (row, end)
            continue
        text = after[1]
        if isinstance(text, str) and is_label(kind, text):
            yield words.one_line(label), column, (row, end)
            continue
        yield words.one_line(label), column, (row, after[0])
        place += 1
