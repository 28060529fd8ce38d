"""Plain rows of a sheet, as Excel, WPS and the usual libraries write them, without a parser.

A parser that calls back for every cell takes longer than everything else about a
large sheet. Nearly every sheet is written in one narrow way: of that way it is
enough to see that nothing else stands between the first row and the last. Whatever
is written otherwise is left to the parser.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

COLUMNS = 256
"""The rows may go as far as column IV."""

_OPENING, _CLOSING = b"<sheetData>", b"</sheetData>"
# UTF-8, said or by default.
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?'
    rb'(?: standalone="(?:yes|no)")? ?\?>\s*+)?<[A-Za-z]'
)
_NO_TEXT = rb"<>&\x00-\x08\x0b\x0c\x0e-\x1f"
_SIGNS = rb"[^" + _NO_TEXT + rb"]*+"
_TEXT = _SIGNS + rb"(?:&(?:amp|lt|gt|quot|apos);" + _SIGNS + rb")*+"
_VALUE = (
    rb"(?:<v>" + _TEXT + rb"</v>"
    rb'|<is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is>)?"
)
# Each cell's row is its row's: `\1`.
_CELL = (
    rb'<c r="(?:[A-Z]|[A-H][A-Z]|I[A-V])\1"(?: s="[0-9]{1,9}")?(?: t="[a-zA-Z]{1,9}")?'
    rb"(?: ?/>|>" + _VALUE + rb"</c>)"
)
_ROW = re.compile(
    rb'<row r="([1-9][0-9]{0,6})"'
    rb"((?: (?:spans|s|customFormat|ht|hidden|customHeight|outlineLevel|x14ac:dyDescent)"
    rb'="[^"' + _NO_TEXT + rb']*+")*+)'
    rb"(?: ?/>|>(?:" + _CELL + rb")*+</row>)"
)
_NAMES = re.compile(rb' ([A-Za-z0-9:]+)="')
# A text holds no `>`, so these are cells and nothing else.
_PIECE = 1 << 20
_SHARED = (b' t="s">', b' t="s"/>', b' t="s" />')


@dataclass(slots=True)
class PlainRows:
    """The facts of rows that are all written plainly; `rest` is the part without them."""

    rest: bytes = field(repr=False)
    last_row: int = 0
    shared_texts: int = 0
    hidden_rows: set[int] = field(default_factory=set)


def plain_rows(xml: bytes) -> PlainRows | None:
    """Read the rows of a worksheet part; none where anything is written in another way."""
    begin = xml.find(_OPENING) + len(_OPENING)
    end = xml.rfind(_CLOSING)
    if begin < len(_OPENING) or end < begin or not _HEAD.match(xml):
        return None
    found = PlainRows(xml[:begin] + xml[end:])
    # Attributes of rows met so far: nearly every row has the same.
    hidden: dict[bytes, bool] = {}
    place = begin
    while row := _ROW.match(xml, place, end):
        place = row.end()
        said = row[2]
        if said not in hidden:
            names = _NAMES.findall(said)
            if len(set(names)) < len(names):
                return None
            hidden[said] = b' hidden="1"' in said or b' hidden="true"' in said
        number = int(row[1])
        found.last_row = max(found.last_row, number)
        if hidden[said]:
            found.hidden_rows.add(number)
    # Cells with an error want their texts, which the parser gives.
    if place != end or not _is_utf8(xml, begin, end) or xml.find(b' t="e"', begin, end) >= 0:
        return None
    found.shared_texts = sum(xml.count(cell, begin, end) for cell in _SHARED)
    return found


def _is_utf8(text: bytes, begin: int, end: int) -> bool:
    """True if bytes are UTF-8, told piece by piece: as a whole it would take memory three times."""
    decoder, view = codecs.getincrementaldecoder("utf-8")(), memoryview(text)
    try:
        for start in range(begin, end, _PIECE):
            stop = min(start + _PIECE, end)
            decoder.decode(view[start:stop], final=stop == end)
    except UnicodeDecodeError:
        return False
    return True
