"""Finding of tables in a sheet: heads of one row or two, the text above, the text below."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message
from compete.sheets.reading import words
from compete.sheets.reading.arranging import (
    BY_PLACES,
    NOT_UNDERSTOOD,
    ROW_NOT_UNDERSTOOD,
    by_cells,
    fields_down,
    has_right_id,
    indicators_down,
    lines_of_units,
    people_of_teams,
    refuse_two_rows,
    side_by_side,
    team_head,
)
from compete.sheets.reading.below_heads import measures_in, people_below, why_below_head
from compete.sheets.reading.cells import (
    is_date,
    is_gender,
    is_id,
    is_number,
    is_phone,
    role_of,
)
from compete.sheets.reading.forms import forms_of_one, is_label
from compete.sheets.reading.found_tables import (
    BLANK_NUMBER,
    EXAMPLE,
    HEAD_AGAIN,
    NEVER_THE_SAME,
    NOTE,
    NOTHING_KNOWN,
    PAGE,
    SECTION,
    SIGNATURE,
    SUM,
    TITLE,
    FoundSheet,
    FoundTable,
    Heading,
    same_head,
    why_no_row,
)
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.kinds import Kind
from compete.sheets.reading.sections import (
    Names,
    is_ordinal,
    is_role,
    is_section,
    label_of_unit,
    organisation,
    period_in,
    says_only_label,
)
from compete.sheets.workbook.cells import Cell, Fault

_LOOKED_AT = 200
"""Rows of a sheet each of which may be a head; further down a heading has to stand as it is."""
_LONGEST_LABEL = 16
_ID_LENGTH = 15
"""A row with so long a text in the column of ID numbers is of a person."""

_NUMBERED_WORD = re.compile(r"\s*[0-9]{1,2}[.、．]\s*[^\W\d_]{2,}")
_IN_BRACKETS = re.compile(r"[（(][^（()）]{0,40}[)）]")
_LINE_LABELS = frozenset(
    re.findall(
        r"\S+",
        "领队 副领队 教练 教练员 联系人 联络员 负责人 填表人 审核人 带队领导 经办人 领队教练",
    )
)
_LINE_OF_ONE = re.compile(rf"(?:{'|'.join(sorted(_LINE_LABELS, key=len, reverse=True))})\s*[:：]")
_OF_UNITS = re.compile(
    r"第?[一二三四五六七八九十甲乙丙丁戊A-D]组(?:别)?(?:[（(].{0,8}[)）])?"
    r"|(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]).{1,12}"
    r"(?:单位|企业|系统|类|组|片区|赛区)(?:[（(].{0,8}[)）])?"
)
"""What begins a part of a list of units."""
_IN_SENTENCE = re.compile(r"[0-9，。；！,;]|请|^以上|^如")
NO_NAMES = Names()


def find_tables(grid: Grid, kind: Kind, names: Names = NO_NAMES) -> FoundSheet:
    """Find every table of a sheet, from top to bottom, of those side by side the left one first."""
    parts = side_by_side(grid, kind) if kind.must and _has_fields(kind) else [grid]
    sheet = _find_tables(parts[0], kind, names)
    for part in parts[1:]:
        more = _find_tables(part, kind, names)
        sheet.tables += more.tables
        known = {row for row, _why in sheet.outside}
        sheet.outside += [it for it in more.outside if it[0] not in known | part.silent]
        sheet.doubts += more.doubts
    for table in sheet.tables:
        if table.form is None:
            _take_dittos(table, kind)
    return sheet


def _has_fields(kind: Kind) -> bool:
    return kind.way in ("people", "judges", "units", "scheme", "values", "marks")


def _take_dittos(table: FoundTable, kind: Kind) -> None:
    """Put what stands above in the place of ditto signs, where it may be the same."""
    columns = {
        column
        for column, heading in table.headings.items()
        if table.fields.get(column, kind.field_of(heading.text)[1]) not in NEVER_THE_SAME
    }
    table.grid.take_from_above(table.rows, columns)


def _find_tables(grid: Grid, kind: Kind, names: Names) -> FoundSheet:
    sheet = FoundSheet(grid)
    table: FoundTable | None = None
    above: list[int] = []
    row = 0
    raw = kind.raw_headings
    surely: int | None = None
    # A heading may be an event, below which people have ticks.
    ticked = kind.knowing(names.events) if names.events and kind.way == "people" else None
    teams: list[tuple[FoundTable, list[dict[str, tuple[int, ...]]], list[str]]] = []
    while row < grid.last:
        row += 1
        cells = grid.rows[row - 1]
        if row > _LOOKED_AT and table is not None:
            if surely is not None and len(str(cells[surely])) >= _ID_LENGTH:
                table.rows.append(row)
                continue
            if raw.isdisjoint(cells):
                _take(table, row, kind, names)
                continue
        own = grid.own(row)
        if not own:
            continue
        lines = above if table is None else _lines_of(table)
        crowd = fields_down(grid, row, kind, names) or (
            indicators_down(grid, row, names, kind) if kind.way == "values" else []
        )
        if crowd:
            for person in crowd:
                person.lines, person.above = lines, [cell_text(grid.own(n)[0][1]) for n in lines]
            sheet.tables += crowd
            row = crowd[0].first - 1
            # What follows stands below them.
            table = FoundTable(grid, crowd[0].head_row, {}, row + 1)
            table.left_out = crowd[0].left_out
            continue
        team = None if _is_line_of_labels(grid, row) else team_head(grid, row, kind)
        if team is not None:
            headings, depth, people, labels = team
            titles = [cell_text(grid.own(n)[0][1]) for n in lines]
            table = FoundTable(grid, row, headings, row + depth, titles, lines)
            teams.append((table, people, labels))
            sheet.tables.append(table)
            surely = None
            row += depth - 1
            continue
        head = _head_at(grid, row, kind)
        if head is None and ticked is not None and _bears_events(own, names):
            head = _head_at(grid, row, ticked)
        if (
            head is not None
            and len(own) == 1
            and (
                (table is not None and len(table.headings) != 1)
                or (row < grid.last and _is_head(grid, row + 1, kind))
                or (is_role(cell_text(own[0][1])) and len(grid.own(row + 1)) > 2)
            )
        ):
            # A word alone among people is a title of theirs.
            head = None
        if head is None:
            if table is None:
                above.append(row)
                sheet.outside.append((row, TITLE))
            elif not table.headings:
                if own:
                    table.left_out.append((row, _why_outside(grid, row)))
            elif _like_a_head(grid, row, kind) or _is_head_of_ids(table, row, kind):
                table.left_out.append((row, HEAD_AGAIN))
                sheet.doubts.append((row, _joined(grid, row), BY_PLACES))
            else:
                _take(table, row, kind, names)
            continue
        headings, depth = head
        if depth == 1:
            refuse_two_rows(grid, row, kind)
        if table is not None and kind.way in ("scheme", "values"):
            _free_title(table, row)
            lines = _lines_of(table)
        again = table is not None and same_head(table.headings, headings)
        if table is not None and again and not lines:
            for head_row in range(row, row + depth):
                table.left_out.append((head_row, HEAD_AGAIN))
            row += depth - 1
            continue
        titles = [cell_text(grid.own(n)[0][1]) for n in lines]
        table = FoundTable(grid, row, headings, row + depth, titles, lines)
        sheet.tables.append(table)
        surely = _number_column(table, kind)
        row += depth - 1
        while why := why_below_head(table, row + 1, kind):
            row += 1
            table.left_out.append((row, why))
    for table, people, labels in teams:
        shared = {it for fields in people for key, places in fields.items()
                  if key not in NEVER_THE_SAME for it in places}  # fmt: skip
        grid.take_from_above(table.rows, shared)
        at = sheet.tables.index(table)
        sheet.tables[at : at + 1] = persons = people_of_teams(table, people, labels)
        if not persons:
            sheet.outside += table.left_out
    if not sheet.tables and (forms := forms_of_one(grid, kind)):
        used = {row for form in forms for row in range(form.head_row, form.first)}
        sheet.outside = [(row, why) for row, why in sheet.outside if row not in used]
        sheet.tables = forms
        for form in forms:
            form.lines = [row for row in above if row < form.head_row][-3:]
            form.above = [cell_text(grid.own(n)[0][1]) for n in form.lines]
    elif not sheet.tables and kind.way == "units" and (units := lines_of_units(grid, names)):
        sheet.tables, sheet.outside = [units], []
    elif sheet.tables and kind.way in ("people", "judges"):
        _read_unknown_heads(sheet, kind, names)
    return sheet


def _bears_events(own: Sequence[tuple[int, Cell]], names: Names) -> bool:
    """True if some cells of a row are each the name of an event."""
    keys = {same_name_key(name) for name in names.events}
    return sum(isinstance(it, str) and same_name_key(it) in keys for _column, it in own) > 1


def _free_title(table: FoundTable, head_row: int) -> None:
    """Leave out a lone text right above the next head: it is that head's title."""
    last = table.rows[-1] if table.rows else 0
    own = table.grid.own(last)
    if len(own) != 1 or not isinstance(own[0][1], str):
        return
    if not any(table.grid.own(row) for row in range(last + 1, head_row)):
        table.rows.pop()
        table.left_out.append((last, TITLE))


