"""A full tablet: what was marked stays, the server is asked once, pages still open."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet
from tests.support.browser import wait_on_page

FULL = "本机存不下了，先别评，找技术员"
UPLOADED = re.compile("^都已上传")
SWITCH = """{
  const plain = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    if (sessionStorage.getItem("full") && mode === "readwrite") {
      throw new DOMException("x", "QuotaExceededError");
    }
    return plain.call(this, names, mode, options);
  };
}"""


@pytest.fixture
def filling(tablet: Tablet) -> Tablet:
    """A tablet whose store can be made to take nothing more."""
    tablet.page.add_init_script(SWITCH)
    return tablet


def fill(tablet: Tablet, full: bool = True) -> None:
    """From now on the store takes nothing, or everything again."""
    tablet.page.evaluate("full => sessionStorage.setItem('full', full)", "yes" if full else "")


def test_what_the_store_cannot_be_told_is_not_sent_again_and_again(
    filling: Tablet, hall: Hall
) -> None:
    filling.open_sheet()
    hall.down()
    filling.count("hit", 3).says("3 条待上传·已存本机")
    fill(filling)
    hall.up()
    hall.until(lambda: hall.values("k27") == {"hit": "3"})
    filling.says(FULL)
    filling.count("fall")
    hall.until(lambda: hall.values("k27") == {"hit": "3", "fall": "1"})
    filling.page.wait_for_timeout(500)
    assert len(hall.posts) <= 6, len(hall.posts)
    filling.part("chip").click()
    expect(filling.part("summary")).to_contain_text("评过的都在服务器上了")


def test_what_the_server_refuses_then_is_told_nevertheless(filling: Tablet, hall: Hall) -> None:
    filling.open_sheet()
    hall.down()
    filling.count("hit").says("1 条待上传·已存本机")
    fill(filling)
    hall.refusing["hit"] = "这一项已经裁定"
    hall.up()
    hall.until(lambda: bool(hall.posts))
    filling.part("chip").click()
    expect(filling.part("refused")).to_contain_text("这一项已经裁定")
    filling.page.wait_for_timeout(500)
    assert len(hall.posts) <= 3


def test_marks_on_a_full_disk_outlive_the_page_without_network(filling: Tablet, hall: Hall) -> None:
    filling.open_sheet()
    fill(filling)
    filling.page.context.set_offline(True)
    filling.count("hit", 2).level("smooth", 2).says(FULL)
    filling.part("chip").click()
    expect(filling.part("summary")).to_contain_text("别关这一页")
    filling.page.context.set_offline(False)
    hall.status = 502
    filling.page.reload()
    filling.ready().counted("hit", 2)
    filling.says(FULL)
    hall.status = None
    filling.page.evaluate("dispatchEvent(new Event('online'))")
    hall.until(lambda: hall.values("k27") == {"hit": "2", "smooth": "2"})
    assert len({act["uuid"] for act in hall.stored}) == len(hall.stored)
    expect(filling.part("total").first).not_to_have_text("—")
    # The tablet hears that it was taken a moment after the server has.
    wait_on_page(filling.page, "!Object.keys(localStorage).some(k => /aside/.test(k))")


def test_what_lay_aside_goes_into_the_store_once_there_is_room(filling: Tablet, hall: Hall) -> None:
    filling.page.clock.install()
    filling.open_sheet()
    fill(filling)
    hall.down()
    filling.count("hit", 2).says(FULL)
    other = filling.another_tab()
    fill(filling, full=False)
    filling.page.clock.run_for(10_500)
    filling.says("2 条待上传·已存本机")
    assert filling.page.evaluate("Object.keys(localStorage).filter(k => /aside/.test(k))") == []
    hall.up()
    other.open_sheet().counted("hit", 2)
    hall.until(lambda: hall.values("k27") == {"hit": "2"})
    other.says(UPLOADED)


def test_a_full_disk_takes_no_page_away_that_the_server_gave(tablet: Tablet, hall: Hall) -> None:
    hall.before_worker = b"""Cache.prototype.put = Cache.prototype.add = async () => {
      throw new DOMException("x", "QuotaExceededError");
    };"""
    hall.worker = "v1"
    tablet.open_home()
    hall.until(lambda: tablet.page.evaluate("() => Boolean(navigator.serviceWorker.controller)"))
    tablet.open_sheet().count("hit")
    hall.until(lambda: hall.values("k27") == {"hit": "1"})
    tablet.says(UPLOADED)
