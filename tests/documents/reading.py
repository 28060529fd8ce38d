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