def _why_outside(grid: Grid, row: int) -> Message:
    text = next((v for _c, v in grid.own(row) if isinstance(v, str)), "")
    return why_no_row(text) or (TITLE if not has_right_id(grid, row) else NOTHING_KNOWN)


def _joined(grid: Grid, row: int) -> str:
    return " ".join(cell_text(value) for _column, value in grid.own(row))


def _like_a_head(grid: Grid, row: int, kind: Kind) -> bool:
    """True if a row below a head is one that nobody understands: headings among unknown words."""
    if kind.way not in ("people", "judges"):
        return False
    own = grid.own(row)
    if len(own) < 3 or not all(isinstance(v, str) and not _is_value(v) for _c, v in own):
        return False
    texts = [cell_text(value) for _column, value in own]
    known = [text for text in texts if words.reduced(text) in kind.known and len(text) > 1]
    return len(known) >= 2 and 2 * len(known) >= len(texts) - 1


def _is_head_of_ids(table: FoundTable, row: int, kind: Kind) -> bool:
    """True if unknown words stand above ID numbers, in a row that has words in all its cells."""
    if kind.way not in ("people", "judges"):
        return False
    grid = table.grid
    own = grid.own(row)
    if len(own) < 3 or not all(isinstance(v, str) and not _is_value(v) for _c, v in own):
        return False
    for column, heading in table.headings.items():
        if kind.field_of(heading.text)[1] == "id_number":
            text, below = cell_text(grid.cell(row, column)), grid.cell(row + 1, column)
            return (
                len(text) > 1
                and not any(sign.isdigit() for sign in text)
                and isinstance(below, str)
                and is_id(below.strip())
            )
    return False


