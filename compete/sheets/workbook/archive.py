"""Archive of an .xlsx, taken apart without believing what it says about itself.

Every XML part is inflated here once, against a budget, whatever size the
archive declares for it. What is read afterwards is a plain copy of the parts
seen here, so no later reader can be led to anything else: macros and embedded
files never get past this module, a picture only alone and when it is asked for.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from compete.domain.values.messages import msg
from compete.domain.values.upload_limits import MIB
from compete.sheets.workbook.limits import Limits
from compete.sheets.workbook.refusal import WorkbookError

_LOCAL_HEADER = 30
_ENCRYPTED_FLAG = 0x1
_CHUNK = 1 * MIB
_RATIO_FROM = 4 * MIB
_LOOSE = 16 * MIB

BROKEN = msg("文件坏了，读不出来。用 Excel 打开，另存一份再传")
BOMB = msg("文件解开后大得不正常，没有读。从这里下载一份表，把内容粘贴进去再传")


@dataclass(frozen=True, slots=True)
class Archive:
    """The XML parts of a workbook by name, and whether it carried macros."""

    parts: dict[str, bytes]
    has_macros: bool

    @property
    def shared_texts(self) -> bytes:
        """The list of texts that cells point to; readers find it in any case of letters."""
        for name, content in self.parts.items():
            if name.lower() == "xl/sharedstrings.xml":
                return content
        return b""

    def as_plain_zip(self) -> io.BytesIO:
        """The parts alone as an archive a reader can open.

        Large ones packed a little: the reader copies it whole, and a sheet of a hundred thousand
        people is seventy megabytes of XML. Packing takes longer than reading, so others are not.
        """
        out = io.BytesIO()
        large = sum(map(len, self.parts.values())) > _LOOSE
        method = zipfile.ZIP_DEFLATED if large else zipfile.ZIP_STORED
        with zipfile.ZipFile(out, "w", method, compresslevel=1) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        out.seek(0)
        return out


DOCUMENT = "content.xml"
"""The part of an OpenDocument workbook that holds its sheets."""


def unpack(data: bytes, limits: Limits) -> Archive:
    """Unpack the XML parts, or raise `WorkbookError` for what is no workbook or too large.

    An OpenDocument workbook gives its content alone.
    """
    entries = _entries(data, limits)
    names = {entry.filename for entry in entries}
    document = _is_document(names)
    if not document:
        _refuse_other_kinds(names)
    wanted = [it for it in entries if it.filename == DOCUMENT or not document]
    macros = any(entry.filename.endswith("vbaProject.bin") for entry in entries)
    return Archive(_parts(data, wanted, limits), macros)


def unpack_package(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Unpack the XML parts of an archive that is no workbook, by name, within the same bounds.

    `WorkbookError` for one that is broken, locked or too large.
    """
    return _parts(data, _entries(data, limits), limits)


def _parts(data: bytes, entries: Iterable[zipfile.ZipInfo], limits: Limits) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = limits.unpacked
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            content = _inflate(data, entry, left, limits)
            left -= len(content)
            parts[entry.filename] = content
    return parts


def _entries(data: bytes, limits: Limits) -> list[zipfile.ZipInfo]:
    if data.count(b"PK\x01\x02") > 2 * limits.parts:  # before a directory is built in memory
        raise WorkbookError(BOMB)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise WorkbookError(BROKEN) from None
    # Two parts of one name, or of names that differ in case: readers differ on which counts.
    names = {entry.filename.lower() for entry in entries}
    if len(names) != len(entries):
        raise WorkbookError(BROKEN)
    if len(entries) > limits.parts or sum(e.file_size for e in entries) > 4 * limits.unpacked:
        raise WorkbookError(BOMB)
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise WorkbookError(msg("压缩包设了密码，打不开。取消密码再传"))
    return entries


def _is_document(names: set[str]) -> bool:
    return DOCUMENT in names and "mimetype" in names and "xl/workbook.xml" not in names


def _refuse_other_kinds(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "word/document.xml" in names:
        raise WorkbookError(msg("这是 Word 文档，读不了。要 Excel 工作簿（.xlsx）"))
    if "ppt/presentation.xml" in names:
        raise WorkbookError(msg("这是演示文稿，读不了。要 Excel 工作簿（.xlsx）"))
    if "xl/workbook.bin" in names:
        raise WorkbookError(msg("这是二进制工作簿（.xlsb）。用 Excel 另存为 .xlsx 再传"))
    if any(name.endswith((".xlsx", ".xls")) for name in names):
        raise WorkbookError(msg("这是压缩包，读不了。解压后传里面的 .xlsx"))
    raise WorkbookError(msg("这不是 Excel 工作簿（.xlsx）。从这里下载一份表，填好再传"))


def _inflate(data: bytes, entry: zipfile.ZipInfo, budget: int, limits: Limits) -> bytes:
    packed = _packed_bytes(data, entry)
    if entry.compress_type == zipfile.ZIP_STORED:
        if len(packed) > budget:
            raise WorkbookError(BOMB)
        content = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflate_deflated(packed, budget, limits)
    else:
        raise WorkbookError(BROKEN)
    if zlib.crc32(content) != entry.CRC:
        raise WorkbookError(BROKEN)
    return content


def _packed_bytes(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    start = entry.header_offset
    header = data[start : start + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise WorkbookError(BROKEN)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start += _LOCAL_HEADER + name_length + extra_length
    packed = data[start : start + entry.compress_size]
    if len(packed) != entry.compress_size:
        raise WorkbookError(BROKEN)
    return packed


def _inflate_deflated(packed: bytes, budget: int, limits: Limits) -> bytes:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    # The final bytes are its own buffer: no second copy, as joined pieces would be.
    whole = io.BytesIO()
    size = 0
    rest = packed
    try:
        while not engine.eof:
            piece = engine.decompress(rest, _CHUNK)
            rest = engine.unconsumed_tail
            size += len(piece)
            if size > budget or (size > _RATIO_FROM and size > limits.ratio * len(packed)):
                raise WorkbookError(BOMB)
            whole.write(piece)
            if not piece and not rest:
                raise WorkbookError(BROKEN)  # the data stops in the middle
    except zlib.error:
        raise WorkbookError(BROKEN) from None
    return whole.getvalue()


def unpack_picture(data: bytes, entry: zipfile.ZipInfo, most: int) -> bytes | None:
    """Unpack one part that is no XML, or None for one that is broken or larger than `most`."""
    try:
        return _inflate(data, entry, most, Limits())
    except WorkbookError:
        return None
