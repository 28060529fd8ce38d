"""What several tables and sheets say together: sums of other sheets, the same thing twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.shapes import Column, Question, Reading, ReadRow, RowTold, SheetUse
from compete.sheets.reading.words import names_past, says_past, year_named, years_in

_SUMS = re.compile(r"汇总|总表|总名单|总名册|合计|总计|总览|全部名单|总花名册|总成绩|总分")
_TITLES = 3
"""So many lines right above a table are titles of its own."""
PAST = msg("像是往届的或作废的，没有读。要读，另存成一个文件再传")
PAST_ONLY = msg("像是往届的或作废的名单，是这次的吗")
REPEATED = msg("别的页上已经有，没有再读一遍")


def _who(row: ReadRow) -> str:
    """What a row is about, by which it is known again."""
    values = row.values
    if number := values.get("id_number"):
        return str(number)
    parts = [values.get(key, "") for key in ("name", "unit", "indicator", "criterion", "code")]
    return "|".join(same_name_key(str(part)) for part in parts)


def _pairs(reading: Reading, row: ReadRow) -> str:
    if reading.kind == "values":
        return "|".join(
            same_name_key(str(row.values.get(key, ""))) for key in ("unit", "indicator")
        )
    if reading.kind == "marks":
        return f"{_who(row)}|{row.values.get('module', '')}"
    if reading.kind == "scheme":
        return same_name_key(str(row.values.get("name", "")))
    return _who(row)


def sheets_of_sums(by_sheet: Mapping[str, Sequence[str]]) -> list[str]:
    """The sheets of sums among sheets of people: what they list stands on others.

    By sheet those who stand there, as anything by which they are known again.
    """
    sums: list[str] = []
    for sheet, people in by_sheet.items():
        others = {
            person for name, it in by_sheet.items() if name != sheet and name not in sums
            for person in it
        }  # fmt: skip
        again = sum(person in others for person in people)
        if people and names_sums(sheet) and again * 10 >= 8 * len(people):
            sums.append(sheet)
    return sums


def names_sums(sheet: str) -> bool:
    """True if a sheet's name says that it sums others up: 汇总, 总名单."""
    return _SUMS.search(sheet) is not None


def past_tables(tables: Sequence[Understanding]) -> list[Understanding]:
    """The tables whose titles or sheets say that they are of earlier years: 往届成绩.

    So is a sheet called by a year, such as 2025年, where another is of a later one.
    """
    years = {it.grid.name: _latest(it) for it in tables}
    return [
        it
        for it in tables
        if any(map(says_past, [*it.table.above[-_TITLES:], it.grid.name]))
        or names_past(it.grid.name)
        or 0
        < year_named(it.grid.name)
        < max((year for name, year in years.items() if name != it.grid.name), default=0)
    ]


def _latest(known: Understanding) -> int:
    """The latest year that a table's sheet or titles name; 0 for none."""
    texts = (known.grid.name, *known.table.above[-_TITLES:])
    return max((year for text in texts for year in years_in(text)), default=0)


def leave_out_repeats(reading: Reading) -> None:
    """Leave out a sheet of sums whose rows stand on other sheets, singly or as their totals."""
    by_sheet: dict[str, list[ReadRow]] = defaultdict(list)
    for row in reading.rows:
        by_sheet[row.sheet].append(row)
    if len(by_sheet) < 2:
        return
    for sheet, rows in [*by_sheet.items()]:
        others = {name: it for name, it in by_sheet.items() if name != sheet}
        if not others or not names_sums(sheet):
            continue
        if not _repeats(reading, rows, others):
            continue
        del by_sheet[sheet]
        gone = {(row.sheet, row.row) for row in rows}
        reading.rows = [row for row in reading.rows if row.sheet != sheet]
        reading.asked = [it for it in reading.asked if (it.sheet, it.row) not in gone]
        for _sheet, number in sorted(gone):
            reading.leave_out(sheet, number, REPEATED)
        names = listed(list(others))
        reading.remarks.append(
            RowTold(sheet, 0, msg("是%(sheets)s的汇总，没有再读一遍", sheets=names))
        )
        reading.sheets = [
            SheetUse(it.name, why=REPEATED) if it.name == sheet else it for it in reading.sheets
        ]
        if reading.kind == "scheme":
            _without_sheet(reading, sheet)
            _ask_of_sums(reading, rows, others)


