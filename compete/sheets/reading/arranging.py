"""Arrangements of tables: side by side, fields down, a team a row, heads not understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from compete.domain.values.messages import Message, msg
from compete.sheets.reading import words
from compete.sheets.reading.cells import (
    is_gender,
    is_id,
    is_number,
    is_phone,
    read_decimal,
    role_of,
)
from compete.sheets.reading.found_tables import (
    BLANK_NUMBER,
    NEVER_THE_SAME,
    NOBODY,
    NOTE,
    SECTION,
    SUM,
    SUM_BELOW,
    TITLE,
    FoundTable,
    Heading,
    why_no_row,
)
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.kinds import Kind
from compete.sheets.reading.numbering import Numbered, number_of_row, tree_of
from compete.sheets.reading.sections import (
    Names,
    bare_key,
    event_in,
    is_ordinal,
    is_period,
    matched,
    organisation,
)
from compete.sheets.workbook.cells import Cell, Fault
from compete.sheets.workbook.opened import OpenedSheet
from compete.sheets.workbook.refusal import WorkbookError

_LOOKED_AT = 200
_TITLES = 8
"""Lines above a table that belong to the one on its right too."""
_LABELS = 20
"""So many labels down a column are judged before more are looked at."""
_OF_TEAM = frozenset({"unit", "team", "event", "group", "occupation", "department"})
"""Fields that a row of a team says for all of its people."""
_MEMBER = re.compile(
    r"(?:正式)?(?:参赛)?(?P<word>选手|队员|成员|组员|领队|副领队|教练员|教练|指导教师|指导老师|替补选手|替补队员|替补|候补|候补选手|队长)"
    r"[\(（]?(?P<number>[0-9]{1,2}|[一二三四五六七八九十]{1,2}|[A-Ha-h]|[甲乙丙丁戊己]|[①-⑳])?[\)）]?(?P<rest>.*)"
)
_IN_BRACKETS = re.compile(r"\([^()]+\)")
_RESERVES = frozenset({"替补", "候补"})
_COUNT = re.compile(r"\([共限]?[0-9一二三四五六七八九十]{1,3}[人名位]?\)$")
"""How many people a heading is above: 参赛选手（3人）."""
_MEMBER_ROLES = (
    ("leader", ("领队",)),
    ("coach", ("教练", "指导")),
    ("other", ("替补", "候补")),
    ("entrant", ("选手", "队员", "成员", "组员", "队长")),
)
_CORNERS = frozenset(
    ["指标", "考核指标", "项目", "考核项目", "指标名称", "竞赛指标", "考核指标名称", "指标项"]
)
_SERIALS = frozenset(["序号", "序", "编号", "no", "no."])
_VALUE = re.compile("[0-9]{3}")
"""What stands in a person's cells, and in no heading of a second row: numbers and years."""
TWO_ROWS = msg("一个人占了两行，读不了。改成一个人一行再传")
BY_PLACES = msg("上面一行的列名认不出，照格子里的内容和别的表的列读")
NOT_UNDERSTOOD = msg("表头认不出，这张表没有读")
ROW_NOT_UNDERSTOOD = msg("这张表的表头认不出，没有读")


