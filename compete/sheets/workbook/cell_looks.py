"""What cells show beside their values: a percentage, a text that is struck out, a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from compete.sheets.workbook.pictures import targets_of
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import SheetScan, column_number, local_name, walk_elements

_STYLES, _TEXTS = "xl/styles.xml", "xl/sharedStrings.xml"
_NOT = ("0", "false")
_STRIKE = re.compile(rb'<strike(?! val="(?:0|false)")')
_SHARED_CELL = re.compile(
    rb'<(?:[A-Za-z0-9]+:)?c\s[^>]*\st="s"[^>]*>\s*<(?:[A-Za-z0-9]+:)?v>([0-9]{1,9})<'
)
_PERCENTS = frozenset({9, 10})
"""The formats that every workbook has for percentages, by number."""
_QUOTED = re.compile(r'"[^"]*"|\\.')
_CELL_TAG = re.compile(rb"<(?:[A-Za-z0-9]+:)?c\s[^>]*>")
_PLACE, _STYLE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"'), re.compile(rb'\ss="([0-9]+)"')
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PARTS = frozenset({"fonts", "cellXfs", "cellStyleXfs", "dxfs", "cellStyles"})
_MOST_COMMENTS = 2_000


@dataclass(frozen=True, slots=True)
class Looks:
    """Styles of cells by their place in the workbook's list: of percentages, and struck out."""

    percents: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    texts: frozenset[int] = frozenset()
    """Of the list of texts those of which a part is struck out."""


def looks_of(parts: Mapping[str, bytes]) -> Looks:
    """The styles of a workbook that say something of what stands in a cell."""
    return Looks(*_styles(parts.get(_STYLES, b"")), _struck_texts(parts.get(_TEXTS, b"")))


def _styles(xml: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """The styles of percentages, and those that are struck out."""
    if not any(it in xml for it in (b"%", b'numFmtId="9"', b'"10"', b"strike")):
        return frozenset(), frozenset()
    formats, struck_fonts = {*_PERCENTS}, set[int]()
    styles: list[tuple[int, int]] = []
    inside, fonts = "", 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside, fonts
        tag = local_name(name)
        if tag in _PARTS:
            inside = tag
        elif tag == "numFmt" and "%" in _QUOTED.sub("", attributes.get("formatCode", "")):
            formats.add(int(attributes.get("numFmtId", "0")))
        elif inside == "fonts" and tag == "font":
            fonts += 1
        elif inside == "fonts" and tag == "strike" and attributes.get("val") not in _NOT:
            struck_fonts.add(fonts - 1)
        elif tag == "xf" and inside == "cellXfs":
            number, font = attributes.get("numFmtId", "0"), attributes.get("fontId", "0")
            styles.append((int(number), int(font)))

    walk_elements(xml, start)
    return (
        frozenset(place for place, (number, _font) in enumerate(styles) if number in formats),
        frozenset(place for place, (_number, font) in enumerate(styles) if font in struck_fonts),
    )


def _struck_texts(xml: bytes) -> frozenset[int]:
    """The texts of the shared list of which a part is struck out."""
    if b"strike" not in xml:
        return frozenset()
    struck: set[int] = set()
    count = -1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        tag = local_name(name)
        count += tag == "si"
        if tag == "strike" and attributes.get("val") not in _NOT:
            struck.add(count)

    walk_elements(xml, start)
    return frozenset(struck)


def see_looks(scan: SheetScan, parts: Mapping[str, bytes], sheet: str, looks: Looks) -> None:
    """Note the cells of a worksheet part that have one of these looks, and its comments."""
    for tag in _CELL_TAG.finditer(parts[sheet]) if looks.percents or looks.struck else ():
        style = _STYLE.search(tag[0])
        number = int(style[1]) if style else 0
        if number in looks.percents or number in looks.struck:
            _note(scan.percents if number in looks.percents else scan.struck, tag[0])
    for tag in _CELL_TAG.finditer(parts[sheet]) if b"<strike" in parts[sheet] else ():
        end = parts[sheet].find(b"</c>", tag.end())
        if not tag[0].endswith(b"/>") and _STRIKE.search(parts[sheet], tag.end(), end):
            _note(scan.struck, tag[0])
    for cell in _SHARED_CELL.finditer(parts[sheet]) if looks.texts else ():
        if int(cell[1]) in looks.texts:
            _note(scan.struck, cell[0])
    try:
        for path in targets_of(parts, sheet).values():
            if "comments" in path.casefold() and path in parts:
                scan.comments.update(_comments(parts[path]))
    except WorkbookError:
        # Comments that are broken take nothing from the cells.
        scan.comments.clear()


def _note(cells: set[tuple[int, int]], tag: bytes) -> None:
    if place := _PLACE.search(tag):
        cells.add((int(place[2]), column_number(place[1].decode())))


def _comments(xml: bytes) -> dict[tuple[int, int], str]:
    """The comments of a part by row and column, without the names of those who wrote them."""
    comments: dict[tuple[int, int], str] = {}
    pieces: list[str] = []
    cell: tuple[int, int] | None = None
    deaf = True

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell, deaf
        tag = local_name(name)
        if tag == "comment":
            match = _REFERENCE.fullmatch(attributes.get("ref", ""))
            cell = (int(match[2]), column_number(match[1])) if match else None
            pieces.clear()
        deaf = tag != "t"

    def text(piece: str) -> None:
        if not deaf:
            pieces.append(piece)

    def end(name: str) -> None:
        nonlocal deaf
        deaf = True
        if local_name(name) == "comment" and cell and len(comments) < _MOST_COMMENTS:
            first, colon, rest = "".join(pieces).strip().partition(":\n")
            if words := " ".join((rest if colon and len(first) <= 40 else first).split()):
                comments[cell] = words

    walk_elements(xml, start, text=text, end=end)
    return comments
