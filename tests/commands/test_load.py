"""`compete load` keeps no more in memory than it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from compete.cli import main
from compete.domain.bundle.types import Bundle
from compete.services.competitions import loading
from compete.services.competitions.loading import load_bundle
from tests.support.competitions import small_file

ROOT = Path(__file__).resolve().parents[2]


def test_what_draws_and_writes_workbooks_is_loaded_where_it_is_used(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application is there with every page; these are 30 MB that loading never needs."""
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    assert main(["db", "upgrade"]) == 0
    code = "import sys; from compete.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code, "load", str(small_file(tmp_path))],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert "compete.web.organiser.registration.views" in loaded
    heavy = {"numpy", "typst", "PIL", "fontTools", "openpyxl", "qrcode", "krippendorff"}
    assert loaded & heavy == set()


def test_the_file_is_loaded_with_one_object_for_each_code(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    assert main(["db", "upgrade"]) == 0
    put = load_bundle
    seen: list[Bundle] = []

    def watched(bundle: Bundle, **keys: object) -> object:
        seen.append(bundle)
        return put(bundle, **keys)  # type: ignore[arg-type]

    monkeypatch.setattr("compete.services.competitions.loading.load_bundle", watched)
    assert main(["load", str(small_file(tmp_path))]) == 0
    judges = [mark.judge for mark in seen[0].marks]
    assert len({id(judge) for judge in judges}) == len(set(judges)) < len(judges)


def test_a_kill_is_told_and_the_same_command_goes_on(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMPETE_DATABASE_URL", database_url)
    monkeypatch.setattr(loading, "_FEW_PEOPLE", 0)
    assert main(["db", "upgrade"]) == 0
    file = str(small_file(tmp_path))

    def dies(_loading: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loading, "load_entries", dies)
        assert main(["load", file]) != 0
    capfd.readouterr()
    assert main(["doctor"]) == 0
    assert "没有载完" in capfd.readouterr().out
    assert main(["verify"]) == 0
    assert "没有载完" in capfd.readouterr().out
    assert main(["load", file]) == 0
    assert "接着载" in capfd.readouterr().err
    assert main(["doctor"]) == 0
    assert "没有载完" not in capfd.readouterr().out
    assert main(["load", file]) == 1
