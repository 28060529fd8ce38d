"""A desk's page on a tablet or a phone: what is pressed is as high as a finger, and all fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.look.server import look_named, opened

SIZES = {"tall": (768, 1024), "phone": (390, 844), "smallest": (320, 640)}
# What stands within a sentence is as high as its line, and a box as its label.
LOW = """() => [...document.querySelectorAll(
  ".bar :is(a, summary, input), main :is(.button, .segments a, .choice, .search input,"
  + " .filters .field :is(input, select), .quiet-link, .table td > a, .expander,"
  + " .message a, .result-row > a, .sort-link)")]
  .filter((each) => each.checkVisibility() && !each.closest("p, .choice, .hint, .spoken"))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && box.height < 44)
  .map(([each, box]) => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 20)}`
    + ` ${Math.round(box.height)}`)"""
LINES = """(all) => all.map((each) => {
  const words = document.createRange();
  words.selectNodeContents(each);
  return new Set([...words.getClientRects()].map((box) => Math.round(box.top))).size;
})"""
REACHED = """() => [...document.querySelectorAll(".sort-link")].map((each) => {
  each.scrollIntoView({ block: "center" });
  const box = each.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === each;
})"""
NAMES = (
    *("competition", "competitions", "entrants", "events", "standings", "results", "judges"),
    *("person", "certificates", "arbiters-none"),
)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_pressed_is_as_high_as_a_finger(
    name: str, chromium: Browser, tmp_path: Path
) -> None:
    found = {}
    with opened(look_named(name), chromium, tmp_path, has_touch=True) as page:
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            found[size] = (page.evaluate(LOW), wide - width)
    assert found == dict.fromkeys(SIZES, ([], 0))


def test_ticks_stay_in_their_strip_under_a_finger(chromium: Browser, tmp_path: Path) -> None:
    """Each was made as high as a finger, and all lay over the words below them."""
    out = """(all) => all.filter((each) => each.getBoundingClientRect().height
      > each.closest(".ticks").getBoundingClientRect().height + 1).length"""
    with opened(look_named("progress"), chromium, tmp_path, has_touch=True) as page:
        ticks = page.locator(".table.board a.tick")
        assert ticks.count() > 10
        assert ticks.evaluate_all(out) == 0


def test_a_list_is_sorted_on_a_phone_too(chromium: Browser, tmp_path: Path) -> None:
    phone = {"width": 390, "height": 844}
    with opened(look_named("entrants"), chromium, tmp_path, viewport=phone) as page:
        reached = page.evaluate(REACHED)
        lines = page.locator("td.id-number").evaluate_all(LINES)
    assert set(lines) == {1}, "a number of identity stands in one piece"
    assert reached
    assert all(reached)
