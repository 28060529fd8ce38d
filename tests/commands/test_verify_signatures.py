from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from compete.cli import main
from compete.config import Config
from compete.services.accounts import set_pin
from compete.services.judging import sign_sheet
from compete.services.kernel import unit_of_work
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


def test_the_command_names_the_sheet_that_is_not(
    installation: Path, app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(text("UPDATE act SET value = 3000000 WHERE aspect = 'smooth'"))
    assert main(["verify", "PANEL"]) == 1
    assert "PANEL E1: 裁判 J1：签名内容和评分记录不一致" in capsys.readouterr().err
