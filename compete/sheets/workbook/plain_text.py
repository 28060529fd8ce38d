"""Sheets that are plain text: CSV, tab separated, or a block pasted from a spreadsheet."""

from __future__ import annotations

import csv
import io

from compete.domain.values.messages import msg
from compete.sheets.workbook.limits import Limits
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import check_extent

_SEPARATORS = "\t,;"
_LOOKED_AT = 50
_ENCODINGS = ("utf-8-sig", "gb18030")


def text_of(data: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16 with its mark or GB 18030; None for what is none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(data, "utf-16")
    if b"\x00" in data:
        return None
    for encoding in _ENCODINGS:
        if (text := _decoded(data, encoding)) is not None:
            return text
    return None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def text_rows(text: str, limits: Limits) -> list[list[str]]:
    """The cells of each line. `WorkbookError` beyond the limits."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator_of(text))
    try:
        for row in reader:
            check_extent(len(rows) + 1 if any(row) else 1, len(row), limits)
            rows.append([_bare(cell) for cell in row])
    except csv.Error:
        raise WorkbookError(
            msg("第 %(row)s 行的引号没有成对，改好再传", row=len(rows) + 1)
        ) from None
    return rows


def _separator_of(text: str) -> str:
    """The sign between the cells: the one that cuts most lines alike."""
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]

    def cut(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        most = max(counts, default=0)
        return (sum(count == most for count in counts) if most else 0, most)

    return max(_SEPARATORS, key=lambda sign: (sign == "\t" and cut(sign)[0] > 0, *cut(sign)))


def _bare(cell: str) -> str:
    """Take the sign off `="0012"`, by which Excel is kept from making a number of it."""
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell
