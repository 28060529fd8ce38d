"""The `compete` command finds its subcommands, and says so when there is none."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from compete import __version__, cli
from compete.cli import COMMANDS, main, module_of

FOLDER = Path(cli.__file__).parent / "commands"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_subcommand_has_what_the_command_line_needs(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = import_module(module_of(name))
    assert callable(command.add_arguments)
    assert callable(command.run)
    assert main([name, "--help"]) == 0
    output = capsys.readouterr().out
    assert f"用法：compete {name}" in output
    assert "usage" not in output
    assert "show this" not in output


@pytest.mark.parametrize("name", COMMANDS)
def test_help_asked_for_in_english_has_no_chinese(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", name, "--help"]) == 0
    output = capsys.readouterr().out
    assert f"usage: compete {name}" in output
    assert not re.search("[\u4e00-\u9fff]", output)


def test_every_module_that_can_be_run_is_in_the_table() -> None:
    files = (path for path in FOLDER.glob("*.py") if "def run(" in path.read_text("utf-8"))
    runnable = {f"compete.commands.{path.stem}" for path in files}
    assert runnable == {module_of(name) for name in COMMANDS}


def test_an_unknown_word_brings_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scroe"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "没有这个命令：scroe" in err
    assert all(f"  {name} " in err for name in COMMANDS)


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"]])
def test_help_lists_the_subcommands(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert all(f"  {name} " in capsys.readouterr().out for name in ["score"])


def test_nothing_at_all_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "score" in capsys.readouterr().out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"compete {__version__}\n"


def test_an_unknown_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "tlh", "schema"]) == 2
    assert "tlh" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["schema", "--lang", "zh"], ["--lang=zh", "schema"]])
def test_the_language_may_stand_anywhere(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("{")


def test_whoever_stops_reading_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_arguments: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("compete.commands.schema.run", closed)
    monkeypatch.setattr("sys.stdout", None)
    assert main(["schema"]) == 0


@pytest.mark.parametrize("words", [["score", "没有.json"], ["nothing"], ["score", "--nothing"]])
def test_nobody_reads_why_and_it_still_ends_as_refused(words: list[str]) -> None:
    program = "import sys; from compete.cli import main; sys.exit(main())"
    with open("/dev/full", "w") as full:
        ended = subprocess.run([sys.executable, "-c", program, *words], stderr=full, check=False)
    assert ended.returncode == 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("没有", "没有这个文件或文件夹"),
        ("夹", "这是文件夹，不是文件"),
        ("环", "符号链接一层套一层"),
        ("文/件", "路径里有一层不是文件夹"),
    ],
)
@pytest.mark.parametrize("command", ["score", "read people", "verify-credential"])
def test_why_a_file_cannot_be_read_is_in_the_readers_language(
    command: str, name: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "夹").mkdir()
    (tmp_path / "环").symlink_to("环")
    (tmp_path / "文").touch()
    status = main([*command.split(), str(tmp_path / name)])
    assert (status, sentence in capsys.readouterr().err) == (2, True)


def test_an_interrupt_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("compete.commands.schema.run", interrupted)
    assert main(["schema"]) == 130
