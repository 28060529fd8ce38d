from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from compete.cli import main
from compete.config import Config
from compete.services.accounts.pins import set_pin
from compete.services.judging.signing import sign_sheet
from compete.services.kernel.transactions import unit_of_work
from tests.support.panels import PIN, SIGNATURE, Panel


@pytest.fixture
def installation(
    app: Flask, opened: Panel, config: Config, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An installation in which J1 has signed a sheet; commands find it."""
    with app.app_context():
        opened.fill_panel("2", "2", "2")
        set_pin(opened.account("J1"), PIN, PIN)
        sign_sheet(opened.sheet("J1"), pin=PIN, drawing=SIGNATURE, by=opened.account("J1"))
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    return config.data_dir


def test_the_command_proves_that_sheets_are_as_signed(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "PANEL"]) == 0
    assert "1 个签名都和评分记录一致" in capsys.readouterr().out


def test_the_command_names_table_row_and_column(
    installation: Path, app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(text("UPDATE unit SET name = '别的单位' WHERE id = 1"))
        session.execute(text("UPDATE account SET is_admin = 1 WHERE id = 2"))
    assert main(["verify"]) == 1
    errors = capsys.readouterr().err
    assert "PANEL unit 1 name: 写入后被改过" in errors
    assert "- account 2 is_admin: 写入后被改过" in errors


def test_words_written_down_elsewhere_are_looked_for(
    installation: Path, app: Flask, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["verify", "PANEL"]) == 0
    words = re.findall(r"末条核对词 (\S+ \S+ \S+ \S+)", capsys.readouterr().out)[0]
    note = tmp_path / "抄下来.txt"
    note.write_text(f"2026年9月 {words}\n", encoding="utf-8")
    assert main(["verify", "PANEL", "--against", str(note)]) == 0
    assert f"和写在别处的“{words}”一致" in capsys.readouterr().out
    with app.app_context(), unit_of_work() as session:
        last = "(SELECT max(seq) FROM audit_entry WHERE competition_id = 1)"
        session.execute(text(f"DELETE FROM audit_entry WHERE competition_id = 1 AND seq = {last}"))
    assert main(["verify", "PANEL", "--against", words]) == 1
    assert f"记录里没有写在别处的“{words}”" in capsys.readouterr().err
    assert main(["verify", "PANEL", "--against", "没有词"]) == 2
    assert "没有核对词" in capsys.readouterr().err


def test_the_command_names_the_sheet_that_is_not(
    installation: Path, app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(text("UPDATE act SET value = 3000000 WHERE aspect = 'smooth'"))
    assert main(["verify", "PANEL"]) == 1
    assert "PANEL E1: 裁判 J1：签名内容和评分记录不一致" in capsys.readouterr().err
