"""A mirror over a day with two versions, and over the day on which history is rewritten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, text
from sqlalchemy.engine import make_url

from compete.cli import main
from compete.config import Config
from compete.domain.log.notes import VerifierKey
from compete.models import Account, Competition, LogCheckpoint, LogLeaf, LogTile, db
from compete.services.kernel.transactions import unit_of_work
from compete.services.log.sequencing import catch_up
from tests.support.announced import announce, announce_again


def forget_the_log() -> None:
    """Whoever has the database takes the log away, to be made anew."""
    with unit_of_work() as session:
        for table in (LogLeaf, LogTile, LogCheckpoint):
            session.execute(delete(table))


@pytest.mark.usefixtures("here")
def test_a_mirror_follows_two_versions_and_tells_of_the_day_history_is_rewritten(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    tmp_path: Path,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    folder = tmp_path / "mirror"
    mirror = ["mirror", f"{live_url}/log", str(folder)]

    def output_of(status: int, *words: str) -> str:
        assert main(list(words)) == status, capsys.readouterr()
        output = capsys.readouterr()
        return output.out + output.err

    assert "还没有公布过，没有可以重算的" in output_of(0, "audit", judged.code)
    assert "还是空的" in output_of(0, *mirror)
    # A key that signed nothing yet is not held on to: the log may still get another name.
    assert not (folder / "key").exists()
    announce(judged, organiser)
    assert "又多了 1 条，共 1 条" in output_of(0, *mirror)
    key = (folder / "key").read_text()
    other = VerifierKey.parse(key)
    other = replace(other, name=f"other.{other.name}")
    elsewhere = tmp_path / "elsewhere"
    output = output_of(1, *mirror[:2], str(elsewhere), "--key", str(other))
    assert "不证明历史改过" in output
    assert "这就是证据" not in output
    assert len(list((elsewhere / "contradictions").iterdir())) == 1
    assert "没有新的" in output_of(0, *mirror)
    announce_again(judged, organiser, "更正")
    assert "又多了 1 条，共 2 条" in output_of(0, *mirror)
    assert (folder / "consistency" / "1-2").read_text().strip()
    assert len((folder / "lines.jsonl").read_bytes().splitlines()) == 2

    first = str(folder / "checkpoints" / "1")
    sound = output_of(0, "audit", judged.code, "--checkpoint", first)
    assert "是别处那一张（1 条）往后加出来的" in sound
    assert "2 版都一分不差" in sound
    assert "都对得上" in sound
    assert "没有和别处" in output_of(0, "audit", judged.code)
    assert "没有编号" in output_of(2, "audit", "NONE")

    # The same log made anew from the same records is the same log.
    forget_the_log()
    catch_up()
    assert "没有新的" in output_of(0, *mirror)
    # Another history, whole in itself and signed with the installation's own key.
    forget_the_log()
    with unit_of_work() as session:
        session.execute(
            text(
                "UPDATE audit_entry SET after = json_set(after, '$.sha256', :other)"
                " WHERE action = 'results.publish' AND json_extract(after, '$.version') = 1"
            ),
            {"other": "ab" * 32},
        )
    catch_up()
    assert "历史改过：现在的前 2 条" in output_of(1, *mirror)
    assert len(list((folder / "contradictions").iterdir())) == 1
    assert "历史改过" in output_of(1, "audit", judged.code, "--checkpoint", first)
    (folder / "lines.jsonl").write_bytes(b"{}\n{}\n")
    assert "坏了" in output_of(2, *mirror)
    assert "没有回答" in output_of(2, "mirror", "http://127.0.0.1:9/log", str(tmp_path / "other"))


@pytest.mark.usefixtures("here")
def test_a_mirror_tells_of_a_log_that_became_shorter(
    judged: Competition,
    organiser: Account,
    live_url: str,
    tmp_path: Path,
    config: Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Somebody puts the database of yesterday back, and with it the log of yesterday."""
    url = make_url(config.database_url)
    if url.get_backend_name() != "sqlite":
        pytest.skip("the file is put back as a file")
    # The address of the site alone will do.
    mirror = ["mirror", live_url, str(tmp_path / "mirror")]

    def output_of(status: int) -> str:
        assert main(mirror) == status, capsys.readouterr()
        output = capsys.readouterr()
        return output.out + output.err

    announce(judged, organiser)
    assert "共 1 条" in output_of(0)
    with (
        closing(sqlite3.connect(str(url.database))) as now,
        closing(sqlite3.connect(tmp_path / "yesterday.db")) as yesterday,
    ):
        now.backup(yesterday)
        announce_again(judged, organiser, "更正")
        assert "共 2 条" in output_of(0)
        db.session.remove()
        yesterday.backup(now)
    output = output_of(1)
    assert "总账变短了，上次 2 条，这次 1 条" in output
    assert "这就是证据" in output
    (against,) = (tmp_path / "mirror" / "contradictions").iterdir()
    assert against.read_bytes() == (tmp_path / "mirror" / "checkpoints" / "1").read_bytes()
    assert "总账变短了" in output_of(1), "and goes on saying it"
    # An empty one is no excuse either.
    forget_the_log()
    with unit_of_work() as session:
        session.execute(text("DELETE FROM audit_entry WHERE action = 'results.publish'"))
    assert "历史改过" in output_of(1)
