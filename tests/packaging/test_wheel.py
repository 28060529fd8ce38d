"""What `pip install` of the built wheel gives is the whole program."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, Installed, clean_environment
from tests.support.databases import wait_until
from tests.support.ports import free_port

pytestmark = pytest.mark.slow

SCORE_EACH = """
import sys
from compete.cli import main
for bundle in sys.argv[1:]:
    assert main(["score", bundle]) == 0
    print(end="\\0")
"""
SAMPLES = sorted(path.parent.name for path in (ROOT / "sample_events").glob("*/results.json"))


def test_the_wheel_carries_every_file_of_the_folders_beside_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    listed = subprocess.run(
        ["git", "ls-files", "-z", "templates", "static", "migrations", "sample_events"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    wanted = {f"compete/_data/{name}" for name in listed if name}
    assert len(wanted) > 20
    assert wanted - packed == set()


def test_the_wheel_carries_what_the_build_makes_and_no_leftovers(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.namelist()
    made = {name for name in packed if name.startswith("compete/_minified/")}
    assert "compete/_minified/MAKER" in made
    assert {Path(name).suffix for name in made} == {"", ".js", ".css"}
    assert "compete/translations/en/LC_MESSAGES/messages.mo" in packed
    assert [name for name in packed if "__pycache__" in name or name.startswith("tests/")] == []


def test_the_installed_program_is_not_the_checkout(installed: Installed) -> None:
    where = "import compete; print(compete.__file__)"
    process = subprocess.run(
        [installed.python, "-c", where],
        cwd=installed.folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(process.stdout.strip()).parent == installed.package


def test_each_sample_inside_the_package_scores_to_its_committed_results(
    installed: Installed,
) -> None:
    folders = [installed.package / "_data" / "sample_events" / name for name in SAMPLES]
    bundles = [str(file) for folder in folders for file in folder.glob("bundle.*")]
    # One after another in one process: most of a start is reading the program in.
    output = subprocess.run(
        [installed.python, "-c", SCORE_EACH, *bundles],
        cwd=installed.folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    scored = dict(zip(SAMPLES, map(json.loads, output.split("\0")[:-1]), strict=True))
    assert len(SAMPLES) == len(bundles) > 3
    for name, folder in zip(SAMPLES, folders, strict=True):
        assert scored[name] == json.loads((folder / "results.json").read_text("utf-8")), name


@contextlib.contextmanager
def started(installed: Installed, folder: Path, *words: str) -> Iterator[tuple[str, list[str]]]:
    """`compete WORDS --port …` in a folder, answering; gives its address and what it says.

    At the end it is told to stop, and must do so by itself and without a complaint.
    """
    port = free_port()
    log_lines: list[str] = []
    with (folder / "said.log").open("w+", encoding="utf-8") as log:
        server = subprocess.Popen(
            [installed.command, *words, "--port", str(port)],
            cwd=folder,
            env=clean_environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until(lambda: answers(port) or server.poll() is not None, "a page", 180)
            yield f"http://127.0.0.1:{port}", log_lines
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=40)
        finally:
            server.kill()
            log.seek(0)
            log_lines += log.read().splitlines()
    assert server.returncode == 0, log_lines
    assert not [line for line in log_lines if "Traceback" in line or "ERROR" in line], log_lines


def test_it_runs_from_an_empty_folder_stops_when_told_and_keeps_its_data(
    installed: Installed, tmp_path: Path
) -> None:
    with started(installed, tmp_path, "demo") as (address, first):
        assert "竞赛台" in read(address)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["var"]
    assert len([line for line in first if f"{address}/sign-in/" in line]) == 7
    assert len([line for line in first if line.startswith("已载入样例")]) == len(SAMPLES)
    with started(installed, tmp_path, "serve", "--workers", "1") as (address, second):
        assert "竞赛台" in read(address)
    assert not [line for line in second if "已载入样例" in line or "/sign-in/" in line]
    with contextlib.closing(sqlite3.connect(tmp_path / "var" / "compete.sqlite")) as database:
        kept = database.execute("SELECT count(*) FROM competition").fetchone()
    assert kept == (len(SAMPLES),)


def read(address: str) -> str:
    """The page at this address."""
    with urllib.request.urlopen(address) as page:
        return str(page.read().decode())


def answers(port: int) -> bool:
    """Whether someone answers HTTP on this port of this machine."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
            return int(page.status) == 200
    except OSError:
        return False
