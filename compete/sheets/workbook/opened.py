"""A workbook that passed the checks, with its sheets ready to be read in bulk."""

from __future__ import annotations

import io
import posixpath
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from compete.domain.values.messages import Message, msg
from compete.sheets.workbook.archive import BROKEN, DOCUMENT, Archive, unpack
from compete.sheets.workbook.cell_looks import looks_of, see_looks
from compete.sheets.workbook.cells import Cell, Fault, Percent, as_fault
from compete.sheets.workbook.limits import DEFAULT_LIMITS, Limits, check_size
from compete.sheets.workbook.pictures import Places, add_in_cells, in_cells, places_of
from compete.sheets.workbook.plain_text import text_rows
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import (
    SheetScan,
    check_extent,
    local_name,
    scan_old_book,
    scan_sheet,
    walk_elements,
)

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Names of streams as the OLE directory spells them.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

_KNOWN_STARTS: tuple[tuple[bytes, Message], ...] = (
    (b"%PDF", msg("这是 PDF 文件，读不了。要 Excel 工作簿（.xlsx）")),
    (b"\xff\xd8\xff", msg("这是照片，读不了。要 Excel 工作簿（.xlsx）")),
    (b"\x89PNG", msg("这是图片，读不了。要 Excel 工作簿（.xlsx）")),
    (b"GIF8", msg("这是图片，读不了。要 Excel 工作簿（.xlsx）")),
    (b"Rar!", msg("这是压缩包，读不了。解压后传里面的 .xlsx")),
    (b"7z\xbc\xaf", msg("这是压缩包，读不了。解压后传里面的 .xlsx")),
    (b"\x1f\x8b", msg("这是压缩包，读不了。解压后传里面的 .xlsx")),
)


class Format(Enum):
    """The formats of sheet files."""

    ZIP = "an archive: .xlsx, .xlsm or .ods"
    OLD = ".xls"
    TEXT = "CSV, tab separated or pasted"


def format_of(data: bytes) -> Format:
    """The format of a file of sheets; `WorkbookError` names what came instead of sheets."""
    if data.startswith(_ZIP):
        return Format.ZIP
    if data.startswith(_OLE) and _ENCRYPTED not in data and any(it in data for it in _OLD_BOOKS):
        return Format.OLD
    head = _beginning(data)
    known = any(data.startswith(start) for start, _message in _KNOWN_STARTS)
    other = known or head[:1] == b"<" or data.startswith(_OLE)
    if head and not other and _looks_like_text(head):
        return Format.TEXT
    raise WorkbookError(_what_it_is(data))


def _beginning(data: bytes) -> bytes:
    """The first bytes without mark and blanks; 花名册 in GB 18030 has the mark's first byte."""
    return data[:4096].removeprefix(BOM_UTF8).lstrip(b" \t\r\n")


def _what_it_is(data: bytes) -> Message:
    if not data.strip():
        return msg("文件是空的，0 字节。重新选一个文件")
    if data.startswith(_OLE):
        return _ole_kind(data)
    for start, message in _KNOWN_STARTS:
        if data.startswith(start):
            return message
    head = _beginning(data)
    if head[:1] == b"<":
        return msg("这是网页或 XML，不是 Excel 工作簿。用 Excel 打开，另存为 .xlsx 再传")
    return msg("这不是 Excel 工作簿（.xlsx）。从这里下载一份表，填好再传")


def _ole_kind(data: bytes) -> Message:
    if _ENCRYPTED in data:
        return msg("工作簿设了密码，打不开。在 Excel 里取消密码，存一次再传")
    return msg("这是旧格式的 Office 文件，不是 Excel 工作簿。另存为 .xlsx 再传")


