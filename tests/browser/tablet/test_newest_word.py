"""The screen shows the newest word on a sheet, in whatever order the answers come in."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, Route, expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet
from tests.browser.tablet.test_home_page import row

KEEP = """async ([id, words]) => {
  const {Store} = await import(location.origin + '/static/js/keeping/store.js');
  const {Spare} = await import(location.origin + '/static/js/keeping/spare.js');
  const found = [];
  for (const store of [new Store(), new Spare()]) {
    for (const [version, since] of words) {
      const kept = await store.keepSheet('j', {id, version}, since && Date.now() + since);
      found.push(kept.version);
    }
  }
  return found;
}"""
EARLIER, LATER = -60_000, 60_000


WORDS: list[tuple[list[list[int]], list[int]]] = [
    # A page that was kept is older than what the tablet knows.
    ([[5, 0], [3, 0]], [5, 5]),
    # An answer that was asked for before the acts were taken in.
    ([[5, 0], [3, EARLIER]], [5, 5]),
    # The server was restored from a backup.
    ([[5, 0], [3, LATER]], [5, 3]),
    ([[3, 0], [5, EARLIER]], [3, 5]),
]


def test_an_answer_replaces_only_what_was_kept_before_it_was_asked_for(lab: Page) -> None:
    for number, (words, kept) in enumerate(WORDS):
        assert lab.evaluate(KEEP, [f"s{number}", words]) == kept + kept, words


def test_an_overtaken_answer_does_not_bring_old_marks_back(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    stale = json.dumps(hall.whole("k27"))
    waiting: list[Route] = []
    tablet.page.route("**/api/sheets/k27", lambda route: waiting.append(route))
    with tablet.page.expect_request("**/api/sheets/k27"):
        tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    tablet.count("hit", 3)
    hall.until(lambda: hall.values("k27") == {"hit": "3"})
    tablet.says(re.compile("^都已上传"))
    assert waiting
    for route in waiting:
        route.fulfill(body=stale, content_type="application/json")
    # Nothing is to change, so there is nothing else to wait for.
    tablet.page.wait_for_timeout(200)
    tablet.counted("hit", 3)


def test_the_home_does_not_forget_what_it_has_just_sent(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    hall.status = 503
    tablet.count("hit", 2)
    tablet.says("2 条待上传·已存本机")
    stale = json.dumps(hall.home())
    waiting: list[Route] = []
    tablet.page.route("**/api/home", lambda route: waiting.append(route))
    tablet.open_home()
    expect(row(tablet, "K-27")).to_contain_text("66.00")
    hall.status = None
    tablet.page.evaluate("dispatchEvent(new Event('online'))")
    tablet.says(re.compile("^都已上传"))
    assert waiting
    row(tablet, "K-27").evaluate("(each) => each.classList.add('old')")
    for route in waiting:
        route.fulfill(body=stale, content_type="application/json")
    # The list is drawn anew with the answer.
    tablet.page.wait_for_selector(".judge-home .old", state="detached")
    expect(row(tablet, "K-27")).to_contain_text("66.00")
