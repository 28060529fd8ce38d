"""What belongs on one line stands on one line."""

from __future__ import annotations

import pytest

from tests.look.house import Screen
from tests.look.look import Look

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


def test_fields_of_a_pair_and_states_of_parts_are_in_line(shown: Screen) -> None:
    page = shown.open(Look("/desk/NEXT/set-up"), "desk")
    # A longer hint beside a shorter one, whatever the page says.
    page.evaluate(LONGER)
    assert page.evaluate(UNEVEN) == []


@pytest.mark.parametrize("address", ["/p/X", "/p/RESCUE-2022"])
def test_a_page_begins_under_its_bar(shown: Screen, address: str) -> None:
    first, second = shown.open(Look(address, ""), "desk").evaluate(EDGES)
    assert first == second


def test_a_sheets_state_does_not_run_into_its_total(shown: Screen) -> None:
    page = shown.open(Look("/judge/", "J1"), "small")
    page.locator(".sheet-row").first.wait_for()
    assert page.evaluate(RUNNING_ON) == []