def _lines_of(table: FoundTable) -> list[int]:
    """The rows right above the next table, at the end of the one before."""
    last = table.rows[-1] if table.rows else table.first - 1
    return [
        row
        for row, why in table.left_out
        if row > last and why in (SECTION, TITLE, NOTE, PAGE, SIGNATURE, NOTHING_KNOWN)
    ]


def _read_unknown_heads(sheet: FoundSheet, kind: Kind, names: Names) -> None:
    """Read the tables above a head that is understood whose own head is not, or that have none."""
    grid = sheet.grid
    runs: list[list[int]] = []
    wide = [
        row for row, _why in sheet.outside if len(grid.own(row)) >= 3 or has_right_id(grid, row)
    ]
    for row in wide:
        if _speaks_of_unit(grid, row):
            continue
        if runs and all(not grid.own(r) or r in wide for r in range(runs[-1][-1] + 1, row)):
            runs[-1].append(row)
        else:
            runs.append([row])
    whole = next((it for it in sheet.tables if it.form is None), None)
    for run in runs:
        headed = not has_right_id(grid, run[0]) and all(
            isinstance(value, str) and not _is_value(value) for _c, value in grid.own(run[0])
        )
        rows = run[1:] if headed else run
        if not rows or (not headed and not any(has_right_id(grid, row) for row in rows)):
            continue
        if headed and len(run) < 2:
            continue
        if not any(has_right_id(grid, row) for row in rows) and len(rows) < 2:
            continue
        fields = by_cells(grid, rows, whole, kind, names)
        first = run[0]
        sheet.outside = [it for it in sheet.outside if it[0] not in run]
        if not {"name", "id_number"} & {*fields.values()}:
            sheet.doubts.append((first, _joined(grid, first), NOT_UNDERSTOOD))
            sheet.outside += [(row, ROW_NOT_UNDERSTOOD) for row in run]
            continue
        headings = grid.head(first) if headed else {}
        table = FoundTable(
            grid,
            first,
            {c: Heading(words.one_line(text)) for c, (text, _m) in headings.items() if text},
            first + headed,
            fields=fields,
            doubt=BY_PLACES,
        )
        table.lines = [row for row, _why in sheet.outside if row < first][-5:]
        table.above = [cell_text(grid.own(n)[0][1]) for n in table.lines]
        for row in rows:
            _take(table, row, kind, names)
        sheet.tables.insert(0, table)
        # What stands between the two belongs to the second.
        for other in sheet.tables[1:]:
            other.lines = [row for row in other.lines if row > run[-1]]
            other.above = [cell_text(grid.own(n)[0][1]) for n in other.lines]


