"""A server that was restored from a backup gets from the tablets what it has lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from compete import create_app
from compete.cli import main
from compete.config import Config
from compete.models import db
from tests.browser.tablet.hall import Hall
from tests.browser.tablet.real import RealHall
from tests.browser.tablet.tablet import Tablet
from tests.browser.tablet.test_signing import submitted
from tests.support.application import serving
from tests.support.browser import wait_on_page
from tests.support.databases import wait_until
from tests.support.panels import client_of
from tests.support.pictures import photo
from tests.support.ports import free_port

WATCH = """() => {
  const chip = document.querySelector('[data-part=chip-words]');
  globalThis.said = [];
  new MutationObserver(() => globalThis.said.push(chip.textContent))
    .observe(chip, {childList: true, characterData: true, subtree: true});
}"""

KNOWS = """async (key) => {
  const {Store} = await import('/static/js/keeping/store.js');
  return Boolean(await new Store().get(key));
}"""

WAITS_FOR_NOTHING = """async () => {
  const {Store} = await import('/static/js/keeping/store.js');
  return !(await new Store().waiting('judge-a')).length;
}"""


def wake(page: Page) -> None:
    """As when the judge takes the tablet up again."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def once_each(hall: Hall) -> None:
    uuids = [act["uuid"] for act in hall.stored]
    assert len(uuids) == len(set(uuids))


