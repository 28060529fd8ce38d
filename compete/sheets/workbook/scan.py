"""Facts of a sheet that a bulk reader does not tell: formulas, merged cells, hidden rows, extent.

The bulk reader also sets up a full rectangle around everything it finds, so
two cells in opposite corners would exhaust the memory: the extent is checked
here, before it is let near the file.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from compete.domain.values.messages import msg
from compete.sheets.workbook.archive import BROKEN
from compete.sheets.workbook.limits import Limits
from compete.sheets.workbook.refusal import WorkbookError

Start = Callable[[str, dict[str, str]], None]


def walk_elements(
    xml: bytes,
    start: Start,
    *,
    text: Callable[[str], None] | None = None,
    end: Callable[[str], None] | None = None,
    at_line: Callable[[int], None] | None = None,
) -> None:
    """Call the handlers for elements and text in turn; names come with their prefix.

    `at_line` is called before each element that starts, with the number of its line.

    `WorkbookError` for XML that is broken or has a document type: workbooks
    have none, and one is only ever there to do harm.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    if at_line:

        def start_at(name: str, attributes: dict[str, str]) -> None:
            at_line(parser.CurrentLineNumber)
            start(name, attributes)

        parser.StartElementHandler = start_at
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if text:
        parser.CharacterDataHandler = text
    if end:
        parser.EndElementHandler = end
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):  # the last for an unknown encoding
        raise WorkbookError(BROKEN) from None


def local_name(name: str) -> str:
    """The element's name without the prefix its writer chose."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise WorkbookError(BROKEN)


COLUMNS = 256
"""The rows may go as far as column IV."""

_OPENING, _CLOSING = b"<sheetData>", b"</sheetData>"
# UTF-8, said or by default.
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?'
    rb'(?: standalone="(?:yes|no)")? ?\?>\s*+)?<[A-Za-z]'
)
_NO_TEXT = rb"<>&\x00-\x08\x0b\x0c\x0e-\x1f"
_SIGNS = rb"[^" + _NO_TEXT + rb"]*+"
_TEXT = _SIGNS + rb"(?:&(?:amp|lt|gt|quot|apos);" + _SIGNS + rb")*+"
_VALUE = (
    rb"(?:<v>" + _TEXT + rb"</v>"
    rb'|<is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is>)?"
)
# Each cell's row is its row's: `\1`.
_PLAIN_CELL = (
    rb'<c r="(?:[A-Z]|[A-H][A-Z]|I[A-V])\1"(?: s="[0-9]{1,9}")?(?: t="[a-zA-Z]{1,9}")?'
    rb"(?: ?/>|>" + _VALUE + rb"</c>)"
)
_PLAIN_ROW = re.compile(
    rb'<row r="([1-9][0-9]{0,6})"'
    rb"((?: (?:spans|s|customFormat|ht|hidden|customHeight|outlineLevel|x14ac:dyDescent)"
    rb'="[^"' + _NO_TEXT + rb']*+")*+)'
    rb"(?: ?/>|>(?:" + _PLAIN_CELL + rb")*+</row>)"
)
_NAMES = re.compile(rb' ([A-Za-z0-9:]+)="')
# A text holds no `>`, so these are cells and nothing else.
_PIECE = 1 << 20
_SHARED = (b' t="s">', b' t="s"/>', b' t="s" />')


@dataclass(slots=True)
class PlainRows:
    """The facts of rows that are all written plainly; `rest` is the part without them."""

    rest: bytes = field(repr=False)
    last_row: int = 0
    shared_texts: int = 0
    hidden_rows: set[int] = field(default_factory=set)


def plain_rows(xml: bytes) -> PlainRows | None:
    """Read the rows of a worksheet part, as Excel, WPS and the usual libraries write them.

    A parser that calls back for every cell takes longer than everything else about a
    large sheet. Nearly every sheet is written in one narrow way: of that way it is enough
    to see that nothing else stands between the first row and the last. None where anything
    is written in another way: that is left to the parser.
    """
    begin = xml.find(_OPENING) + len(_OPENING)
    end = xml.rfind(_CLOSING)
    if begin < len(_OPENING) or end < begin or not _HEAD.match(xml):
        return None
    plain = PlainRows(xml[:begin] + xml[end:])
    # Attributes of rows met so far: nearly every row has the same.
    hidden: dict[bytes, bool] = {}
    place = begin
    while row := _PLAIN_ROW.match(xml, place, end):
        place = row.end()
        attributes = row[2]
        if attributes not in hidden:
            names = _NAMES.findall(attributes)
            if len(set(names)) < len(names):
                return None
            hidden[attributes] = b' hidden="1"' in attributes or b' hidden="true"' in attributes
        number = int(row[1])
        plain.last_row = max(plain.last_row, number)
        if hidden[attributes]:
            plain.hidden_rows.add(number)
    # Cells with an error want their texts, which the parser gives.
    if place != end or not _is_utf8(xml, begin, end) or xml.find(b' t="e"', begin, end) >= 0:
        return None
    plain.shared_texts = sum(xml.count(cell, begin, end) for cell in _SHARED)
    return plain


def _is_utf8(text: bytes, begin: int, end: int) -> bool:
    """True if bytes are UTF-8, told piece by piece: as a whole it would take memory three times."""
    decoder, view = codecs.getincrementaldecoder("utf-8")(), memoryview(text)
    try:
        for start in range(begin, end, _PIECE):
            stop = min(start + _PIECE, end)
            decoder.decode(view[start:stop], final=stop == end)
    except UnicodeDecodeError:
        return False
    return True


_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class SheetScan:
    """Rows and columns count from 1; `formulas` and `merged` hold (row, column) pairs."""

    shared_texts: int = 0
    """The number of cells that show a text from the shared list."""
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column of each merged area."""
    hidden_rows: set[int] = field(default_factory=set)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells without a value: errors, and formulas whose value the file does not keep."""
    percents: set[tuple[int, int]] = field(default_factory=set)
    """Cells that show their number as a percentage."""
    struck: set[tuple[int, int]] = field(default_factory=set)
    """Cells whose text is struck out."""
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    """What is written on cells."""


def column_number(letters: str) -> int:
    """The number of a column: A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column: 1 → A, 27 → AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def scan_sheet(xml: bytes, limits: Limits) -> SheetScan:
    """Go over a worksheet part once. `WorkbookError` if broken or beyond the limits."""
    return _scan_plain(xml, limits) or walk_sheet(xml, limits)


