"""Photos with a sheet: on the tablet first, then on the server, counted by the chip."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image
from playwright.sync_api import expect

from compete.services.sheets.sheet_photos import photos_of
from tests.browser.tablet.hall import Hall
from tests.browser.tablet.real import RealHall
from tests.browser.tablet.tablet import Tablet
from tests.support.axe import violations
from tests.support.browser import each_look, wait_on_page
from tests.support.pictures import photo, picture_file


def take(page: Any, data: bytes, aspect: str = "", kind: str = "image/jpeg") -> None:
    """Open the dialog where it is shut, and take a picture."""
    if not page.locator("dialog").count():
        page.locator("[data-part=photo]").click()
    page.get_by_label("拍的是").select_option(aspect)
    page.locator("dialog input[type=file]").set_input_files(
        {"name": "许静的手机.jpg", "mimeType": kind, "buffer": data}
    )


def shown(page: Any, count: int) -> None:
    """So many pictures are in the list, and can be seen."""
    expect(page.locator(".photo-list li")).to_have_count(count)
    wait_on_page(
        page,
        "() => [...document.querySelectorAll('.photo-list img')].every((i) => i.naturalWidth > 0)",
    )


def test_a_photo_goes_with_an_aspect_and_is_smaller_when_it_leaves(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_sheet()
    take(tablet.page, photo(size=(3200, 2400)), "stack")
    shown(tablet.page, 1)
    expect(tablet.page.locator(".photo-list")).to_contain_text("堆码偏差")
    expect(tablet.page.locator(".photo-list")).to_contain_text("已上传")
    (stored,) = hall.photos.values()
    assert (stored["sheet"], stored["aspect"]) == ("k27", "stack")
    assert b"SECRETCAM" not in stored["data"]
    with Image.open(BytesIO(stored["data"])) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1600, 1200))
    tablet.page.get_by_role("button", name="关上").click()
    expect(tablet.part("photowords")).to_have_text("照片 1 张")
    tablet.open_sheet()
    expect(tablet.part("photowords")).to_have_text("照片 1 张")


def test_photos_wait_on_the_tablet_and_survive_a_reload(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    hall.status = 503
    tablet.count("hit")
    take(tablet.page, photo())
    take(tablet.page, photo("PNG"), "hit", "image/png")
    shown(tablet.page, 2)
    expect(tablet.page.locator(".photo-list")).to_contain_text("已存本机")
    tablet.says("3 条待上传·已存本机")
    tablet.open_sheet()
    tablet.says("3 条待上传·已存本机")
    expect(tablet.part("photowords")).to_have_text("照片 2 张")
    tablet.part("chip").click()
    expect(tablet.page.locator("dialog")).to_contain_text("整张表 照片")
    expect(tablet.page.locator("dialog")).to_contain_text("碰杆 照片")
    tablet.page.keyboard.press("Escape")
    assert hall.photos == {}
    # The home page sends them too.
    hall.status = None
    tablet.open_home()
    hall.until(lambda: len(hall.photos) == 2)
    tablet.says(re.compile("都已上传"))


def test_a_lost_answer_holds_a_photo_once(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    hall.lose_answers = 1
    take(tablet.page, photo())
    hall.until(lambda: sum(photo["times"] for photo in hall.photos.values()) == 2)
    assert len(hall.photos) == 1
    shown(tablet.page, 1)


def test_what_the_server_will_not_take_says_why(tablet: Tablet, hall: Hall) -> None:
    hall.refusing["hit"] = "评分已经锁定"
    tablet.open_sheet()
    take(tablet.page, photo(), "hit")
    tablet.says("1 条没被收下，点开看")
    tablet.page.get_by_role("button", name="关上").click()
    tablet.part("chip").click()
    expect(tablet.page.locator("dialog")).to_contain_text("评分已经锁定")
    tablet.page.get_by_role("button", name="知道了").click()
    expect(tablet.page.locator("dialog .waiting-list li")).to_have_count(0)


def test_what_is_no_picture_is_not_kept(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    take(tablet.page, b"%PDF-1.7", kind="application/pdf")
    expect(tablet.page.locator("dialog")).to_contain_text("这个文件不是照片，没有存")
    expect(tablet.page.locator(".photo-list li")).to_have_count(0)


def test_marks_go_first_while_a_photo_is_stuck(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    tablet.page.route("**/photos", lambda route: route.abort())
    take(tablet.page, photo())
    tablet.page.get_by_role("button", name="关上").click()
    tablet.count("hit", 2)
    hall.until(lambda: hall.values("k27") == {"hit": "2"})
    tablet.says("1 条待上传·已存本机")


def test_another_judges_photo_stays_his_own(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    tablet.page.route("**/photos", lambda route: route.abort())
    take(tablet.page, photo())
    shown(tablet.page, 1)
    hall.judge = "judge-b"
    # The page that is still open may try once more until it is gone.
    tablet.open_sheet("k33")
    tablet.page.unroute("**/photos")
    tablet.count_photos("拍照")
    assert hall.photos == {}
    hall.judge = "judge-a"
    tablet.open_home()
    hall.until(lambda: len(hall.photos) == 1)


def test_a_photo_reaches_the_whole_application(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = RealHall(app, live_url, visitor)
    tablet = hall.tablet("J1").go(f"/judge/sheets/{hall.sheet_id('J1')}")
    take(tablet.page, photo(turned=True), "smooth")
    expect(tablet.page.locator(".photo-list")).to_contain_text("已上传")
    shown(tablet.page, 1)
    with app.app_context():
        (kept,) = photos_of(hall.panel.sheet("J1"))
        assert (kept.aspect, kept.width, kept.height) == ("smooth", 480, 640)
        assert picture_file(kept.sha256).is_file()
    chief = hall.tablet("C1")
    chief.page.goto(f"{live_url}/desk/PANEL/sheets/{hall.sheet_id('J1')}")
    image = chief.page.get_by_role("img", name="照片：操作平稳")
    image.scroll_into_view_if_needed()
    wait_on_page(chief.page, "() => document.querySelector('.photo-row img').naturalWidth > 0")


@each_look
def test_the_photos_of_a_sheet_are_sound(
    visitor: Callable[..., Any],
    hall: Hall,
    picture: Callable[..., Any],
    theme: str,
    size: tuple[int, int],
) -> None:
    hall.theme = theme
    page = visitor("tablet", viewport={"width": size[0], "height": size[1]}).page()
    Tablet(page, hall).open_sheet()
    take(page, photo())
    take(page, photo(), "smooth")
    shown(page, 2)
    picture(page, f"judge-photos-{size[0]}-{theme}", full_page=False)
    assert violations(page) == []
