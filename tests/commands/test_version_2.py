"""Files of version 2 on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compete.cli import main
from tests.domain.scoring.build import bundle, event, module, people, stage, totals

PLAYOFF = {"event": "E", "stage": "S", "order": ["P2", "P1"], "kind": "lot", "reason": "抽签"}


def file_of(tmp_path: Path, **keys: Any) -> str:
    plain = bundle(event(stage(module())), people(3), totals(P1=90, P2=90, P3=80), **keys)
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(plain | {"format": "compete-bundle/2"}), encoding="utf-8")
    return str(file)


def test_a_playoff_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", file_of(tmp_path, playoffs=[PLAYOFF])]) == 0
    rows = json.loads(capsys.readouterr().out)["events"][0]["standings"]
    assert [row["entrant"] for row in rows] == ["P2", "P1", "P3"]


@pytest.mark.parametrize("words", [["score"], ["score", "--table"], ["explain"], ["robust"]])
def test_one_that_does_not_fit_is_a_problem_of_the_file(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(tmp_path, playoffs=[{**PLAYOFF, "order": ["P2", "P3"]}])
    who = ["P1"] if words == ["explain"] else []
    assert main([*words, file, *who]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("playoffs[0].order: ")
    assert len(output.err.splitlines()) == 1