def side_by_side(grid: Grid, kind: Kind) -> list[Grid]:
    """The sheet as one grid, or as several where tables stand side by side."""
    regions: list[tuple[int, int, int]] = []
    begun: tuple[int, int] | None = None
    for row in range(1, min(grid.last, _LOOKED_AT) + 1):
        cut = _repeats_at(grid, row, kind)
        if cut is not None:
            if begun is not None and begun[1] != cut:
                regions.append((begun[0], row - 1, begun[1]))
                begun = None
            begun = begun or (row, cut)
        elif begun is not None and _is_plain_head(grid, row, kind):
            regions.append((begun[0], row - 1, begun[1]))
            begun = None
    if begun is not None:
        regions.append((begun[0], grid.last, begun[1]))
    if not regions:
        return [grid]
    left_rows: list[list[Cell]] = []
    right_rows: list[list[Cell]] = []
    titles = set()
    for first, _last, _cut in regions:
        for row in range(first - 1, max(first - 1 - _TITLES, 0), -1):
            if len(grid.own(row)) > 3 or any(a <= row <= b for a, b, _c in regions):
                break
            titles.add(row)
    cuts = {row: cut for first, last, cut in regions for row in range(first, last + 1)}
    for row, cells in enumerate(grid.rows, start=1):
        cut = cuts.get(row)
        own = grid.own(row)
        half = next((c for a, _b, c in regions if a > row), 0) if row in titles else 0
        if (
            cut is None
            and half
            and {c < half for c, _v in own} == {True, False}
            and all(
                (row, c) not in grid.across or grid.across[row, c] <= half or c >= half
                for c, _v in own
            )
        ):
            left_rows.append(cells[:half])
            right_rows.append([""] * half + cells[half:])
        elif cut is None:
            left_rows.append(cells)
            right_rows.append(cells if row in titles else [])
        elif (
            len(own) == 1
            and isinstance(own[0][1], str)
            and ((row, own[0][0]) in grid.across or _spans(grid, row, own[0][0], cut))
        ):
            # A section row over both halves.
            left_rows.append(cells)
            right_rows.append(cells)
        else:
            left_rows.append(cells[:cut])
            right_rows.append([""] * cut + cells[cut:] if len(cells) > cut else [])
    left = _part(grid, left_rows, cuts, right=False)
    right = _part(grid, right_rows, cuts, right=True)
    left.silent, right.silent = set(), titles
    return [left, *side_by_side(right, kind)]


def _spans(grid: Grid, row: int, column: int, cut: int) -> bool:
    return grid.across.get((row, column), column + 1) > cut


def _part(grid: Grid, rows: list[list[Cell]], cuts: dict[int, int], *, right: bool) -> Grid:
    merged = []
    for top, left, bottom, right_end in grid.sheet.scan.merged:
        cut = cuts.get(top)
        if cut is None or (left - 1 >= cut) == right or right_end > cut:
            merged.append((top, left, bottom, right_end))
    scan = replace(grid.sheet.scan, merged=merged)
    pictures = {
        (row, column): paths
        for (row, column), paths in grid.sheet.pictures.items()
        if (cut := cuts.get(row)) is None or (column >= cut) == right
    }
    return Grid(OpenedSheet(grid.name, rows, scan, pictures))


def _repeats_at(grid: Grid, row: int, kind: Kind) -> int | None:
    """The column at which the headings of a row begin anew, or None."""
    own = grid.own(row)
    if len(own) < 4 or not all(type(value) is str for _column, value in own):
        return None
    texts = [words.reduced(cell_text(value)) for _column, value in own]
    if team_head(grid, row, kind) or (row > 1 and team_head(grid, row - 1, kind)):
        return None
    groups = [c for c, value in grid.own(row - 1) if (row - 1, c) in grid.across]
    if groups and all(kind.field_of(cell_text(grid.cell(row - 1, c)))[0] for c in groups):
        # They repeat below groups of one head.
        return None
    must = kind.must[0]
    keys = [kind.field_of(text)[1] for text in texts]
    if sum(key in must for key in keys) < 2 or len({*texts}) == len(texts):
        return None
    for start in range(2, len(texts) - 1):
        first = 1 if texts[0] in _SERIALS and texts[start] != texts[0] else 0
        if texts[start] != texts[first]:
            continue
        head, rest = texts[:start], texts[start:]
        if len({*head}) < len(head) or not any(key in must for key in keys[:start]):
            continue
        again = rest[: len(head)]
        alike = sum(text in head for text in again)
        # The other half may have further headings of its own, where each of them is known.
        known = len({*again}) == len(again) and all(kind.field_of(it)[0] for it in again)
        if (
            len(again) >= 2
            and (alike == len(again) or (alike >= 2 and known and len(again) == len(rest)))
            and any(key in must for key in keys[start : start + len(again)])
            and _means_twice(keys[:start], kind)
        ):
            return own[start][0]
    return None