def _speaks_of_unit(grid: Grid, row: int) -> bool:
    text = cell_text(grid.own(row)[0][1])
    return bool(label_of_unit(grid, row)[0]) or ":" in text[-1:] or "：" in text


def _number_column(table: FoundTable, kind: Kind) -> int | None:
    """The column of ID numbers, if every row of the sheet reaches so far."""
    width = min(map(len, table.grid.rows))
    columns = (c for c, h in table.headings.items() if kind.field_of(h.text)[1] == "id_number")
    return next((column for column in columns if column < width), None)


def _head_at(grid: Grid, row: int, kind: Kind) -> tuple[dict[int, Heading], int] | None:
    """The headings of a head that begins in this row, and how many rows it takes."""
    upper = grid.head(row)
    if not _is_head(grid, row, kind):
        return None
    lower = _second_row(grid, row, upper, kind)
    if lower is None:
        return {c: Heading(words.one_line(text)) for c, (text, _m) in upper.items() if text}, 1
    headings: dict[int, Heading] = {}
    counts: dict[str, int] = {}
    for text in lower.values():
        counts[words.reduced(text)] = counts.get(words.reduced(text), 0) + 1
    group = ""
    for column in range(max([*upper, *lower]) + 1):
        own = upper.get(column, ("", False))[0]
        group = own or (group if column in lower else "")
        below = lower.get(column, "")
        if not below or below == own:
            if own:
                headings[column] = Heading(words.one_line(own))
            continue
        text = words.one_line(below)
        if counts[words.reduced(below)] > 1 or not _means(kind, text):
            text = words.one_line(f"{group}{below}") if group else text
        headings[column] = Heading(text, words.one_line(group))
    return headings, 2


def _means(kind: Kind, text: str) -> bool:
    """True if a lower word stands for something by itself; 是 and 1 do not."""
    return len(words.reduced(text)) > 1 or kind.field_of(text)[0]


def _is_line_of_labels(grid: Grid, row: int) -> bool:
    """True if labels with colons and what they say take turns: 领队：, 王建国, 电话：, 139…"""
    texts = [cell_text(value) for _column, value in grid.own(row)]
    labels = [text.endswith((":", "：")) and len(text) <= _LONGEST_LABEL for text in texts]
    return (
        len(texts) > 1
        and labels[0]
        and not all(labels)
        and all(label or after for label, after in pairwise(labels))
    )


