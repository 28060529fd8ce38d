"""Lines of the small form: a person or an item a line, typed or pasted, and those below a head."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compete.domain.values.messages import msg
from compete.sheets.reading.kinds import PEOPLE, SCHEME
from compete.sheets.reading.lines import (
    HEADS_LOOKED_AT,
    ItemLines,
    PeopleLines,
    cells_of,
    name_column,
    people_head,
    typed_lines,
)
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.shapes import Reading, RowTold
from compete.sheets.reading.words import reduced
from compete.sheets.workbook.opened import open_text

SMALL_KINDS = ("people", "scheme")
_NUMBER_BEFORE = re.compile(r"\A\d{1,3} ")
_OF_POINTS = frozenset({"配分", "分值", "满分", "分数", "标准分"})


def read_small(text: str, kind: str, *, sheet: str = "-", units: Sequence[str] = ()) -> Reading:
    """Read lines of the small form, of `people` or `scheme`; those under a head as a table.

    `row` is the number of a line. `units` are those that there are.
    """
    lines = list(typed_lines(text))
    if kind == "scheme":
        headed = _under_points_head(text, lines, sheet)
        return headed if headed is not None else ItemLines(lines, sheet).read()
    headed = _under_people_head(text, lines, sheet)
    if headed is not None:
        return headed
    return PeopleLines(lines, sheet, units).read()


def head_line(text: str) -> tuple[int, str] | None:
    """The line that is a table's head among pasted people, if one is."""
    for number, line in list(typed_lines(text))[:HEADS_LOOKED_AT]:
        if name_column(cells_of(line)) is not None:
            return number, " ".join(line.split())
    return None


def _under_people_head(text: str, lines: Sequence[tuple[int, str]], sheet: str) -> Reading | None:
    """Read people under a head as any table; as lines where the table is not understood."""
    at = people_head(lines)
    if at is None:
        return None
    number, head = lines[at]
    if "\t" in head:
        reading = read_sheets(open_text(text, name=sheet), "people")
        if any(row.values.get("name") for row in reading.rows):
            return reading
    heads = cells_of(head)
    names = name_column(heads) or 0
    rest = []
    for line_number, line in lines[at + 1 :]:
        row = line.split("\t")
        if len(row) > names:
            others = (
                [
                    cell
                    for place, cell in enumerate(row)
                    if place != names
                    and PEOPLE.field_of(heads[place : place + 1][0])[1:] != ("code",)
                    and reduced(heads[place]) != "序号"
                ]
                if len(row) <= len(heads)
                else row[:names] + row[names + 1 :]
            )
            line = "\t".join([row[names], *others])
        if len(row) == 1 and reduced(heads[0]) == "序号":
            line = _NUMBER_BEFORE.sub("", line)
        rest.append((line_number, line))
    reading = PeopleLines(rest, sheet, ()).read()
    for line_number, _line in lines[: at + 1]:
        why = msg("表头") if line_number == number else msg("标题")
        reading.left_out.insert(0, RowTold(sheet, line_number, why))
    return reading


def _under_points_head(text: str, lines: Sequence[tuple[int, str]], sheet: str) -> Reading | None:
    """Read items under a head as any scheme; as lines where the scheme is not understood."""
    for place, (number, line) in enumerate(lines[:HEADS_LOOKED_AT]):
        heads = cells_of(line)
        is_head = len(heads) > 1 and any(
            reduced(head) in _OF_POINTS or SCHEME.field_of(head)[1] == "max" for head in heads
        )
        if not is_head or any(char.isdigit() for char in line):
            continue
        if "\t" in line:
            reading = read_sheets(open_text(text, name=sheet), "scheme")
            if reading.rows and any(row.values.get("max") for row in reading.rows):
                return reading
        reading = ItemLines(lines[place + 1 :], sheet).read()
        for above, _line in lines[: place + 1]:
            why = msg("表头") if above == number else msg("标题")
            reading.left_out.insert(0, RowTold(sheet, above, why))
        return reading
    return None
