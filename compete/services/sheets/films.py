"""A film that somebody sends, MP4 or MOV: whole, with a picture, and without where it was taken.

Only the boxes around the pictures are read. What phones write beside them (place, device, name),
and tracks of anything but sound and pictures with all their samples, are overwritten in place, so
that nothing moves; sound and pictures stay as they are.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from compete.domain.values.messages import msg
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.sheets.film_samples import UnreadableError, samples_of
from compete.services.sheets.photo_files import HEIF

FILM = "video/mp4"
_STILLS = HEIF | {b"avif", b"avis"}
"""Photos in the same wrapping."""
_INSIDE = {b"moov": 0, b"trak": 1, b"mdia": 2, b"minf": 3, b"stbl": 4, b"moof": 0, b"traf": 1}
"""The depth of boxes that hold others; boxes within their own kind would cost their square."""
_BESIDE = {b"udta", b"meta", b"uuid", b"XMP_", b"free", b"skip"}
"""The boxes beside pictures and sound; an empty box of the same length is `free`."""
_SEEN_OR_HEARD = {b"vide", b"soun"}
_MOST_BOXES = 10_000
_MOST_GOING = 20
"""Tracks beside sound and pictures; phones write two or three."""
_MOST_PIECES = 400_000
"""Samples, or pieces of them, of all these tracks together."""
_SHORT, _LONG, _HEAD = 8, 16, 32


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    begins: int
    inside: int
    """The begin of its content."""
    ends: int
    depth: int


def is_film(sent: bytes) -> bool:
    """True if it says so of itself."""
    return sent[4:8] == b"ftyp" and sent[8:12] not in _STILLS


def read_film(sent: bytes) -> tuple[bytes, float | None]:
    """The film without what is said beside it, and its length in seconds where that is told.

    Raises `Refused` (WRONG_FORMAT) where it is no film, or not all of it came.
    """
    try:
        boxes = _boxes(sent)
    except (struct.error, ValueError) as error:
        raise _refused() from error
    sorts = _sorts(sent, boxes)
    if not {b"moov", b"mdat"} <= {box.kind for box in boxes if box.depth == 0}:
        raise _refused()
    if b"vide" not in sorts.values():
        raise _refused()
    kept = bytearray(sent)
    going = [box for box, sort in sorts.items() if sort not in _SEEN_OR_HEARD]
    for begins, ends in _samples(sent, boxes, going):
        kept[begins:ends] = bytes(ends - begins)
    for box in boxes:
        if box.kind in _BESIDE or box in going:
            kept[box.begins + 4 : box.begins + 8] = b"free"
            kept[box.inside : box.ends] = bytes(box.ends - box.inside)
    return bytes(kept), _seconds(sent, boxes)


def _samples(film: bytes, boxes: list[_Box], going: list[_Box]) -> Iterator[tuple[int, int]]:
    """Find where the samples of these tracks lie within the pictures and sound.

    Raises `Refused` (WRONG_FORMAT) where that cannot be told.
    """
    data = [box for box in boxes if box.kind == b"mdat" and box.depth == 0]
    data_ends = [box.ends for box in data]
    pieces: list[tuple[int, int]] = []
    try:
        if len(going) > _MOST_GOING:
            raise UnreadableError
        for track in going:
            within = [box for box in boxes if track.begins < box.begins < track.ends]
            if _in_fragments(film, boxes, within):
                raise UnreadableError
            tables = {box.kind: film[box.inside : box.ends] for box in within}
            pieces += samples_of(tables)
            if len(pieces) > _MOST_PIECES:
                raise UnreadableError
        # No sample lies in another: a file that says so would be written over for hours.
        if sum(ends - begins for begins, ends in pieces) > len(film):
            raise UnreadableError
    except UnreadableError as error:
        why = msg("录像里另有数据（可能是位置），去不掉。请用手机的相册剪一下、另存，再传")
        raise Refused(why, kind=Refusal.WRONG_FORMAT) from error
    # From the first that it reaches: each with each would be hours where both are many.
    for begins, ends in pieces:
        for box in islice(data, bisect_right(data_ends, begins), None):
            if box.inside >= ends:
                break
            yield max(begins, box.inside), min(ends, box.ends)


def _in_fragments(film: bytes, boxes: list[_Box], within: list[_Box]) -> bool:
    """True if samples of a track come in fragments, which say otherwise where they lie."""
    number = None
    for box in within:
        if box.kind == b"tkhd":
            at = 20 if film[box.inside : box.inside + 1] == b"\1" else 12
            number = film[box.inside + at : box.inside + at + 4]
    return any(
        film[box.inside + 4 : box.inside + 8] == number for box in boxes if box.kind == b"tfhd"
    )


def _boxes(film: bytes) -> list[_Box]:
    """List each box, and after it those within it.

    Raises ValueError where they do not fill their room exactly, or are too many.
    """
    listed: list[_Box] = []
    ends = [len(film)]
    at = 0
    while ends:
        if at == ends[-1]:
            ends.pop()
            continue
        depth = len(ends) - 1
        long, kind = struct.unpack_from(">I4s", film, at)
        inside = at + _SHORT
        if long == 1:
            (long,) = struct.unpack_from(">Q", film, inside)
            inside = at + _LONG
        elif long == 0 and depth == 0:
            long = len(film) - at
        if long < inside - at or at + long > ends[-1] or len(listed) == _MOST_BOXES:
            raise ValueError(long)
        listed.append(_Box(kind, at, inside, at + long, depth))
        if _INSIDE.get(kind) == depth:
            ends.append(at + long)
            at = inside
        else:
            at += long
    return listed


def _sorts(film: bytes, boxes: list[_Box]) -> dict[_Box, bytes]:
    """The sort of each track: `vide`, `soun`, or something else."""
    sorts: dict[_Box, bytes] = {}
    track = None
    for box in boxes:
        if box.kind == b"trak":
            track = box
            sorts[track] = b""
        elif box.kind == b"hdlr" and track is not None and box.begins < track.ends:
            sorts[track] = film[box.inside + 8 : box.inside + 12]
    return sorts


def _seconds(film: bytes, boxes: list[_Box]) -> float | None:
    head = next((box for box in boxes if box.kind == b"mvhd"), None)
    if head is None or head.ends - head.inside < _HEAD:
        return None
    form, at = (">IQ", 20) if film[head.inside] == 1 else (">II", 12)
    scale, long = struct.unpack_from(form, film, head.inside + at)
    return long / scale if scale and long else None


def _refused() -> Refused:
    return Refused(msg("这不是 MP4 或 MOV 录像，或者没传完整"), kind=Refusal.WRONG_FORMAT)