def _means_twice(keys: Sequence[str | None], kind: Kind) -> bool:
    """True if one half has all that a table must have, or two fields at least."""
    whole = all(any(key in choice for key in keys) for choice in kind.must)
    return whole and (len(keys) >= 2 or kind.way in ("units", "people", "judges"))


def _is_plain_head(grid: Grid, row: int, kind: Kind) -> bool:
    own = grid.own(row)
    keys = {kind.field_of(value)[1] for _column, value in own if isinstance(value, str)} - {None}
    return len(own) >= 3 and len(keys) >= 2 and bool(keys & {*kind.must[0]})


def fields_down(grid: Grid, row: int, kind: Kind, names: Names) -> list[FoundTable]:
    """Tables of one row each, where labels stand in the first column and people go across."""
    own = grid.own(row)
    if len(own) < 2 or kind.way not in ("people", "judges", "units", "marks", "scheme"):
        return []
    modules = {bare_key(name) for name in names.modules} if kind.way == "marks" else set()
    column = own[0][0]
    labels: dict[int, str] = {}
    at = row
    gaps = known = 0
    while at <= grid.last and gaps < 2:
        cells = grid.own(at)
        if not cells:
            gaps += 1
            at += 1
            continue
        place, value = cells[0]
        text = cell_text(value)
        if place != column or not isinstance(value, str) or len(text) > 30:
            break
        if not kind.field_of(text)[0] and (
            len(cells) < 3 or any(is_id(cell_text(v)) for _c, v in cells[:1])
        ):
            break
        if (
            labels
            and kind.field_of(text)[1] == kind.must[0][0]
            and any(words.reduced(text) == words.reduced(label) for label in labels.values())
        ):
            # The next people begin.
            break
        # A role is a value here, though it may be a heading elsewhere.
        roles = kind.field_of(text)[1] in ("role", "job", "duty")
        if any(
            isinstance(value, str)
            and kind.field_of(value)[0]
            and len(value) < 12
            and not (roles and role_of(value)[0])
            for _c, value in cells[1:]
        ):
            break
        labels[at] = words.one_line(text)
        known += kind.field_of(labels[at])[0] or bare_key(labels[at]) in modules
        if len(labels) > _LABELS and known * 10 < 6 * len(labels):
            # A long list of people is not walked to its end from each of its rows.
            return []
        gaps = 0
        at += 1
    if (
        row in labels
        and len(labels) > 1
        and all(
            isinstance(value, str) and _MEMBER.fullmatch("".join(value.split()))
            for _c, value in grid.own(row)[1:]
        )
    ):
        del labels[row]
    keys = {n: kind.field_of(text)[1] for n, text in labels.items()}
    known = sum(kind.field_of(text)[0] or bare_key(text) in modules for text in labels.values())
    # What stands in the first row says who or what each column is.
    whose = ("name",) if kind.way == "scheme" else kind.must[0]
    named = [n for n, key in keys.items() if key in whose]
    if kind.way == "scheme" and ("max" not in keys.values() or len(named) > 1):
        return []
    if (
        len(labels) < (2 if modules or kind.way == "scheme" else 3)
        or known * 10 < 6 * len(labels)
        or not named
    ):
        return []
    last = max(labels)
    places = sorted({c for n in labels for c, _v in grid.own(n) if c > column})
    people = [c for c, _v in grid.own(named[0]) if c > column]
    numbers = any(is_number(value) for _c, value in grid.own(named[0])[1:])
    if len(people) < 2 or (numbers and not modules):
        return []
    for n, key in keys.items():
        if key not in NEVER_THE_SAME:
            grid.take_from_left(n, column + 1)
    order = [named[0], *(n for n in labels if n != named[0])]
    tables = []
    for place in places:
        boxes = {n: (r, _start(grid, r, place)) for n, r in enumerate(order)}
        if all(grid.cell(*cell) == "" for cell in boxes.values()):
            continue
        headings = {n: Heading(labels[r]) for n, r in enumerate(order)}
        table = FoundTable(grid, row, headings, last + 1, form=boxes)
        table.rows = [named[0]]
        tables.append(table)
    return tables


