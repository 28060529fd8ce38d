"""One reading: a table gives the same people at every door that takes lists of people."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from compete.sheets.reading.cells import read_id
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.small import read_small
from compete.sheets.registration.reading import RegistrationBook, read_registration
from compete.sheets.registration.table import RawRow
from compete.sheets.texts import as_typed
from compete.sheets.workbook.limits import LARGE_LIMITS
from compete.sheets.workbook.opened import open_workbook
from tests.sheets.reading.files import book_of, id_of
from tests.sheets.reading.test_arranged_at_random import (
    _ARRANGED,
    EVENTS,
    UNITS,
    Made,
    Person,
    _as_text,
    _people,
)

_KEYS = ("name", "id_number", "phone", "unit", "event")
_MERGED = ("ticks", "boxes")
"""What a text cannot say: heads that lie over several columns."""


def _of_desk(rows: Iterable[RawRow]) -> list[list[str]]:
    people = []
    for row in rows:
        texts = {key: as_typed(row.cells.get(key) or "").strip() for key in _KEYS}
        number, _why = read_id(texts["id_number"])
        people.append([*({**texts, "id_number": str(number or "")}.values())])
    return sorted(people)


def _of_reading(rows: Iterable[Any]) -> list[list[str]]:
    return sorted([str(row.values.get(key, "")) for key in _KEYS] for row in rows)


@pytest.mark.parametrize("arranged", _ARRANGED, ids=lambda it: it.__name__.strip("_"))
def test_a_list_of_people_is_the_same_at_every_door(
    arranged: Callable[[random.Random, list[Person]], Made],
) -> None:
    draw = random.Random(f"doors {arranged.__name__}")
    for _number in range(12):
        people = _people(draw)
        rows, merged = arranged(draw, people)
        wanted = sorted([it[key] for key in _KEYS] for it in people)
        book = book_of({"报名": rows}, {"报名": merged})
        width = max(map(len, rows))
        text = _as_text([[*row, *[None] * (width - len(row))] for row in rows], "\t")
        doors = {
            "command": _of_reading(read_sheets(open_workbook(book), "people", EVENTS).rows),
            "desk": _of_desk(read_registration(book, events=EVENTS).people.rows),
            "job": _of_desk(
                RegistrationBook(book, limits=LARGE_LIMITS, events=EVENTS).table().people.rows
            ),
        }
        if arranged.__name__.strip("_") not in _MERGED:
            pasted = read_registration(text.encode(), events=EVENTS)
            doors["pasted"] = _of_desk(pasted.people.rows)
            # The small form has no events, and its people no numbers.
            small = [(row[0], *row[2:4]) for row in _of_reading(read_small(text, "people").rows)]
            assert sorted(small) == sorted((it[0], *it[2:4]) for it in wanted), rows
        for name, read in doors.items():
            assert read == wanted, (name, rows)


def test_a_sheet_beside_those_of_events_is_of_none_of_them() -> None:
    head = ["姓名", "身份证号", "手机", "单位"]
    book = book_of(
        {
            name: [head, [f"张{n}", id_of(n), f"1380000000{n}", UNITS[0]]]
            for n, name in enumerate(("焊工", "车工", "电工报名"), start=1)
        }
    )
    wanted = [["张1", "焊工"], ["张2", ""], ["张3", "电工"]]
    reading = read_sheets(open_workbook(book), "people", EVENTS)
    assert [[it[0], it[4]] for it in _of_reading(reading.rows)] == wanted
    desk = read_registration(book, events=EVENTS)
    assert [[it[0], it[4]] for it in _of_desk(desk.people.rows)] == wanted
    assert any("车工" in str(it) and "赛项" in str(it) for it in desk.notices)
