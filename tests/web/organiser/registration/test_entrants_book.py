"""The list of contestants as a workbook: those that the page shows, with all its pages."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Competition, Entrant, db
from compete.services.kernel.pinyin import name_key
from compete.services.kernel.transactions import unit_of_work
from compete.web.organiser import list_book
from tests.support.people import visitor

LIST = "/desk/X/entrants"


def rows(desk: FlaskClient, query: str = "") -> list[tuple[object, ...]]:
    answer = desk.get(f"{LIST}/list.xlsx{query}")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    head = next(place for place, row in enumerate(lines) if "姓名" in row)
    return [row for row in lines[head + 1 :] if any(row)]


def test_it_has_what_the_page_has_on_all_pages_and_no_whole_number(
    app: Flask, fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_book, "_PORTION", 2)
    desk = visitor(app, "organiser", fresh)
    everybody = db.session.query(Entrant).filter_by(competition_id=fresh.id)
    people = {entrant.code: entrant for entrant in everybody}
    assert len(people) > 2
    whole = rows(desk)
    assert [row[0] for row in whole] == sorted(people)
    numbers = {entrant.id_number for entrant in people.values() if entrant.id_number}
    assert numbers
    assert not numbers & {cell for row in whole for cell in row}
    assert all("*" in str(row[7]) for row in whole if people[str(row[0])].id_number)
    assert [row[0] for row in rows(desk, "?sort=-number")] == sorted(people, reverse=True)
    unit = next(iter(people.values())).unit
    of_unit = {row[0] for row in rows(desk, f"?unit={unit.code}")}
    assert of_unit == {code for code, entrant in people.items() if entrant.unit_id == unit.id}
    assert [row[1] for row in rows(desk, "?q=赵启明")] == ["赵启明"]
    assert rows(desk, "?q=没有的") == []
    # The dot between the parts of a name, another sign for it, none, or one too many.
    with unit_of_work():
        last = people[max(people)]
        last.name, last.name_key = "阿依·买买提", name_key("阿依·买买提")
    for typed in ("阿依·买买提", "阿依•买", "依买买"):
        assert [row[0] for row in rows(desk, f"?q={typed}")] == [last.code]
    assert [row[1] for row in rows(desk, "?q=赵·启明")] == ["赵启明"]
    with unit_of_work():
        last.name, last.name_key = "Anna 李四", name_key("Anna 李四")
    for typed in ("Anna 李四", "李四", "a 李"):
        assert [row[0] for row in rows(desk, f"?q={typed}")] == [last.code], typed
    long = "Max B. v. Württemberg-Hohenzollern O'Neil"
    with unit_of_work():
        last.name, last.name_key = long, name_key(long)
    for typed in ("hohenz", "Hohenzollern O'N", "neil", "b.", "max b"):
        assert [row[0] for row in rows(desk, f"?q={typed}")] == [last.code], typed
    assert rows(desk, "?q=zollern") == []
    assert f"{LIST}/list.xlsx?q=%E8%B5%B5" in desk.get(f"{LIST}?q=赵").text


def test_texts_are_texts_and_a_stranger_gets_none(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)
    with unit_of_work():
        db.session.query(Entrant).filter_by(code="P1").one().name = "=1+1"
    assert "=1+1" in {row[1] for row in rows(desk)}
    assert visitor(app, "stranger", fresh).get(f"{LIST}/list.xlsx").status_code == 404