def _start(grid: Grid, row: int, column: int) -> int:
    """The column of the merged cell that lies over this one."""
    if grid.cell(row, column) == "":
        for (top, left), end in grid.across.items():
            if top == row and left < column < end:
                return left
    return column


def indicators_down(grid: Grid, row: int, names: Names, kind: Kind) -> list[FoundTable]:
    """Tables of one unit each, where the corner says 指标 and units go across."""
    own = grid.own(row)
    texts = {column: words.reduced(cell_text(value)) for column, value in own}
    corner = next((column for column, text in texts.items() if text in _CORNERS), None)
    if corner is None or any(not isinstance(value, str) for _column, value in own):
        return []
    if _is_plain_head(grid, row, kind):
        return []
    fields = {column: kind.field_of(text) for column, text in texts.items() if column != corner}
    if any(key in ("value", "indicator", "unit", "target") for _known, key in fields.values()):
        return []
    units = [column for column, (known, _key) in fields.items() if column > corner and not known]
    if (
        not units
        or (len(units) < 2 and not names.units)
        or all(map(is_period, map(texts.get, units)))
    ):
        return []
    rows: list[int] = []
    skipped: list[tuple[int, Message]] = []
    at = row + 1
    while at <= grid.last:
        cells = grid.own(at)
        if cells:
            text = cell_text(grid.cell(at, corner))
            if not text:
                break
            why = SUM if words.says_sum(text) else NOTE if words.says_note(text) else None
            if why is not None and len(cells) > 1:
                skipped.append((at, why))
            elif why is not None or words.says_signature(text):
                break
            else:
                rows.append(at)
        at += 1
    if not rows or not any(is_number(grid.cell(r, c)) for r in rows for c in units):
        return []
    tables = []
    called = _without_numbers(grid, rows, corner, units, names)
    skipped += [(at, SUM_BELOW) for at in rows if at not in called]
    rows = [*called]
    measure = next((column for column, text in texts.items() if text == "计量单位"), None)
    for column in units:
        boxes = {0: (row, column)} | {n: (r, column) for n, r in enumerate(rows, start=1)}
        headings = {0: Heading(words.one_line(cell_text(grid.cell(row, column))))}
        headings |= {
            n: Heading(words.one_line(_with_measure(called[r], grid, r, measure)))
            for n, r in enumerate(rows, start=1)
        }
        table = FoundTable(grid, row, headings, rows[-1] + 1, form=boxes, fields={0: "unit"})
        table.beside = units
        table.rows = [row]
        tables.append(table)
    tables[0].left_out = skipped
    tables[0].unread = {
        column: Heading(words.one_line(cell_text(value)))
        for column, value in own
        if column not in units
    }
    return tables


def _without_numbers(
    grid: Grid, rows: Sequence[int], corner: int, units: Sequence[int], names: Names
) -> dict[int, str]:
    """The names of rows of indicators without the numbers before them, where most have one.

    A row whose numbers are those of the rows numbered below it is none.
    """
    called = {row: cell_text(grid.cell(row, corner)) for row in rows}
    nodes = [
        Numbered(row, *number[:2], None, number[2])
        for row, text in called.items()
        if (number := number_of_row(text)) and number[2] and not matched(text, names.indicators)
    ]
    if len(nodes) < 2 or 3 * len(nodes) < 2 * len(rows):
        return called
    tree_of(nodes)
    for node in nodes:
        called[node.row] = node.name
        if len(node.children) > 1 and all(
            _number_at(grid, node.row, column)
            == sum(_number_at(grid, child.row, column) for child in node.children)
            for column in units
        ):
            del called[node.row]
    return called


def _number_at(grid: Grid, row: int, column: int) -> Decimal:
    cell = grid.cell(row, column)
    value = read_decimal(cell)[0] if isinstance(cell, str | float) else None
    return Decimal(str(value or 0))


def _with_measure(name: str, grid: Grid, row: int, column: int | None) -> str:
    """The name of a row with its unit of measure in brackets, where a column says it."""
    text = cell_text(grid.cell(row, column)) if column is not None else ""
    if not text or text in ("-", "—", "/", "无") or re.search("[)）]$", name):
        return name
    return f"{name}（{text}）"


