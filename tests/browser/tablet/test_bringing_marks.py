"""From a tablet that cannot get through to the desk: by a file, and by codes off its screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Act, db
from compete.services.sheets.values import standing_values
from tests.browser.tablet.real import Desk, RealHall
from tests.support.axe import violations
from tests.support.browser import each_look

NOTE = "杆碰得 很轻，“没倒”"
PIECES = """async (judge) => {
  const {packed, pieces} = await import(location.origin + '/static/js/judge/offline_package.js');
  const {Store} = await import(location.origin + '/static/js/keeping/store.js');
  const store = new Store();
  const rows = await store.waiting(judge);
  const text = packed(judge, rows, await store.get(`${judge}:key`));
  return pieces(text).map((piece) => new TextDecoder().decode(piece));
}"""


def cut_off(hall: RealHall) -> Desk:
    """J1's tablet with a level, a score and a note that do not get through."""
    tablet = hall.tablet("J1").go(f"/judge/sheets/{hall.sheet_id('J1')}")
    tablet.page.route("**/api/acts", lambda route: route.abort())
    tablet.page.locator(".ladder-cell").nth(2).click()
    tablet.page.locator("[data-aspect=work] [data-part=value]").click()
    tablet.page.keyboard.type("17.5")
    tablet.page.keyboard.press("Enter")
    tablet.part("wholenote").click()
    tablet.page.get_by_label("写下看到的").fill(NOTE)
    tablet.page.get_by_role("button", name="记下").click()
    expect(tablet.part("chip-words")).to_have_text("3 条待上传·已存本机")
    return tablet


def stored(hall: RealHall) -> dict[str, str]:
    """What stands on J1's sheet."""
    with hall.app.app_context():
        number = hall.panel.sheet("J1").id
        return {code: str(value) for code, value in standing_values([number])[number].items()}


def is_sound(page: Page) -> None:
    assert violations(page) == []


@pytest.fixture
def hall(app: Flask, live_url: str, visitor: Callable[..., Any]) -> RealHall:
    return RealHall(app, live_url, visitor)


def test_a_recorder_brings_the_file_and_the_tablet_sends_it_again_in_vain(
    hall: RealHall, tmp_path: Path, picture: Callable[..., Any]
) -> None:
    tablet = cut_off(hall)
    tablet.part("chip").click()
    with tablet.page.expect_download() as download:
        tablet.page.get_by_role("button", name="存成文件").click()
    download.value.save_as(tmp_path / "marks.json")
    assert stored(hall) == {}
    recorder = hall.tablet("R1").page
    recorder.goto(f"{hall.address}/desk/PANEL/paper")
    recorder.locator("#main summary", has_text="更多").first.click()
    recorder.locator("#main").get_by_role("link", name="代交分数").click()
    is_sound(recorder)
    recorder.get_by_label(re.compile("平板存下的文件")).set_input_files(tmp_path / "marks.json")
    recorder.get_by_role("button", name="收下").first.click()
    expect(recorder.get_by_role("status").first).to_have_text(
        "新记下 3 条，早就有 0 条，没记下 0 条"
    )
    expect(recorder.locator("tbody tr").first).to_contain_text("操作平稳")
    picture(recorder, "desk-handover-result")
    is_sound(recorder)
    assert stored(hall) == {"smooth": "2", "work": "17.5"}
    tablet.page.unroute("**/api/acts")
    # Not by a finger: the tablet tries by itself too, and may be done before it is there.
    tablet.part("retry").dispatch_event("click")
    expect(tablet.part("chip-words")).to_have_text(re.compile("都已上传"))
    with hall.app.app_context():
        assert db.session.query(Act).count() == 3
        assert db.session.query(Act).filter_by(kind="note").one().note == NOTE


def test_codes_are_scanned_in_any_order_and_the_page_says_what_is_missing(
    hall: RealHall, picture: Callable[..., Any]
) -> None:
    tablet = cut_off(hall)
    judge = tablet.page.locator("body").get_attribute("data-judge")
    texts: list[str] = tablet.page.evaluate(PIECES, judge)
    assert len(texts) > 1
    assert all(re.fullmatch(r"CA1 \d+/\d+ [0-9a-f]{8} [!-~]+", text) for text in texts)
    chief = hall.tablet("C1").page
    chief.goto(f"{hall.address}/desk/PANEL/handover")
    field = chief.get_by_label("扫出来的内容")
    field.press_sequentially(f"{texts[-1]}\n")
    expect(chief.get_by_role("status").last).to_contain_text(
        f"收到 1 张，一共 {len(texts)} 张，还差第 1"
    )
    chief.get_by_role("button", name="收下").last.click()
    expect(chief.get_by_role("alert")).to_contain_text("还差第 1")
    # Nothing that was scanned is lost.
    expect(field).to_have_value(re.compile("^CA1 "))
    picture(chief, "desk-handover-codes")
    is_sound(chief)
    for text in texts[:-1]:
        field.press("Control+End")
        chief.keyboard.insert_text(f"\n{text}")
    expect(chief.get_by_role("status").last).to_have_text(f"{len(texts)} 张都收到了")
    chief.get_by_role("button", name="收下").last.click()
    expect(chief.get_by_role("status").first).to_contain_text("新记下 3 条")
    assert stored(hall) == {"smooth": "2", "work": "17.5"}


def test_who_may_not_bring_marks_finds_no_such_page(hall: RealHall) -> None:
    for who in ("S1", "J1"):
        answer = hall.tablet(who).page.goto(f"{hall.address}/desk/PANEL/handover")
        assert answer is not None
        assert answer.status == 404


@each_look
def test_the_page_is_sound_on_a_tablet_too(
    hall: RealHall, picture: Callable[..., Any], theme: str, size: tuple[int, int]
) -> None:
    page = hall.tablet("R1", viewport={"width": size[0], "height": size[1]}).page
    page.context.add_cookies([{"name": "theme", "value": theme, "url": hall.address}])
    page.goto(f"{hall.address}/desk/PANEL/handover")
    page.get_by_label("扫出来的内容").fill("CA1 2/3 00000000 x")
    picture(page, f"desk-handover-{size[0]}-{theme}", full_page=False)
    is_sound(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