def test_what_the_server_lost_is_offered_again_in_order(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet().count("hit", 2)
    hall.until(lambda: len(hall.stored) == 2)
    tablet.count("hit", 2).level("smooth", 1)
    hall.until(lambda: len(hall.stored) == 5)
    tablet.says(re.compile("^都已上传"))
    hall.restore(2)
    tablet.page.evaluate(WATCH)
    hall.delay = 0.5
    wake(tablet.page)
    tablet.says("服务器恢复过备份，正在补传 5 条")
    tablet.counted("hit", 4)
    hall.until(lambda: len(hall.stored) == 5)
    tablet.says(re.compile("^都已上传"))
    assert hall.values("k27") == {"hit": "4", "smooth": "1"}
    assert [act["seq"] for act in hall.stored] == [1, 2, 3, 4, 5]
    once_each(hall)
    tablet.counted("hit", 4)


def test_a_sheet_that_is_not_open_is_filled_again(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet().count("hit", 1)
    hall.until(lambda: len(hall.stored) == 1)
    hall.restore(0)
    # The judge is at home by now, and the sheet is not open.
    tablet.open_home()
    wake(tablet.page)
    hall.until(lambda: hall.values("k27") == {"hit": "1"})
    tablet.says(re.compile("^都已上传"))


def test_what_the_server_refused_is_not_offered_again(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    hall.refusing["hit"] = "不收"
    tablet.count("hit", 1).level("smooth", 1)
    hall.until(lambda: hall.values("k27") == {"smooth": "1"})
    tablet.says(re.compile("1 条没被收下"))
    # An answer from before the restore that comes after it is put right by the next look alone.
    wait_on_page(tablet.page, WAITS_FOR_NOTHING)
    assert len(hall.stored) == 1
    hall.refusing.clear()
    hall.restore(0)
    wake(tablet.page)
    hall.until(lambda: hall.values("k27") == {"smooth": "1"})
    assert len(hall.stored) == 1


def test_a_signature_that_is_lost_is_asked_for_again_in_words(tablet: Tablet, hall: Hall) -> None:
    submitted(hall, "K-11")
    sheet = hall.sheets["s11"]
    sheet["state"] = "signed"
    tablet.open_sheet("s11")
    expect(tablet.part("state")).to_have_text("已签名")
    # Who never heard of the data before the restore misses nothing.
    wait_on_page(tablet.page, KNOWS, "judge-a:generation")
    sheet |= {"state": "submitted", "version": 2}
    hall.generation += "+"
    wake(tablet.page)
    lost = "服务器恢复过备份，签名没有了，请再签一次"
    expect(tablet.part("names")).to_have_text(lost)
    tablet.open_home()
    expect(tablet.page.locator("main")).to_contain_text(lost)
    sheet |= {"state": "signed", "version": 3}
    tablet.open_sheet("s11")
    expect(tablet.part("state")).to_have_text("已签名")
    sheet |= {"state": "submitted", "version": 4}
    tablet.open_sheet("s11")
    expect(tablet.part("names")).to_have_text("现在签，或者回去一起签")


def test_marks_of_a_sheet_that_is_gone_are_not_called_uploaded(tablet: Tablet, hall: Hall) -> None:
    """Of somebody who was entered after the backup: the tablet stands on that very sheet."""
    tablet.open_sheet().count("hit", 2)
    hall.until(lambda: len(hall.stored) == 2)
    tablet.says(re.compile("^都已上传"))
    hall.restore(0)
    del hall.sheets["k27"]
    wake(tablet.page)
    tablet.says("2 条没被收下，点开看")
    tablet.part("chip").click()
    sentence = "恢复备份以前收下过，现在没有收：这张表现在不是你的"
    expect(tablet.page.get_by_role("dialog")).to_contain_text(sentence)


SETTLE = """async () => {
  const {Store} = await import(location.origin + '/static/js/keeping/store.js');
  const {Spare} = await import(location.origin + '/static/js/keeping/spare.js');
  const found = [];
  for (const store of [new Store(), new Spare()]) {
    const [row] = await store.append([{uuid: 'u1', judge: 'j', sheet: 's', act: {}}]);
    await store.meet('j', 'first');
    await store.meet('j', 'second');
    const before = await store.settle('j', ['u1'], [], 'first');
    const waits = (await store.waiting('j')).length;
    const now = await store.settle('j', ['u1'], [], 'second');
    found.push([before, waits, now, (await store.waiting('j')).length]);
  }
  return found;
}"""


def test_what_the_data_before_the_restore_held_still_waits(lab: Page) -> None:
    assert lab.evaluate(SETTLE) == [[False, 1, True, 0]] * 2


def test_the_same_generation_is_offered_nothing_twice(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet().count("hit", 2)
    hall.until(lambda: len(hall.stored) == 2)
    tablet.says(re.compile("^都已上传"))
    posts = len(hall.posts)
    wake(tablet.page)
    tablet.open_sheet("k33").count("hit", 0)
    wake(tablet.page)
    tablet.page.wait_for_timeout(300)
    assert len(hall.posts) == posts


@pytest.fixture
def settings(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The installation as the commands of its operator see it."""
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    return replace(config, testing=False)


def uuids(config: Config, table: str) -> list[str]:
    engine = create_engine(config.database_url)
    with engine.connect() as connection:
        identifiers = list(connection.scalars(text(f"SELECT uuid FROM {table} ORDER BY id")))
    engine.dispose()
    return identifiers


def stored(config: Config) -> list[str]:
    return uuids(config, "act")


def photos(config: Config) -> list[str]:
    """Those whose picture is there too."""
    identifiers = uuids(config, "sheet_photo")
    pictures = list((config.data_dir / "photos").rglob("*.jpg"))
    return identifiers if len(pictures) == len(identifiers) else []


def take_photo(page: Page) -> None:
    page.locator("[data-part=photo]").click()
    page.locator("dialog input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.locator("dialog").get_by_text("已上传").wait_for()
    page.keyboard.press("Escape")


def release(app: Flask) -> None:
    """Its connections would be to the database that is put aside."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_real_restore_brings_back_what_a_real_tablet_still_holds(
    app: Flask, settings: Config, tmp_path: Path, visitor: Callable[..., Any]
) -> None:
    port = free_port()
    hall = RealHall(app, f"http://127.0.0.1:{port}", visitor)
    app.config["WTF_CSRF_ENABLED"] = True
    with serving(app, port):
        tablet = hall.tablet("J1").go(f"/judge/sheets/{hall.sheet_id('J1')}")
        page = tablet.page
        seen = Tablet(page, None)  # type: ignore[arg-type]
        page.locator(".ladder-cell").nth(1).click()
        wait_until(lambda: len(stored(settings)) == 1, "the first mark")
        seen.says(re.compile("^都已上传"))
        assert main(["backup", str(tmp_path / "copy")]) == 0
        in_backup = stored(settings)
        for level in (2, 1, 2, 1, 2):
            page.locator(".ladder-cell").nth(level).click()
        wait_until(lambda: len(stored(settings)) == 6, "the other five marks")
        seen.says(re.compile("^都已上传 "))
        before = stored(settings)
        take_photo(page)
        wait_until(lambda: len(photos(settings)) == 1, "the photo")
        taken = photos(settings)
    release(app)
    assert main(["restore", str(tmp_path / "copy"), "--replace"]) == 0
    assert stored(settings) == in_backup
    assert photos(settings) == []
    page.evaluate(WATCH)
    again = create_app(settings)
    with serving(again, port):
        wake(page)
        wait_until(lambda: stored(settings) == before, "what the tablet still holds")
        wait_until(lambda: photos(settings) == taken, "the photo that it still holds")
        wait_on_page(page, "() => globalThis.said.some((each) => each.includes('补传'))")
        seen.says(re.compile("^都已上传 "))
    app.config["WTF_CSRF_ENABLED"] = False
    board = client_of(app, hall.panel, "C1").get("/desk/PANEL/progress").text
    assert "从备份恢复过（copy）" in board
    release(again)
    assert main(["verify"]) == 0
    shutil.rmtree(tmp_path / "copy")


def test_a_database_file_that_is_copied_back_gets_what_a_real_tablet_holds(
    app: Flask, settings: Config, tmp_path: Path, visitor: Callable[..., Any]
) -> None:
    """As a machine's snapshot is put back: no command of ours hears of it."""
    port = free_port()
    hall = RealHall(app, f"http://127.0.0.1:{port}", visitor)
    app.config["WTF_CSRF_ENABLED"] = True
    file = Path(make_url(settings.database_url).database or "")
    with serving(app, port):
        tablet = hall.tablet("J1").go(f"/judge/sheets/{hall.sheet_id('J1')}")
        page = tablet.page
        seen = Tablet(page, None)  # type: ignore[arg-type]
        page.locator(".ladder-cell").nth(1).click()
        wait_until(lambda: len(stored(settings)) == 1, "the first mark")
        with app.app_context():
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
        shutil.copyfile(file, tmp_path / "snapshot")
        for level in (2, 1, 2):
            page.locator(".ladder-cell").nth(level).click()
        wait_until(lambda: len(stored(settings)) == 4, "the other marks")
        seen.says(re.compile("^都已上传 "))
        before = stored(settings)
    release(app)
    for part in ("-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "snapshot", file)
    assert stored(settings) == before[:1]
    page.evaluate(WATCH)
    again = create_app(settings)
    with serving(again, port):
        wake(page)
        wait_until(lambda: stored(settings) == before, "what the tablet still holds")
        seen.says(re.compile("^都已上传 "))
    app.config["WTF_CSRF_ENABLED"] = False
    assert "数据库退回过" in client_of(app, hall.panel, "C1").get("/desk/PANEL/progress").text
    release(again)
    assert main(["verify"]) == 0