def _is_head(grid: Grid, row: int, kind: Kind) -> bool:
    texts = [(column, value) for column, value in grid.own(row)]
    if _is_line_of_labels(grid, row):
        return False
    # A merged cell that began further up may be a heading of this row too.
    if not texts:
        return False
    known: set[str | None] = set()
    named, hits, unlike, fields, soft = False, 0, 0, 0, 0
    for _column, value in texts:
        if isinstance(value, Fault) or not isinstance(value, str):
            unlike += 1
            soft += isinstance(value, float) and not isinstance(value, bool | Fault)
            continue
        is_known, key = kind.field_of(value)
        if is_known:
            hits += 1
            fields += key is not None and key not in known
            known.add(key or words.reduced(value))
            named = named or any(key in choice for choice in kind.must)
        elif _is_value(value):
            unlike += 1
            plain = value.strip()
            soft += len(plain) > 140 or (plain.isdigit() and len(plain) < 6)
    if kind.way == "values" and "indicator" in known and known & {"value", "target"}:
        # The unit may stand above the table.
        named = True
    if unlike and unlike == soft and named and fields >= 2:
        # A heading may be a number, and as long as a cell can be.
        unlike = 0 if _uniform_below(grid, row) and not _alternates(texts, kind) else unlike
    if kind.way == "scheme" and hits >= 4:
        # The criterion's letter and its total stand at the end of an international head.
        unlike = 0
    if unlike or not named:
        # A second row of a head may name what the first does not.
        return named is False and not unlike and hits >= 1 and _named_below(grid, row, kind)
    if kind.way == "values":
        return len(texts) >= 2 and (fields >= 2 or _numbers_below(grid, row))
    if len(texts) == 1:
        # Alone a heading stands as it is: a unit's name may end like one.
        alone = words.reduced(cell_text(texts[0][1]))
        return alone in kind.known and kind.way in ("people", "judges", "units")
    if len(known) == hits == 1 and kind.way in ("people", "judges"):
        return _all_labels(texts) and people_below(grid, row, kind)
    if len(known) < 2 or 2 * hits < len(texts) - soft:
        return _all_labels(texts) and len(known) >= 2 and _uniform_below(grid, row)
    if not _alternates(texts, kind) or _groups_below(grid, row, kind):
        return True
    return _uniform_below(grid, row) and not _label_begins(grid, row + 1, kind)


def _label_begins(grid: Grid, row: int, kind: Kind) -> bool:
    """True if a row begins with a label, as in a form; a role may stand in a table's first cell."""
    own = grid.own(row)
    text = cell_text(own[0][1]) if own else ""
    return is_label(kind, text) and role_of(text)[0] is None


def _groups_below(grid: Grid, row: int, kind: Kind) -> bool:
    """True if the row below divides groups of this one, and has no label in the first column."""
    own, below = [column for column, _value in grid.own(row)], grid.own(row + 1)
    lower = {column for column, _value in below}
    merged = any((row, column) in grid.across for column in own)
    if own[0] in lower or not (merged or _divided(own, lower)):
        return False
    texts = [value for _column, value in below if isinstance(value, str) and not _is_value(value)]
    return 0 < len(below) == len(texts) <= 2 * sum(kind.field_of(text)[0] for text in texts)


def _named_below(grid: Grid, row: int, kind: Kind) -> bool:
    """True if the row below, under groups of this one, has what a table must have."""
    below = grid.own(row + 1)
    own = {column for column, _value in grid.own(row)}
    merged = any((row, column) in grid.across for column in own)
    if not merged and not _divided(own, {column for column, _value in below}):
        return False
    keys = {kind.field_of(cell_text(value))[1] for _c, value in below if isinstance(value, str)}
    labels = all(isinstance(v, str) and not _is_value(v) for _c, v in below)
    return labels and any(keys & {*choice} for choice in kind.must)