def _repeats(reading: Reading, rows: list[ReadRow], others: dict[str, list[ReadRow]]) -> bool:
    """True if the rows stand on other sheets, or are their totals."""
    known = {_pairs(reading, row) for it in others.values() for row in it}
    again = sum(_pairs(reading, row) in known for row in rows)
    if reading.kind == "scheme":
        totals = {
            name: sum((_number(row, "max") for row in it), Decimal(0))
            for name, it in others.items()
        }
        if _sheets_summed(rows, others):
            return True
        own = [_number(row, "max") for row in rows]
        if sorted(own) == sorted(totals.values()) or sum(own) == sum(totals.values()):
            return True
        return again * 10 >= 8 * len(rows)
    if reading.kind == "values" and again * 10 >= 8 * len(rows):
        sums: dict[str, Decimal] = defaultdict(Decimal)
        singles: dict[str, set[Decimal]] = defaultdict(set)
        counts: dict[str, int] = defaultdict(int)
        for it in others.values():
            for row in it:
                pair = _pairs(reading, row)
                sums[pair] += _number(row, "value")
                singles[pair].add(_number(row, "value"))
                counts[pair] += 1
        fits = sum(
            value in singles[pair]
            or value == sums[pair]
            or (counts[pair] and abs(value - sums[pair] / counts[pair]) < Decimal("0.01"))
            for row in rows
            if (pair := _pairs(reading, row)) and (value := _number(row, "value")) is not None
        )
        return fits * 10 >= 8 * len(rows)
    return again * 10 >= 8 * len(rows)


def _number(row: ReadRow, key: str) -> Decimal:
    try:
        return Decimal(str(row.values.get(key) or 0))
    except InvalidOperation:
        return Decimal(0)


def _sheets_summed(
    rows: Sequence[ReadRow], others: Mapping[str, Sequence[ReadRow]]
) -> dict[str, ReadRow]:
    """The row of a sheet of sums for each of the others, called as it is; empty if one has none."""
    summed: dict[str, ReadRow] = {}
    names = {sheet: same_name_key(sheet) for sheet in others}
    for row in rows:
        keys = [same_name_key(str(row.values.get(key, ""))) for key in ("name", "criterion")]
        called = [sheet for sheet, name in names.items() if name in keys] or [
            sheet
            for sheet, name in names.items()
            if any(key in name for key in keys if len(key) > 1)
        ]
        if len(called) != 1 or called[0] in summed:
            return {}
        summed[called[0]] = row
    return summed


def _ask_of_sums(
    reading: Reading, rows: Sequence[ReadRow], others: Mapping[str, Sequence[ReadRow]]
) -> None:
    """Ask where a sheet of sums says other points of a sheet than its aspects come to."""
    for sheet, row in _sheets_summed(rows, others).items():
        claimed = _number(row, "max")
        total = sum((_number(it, "max") for it in others[sheet]), Decimal(0))
        if claimed and claimed != total:
            why = msg(
                "写的是 %(said)s，“%(sheet)s”页的配分加起来是 %(found)s",
                said=plain(claimed),
                sheet=sheet,
                found=plain(total),
            )
            reading.ask(row.sheet, row.row, "", "max", plain(claimed), why)


def _without_sheet(reading: Reading, sheet: str) -> None:
    """Take what a sheet of sums said of totals out of the totals."""
    reading.total = plain(sum((_number(row, "max") for row in reading.rows), Decimal(0)))
    reading.claims.pop(sheet, None)
    if reading.said is not None:
        claims = [*reading.claims.values()]
        reading.said = plain(sum(claims, Decimal(0))) if claims else None


def ask_of_same(reading: Reading) -> None:
    """Ask about one person in two rows, one unit in two, and what has two values or marks."""
    if reading.kind in ("people", "judges"):
        _ask_of_same_people(reading)
    if reading.kind == "units":
        _ask_of_same_units(reading)
    if reading.kind == "marks":
        _ask_of_two_marks(reading)
    if reading.kind == "values":
        _ask_of_two_values(reading)


def _ask_of_same_people(reading: Reading) -> None:
    """Ask about one number on two sheets; where one has none, about one name of one unit."""
    by_number: dict[str, ReadRow] = {}
    named: dict[tuple[str, str], ReadRow] = {}
    again: dict[object, list[ReadRow]] = defaultdict(list)
    """Further rows of those who have one already."""
    for row in reading.rows:
        values = row.values
        number, name = (str(values.get(key, "")) for key in ("id_number", "name"))
        who = same_name_key(name), same_name_key(str(values.get("unit", "")))
        key: object = number
        field, other = "id_number", by_number.setdefault(number, row) if number else row
        if name and other is row:
            field, key, other = "name", who, named.setdefault(who, row)
            if number and other.values.get("id_number"):
                continue
        if other is row:
            continue
        earlier = [other, *again[key]]
        again[key].append(row)
        why = msg("和“%(sheet)s”页第 %(row)s 行是同一个人", sheet=other.sheet, row=other.row)
        if other.sheet == row.sheet:
            # On one sheet somebody may stand for each of several events, or as somebody's leader.
            alike = [it for it in earlier if it.sheet == row.sheet and _stand_alike(it, row)]
            if not alike:
                continue
            why = msg("和第 %(row)s 行是同一个人", row=alike[0].row)
        columns = [
            it for it in reading.columns
            if it.sheet == row.sheet and it.field == field and row.letters in ("", it.letters)
        ]  # fmt: skip
        place = columns[0].letters if columns else ""
        at = columns[0].head_row if columns and row.letters else row.row
        reading.ask(row.sheet, at, place, field, number if field == "id_number" else name, why, row)


