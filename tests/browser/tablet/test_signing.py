"""A judge signs: a drawn or typed name, a PIN, then four words; only with the server there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import desk_work
from tests.browser.tablet.tablet import Tablet
from tests.support.axe import violations
from tests.support.browser import each_look


def submitted(hall: Hall, *codes: str) -> None:
    """Sheets that wait for the name."""
    for code in codes:
        number = code[-2:]
        values = {"plan": "17.5", "tools": True, "result": number}
        sheet = hall.add_sheet(
            {
                "id": f"s{number}",
                "code": code,
                "state": "submitted",
                "version": 4,
                "total": f"{22.5 + int(number):.2f}",
                "aspects": desk_work(),
            }
        )
        sheet["left"] = 0
        hall.stored += [
            {
                "uuid": f"{code}{key}",
                "sheet": f"s{number}",
                "kind": "mark",
                "aspect": key,
                "value": value,
            }
            for key, value in values.items()
        ]


def write_name(page: Page) -> None:
    """Draw something like a name with a mouse."""
    canvas = page.locator("[data-part=canvas]")
    canvas.wait_for()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(1, 14):
        page.mouse.move(box["x"] + 40 + 14 * step, box["y"] + (40 if step % 2 else 95))
    page.mouse.up()


def press_pin(page: Page, digits: str = "4827") -> None:
    for digit in digits:
        page.locator(f'.pin-pad [data-key="{digit}"]').click()


def test_a_judge_signs_sheet_after_sheet_and_sees_the_four_words_of_each(
    tablet: Tablet, hall: Hall
) -> None:
    submitted(hall, "K-11", "K-12", "K-13")
    tablet.open_sheet("s11").part("sign").first.click()
    dialog = tablet.page.get_by_role("dialog")
    expect(dialog).to_contain_text("签名，K-11 总分 33.50")
    act = dialog.get_by_role("button", name="签名，不再改")
    expect(act).to_have_attribute("aria-disabled", "true")
    expect(dialog).to_contain_text("先在框里签名")
    write_name(tablet.page)
    expect(dialog).to_contain_text("再输 PIN")
    # Drawing again forgets the first.
    dialog.get_by_role("button", name="重签").click()
    expect(dialog).to_contain_text("先在框里签名")
    write_name(tablet.page)
    expect(dialog).to_contain_text("再输 PIN")
    press_pin(tablet.page, "1122")
    act.click()
    expect(dialog).to_contain_text("PIN 不对，还能试 4 次")
    expect(tablet.page.locator(".pin-pad input")).to_have_value("")
    assert hall.signatures == [], "a wrong PIN signed"
    press_pin(tablet.page)
    act.click()
    words = dialog.locator("[data-part=hash]")
    expect(words).to_have_text(re.compile(r"^\S+ \S+ \S+ \S+$"))
    assert hall.signatures[0]["sheet"] == "s11"
    drawing = hall.signatures[0]["drawing"]
    assert drawing["path"].startswith("M")
    assert drawing["path"].count("L") > 10
    phrase = words.text_content() or ""
    dialog.get_by_role("button", name="回到评分表").click()
    expect(tablet.part("signednote")).to_contain_text("已签名 10:31")
    expect(tablet.part("signednote")).to_contain_text(phrase)
    expect(tablet.part("sign").first).to_be_hidden()
    tablet.open_sheet("s11")
    expect(tablet.part("signednote")).to_contain_text(phrase)
    expect(tablet.page.locator(".tile")).to_have_count(3)
    # The next sheet is opened while the server is slow to say how it stands.
    tablet.open_sheet("s12")
    asked: list[Route] = []
    tablet.page.route("**/api/sheets/s12", lambda route: asked.append(route))
    tablet.part("sign").first.click()
    tablet.page.keyboard.type("4827")
    tablet.page.keyboard.press("Enter")
    expect(dialog).to_contain_text("正在问服务器，问到就签")
    assert len(hall.signatures) == 1, "signed before the server said how the sheet stands"
    for route in asked:
        route.continue_()
    expect(dialog.locator("[data-part=hash]")).to_be_visible()
    assert [signature["sheet"] for signature in hall.signatures] == ["s11", "s12"]
    # Another judge's name is not kept for this one.
    hall.judge = "judge-b"
    tablet.open_sheet("s13").part("sign").first.click()
    expect(dialog).to_contain_text("先在框里签名")
    assert tablet.page.evaluate("Object.keys(sessionStorage)") == ["tab"]


def test_the_next_sheet_asks_for_the_pin_alone(tablet: Tablet, hall: Hall) -> None:
    submitted(hall, "K-11", "K-12")
    tablet.open_sheet("s11").part("sign").first.click()
    write_name(tablet.page)
    press_pin(tablet.page)
    tablet.page.get_by_role("button", name="签名，不再改").click()
    tablet.page.get_by_role("link", name="签下一张 K-12").click()
    dialog = tablet.page.get_by_role("dialog")
    expect(dialog).to_contain_text("签名，K-12 总分 34.50")
    expect(dialog).to_contain_text("再输 PIN")
    tablet.page.keyboard.type("4827")
    tablet.page.keyboard.press("Enter")
    expect(dialog.locator("[data-part=hash]")).to_be_visible()
    first, second = hall.signatures
    assert first["drawing"]["path"] == second["drawing"]["path"]
    expect(dialog.get_by_role("link")).to_have_count(0)


def test_signing_waits_for_the_network_and_for_the_marks(tablet: Tablet, hall: Hall) -> None:
    submitted(hall, "K-11")
    tablet.open_sheet("s11")
    hall.down()
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    tablet.says("网络断了，可以接着评")
    tablet.part("sign").first.click()
    expect(tablet.page.locator("dialog, [role=alert]").first).to_contain_text(
        "没有网络，签名要连着服务器"
    )
    assert hall.signatures == []
    kept: str = tablet.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert "4827" not in kept
    # Nor does it matter that the line goes while the box is open.
    hall.up()
    tablet.open_sheet("s11").part("sign").first.click()
    write_name(tablet.page)
    hall.down()
    press_pin(tablet.page)
    tablet.page.get_by_role("button", name="签名，不再改").click()
    expect(tablet.page.get_by_role("dialog")).to_contain_text("网络断了，没签上")
    expect(tablet.page.locator(".pin-pad input")).to_have_value("")
    hall.up()
    tablet.page.evaluate("dispatchEvent(new Event('online'))")
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    press_pin(tablet.page)
    tablet.page.get_by_role("button", name="签名，不再改").click()
    expect(tablet.page.locator("[data-part=hash]")).to_be_visible()


def test_who_has_no_pin_chooses_one_by_typing_it_twice(tablet: Tablet, hall: Hall) -> None:
    hall.pin = None
    submitted(hall, "K-11")
    tablet.open_sheet("s11").part("sign").first.click()
    dialog = tablet.page.get_by_role("dialog")
    expect(dialog).to_contain_text("先设一个 PIN，4 到 6 位数字")
    write_name(tablet.page)
    press_pin(tablet.page, "9053")
    dialog.get_by_role("button", name="接着").click()
    expect(dialog).to_contain_text("再输一次")
    press_pin(tablet.page, "9054")
    dialog.get_by_role("button", name="设好 PIN").click()
    expect(dialog).to_contain_text("两次写的 PIN 不一样")
    for act in ("接着", "设好 PIN", "签名，不再改"):
        press_pin(tablet.page, "9053")
        dialog.get_by_role("button", name=act).click()
    expect(dialog.locator("[data-part=hash]")).to_be_visible()
    assert hall.pin == "9053"


def test_a_page_from_before_the_pin_was_chosen_asks_for_that_pin(
    tablet: Tablet, hall: Hall
) -> None:
    hall.pin = None
    submitted(hall, "K-11")
    sheet = tablet.open_sheet("s11")
    hall.pin = "4827"
    sheet.part("sign").first.click()
    write_name(tablet.page)
    press_pin(tablet.page)
    tablet.page.get_by_role("button", name="签名，不再改").click()
    expect(tablet.page.get_by_role("dialog").locator("[data-part=hash]")).to_be_visible()


def test_a_name_can_be_typed_where_none_can_be_drawn(tablet: Tablet, hall: Hall) -> None:
    submitted(hall, "K-11")
    tablet.open_sheet("s11").part("sign").first.click()
    dialog = tablet.page.get_by_role("dialog")
    dialog.get_by_role("button", name="没法手写，打名字").press("Enter")
    tablet.page.keyboard.type("许静")
    dialog.get_by_label("PIN").press_sequentially("4827")
    # Until the server said that the sheet is ready, Enter signs nothing.
    expect(dialog.get_by_role("button", name="签名，不再改")).to_be_enabled()
    tablet.page.keyboard.press("Enter")
    expect(dialog.locator("[data-part=hash]")).to_be_visible()
    assert hall.signatures == [{"sheet": "s11", "name": "许静"}]


def test_one_pin_signs_all_that_are_listed(tablet: Tablet, hall: Hall) -> None:
    submitted(hall, "K-11", "K-12", "K-13", "K-14")
    tablet.open_home()
    tablet.page.get_by_role("link", name="4 张等你签名").click()
    tablet.ready()
    page = tablet.page
    expect(page.get_by_role("heading", level=1)).to_have_text("4 张等你签名")
    expect(page.locator(".sign-row")).to_have_count(4)
    expect(page.locator(".sign-row").first).to_contain_text("33.50")
    page.get_by_label("签 K-13，总分 35.50").uncheck()
    # Sent back meanwhile: the one is not signed, the others are.
    hall.sheets["s12"] |= {"version": 9}
    write_name(page)
    press_pin(page)
    page.get_by_role("button", name="签这 3 张，不再改").click()
    expect(page.locator(".sign-row", has_text="K-12")).to_contain_text("刚才又变了")
    expect(page.locator(".sign-row .hash-words")).to_have_count(2)
    expect(page.get_by_role("heading", level=1)).to_have_text("签了 2 张，还有 2 张等你签名")
    assert [signature["sheet"] for signature in hall.signatures] == ["s11", "s14"]
    words = page.locator(".sign-row .hash-words").all_text_contents()
    assert len(set(words)) == 2


def test_a_wrong_pin_stops_a_batch_and_what_is_refused_is_counted_with_its_reason(
    tablet: Tablet, hall: Hall
) -> None:
    """Marks locked halfway through a batch once read as if all had been signed."""
    submitted(hall, "K-11", "K-12", "K-13")
    page = tablet.page
    page.goto(f"{hall.address}/judge/sign")
    tablet.ready()
    write_name(page)
    press_pin(page, "1122")
    before = len(hall.tokens)
    page.get_by_role("button", name="签这 3 张，不再改").click()
    expect(page.locator("main")).to_contain_text("PIN 不对，还能试 4 次")
    assert len(hall.tokens) == before + 1, "a wrong PIN was tried on more than one sheet"
    press_pin(page)
    for name in ("s12", "s13"):
        hall.sheets[name]["state"] = "returned"
    page.get_by_role("button", name="签这 3 张，不再改").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("签了 1 张，2 张没签上")
    for code in ("K-12", "K-13"):
        row = page.locator(".sign-row", has_text=code)
        expect(row).to_contain_text("还没提交，提交了再签")
        expect(row.get_by_role("checkbox")).to_be_disabled()
    # Handed in again, it waits like any other.
    hall.sheets["s12"]["state"] = "submitted"
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "签了 1 张，1 张没签上，还有 1 张等你签名"
    )


def test_what_is_chosen_after_signing_asks_for_name_and_pin_anew(
    tablet: Tablet, hall: Hall
) -> None:
    submitted(hall, "K-11", "K-12")
    page = tablet.page
    page.goto(f"{hall.address}/judge/sign")
    tablet.ready()
    page.get_by_label("签 K-12，总分 34.50").uncheck()
    write_name(page)
    press_pin(page)
    page.get_by_role("button", name="签这 1 张，不再改").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("签了 1 张，还有 1 张等你签名")
    expect(page.locator(".pin-pad input")).to_have_value("")
    expect(page.get_by_role("button", name="先选要签的")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("link", name="回到还剩几张").last).to_be_visible()
    page.get_by_label("签 K-12，总分 34.50").check()
    act = page.get_by_role("button", name="签这 1 张，不再改")
    expect(act).to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-part=why]")).to_have_text("先在框里签名")
    write_name(page)
    expect(page.locator("[data-part=why]")).to_have_text("再输 PIN")
    page.keyboard.press("Enter")
    assert [signature["sheet"] for signature in hall.signatures] == ["s11"]
    press_pin(page)
    act.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 张都签了")
    assert [signature["sheet"] for signature in hall.signatures] == ["s11", "s12"]
    assert page.evaluate("Object.keys(sessionStorage)") == ["tab"]


@each_look
def test_every_state_of_signing_is_sound(
    visitor: Callable[..., Any],
    hall: Hall,
    picture: Callable[..., Any],
    theme: str,
    size: tuple[int, int],
) -> None:
    hall.theme = theme
    submitted(hall, "K-11", "K-12", "K-13", "K-14")
    hall.sheets["s12"]["ruled"] = [
        {
            "aspect": "plan",
            "name": "作业方案",
            "value": "17.5",
            "own": "14",
            "stands": "17.5",
            "reason": "图纸第 3 页写明了两种装法，都算对",
        }
    ]
    page: Page = visitor("tablet", viewport={"width": size[0], "height": size[1]}).page()
    tablet = Tablet(page, hall)

    def look(name: str) -> None:
        picture(page, f"judge-sign-{name}-{size[0]}-{theme}", full_page=False)
        assert violations(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0]

    tablet.open_sheet("s11").part("sign").first.click()
    write_name(page)
    press_pin(page)
    look("one")
    page.get_by_role("button", name="签名，不再改").click()
    expect(page.locator("[data-part=hash]")).to_be_visible()
    look("words")
    page.get_by_role("button", name="回到评分表").click()
    look("sheet")
    page.goto(f"{hall.address}/judge/sign")
    tablet.ready()
    look("many")
    press_pin(page)
    page.get_by_role("button", name="签这 3 张，不再改").click()
    expect(page.locator(".sign-row .hash-words")).to_have_count(3)
    look("all")
