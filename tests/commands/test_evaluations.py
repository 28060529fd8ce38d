"""Evaluations on the command line: scored, told in public, explained, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compete.cli import main
from tests.domain.bundle.sample import changed
from tests.support.evaluation import Plain, evaluation

CASES = Path(__file__).parents[1] / "examples"
CASE = str(CASES / "evaluation-small.bundle.json")
COAL = str(CASES / "coal-sampling.bundle.json")
LABOUR = str(CASES / "key-projects-labour.bundle.json")


def written(folder: Path, plain: Plain) -> str:
    path = folder / "evaluation.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    return str(path)


def test_the_worked_case_is_scored_to_the_byte(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["score", CASE]) == 0
    output = capsysbinary.readouterr()
    assert output.out == (CASES / "evaluation-small.results.json").read_bytes()
    assert output.err == b""


def test_a_table_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--table", CASE]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert next(row for row in rows if row[:1] == ["E04"])[:9] == [
        "E04",
        "李四",
        "二站",
        "1",
        "72.50",
        "65.00",
        "66.50",
        "62.33",
        "65.60",
    ]
    late = next(row for row in rows if row[:1] == ["E02"])
    assert late[-3:] == ["合格", "2026-06-01", "-"]
    assert ["9", "4", "2", "1", "1", "1"] in rows


def test_who_passed_is_told_in_public(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--public", CASE]) == 0
    passes = json.loads(capsys.readouterr().out)
    assert passes["format"] == "compete-passed/1"
    assert passes["events"][0]["passed"][0] == {"entrant": "E01", "name": "赵*民"}
    assert main(["score", CASE, "--public", "--marks"]) == 0
    passes = json.loads(capsys.readouterr().out)
    assert passes["events"][1]["passed"][0]["marks"]["practical"] == "84.40"


@pytest.mark.parametrize(
    "words",
    [
        ["--public", COAL],
        ["--public", "--marks", COAL],
        ["--marks", COAL],
        ["--public", LABOUR],
        ["--marks", CASE],
        ["--public", "--table", CASE],
    ],
)
def test_where_nothing_is_told_in_public_it_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(["score", *words])
    except SystemExit as ended:
        status = ended.code  # type: ignore[assignment]
    output = capsys.readouterr()
    assert (status, output.out) == (2, "")
    assert output.err


def test_firmness_is_no_matter_of_evaluations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["robust", CASE]) == 2
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "等级认定不排名次，人人照合格线判，不作这项检查\n")


def test_what_is_short_is_told_with_its_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = changed(evaluation(), "entrants[0].grade_since", "2023-06-01")
    plain = changed(plain, "events[0].apply[0].when.years_in_grade", 4)
    plain = changed(plain, "entrants[0].papers", [])
    assert main(["explain", written(tmp_path, plain), "P1"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    for line in (
        "申报条件：到 2026-05-10 还不符合，最早 2027-06-01 符合",
        "from-5（五级满 3 年）：2027-06-01 符合",
        "✗ 五级证书 2023-06-01，满 4 年是 2027-06-01",
        "✓ 现有等级至少初级工；实际 初级工",
        "paper：不符合",
        "✗ 要有 中专：没有",
        "✓ 1990-05-10 出生，满 18 周岁是 2008-05-10",
        "theory：免考，成绩 72.50 是带来的",
        "没有认定：考核合格，申报条件不符合",
    ):
        assert line in lines
    assert not any("总分" in line or "名次" in line for line in lines)


def test_the_line_that_holds_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", CASE, "E08"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "申报条件：符合 title（初级职称满 1 年，从业满 10 年）" in lines
    assert "✓ 到 2026-03-10 从业 118 个月，满 10 年是 2026-05-10" in lines
    assert lines[-1] == "认定为技师（考核认定，职业标准（算例）4.2）"


@pytest.mark.parametrize(
    ("code", "explanation"),
    [
        ("E03", "review的成绩"),
        ("E05", "2026-05-18 作废：原成绩更正为 58 分"),
        ("E06", "没有认定：缺考"),
        ("E07", "照样算分，但不算合格"),
        ("R03", "考核（第 2 次）：合格"),
    ],
)
def test_everybody_of_the_worked_case_is_explained(
    code: str, explanation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", CASE, code]) == 0
    assert explanation.replace("review", "综合评审") in capsys.readouterr().out
    assert main(["explain", CASE, "nobody"]) == 2


def test_who_had_the_grade_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = changed(evaluation(), "entrants[1]", {
        **evaluation()["entrants"][0], "code": "P2", "event": "B",
        "resit": evaluation()["entrants"][1]["resit"],
    })  # fmt: skip
    plain["marks"][-1:] = [{**mark, "entrant": "P2"} for mark in plain["marks"][:-1]]
    assert main(["explain", written(tmp_path, plain), "P2"]) == 0
    assert capsys.readouterr().out.endswith("没有再认定：P1 已经认定过\n")


def test_a_database_takes_it_in_and_gives_it_back(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    assert main(["db", "upgrade"]) == 0
    assert main(["load", CASE]) == 0
    out, public = tmp_path / "out.json", tmp_path / "public.json"
    code = json.loads(Path(CASE).read_bytes())["competition"]["code"]
    assert main(["export", code, "-o", str(out)]) == 0
    assert main(["export", code, "--public", "-o", str(public)]) == 0
    assert json.loads(public.read_bytes())["format"] == "compete-passed/1"
    capsys.readouterr()
    assert main(["score", str(out)]) == 0
    again = capsys.readouterr().out
    assert main(["score", CASE]) == 0
    assert capsys.readouterr().out == again
