"""Files on the operator's road: carried into a store, backed up, missed, restored, moved on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from compete.cli import main
from compete.config import Config
from compete.models import db
from compete.services.kernel.file_store import PHOTOS, store_of
from compete.services.sheets.sheet_photos import keep_photo
from tests.support.panels import Panel
from tests.support.pictures import photo


def test_files_are_carried_kept_missed_and_moved(
    app: Flask,
    opened: Panel,
    files_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config: Config = app.extensions["compete.config"]
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    with app.app_context():
        sheet = opened.sheet("J1")
        facts = {"uuid": str(uuid4()), "aspect": None, "said_at": None}
        keep_photo(sheet, data=photo(), by=opened.account("J1"), **facts)  # type: ignore[arg-type]
        db.session.remove()
        db.engine.dispose()
    (name,) = [file.name for file in store_of(config).files(PHOTOS)]
    picture = (config.data_dir / name).read_bytes()
    store = store_of(replace(config, files_url=files_url))

    def says(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(list(words))
        output = capsys.readouterr()
        return status, output.out + output.err

    # An installation of before the store: nothing is lost, and what is spoilt is named.
    spoilt = config.data_dir / PHOTOS / "00" / f"{'0' * 64}.jpg"
    spoilt.parent.mkdir()
    spoilt.write_bytes(b"scribble")
    assert says("verify")[0] == 0
    monkeypatch.setenv("COMPETE_FILES_URL", files_url)
    assert "还有 2 个照片文件没有进文件库" in says("doctor")[1]
    status, output = says("verify")
    assert "数据文件夹里的 1 个文件搬进了文件库" in output
    assert f"1 个文件坏了，留在原处没有搬：{PHOTOS}00/{'0' * 64}.jpg" in output
    assert status == 0, output
    assert not (config.data_dir / name).exists()
    assert store.read(name) == picture
    spoilt.unlink()
    # A backup holds it, though the data folder does not.
    assert says("backup", str(tmp_path / "copy"))[0] == 0
    assert (tmp_path / "copy" / name).read_bytes() == picture
    # Altered or lost, it is named.
    for damage, sentence in (
        (lambda: store.write(name, picture + b"x"), "文件变了，不是当时的那一个"),
        (lambda: store.remove(name), "文件不见了"),
    ):
        damage()
        for words, wanted in ((("verify",), 1), (("audit", "PANEL"), 1), (("doctor",), 0)):
            status, output = says(*words)
            assert (status, f"{sentence}：{name}" in output) == (wanted, True), output
            assert "sheet_photo 1" in output
    # Restored, it stands in the store again and not in the folder.
    status, output = says("restore", str(tmp_path / "copy"), "--replace")
    assert status == 0, output
    assert store.read(name) == picture
    assert not list((config.data_dir / PHOTOS).rglob("*.jpg"))
    # Moved on, it stands in both.
    (tmp_path / "next").mkdir()
    following = f"file://{tmp_path / 'next'}"
    assert says("move", files_url, config.database_url)[0] == 2
    status, output = says("move", files_url, following)
    assert status == 0
    assert "搬好了：1 个文件" in output
    assert (tmp_path / "next" / name).read_bytes() == store.read(name) == picture


def test_a_store_that_is_away_is_told_by_the_doctor(
    app: Flask, s3_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config: Config = app.extensions["compete.config"]
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    monkeypatch.setenv("COMPETE_FILES_URL", s3_url)
    main(["doctor"])
    assert "文件库没有回应" not in capsys.readouterr().out
    monkeypatch.setenv("COMPETE_FILES_URL", s3_url.replace("compete-", "other-"))
    main(["doctor"])
    assert "文件库没有回应" in capsys.readouterr().out