def _looks_like_text(head: bytes) -> bool:
    if b"\x00" in head:
        return head[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-8", "gb18030"):
        try:
            # The sample may end in the middle of a character.
            head[: max(len(head) - 4, 1)].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(head) - 8:
                continue
        return True
    return False


_ENCODINGS = ("utf-8-sig", "gb18030")


def text_of(data: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16 with its mark or GB 18030; None for what is none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(data, "utf-16")
    if b"\x00" in data:
        return None
    for encoding in _ENCODINGS:
        if (text := _decoded(data, encoding)) is not None:
            return text
    return None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


_SHARED_ITEM = re.compile(rb"<(?:[^\s<>/]+:)?si[\s>]")


def _check_text_volume(shared: bytes, sheets: list[tuple[bytes, int]], limits: Limits) -> None:
    """Raise `WorkbookError` if a sheet's texts are more than `limits.cell_text` bytes.

    A workbook keeps each text once and lets cells point to it; the bulk reader writes it
    out for every cell. One long text and a hundred thousand pointers make a small file and
    an exhausted memory.

    `sheets` are worksheet parts, each with its number of cells that point into
    the shared list. The exact sum is only taken where the longest text in
    every such cell would be too much.
    """
    sizes = [len(piece) for piece in _SHARED_ITEM.split(shared)[1:]]
    longest = max(sizes, default=0)
    for xml, cells in sheets:
        if longest * cells > limits.cell_text and _volume(xml, sizes) > limits.cell_text:
            raise WorkbookError(
                msg("表里有特别长的文字，全读出来太大，没有读。删掉无关的长文字再传")
            )


def _volume(xml: bytes, sizes: list[int]) -> int:
    total = 0
    pointing = False
    digits: list[str] | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal pointing, digits
        tag = local_name(name)
        if tag == "c":
            pointing = attributes.get("t") == "s"
        elif tag == "v" and pointing:
            digits = []

    def text(piece: str) -> None:
        if digits is not None:
            digits.append(piece)

    def end(name: str) -> None:
        nonlocal total, digits
        if digits is not None and local_name(name) == "v":
            place = int("".join(digits))
            total += sizes[place] if 0 <= place < len(sizes) else 0
            digits = None

    walk_elements(xml, start, text=text, end=end)
    return total


_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet by the name on its tab, whether it shows, and the part that holds it."""

    name: str
    visible: bool
    path: str


def list_sheets(parts: dict[str, bytes]) -> list[SheetPart]:
    """Worksheets in the order of their tabs; sheets without a part are left out."""
    targets = {
        attributes.get("Id", ""): _resolve(attributes.get("Target", ""))
        for attributes in _elements(parts.get(_RELATIONS, b""), "Relationship")
    }
    sheets = []
    for attributes in _elements(parts[_WORKBOOK], "sheet"):
        path = targets.get(_relation_id(attributes), "")
        if path in parts:
            visible = attributes.get("state", "visible") == "visible"
            sheets.append(SheetPart(attributes.get("name", ""), visible, path))
    if len({sheet.name for sheet in sheets}) != len(sheets):
        raise WorkbookError(BROKEN)
    return sheets


def _relation_id(attributes: dict[str, str]) -> str:
    """The `r:id`, whatever prefix the writer chose for relations."""
    for name, value in attributes.items():
        if name.endswith(":id"):
            return value
    return ""


def _resolve(target: str) -> str:
    """A relation's target as a part name; relative ones start from `xl/`."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    if not xml:
        raise WorkbookError(BROKEN)
    elements: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == wanted:
            elements.append(attributes)

    walk_elements(xml, start)
    return elements


_NUMBERS = ("float", "percentage", "currency")
_PLAIN = ("", "none")


@dataclass(slots=True)
class DocumentSheet:
    """A sheet with its cells from row 1 and column A."""

    name: str
    visible: bool = True
    rows: list[list[Cell]] = field(default_factory=list)
    scan: SheetScan = field(default_factory=SheetScan)


def read_document(xml: bytes, limits: Limits) -> list[DocumentSheet]:
    """The sheets of a `content.xml`. `WorkbookError` if broken or beyond the limits."""
    hidden: set[str] = set()
    struck: set[str] = set()
    style = ""

    def styles(name: str, attributes: dict[str, str]) -> None:
        nonlocal style
        tag = local_name(name)
        if tag == "style":
            style = _of(attributes, "name")
        elif tag == "table-properties" and _of(attributes, "display") == "false":
            hidden.add(style)
        elif tag == "text-properties" and _of(attributes, "text-line-through-style") not in _PLAIN:
            struck.add(style)

    walk_elements(xml, styles)
    reader = _Reader(hidden, struck, limits)
    walk_elements(xml, reader.start, text=reader.text, end=reader.end)
    return reader.sheets


def _of(attributes: dict[str, str], wanted: str) -> str:
    for name, value in attributes.items():
        if local_name(name) == wanted:
            return value
    return ""


class _Reader:
    def __init__(self, hidden: set[str], struck: set[str], limits: Limits) -> None:
        self.hidden, self.struck, self.limits = hidden, struck, limits
        self.sheets: list[DocumentSheet] = []
        self.row = self.column = 0
        self.times = 1
        self.blank_rows = 0
        self.cells: list[Cell] = []
        self.cell: dict[str, str] | None = None
        self.pieces: list[str] = []
        self.paragraphs = 0
        self.deaf = 0
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "table": self._table,
            "table-row": self._row,
            "table-cell": self._cell,
            "covered-table-cell": self._cell,
            "p": self._paragraph,
            "line-break": lambda _said: self._add("\n"),
            "s": lambda attributes: self._add(" " * min(int(_of(attributes, "c") or 1), 100)),
            "annotation": self._annotation,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if (begin := self.starts.get(local_name(name))) is not None:
            begin(attributes)

    def text(self, piece: str) -> None:
        self._add(piece)

    def end(self, name: str) -> None:
        tag = local_name(name)
        if tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif tag == "table-row":
            self._end_row()
        elif tag == "annotation":
            self.deaf -= 1

    def _table(self, attributes: dict[str, str]) -> None:
        name = _of(attributes, "name") or f"Sheet{len(self.sheets) + 1}"
        shows = _of(attributes, "style-name") not in self.hidden
        self.sheets.append(DocumentSheet(name, shows))
        self.row = self.blank_rows = 0

    def _row(self, attributes: dict[str, str]) -> None:
        self.times = max(int(_of(attributes, "number-rows-repeated") or 1), 1)
        self.cells, self.column = [], 0
        if _of(attributes, "visibility") in ("collapse", "filter") and self.sheets:
            rows = range(self.row + 1, min(self.row + self.times, self.limits.rows) + 1)
            self.sheets[-1].scan.hidden_rows.update(rows)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cell, self.pieces, self.paragraphs = attributes, [], 0

    def _paragraph(self, _said: dict[str, str]) -> None:
        if self.paragraphs:
            self._add("\n")
        self.paragraphs += 1

    def _annotation(self, _said: dict[str, str]) -> None:
        self.deaf += 1

    def _add(self, piece: str) -> None:
        if self.cell is not None and not self.deaf and self.paragraphs:
            self.pieces.append(piece)

    def _end_cell(self) -> None:
        attributes, self.cell = self.cell, None
        if attributes is None or not self.sheets:
            return
        times = max(int(_of(attributes, "number-columns-repeated") or 1), 1)
        value = self._value(attributes, "".join(self.pieces))
        scan = self.sheets[-1].scan
        row, column = self.row + 1, self.column + 1
        if value != "" or isinstance(value, Fault):
            check_extent(row, self.column + times, self.limits)
            self.cells += [""] * (self.column - len(self.cells)) + [value] * times
            if isinstance(value, Fault):
                for offset in range(times):
                    scan.faults[row, column + offset] = str(value)
            if _of(attributes, "style-name") in self.struck:
                scan.struck.update((row, column + offset) for offset in range(times))
        if _of(attributes, "formula"):
            scan.formulas.add((row, column))
        down = int(_of(attributes, "number-rows-spanned") or 1)
        right = int(_of(attributes, "number-columns-spanned") or 1)
        if down > 1 or right > 1:
            scan.merged.append((row, column, row + down - 1, column + right - 1))
        self.column += times

    @staticmethod
    def _value(attributes: dict[str, str], shown: str) -> Cell:
        kind = _of(attributes, "value-type")
        if (fault := as_fault(shown)) is not None or (fault := as_fault(_of(attributes, "value"))):
            return fault
        if kind in _NUMBERS:
            return float(_of(attributes, "value") or "nan")
        if kind == "date":
            text = _of(attributes, "date-value")
            return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        if kind == "boolean":
            return _of(attributes, "boolean-value") == "true"
        formula = _of(attributes, "formula")
        if formula and not kind and not shown:
            return Fault("=" + formula.partition("=")[2])
        return shown or _of(attributes, "string-value")

    def _end_row(self) -> None:
        if not self.sheets:
            return
        if self.cells:
            check_extent(self.row + self.times, 1, self.limits)
            rows = self.sheets[-1].rows
            rows += [[] for _each in range(self.row - len(rows))]
            rows += [list(self.cells) for _each in range(self.times)]
        self.row += self.times


_INLINE_VALUE = re.compile(
    rb"<(?:[^\s<>/]+:)?c(?=\s)[^>]*\st=[\"']inlineStr[\"'][^>]*>\s*<(?:[^\s<>/]+:)?v[\s>]"
)


def _as_text(cell: re.Match[bytes]) -> bytes:
    """A cell whose text stands in `v` though it is said to stand in `is`."""
    return cell[0].replace(b"inlineStr", b"str", 1)


_MOST_TYPED = 200_000
"""So long a text may be lines that somebody typed."""
_MANY = 20_000
"""Rows from which on it matters how much memory their texts take."""


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A worksheet; `rows` begins with row 1 and column A, cells without a value are `Fault`s."""

    name: str
    rows: list[list[Cell]]
    scan: SheetScan
    pictures: Places = field(default_factory=dict)
    """Where pictures lie."""


class OpenedWorkbook:
    """Worksheets in the order of their tabs, each read when asked for; `hidden` are not to be."""

    def __init__(
        self,
        sheets: Sequence[tuple[str, bool]],
        read: Callable[[str], OpenedSheet],
        *,
        has_macros: bool = False,
        lines: str = "",
    ) -> None:
        """`sheets`: the name of each, and whether it shows; `lines`: a short text it came as."""
        self._read = read
        self.names = tuple(name for name, shows in sheets if shows)
        self.hidden = tuple(name for name, shows in sheets if not shows)
        self.has_macros = has_macros
        self.lines = lines

    def sheet(self, name: str) -> OpenedSheet:
        """Read one sheet whole. `KeyError` for a name that is not there."""
        return self._read(name)


def open_workbook(
    data: bytes, limits: Limits = DEFAULT_LIMITS, *, name: str = ""
) -> OpenedWorkbook:
    """Check a file from a stranger and open it; `WorkbookError` says what is wrong.

    Nothing is inflated, and no cell is built, before its size is known to be
    within `limits`. `name` is what the sheet of a plain text is called.
    """
    check_size(data, limits)
    kind = format_of(data)
    if kind is Format.TEXT:
        return _text(data, limits, name)
    if kind is Format.OLD:
        return _old(data, limits)
    archive = unpack(data, limits)
    return _document(archive, limits) if DOCUMENT in archive.parts else _book(archive, limits)


def open_text(text: str, limits: Limits = DEFAULT_LIMITS, *, name: str = "") -> OpenedWorkbook:
    """A block pasted from a spreadsheet, as a workbook of one sheet."""
    rows: list[list[Cell]] = [[*row] for row in text_rows(text, limits)]
    return OpenedWorkbook(
        [(name, True)],
        lambda _name: OpenedSheet(name, rows, SheetScan()),
        lines=text if len(text) <= _MOST_TYPED else "",
    )


def _text(data: bytes, limits: Limits, name: str) -> OpenedWorkbook:
    text = text_of(data)
    if text is None:
        raise WorkbookError(BROKEN)
    return open_text(text, limits, name=name)


def _book(archive: Archive, limits: Limits) -> OpenedWorkbook:
    sheets = list_sheets(archive.parts)
    for sheet in sheets:
        if b"inlineStr" in archive.parts[sheet.path]:
            archive.parts[sheet.path] = _INLINE_VALUE.sub(_as_text, archive.parts[sheet.path])
    scans = {sheet.name: scan_sheet(archive.parts[sheet.path], limits) for sheet in sheets}
    looks = looks_of(archive.parts)
    for sheet in sheets:
        see_looks(scans[sheet.name], archive.parts, sheet.path, looks)
    places = {sheet.name: places_of(archive.parts, sheet.path) for sheet in sheets}
    named = in_cells(archive.parts)
    pointers = [(archive.parts[sheet.path], scans[sheet.name].shared_texts) for sheet in sheets]
    _check_text_volume(archive.shared_texts, pointers, limits)
    with _reader_errors():
        book = CalamineWorkbook.from_filelike(archive.as_plain_zip())
    return OpenedWorkbook(
        [(sheet.name, sheet.visible) for sheet in sheets],
        lambda name: _with_pictures(_sheet_of(book, name, scans[name]), places[name], named),
        has_macros=archive.has_macros,
    )


def _with_pictures(sheet: OpenedSheet, places: Places, named: Mapping[str, str]) -> OpenedSheet:
    if not places and not named:
        return sheet
    return replace(sheet, pictures=add_in_cells(places, sheet.rows, named))


def _old(data: bytes, limits: Limits) -> OpenedWorkbook:
    sheets = scan_old_book(data, limits)
    with _reader_errors():
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return OpenedWorkbook(
        [(name, shows) for name, (shows, _scan) in sheets.items()],
        lambda name: _sheet_of(book, name, sheets[name][1]),
    )


def _document(archive: Archive, limits: Limits) -> OpenedWorkbook:
    try:
        sheets = read_document(archive.parts[DOCUMENT], limits)
    except ValueError:
        raise WorkbookError(BROKEN) from None
    by_name = {sheet.name: sheet for sheet in sheets}
    return OpenedWorkbook(
        [(sheet.name, sheet.visible) for sheet in sheets],
        lambda name: OpenedSheet(name, by_name[name].rows, by_name[name].scan),
    )


def _sheet_of(book: CalamineWorkbook, name: str, scan: SheetScan) -> OpenedSheet:
    with _reader_errors():
        rows = _rows_of(book.get_sheet_by_name(name))
    if scan.faults:
        width = max(len(rows[0]) if rows else 0, *(column for _row, column in scan.faults))
        last = max(row for row, _column in scan.faults)
        rows = [row + [""] * (width - len(row)) for row in rows]
        rows += [[""] * width for _each in range(last - len(rows))]
        for (row, column), text in scan.faults.items():
            rows[row - 1][column - 1] = Fault(text)
    for row, column in scan.percents:
        cells = rows[row - 1] if row <= len(rows) else []
        if column <= len(cells) and type(number := cells[column - 1]) is float:
            cells[column - 1] = Percent(number)
    return OpenedSheet(name, rows, scan)


def _rows_of(sheet: CalamineSheet) -> list[list[Cell]]:
    """The rows of a sheet; in a large one equal texts are one text in memory."""
    known: dict[str, str] = {}
    # The reader leaves out empty columns before the first, not empty rows.
    before: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    rows = sheet.iter_rows()
    if sheet.height > _MANY:
        return [
            before + [known.setdefault(cell, cell) if type(cell) is str else cell for cell in row]
            for row in map(_as_floats, rows)
        ]
    return [before + row for row in map(_as_floats, rows)]


def _as_floats(row: list[Cell]) -> list[Cell]:
    """A row with whole numbers as all other numbers: an old workbook may keep them as such."""
    if int not in map(type, row):
        return row
    return [float(cell) if type(cell) is int else cell for cell in row]


def check_upload(data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuse at once what is too large or no workbook at all; `WorkbookError` says why."""
    check_size(data, limits)
    format_of(data)


@contextmanager
def _reader_errors() -> Iterator[None]:
    """Turn whatever the reader trips over into one sentence for the user.

    A panic inside the reader's native code arrives as a `BaseException` of its own.
    """
    try:
        yield
    except (CalamineError, ValueError, OSError) as error:
        raise WorkbookError(BROKEN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise WorkbookError(BROKEN) from error