def team_head(
    grid: Grid, row: int, kind: Kind
) -> tuple[dict[int, Heading], int, list[dict[str, tuple[int, ...]]], list[str]] | None:
    """The head of a table with a team a row: headings, depth, and of each person the columns."""
    if kind.way != "people":
        return None
    upper = grid.head(row)
    members: dict[int, tuple[str, str, str]] = {}
    for column, (text, _merged) in upper.items():
        plain = "".join(unicodedata.normalize("NFKC", text).split())
        plain = _COUNT.sub("", plain)
        match = _MEMBER.fullmatch(plain)
        if match is not None and len(plain) <= 14:
            rest = match["rest"].strip("()的:：-—")
            if rest and not kind.field_of(rest)[0]:
                if not (match["number"] and _IN_BRACKETS.fullmatch(match["rest"])):
                    continue
                # 成员一（队长） is a person, 队员三（替补） one who only may compete.
                rest, plain = "", rest
            word = plain if plain in _RESERVES else match["word"]
            members[column] = word, match["number"] or "", rest
    own = {column for column, _value in grid.own(row)}
    own |= _several_members(grid, row, members, kind)
    several = len(own) - len(grid.own(row)) + sum(
        c - 1 in members and members[c - 1] == members[c] and upper[c - 1][0] == upper[c][0]
        for c in members if c in own
    )  # fmt: skip
    numbered = {(word, number) for word, number, _rest in members.values() if number}
    below = {column: cell_text(v) for column, v in grid.own(row + 1) if isinstance(v, str)}
    named_below = [column for column, text in below.items() if kind.field_of(text)[1] == "name"]
    grouped = (
        len(named_below) >= 2
        and sum(column in members for column in named_below) >= 2
        and not any(column in own and column not in members for column in below)
    )
    lower = {column: _member_below(text) for column, text in below.items()}
    if not grouped and named_below and len({it for it in lower.values() if it}) > 1:
        # 姓名 and 电话 below 领队, 选手1 and 选手2 below 选手.
        known = [column for column, text in below.items() if kind.field_of(text)[0]]
        grouped = all(it or column in known for column, it in lower.items())
        grouped = grouped and len(below) == len(grid.own(row + 1))
    captained = "队长" in {word for word, _number, _rest in members.values()} and len(members) > 1
    if not grouped and len(numbered) < 2 and not several and not captained:
        return None
    if any(kind.field_of(upper[c][0])[1] == "name" and c not in members for c in own):
        return None
    depth = 2 if grouped else 1
    headings = {c: Heading(words.one_line(text)) for c, (text, _m) in upper.items() if c in own}
    people: list[dict[str, tuple[int, ...]]] = []
    labels: list[str] = []
    places: dict[tuple[str, str], int] = {}
    shared: dict[str, tuple[int, ...]] = {}
    current: int | None = None
    last = max([*upper, *below])
    for column in range(last + 1):
        text = upper.get(column, ("", False))[0]
        if column not in own and not (grouped and column in below):
            continue
        if grouped and (of_lower := lower.get(column)):
            headings[column] = Heading(words.one_line(below[column]), words.one_line(text))
            places[of_lower] = current = len(people)
            people.append({"name": (column,)})
            labels.append(of_lower[0])
            continue
        if column in members and (column in own or grouped):
            word, number, rest = members[column]
            who = (word, number)
            if grouped and column in below:
                rest = below[column]
                key = kind.field_of(rest)[1]
                headings[column] = Heading(words.one_line(f"{text}{rest}"), words.one_line(text))
            else:
                key = kind.field_of(rest)[1] if rest else "name"
            new = who not in places or (key == "name" and "name" in people[places[who]])
            if new:
                places[who] = len(people)
                people.append({})
                labels.append(word)
            current = places[who]
            if key is not None:
                people[current].setdefault(key, (column,))
            continue
        if grouped and column in below and column not in own:
            text = below[column]
            headings[column] = Heading(words.one_line(text))
        key = kind.field_of(text)[1]
        if key in _OF_TEAM:
            shared.setdefault(key, (column,))
        elif (
            key is not None and key not in ("note", "code", "role", "name") and current is not None
        ):
            people[current].setdefault(key, (column,))
    people = [{**shared, **fields} for fields in people]
    kept = [
        (fields, label) for fields, label in zip(people, labels, strict=True) if "name" in fields
    ]
    if len(kept) < 2:
        return None
    return headings, depth, [fields for fields, _l in kept], [label for _f, label in kept]


