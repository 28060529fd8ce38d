"""Hostile input that no page sends: values, bodies and files made to break whatever reads them."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

DEEP = b"[" * 100_000
SMALL = (
    "",
    " ",
    "\0",
    "a\0b",
    "9" * 400,
    "-1",
    "1e999999",
    "NaN",
    "Infinity",
    "²",
    "١٢",
    "9223372036854775808",
    "\ud800",
    "\u202e\ufeff\uffff",
    "${7*7}{{7*7}}%s%(n)s",
    "<script>'\"--;",
    "../../etc/passwd",
    "2026-13-45T99:99",
    "|||",
    "X|final|practice",
)
LARGE = (
    "文" * 100_000,
    "[" * 50_000,
    '{"path":' * 20_000,
    "1" * 20_000,
    "M" + "1 " * 150_000,
)
JSON_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    "",
    "\0",
    "\ud800",
    "文" * 100_000,
    "1e999999",
    [],
    {},
    [[[[[]]]]],
    {"a": {"b": [None]}},
)


def bodies(fields: list[str], chance: random.Random) -> Iterator[bytes]:
    """Make JSON texts, whole and broken, that name the fields a call reads."""
    yield from (b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"a":1e999999}', DEEP, b'{"a":' + DEEP)
    yield from (b'{"%b":' % field.encode() + DEEP for field in fields)
    for _ in range(12):
        plain = {field: chance.choice(JSON_VALUES) for field in fields}
        yield json.dumps(plain).encode()
        yield json.dumps({"acts": [plain, plain]}).encode()


def form(fields: dict[str, str]) -> dict[str, Any]:
    """Arguments for a client to send a form, lone halves of characters and all.

    In parts: nobody has to escape and read again every byte of what is large.
    """
    head = b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
    parts = [
        head % name.encode() + value.encode("utf-8", "surrogatepass") + b"\r\n"
        for name, value in fields.items()
    ]
    body = b"".join(parts) + b"--edge--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=edge"}


def files() -> Iterator[tuple[str, bytes]]:
    """Make pictures, workbooks and packages that are none, or are made to blow up."""
    yield "empty.xlsx", b""
    yield "package.json", DEEP
    yield "package.json", b'{"format":"compete-acts/2","judge":"1.1","keys":["a"],"acts":' + DEEP
    yield "package.json", b'{"format":"compete-acts/2","judge":"1.1","keys":[],"acts":[[1,[]]]}'
    yield "p.jpg", b"\xff\xd8\xff" + b"\0" * 500
    yield "p.png", packed_text_png(80_000_000)
    yield "p.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 64
    yield "p.webp", b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 40
    yield "b.xlsx", b"PK\x03\x04" + b"\0" * 300
    yield "b.xlsx", _workbook(b"<worksheet>" * 20_000)
    yield "b.xlsx", _workbook(b"\xff\xfe\0<")
    yield "b.xlsx", _workbook(b"")[:-30]


@cache
def packed_text_png(size: int) -> bytes:
    """Make a PNG of one pixel with a comment of `size` bytes, packed into a thousandth of them."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(size // 1_000_000))
    comment = b"Comment\0\0" + packed + packer.flush()
    pixel = zlib.compress(b"\0\0\0\0")
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"zTXt", comment), (b"IDAT", pixel), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _workbook(sheet: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", b"<Types/>")
        file.writestr(
            "xl/workbook.xml", b'<workbook><sheets><sheet name="a" sheetId="1"/></sheets>'
        )
        file.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()
