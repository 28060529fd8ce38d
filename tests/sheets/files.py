"""Files that are no workbook, or no honest one, made byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole_file(*streams: str) -> bytes:
    """A compound file of the old kind with empty streams of these names.

    Header, one sector of allocation table, one or more of directory: what
    Office wraps an encrypted workbook in, and what an .xls is.
    """
    entries = [_ole_entry("Root Entry", 5), *(_ole_entry(name, 2) for name in streams)]
    while len(entries) % 4:
        entries.append(bytes(128))
    directory = b"".join(entries)
    sectors = len(directory) // SECTOR
    table = [FAT, *range(2, sectors + 1), END]
    table += [FREE] * (SECTOR // 4 - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        END,
        0,
        END,
        0,
    )
    header += struct.pack("<109I", 0, *[FREE] * 108)
    return header + struct.pack(f"<{SECTOR // 4}I", *table) + directory


def _ole_entry(name: str, kind: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, FREE)
    return head.ljust(116, b"\0") + struct.pack("<IQ", END, 0)


def zip_file(parts: dict[str, bytes]) -> bytes:
    """A plain compressed archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The archive with each part changed; a part for which nothing comes back is left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        changed = {name: change(name, archive.read(name)) for name in archive.namelist()}
    return zip_file({name: content for name, content in changed.items() if content is not None})


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part_name: archive.read(part_name) for part_name in archive.namelist()}
    return zip_file({**parts, name: content})


def with_sheet_xml(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with a piece of its first sheet's XML replaced, which must be there."""

    def change(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        assert old in content
        return content.replace(old, new, 1)

    return repacked(data, change)


def lying_about_size(data: bytes, name: str, claimed: int) -> bytes:
    """The archive saying everywhere that a part has `claimed` bytes, and its checksum fitting."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(name)
        seen = archive.read(name)[:claimed]
    true = struct.pack("<II", entry.CRC, entry.compress_size) + struct.pack("<I", entry.file_size)
    false = struct.pack("<II", zlib.crc32(seen), entry.compress_size) + struct.pack("<I", claimed)
    assert data.count(true) == 2  # once before the part, once in the directory at the end
    return data.replace(true, false)