def _divided(upper: Collection[int], lower: Collection[int]) -> bool:
    """True if texts are grouped by those above them though no cell is merged, as in a CSV file.

    Each group has a blank to its right, and beside the groups there is a heading alone.
    """
    groups = [column for column in upper if column in lower]
    return (
        bool(groups)
        and len(groups) < len(upper)
        and any(column + 1 not in upper and column + 1 in lower for column in groups)
        and all(
            column + 1 not in lower or column + 1 not in upper or column + 1 in groups
            for column in groups
        )
        and all(max((u for u in upper if u <= it), default=-1) in groups for it in lower)
    )


def _is_value(text: str) -> bool:
    """True if a text is rather what stands in a table than above it."""
    text = text.strip()
    if len(text) > 140:
        return True
    if text.replace(".", "").replace(",", "").isdigit():
        return True
    return (
        is_gender(text) or is_phone(text) or is_id(text) or (text[:2].isdigit() and is_date(text))
    )


def _all_labels(texts: Sequence[tuple[int, Cell]]) -> bool:
    return all(
        isinstance(value, str) and len(value.strip()) <= _LONGEST_LABEL for _c, value in texts
    )


def _numbers_below(grid: Grid, row: int) -> bool:
    """True if numbers, or nothing but blanks, faults and few texts, stand in the rows below."""
    seen = 0
    for below in range(row + 1, min(row + 6, grid.last) + 1):
        own = grid.own(below)
        if any(isinstance(value, Fault) or is_number(value) for _c, value in own):
            return True
        seen += bool(own)
    return False


def _uniform_below(grid: Grid, row: int) -> bool:
    """True if the rows below hold something below most of the headings, as a table's do."""
    columns = {column for column, _value in grid.own(row)}
    alike = 0
    for below in range(row + 1, min(row + 4, grid.last) + 1):
        own = {column for column, _value in grid.own(below)}
        if own and len(own & columns) * 2 >= len(columns) and len(own - columns) <= 1:
            alike += 1
    return alike >= 1


def _alternates(texts: Sequence[tuple[int, Cell]], kind: Kind) -> bool:
    """True if labels and values take turns, as in a form of one person."""
    known: list[bool] = []
    for _column, value in texts:
        # Behind a label a value may look like one: 所在部门 一车间.
        text = cell_text(value)
        after_label = bool(known) and known[-1]
        known.append(is_label(kind, text) if after_label else kind.field_of(text)[0])
    turns = [label and not after for label, after in pairwise(known)]
    return len(texts) >= 2 and known[0] and sum(turns) * 2 >= len(texts) - 1 and not all(known)


def _second_row(
    grid: Grid, row: int, upper: Mapping[int, tuple[str, bool]], kind: Kind
) -> dict[int, str] | None:
    """The texts of the second row of the head, or None where the row below is none."""
    own = grid.own(row + 1)
    if not own:
        return None
    lower: dict[int, str] = {}
    # Where all that is not divided is merged with the row below, that row is the head's: 2023.
    divided = row + 1 in grid.filled and all(
        merged or grid.lent(row + 1, column) for column, (_text, merged) in upper.items()
    )
    for column, value in own:
        if isinstance(value, float) and divided:
            value = cell_text(value)
        if not isinstance(value, str) or isinstance(value, Fault):
            return None
        if _is_value(value) and not divided:
            return None
        last = grid.across.get((row + 1, column), column + 1)
        for place in range(column, last):
            lower[place] = value
    columns = sorted(lower)
    measures = measures_in(own) if kind.way == "values" else {}
    if measures and all(column in upper and not upper[column][1] for column in measures):
        return None
    if kind.way == "values" and _is_second_of_values(grid, row, upper, lower, kind):
        return lower
    spread = {column for column, (_text, merged) in upper.items() if merged}
    of_rows = {
        column
        for column, (text, _merged) in upper.items()
        if any(kind.field_of(text)[1] in choice for choice in kind.must)
    }
    # Below a heading of one column nothing stands in a second row of the head, unless that row
    # divides headings and says nothing of its own where each row of the table says whose it is.
    divides = bool(spread & {*columns}) or _divided([*upper], columns)
    divides = divides and not of_rows & {*columns}
    for column in columns:
        if column in spread or divides:
            continue
        if column in upper and (column + 1 in upper or column + 1 not in lower):
            if grid.lent(row + 1, column):
                continue
            return None
    if spread & {*columns} or divides:
        return lower
    hits = sum(kind.field_of(text)[0] for text in lower.values())
    return lower if hits * 2 >= len(columns) and columns != sorted(upper) else None


