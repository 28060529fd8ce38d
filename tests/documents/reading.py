"""What a reader finds in a printed document."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader


def pages(pdf: bytes) -> list[str]:
    """The text of each page without the blanks that setting puts between characters."""
    return [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def page_sizes(pdf: bytes) -> set[tuple[int, int]]:
    """Width and height of the pages in whole millimetres."""
    boxes = [page.mediabox for page in PdfReader(BytesIO(pdf)).pages]
    return {(round(float(b.width) / 72 * 25.4), round(float(b.height) / 72 * 25.4)) for b in boxes}


A4 = {(210, 297)}
A4_LYING = {(297, 210)}
TYPST_SOURCE = '#let x = [a] "b" $c$ \\d @e *f* //g'
"""A name that would do harm if it were ever read as Typst."""

NO_FONT_HAS = "\U0002a9a7"  # 𪦧 is in neither of the shipped fonts


def beyond_the_page(pdf: bytes) -> list[str]:
    """What begins beside the first page, which then shows a part of it alone."""
    page = PdfReader(BytesIO(pdf)).pages[0]
    texts = []

    def look(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if text.strip() and not (0 <= x <= page.mediabox.width and 0 <= y <= page.mediabox.height):
            texts.append(text)

    page.extract_text(visitor_text=look)
    return texts
