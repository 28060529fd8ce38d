"""A PDF that acts by itself is told, also where it hides that; no scanned one is taken for it."""

from __future__ import annotations

import random
import time
import tracemalloc
import zlib

import pytest

from compete.services.kernel.refusal import Refusal, Refused
from compete.services.sheets.sent_documents import read_document

SCRIPT = b"<< /Type /Action /S /JavaScript /JS (app.alert(1)) >>"


def pdf(*parts: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, part) for n, part in enumerate(parts, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def objects(
    content: bytes, filter_words: bytes = b"/Filter /FlateDecode", kind: bytes = b"ObjStm"
) -> bytes:
    head = b"<< /Type /%s /N 1 /First 4 %s /Length %d >>" % (kind, filter_words, len(content))
    return head + b"\nstream\n" + content + b"\nendstream"


ADDRESS = b"<< /S /URI /URI (https://x.cn) >>"
PACKED = zlib.compress(b"5 0 " + SCRIPT)


@pytest.mark.parametrize(
    "active",
    [
        SCRIPT,
        b"<< /S /Java#53cript /J#53 (app.alert(1)) >>",
        b"<< /S /Rendition /JS 7 0 R >>",
        b"<< /Names << /#45mbeddedFiles 3 0 R >> >>",
        objects(PACKED),
        objects(PACKED, b"/Filter [ /FlateDecode ]"),
        objects(PACKED, kind=b"#4fbjStm"),
        objects(b"5 0 " + SCRIPT, b""),
        b"<< /S /SubmitForm /F << /FS /URL /F (https://x.cn) >> >>",
        b"<< /S /Import#44ata /F (x.fdf) >>",
        b"<< /OpenAction << /S /URI /URI (https://x.cn) >> >>",
        b"<< /OpenAction 9 0 R >>\nendobj\n9 0 obj\n<< /URI (https://x.cn) /S/URI >>",
        b"<< /AA << /O << /#53 /U#52I /URI (https://x.cn) >> >> >>",
        b"<< /AA << /O << /S /GoToE /F (\\\\\\\\10.0.0.1\\\\t) /D [0 /Fit] >> >> >>",
        b"<< /OpenAction << /S/GoTo#52 /F (\\\\\\\\10.0.0.1\\\\t) /D [0 /Fit] >> >>",
        b"<< /AA << /PO << /S /Rendition /R << /F (https://x.cn/a.mp4) >> >> >> >>",
        # The action packed away, or what does it.
        b"<< /OpenAction 5 0 R >>\nendobj\n8 0 obj\n" + objects(zlib.compress(b"5 0 " + ADDRESS)),
        objects(zlib.compress(b"5 0 << /OpenAction 9 0 R >>")) + b"\nendobj\n9 0 obj\n" + ADDRESS,
        # What nobody can look into hides something.
        objects(zlib.compress(PACKED), b"/Filter [ /FlateDecode /FlateDecode ]"),
        objects(PACKED.hex().encode(), b"/Filter /ASCIIHexDecode"),
        objects(PACKED, b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        objects(PACKED[:-4] + b"endstream" + PACKED[-4:]),
    ],
)
def test_what_acts_by_itself_is_refused(active: bytes) -> None:
    for sent in (pdf(active), pdf(b"<< /Type /Catalog >>", active)):
        with pytest.raises(Refused, match="脚本、附件、密码") as refused:
            read_document(sent)
        assert refused.value.kind is Refusal.WRONG_FORMAT


def test_a_scanned_letter_is_kept_whatever_three_letters_its_photo_holds() -> None:
    photo = random.Random(7).randbytes(400_000) + b"/JS\x00\x81/JS/JS)"
    letter = pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        objects(zlib.compress(b"5 0 << /Type /Page >>")),
        b"<< /Subtype /Image /Filter /DCTDecode >>\nstream\n" + photo + b"\nendstream",
    )
    assert read_document(letter).content == letter


@pytest.mark.parametrize(
    "begins", [b"/OpenAction [3 0 R /Fit]", b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>", b""]
)
def test_a_letterhead_with_an_address_to_touch_is_kept(begins: bytes) -> None:
    touched = b"<< /Subtype /Link /A << /Type /Action /S /URI /URI (mailto:gh@x.cn) >> >>"
    letter = pdf(b"<< /Type /Catalog " + begins + b" >>", touched, objects(zlib.compress(touched)))
    assert read_document(letter).content == letter


@pytest.mark.parametrize(
    "wrong",
    [
        b"stream\n" * 700_000,
        b"/ObjStm stream\n" * 350_000,
        b"stream\nendstream" * 300_000,
        b"/S/URI" * 800_000,
        b"/AA " + b"/A<</S/URI " * 400_000,
    ],
)
def test_no_file_takes_long(wrong: bytes) -> None:
    begun = time.monotonic()
    read_document(pdf(wrong))
    assert time.monotonic() - begun < 5


WHOLE = 64 * 1024 * 1024


@pytest.mark.parametrize(
    "packed",
    [
        [objects(zlib.compress(bytes(WHOLE + 1)))],
        [objects(zlib.compress(bytes(WHOLE))), objects(zlib.compress(bytes(WHOLE)))],
        # More than was left, and not packed at all.
        [objects(zlib.compress(bytes(WHOLE - 1))), objects(bytes(9), b""), objects(PACKED)],
    ],
)
def test_objects_that_would_fill_the_memory_are_refused(packed: list[bytes]) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="脚本、附件、密码"):
            read_document(pdf(*packed))
        assert tracemalloc.get_traced_memory()[1] < 2.5 * WHOLE
    finally:
        tracemalloc.stop()
