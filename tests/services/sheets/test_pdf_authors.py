"""A PDF of a blind event names nobody beside its pages, or is not taken."""

from __future__ import annotations

import contextlib
import io
import time
import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from compete.services.kernel.refusal import Refused
from compete.services.sheets.pdf_authors import without_author

NAME = "赵启明"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{NAME}</dc:creator></x:xmpmeta>'


def written(**about: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({f"/{key}": value for key, value in about.items()})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def packed(inside: bytes, kind: bytes = b"ObjStm", damaged: bool = False) -> bytes:
    """A file with a packed stream, which no reader has to follow."""
    raw = zlib.compress(inside)
    raw = b"\x00" + raw[1:] if damaged else raw
    return written(Author=NAME).replace(
        b"%%EOF", b"<</Type /%s>> stream\n%s\nendstream\n%%%%EOF" % (kind, raw)
    )


def test_author_title_and_company_are_gone_and_the_pages_stay() -> None:
    sent = written(Author=NAME, Title="甲单位(赵)的申诉", Company="甲单位", Subject="a\\)b")
    kept = without_author(sent)
    assert len(kept) == len(sent)
    about = PdfReader(io.BytesIO(kept)).metadata or {}
    assert not any(str(value).strip() for value in about.values())
    assert len(PdfReader(io.BytesIO(kept)).pages) == 1
    for spelt in (NAME.encode(), NAME.encode("utf-16-be"), b"Zhao"):
        assert spelt not in kept


@pytest.mark.parametrize(
    ("author_entry", "gone"),
    [
        (b"/Author (Zhao (P1) \\) x) /Pages 3", b"Zhao"),
        (b"/Author <5A68616F> /Pages 3", b"5A68616F"),
        (b"/Author 12 0 R /Pages 3 12 0 obj (Zhao) endobj", b"Zhao"),
        (XMP.encode(), NAME.encode()),
    ],
)
def test_however_it_is_written_it_goes(author_entry: bytes, gone: bytes) -> None:
    kept = without_author(b"%PDF-1.7\n" + author_entry + b" 112 0 obj (stays) %%EOF")
    assert gone not in kept
    assert b"(stays)" in kept
    assert (b"/Pages 3" in kept) is (b"/Pages 3" in author_entry)


def test_what_is_packed_away_is_refused_and_other_packed_things_are_not() -> None:
    without_author(packed(b"<</Title (Chapter) /Dest 3>>"))
    for sent in (
        packed(b"<</Author (Zhao)>>"),
        packed(XMP.encode(), b"Metadata"),
        packed(b"<</Dest 3>>", damaged=True),
    ):
        with pytest.raises(Refused, match="打印成 PDF"):
            without_author(sent)


@pytest.mark.parametrize(
    "part",
    [
        b"/Author 1 0 R 1 0 obj(",
        b"/Author(",
        b"/Author<",
        b"/Author 1 0 R ",
        b"/Type/ObjStm ",
        b"<x:xmpmeta",
        b"/Author(\\",
    ],
)
def test_no_file_takes_long(part: bytes) -> None:
    begun = time.process_time()
    with contextlib.suppress(Refused):
        without_author(b"%PDF-1.7\n" + part * (1_000_000 // len(part)) + b"%%EOF")
    assert time.process_time() - begun < 5
