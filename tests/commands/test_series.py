"""`compete series FILE`: results, or what is wrong, and never both."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from compete.cli import main
from compete.domain.bundle.reader.yaml_text import yaml_text
from tests.domain.bundle.sample import EXAMPLES, changed

SMALL = EXAMPLES / "series" / "small.json"
WANTED = SMALL.with_name("small.results.json").read_bytes()


def test_the_worked_case_comes_out_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "series.yaml"
    file.write_bytes(yaml_text(json.loads(SMALL.read_bytes())))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SMALL.read_bytes())))
    for name in (str(SMALL), str(file), "-"):
        assert main(["series", name]) == 0
        assert capsysbinary.readouterr() == (WANTED, b"")


def test_a_wrong_file_is_told_line_by_line(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    plain = changed(json.loads(SMALL.read_bytes()), "reports[0].passed", 1)
    file = tmp_path / "series.json"
    file.write_text(json.dumps(changed(plain, "outside[0].document", "")), "utf-8")
    assert main(["series", str(file)]) == 2
    out, err = capsysbinary.readouterr()
    assert out == b""
    lines = err.decode().splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "reports[0].passed",
        "outside[0].document",
    ]


@pytest.mark.parametrize("data", [b"", b"\xff\x00", b"[" * 100_000, b"[]", b"{"])
def test_garbage_is_refused_in_one_line(
    data: bytes, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "series.json"
    file.write_bytes(data)
    assert main(["series", str(file)]) == 2
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert err.startswith(str(file).encode())
    assert err.count(b"\n") == 1


def test_a_file_that_is_not_there(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["series", "no-such-file.json"]) == 2
    assert capsysbinary.readouterr().out == b""
