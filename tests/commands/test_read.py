"""`compete read`: a sheet that somebody sent, as programs read it."""

from __future__ import annotations

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from compete.cli import main
from tests.sheets.reading.files import DATA


def test_a_reading_says_rows_columns_and_questions(capsys: pytest.CaptureFixture[str]) -> None:
    path = DATA / "错误值当值粘贴.xlsx"
    assert main(["read", "people", str(path), "--json", "--events", "焊工,电工"]) == 0
    reading = json.loads(capsys.readouterr().out)
    assert (reading["format"], reading["kind"]) == ("compete-read/1", "people")
    assert reading["sheets"] == [{"name": "Sheet", "used": True, "rows": 4}]
    assert reading["rows"][0]["role"] == "entrant"
    assert reading["asked"][0]["found"] == "#N/A"
    assert [column["column"] for column in reading["columns"]] == list("ABCDEFGH")


@pytest.mark.parametrize("json_wanted", [[], ["--json"]])
def test_where_nothing_is_understood_a_sentence_says_so(
    json_wanted: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = DATA / "只有一个认得的列名.xlsx"
    assert main(["read", "people", str(path), *json_wanted]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "没有" in err
    noise = tmp_path / "x.xlsx"
    noise.write_bytes(b"\\x00\\x01" * 300)
    assert main(["read", "scheme", str(noise), *json_wanted]) == 2


def test_a_table_for_people_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "scheme", str(DATA / "考核项目加考核内容.xlsx")]) == 0
    assert "劳保着装" in capsys.readouterr().out


def pasted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, *words: str
) -> dict[str, Any]:
    """What is read of a text on standard input."""
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode())))
    assert main(["read", *words, "-", "--json"]) == 0
    reading: dict[str, Any] = json.loads(capsys.readouterr().out)
    return reading


def test_lines_of_the_small_form_are_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "欧阳 娜娜\t五班\nJohn Smith\tTeam A\n买买提 艾力 五班\n赵敏、装卸三班\nMary Hill\n"
        "王五\t13900000005\t二班\n合计\t6人\n"
    )
    reading = pasted(monkeypatch, capsys, text, "people", "--small")
    assert [(row["row"], row["values"]) for row in reading["rows"]] == [
        (1, {"name": "欧阳 娜娜", "unit": "五班"}),
        (2, {"name": "John Smith", "unit": "Team A"}),
        (3, {"name": "买买提 艾力", "unit": "五班"}),
        (4, {"name": "赵敏", "unit": "装卸三班"}),
        (5, {"name": "Mary Hill"}),
        (6, {"name": "王五", "unit": "二班", "phone": "13900000005"}),
    ]
    assert [(it["row"], it["found"]) for it in reading["asked"]] == [(5, "Mary Hill")]
    assert [it["row"] for it in reading["left_out"]] == [7]
    assert reading["sheets"] == [{"name": "-", "used": True, "rows": 6}]


def test_lines_of_the_small_form_are_items(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "锉削 33.333\n划线\t0.5\nM8 攻丝 10\n清场（40分）\n倒扣 -5\n锉削 质量\t40\t0.5\n"
        "摆放 每次扣 2 10\n合计 93.833\n"
    )
    reading = pasted(monkeypatch, capsys, text, "scheme", "--small")
    rows = {it["row"]: it["values"] for it in reading["rows"]}
    assert [(it["name"], it.get("max")) for it in rows.values()] == [
        ("锉削", "33.333"),
        ("划线", "0.5"),
        ("M8 攻丝", "10"),
        ("清场", "40"),
        ("倒扣", None),
        ("锉削 质量", None),
        ("摆放", "10"),
    ]
    assert (rows[7]["type"], rows[7]["rule"]) == ("deduction", "每次扣 2")
    asked = [(it["row"], it["field"], it["found"]) for it in reading["asked"]]
    assert asked == [(5, "max", "-5"), (6, "max", "40"), (6, "max", "0.5")]
    assert (reading["total"], reading["said"]) == ("93.833", "93.833")


def test_values_are_read_by_the_names_that_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\t违章（次）\t培训\n二标段\t1\t5\n四标段\t0\t4\n"
    names = ("--units", "一标段,二标段", "--indicators", "违章，安全教育")
    reading = pasted(monkeypatch, capsys, text, "values", *names)
    first, *_others = reading["rows"]
    assert first["values"] == {"unit": "二标段", "indicator": "违章", "value": "1"}
    assert all("四标段" not in str(row["values"]) for row in reading["rows"])
    assert all(row["values"]["indicator"] == "违章" for row in reading["rows"])
    assert {it["found"] for it in reading["asked"]} == {"培训", "四标段"}


def test_the_small_form_is_of_people_and_items_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "values", "-", "--small"]) == 2
    assert "people、scheme" in capsys.readouterr().err


def test_a_table_of_which_all_is_asked_gives_its_questions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reading = pasted(monkeypatch, capsys, "单位\t1月\t2月\n一标段\t3\t4\n", "values")
    assert not reading["rows"]
    assert [it["found"] for it in reading["asked"]] == ["1月", "2月"]
    assert [it["row"] for it in reading["left_out"]] == [2]
