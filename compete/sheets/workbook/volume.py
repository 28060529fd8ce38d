"""Volume of a sheet: its amount of text when each cell gets its own copy.

A workbook keeps each text once and lets cells point to it; the bulk reader
writes it out for every cell. One long text and a hundred thousand pointers
make a small file and an exhausted memory.
"""

from __future__ import annotations

import re

from compete.domain.values.messages import msg
from compete.sheets.workbook.limits import Limits
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.xml import local_name, walk_elements

_SHARED_ITEM = re.compile(rb"<(?:[^\s<>/]+:)?si[\s>]")


def check_text_volume(shared: bytes, sheets: list[tuple[bytes, int]], limits: Limits) -> None:
    """Raise `WorkbookError` if a sheet's texts are more than `limits.cell_text` bytes.

    `sheets` are worksheet parts, each with its number of cells that point into
    the shared list. The exact sum is only taken where the longest text in
    every such cell would be too much.
    """
    sizes = [len(piece) for piece in _SHARED_ITEM.split(shared)[1:]]
    longest = max(sizes, default=0)
    for xml, cells in sheets:
        if longest * cells > limits.cell_text and _volume(xml, sizes) > limits.cell_text:
            raise WorkbookError(
                msg("表里有特别长的文字，全读出来太大，没有读。删掉无关的长文字再传")
            )


def _volume(xml: bytes, sizes: list[int]) -> int:
    total = 0
    pointing = False
    digits: list[str] | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal pointing, digits
        tag = local_name(name)
        if tag == "c":
            pointing = attributes.get("t") == "s"
        elif tag == "v" and pointing:
            digits = []

    def text(piece: str) -> None:
        if digits is not None:
            digits.append(piece)

    def end(name: str) -> None:
        nonlocal total, digits
        if digits is not None and local_name(name) == "v":
            place = int("".join(digits))
            total += sizes[place] if 0 <= place < len(sizes) else 0
            digits = None

    walk_elements(xml, start, text=text, end=end)
    return total
