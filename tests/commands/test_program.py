from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from compete.cli import main
from compete.commands import account
from compete.commands.https import trust_first
from compete.commands.program import called_as


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program of that name in a folder of its own."""
    path = tmp_path / "bin" / "compete"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_program_off_the_path_is_named_as_it_was_called(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.chdir(program.parent.parent)
    monkeypatch.setattr(sys, "argv", ["bin/compete", "demo"])
    assert called_as() == "bin/compete"
    assert "先运行 bin/compete cert --serve" in str(trust_first())


def test_a_program_on_the_path_needs_no_folder(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(sys, "argv", [str(program), "demo"])
    assert called_as() == "compete"


def test_a_folder_with_a_blank_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "our hall" / "compete"
    path.parent.mkdir()
    path.touch()
    monkeypatch.setattr(sys, "argv", [str(path)])
    assert called_as() == f"'{path}'"


def test_anything_else_that_runs_the_code_leaves_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/gunicorn"])
    assert called_as() == "compete"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("INSERT", {}, Exception("database or disk is full")),
    ],
)
def test_a_full_disk_is_said_in_words_at_any_command(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_arguments: object) -> int:
        raise error

    monkeypatch.setattr(account, "run", fail)
    assert main(["account", "list"]) == 1
    assert capsys.readouterr().err == "磁盘满了，没有写入。腾出空间再试\n"