def _is_second_of_values(
    grid: Grid,
    row: int,
    upper: Mapping[int, tuple[str, bool]],
    lower: Mapping[int, str],
    kind: Kind,
) -> bool:
    """True if the row below the head names indicators: no unit, and numbers below its words."""
    units = [column for column, (text, _m) in upper.items() if kind.field_of(text)[1] == "unit"]
    if not units or any(column in lower for column in units) or len(lower) < 2:
        return False
    below = [grid.cell(row + 2, column) for column in lower]
    filled = [cell for cell in below if cell != ""]
    return (
        bool(filled)
        and all(
            isinstance(cell, Fault) or is_number(cell) or cell_text(cell)[:1].isdigit()
            for cell in filled
        )
        and grid.cell(row + 2, units[0]) != ""
    )


def _take(table: FoundTable, row: int, kind: Kind, names: Names = NO_NAMES) -> None:
    """Put a row below the head where it belongs."""
    why = _why_left_out(table, row, kind, names)
    if (why is TITLE or why is NOTE or why is SECTION) and has_right_id(table.grid, row):
        why = None
    if why is None:
        table.rows.append(row)
    elif why != "":
        assert isinstance(why, Message)
        table.left_out.append((row, why))


def _why_left_out(table: FoundTable, row: int, kind: Kind, names: Names) -> Message | str | None:
    """Say why a row is not read; None for one that is, and an empty text for an empty one."""
    own = table.grid.own(row)
    if not own:
        return ""
    columns = {**dict.fromkeys(table.fields, Heading("")), **table.headings}
    inside = [(c, v) for c, v in own if c in columns]
    for place, (column, value) in enumerate(own):
        if not isinstance(value, str) or len(value) > 40:
            continue
        if (place < 3 or _is_note(columns.get(column), kind)) and words.says_example(value):
            return EXAMPLE
    text = next((value for _c, value in own if isinstance(value, str)), None)
    texts = [value for _c, value in own if isinstance(value, str)]
    if text is not None:
        if words.says_sum(text) or (
            len(texts) > 1 and words.says_sum(texts[1]) and kind.way in ("scheme", "values")
        ):
            return SUM
        if len(own) == 1 and words.says_note(text):
            return NOTE
        if len(own) == 1 and words.says_page(text):
            return PAGE
        if kind.way in ("people", "judges") and _names_a_label(table, row, kind):
            return NOTE
        if (
            kind.way in ("people", "judges", "marks")
            and _is_line_of_labels(table.grid, row)
            and not label_of_unit(table.grid, row)[0]
            and not has_right_id(table.grid, row)
        ):
            return SIGNATURE
        if kind.way in ("people", "judges", "marks") and _is_section_row(table, row, kind, names):
            return SECTION
        if len(texts) == 1 and len(own) <= 2 and words.says_blank_below(text):
            return NOTE
        if kind.way == "units" and len(own) == 1 and _OF_UNITS.fullmatch("".join(text.split())):
            return SECTION
        if kind.way == "units" and len(texts) == 1 and words.says_no_unit(text):
            return NOTE if re.search("空|无|略", text) else SUM
        # A row that fills most of its columns is one of the table, whatever its first word is.
        few = len(own) * 2 < len(columns) or len(own) <= 2
        if few and words.says_note(text):
            return NOTE
        if few and words.says_signature(text):
            return SIGNATURE
    if len(own) == 1 and text in table.above:
        # The title stands on each page again.
        return TITLE
    if len(own) == 1:
        return _alone(table, row, own[0], kind, names)
    if not inside:
        return NOTHING_KNOWN
    return None


