"""`compete bank check`, `compete paper assemble` and `compete paper check`: what they say."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compete.cli import main
from tests.domain.bundle.sample import changed

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
BANK, TABLE, PAPER = (
    str(EXAMPLES / f"exam-small.{kind}.json") for kind in ("bank", "table", "paper")
)
SHA256 = "18f87606928f9013070f1d7992dc29f4ed7ff3093999aa025f50b15c791f4016"


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """Run words; the status and what was said on both outputs."""

    def answer(*words: str) -> tuple[int, str, str]:
        try:
            status = main(list(words))
        except SystemExit as leaving:
            status = int(str(leaving.code))
        output = capfdbinary.readouterr()
        return status, output.out.decode(), output.err.decode()

    return answer


@pytest.fixture
def spoilt(tmp_path: Path) -> Any:
    """A file of the example with something changed."""

    def write(file: str, path: str, value: Any) -> str:
        there = tmp_path / Path(file).name
        there.write_text(json.dumps(changed(json.loads(Path(file).read_bytes()), path, value)))
        return str(there)

    return write


def test_a_bank_is_counted_and_hashed(run: Any) -> None:
    assert run("bank", "check", BANK) == (0, f"28 道题，sha256 {SHA256}\n", "")


def test_what_is_wrong_in_a_bank_is_told_with_its_place(run: Any, spoilt: Any) -> None:
    status, out, err = run("bank", "check", spoilt(BANK, "questions[3].versions[0].key", []))
    assert (status, out) == (2, "")
    assert err.startswith("questions[3].versions[0].key: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"[" * 100_000, b'{"a":' * 100_000, b"1e999"]
)
def test_garbage_is_answered_like_any_other_wrong_file(
    run: Any, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    for words in (
        ("bank", "check", str(file)),
        ("paper", "check", str(file), BANK, TABLE),
        ("paper", "assemble", BANK, str(file), "--seed", "1"),
    ):
        status, out, err = run(*words)
        assert (status, out) == (2, "")
        assert err
        assert "Traceback" not in err


def test_the_worked_example_holds(run: Any) -> None:
    assert run("paper", "check", PAPER, BANK, TABLE) == (0, "试卷没有差错：20 题，合方案\n", "")


def test_a_difference_is_told_with_its_place(run: Any, spoilt: Any) -> None:
    status, out, err = run("paper", "check", spoilt(PAPER, "bank.sha256", "0" * 64), BANK, TABLE)
    assert (status, out) == (1, "")
    assert err.startswith("bank.sha256: 文件写着 ")


def test_every_file_that_is_wrong_is_told_by_its_kind(run: Any, spoilt: Any) -> None:
    status, out, err = run(
        "paper", "check",
        spoilt(PAPER, "seed", "7"), spoilt(BANK, "code", ""), spoilt(TABLE, "minutes", 0),
    )  # fmt: skip
    assert (status, out) == (2, "")
    assert [line.split(": ")[:2] for line in err.splitlines()] == [
        ["paper", "seed"],
        ["bank", "code"],
        ["table", "minutes"],
    ]


def test_a_line_over_a_node_that_the_bank_lacks_is_refused(run: Any, spoilt: Any) -> None:
    table = spoilt(TABLE, "lines[2].node", "C")
    for words in (("assemble", BANK, table, "--seed", "1"), ("check", PAPER, BANK, table)):
        status, out, err = run("paper", *words)
        assert (status, out) == (2, "")
        assert err.startswith("table: lines[2].node: ")


def test_a_paper_is_assembled_alike_each_time_and_holds(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "paper.json"
    status, out, err = run("paper", "assemble", BANK, TABLE, "--seed", "5")
    assert (status, err) == (0, "")
    assert run("paper", "assemble", BANK, TABLE, "--seed", "5", "-o", str(file)) == (0, "", "")
    assert file.read_text("utf-8") == out
    assert json.loads(out)["solver"].startswith("HiGHS ")
    assert run("paper", "check", str(file), BANK, TABLE)[0] == 0
    others = {
        json.dumps(json.loads(run("paper", "assemble", BANK, TABLE, "--seed", seed)[1])["forms"])
        for seed in ("0", "1", "2", str(2**53 - 1))
    }
    assert len(others) > 1


def test_a_paper_is_written_over_nothing_that_is_read(run: Any, tmp_path: Path) -> None:
    bank = tmp_path / "bank.json"
    bank.write_bytes(Path(BANK).read_bytes())
    link = tmp_path / "link.json"
    link.symlink_to(bank)
    for output in bank, link:
        words = ("paper", "assemble", str(bank), TABLE, "--seed", "5", "-o", str(output))
        status, out, err = run(*words)
        assert (status, out) == (2, "")
        assert err.startswith(f"{output}: ")
        assert bank.read_bytes() == Path(BANK).read_bytes()


def test_a_paper_goes_to_what_was_named_and_nowhere_else(run: Any, tmp_path: Path) -> None:
    words = ("paper", "assemble", BANK, TABLE, "--seed", "5", "-o")
    paper = run(*words, "-")[1]
    there, link = tmp_path / "there.json", tmp_path / "link.json"
    there.write_text("x")
    there.chmod(0o640)
    link.symlink_to(there)
    assert run(*words, str(link)) == (0, "", "")
    assert link.is_symlink()
    assert (there.read_text("utf-8"), there.stat().st_mode & 0o777) == (paper, 0o640)
    assert run(*words, os.devnull) == (0, "", "")
    assert not Path(os.devnull).is_file()
    for nowhere in str(tmp_path), str(tmp_path / "gone" / "paper.json"):
        status, out, err = run(*words, nowhere)
        assert (status, out) == (2, "")
        assert err.startswith(f"{nowhere}: ")
    assert {path.name for path in tmp_path.iterdir()} == {"there.json", "link.json"}


def test_where_no_room_is_left_nothing_is(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    file = tmp_path / "paper.json"
    assert run("paper", "assemble", BANK, TABLE, "--seed", "5", "-o", str(file))[0] == 2
    assert not list(tmp_path.iterdir())


def test_standard_input_is_one_file(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("assemble", "-", "-", "--seed", "1"), ("check", PAPER, "-", "-")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(BANK).read_bytes())))
        status, out, err = run("paper", *words)
        assert (status, out) == (2, "")
        assert err.startswith("table: -: ")
        assert "标准输入" in err


def test_a_file_that_is_not_there_is_told_by_its_kind(run: Any) -> None:
    status, out, err = run("paper", "check", PAPER, "nowhere.json", "nothing.json")
    assert (status, out) == (2, "")
    heads = [line.split(": ")[:2] for line in err.splitlines()]
    assert heads == [["bank", "nowhere.json"], ["table", "nothing.json"]]


def test_what_is_missing_is_said_in_words(run: Any, spoilt: Any, tmp_path: Path) -> None:
    tree = json.loads(Path(TABLE).read_bytes())
    tree["lines"][2]["count"], tree["total"] = 5, "32"
    tree["importance"]["Y"] = {"at_least": 20}
    table = tmp_path / "table.json"
    table.write_text(json.dumps(tree))
    file = tmp_path / "paper.json"
    status, out, err = run("paper", "assemble", BANK, str(table), "--seed", "1", "-o", str(file))
    assert (status, out) == (1, "")
    assert any(line.startswith("A 卷 第 3 行 多选 少 ") for line in err.splitlines())
    assert any(line.startswith("B 卷 Y 类（一般）少 ") for line in err.splitlines())
    status, out, err = run("paper", "check", str(file), BANK, str(table))
    assert (status, err) == (0, "")
    far = spoilt(TABLE, "difficulty.target", 1)
    status, out, err = run("paper", "assemble", BANK, far, "--seed", "1")
    assert (status, err) == (1, "题目够，难度做不到方案要的\n")
    assert json.loads(out)["short"]["missing"] == 0


@pytest.mark.parametrize("seed", ["-1", "1.5", str(2**53), "x", ""])
def test_a_seed_is_a_whole_number(run: Any, seed: str) -> None:
    status, out, err = run("paper", "assemble", BANK, TABLE, f"--seed={seed}")
    assert (status, out) == (2, "")
    assert "Traceback" not in err


def test_a_file_that_cannot_be_written_or_read_is_told(run: Any, tmp_path: Path) -> None:
    file = str(tmp_path / "none" / "paper.json")
    status, out, err = run("paper", "assemble", BANK, TABLE, "--seed", "1", "-o", file)
    assert (status, out) == (2, "")
    assert err.startswith(f"{file}: ")
    status, out, err = run("paper", "check", file, BANK, TABLE)
    assert (status, out) == (2, "")


def test_a_paper_that_is_met_is_checked_without_a_solver() -> None:
    code = (
        "import sys; from compete.cli import main;"
        f"status = main(['paper', 'check', {PAPER!r}, {BANK!r}, {TABLE!r}]);"
        "sys.exit(status or 'scipy' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
