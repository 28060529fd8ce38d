"""`compete read`: a sheet that somebody sent, as programs read it."""

from __future__ import annotations

import json
from pathlib import Path

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
