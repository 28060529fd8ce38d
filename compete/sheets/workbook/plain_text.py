"""Plain text as rows of cells: CSV, tab separated, or a block pasted from a spreadsheet."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from compete.sheets.workbook.limits import Limits
from compete.sheets.workbook.scan import check_extent

_SEPARATORS = "\t,;"
_TYPED_SEPARATORS = "，、"
"""Between cells that somebody typed, where none of the others stands in the text."""
_LOOKED_AT = 50
_QUOTED = re.compile(r'"(?:[^"\n]|"")*"')
_HEADS = 10
"""Lines of which one may be the head."""


def text_rows(text: str, limits: Limits) -> list[list[str]]:
    """Cut a text into the cells of its rows. `WorkbookError` beyond the limits.

    A quote without its pair is a character; no row of the table disappears into a cell.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    sign = _separator_of(text)
    rows: list[list[str]] = []
    width = _usual_width(text, sign)
    place, end = 0, len(text)
    while place < end:
        line_end = text.find("\n", place)
        line_end = end if line_end < 0 else line_end
        if '"' not in text[place:line_end]:
            row = text[place:line_end].split(sign)
            place = line_end + 1
        else:
            row, place = _quoted_row(text, place, sign, width)
        check_extent(len(rows) + 1 if any(row) else 1, len(row), limits)
        rows.append([_bare(cell) for cell in row])
    return rows


def _quoted_row(text: str, place: int, sign: str, width: int) -> tuple[list[str], int]:
    """The cells of a row with quotes, and where the next row begins."""
    cells: list[str] = []
    end = len(text)
    while True:
        after = None
        if text[place : place + 1] == '"':
            after = _closing(text, place, sign, width, len(cells))
        if after is not None:
            cells.append(text[place + 1 : after - 1].replace('""', '"'))
            place = after
        else:
            stop = place
            while stop < end and text[stop] not in (sign, "\n"):
                stop += 1
            cells.append(text[place:stop])
            place = stop
        if place >= end:
            return cells, end
        if text[place] == "\n":
            return cells, place + 1
        place += 1


def _closing(text: str, place: int, sign: str, width: int, before: int) -> int | None:
    """Where a quoted cell ends, after its closing quote; None where the quote is a character."""
    at = place + 1
    while True:
        at = text.find('"', at)
        if at < 0:
            return None
        if text[at + 1 : at + 2] != '"':
            break
        at += 2
    if at + 1 < len(text) and text[at + 1] not in (sign, "\n"):
        return None
    inside = text[place + 1 : at]
    if not inside.strip(sign + "\n ") and inside:
        return None
    if sign == "\t" and "\t" in inside:
        line = text[place : (text.find("\n", place) + 1 or len(text) + 1) - 1]
        # Two signs for "as above" in one row are no quotes around what stands between them.
        is_apart = inside[0] == sign or inside[-1] == sign
        if is_apart or before + line.count(sign) + 1 == width:
            return None
    if "\n" in inside:
        last = text.find("\n", at)
        lines = text[place : last if last >= 0 else len(text)].split("\n")[1:]
        if width > 1 and any(line.count(sign) >= width - 1 for line in lines):
            return None
    elif sign in inside:
        stop = text.find("\n", place)
        rest = text[place : stop if stop >= 0 else len(text)]
        if '"' + sign in inside or sign + '"' in inside:
            return None
        if before + rest.count(sign) + 1 == width and rest.count('"') % 2:
            return None
    return at + 1


def _usual_width(text: str, sign: str) -> int:
    """The number of cells of most lines that have several."""
    counts = Counter(
        _QUOTED.sub("", line).count(sign) + 1
        for line in text[:200_000].split("\n")[: _LOOKED_AT * 4]
    )
    counts.pop(1, None)
    return max(counts, key=lambda it: (counts[it], it), default=1)


def _separator_of(text: str) -> str:
    """The sign between the cells: what separates the head separates the rows."""
    lines = [line for line in text[:200_000].splitlines()[:_LOOKED_AT] if line.strip()]
    for line, below in pairwise(lines[: _HEADS + 1]):
        counts = {sign: line.count(sign) for sign in _SEPARATORS}
        best = max(_SEPARATORS, key=lambda sign: (counts[sign], sign == "\t"))
        if counts[best] and below.count(best) >= counts[best]:
            return best

    if not any(sign in line for line in lines for sign in _SEPARATORS):
        for sign in _TYPED_SEPARATORS:
            if len(lines) > 1 and len({line.count(sign) for line in lines}) == 1 and sign in text:
                return sign

    def cut(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        most = max(counts, default=0)
        return (sum(count == most for count in counts) if most else 0, most)

    return max(_SEPARATORS, key=lambda sign: (sign == "\t" and cut(sign)[0] > 0, *cut(sign)))


def _bare(cell: str) -> str:
    """Take the sign off `="0012"`, by which Excel is kept from making a number of it.

    Tabs that guard a number are blanks.
    """
    if cell[:1] == "\t" or cell[-1:] == "\t":
        cell = cell.strip("\t")
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell
