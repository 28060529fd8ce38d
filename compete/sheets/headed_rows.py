"""A catalogue or pool as a workbook: a row each, found by the headings its caller names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from compete.domain.values.messages import Message, msg
from compete.sheets.reading.across import REPEATED
from compete.sheets.reading.answers import (
    NOTHING_SAID,
    Answers,
    ColumnRead,
    answer,
    answered_columns,
    distinct_columns,
)
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.kinds import KINDS, Field, Kind
from compete.sheets.reading.marks import could_be_marks
from compete.sheets.reading.reading import EMPTY, SheetsReader
from compete.sheets.reading.sections import Names
from compete.sheets.reading.shapes import Column, Question, Reading, ReadRow
from compete.sheets.reading.telling import (
    columns_unread,
    of_sheet,
    questions_told,
    rows_done,
    rows_left_out,
)
from compete.sheets.reading.words import reduced
from compete.sheets.registration.table import NEXT_SHEET, place_of_rows
from compete.sheets.workbook.cells import Cell, as_fault
from compete.sheets.workbook.limits import DEFAULT_LIMITS, check_size
from compete.sheets.workbook.opened import OpenedWorkbook, open_workbook
from compete.sheets.workbook.pictures import is_picture, name_of_picture, picture_of
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import column_number
from compete.sheets.workbook.tables import Table, write_tables

Answered: TypeAlias = Answers | Callable[[list[ColumnRead]], Answers]
"""The answers about a file, or a function that works them out from its columns."""
_HEAD_WITHIN, _LONGEST_HEAD = 20, 16
_SERIAL = frozenset({"序号", "no"})


@dataclass(slots=True)
class OtherRows:
    """Rows that a file has which is no table: as (number, {field: text}), and what is wrong."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: dict[int, dict[str, Message]] = field(default_factory=dict)
    """By row and field why the text is not as the file has it."""
    notices: list[Message] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    """The pictures of which marks stand in the texts, by their names."""


@dataclass(frozen=True)
class RowsKind:
    """A kind of workbook of rows: its fields, and what their columns are called."""

    name: str
    """The key under which answers about its columns are remembered."""
    headings: Mapping[str, Message]
    others: Mapping[str, str]
    """Other names of a column: {heading: field}."""
    most: int
    """So many rows are read at once."""
    least_fields: int = 2
    """So many of the fields, the first, every table has."""
    as_written: Collection[str] = ()
    """Fields that the caller reads from the words of the cell."""
    as_in_file: Collection[str] = ()
    """Fields that count only as they stand in the file."""
    called: Kind | None = None
    """A kind of the reader whose names of columns are known too."""
    like: str = ""
    """The kind of the reader in whose way its tables are found, where `called` is none."""
    alone: str = ""
    """The field of which no column is taken where several could be it, but one of `bears`."""
    bears: Collection[str] = ()
    """Names that make a column that one: of a module, where marks are read."""
    worded: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field the words for what the reader makes of its cells."""
    own_words: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By field the words that stay as they are written."""
    other: Callable[[bytes], OtherRows | None] | None = None
    """Reads a file that is no table; None for one that it does not know."""
    pictured: Sequence[str] = ()
    """Fields in whose texts pictures stand as marks; one beside them stands in the first."""
    alike: Collection[str] = ()
    """Fields that a page may fill with one text in all rows that lack it."""
    kind: Kind = field(init=False)

    def __post_init__(self) -> None:
        words = {key: [reduced(str(title))] for key, title in self.headings.items()}
        for heading, key in self.others.items():
            words[key].append(reduced(heading))
        called = {it.key: it for it in self.called.fields} if self.called else {}
        # Fields not read here are known all the same, so that a head is seen as one.
        fields = [it for it in called.values() if it.key not in words]
        for key, own_words in words.items():
            it = called.get(key, Field(key, ""))
            words_of = " ".join(filter(None, (it.words, *own_words)))
            fields.append(Field(key, words_of, it.pattern, it.unless, ranks=it.ranks))
        unread = self.called.unread if self.called else "序号 备注 性别"
        must = (tuple(words)[:2],)
        like = self.called.name if self.called else self.like
        kind = Kind(f"rows of {self.name}", tuple(fields), unread, must, like)
        object.__setattr__(self, "kind", kind)