def _stand_alike(row: ReadRow, other: ReadRow) -> bool:
    """True if two rows of one person are for the same thing; without numbers, of one phone."""
    keys = ["event", "team", "duty"]
    if not (row.values.get("id_number") and other.values.get("id_number")):
        keys.append("phone")
    return row.role == other.role and all(row.values.get(it) == other.values.get(it) for it in keys)


def _ask_of_same_units(reading: Reading) -> None:
    """Ask about a unit that stands in two rows."""
    seen: dict[str, ReadRow] = {}
    for row in reading.rows:
        name = str(row.values.get("name", ""))
        other = seen.setdefault(same_name_key(name), row) if name else row
        if other is not row:
            why = msg("和第 %(row)s 行是同一家单位", row=other.row)
            _ask_at(reading, row, "name", name, why)


def _ask_of_two_marks(reading: Reading) -> None:
    """Ask about somebody who has two marks of one module."""
    seen: dict[tuple[str, str], ReadRow] = {}
    for row in reading.rows:
        who, mark = _who(row), str(row.values.get("mark", ""))
        if not mark or not who.strip("|"):
            continue
        other = seen.setdefault((who, str(row.values.get("module", ""))), row)
        if other is not row:
            why = msg(
                "和第 %(row)s 行是同一个人，那里是 %(mark)s",
                row=other.row,
                mark=other.values["mark"],
            )
            _ask_at(reading, row, "mark", mark, why)


def _ask_at(reading: Reading, row: ReadRow, field: str, text: str, why: Message) -> None:
    """Ask about a field of a row, at its cell."""
    columns = [it.letters for it in reading.columns if it.sheet == row.sheet and it.field == field]
    letters = row.letters if row.letters in columns else next(iter(columns), "")
    reading.ask(row.sheet, row.row, letters, field, text, why, row)


def _ask_of_two_values(reading: Reading) -> None:
    cells: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(reading.rows):
        if "value" in row.values:
            cells[_pairs(reading, row), "", ""].append(place)
    doubts: set[int] = set()
    for places in cells.values():
        rows = [reading.rows[place] for place in places]
        periods = [str(row.values.get("period", "")) for row in rows]
        for n, place in enumerate(places):
            for m, other in enumerate(places):
                if n == m:
                    continue
                apart = periods[n] and periods[m] and periods[n] != periods[m]
                if not apart:
                    doubts |= {place, other}
    for place in sorted(doubts):
        row = reading.rows[place]
        why = msg(
            "“%(unit)s”的“%(name)s”有两个数",
            unit=row.values.get("unit", ""), name=row.values.get("indicator", ""),
        )  # fmt: skip
        letters = row.letters
        reading.asked.append(
            Question(row.sheet, row.row, letters, "value", str(row.values["value"]), why)
        )
    if doubts:
        rows = []
        for place, row in enumerate(reading.rows):
            if place in doubts:
                values = {key: it for key, it in row.values.items() if key != "value"}
                row = ReadRow(row.sheet, row.row, values, row.role, row.letters)
            rows.append(row)
        reading.rows = rows


def tidy_up(reading: Reading) -> None:
    """Tell each thing once: a title stands above two tables side by side, a head in many forms."""
    seen: set[tuple[str, int]] = set()
    left = []
    for it in reading.left_out:
        if (it.sheet, it.row) not in seen:
            seen.add((it.sheet, it.row))
            left.append(it)
    reading.left_out = left
    asked: dict[tuple[object, ...], Question] = {}
    for question in reading.asked:
        key = question.sheet, question.row, question.column, question.field, question.found
        asked.setdefault((*key, str(question.why)), question)
    reading.asked = [*asked.values()]
    columns: dict[tuple[object, ...], Column] = {}
    for column in reading.columns:
        columns.setdefault((column.sheet, column.letters, column.heading, column.head_row), column)
    reading.columns = [*columns.values()]
    notices = {(it.sheet, it.row, str(it.why)): it for it in reading.remarks}
    reading.remarks = [*notices.values()]
