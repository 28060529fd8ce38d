"""A database that was set back by any means is noticed by what devices were told of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from compete.cli import main
from compete.config import Config
from compete.models import Act, AuditEntry, Generation, db
from compete.services.backups import generations
from compete.services.kernel.installation import installation_here
from compete.services.sheets.values import standing_values
from compete.web.api import acts_call
from tests.support.panels import Panel, client_of

Plain = dict[str, Any]
SetBack = tuple[Callable[[], None], Callable[[], None]]


class Device:
    """A judge's tablet: what it was told last, and every act that it keeps."""

    def __init__(self, app: Flask, panel: Panel, judge: str) -> None:
        self.client: FlaskClient = client_of(app, panel, judge)
        with app.app_context():
            self.sheet = panel.sheet(judge).public_id
        self.reached: str | None = None
        self.kept: list[Plain] = []

    def mark(self, value: str) -> Plain:
        """Make an act, and send it."""
        fields = {"kind": "mark", "aspect": "work", "value": value}
        act = {"uuid": str(uuid.uuid4()), "sheet": self.sheet, **fields}
        self.kept.append(act)
        return self.send([act])

    def send(self, acts: list[Plain], reached: str | None = None) -> Plain:
        """Send acts with what the server said of itself last."""
        return self.heard(self.client.post("/api/acts", json={"acts": acts}, **self.head(reached)))

    def look(self) -> Plain:
        """Ask for the sheets, as a tablet does that has nothing to send."""
        return self.heard(self.client.get("/api/home", **self.head(None)))

    def head(self, reached: str | None) -> Plain:
        reached = reached or self.reached
        return {"headers": {"X-Reached": reached} if reached else {}}

    def heard(self, reply: Any) -> Plain:
        assert reply.status_code == 200, reply.text
        answer: Plain = json.loads(reply.text)
        self.reached = answer["reached"]
        return answer


def release() -> None:
    """Let the database go, as its server does that is started again on another copy."""
    db.session.remove()
    db.engine.dispose()
    installation_here().memory.pop("compete.generation", None)


@pytest.fixture
def copies(app: Flask, config: Config, tmp_path: Path) -> SetBack:
    """How a copy of the database is made, and put in its place past the program."""
    url = make_url(config.database_url)
    copy = tmp_path / "copy"
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")

        def keep() -> None:
            with app.app_context():
                db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
                release()
            shutil.copyfile(file, copy)

        def put_back() -> None:
            with app.app_context():
                release()
            for part in ("-wal", "-shm"):
                file.with_name(file.name + part).unlink(missing_ok=True)
            shutil.copyfile(copy, file)

        return keep, put_back
    if shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump on this machine")
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def dump() -> None:
        subprocess.run(["pg_dump", "-Fc", "-f", copy, address], check=True)

    def load() -> None:
        with app.app_context():
            release()
        load_words = ["pg_restore", "--clean", "--if-exists", "--no-owner", "-d", address, copy]
        subprocess.run(load_words, check=True)

    return dump, load


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Generation.name).order_by(Generation.id)))


def uuids(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(Act.uuid)))


@pytest.mark.each_database
def test_marks_that_a_database_lost_come_back_by_a_single_call(
    app: Flask, opened: Panel, copies: SetBack
) -> None:
    keep, put_back = copies
    first, second = Device(app, opened, "J1"), Device(app, opened, "J2")
    before = first.mark("17")["generation"]
    second.mark("16")
    keep()
    first.mark("18.5")
    second.mark("15")
    put_back()
    assert first.kept[1]["uuid"] not in uuids(app)
    answer = first.look()
    assert answer["generation"] != before
    # Which is what makes every tablet send again all that it keeps.
    assert second.look()["generation"] == answer["generation"]
    first.send(first.kept)
    second.send(second.kept)
    assert uuids(app) == {act["uuid"] for act in first.kept + second.kept}
    assert len(names(app)) == 2
    with app.app_context():
        record = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "installation.set_back")
        ).one()
        assert (record.subject, record.after["generation"]) == ("PANEL", answer["generation"])
    board = client_of(app, opened, "C1").get("/desk/PANEL/progress").text
    assert "数据库退回过" in board
    assert first.look()["generation"] == answer["generation"] == second.look()["generation"]
    assert len(names(app)) == 2


@pytest.mark.each_database
def test_a_loss_is_noticed_though_others_have_gone_on_since(
    app: Flask, opened: Panel, copies: SetBack
) -> None:
    """The chain is as long again as it was, and another one."""
    keep, put_back = copies
    first, second = Device(app, opened, "J1"), Device(app, opened, "J2")
    second.mark("16")
    keep()
    before = first.mark("18.5")["generation"]
    put_back()
    for value in ("10", "11", "12"):
        assert second.mark(value)["generation"] == before
    assert first.send([])["generation"] != before