def _member_below(text: str) -> tuple[str, str] | None:
    """The word and the number of a person's heading in the second row of a head, or None."""
    match = _MEMBER.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    return (match["word"], match["number"]) if match and match["number"] else None


def _several_members(
    grid: Grid, row: int, members: Mapping[int, tuple[str, str, str]], kind: Kind
) -> set[int]:
    """The further columns below one merged heading of members, each of them a person's."""
    columns: set[int] = set()
    for column in members:
        end = grid.across.get((row, column), column + 1)
        below = [cell_text(grid.cell(row + 1, place)) for place in range(column, end)]
        if end > column + 1 and not any(kind.field_of(text)[0] for text in below):
            columns |= {*range(column + 1, end)}
    return columns


def _member_role(word: str) -> str:
    """The role that a person's heading gives."""
    return next(role for role, parts in _MEMBER_ROLES if any(part in word for part in parts))


def people_of_teams(
    table: FoundTable, people: Sequence[dict[str, tuple[int, ...]]], labels: Sequence[str]
) -> list[FoundTable]:
    """A table with a team a row as tables of one person each; an empty place is nobody."""
    grid = table.grid
    tables: list[FoundTable] = []
    for row in table.rows:
        before = len(tables)
        for fields, label in zip(people, labels, strict=True):
            others = [grid.cell(row, c[0]) for key, c in fields.items() if key not in _OF_TEAM]
            if all(cell == "" or cell_text(cell) in ("/", "-", "—", "无") for cell in others):
                continue
            form = {n: (row, places[0]) for n, places in enumerate(fields.values())}
            headings = {
                n: table.headings.get(places[0], Heading(""))
                for n, places in enumerate(fields.values())
            }
            person = FoundTable(
                grid, table.head_row, headings, row + 1, table.above, table.lines, form=form
            )
            person.of = table
            person.fields = dict(enumerate(fields))
            person.role = _member_role(label)
            person.rows = [row]
            tables.append(person)
        if len(tables) == before:
            table.left_out.append((row, NOBODY))
    if tables:
        used = {places[0] for fields in people for places in fields.values()}
        tables[0].left_out = table.left_out
        tables[0].unread = {c: h for c, h in table.headings.items() if c not in used}
    return tables


def refuse_two_rows(grid: Grid, row: int, kind: Kind) -> None:
    """Refuse a head whose second row says further fields of the same person."""
    if kind.way not in ("people", "judges"):
        return
    upper = {c: kind.field_of(v) for c, v in grid.own(row) if isinstance(v, str)}
    lower = {c: kind.field_of(v) for c, v in grid.own(row + 1) if isinstance(v, str)}
    if len(lower) != len(grid.own(row + 1)):
        return
    if any(_VALUE.search(str(grid.cell(row + 1, c))) for c in lower):
        return
    # Where the person is named again it is a head of its own.
    if any(key in kind.must[0] for _known, key in lower.values()):
        return
    both = [
        c for c in upper.keys() & lower.keys()
        if upper[c][0] and lower[c][0] and upper[c][1] != lower[c][1]
        and (row, c) not in grid.across
    ]  # fmt: skip
    known = sum(is_known for is_known, _key in lower.values())
    # Below a form's labels stand values; here labels stand below labels.
    if len(both) >= 2 and known * 10 >= 7 * len(lower):
        raise WorkbookError(TWO_ROWS)


