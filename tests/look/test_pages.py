"""Pages of a filled house: axe finds nothing, nothing sticks out, targets are big."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.look.house import Screen
from tests.look.look import SIZES, Look
from tests.look.pages import PAGES
from tests.support.axe import violations
from tests.support.browser import wait_on_page

pytestmark = pytest.mark.slow

SMALL_TARGETS = """() => [...document.querySelectorAll(
  'main a[href], main button, main input:not([type=hidden]), main summary, .bar button')]
  .filter((each) => each.checkVisibility() && !each.closest('.tick, .ticks, p, dd, .hint'))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.height < 48 && !each.closest('label'))
  .map(([each, box]) => `${each.tagName} ${each.className} ${Math.round(box.height)}`)"""


# Every name, unit, reason and note becomes 60 characters longer, Latin ones without a break.
LONGER = """() => {
  const long = "长江航道局第一工程有限公司设备管理中心" +
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789技能大师工作室";
  const ours = "svg,script,style,template,button,.button,option,.segments,.spoken,label,thead," +
    ".num,time,.chip,.state,.expander,dt,dd,.got,.value,.row,.areas";
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const each of texts) {
    const text = each.data.trim();
    if (text.length > 1 && !each.parentElement.closest(ours)) each.data = text + long;
  }
  document.querySelector(".sheet-bar .where")?.append(long);
}"""
# What is pressed or tells a state, with one sign under another for want of room.
UPRIGHT = """() => [...document.querySelectorAll(
  "button:not(.ladder-cell), .button, .chip, .state")]
  .filter((each) => each.checkVisibility() && each.textContent.trim().length > 2)
  .filter((each) => {
    const words = document.createRange();
    words.selectNodeContents(each);
    const lines = new Set([...words.getClientRects()].map((box) => Math.round(box.top)));
    const box = each.getBoundingClientRect();
    return lines.size > 3 && box.width < 80;
  })
  .map((each) => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 20)}`)"""
TOO_WIDE = """() => [document.documentElement,
    ...document.querySelectorAll(".table-wrap:not(.trend-wrap)")]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.tagName} ${each.className} ${each.scrollWidth}`)"""


# A second line that runs on in the first.
GLUED = """() => [...document.querySelectorAll(".under")]
  .filter((each) => each.checkVisibility() && getComputedStyle(each).display === "inline")
  .map((each) => each.parentElement.textContent.trim().slice(0, 40))"""


# A field or chip that lies over the next cell.
SPILLING = """() => [...document.querySelectorAll("td")].flatMap((cell) => {
  const edge = cell.getBoundingClientRect().right + 1;
  return [...cell.querySelectorAll(":is(input, select, textarea, .chip, .choice)")]
    .filter((each) => each.checkVisibility() && !each.closest(".fold-body, .spoken"))
    .filter((each) => each.getBoundingClientRect().right > edge)
    .map((each) => `${each.tagName} ${each.className} ${each.name || each.textContent.trim()}`);
})"""


OPENED = """() => [...document.querySelectorAll("details.fold")].filter((each) => {
  each.open = true;
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth + 1;
  each.open = false;
  return wide;
}).map((each) => each.textContent.trim().slice(0, 40))"""


def sticking_out(page: Page, look: Look) -> dict[str, list[str]]:
    """What is wider than the smallest phone: as it is, with each fold open, with longer texts."""
    page.set_viewport_size({"width": 320, "height": 640})
    # Our scripts name the cells of a table; until they have, it is not what people see.
    wait_on_page(page, "!document.querySelector('.face-desk table.table:not([role=table])')")
    found = {"as they are": page.evaluate(TOO_WIDE), "opened": page.evaluate(OPENED)}
    # Figures and times of a contestant's page stay short.
    if not look.address.startswith("/c/"):
        page.evaluate(LONGER)
        found["longer"] = page.evaluate(TOO_WIDE)
        found["upright"] = page.evaluate(UPRIGHT)
    return {texts: wide for texts, wide in found.items() if wide}


def unsound(
    page: Page, look: Look, size: str, rules: tuple[str, ...] = (), *, resized: bool = False
) -> dict[str, Any]:
    """What is wrong with the open page as it is; of all that axe asks, or of these rules."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = {
        "axe": violations(page, rules, resized=resized),
        "glued": page.evaluate(GLUED),
        "spilling": page.evaluate(SPILLING),
        "too wide": [wide] if wide > SIZES[size][0] else [],
        # A judge wears gloves.
        "small": page.evaluate(SMALL_TARGETS) if look.address.startswith("/judge/") else [],
    }
    return {what: where for what, where in found.items() if where}


@pytest.mark.parametrize("look", PAGES, ids=lambda look: look.name)
def test_axe_finds_nothing_and_nothing_sticks_out(shown: Screen, look: Look) -> None:
    first, *others = look.sizes
    page = shown.open(look, first, look.themes[0])
    found = {first: unsound(page, look, first)}
    for size in others:
        shown.resize(size)
        found[size] = unsound(page, look, size, resized=True)
    for theme in look.themes[1:]:
        # It differs from light in colours alone: it is looked at in one size, without loading.
        shown.resize(first)
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        found[theme] = unsound(page, look, first, ("color-contrast",))
    # The hall's screen has one size.
    if first != "hall":
        found["smallest"] = sticking_out(page, look)
    assert {where: what for where, what in found.items() if what} == {}