@pytest.mark.each_database
def test_a_restore_that_is_itself_set_back_is_noticed(
    app: Flask, opened: Panel, copies: SetBack
) -> None:
    keep, put_back = copies
    device = Device(app, opened, "J1")
    device.mark("18.5")
    keep()
    with app.app_context():
        again = generations.begin_generation("a backup")
        release()
    assert device.look()["generation"] == again
    put_back()
    assert device.look()["generation"] not in {again, *names(app)[:1]}
    assert device.look()["generation"] == names(app)[-1]
    assert len(names(app)) == 2


@pytest.mark.each_database
def test_a_correction_after_the_loss_stands_and_not_what_it_corrects(
    app: Flask, opened: Panel, copies: SetBack
) -> None:
    """Taken in before the lost marks came again, it would be older than they."""
    keep, put_back = copies
    device = Device(app, opened, "J1")
    device.mark("17")
    keep()
    device.mark("18.5")
    put_back()
    answer = device.mark("12")
    assert (answer["held"], answer["refused"]) == ([], [])
    assert device.send(device.kept)["held"] == [act["uuid"] for act in device.kept]
    with app.app_context():
        sheet = opened.sheet("J1")
        assert standing_values([sheet.id])[sheet.id] == {"work": Decimal(12)}


@pytest.mark.each_database
def test_nothing_is_taken_where_the_database_is_set_back_within_a_call(
    app: Flask, opened: Panel, copies: SetBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the call was looked at, before its acts are written: a broken transaction is done
    again, and meets another database.
    """
    keep, put_back = copies
    device = Device(app, opened, "J1")
    device.mark("17")
    keep()
    for value in ("18", "18.5"):
        before = device.mark(value)["generation"]
    looks, real = [False], acts_call.met_by

    def looked(reached: str | None) -> generations.Met:
        met = real(reached)
        if looks:
            looks.pop()
            assert not met.is_of_another
            db.session.rollback()
            put_back()
        return met

    monkeypatch.setattr(acts_call, "met_by", looked)
    answer = device.mark("12")
    assert (answer["held"], answer["refused"]) == ([], [])
    assert answer["generation"] != before
    assert device.send(device.kept)["held"] == [act["uuid"] for act in device.kept]


def test_after_a_restore_nothing_is_taken_of_a_tablet_that_has_not_met_it(
    app: Flask, opened: Panel
) -> None:
    device = Device(app, opened, "J1")
    device.mark("17")
    with app.app_context():
        again = generations.begin_generation("a backup")
        release()
    answer = device.mark("18.5")
    assert (answer["generation"], answer["held"]) == (again, [])
    assert device.send(device.kept)["held"] == [act["uuid"] for act in device.kept]


def forged(device: Device) -> list[str]:
    assert device.reached is not None
    word, seal = device.reached.rsplit(".", 1)
    generation, competition, _seq, mark = word.split(".")
    return [
        f"{generation}.{competition}.99999.{mark}.{seal}",
        f"{generation}.{competition}.99999.{mark}.{'0' * len(seal)}",
        f"{'f' * 16}.{competition}.1.{mark}.{seal}",
        *("", ".", "x", "....", "a.b.c.d.e", f"{word}.", "\xe9.1.1.1.1", "0" * 5000),
    ]


def test_what_the_server_did_not_say_does_nothing(app: Flask, opened: Panel) -> None:
    device = Device(app, opened, "J1")
    before = device.mark("17")["generation"]
    for word in forged(device):
        assert device.send([], reached=word)["generation"] == before, word
        assert device.client.get("/api/home", headers={"X-Reached": word}).status_code == 200
    assert len(names(app)) == 1


@pytest.mark.each_database
def test_two_tablets_that_notice_at_once_begin_a_single_generation(
    app: Flask, opened: Panel, copies: SetBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, put_back = copies
    devices = [Device(app, opened, "J1"), Device(app, opened, "J2")]
    keep()
    for device in devices:
        device.mark("17")
    put_back()
    both, begin = Barrier(2), generations._begin_after_loss

    def together(*arguments: Any) -> None:
        both.wait(20)
        begin(*arguments)

    monkeypatch.setattr(generations, "_begin_after_loss", together)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(Device.look, devices))
    assert len(names(app)) == 2
    assert {answer["generation"] for answer in answers} == {names(app)[-1]}


def test_a_generation_is_begun_by_hand(
    app: Flask, opened: Panel, config: Config, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    device = Device(app, opened, "J1")
    before = device.mark("17")["generation"]
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    assert main(["generation", "new"]) == 0
    assert "再送一遍" in capsys.readouterr().out
    with app.app_context():
        release()
        query = select(func.count()).where(AuditEntry.action == "installation.generation")
        assert db.session.scalar(query) == 1
    assert device.look()["generation"] not in {before, ""}
