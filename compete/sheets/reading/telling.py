"""Notices about a sheet that was read: rows and columns left unread, cells filled.

A pasted block or a plain text is a sheet without a name: what is said of it stands alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from compete.domain.identity.masks import mask_numbers
from compete.domain.values.messages import Message, listed, msg
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.shapes import Question
from compete.sheets.workbook.opened import OpenedWorkbook

_MOST_TOLD = 20
"""Rows or cells of one reason that a sentence names."""
_MOST_LEFT_OUT = 100
"""So many of the rows left out for one reason are named, with their words."""
_MOST_WORDS = 24
"""Characters of a row that a sentence quotes."""


def of_sheet(sheet: str, sentence: Message) -> Message:
    """Say something of a sheet, by its name if it has one."""
    return msg("“%(sheet)s”页%(said)s", sheet=sheet, said=sentence) if sheet else sentence


def cell_sentence(sheet: str, cell: Message | str, why: Message) -> Message:
    """Say something of one cell, or of some."""
    if not sheet:
        return msg("%(cell)s：%(why)s", cell=cell, why=why)
    return msg("“%(sheet)s”页 %(cell)s：%(why)s", sheet=sheet, cell=cell, why=why)


def questions_told(questions: Iterable[Question]) -> list[Message]:
    """Tell questions, those of one kind on a sheet in one sentence: the first, and where else."""
    alike: dict[tuple[str, str, str | None], list[Question]] = defaultdict(list)
    for it in questions:
        alike[it.sheet, it.why.text, it.field].append(it)
    sentences = []
    for several in alike.values():
        first, *others = several
        sentence = cell_sentence(first.sheet, _cell(first), first.why)
        if others:
            places = [
                f"{_cell(it)} {'' if it.found == first.found else _shown(it.found)}".strip()
                for it in others
            ]
            cells = _some_listed(list(dict.fromkeys(places)), _MOST_LEFT_OUT)
            sentence = msg("%(first)s。这样的还有：%(cells)s", first=sentence, cells=cells)
        sentences.append(sentence)
    return sentences


def _cell(question: Question) -> Message | str:
    """Say which cell a question is about."""
    if question.column:
        return f"{question.column}{question.row}"
    return msg("第 %(row)s 行", row=question.row)


def _shown(text: str) -> str:
    words = mask_numbers(" ".join(text.split()))
    return words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS]}…"


def named_row(sheet: str, name: str, row: int) -> Message | str:
    """Say whose row it is."""
    return (
        f"{name} {sheet}!{row}" if sheet else msg("%(name)s（第 %(row)s 行）", name=name, row=row)
    )


def _some_listed(named: Sequence[str], most: int = _MOST_TOLD) -> Message | str:
    """The first of them, and how many there are where that is not all."""
    first = listed(list(named[:most]))
    if len(named) <= most:
        return first
    return msg("%(named)s 等 %(n)s 处", named=first, n=len(named))


def rows_left_out(
    sheet: str,
    left_out: Iterable[tuple[int, Message]],
    silent: Collection[Message] = (),
    grid: Grid | None = None,
) -> list[Message]:
    """Tell the rows with something in them that were not read, by reason; of a grid their words."""
    rows: dict[Message, list[int]] = defaultdict(list)
    for row, why in left_out:
        if why not in silent:
            rows[why].append(row)
    return [
        of_sheet(
            sheet,
            msg(
                "没有读的行：%(rows)s（%(why)s）",
                rows=_some_listed([_row_named(it, grid) for it in sorted(numbers)], _MOST_LEFT_OUT),
                why=why,
            ),
        )
        for why, numbers in rows.items()
    ]


def _row_named(row: int, grid: Grid | None) -> str:
    """A row by its number, and by the beginning of what stands in it."""
    texts = [] if grid is None else [cell_text(cell) for _column, cell in grid.own(row)]
    words = mask_numbers(" ".join(" ".join(texts).split()))
    end = "…" if len(words) > _MOST_WORDS else ""
    return f"{row} {words[:_MOST_WORDS]}{end}".strip()


def columns_unread(sheet: str, titles: Collection[Message | str]) -> list[Message]:
    """Tell the columns that were not read, by their headings."""
    if not titles:
        return []
    return [of_sheet(sheet, msg("没有读的列：%(columns)s", columns=listed(list(titles))))]


def cells_filled(sheet: str, cells: Sequence[str]) -> list[Message]:
    """Tell the cells that repeat a merged one further up."""
    if not cells:
        return []
    sentence = msg("合并单元格照第一格填了：%(cells)s", cells=_some_listed(cells))
    return [of_sheet(sheet, sentence)]


def rows_hidden(sheet: str, rows: Iterable[int]) -> list[Message]:
    """Tell the hidden rows that were read."""
    if not (numbers := [str(row) for row in sorted(rows)]):
        return []
    return [of_sheet(sheet, msg("隐藏的行也读了：%(rows)s", rows=_some_listed(numbers)))]


def rows_done(sheet: str, why: Message, rows: Iterable[int]) -> list[Message]:
    """Tell what was done in some rows unasked."""
    if not (numbers := [str(row) for row in sorted(rows)]):
        return []
    sentence = msg("第 %(rows)s 行：%(why)s", rows=_some_listed(numbers), why=why)
    return [of_sheet(sheet, sentence)]


def sheets_hidden(book: OpenedWorkbook, silent: Collection[str] = ()) -> list[Message]:
    """Tell the hidden sheets, none of which is read."""
    return [of_sheet(name, msg("是隐藏的，没有读")) for name in book.hidden if name not in silent]


def sheet_without_head(sheet: str) -> Message:
    """Tell a sheet with something in it, in which no table was found."""
    return of_sheet(sheet, msg("没有找到表头，没有读"))
