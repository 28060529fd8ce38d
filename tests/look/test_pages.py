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
    ".num,.unbroken,time,.chip,.state,.expander,dt,dd,.got,.value,.row,.areas";
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
    ...document.querySelectorAll(".table-wrap:not(.trend-wrap, .plan-wrap)")]
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
    overflows = {"as they are": page.evaluate(TOO_WIDE), "opened": page.evaluate(OPENED)}
    # Figures and times of a contestant's page stay short.
    if not look.address.startswith("/c/"):
        page.evaluate(LONGER)
        overflows["longer"] = page.evaluate(TOO_WIDE)
        overflows["upright"] = page.evaluate(UPRIGHT)
    return {texts: wide for texts, wide in overflows.items() if wide}


def unsound(
    page: Page, look: Look, size: str, rules: tuple[str, ...] = (), *, resized: bool = False
) -> dict[str, Any]:
    """What is wrong with the open page as it is; of all that axe asks, or of these rules."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    faults = {
        "axe": violations(page, rules, resized=resized),
        "glued": page.evaluate(GLUED),
        "spilling": page.evaluate(SPILLING),
        "too wide": [wide] if wide > SIZES[size][0] else [],
        # A judge wears gloves.
        "small": page.evaluate(SMALL_TARGETS) if look.address.startswith("/judge/") else [],
    }
    return {what: where for what, where in faults.items() if where}


@pytest.mark.parametrize("look", PAGES, ids=lambda look: look.name)
def test_axe_finds_nothing_and_nothing_sticks_out(shown: Screen, look: Look) -> None:
    first, *others = look.sizes
    page = shown.open(look, first, look.themes[0])
    faults = {first: unsound(page, look, first)}
    for size in others:
        shown.resize(size)
        faults[size] = unsound(page, look, size, resized=True)
    for theme in look.themes[1:]:
        # It differs from light in colours alone: it is looked at in one size, without loading.
        shown.resize(first)
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        faults[theme] = unsound(page, look, first, ("color-contrast",))
    # The hall's screen has one size.
    if first != "hall":
        faults["smallest"] = sticking_out(page, look)
    assert {where: what for where, what in faults.items() if what} == {}


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("/desk/RESCUE-2022/standings", "desk"),
        ("/desk/RESCUE-2022/standings", "wide"),
        ("/desk/X/certificates", "tall"),
    ],
)
def test_every_column_is_seen_on_a_desk_and_on_a_tablet(
    shown: Screen, address: str, size: str
) -> None:
    """What opens a row, takes a certificate back or issues it anew stands in the last column."""
    assert shown.open(Look(address), size).evaluate(TOO_WIDE) == []


def test_a_judges_page_follows_the_system_until_somebody_chooses(shown: Screen) -> None:
    page = shown.open(Look("/judge/", "J1"), "wide", "auto")
    paper = "getComputedStyle(document.body).backgroundColor"
    colours = {}
    for system in ("light", "dark"):
        page.emulate_media(color_scheme=system)
        colours[system] = page.evaluate(paper)
    page.emulate_media(color_scheme="null")
    assert page.locator("html").get_attribute("data-theme") == "auto"
    assert colours["light"] != colours["dark"]


def test_a_button_that_names_somebody_keeps_to_a_phone(shown: Screen) -> None:
    """“收回” and a name of 60 letters once made the page twice as wide as the screen."""
    page = shown.open(Look("/desk/X/recheck"), "phone")
    page.evaluate("""() => {
      const made = document.createElement("button");
      made.className = "button danger large";
      made.textContent = `收回${"A".repeat(60)}的组委会职责`;
      document.querySelector("main").append(made);
    }""")
    assert page.evaluate(TOO_WIDE) == []


def test_a_square_of_the_second_look_is_one_line_and_its_figures_on_a_phone(shown: Screen) -> None:
    page = shown.open(Look("/desk/L/labour/periods/一月/second-look", "looker"), "phone")
    rows = page.locator(".looked-rows tbody tr")
    assert rows.count()
    for row in rows.all():
        tops = [
            (row.locator(which).bounding_box() or {})["y"]
            for which in ("td >> nth=0", "th", "td:has(.chip)")
        ]
        assert max(tops) - min(tops) < 2
        assert (row.bounding_box() or {})["height"] < 150
    shown.resize("tall")
    heights = page.locator(".looked-rows .chip").evaluate_all(
        "(all) => all.map((e) => e.clientHeight)"
    )
    assert max(heights) < 34, "不一致 once broke in two"


def test_an_error_under_one_field_leaves_its_neighbours_in_line(shown: Screen) -> None:
    shown.visitor.expect("400")
    page = shown.open(Look("/desk/NEXT/entrants/new"), "desk")
    page.evaluate("document.querySelector('.person-form').noValidate = true")
    page.locator(".person-form [name=id_number]").fill("123")
    page.locator(".person-form [name=name]").fill("王一")
    page.locator(".person-form [name=unit]").select_option(index=1)
    page.get_by_role("button", name="加进名单", exact=True).click()
    fields = page.locator(".person-form :is(input, select)")
    page.locator(".person-form .field-error").first.wait_for()
    page.wait_for_load_state("networkidle")
    boxes = [field.bounding_box() for field in fields.all()[:4]]
    assert len({box and (box["y"], box["height"]) for box in boxes}) == 1
    # What a list cuts off stands under it and takes nothing from its width.
    unit = page.locator(".person-form select").first
    width = unit.evaluate("each => each.clientWidth")
    unit.evaluate("""each => {
      each.selectedOptions[0].textContent = "长江航道局第一工程有限公司".repeat(4);
      each.dispatchEvent(new Event("change", { bubbles: true }));
    }""")
    whole = page.locator(".person-form .chosen-whole").bounding_box()
    list_box = unit.bounding_box()
    assert unit.evaluate("each => each.clientWidth") == width
    assert list_box
    assert whole
    assert whole["y"] >= list_box["y"] + list_box["height"]


def test_a_contestant_keeps_the_result_as_a_picture(shown: Screen) -> None:
    page = shown.open(Look("/c/{contestant}", ""), "small")
    # Chips beside the name leave it its room: it does not stand letter under letter.
    page.locator(".result-top h1").evaluate("each => { each.append('长'.repeat(24)); }")
    assert page.locator(".result-top h1").evaluate("each => each.clientWidth") > 100
    page.get_by_role("button", name="存成图片").click()
    picture = page.get_by_role("dialog").get_by_role("img")
    picture.wait_for()
    wait_on_page(page, "document.querySelector('dialog img').naturalWidth === 1080")
    with page.expect_download() as kept:
        page.get_by_role("link", name="存下来").click()
    assert kept.value.suggested_filename == "P2.png"
    # The long name took two lines, so the card is taller than the one of three.
    assert page.evaluate("document.querySelector('dialog img').naturalHeight") > 1100


def test_headings_of_the_labour_grid_are_read_in_the_dark(shown: Screen) -> None:
    """The grid's own stylesheet came after ours and made them light grey on light grey."""
    page = shown.open(Look("/labour-entry/L?period=二月", "recorder"), "desk", "dark")
    page.locator(".tabulator-col-title").first.wait_for()
    assert violations(page, ("color-contrast",)) == []
