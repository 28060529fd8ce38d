"""PDF authors: a PDF's words on who wrote it, blanked in place, for a blind event's evidence.

Only what programs write beside the pages goes: author, title (often a file's name), company. What
stands on the pages stays as it is.
"""

from __future__ import annotations

import re
import zlib

from compete.domain.values.messages import msg
from compete.services.kernel.refusal import Refusal, Refused

_KEYS = re.compile(rb"/(?:Author|Title|Subject|Keywords|Creator|Producer|Company|Manager)\b")
_WHO = re.compile(rb"/(?:Author|Company|Manager)\b|xmpmeta")
_PACKED = re.compile(rb"/Type\s{0,9}/(?:ObjStm|Metadata)\b")
_REFERENCE = re.compile(rb"(\d{1,9}) (\d{1,5}) R\b")
_XMP = (b"<x:xmpmeta", b"</x:xmpmeta>")
_BLANKS = b" \t\r\n\f\0"
_BACKSLASH, _OPENS = 0x5C, 0x28
_LONGEST = 20_000
_MOST_ELSEWHERE = 40
_MOST_UNPACKED = 64 * 1024 * 1024


def without_author(pdf: bytes) -> bytes:
    """The same PDF, byte for byte as long, with nothing beside its pages that tells whose it is.

    Raises `Refused` (WRONG_FORMAT) where that is packed away and cannot be blanked.
    """
    content, done = bytearray(pdf), 0
    elsewhere: set[bytes] = set()
    for key in _KEYS.finditer(pdf):
        at = _past_blanks(pdf, key.end())
        reference = _REFERENCE.match(pdf, at)
        if reference is not None:
            elsewhere.add(reference.group())
        elif at >= done:
            # What was looked at once is not looked at again, so that no file takes long.
            done = _blank(content, at)
    if len(elsewhere) > _MOST_ELSEWHERE:
        raise _refused()
    for named in elsewhere:
        heading = named[:-1] + b"obj"
        at, done = pdf.find(heading), 0
        while at >= 0:
            # 12 0 obj is no part of 112 0 obj.
            if at >= done and not pdf[at - 1 : at].isdigit():
                done = _blank(content, _past_blanks(pdf, at + len(heading)))
            at = pdf.find(heading, at + len(heading))
    begins = content.find(_XMP[0])
    while begins >= 0:
        ends = content.find(_XMP[1], begins)
        ends = len(content) if ends < 0 else ends + len(_XMP[1])
        content[begins:ends] = b" " * (ends - begins)
        begins = content.find(_XMP[0], ends)
    kept = bytes(content)
    if _packed_tell(kept):
        raise _refused()
    return kept


def _refused() -> Refused:
    return Refused(
        msg("这个赛项盲评，这个 PDF 的属性里有作者，去不掉。请拍成照片，或者打印成 PDF 再传"),
        kind=Refusal.WRONG_FORMAT,
    )


def _past_blanks(pdf: bytes, at: int) -> int:
    while at < len(pdf) and pdf[at] in _BLANKS:
        at += 1
    return at


def _blank(content: bytearray, at: int) -> int:
    """Overwrite the string that begins there, `(…)` or `<…>`; where it ends."""
    last = min(len(content), at + _LONGEST)
    if content[at : at + 1] == b"<" and content[at : at + 2] != b"<<":
        place = content.find(b">", at, last)
        place = last if place < 0 else place
    elif content[at : at + 1] == b"(":
        depth, place = 1, at + 1
        while place < last and depth:
            sign = content[place]
            if sign == _BACKSLASH:  # it takes the next sign with it
                place += 1
            elif sign in b"()":
                depth += 1 if sign == _OPENS else -1
            place += 1
        place = min(place, last) - (0 if depth else 1)
    else:
        return at
    content[at + 1 : place] = b" " * (place - at - 1)
    return place


def _packed_tell(pdf: bytes) -> bool:
    """True if a packed stream says who wrote it, or cannot be looked into."""
    left, before = _MOST_UNPACKED, 0
    for packed in _PACKED.finditer(pdf):
        if packed.end() < before:
            continue
        begins = pdf.find(b"stream", packed.end())
        ends = pdf.find(b"endstream", begins)
        if begins < 0 or ends < 0:
            return False
        before = ends
        raw = pdf[begins + len(b"stream") : ends].strip(_BLANKS)
        if not raw:
            continue
        try:
            unpacked = zlib.decompressobj().decompress(raw, left)
        except zlib.error:
            unpacked = raw
            # Plain XMP, blanked already but for its wrapping, or what no one else unpacks here.
            if not raw.startswith((b"<", b"%")):
                return True
        left -= len(unpacked)
        if left <= 0 or _WHO.search(unpacked) is not None:
            return True
    return False
