"""Pictures in a workbook: which cell each lies on, and its bytes when they are asked for.

Drawings, and pictures that WPS keeps inside a cell (`DISPIMG`). Only where they lie is read with
the sheets; a picture is unpacked alone, against a limit of its own.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping

from compete.domain.values.upload_limits import LARGEST_PORTRAIT
from compete.sheets.workbook.archive import unpack_picture
from compete.sheets.workbook.cells import Cell
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import local_name, walk_elements

MOST_PICTURES = 2_000
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_IN_CELL = re.compile(r'DISPIMG\("(ID_[0-9A-Za-z]{1,64})"')
_OF_WPS = "xl/cellimages.xml"

Places = Mapping[tuple[int, int], list[str]]
"""By row from 1 and column from 0 the parts of the pictures that lie there."""


def places_of(parts: Mapping[str, bytes], sheet: str) -> Places:
    """Where the pictures of a sheet lie, by the part that holds the sheet."""
    places: dict[tuple[int, int], list[str]] = {}
    try:
        _add_drawings(places, parts, sheet)
    except WorkbookError:
        # A drawing that is broken takes nothing from the cells.
        return {}
    return places


def _add_drawings(
    places: dict[tuple[int, int], list[str]], parts: Mapping[str, bytes], sheet: str
) -> None:
    for drawing in targets_of(parts, sheet).values():
        xml = parts.get(drawing, b"")
        if b"blip" in xml:
            media = targets_of(parts, drawing)
            for row, column, relation in _anchors(xml):
                if (path := media.get(relation)) and len(places) < MOST_PICTURES:
                    places.setdefault((row, column), []).append(path)


def in_cells(parts: Mapping[str, bytes]) -> Mapping[str, str]:
    """The pictures that WPS keeps in cells, by the name that a cell says."""
    xml = parts.get(_OF_WPS, b"")
    if not xml:
        return {}
    media = targets_of(parts, _OF_WPS)
    named: dict[str, str] = {}
    name = ""

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name
        tag = local_name(element)
        if tag == "cNvPr":
            name = attributes.get("name", "")
        elif tag == "blip" and (path := media.get(_embedded(attributes))):
            named[name] = path

    try:
        walk_elements(xml, start)
    except WorkbookError:
        return {}
    return named


def add_in_cells(
    places: Places, rows: Iterable[list[Cell]], named: Mapping[str, str]
) -> dict[tuple[int, int], list[str]]:
    """The places of a sheet with those of pictures in its cells."""
    whole = {place: [*paths] for place, paths in places.items()}
    for number, cells in enumerate(rows if named else (), start=1):
        for column, cell in enumerate(cells):
            if not isinstance(cell, str) or "DISPIMG" not in cell:
                continue
            match = _IN_CELL.search(cell)
            if match is not None and (path := named.get(match[1])):
                whole.setdefault((number, column), []).append(path)
    return whole


def picture_of(data: bytes, part: str) -> bytes | None:
    """The bytes of one picture; None for one that is broken, not there or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = archive.getinfo(part)
    except (zipfile.BadZipFile, ValueError, OSError, KeyError, NotImplementedError):
        return None
    return unpack_picture(data, entry, LARGEST_PORTRAIT)


def is_picture(content: bytes) -> bool:
    """True of what begins as a PNG or a JPEG does."""
    return content.startswith(_BEGINNINGS)


def name_of_picture(content: bytes) -> str:
    """A name by what is in it: the same picture has the same wherever it lies."""
    return hashlib.sha256(content).hexdigest()[:16]


def targets_of(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """By the name of a relation of a part the part that it means."""
    folder, name = posixpath.split(part)
    xml = parts.get(f"{folder}/_rels/{name}.rels", b"")
    targets: dict[str, str] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if local_name(element) == "Relationship" and attributes.get("TargetMode") != "External":
            path = posixpath.join(f"/{folder}", attributes.get("Target", ""))
            targets[attributes.get("Id", "")] = posixpath.normpath(path).lstrip("/")

    if xml:
        walk_elements(xml, start)
    return targets


def _embedded(attributes: Mapping[str, str]) -> str:
    return next((value for name, value in attributes.items() if local_name(name) == "embed"), "")


def _anchors(xml: bytes) -> list[tuple[int, int, str]]:
    """Row, column and relation of each picture: the cell in the middle of what it covers."""
    pictures: list[tuple[int, int, str]] = []
    corner, number = "", ""
    corners: dict[str, int] = {}
    relations: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal corner, number
        tag = local_name(element)
        if tag in ("from", "to"):
            corner = tag
        elif tag in ("row", "col"):
            number = ""
        elif tag == "blip" and (relation := _embedded(attributes)):
            relations.append(relation)

    def text(piece: str) -> None:
        nonlocal number
        if corner and len(number) < 8:
            number += piece

    def end(element: str) -> None:
        nonlocal corner, number
        tag = local_name(element)
        if tag in ("row", "col") and corner and number.strip().isdigit():
            corners[f"{corner} {tag}"] = int(number)
        elif tag in ("from", "to"):
            corner = ""
        elif tag.endswith("Anchor"):
            if "from row" in corners and "from col" in corners:
                row, column = (
                    (corners[f"from {it}"] + corners.get(f"to {it}", corners[f"from {it}"])) // 2
                    for it in ("row", "col")
                )
                pictures.extend((row + 1, column, relation) for relation in relations)
            corners.clear()
            relations.clear()
        number = ""

    walk_elements(xml, start, text=text, end=end)
    return pictures
