"""Walking through one XML part of a workbook, whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from compete.sheets.workbook.archive import BROKEN
from compete.sheets.workbook.refusal import WorkbookError

Start = Callable[[str, dict[str, str]], None]


def walk_elements(
    xml: bytes,
    start: Start,
    *,
    text: Callable[[str], None] | None = None,
    end: Callable[[str], None] | None = None,
) -> None:
    """Call the handlers for elements and text in turn; names come with their prefix.

    `WorkbookError` for XML that is broken or has a document type: workbooks
    have none, and one is only ever there to do harm.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if text:
        parser.CharacterDataHandler = text
    if end:
        parser.EndElementHandler = end
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):  # the last for an unknown encoding
        raise WorkbookError(BROKEN) from None


def local_name(name: str) -> str:
    """The element's name without the prefix its writer chose."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise WorkbookError(BROKEN)
