"""`compete explain` and `compete robust` on the worked cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compete.cli import main
from tests.domain.scoring.build import bundle, event, mark, module, people, stage

CASES = Path(__file__).parents[1] / "examples"
COAL = str(CASES / "coal-sampling.bundle.json")
LABOUR = str(CASES / "key-projects-labour.bundle.json")


def test_an_entrant_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", COAL, "A02"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("A02 ")
    assert "    在 A01 之后：总分相同，同分要比的第 1 项 技能操作：92.25 > 80.26" in lines


def test_a_unit_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", LABOUR, "S1"]) == 0
    assert "  三季度：第 2 名，总分 95.20" in capsys.readouterr().out.splitlines()


def test_a_code_that_nobody_bears_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", COAL, "A99"]) == 2
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "没有编号是 A99 的选手或单位\n")


def test_firmness_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["robust", COAL]) == 0
    out = capsys.readouterr().out
    assert "看了全部 90 个分数" in out
    assert "没查完" not in out
    assert "不计裁判 J5：名次不变" in out
    assert "决赛：A05 与 A06 并列" in out
    assert "    A01：第 1 名、一等奖 → 第 2 名、二等奖\n" in out
    assert "    A05：二级/技师 → 三级/高级工\n" in out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("    P2（提速）：无 → 最佳\n", "初赛的操作、决赛的理论 只有这一位裁判\n")),
        ("en", ("    P2 (提速): none → 最佳\n", "操作 in 初赛, 理论 in 决赛 has no other judge\n")),
    ],
)
def test_firmness_is_told_by_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, words: tuple[str, ...]
) -> None:
    """Items, stages and modules by their names, and "nothing" in the reader's language."""
    plain = event(
        stage(module("m") | {"name": "操作"}, code="q") | {"name": "初赛"},
        stage(module("n") | {"name": "理论"}, code="f") | {"name": "决赛"},
        items=[{"code": "i", "name": "提速", "of": "n"}],
        awards=[{"code": "best", "name": "最佳", "top": 1, "scope": "items"}],
    )
    marks = [mark(who, "50", stage_code="q", module_code="m") for who in ("P1", "P2")]
    marks += [mark("P1", "80", stage_code="f", module_code="n")]
    marks += [mark("P2", "79", stage_code="f", module_code="n")]
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle(plain, people(2), marks)), encoding="utf-8")
    assert main(["--lang", language, "robust", str(file)]) == 0
    out = capsys.readouterr().out
    for sentence in words:
        assert sentence in out
    assert "q：" not in out


@pytest.mark.parametrize(("language", "words"), [("zh", "没查完"), ("en", "Not finished")])
@pytest.mark.parametrize("trials", ["0", "30"])
def test_a_search_that_stopped_early_says_so(
    capsys: pytest.CaptureFixture[str], language: str, words: str, trials: str
) -> None:
    assert main(["--lang", language, "robust", COAL, "--trials", trials]) == 0
    out = capsys.readouterr().out
    assert out.count(words) == 3
    assert "只改一个分数" not in out
    assert "cannot change" not in out


@pytest.mark.parametrize("words", [[LABOUR], [COAL, "--event", "NONE"], ["nowhere.json"]])
def test_firmness_of_what_is_not_there_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["robust", *words]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err
