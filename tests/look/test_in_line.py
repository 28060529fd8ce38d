"""What belongs on one line stands on one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.look.server import look_named, opened

# The fields of a pair, and the state beside a part's name.
UNEVEN = """() => {
  const pairs = [...document.querySelectorAll(".form-pair")].filter((pair) => {
    const tops = [...pair.querySelectorAll("input, select")]
      .map((each) => Math.round(each.getBoundingClientRect().top));
    return new Set(tops).size > 1;
  });
  const states = [...document.querySelectorAll(".part-state")].filter((state) => {
    const line = document.createRange();
    line.selectNodeContents(state);
    return new Set([...line.getClientRects()].map((box) => box.top)).size > 1;
  });
  return [...pairs, ...states].map((each) => each.textContent.trim());
}"""
LONGER = "document.querySelector('.form-pair .hint')?.append('，多的排候补'.repeat(9))"
# Words of one cell of a row that lie over those of the next.
RUNNING_ON = """() => [...document.querySelectorAll(".sheet-row")].flatMap((row) => {
  const boxes = [...row.children].filter((each) => each.checkVisibility()).map((each) => {
    const words = document.createRange();
    words.selectNodeContents(each);
    return [each, words.getBoundingClientRect()];
  });
  return boxes.filter(([, a], place) => boxes.slice(place + 1).some(([, b]) => a.width && b.width
    && a.right > b.left + 1 && b.right > a.left + 1
    && a.bottom > b.top + 1 && b.bottom > a.top + 1))
    .map(([each]) => each.textContent.trim());
})"""
EDGES = """() => [".brand, .bar .mark", "h1"].map((one) =>
  Math.round(document.querySelector(one).getBoundingClientRect().left))"""


@pytest.mark.parametrize(("name", "script"), [("set-up", UNEVEN), ("public-standings", EDGES)])
def test_what_belongs_together_is_in_line(
    name: str, script: str, chromium: Browser, tmp_path: Path
) -> None:
    desk = {"width": 1440, "height": 900}
    with opened(look_named(name), chromium, tmp_path, viewport=desk) as page:
        # A longer hint beside a shorter one, whatever the sample says.
        page.evaluate(LONGER)
        found = page.evaluate(script)
    assert found == ([] if script == UNEVEN else [found[0]] * 2)


def test_a_sheets_state_does_not_run_into_its_total(chromium: Browser, tmp_path: Path) -> None:
    smallest = {"width": 320, "height": 640}
    with opened(look_named("judge-home"), chromium, tmp_path, viewport=smallest) as page:
        page.locator(".sheet-row").first.wait_for()
        found = page.evaluate(RUNNING_ON)
    assert found == []