class HeadedRows(list[tuple[int, dict[str, str]]]):
    """Rows as (row, {field: text}); a row of a further sheet is numbered as `row_name` tells it."""

    def __init__(self, kind: RowsKind, content: bytes, answers: Answers) -> None:
        super().__init__()
        self.kind, self.content, self.answers = kind, content, answers
        self.remembered = False
        """True if the columns are read as somebody said of an earlier file."""
        self.notices: list[Message] = []
        """Notices of what was not read, and of what was filled."""
        self.sheets: list[str] = []
        self.columns: list[ColumnRead] = []
        self.missing: list[Message] = []
        """Fields without which no row is read, and which no column says."""
        self.faults: dict[int, dict[str, Message]] = {}
        """By row and field the cells without a value."""
        self.pictures: dict[str, bytes] = {}
        """The pictures of which marks stand in the texts, by their names."""
        self.lacking: dict[str, int] = {}
        """In how many rows the file has no text, by the fields that one text may fill."""
        self.filled: Mapping[str, str] = {}
        """The texts that stand there in their place."""

    def fill(self, texts: Mapping[str, str]) -> None:
        """Put a text in the place of each of these fields that a row lacks."""
        self.filled = {key: texts.get(key, "") for key in self.kind.alike}
        for key, text in self.filled.items():
            empty = [(number, row) for number, row in self if not row.get(key)]
            self.lacking[key] = len(empty)
            for number, row in empty if text else ():
                row[key] = text
                self.faults.get(number, {}).pop(key, None)
        self.faults = {number: faults for number, faults in self.faults.items() if faults}


def read_headed_rows(
    content: bytes, kind: RowsKind, answered: Answered = NOTHING_SAID
) -> HeadedRows:
    """The rows of every table that has the wanted fields, in all sheets, as it was `answered`.

    `answered` may be worked out from the columns as they are understood without it. Where no table
    has all fields there are no rows, only columns and what is `missing`.

    Raises `WorkbookError` for a file that cannot be opened, has no table, no row, or too many.
    """
    check_size(content, DEFAULT_LIMITS)
    if kind.other is not None and (other := kind.other(content)) is not None:
        return _of_other(kind, content, other, answered)
    wanted = list(kind.headings)[: kind.least_fields]
    book = open_workbook(content)
    reader = _reader(book, kind, kind.kind)
    if not reader.tables and (head := _likely_head(book)):
        # Nobody knows a word of it: the page asks what its columns are.
        unknown = [Field(f"?{place}", word) for place, word in enumerate(head)]
        fields = (*unknown, *kind.kind.fields)
        asked = Kind(kind.kind.name, fields, kind.kind.unread, (("?0",),), kind.name)
        reader = _reader(book, kind, asked)
    tables = reader.tables
    if not tables:
        titles = [str(kind.headings[key]) for key in wanted]
        columns = msg("“%(first)s”和“%(second)s”两列", first=titles[0], second=titles[-1])
        if len(titles) == 1:
            columns = msg("“%(first)s”一列", first=titles[0])
        raise WorkbookError(msg("没有找到%(columns)s，请用这里导出的表", columns=columns))
    if not isinstance(answered, Answers):
        answered = answered(distinct_columns(_whole(reader, wanted) or tables))
    for known in tables:
        answer(known, answered)
    chosen = _whole(reader, wanted)
    rows = HeadedRows(kind, content, answered)
    rows.columns = answered_columns(distinct_columns(chosen or tables), answered, kind.kind)
    if not chosen:
        rows.missing = [kind.headings[key] for key in wanted if not tables[0].of(key)]
        return rows
    reading = reader.read(chosen)
    numbers = _take_rows(rows, reading)
    if kind.pictured:
        _take_pictures(rows, reading, book, numbers)
    if not rows:
        raise WorkbookError(msg("表里一行也没有"))
    _check_many(rows)
    rows.notices += _notices(reader, reading, chosen)
    return rows


def _of_other(kind: RowsKind, content: bytes, other: OtherRows, answered: Answered) -> HeadedRows:
    """The rows of a file without columns; a text that was changed on the page has no fault left."""
    answers = answered if isinstance(answered, Answers) else answered([])
    rows = HeadedRows(kind, content, answers)
    rows.notices += other.notices
    rows.pictures = other.pictures
    for number, texts in other.rows:
        faults = dict(other.faults.get(number, {}))
        for key in kind.headings:
            text = answers.cells.get((number, key))
            # What the page sent back has lost its line breaks.
            if text is not None and text != " ".join(texts.get(key, "").split()):
                texts[key] = text
                faults.pop(key, None)
        rows.append((number, texts))
        if faults:
            rows.faults[number] = faults
    if not rows:
        raise WorkbookError(msg("表里一行也没有"))
    _check_many(rows)
    return rows