def walk_sheet(xml: bytes, limits: Limits) -> SheetScan:
    """Scan a sheet written in any way, element by element."""
    walker = _Walker(limits)
    walk_elements(xml, walker.start)
    if walker.has_errors or walker.scan.formulas:
        faults = _Faults()
        walk_elements(xml, faults.start, text=faults.text, end=faults.end)
        walker.scan.faults = faults.found
    return walker.scan


def check_extent(row: int, column: int, limits: Limits) -> None:
    """Raise `WorkbookError` where a cell that holds something is beyond the limits."""
    if row > limits.rows:
        raise WorkbookError(
            msg(
                "第 %(row)s 行还有内容，最多读到第 %(limit)s 行。删掉下面多余的行再传",
                row=row,
                limit=limits.rows,
            )
        )
    if column > limits.columns:
        raise WorkbookError(
            msg(
                "%(cell)s 里还有内容，最多读到 %(limit)s 列。删掉右边多余的列再传",
                cell=f"{column_letters(column)}{row}",
                limit=column_letters(limits.columns),
            )
        )


class _Faults:
    """The texts of cells with an error, and of formulas without a value."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self.row = self.column = 0
        self.kind = ""
        self.inside = ""
        self.texts: dict[str, list[str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local_name(name)
        if tag == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif tag == "c":
            match = _REFERENCE.fullmatch(attributes.get("r", ""))
            if match:
                self.column, self.row = column_number(match[1]), int(match[2])
            else:
                self.column += 1
            self.kind, self.texts = attributes.get("t", "n"), {}
        elif tag in ("f", "v"):
            self.inside = tag
            self.texts[tag] = []

    def text(self, piece: str) -> None:
        if self.inside:
            self.texts[self.inside].append(piece)

    def end(self, name: str) -> None:
        tag = local_name(name)
        if tag in ("f", "v"):
            self.inside = ""
        elif tag == "c":
            value = "".join(self.texts.get("v", ())).strip()
            if self.kind == "e":
                self.found[self.row, self.column] = value or "#N/A"
            # An empty text is a value: it is what IF(…, "") gives.
            elif "f" in self.texts and not value and not (self.kind == "str" and "v" in self.texts):
                self.found[self.row, self.column] = "=" + "".join(self.texts["f"]).strip()


class _CellsElsewhereError(Exception):
    """Error: outside the rows that were read there are more."""


def _scan_plain(xml: bytes, limits: Limits) -> SheetScan | None:
    """Scan only the part around plainly written rows; None where `walk_sheet` has to do it."""
    rows = plain_rows(xml)
    if rows is None or rows.last_row > limits.rows or limits.columns < COLUMNS:
        return None
    walker = _Walker(limits, with_cells=False)
    try:
        walk_elements(rows.rest, walker.start)
    except _CellsElsewhereError:
        return None
    walker.scan.shared_texts = rows.shared_texts
    walker.scan.hidden_rows = rows.hidden_rows
    return walker.scan


_CELL, _FILLED, _FORMULA, _ROW, _MERGED, _OTHER = range(6)
_KINDS = {
    "c": _CELL,
    "v": _FILLED,
    "is": _FILLED,
    "f": _FORMULA,
    "row": _ROW,
    "mergeCell": _MERGED,
}


class _Walker:
    """One pass; a cell counts once it is seen to hold something."""

    def __init__(self, limits: Limits, *, with_cells: bool = True) -> None:
        self.scan = SheetScan()
        self.limits = limits
        self.with_cells = with_cells
        self.has_errors = False
        self.last_row = self.last_column = 0
        self.row = 0
        self.column = 0
        self.columns: dict[str, int] = {}
        self.row_digits = ""
        # By whole names as they come, with the prefix that the writer chose.
        self.kinds: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        # Asked three times for every cell of a file, so what nearly every cell is stands here.
        kind = self.kinds.get(name)
        if kind is None:
            kind = self.kinds[name] = _KINDS.get(local_name(name), _OTHER)
        if kind == _OTHER:
            return
        if kind == _MERGED:
            self._merged(attributes)
        elif not self.with_cells:
            raise _CellsElsewhereError
        elif kind == _CELL:
            reference = attributes.get("r")
            if reference is None:
                self.column += 1
            else:
                # Nearly every cell is in its row, in a column that was met before.
                column = self.columns.get(reference.removesuffix(self.row_digits))
                if column is not None and self.row_digits:
                    self.column = column
                else:
                    self.row, self.column = self._place(reference)
            kind_of_value = attributes.get("t")
            if kind_of_value == "s":
                self.scan.shared_texts += 1
            elif kind_of_value == "e":
                self.has_errors = True
        elif kind == _FILLED:
            if self.row > self.last_row or self.column > self.last_column:
                self._filled()
        elif kind == _FORMULA:
            self._filled()
            self.scan.formulas.add((self.row, self.column))
        else:
            self._row(attributes)

    def _row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
        self.row_digits = str(self.row)
        self.column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.scan.hidden_rows.add(self.row)

    def _place(self, reference: str) -> tuple[int, int]:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise WorkbookError(BROKEN)
        letters, row = match.groups()
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_number(letters)
        return int(row), column

    def _filled(self) -> None:
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        check_extent(self.row, self.column, self.limits)

    def _merged(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("ref", "")
        first, _, last = reference.partition(":")
        self.scan.merged.append((*self._place(first), *self._place(last or first)))


_LAST_SECTOR = 0xFFFFFFFA
_STREAMS = ("Workbook", "Book")
_BOF, _SHEET_RECORD, _ROW_RECORD, _MERGED_RECORD, _BOOLERR_RECORD, _FORMULA_RECORD = (
    0x809,
    0x85,
    0x208,
    0xE5,
    0x205,
    0x06,
)
_LOCKED, _FONT_RECORD, _STYLE_RECORD = 0x2F, 0x31, 0xE0
_STRUCK = 0x08
_NO_FONT = 4
"""The number that no font has, for historical reasons."""
_CELLS_RECORDS = {0x203, 0x27E, 0xFD, 0x204, 0xD6, _BOOLERR_RECORD, _FORMULA_RECORD}
_MANY = {0xBD}
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def scan_old_book(data: bytes, limits: Limits) -> dict[str, tuple[bool, SheetScan]]:
    """Scan each sheet by name: if it shows, and what its records say. `WorkbookError` if broken."""
    try:
        sheets = _scanned(_stream(data), limits)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise WorkbookError(BROKEN) from None
    if not sheets:
        raise WorkbookError(BROKEN)
    return sheets


def _scanned(stream: bytes, limits: Limits) -> dict[str, tuple[bool, SheetScan]]:
    sheets: dict[int, tuple[str, bool]] = {}
    scans: dict[str, tuple[bool, SheetScan]] = {}
    scan: SheetScan | None = None
    fonts: list[bool] = []
    struck: list[bool] = []
    for place, kind, body in _records(stream):
        if kind == _FONT_RECORD:
            fonts += [False] * (len(fonts) == _NO_FONT)
            fonts.append(bool(struct.unpack_from("<H", body, 2)[0] & _STRUCK))
        elif kind == _STYLE_RECORD:
            font = struct.unpack_from("<H", body)[0]
            struck.append(font < len(fonts) and fonts[font])
        if kind == _LOCKED:
            raise WorkbookError(msg("工作簿设了密码，打不开。在 Excel 里取消密码，存一次再传"))
        if kind == _SHEET_RECORD:
            start, state, of_kind = struct.unpack_from("<IBB", body)
            if of_kind == 0:
                sheets[start] = _name(body[6:]), state & 3 == 0
        elif kind == _BOF and place in sheets:
            name, shows = sheets[place]
            scan = SheetScan()
            scans[name] = shows, scan
        elif scan is not None:
            _note(scan, kind, body, limits)
            if kind in _CELLS_RECORDS and any(struck):
                row, column, style = struct.unpack_from("<HHH", body)
                if style < len(struck) and struck[style]:
                    scan.struck.add((row + 1, column + 1))
    return scans


def _note(scan: SheetScan, kind: int, body: bytes, limits: Limits) -> None:
    if kind in _CELLS_RECORDS or kind in _MANY:
        row, column = struct.unpack_from("<HH", body)
        if kind in _MANY:
            column = struct.unpack_from("<H", body, len(body) - 2)[0]
        check_extent(row + 1, column + 1, limits)
        if kind == _BOOLERR_RECORD and body[7]:
            scan.faults[row + 1, column + 1] = _ERRORS.get(body[6], "#N/A")
        elif kind == _FORMULA_RECORD:
            scan.formulas.add((row + 1, column + 1))
            if body[12:14] == b"\xff\xff" and body[6] == 2:
                scan.faults[row + 1, column + 1] = _ERRORS.get(body[8], "#N/A")
    elif kind == _ROW_RECORD:
        if struct.unpack_from("<H", body, 12)[0] & 0x20:
            scan.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind == _MERGED_RECORD:
        count = struct.unpack_from("<H", body)[0]
        for place in range(count):
            top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * place)
            scan.merged.append((top + 1, left + 1, bottom + 1, right + 1))


def _name(body: bytes) -> str:
    length, wide = body[0], body[1] & 1
    if wide:
        return body[2 : 2 + 2 * length].decode("utf-16-le")
    return body[2 : 2 + length].decode("latin-1")


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _stream(data: bytes) -> bytes:
    """The stream that holds the workbook, taken out of the compound file."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small_size = 1 << struct.unpack_from("<H", data, 32)[0]
    if size not in (512, 4096) or small_size != 64:
        raise WorkbookError(BROKEN)
    first_directory, _signature, cutoff, first_small, _n = struct.unpack_from("<IIIII", data, 48)
    table = _allocation(data, size)
    directory = _chain(data, table, first_directory, size)
    root = b""
    for place in range(0, len(directory) - 127, 128):
        entry = directory[place : place + 128]
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
        start, stream_size = struct.unpack_from("<II", entry, 116)
        if place == 0:
            root = _chain(data, table, start, size) if stream_size else b""
        elif name in _STREAMS:
            if stream_size >= cutoff:
                return _chain(data, table, start, size)[:stream_size]
            raw = _chain(data, table, first_small, size)
            small = struct.unpack(f"<{len(raw) // 4}I", raw)
            return _chain(root, small, start, small_size, offset=0)[:stream_size]
    raise WorkbookError(BROKEN)


def _allocation(data: bytes, size: int) -> tuple[int, ...]:
    sectors = [number for number in struct.unpack_from("<109I", data, 76) if number < _LAST_SECTOR]
    more, count = struct.unpack_from("<II", data, 68)
    for _each in range(min(count, len(data) // size)):
        if more >= _LAST_SECTOR:
            break
        numbers = struct.unpack_from(f"<{size // 4}I", data, size * (more + 1))
        sectors += [number for number in numbers[:-1] if number < _LAST_SECTOR]
        more = numbers[-1]
    table: list[int] = []
    for sector in sectors[: len(data) // size + 1]:
        table += struct.unpack_from(f"<{size // 4}I", data, size * (sector + 1))
    return tuple(table)


def _chain(data: bytes, table: tuple[int, ...], start: int, size: int, *, offset: int = 1) -> bytes:
    pieces: list[bytes] = []
    at = start
    while at < _LAST_SECTOR:
        if len(pieces) > len(table):
            raise WorkbookError(BROKEN)
        pieces.append(data[size * (at + offset) : size * (at + offset + 1)])
        at = table[at]
    return b"".join(pieces)
