"""Which sheet is in which part: the workbook's own list and its relations."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from compete.sheets.workbook.archive import BROKEN
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.xml import local_name, walk_elements

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_QUOTED = re.compile(r'"[^"]*"|\\.')


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet by the name on its tab, whether it shows, and the part that holds it."""

    name: str
    visible: bool
    path: str


def list_sheets(parts: dict[str, bytes]) -> list[SheetPart]:
    """Worksheets in the order of their tabs; sheets without a part are left out."""
    targets = {
        attributes.get("Id", ""): _resolve(attributes.get("Target", ""))
        for attributes in _elements(parts.get(_RELATIONS, b""), "Relationship")
    }
    sheets = []
    for attributes in _elements(parts[_WORKBOOK], "sheet"):
        path = targets.get(_relation_id(attributes), "")
        if path in parts:
            visible = attributes.get("state", "visible") == "visible"
            sheets.append(SheetPart(attributes.get("name", ""), visible, path))
    if len({sheet.name for sheet in sheets}) != len(sheets):
        raise WorkbookError(BROKEN)
    return sheets


_PERCENTS = {9, 10}
"""The formats that every workbook has for percentages, by number."""


def percent_styles(parts: dict[str, bytes]) -> frozenset[int]:
    """Cell styles that show a number as a percentage, by their place in the workbook's list."""
    xml = parts.get(_STYLES)
    if not xml or (b"%" not in xml and b'numFmtId="9"' not in xml and b'"10"' not in xml):
        return frozenset()
    formats, styles, inside = set(_PERCENTS), list[int](), ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        tag = local_name(name)
        if tag in ("cellXfs", "cellStyleXfs", "dxfs", "cellStyles"):
            inside = tag
        elif tag == "numFmt" and "%" in _QUOTED.sub("", attributes.get("formatCode", "")):
            formats.add(int(attributes.get("numFmtId", "0")))
        elif tag == "xf" and inside == "cellXfs":
            styles.append(int(attributes.get("numFmtId", "0")))

    walk_elements(xml, start)
    return frozenset(place for place, number in enumerate(styles) if number in formats)


def _relation_id(attributes: dict[str, str]) -> str:
    """The `r:id`, whatever prefix the writer chose for relations."""
    for name, value in attributes.items():
        if name.endswith(":id"):
            return value
    return ""


def _resolve(target: str) -> str:
    """A relation's target as a part name; relative ones start from `xl/`."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    if not xml:
        raise WorkbookError(BROKEN)
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == wanted:
            found.append(attributes)

    walk_elements(xml, start)
    return found