def by_cells(
    grid: Grid, rows: Sequence[int], taken: FoundTable | None, kind: Kind, names: Names
) -> dict[int, str]:
    """The fields of a table whose head nobody understands: by another's places, or its cells."""
    if kind.way not in ("people", "judges"):
        return {}
    columns = sorted({c for row in rows for c, _v in grid.own(row)})
    cells = {
        c: [v for row in rows if (v := grid.cell(row, c)) != "" and not isinstance(v, Fault)]
        for c in columns
    }
    texts = {c: [cell_text(v) for v in values] for c, values in cells.items()}

    def mostly(column: int, fits: Callable[[str], bool]) -> bool:
        sample = texts[column]
        return bool(sample) and sum(map(fits, sample)) * 10 >= 8 * len(sample)

    ids = [c for c in columns if mostly(c, is_id)]
    if taken is not None and taken.form is None:
        places = {
            c: key
            for c, heading in taken.headings.items()
            if (key := kind.field_of(heading.text)[1]) is not None and c in texts
        }
        number = next((c for c, key in places.items() if key == "id_number"), None)
        name = next((c for c, key in places.items() if key == "name"), None)
        fits = name is not None and mostly(name, _is_name)
        for c, key in places.items():
            looks = {"phone": is_phone, "gender": is_gender}.get(key)
            fits = fits and (looks is None or not texts[c] or mostly(c, looks))
        if fits and (ids[:1] == [number] if ids else number is None or not texts.get(number)):
            return places
    fields: dict[int, str] = {}
    if ids:
        fields[ids[0]] = "id_number"
    for c in columns:
        if c in fields:
            continue
        if mostly(c, is_phone) and "phone" not in fields.values():
            fields[c] = "phone"
        elif mostly(c, is_gender) and "gender" not in fields.values():
            fields[c] = "gender"
        elif mostly(c, lambda text: bool(organisation(text, names.units))):
            fields.setdefault(c, "unit") if "unit" not in fields.values() else None
        elif (
            names.events
            and kind.way == "people"
            and mostly(c, lambda text: event_in(text, names.events)[1] == 1 and len(text) < 12)
        ):
            fields[c] = "event"
    name = next((c for c in columns if c not in fields and mostly(c, _is_name)), None)
    if name is None or not ids:
        return {}
    fields[name] = "name"
    return fields


def _is_name(text: str) -> bool:
    plain = "".join(text.split())
    if organisation(plain):
        return False
    return (
        re.fullmatch(r"[一-鿿]{2,4}|[一-鿿]{1,8}·[一-鿿·]{1,12}|[A-Za-z .]{3,30}", plain)
        is not None
    )


def lines_of_units(grid: Grid, names: Names) -> FoundTable | None:
    """A list of units without any head: a name a line, numbered or not, most of them of units."""
    places: dict[int, int] = {}
    table = FoundTable(grid, 1, {}, 1)
    for row in range(1, grid.last + 1):
        texts = [(column, cell_text(cell)) for column, cell in grid.own(row)]
        named = [(column, text) for column, text in texts if not is_ordinal(text)]
        if len(named) > 1:
            return None
        why = why_no_row(named[0][1]) if named else (BLANK_NUMBER if texts else None)
        if named and words.says_no_unit(named[0][1]):
            why = SUM
        if why is not None:
            table.left_out.append((row, why))
        elif named:
            places[row] = named[0][0]
    known = [
        row
        for row, it in places.items()
        if organisation(cell_text(grid.cell(row, it)), names.units)
    ]
    if not known:
        return None
    column = places[known[0]]
    for row in [row for row, it in places.items() if it != column and row not in known]:
        # 一、省属企业 stands above its units, where their numbers do.
        table.left_out.append((row, SECTION))
        del places[row]
    if {*places.values()} != {column} or 2 * len(known) < len(places):
        return None
    table.left_out.sort(key=lambda it: it[0])
    table.rows, table.fields = [*places], {column: "name"}
    while table.rows[0] < known[0]:
        table.left_out.insert(0, (table.rows.pop(0), TITLE))
    return table


def has_right_id(grid: Grid, row: int) -> bool:
    """True if a right ID number stands in a row."""
    return any(is_id(value.strip()) for _c, value in grid.own(row) if isinstance(value, str))
