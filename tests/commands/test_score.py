"""`compete score FILE`: results, or what is wrong, and never both."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.cli import main
from tests.domain.bundle.sample import BUNDLES, EXAMPLES, changed, labour, skills
from tests.domain.bundle.spoiling import broken, originals, spoiled

ROOT = Path(__file__).resolve().parents[2]


def without_reasons(results: object) -> object:
    """The worked cases leave the reasons of grades out."""
    if isinstance(results, dict):
        return {key: without_reasons(result) for key, result in results.items() if key != "reasons"}
    return [without_reasons(result) for result in results] if isinstance(results, list) else results


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_a_worked_case_comes_out_to_the_digit(
    path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["score", str(path)]) == 0
    out, err = capsysbinary.readouterr()
    wanted = json.loads((EXAMPLES / path.name.replace(".bundle.", ".results.")).read_bytes())
    assert without_reasons(json.loads(out)) == without_reasons(wanted)
    assert err == b""


def test_yaml_goes_by_the_suffix(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["score", str(BUNDLES[0])]) == 0
    wanted = capsysbinary.readouterr().out
    for name in ("bundle.yaml", "bundle.YML"):
        file = tmp_path / name
        file.write_text("# YAML\n" + BUNDLES[0].read_text("utf-8"), "utf-8")
        assert main(["score", str(file)]) == 0
        assert capsysbinary.readouterr().out == wanted


def test_each_problem_is_a_line_with_its_path(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "wrong.json"
    plain = changed(skills(), "events[0].stages[1].modules[0].full", 90)
    plain = changed(plain, "units[0].name", None)
    plain["col\nour"] = "red"
    file.write_text(json.dumps(plain), "utf-8")
    assert main(["score", str(file)]) == 2
    out, err = capsysbinary.readouterr()
    assert out == b""
    paths = [line.split(": ")[0] for line in err.decode().splitlines()]
    assert paths == ["units[0].name", "col\\nour", "events[0].stages[1].modules[0].full"]


def test_a_problem_of_the_whole_file_bears_its_name(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "empty.json"
    file.write_bytes(b"")
    missing, folder = tmp_path / "missing.json", tmp_path
    for path, words in ((file, "文件是空的"), (missing, "读不了"), (folder, "读不了")):
        assert main(["score", str(path)]) == 2
        out, err = capsysbinary.readouterr()
        assert out == b""
        assert err.decode().startswith(f"{path}: ")
        assert words in err.decode()
        assert err.count(b"\n") == 1
    assert main(["score", "a\0b"]) == 2
    assert "读不了" in capsysbinary.readouterr().err.decode()


def test_an_oddity_is_said_but_does_no_harm(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "odd.json"
    plain = changed(skills(), "events[0].stages[1].modules[0].weight", 50)
    file.write_text(json.dumps(plain), "utf-8")
    assert main(["score", str(file)]) == 0
    out, err = capsysbinary.readouterr()
    assert json.loads(out)["competition"] == "C"
    assert err.decode().startswith("events[0].stages[1]: 注意: ")


def test_a_hyphen_is_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(labour()).encode())))
    assert main(["score", "-"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["labour"]["final"] == "year"


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_a_table_is_for_people(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--table", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    results = json.loads((EXAMPLES / path.name.replace(".bundle.", ".results.")).read_bytes())
    if "verdicts" in next(iter(results["events"]), {}):
        pytest.skip("nobody is ranked; the tables of evaluations have a test of their own")
    if results["events"]:
        first = results["events"][0]["standings"][0]
        code, total = first["entrant"], first["total"]
    else:
        first = results["labour"]["periods"][0]["standings"][0]
        code, total = first["unit"], first["total"]
    rows = [line.split() for line in lines]
    (cells, *_more) = [row for row in rows if row[:2] == ["1", code] and total in row]
    assert first.get("stage") not in cells


def test_tables_of_everything_an_event_may_ask_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = json.loads(BUNDLES[0].read_bytes())
    event = plain["events"][0]
    event["items"] = [{"code": "assay", "name": "化验单项", "of": "assay"}]
    event["unit_ranking"] = {"medals": True}
    event["grades"][0]["grant"]["titles"] = ["技术\n能手"]
    event["awards"].append({"code": "best", "name": "单项第一", "top": 1, "scope": "items"})
    file = tmp_path / "all.json"
    file.write_text(json.dumps(plain), "utf-8")
    assert main(["score", "--table", str(file)]) == 0
    out = capsys.readouterr().out
    for words in ("单项：化验单项", "第一、二、三名", "单项第一", "技术 能手", "晋升", "取消成绩"):
        assert words in out


@pytest.mark.parametrize("words", [["score"], ["score", "a", "b"], ["score", "--tabel", "a"]])
def test_words_that_make_no_sense_get_the_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "用法：compete score" in err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@given(rng=st.randoms(use_true_random=False), suffix=st.sampled_from(["json", "yaml"]))
@settings(max_examples=120)
def test_fuzzing_gets_results_or_problems(folder: Path, rng: Random, suffix: str) -> None:
    data = json.dumps(spoiled(rng, rng.choice(originals()), rng.randint(0, 2))).encode()
    data = broken(rng, data) if rng.random() < 0.4 else data
    file = folder / f"fuzz.{suffix}"
    file.write_bytes(data)
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", err)
        status = main(["score", str(file)])
    out.flush()
    written = out.buffer.getvalue()  # type: ignore[attr-defined]
    assert "Traceback" not in err.getvalue()
    if status == 0:
        assert json.loads(written)["format"] == "compete-results/1"
    else:
        assert status == 2
        assert written == b""
        assert all(": " in line for line in err.getvalue().splitlines())
        assert err.getvalue()


def test_a_run_loads_what_it_needs_and_no_more() -> None:
    """Each of these takes longer to load than all of the scoring."""
    code = (
        "import sys; from compete.cli import main; main(sys.argv[1:]);"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "score", str(BUNDLES[0])],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "COMPETE_LANG": "zh"},
        check=True,
    )
    loaded = set(run.stderr.split())
    heavy = {"flask", "sqlalchemy", "yaml", "argparse", "dataclasses", "typing_extensions"}
    heavy |= {"numpy", "inspect", "asyncio", "ssl", "compete.models", "compete.services"}
    assert "compete.domain.scoring.scorer" in loaded
    assert loaded & heavy == set()
