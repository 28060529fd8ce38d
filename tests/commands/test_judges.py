"""`compete judges FILE`: the desk's analysis out of a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from compete.cli import main
from compete.domain.bundle.writing import write_bundle
from compete.services.competitions.loading import load_bundle
from compete.services.judging.panels.judge_analysis import analyse
from compete.services.kernel.event_rules import module_of, rules_of
from tests.support.contest import contest

BIAS = {"J5": -6.0}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cup.json"
    path.write_bytes(write_bundle(contest(bias=BIAS)))
    return path


def judges(file: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> dict[str, Any]:
    assert main(["judges", str(file), "--json"]) == 0
    out, err = capsysbinary.readouterr()
    assert err == b""
    report: dict[str, Any] = json.loads(out)
    return report


def test_the_strict_judge_is_named_and_nobody_else(
    file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    report = judges(file, capsysbinary)
    assert (report["format"], report["competition"]) == ("compete-judges/1", "CUP")
    module = next(module for module in report["modules"] if module["module"] == "practice")
    assert (module["event"], module["stage"], module["panels"]) == ("FORK", "final", 2)
    advice = {judge["judge"]: judge["advice"] for judge in module["judges"]}
    assert [judge for judge, pieces in advice.items() if pieces] == ["J5"]
    (piece,) = advice["J5"]
    assert piece["kind"] == "severity"
    assert float(piece["low"]) < float(piece["value"]) < float(piece["high"]) < 0
    assert {judge["sheets"] for judge in module["judges"]} == {12}


def test_a_module_of_one_judge_says_why_nothing_is_said(
    file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    modules = judges(file, capsysbinary)["modules"]
    paper = next(module for module in modules if module["module"] == "paper")
    assert paper["icc"] is None
    assert all(judge["advice"] == [] and judge["why"] for judge in paper["judges"])


def test_in_sentences_it_says_the_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judges", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  J5 沈岳 偏严，建议赛间复述标准" in lines
    assert not any("偏宽" in line for line in lines)


def test_the_desk_and_the_file_say_the_same(
    here: Flask, file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    competition = load_bundle(contest(bias=BIAS))
    event = competition.events[0]
    analysis = analyse(event, "final", module_of(rules_of(event), "final", "practice"))
    report = judges(file, capsysbinary)
    module = next(module for module in report["modules"] if module["module"] == "practice")
    desk = [(piece.judge, piece.kind) for piece in analysis.advice if piece.finding]
    assert desk == [
        (judge["judge"], piece["kind"]) for judge in module["judges"] for piece in judge["advice"]
    ]
    assert {judge["judge"]: judge["severity"] for judge in module["judges"]} == {
        code: f"{judged.severity.shrunk.value:.2f}" for code, judged in analysis.reports.items()
    }


def test_what_is_no_competition_file_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "none.json"
    path.write_text("[]", "utf-8")
    assert main(["judges", str(path), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip()


def test_a_labour_competition_has_no_judges(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    report = judges(Path("sample_events/key-projects-labour/bundle.json"), capsysbinary)
    assert report["modules"] == []
