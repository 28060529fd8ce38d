"""Answers about a file given on the page: what its columns are, what stands in its cells."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from compete.domain.identity.masks import mask_id, mask_phone
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message
from compete.sheets.reading.cells import is_id, is_phone
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.kinds import Kind
from compete.sheets.reading.shapes import Column
from compete.sheets.reading.words import reduced

_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers: the field of a column by its heading, empty for none; the text of cells."""

    columns: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[tuple[int, str], str] = field(default_factory=dict, repr=False)
    """By row and key of the column; an empty text leaves the cell empty."""
    units: Sequence[str] = ()
    """Units to be made on the way."""
    left: Sequence[int] = ()
    """Rows that are not written: the same person's stands further up."""

    @classmethod
    def unpacked(cls, text: str | None) -> Self:
        """Unpack the text of `packed`; no answers from an empty one."""
        if not text:
            return cls()
        content = json.loads(text)
        cells = {(row, key): value for row, key, value in content["cells"]}
        return cls(
            content["columns"], cells, tuple(content["units"]), tuple(content.get("left", ()))
        )

    def packed(self) -> str:
        """Pack the answers as text."""
        cells = [[row, key, value] for (row, key), value in self.cells.items()]
        content: dict[str, Any] = {
            "columns": dict(self.columns),
            "cells": cells,
            "units": list(self.units),
        }
        if self.left:
            content["left"] = list(self.left)
        return json.dumps(content, ensure_ascii=False)

    def with_column(self, key: str, field_: str) -> Self:
        """The answers with a column's field. Answers about cells by place stay."""
        return replace(self, columns={**self.columns, key: field_})

    def with_cells(self, rows: Sequence[int], key: str, text: str | None) -> Self:
        """The answers with the text of some rows in a column; None takes it back."""
        cells = {place: it for place, it in self.cells.items() if place not in {
            (row, key) for row in rows
        }}  # fmt: skip
        if text is not None:
            cells.update({(row, key): text for row in rows})
        return replace(self, cells=cells)

    def with_left_rows(self, rows: Sequence[int], *, leave: bool) -> Self:
        """The answers with rows that are not written, or are written after all."""
        others = tuple(row for row in self.left if row not in rows)
        return replace(self, left=(*others, *rows) if leave else others)

    def with_unit(self, name: str) -> Self:
        """The answers with a unit to be made."""
        return replace(self, units=tuple(dict.fromkeys((*self.units, name))))


NOTHING_SAID = Answers()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRead:
    """A column of the file as the page shows it; tables of one head share their columns."""

    key: str
    cell: str
    """The cell of its heading, such as C1."""
    sheet: str
    letters: str
    heading: str
    upper: str
    samples: Sequence[str]
    """With ID numbers and phones masked."""
    field: str
    """Empty where it is not read."""
    why: Message | None
    asked: Message | None
    """The question, where there is one still."""
    other: str
    """The other field that it may be."""
    table: int = 0
    """The number of the table in which it was seen first."""
    answered: bool = False


def column_keys(known: Understanding) -> dict[int, str]:
    """Keys by which columns are remembered: the heading, or letters where it repeats; by place."""
    words = {it.place: reduced(it.upper + it.heading) for it in known.columns}
    counts = Counter(words.values())
    return {
        it.place: words[it.place]
        if words[it.place] and counts[words[it.place]] == 1
        else f"{words[it.place]}@{it.letters}"
        for it in known.columns
    }


def answer(known: Understanding, answers: Answers) -> None:
    """Put what was said of the columns in the place of what was understood."""
    if not answers.columns:
        return
    keys = column_keys(known)
    answered = {it.letters for it in known.columns if keys[it.place] in answers.columns}
    known.asked = [it for it in known.asked if it.column not in answered]
    fields = {keys[it.place]: it.field or "" for it in known.columns}
    for key, column in zip(_answered(fields, answers, known.kind), known.columns, strict=True):
        is_answered = keys[column.place] in answers.columns
        if is_answered or key != (column.field or ""):
            column.field, column.certain = key or None, True
        if is_answered:
            column.why = None


def _answered(fields: Mapping[str, str], answers: Answers, kind: Kind) -> list[str]:
    """The fields of a table's columns, by their keys, as they were answered.

    An answer takes a field away from a column that only seemed to be it.
    """
    chosen = {answers.columns[key] for key in fields if key in answers.columns}
    return [
        answers.columns.get(
            key, "" if field_ and field_ in chosen and not kind.by_key(field_).joined else field_
        )
        for key, field_ in fields.items()
    ]


def distinct_columns(tables: Sequence[Understanding]) -> list[ColumnRead]:
    """List every column of these tables once, before any is answered."""
    by_key: dict[str, ColumnRead] = {}
    for number, known in enumerate(tables):
        keys = column_keys(known)
        asked = {it.column: it for it in known.asked}
        for column in known.columns:
            key, question = keys[column.place], asked.get(column.letters)
            if key in by_key:
                continue
            by_key[key] = ColumnRead(
                key=key,
                table=number,
                cell=f"{column.letters}{column.head_row}",
                sheet=known.grid.name,
                letters=column.letters,
                heading=column.heading,
                upper=_upper(column),
                samples=[_masked(it) for it in known.samples[column.place][:_SAMPLES]],
                field=column.field or "",
                why=column.why,
                asked=question.why if question and question.field else None,
                other=(question.field or "") if question else "",
            )
    return list(by_key.values())


def answered_columns(
    columns: Sequence[ColumnRead], answers: Answers, kind: Kind
) -> list[ColumnRead]:
    """The same columns as they were answered."""
    fields: dict[int, dict[str, str]] = defaultdict(dict)
    for it in columns:
        fields[it.table][it.key] = it.field
    now = {
        key: field_
        for of_table in fields.values()
        for key, field_ in zip(of_table, _answered(of_table, answers, kind), strict=True)
    }
    return [
        replace(it, field=now[it.key], why=None, asked=None, answered=True)
        if it.key in answers.columns
        else replace(it, field=now[it.key])
        for it in columns
    ]


def arrangement(columns: Sequence[ColumnRead]) -> str:
    """A key for a kind of file: its headings, in any order."""
    return short_mark(sorted(column.key for column in columns))


def _upper(column: Column) -> str:
    return "" if column.heading.startswith(column.upper) else column.upper


def _masked(text: str) -> str:
    if is_id(text) or (len(text) >= 15 and text[:12].isdigit()):
        return mask_id(text)
    return mask_phone(text) if is_phone(text) else text
