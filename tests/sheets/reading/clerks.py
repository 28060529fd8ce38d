"""A table as a clerk writes it, and what is to be read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compete.sheets.reading.known import read_named
from compete.sheets.reading.shapes import Reading
from compete.sheets.workbook.opened import open_workbook
from tests.sheets.reading.files import book_of

NAN, QING, HUAI = "江南港集团有限公司", "清江港务有限公司", "淮海船闸管理所"
EVENTS = ("焊工", "电工")
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sheet, or several, and what is to be read: of each row these keys, and the cells asked."""

    kind: str = "people"
    rows: Rows = ()
    sheets: Mapping[str, Rows] = field(default_factory=dict)
    merged: Sequence[str] = ()
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    keys: Sequence[str] = ("name",)
    read: Sequence[Sequence[Any]]
    asked: Sequence[str] = ()
    out: Sequence[int] = ()
    questions: int | None = None
    """The number of questions, where a cell could be asked about more than once."""

    def check(self) -> None:
        """Hold what is read and asked against what is wanted."""
        reading = self._reading()
        rows = [{**row.values, "role": row.role} for row in reading.rows]
        assert [tuple(row.get(key) for key in self.keys) for row in rows] == [*self.read]
        assert sorted({f"{it.column}{it.row}" for it in reading.asked}) == sorted(self.asked)
        assert self.questions in (None, len(reading.asked))
        sheet = next(it.sheet for it in (*reading.rows, *reading.left_out))
        assert sorted(it.row for it in reading.left_out if it.sheet == sheet) == [*self.out]

    def _reading(self) -> Reading:
        sheets = self.sheets or {"表": self.rows}
        book = open_workbook(book_of(dict(sheets), {next(iter(sheets)): self.merged}))
        events = {"events": EVENTS} if self.kind == "people" else {}
        return read_named(book, self.kind, **{**events, **self.names})
