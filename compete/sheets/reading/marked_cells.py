"""Cells that somebody struck out or wrote a comment on: their words count, and are asked about."""

from __future__ import annotations

from collections.abc import Iterator

from compete.domain.values.messages import Message, msg
from compete.sheets.reading.cells import says_state
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.shapes import Question, RowTold
from compete.sheets.reading.telling import of_sheet, questions_told

_LONGEST = 60


def questions_of_marked(known: Understanding) -> Iterator[Question | RowTold]:
    """Ask of rows and cells that are struck out; tell comments, and ask where one says a state."""
    grid, table = known.grid, known.table
    if not grid.struck and not grid.comments:
        return
    whose = {*known.kind.must[0]}
    marked = {row for row, _column in (*grid.struck, *grid.comments)}
    for row in table.rows if table.form is not None else [it for it in table.rows if it in marked]:
        cells = [*table.form.items()] if table.form is not None else [
            (column, (row, column)) for column, _value in grid.own(row)
        ]  # fmt: skip
        filled = [(place, cell) for place, cell in cells if grid.cell(*cell) != ""]
        struck = [(place, cell) for place, cell in filled if cell in grid.struck]
        names = [cell for place, cell in struck if _field(known, place) in whose]
        if names or (struck and len(struck) == len(filled)):
            place, cell = next((it for it in struck if it[1] in names), struck[0])
            struck = [(place, cell)]
        for place, cell in struck:
            text = _words(cell_text(grid.cell(*cell)))
            why = msg("“%(text)s”划掉了，还算吗", text=text)
            if names and known.kind.way in ("people", "judges"):
                why = msg("“%(text)s”划掉了，还参加吗", text=text)
            yield _question(known, cell, _field(known, place), text, why)
        for place, cell in cells:
            if words := grid.comments.get(cell):
                text = _words(words)
                if says_state(words) and known.kind.way in ("people", "judges", "units"):
                    why = msg("批注写着“%(text)s”，还参加吗", text=text)
                    yield _question(known, cell, _field(known, place), text, why)
                else:
                    name = f"{grid.letters(cell[1])}{cell[0]}"
                    why = msg("%(cell)s 的批注没有读：“%(text)s”", cell=name, text=text)
                    yield RowTold(grid.name, cell[0], why)


def marked_told(known: Understanding) -> list[Message]:
    """Tell the same in sentences."""
    asked: list[Question] = []
    notices: list[Message] = []
    for it in questions_of_marked(known):
        if isinstance(it, Question):
            asked.append(it)
        else:
            notices.append(of_sheet(it.sheet, it.why))
    return [*questions_told(asked), *notices]


def _field(known: Understanding, place: int) -> str | None:
    return next((it.field for it in known.columns if it.place == place), None)


def _words(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


def _question(
    known: Understanding, cell: tuple[int, int], field: str | None, text: str, why: Message
) -> Question:
    grid = known.grid
    return Question(grid.name, cell[0], grid.letters(cell[1]), field, text, why)
