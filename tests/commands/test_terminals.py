"""Odd terminals and unnamed input: escapes instead of a traceback, YAML on standard input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = "import sys; from compete.cli import main; sys.exit(main())"
FILE = ROOT / "tests/examples/coal-sampling.bundle.json"


def run(*words: str, given: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *words],
        cwd=ROOT,
        input=given,
        capture_output=True,
        env={**os.environ, **settings},
        timeout=60,
    )


def test_a_terminal_without_chinese_gets_escapes() -> None:
    done = run("score", str(FILE), "--table", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u" in done.stdout


def test_standard_input_is_yaml_or_json() -> None:
    from compete.domain import read_bundle
    from compete.domain.bundle.writing import write_bundle

    json = FILE.read_bytes()
    yaml = write_bundle(read_bundle(json), "yaml")
    as_json, as_yaml = run("score", "-", given=json), run("score", "-", given=yaml)
    assert as_json.returncode == as_yaml.returncode == 0
    assert as_json.stdout == as_yaml.stdout
