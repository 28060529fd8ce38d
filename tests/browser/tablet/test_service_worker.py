"""With a service worker the judge's pages, and nobody else's, open with the server dead."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet


@pytest.fixture
def secure(tablet: Tablet, hall: Hall) -> Tablet:
    """A tablet whose pages may have a service worker, and whose home page has been open."""
    hall.worker = "v1"
    tablet.open_home()
    kept(tablet, 3)
    return tablet


COUNT = """async (start) => {
  let found = 0;
  for (const name of await caches.keys()) {
    if (name.startsWith(start)) found += (await (await caches.open(name)).keys()).length;
  }
  return found;
}"""


HOLDS = """async ([path, words]) =>
  (await (await caches.match(path))?.text())?.includes(words) ?? false"""


def kept(tablet: Tablet, number: int) -> None:
    """Wait until so many pages are kept."""
    tablet.hall.until(lambda: tablet.page.evaluate(COUNT, "pages-") == number)


def test_with_the_server_dead_what_is_kept_opens_and_all_else_says_so_and_leads_back(
    secure: Tablet, hall: Hall
) -> None:
    page = secure.page
    hall.down()
    # A sheet that was never opened opens.
    secure.open_sheet()
    secure.count("hit", 2)
    secure.says("2 条待上传·已存本机")
    page.reload()
    secure.ready().counted("hit", 2)
    secure.open_home()
    expect(secure.part("groups")).to_contain_text("还有 3 项没评")
    expect(secure.part("offline")).to_be_visible()
    # One that is not kept leads home.
    page.goto(f"{hall.address}/judge/sheets/unknown")
    secure.ready()
    expect(page.get_by_role("heading", level=1)).to_have_text("还剩 2 张")
    for address in ("compare?a=k27", "scan", "sheets/k27/field", "sheets/k27/withdraw", "sign"):
        page.goto(f"{hall.address}/judge/{address}")
        expectation = expect(page.get_by_role("main"), address)
        expectation.to_contain_text("现在没有网络，这一页要连着服务器")
        assert "许静" not in page.content(), address
        assert "judge-a" not in page.content(), address
        expect(page.get_by_role("link", name="回到还剩几张"), address).to_be_visible()
    page.get_by_role("link", name="回到还剩几张").click()
    secure.ready()
    expect(page.get_by_role("heading", level=1)).to_have_text("还剩 2 张")
    # A page that needs the server opens once it is back.
    page.goto(f"{hall.address}/judge/sign")
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_role("link", name="再试一次")).to_be_visible()
    assert hall.stored == []
    hall.up()
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_text("没有等你签名的")).to_be_visible()
    secure.open_home()
    page.evaluate("dispatchEvent(new Event('online'))")
    hall.until(lambda: hall.values("k27") == {"hit": "2"})


def test_a_sheet_that_stands_as_it_did_is_not_fetched_again(secure: Tablet, hall: Hall) -> None:
    served = hall.served
    hall.sheets["k33"] |= {"state": "returned", "returned_reason": "R-7", "version": 9}
    secure.open_home()
    # The pages are fetched in their order: K-27, of which nothing is new, would be first.
    hall.until(lambda: secure.page.evaluate(HOLDS, ["/judge/sheets/k33", "R-7"]))
    assert hall.served == served + 1
    hall.down()
    secure.open_sheet().counted("hit", 0)


def test_a_page_kept_long_ago_brings_no_old_value_back(secure: Tablet, hall: Hall) -> None:
    secure.open_sheet().count("hit", 3)
    hall.until(lambda: hall.values("k27") == {"hit": "3"})
    secure.says(re.compile("^都已上传"))
    hall.down()
    secure.page.reload()
    secure.ready().counted("hit", 3)
    secure.open_home()
    expect(secure.part("groups")).to_contain_text("64.00")


def test_after_signing_out_nothing_of_the_judge_is_left(secure: Tablet, hall: Hall) -> None:
    secure.page.evaluate(
        "async () => (await caches.open('opened')).put('/c/badge', new Response('许静'))"
    )
    secure.page.locator("details.menu summary").click()
    secure.page.get_by_role("button", name="退出登录").click()
    secure.page.wait_for_url("**/sign-out")
    kept(secure, 0)
    hall.until(lambda: not secure.page.evaluate("caches.has('opened')"))
    hall.down()
    with pytest.raises(Error, match=r"ERR_CONNECTION_REFUSED|ERR_FAILED"):
        secure.page.goto(f"{hall.address}/judge/")


def test_signing_out_without_network_leaves_all_as_it_is_and_says_so(
    secure: Tablet, hall: Hall
) -> None:
    hall.down()
    page = secure.open_sheet().page
    secure.count("hit", 2)
    secure.says("2 条待上传·已存本机")
    secure.open_home()
    for answer in ("先不退出", "退出登录"):
        if not page.locator("details.menu[open]").count():
            page.locator("details.menu summary").click()
        page.locator(".menu").get_by_role("button", name="退出登录").click()
        question = page.get_by_role("dialog")
        expect(question).to_contain_text("还有 2 条没上传")
        question.get_by_role("button", name=answer).click()
    expect(page.get_by_role("main")).to_contain_text("没有退出登录")
    kept(secure, 3)
    page.get_by_role("link", name="回到还剩几张").click()
    secure.ready()
    hall.up()
    page.evaluate("dispatchEvent(new Event('online'))")
    hall.until(lambda: hall.values("k27") == {"hit": "2"})


def test_an_answer_that_comes_after_signing_out_is_not_kept(secure: Tablet, hall: Hall) -> None:
    late = secure.page.context.new_page()
    late.goto(f"{hall.address}/judge/")
    hall.page_delay = 3
    served = hall.served
    late.evaluate("location = '/judge/sheets/k33'")
    late.wait_for_selector("main.sheet-main[data-ready=yes]")
    secure.page.locator("details.menu summary").click()
    secure.page.get_by_role("button", name="退出登录").click()
    secure.page.wait_for_url("**/sign-out")
    kept(secure, 0)
    hall.until(lambda: hall.served > served)
    # The worker has the answer; whatever it does with it is done before it answers this.
    for _ in range(20):
        secure.page.evaluate("fetch('/static/icons/mark.svg', { cache: 'reload' })")
    kept(secure, 0)


def test_another_judge_never_meets_the_first_ones_pages(secure: Tablet, hall: Hall) -> None:
    hall.judge, hall.token = "judge-b", "token-b"
    del hall.sheets["k33"]
    secure.open_home()
    kept(secure, 2)
    hall.down()
    secure.page.goto(f"{hall.address}/judge/sheets/k33")
    secure.ready()
    expect(secure.page.locator("body")).to_have_attribute("data-judge", "judge-b")
    expect(secure.page.get_by_role("heading", level=1)).to_have_text("还剩 1 张")


def test_a_server_that_hangs_is_not_waited_for_long(secure: Tablet, hall: Hall) -> None:
    hall.page_delay = 8
    secure.open_sheet().counted("hit", 0)


def test_a_kept_page_that_is_behind_catches_up_at_once(secure: Tablet, hall: Hall) -> None:
    hall.sheets["k27"]["state"] = "returned"
    hall.sheets["k27"]["returned_reason"] = "碰杆 3 次，录像是 2 次"
    hall.sheets["k27"]["version"] += 1
    hall.page_delay = 8
    secure.open_sheet()
    expect(secure.part("returned")).to_contain_text("录像是 2 次")


def test_a_new_version_throws_the_old_scripts_away(secure: Tablet, hall: Hall) -> None:
    old = secure.page.evaluate(COUNT, "shell-v1")
    hall.worker = "v2"
    secure.open_home()
    hall.until(lambda: secure.page.evaluate(COUNT, "shell-v2") >= old >= 4)
    hall.until(lambda: secure.page.evaluate(COUNT, "shell-v1") == 0)
    hall.down()
    secure.open_sheet()
