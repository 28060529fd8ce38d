"""Pages on a tablet or a phone: what is pressed is as high as a finger, and all fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser

from tests.look.house import House, Screen, screen_of
from tests.look.look import Look

SIZES = ("tall", "phone", "small")
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
IN_LINES = """(all) => all.map((each) => {
  const words = document.createRange();
  words.selectNodeContents(each);
  return new Set([...words.getClientRects()].map((box) => Math.round(box.top))).size;
})"""
REACHED = """() => [...document.querySelectorAll(".sort-link")].map((each) => {
  each.scrollIntoView({ block: "center" });
  const box = each.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === each;
})"""
# Of each line of a row of tabs where it begins and ends, within the row's own frame.
LINES = """() => [...document.querySelectorAll(".segments")].map((row) => {
  const frame = row.getBoundingClientRect(), lines = new Map();
  for (const each of row.children) {
    const box = each.getBoundingClientRect(), top = Math.round(box.top);
    const [left, right] = lines.get(top) || [Infinity, 0];
    lines.set(top, [Math.min(left, box.left - frame.left),
                    Math.max(right, box.right - frame.right)]);
  }
  return [...lines.values()].map(([left, right]) => [Math.round(left), Math.round(right)]);
})"""
CHINESE = ("个人 46", "团体 11", "单位排名 12", "获奖和荣誉 40")
TABS: dict[str, Sequence[str]] = {
    "four": CHINESE,
    "many": ("个人 1046", "绕桩", "窄门", "堆码", "装卸", "团体 211", "单位排名 212", "获奖 640"),
    "english": ("People 46", "Teams 11", "Unit ranking 12", "Awards and honours 40"),
    "long": (*CHINESE, "起重装卸机械操作工（港口门座起重机司机）理论知识和实际操作综合单项"),
}
PRESSED = (
    *("X/", "", "X/entrants", "X/events", "X/standings", "X/results", "PANEL/judges?people=1"),
    *("X/entrants/P2/", "X/certificates", "NEXT/appeals"),
)
LABELS = """() => [...document.querySelectorAll(".pairs.aligned dt")].map((label) => [
  label.innerText, Math.round(label.clientHeight / parseFloat(getComputedStyle(label).lineHeight)),
])"""


@pytest.fixture(scope="module")
def screen(house: House, chromium: Browser) -> Iterator[Screen]:
    """One that is touched."""
    with screen_of(house, chromium, has_touch=True) as screen:
        yield screen


@pytest.mark.parametrize("path", PRESSED)
def test_what_is_pressed_is_as_high_as_a_finger(shown: Screen, path: str) -> None:
    page, low_buttons = shown.open(Look(f"/desk/{path}"), SIZES[0]), {}
    for size in SIZES:
        shown.resize(size)
        over = "document.documentElement.scrollWidth - innerWidth"
        low_buttons[size] = (page.evaluate(LOW), page.evaluate(over))
    assert low_buttons == dict.fromkeys(SIZES, ([], 0))


def test_ticks_stay_in_their_strip_under_a_finger(shown: Screen) -> None:
    """Each was made as high as a finger, and all lay over the words below them."""
    out = """(all) => all.filter((each) => each.getBoundingClientRect().height
      > each.closest(".ticks").getBoundingClientRect().height + 1).length"""
    page = shown.open(Look("/desk/FORK-2022/progress"), "desk")
    ticks = page.locator(".table.board a.tick")
    assert ticks.count() > 10
    assert ticks.evaluate_all(out) == 0


def test_a_list_is_sorted_on_a_phone_too(shown: Screen) -> None:
    page = shown.open(Look("/desk/X/entrants"), "phone")
    reached = page.evaluate(REACHED)
    lines = page.locator("td.id-number").evaluate_all(IN_LINES)
    assert set(lines) == {1}, "a number of identity stands in one piece"
    assert reached
    assert all(reached)


@pytest.mark.parametrize("which", TABS)
def test_each_line_of_tabs_is_full(shown: Screen, which: str) -> None:
    page = shown.open(Look("/p/RESCUE-2022", ""), "phone")
    page.evaluate(
        """(labels) => {
          const row = document.querySelector(".segments");
          const [tab] = row.children;
          row.replaceChildren(...labels.map((label) => {
            const made = tab.cloneNode();
            made.textContent = label;
            return made;
          }));
        }""",
        TABS[which],
    )
    lines = page.evaluate(LINES)[0]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert all(left <= 1 and right >= -1 for left, right in lines)
    if which == "four":
        assert len(lines) == 1


def test_a_label_of_a_certificate_stands_on_one_line(shown: Screen) -> None:
    lines_of_labels = dict(shown.open(Look("/v/{certificate}", ""), "phone").evaluate(LABELS))
    assert lines_of_labels["工种/职业方向"] == 1
    assert set(lines_of_labels.values()) == {1}


def test_a_certificate_is_two_lines_until_it_is_opened(shown: Screen) -> None:
    """Each was a card of ten lines with its acts: a page was fifteen screens long."""
    page = shown.open(Look("/desk/X/certificates"), "phone")
    rows = "[...document.querySelectorAll('.register > tbody > tr')]"
    bare = f"{rows}.filter((row) => !row.querySelector('.row-acts > .acts > a'))"
    heights = page.evaluate(f"{bare}.map((row) => row.getBoundingClientRect().height)")
    assert heights
    assert max(heights) <= 72
    # A row that asks for something has its button on a line of its own.
    buttons = page.locator(".register .row-acts > .acts > a")
    assert buttons.evaluate_all("(all) => Math.min(...all.map((it) => it.clientWidth))") > 44
    page.locator(".register .row-more > summary").first.click()
    assert page.locator(".register .number .under").first.is_visible()
    assert page.get_by_text("下载", exact=True).first.is_visible()
