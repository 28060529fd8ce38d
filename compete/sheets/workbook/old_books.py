"""Facts of an old workbook (.xls) that the bulk reader does not tell, by its records."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from compete.domain.values.messages import msg
from compete.sheets.workbook.archive import BROKEN
from compete.sheets.workbook.limits import Limits
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import SheetScan, check_extent

_LAST_SECTOR = 0xFFFFFFFA
_STREAMS = ("Workbook", "Book")
_BOF, _SHEET, _ROW, _MERGED, _BOOLERR, _FORMULA = 0x809, 0x85, 0x208, 0xE5, 0x205, 0x06
_LOCKED = 0x2F
_CELLS = {0x203, 0x27E, 0xFD, 0x204, 0xD6, _BOOLERR, _FORMULA}
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
        found = _scanned(_stream(data), limits)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise WorkbookError(BROKEN) from None
    if not found:
        raise WorkbookError(BROKEN)
    return found


def _scanned(stream: bytes, limits: Limits) -> dict[str, tuple[bool, SheetScan]]:
    sheets: dict[int, tuple[str, bool]] = {}
    found: dict[str, tuple[bool, SheetScan]] = {}
    scan: SheetScan | None = None
    for place, kind, body in _records(stream):
        if kind == _LOCKED:
            raise WorkbookError(msg("工作簿设了密码，打不开。在 Excel 里取消密码，存一次再传"))
        if kind == _SHEET:
            start, state, of_kind = struct.unpack_from("<IBB", body)
            if of_kind == 0:
                sheets[start] = _name(body[6:]), state & 3 == 0
        elif kind == _BOF and place in sheets:
            name, shows = sheets[place]
            scan = SheetScan()
            found[name] = shows, scan
        elif scan is not None:
            _note(scan, kind, body, limits)
    return found


def _note(scan: SheetScan, kind: int, body: bytes, limits: Limits) -> None:
    if kind in _CELLS or kind in _MANY:
        row, column = struct.unpack_from("<HH", body)
        if kind in _MANY:
            column = struct.unpack_from("<H", body, len(body) - 2)[0]
        check_extent(row + 1, column + 1, limits)
        if kind == _BOOLERR and body[7]:
            scan.faults[row + 1, column + 1] = _ERRORS.get(body[6], "#N/A")
        elif kind == _FORMULA:
            scan.formulas.add((row + 1, column + 1))
            if body[12:14] == b"\xff\xff" and body[6] == 2:
                scan.faults[row + 1, column + 1] = _ERRORS.get(body[8], "#N/A")
    elif kind == _ROW:
        if struct.unpack_from("<H", body, 12)[0] & 0x20:
            scan.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind == _MERGED:
        count = struct.unpack_from("<H", body)[0]
        for each in range(count):
            top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * each)
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
    sectors = [each for each in struct.unpack_from("<109I", data, 76) if each < _LAST_SECTOR]
    more, count = struct.unpack_from("<II", data, 68)
    for _each in range(min(count, len(data) // size)):
        if more >= _LAST_SECTOR:
            break
        found = struct.unpack_from(f"<{size // 4}I", data, size * (more + 1))
        sectors += [each for each in found[:-1] if each < _LAST_SECTOR]
        more = found[-1]
    table: list[int] = []
    for each in sectors[: len(data) // size + 1]:
        table += struct.unpack_from(f"<{size // 4}I", data, size * (each + 1))
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
