"""A document that somebody sends, a PDF or a photo: how large, and of what kind it may be."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass

from compete.domain.values.messages import msg
from compete.domain.values.upload_limits import LARGEST_DOCUMENT, MIB
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.sheets.photo_files import clean_picture

_MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of all packed objects of one file."""


def _name(text: str) -> str:
    """A name in the file's syntax; each letter may stand as `#4a`."""
    return "".join(f"(?:{sign}|#(?i:{ord(sign):02x}))" for sign in text)


def _one_of(*names: str) -> bytes:
    return rf"/(?:{'|'.join(map(_name, names))})(?![A-Za-z0-9])".encode()


_ACTS = _one_of(
    *("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles"),
    *("RichMedia", "XFA", "Encrypt", "SubmitForm", "ImportData"),
)
_SCRIPT = rf"/{_name('JS')}(?:\s{{0,9}}[(<]|\s{{1,9}}\d{{1,9}}\s)".encode()
"""With the script after it: the three letters alone stand in many a large photo."""
_BY_ITSELF = re.compile(_one_of("OpenAction", "AA"))
"""The acts done as soon as a reader opens the file, or a page or field of it."""
_GOES = rf"/{_name('S')}\s{{0,9}}".encode() + _one_of(
    "URI", "GoToR", "GoToE", "Thread", "Rendition"
)
_ADDRESS = re.compile(_GOES)
"""The acts that go to an address, or to a file, which may be one of another machine."""
_OF_A_LINK = re.compile(rb"/A\s{0,9}<<[^<>()%]{0,99}?" + _GOES)
"""The links that somebody has to touch first, as letterheads have them."""
_PACKS, _WAYS = _one_of("ObjStm"), _one_of("Filter", "DecodeParms", "F")
_ACTIVE = re.compile(_ACTS + b"|" + _SCRIPT)
"""The things a scanned letter has no use for: scripts, programs, files within, passwords, forms."""
_OBJECTS = re.compile(_PACKS)
_FILTER = re.compile(_WAYS)
_WAY = rb"/(?:FlateDecode|Fl)(?![A-Za-z0-9])\s{0,9}"
_DEFLATED = re.compile(
    rb"/Filter\s{0,9}(?:\[\s{0,9}" + _WAY + rb"\]|" + _WAY + rb"[/>])",
)
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_END = b"endstream"


def is_active(pdf: bytes) -> bool:
    """True if there are scripts, programs, files, a password, an address or another's file that
    opens by itself or a form that is sent within, or what hides them.

    Programs pack objects together and deflate them; objects packed in any other way, or so that
    they are not read to their end, count as hidden.
    """
    if _ACTIVE.search(pdf):
        return True
    # An action may stand in another part than what does it.
    by_itself, address = _BY_ITSELF.search(pdf) is not None, _has_address(pdf)
    left, ended = _MOST_UNPACKED, 0
    for stream in _STREAM.finditer(pdf):
        if stream.start() < ended:
            continue
        head = pdf[max(ended, pdf.rfind(b"obj", ended, stream.start())) : stream.start()]
        ends = pdf.find(_END, stream.end())
        ended = ends if ends >= 0 else len(pdf)
        if _OBJECTS.search(head) is None:
            continue
        objects = _unpacked(head, pdf[stream.end() : ended], left)
        if objects is None or _ACTIVE.search(objects):
            return True
        by_itself = by_itself or _BY_ITSELF.search(objects) is not None
        address = address or _has_address(objects)
        left -= len(objects)
        # Nothing left would mean no bound to the next.
        if left <= 0:
            return True
    return by_itself and address


def _has_address(objects: bytes) -> bool:
    """True if an action goes to an address, other than that of a link to be touched."""
    touched = {link.end() for link in _OF_A_LINK.finditer(objects)}
    return any(address.end() not in touched for address in _ADDRESS.finditer(objects))


def _unpacked(head: bytes, packed: bytes, most: int) -> bytes | None:
    """The objects of a stream that `told` describes; None where they cannot be looked at."""
    ways = _FILTER.findall(head)
    if not ways:
        return packed
    if len(ways) > 1 or _DEFLATED.search(head) is None:
        return None
    reader = zlib.decompressobj()
    try:
        objects = reader.decompress(packed, most)
    except zlib.error:
        return None
    return objects if reader.eof else None


PDF, JPEG = "application/pdf", "image/jpeg"


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A document as it is kept, and its media type."""

    content: bytes
    media: str

    @property
    def sha256(self) -> str:
        """The hash of what is kept, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def read_document(sent: bytes, largest: int = LARGEST_DOCUMENT) -> SentDocument:
    """A whole PDF without anything active in it, as it is; or a photo, drawn anew.

    Raises `Refused`: TOO_LARGE, or WRONG_FORMAT for anything else.
    """
    if len(sent) > largest:
        most = largest // MIB
        raise Refused(msg("文件太大了，最多 %(most)s MB", most=most), kind=Refusal.TOO_LARGE)
    if not sent.startswith(b"%PDF-"):
        try:
            return SentDocument(clean_picture(sent, largest).data, JPEG)
        except Refused as refused:
            if refused.kind is not Refusal.WRONG_FORMAT:
                raise
            why = msg("这不是 PDF 或照片，或者没传完整")
            raise Refused(why, kind=Refusal.WRONG_FORMAT) from refused
    if b"%%EOF" not in sent[-2048:]:
        raise Refused(msg("这个 PDF 没传完整"), kind=Refusal.WRONG_FORMAT)
    if is_active(sent):
        why = msg(
            "这个 PDF 里有脚本、附件、密码，或者会自己打开网址、文件，提交表单，请打印成 PDF 再传"
        )
        raise Refused(why, kind=Refusal.WRONG_FORMAT)
    return SentDocument(sent, PDF)