def _check_many(rows: HeadedRows) -> None:
    if len(rows) > rows.kind.most:
        raise WorkbookError(
            msg("一次最多 %(most)s 行，表里有 %(n)s 行", most=rows.kind.most, n=len(rows))
        )


def _reader(book: OpenedWorkbook, kind: RowsKind, of: Kind) -> SheetsReader:
    """A reader of the kind's tables, in which no column is a field that the kind has not."""
    reader = SheetsReader(book, of, Names())
    for known in reader.tables:
        for column in known.columns:
            if column.field not in kind.headings:
                column.field = None
        if kind.alone:
            could = could_be_marks(known) if kind.alone == "mark" else known.of(kind.alone)
            _leave_doubtful(could, kind.bears)
    return reader


def _leave_doubtful(could: Sequence[Column], bears: Collection[str]) -> None:
    """Take none of several columns that could be the field, but the only one so named."""
    if len(could) < 2:
        return
    names = {reduced(name) for name in bears}
    chosen = [it for it in could if any(name and name in reduced(it.heading) for name in names)]
    for column in could:
        if len(chosen) != 1 or column is not chosen[0]:
            column.field, column.certain = None, len(chosen) == 1
            column.why = msg("有 %(n)s 列都像，选一列", n=len(could))
            if len(chosen) == 1:
                column.why = msg("读了“%(heading)s”", heading=chosen[0].heading)


def _whole(reader: SheetsReader, wanted: Sequence[str]) -> list[Understanding]:
    """The tables of which each wanted field has a column or is given by what stands above."""
    return [
        known
        for known in reader.tables
        if all(known.of(key) or reader.gives(known, key) for key in wanted)
    ]


def _likely_head(book: OpenedWorkbook) -> list[str]:
    """The likely head: the first row of several short texts above a row as wide; empty if none.

    Titles and section rows between, of one cell, are passed over.
    """
    for name in book.names:
        rows = [[it for it in row if it != ""] for row in book.sheet(name).rows[:_HEAD_WITHIN]]
        for row in [row for row in rows if len(row) > 1][:-1]:
            texts = [reduced(it) for it in row if isinstance(it, str) and len(it) <= _LONGEST_HEAD]
            if len(texts) == len(row) == len({*texts}) and all(texts):
                return texts
    return []


def _take_rows(rows: HeadedRows, reading: Reading) -> dict[tuple[str, int], int]:
    """Put what was read into rows of texts; what is in doubt is a fault of its cell, or told.

    The numbers of the rows, by sheet and row of it.
    """
    numbers: dict[tuple[str, int], int] = {}
    whose: dict[int, int] = {}
    taken: set[int] = set()
    for row in reading.rows:
        name = place_of_rows(row.sheet, row.letters)
        place = rows.sheets.index(name) if name in rows.sheets else len(rows.sheets)
        while place * NEXT_SHEET + row.row in taken:
            # Several who stand in one row are told apart by numbers of their own.
            place += 1
            later = rows.sheets[place:]
            place = place + later.index(name) if name in later else len(rows.sheets)
        if place == len(rows.sheets):
            rows.sheets.append(name)
        number = place * NEXT_SHEET + row.row
        taken.add(number)
        numbers.setdefault((row.sheet, row.row), number)
        whose[id(row)] = number
        rows.append((number, _texts(rows, row, number)))
    headings = rows.kind.headings
    heads = {(it.sheet, it.head_row, it.letters) for it in reading.columns}
    texts_of = dict(rows)
    asides: list[Question] = []
    for it in reading.asked:
        own = whose.get(id(it.whose), 0)
        number = own or numbers.get((it.sheet, it.row), 0)
        if not own and (it.sheet, it.row, it.column) in heads:
            continue
        if (number, it.field) in rows.answers.cells:
            continue
        fault = as_fault(it.found) is not None or it.found.startswith("=")
        words = rows.kind.own_words.get(it.field or "", ())
        if number and not fault and (it.found in words or it.field in rows.kind.as_written):
            continue
        doubt = it.field in headings and it.whose and it.field not in it.whose.values
        if doubt and it.field is not None:
            texts_of[number].setdefault(it.field, "" if fault else it.found)
            rows.faults.setdefault(number, {})[it.field] = questions_told([it])[0]
        else:
            asides.append(it)
    rows.notices += questions_told(asides)
    return numbers