def _names_a_label(table: FoundTable, row: int, kind: Kind) -> bool:
    """True if a label such as 领队 stands in the place of a name: a line of one person."""
    if len(table.grid.own(row)) == 1 and is_role(cell_text(table.grid.own(row)[0][1])):
        return False
    for column, heading in table.headings.items():
        if kind.field_of(heading.text)[1] == "name":
            value = table.grid.cell(row, column)
            text = value.strip() if isinstance(value, str) else ""
            label = text.endswith((":", "：")) and words.says_signature(text)
            label = (
                label or text.rstrip(":：") in _LINE_LABELS or _LINE_OF_ONE.match(text) is not None
            )
            return label and not has_right_id(table.grid, row)
    return False


def _is_note(heading: Heading | None, kind: Kind) -> bool:
    return heading is not None and kind.field_of(heading.text)[1] == "note"


def _is_section_row(table: FoundTable, row: int, kind: Kind, names: Names) -> bool:
    """True if a row has one thing in it, and that begins a section."""
    own = table.grid.own(row)
    if len(own) > 6:
        return False
    texts = [cell_text(value) for _column, value in own]
    if label_of_unit(table.grid, row)[0] and (
        any(it in texts[0] for it in ":：") or says_only_label(texts[0])
    ):
        return not has_right_id(table.grid, row)
    things = [text for text in texts if not is_ordinal(text)]
    if len(things) != 1 or len(things[0]) > 60:
        return False
    if len(texts) > 1 and any(text.isdigit() for text in texts):
        # A serial number with a name alone is a person who lacks the rest.
        return bool(organisation(things[0], names.units))
    return is_section(things[0], names)


def _alone(
    table: FoundTable, row: int, cell: tuple[int, Cell], kind: Kind, names: Names
) -> Message | None:
    """Say why a row with a single cell is not read, or None."""
    column, value = cell
    heading = table.headings.get(column)
    width = len(table.headings)
    if width == 1:
        return None
    if not isinstance(value, str):
        return BLANK_NUMBER if isinstance(value, float) and not isinstance(value, bool) else None
    if value.strip().isdigit() and heading is not None and len(value.strip()) < 6:
        return BLANK_NUMBER
    if (row, column) in table.grid.across or len(value) > 20:
        return SECTION if len(value) <= 40 else NOTE
    if heading is None:
        return NOTHING_KNOWN
    key = kind.field_of(heading.text)[1]
    if kind.way == "values" and (
        period_in(value)
        or value.strip().endswith(("考核", "考核表", "汇总表", "评分表", "统计表", "得分表"))
    ):
        return SECTION
    if row in table.grid.filled:
        return None
    if any(key in choice for choice in kind.must):
        spoken = words.says_message(value)
        if kind.way not in ("people", "judges") or not (spoken or _is_sentence(value)):
            return None
        # A longer title may begin a part; a sentence does not.
        return NOTE if spoken or _IN_SENTENCE.search(value) else SECTION
    if kind.way in ("people", "judges") and _NUMBERED_WORD.match(value):
        # 3.电工 below the numbers of people is nobody's.
        return NOTE if value.rstrip().endswith(("。", "；", ";", "！")) else SECTION
    return SECTION if column == min(table.headings) else None


def _is_sentence(text: str) -> bool:
    """True if a lone text among names is none: longer than one, or a date among its words."""
    bare = _IN_BRACKETS.sub("", "".join(text.split()))
    words_of_it = sum("一" <= sign <= "鿿" for sign in bare)
    if "·" in bare or "•" in bare:
        return False
    return words_of_it > 6 or (words_of_it > 3 and any(sign.isdigit() for sign in bare))
