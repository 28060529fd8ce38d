"""`compete exam score FILE`: the results, and what is said of a file that is none."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from compete.cli import main

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
EXAM = EXAMPLES / "exam-small.exam.json"


def test_the_results_are_printed(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["exam", "score", str(EXAM)]) == 0
    out, err = capsysbinary.readouterr()
    assert err == b""
    assert json.loads(out) == json.loads((EXAMPLES / "exam-small.results.json").read_bytes())


def test_each_problem_has_a_line_that_begins_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exam = json.loads(EXAM.read_bytes())
    exam["questions"][3]["key"] = ["X"]
    exam["sittings"][0]["acts"][1]["held_at"] = "…"
    path = tmp_path / "exam.json"
    path.write_text(json.dumps(exam), "utf-8")
    assert main(["exam", "score", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    places = [line.split(":")[0] for line in err.splitlines()]
    assert sorted(places) == ["questions[3].key[0]", "sittings[0].acts[1].held_at"]


@pytest.mark.parametrize("data", [b"garbage", b"[" * 100_000, b"\xff", b""])
def test_garbage_from_standard_input_is_no_examination(
    data: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["exam", "score", "-"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), err[:3]) == ("", 1, "-: ")


def test_a_closed_stream_is_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert main(["exam", "score", str(EXAM)]) == 0
    assert main(["exam", "score", "-"]) == 2
