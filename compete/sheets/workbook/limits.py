"""Limits for a workbook from outside, packed and unpacked, and reading no more than that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from compete.domain.values.messages import Message, msg
from compete.domain.values.upload_limits import LARGEST_WORKBOOK, MIB
from compete.sheets.workbook.refusal import WorkbookError

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one workbook; bytes unless said otherwise."""

    file: int = LARGEST_WORKBOOK
    unpacked: int = 64 * MIB
    """All XML parts together after inflating."""
    ratio: int = 400
    """Inflated to packed size of one part above 4 MiB; honest sheets stay below 100."""
    parts: int = 2_000
    """Number of entries in the archive."""
    rows: int = 50_000
    """Last row that may hold anything."""
    columns: int = 256
    """Last column that may hold anything."""
    cell_text: int = 256 * MIB
    """All texts of one sheet written out in full, one copy per cell."""


DEFAULT_LIMITS = Limits()

LARGE_LIMITS = Limits(unpacked=192 * MIB, rows=120_000)
"""Of a registration of 100,000 people, which a job reads while nobody waits."""


AT_ONCE_LIMITS = Limits(unpacked=32 * MIB, rows=10_000)
"""Of a table that somebody waits for: a unit's people, a scheme, rules, a department's values."""


class Readable(Protocol):
    """The methods that an upload must offer; a file, `BytesIO` or an uploaded stream does."""

    def read(self, size: int = ..., /) -> bytes: ...


def read_upload(
    stream: Readable, *, declared: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """Read the whole of an upload, or raise `WorkbookError` as soon as it is too large.

    `declared` is the length the sender announced, in bytes: when that is over
    the limit, nothing is read at all. An announcement is not believed the
    other way: the stream is cut off one byte past the limit.
    """
    if declared is not None and declared > limits.file:
        raise WorkbookError(_too_large(declared, limits))
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(min(_CHUNK, limits.file + 1 - size)):
        pieces.append(piece)
        size += len(piece)
        if size > limits.file:
            raise WorkbookError(_too_large(None, limits))
    return b"".join(pieces)


def check_size(data: bytes, limits: Limits) -> None:
    """Check the same limit for bytes already held."""
    if len(data) > limits.file:
        raise WorkbookError(_too_large(len(data), limits))


def _too_large(size: int | None, limits: Limits) -> Message:
    allowed = limits.file // MIB
    if size is None:
        return msg(
            "文件超过 %(allowed)s MB，没有读。这种表一般不到 1 MB，"
            "看看是不是选错了文件，或表里贴了图片",
            allowed=allowed,
        )
    return msg(
        "文件有 %(size)s MB，最多 %(allowed)s MB，没有读。这种表一般不到 1 MB，"
        "看看是不是选错了文件，或表里贴了图片",
        size=-(-size // MIB),
        allowed=allowed,
    )