def _take_pictures(
    rows: HeadedRows,
    reading: Reading,
    book: OpenedWorkbook,
    numbers: Mapping[tuple[str, int], int],
) -> None:
    """Put the mark of each picture of a workbook into the text of the cell on which it lies."""
    texts_of, pictured = dict(rows), rows.kind.pictured
    fields = {(it.sheet, column_number(it.letters)): it.field for it in reading.columns}
    for sheet in dict.fromkeys(it.sheet for it in reading.rows):
        for (row, column), parts in book.sheet(sheet).pictures.items():
            number = numbers.get((sheet, row))
            if number is None:
                continue
            own = fields.get((sheet, column + 1))
            place = own if own is not None and own in pictured else pictured[0]
            for part in parts:
                _take_picture(rows, texts_of[number], number, place, part)


def _take_picture(
    rows: HeadedRows, texts: dict[str, str], number: int, place: str, part: str
) -> None:
    picture = picture_of(rows.content, part)
    if picture is None or not is_picture(picture):
        why = msg("这里的图不是 PNG 或 JPEG，或者坏了")
        rows.faults.setdefault(number, {})[place] = why
        return
    name = name_of_picture(picture)
    rows.pictures[name] = picture
    # What a cell says that is a picture is its formula.
    text = texts.get(place, "") if "DISPIMG" not in texts.get(place, "") else ""
    texts[place] = f'{text}<img name="{name}"/>'
    rows.faults.get(number, {}).pop(place, None)


def _texts(rows: HeadedRows, row: ReadRow, number: int) -> dict[str, str]:
    """The texts of a row by field, as they were read, written, or answered."""
    kind, texts = rows.kind, dict[str, str]()
    for key in kind.headings:
        answered = rows.answers.cells.get((number, key))
        value, cell = row.values.get(key), row.written.get(key)
        if answered is not None:
            texts[key] = answered
        elif cell is not None and _text(cell) in kind.own_words.get(key, ()):
            texts[key] = _text(cell)
        elif value is not None and key in kind.worded:
            # What the page has no word for stays as it is written.
            written = str(value) if cell is None else _text(cell)
            texts[key] = kind.worded[key].get(str(value), written)
        elif cell is not None and (
            value is None or key in kind.as_written or kind.kind.way not in KINDS
        ):
            texts[key] = _text(cell)
        elif value is not None:
            texts[key] = str(value)
    return texts


def _notices(
    reader: SheetsReader, reading: Reading, chosen: Collection[Understanding]
) -> list[Message]:
    """Notices of sheets, rows and columns with content that were not read, and of what was done."""
    notices: list[Message] = []
    for use in reading.sheets:
        if use.why is not None and use.why not in (EMPTY, REPEATED):
            notices.append(of_sheet(use.name, use.why))
    for known in reader.tables:
        if known not in chosen:
            row = known.table.head_row
            why = msg("第 %(row)s 行起的表没有要的列，没有读", row=row)
            notices.append(of_sheet(known.grid.name, why))
    for grid in reader.grids:
        name = grid.name
        left = [(it.row, it.why) for it in reading.left_out if it.sheet == name]
        notices += rows_left_out(name, left, grid=grid)
        by_reason: dict[Message, list[int]] = {}
        for it in reading.remarks:
            if it.sheet == name:
                by_reason.setdefault(it.why, []).append(it.row)
        for why, numbers in by_reason.items():
            notices += rows_done(name, why, numbers) if all(numbers) else [of_sheet(name, why)]
        unread = [
            it.heading or msg("%(letters)s 列", letters=it.letters)
            for known in chosen
            if known.grid.name == name
            for it in known.columns
            if it.field is None
            and reduced(it.heading) not in _SERIAL
            and (it.heading or known.samples[it.place])
        ]
        notices += columns_unread(name, list(dict.fromkeys(unread)))
    return notices


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def write_headed_rows(
    title: Message,
    headings: Mapping[str, Message],
    rows: Sequence[Mapping[str, str]],
    worded: Callable[[str], str] = str,
) -> bytes:
    """Write a workbook of rows, to be changed and read again; headings in Chinese, as read.

    `worded` says title and headings as the competition's kind does.
    """
    title = Message(worded(title.text), title.params)
    table = Table(
        name=title,
        title=title,
        columns=[worded(str(heading)) for heading in headings.values()],
        rows=[[row.get(field, "") for field in headings] for row in rows],
        frozen=1,
    )
    return write_tables([table])
