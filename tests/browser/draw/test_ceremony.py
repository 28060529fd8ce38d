"""A whole ceremony as people live it: seals on phones, the desk, the big screen, the check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.values.roles import Role
from compete.models import Account
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.loading import load_bundle
from tests.support.axe import violations
from tests.support.drawing import NAMES
from tests.support.signing_in import carry_in
from tests.support.small import read, small

_SEAL_CODE = """async () => {
  const { shareCode } = await import(location.origin + "/static/js/draw/share_code.js");
  return shareCode("seal", JSON.parse(localStorage.getItem("draw-shares"))[0]);
}"""


def test_a_ceremony_from_the_seals_to_the_visitors_own_check(
    app: Flask, here: Flask, visitor: Callable[..., Any], live_url: str
) -> None:
    competition = load_bundle(read(small()))
    code = competition.code
    account = create_account("吴敏")
    grant_role(account, competition, Role.ORGANISER)
    desk: Page = _desk(visitor, app, account, live_url)
    desk.goto(f"{live_url}/desk/{code}/")
    desk.get_by_role("link", name="抽签").click()
    desk.get_by_text("一行一行写，或者从 Excel 贴").click()
    desk.locator("#stations").fill("1号\n2号")
    desk.locator("#sessions").fill("第1场，2026-09-16 08:40，2，10")
    desk.get_by_role("button", name="排好").click()
    desk.get_by_role("link", name="当众封签").click()
    desk.get_by_role("button", name="开始封签").click()
    desk.wait_for_url("**/draws/*")

    plain = desk.url
    desk.goto(f"{plain}?party=江北建设集团第一工程公司领队")
    # A camera reads off the screen what has at least three pixels a module.
    assert desk.locator("[data-part=party] svg").evaluate(
        "code => code.getBoundingClientRect().width / code.viewBox.baseVal.width >= 3"
    )
    desk.goto(plain)
    phones: dict[str, Page] = {}
    address = desk.locator(".hall-link + p a").get_attribute("href")
    for name in NAMES:
        phone: Page = visitor("phone").page()
        phone.goto(address or "")
        phone.fill("#name", name)
        phone.fill("#share", f"{name}的签")
        phone.get_by_role("button", name="做封签").click()
        expect(phone.get_by_role("img", name="封签码")).to_be_visible()
        expect(phone.get_by_text("签存在这台设备的浏览器里")).to_be_visible()
        phones[name] = phone
        # As a scanner types it: name and seal stand in their fields, nobody copies 64 digits.
        desk.get_by_label("封签", exact=True).fill(phone.evaluate(_SEAL_CODE))
        expect(desk.get_by_label("出签方")).to_have_value(name)
        expect(desk.locator("[data-part=words]")).to_have_text(
            phone.locator("[data-part=words]").inner_text()
        )
        if name == NAMES[-1]:
            desk.get_by_label("这是备签").check()
        desk.get_by_role("button", name="登记").click()
    # An opening that is shown before its time is not taken, and the page says what to do.
    early = _opening(phones[NAMES[1]], address or "")
    assert violations(phones[NAMES[1]]) == []
    desk.get_by_label("封签", exact=True).fill(early)
    expect(desk.get_by_text("请他重新封一个")).to_be_visible()
    expect(desk.get_by_label("出签方")).to_have_value("")
    assert violations(desk) == []
    desk.get_by_role("link", name="公布封存值").click()
    desk.get_by_role("button", name="公布封存值").click()
    desk.get_by_label("签", exact=True).fill(early.replace('"number":1', '"number":2'))
    expect(desk.get_by_text("第 2 次的签，不是这一次的")).to_be_visible()

    hall: Page = _desk(visitor, app, account, live_url)
    hall.clock.install()
    hall.goto(f"{desk.url}/hall")
    expect(hall.locator("[data-part=shares] > li")).to_have_count(3)
    _open(desk, _opening(phones[NAMES[0]], address or ""))
    hall.clock.fast_forward(2_000)
    expect(hall.locator("[data-part=shares] > li").first).to_contain_text("组委会的签")
    desk.get_by_role("link", name="公布拆签值").click()
    desk.get_by_role("button", name="公布拆签值").click()
    _open(desk, _opening(phones[NAMES[-1]], address or ""))

    hall.clock.fast_forward(2_000)
    expect(hall.locator("[aria-current=step]")).to_contain_text("0 / 4")
    hall.keyboard.press("Space")
    hall.keyboard.press("Space")
    expect(hall.locator("[aria-current=step]")).to_contain_text("2 / 4")
    second = hall.locator("[data-part=now-name]").inner_text()
    hall.reload()
    expect(hall.locator("[aria-current=step]")).to_contain_text("2 / 4")
    expect(hall.locator("[data-part=now-name]")).to_have_text(second)
    hall.keyboard.press("a")
    hall.clock.run_for(2_500)
    expect(hall.locator(".hall-steps > li").last).to_contain_text("4 / 4")
    expect(hall.locator(".is-filled")).to_have_count(4)
    expect(hall.locator("[data-part=adjusted]")).to_be_visible()
    # A long name is cut with a sign, inside its place.
    assert hall.locator(".is-filled b").first.evaluate(
        """name => {
          name.textContent = "组".repeat(60);
          const [own, place] = [name, name.parentElement].map((it) => it.getBoundingClientRect());
          return own.right <= place.right && getComputedStyle(name).textOverflow === "ellipsis";
        }"""
    )
    # Six parties with long shares: whoever did not open, the last in the list, is still seen.
    assert hall.locator("[data-part=shares]").evaluate(
        """list => {
          while (list.children.length < 6) list.append(list.firstElementChild.cloneNode(true));
          for (const share of list.querySelectorAll("b")) share.textContent = "江北潮平".repeat(20);
          const [last, left] = [list.lastElementChild, list.closest(".draw-left")];
          return last.getBoundingClientRect().bottom <= left.getBoundingClientRect().bottom;
        }"""
    )
    assert violations(hall) == []

    check = desk.get_by_role("link", name="用手机重算的页面").get_attribute("href")
    passer_by = visitor("phone")
    page: Page = passer_by.page()
    page.goto(check or "")
    expect(page.get_by_role("heading", name="一致", exact=True)).to_be_visible()
    page.fill("#code", "P1")
    page.get_by_role("button", name="查").click()
    expect(page.locator("[data-part=mine]")).to_contain_text("号")
    assert passer_by.context.cookies() == []


def _opening(phone: Page, address: str) -> str:
    """The code of an opening, on a page that was closed since the share was sealed."""
    phone.goto(address)
    phone.get_by_role("button", name="拆签", exact=True).click()
    expect(phone.get_by_role("img", name="拆签码")).to_be_visible()
    phone.get_by_role("button", name="扫不了就复制").click()
    return phone.locator("li [data-part=text]").inner_text()


def _open(desk: Page, code: str) -> None:
    desk.get_by_label("签", exact=True).fill(code)
    expect(desk.get_by_text("读到“")).to_be_visible()
    desk.locator("form[action$='/open'] button").click()
    expect(desk.get_by_text("和封签对上了").first).to_be_visible()


def _desk(visitor: Callable[..., Any], app: Flask, account: Account, live_url: str) -> Page:
    person = visitor("desk")
    carry_in(person.context, app, account, live_url)
    page: Page = person.page()
    return page
