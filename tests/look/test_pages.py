"""Every page, drawn with sample data: axe finds nothing, nothing sticks out, targets are big."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.look.pages import PAGES, SIZES, Look
from tests.look.server import serving, write_page
from tests.support.axe import violations
from tests.support.browser import SETTINGS, Visitor, wait_on_page
from tests.support.browser import SIZES as DEVICES

SMALL_TARGETS = """() => [...document.querySelectorAll(
  'main a[href], main button, main input:not([type=hidden]), main summary, .bar button')]
  .filter((each) => each.checkVisibility() && !each.closest('.tick, .ticks, p, dd, .hint'))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.height < 48 && !each.closest('label'))
  .map(([each, box]) => `${each.tagName} ${each.className} ${Math.round(box.height)}`)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("look")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serving(folder) as found:
        yield found


class Shown:
    """A page that is open, at one size after another."""

    def __init__(self, visitor: Visitor, folder: Path, address: str) -> None:
        self.page: Page = visitor.page()
        self.visitor = visitor
        self._folder, self._address = folder, address
        self._tools: CDPSession = visitor.context.new_cdp_session(self.page)

    def resize(self, size: str) -> None:
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})

    def open(self, look: Look, size: str, theme: str) -> Page:
        """Draw a page and open it at a size."""
        self.resize(size)
        self.page.goto(f"{self._address}/{write_page(look, self._folder, theme)}")
        if look.template.startswith(("judge/", "check_in/")):
            self.page.wait_for_load_state("networkidle")
        return self.page

    def forget(self) -> None:
        """What a page left in the browser is not there for the next one."""
        self.page.goto("about:blank")
        self.visitor.context.clear_cookies()
        kinds = {"origin": self._address, "storageTypes": "all"}
        self._tools.send("Storage.clearDataForOrigin", kinds)


@pytest.fixture(scope="module")
def screen(chromium: Browser, folder: Path, address: str) -> Iterator[Shown]:
    """One screen for all pages: another process for each would cost more than the page."""
    visitor = Visitor(chromium.new_context(**SETTINGS, **DEVICES["desk"]))
    yield Shown(visitor, folder, address)
    visitor.context.close()


@pytest.fixture
def shown(screen: Shown) -> Iterator[Shown]:
    yield screen
    screen.forget()
    complaints = screen.visitor.unexpected()
    screen.visitor.complaints.clear()
    assert complaints == []


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
    # A contestant's page has long samples of its own: its figures and times stay short.
    if look.template != "public/contestant.html":
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
        "small": page.evaluate(SMALL_TARGETS) if look.template.startswith("judge/") else [],
    }
    return {what: where for what, where in found.items() if where}


@pytest.mark.parametrize("look", PAGES, ids=lambda look: look.name)
def test_axe_finds_nothing_and_nothing_sticks_out(shown: Shown, look: Look) -> None:
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


@pytest.mark.parametrize(
    ("name", "size"),
    [("standings-wide", "desk"), ("standings-wide", "wide"), ("certificates", "tall")],
)
def test_every_column_is_seen_on_a_desk_and_on_a_tablet(shown: Shown, name: str, size: str) -> None:
    """What opens a row, takes a certificate back or issues it anew stands in the last column."""
    look = next(each for each in PAGES if each.name == name)
    assert shown.open(look, size, "light").evaluate(TOO_WIDE) == []


def test_a_judges_page_follows_the_system_until_somebody_chooses(shown: Shown) -> None:
    look = next(each for each in PAGES if each.name == "judge-home")
    page = shown.open(look, "wide", "auto")
    paper = "getComputedStyle(document.body).backgroundColor"
    colours = {}
    for system in ("light", "dark"):
        page.emulate_media(color_scheme=system)
        colours[system] = page.evaluate(paper)
    page.emulate_media(color_scheme="null")
    assert page.locator("html").get_attribute("data-theme") == "auto"
    assert colours["light"] != colours["dark"]


def test_a_button_that_names_somebody_keeps_to_a_phone(shown: Shown) -> None:
    """“收回” and a name of 60 letters once made the page twice as wide as the screen."""
    look = next(each for each in PAGES if "recheck" in each.name or "lock" in each.name)
    page = shown.open(look, "phone", "light")
    page.evaluate("""() => {
      const made = document.createElement("button");
      made.className = "button danger large";
      made.textContent = `收回${"A".repeat(60)}的组委会职责`;
      document.querySelector("main").append(made);
    }""")
    assert page.evaluate(TOO_WIDE) == []


def test_a_square_of_the_second_look_is_one_line_and_its_figures_on_a_phone(shown: Shown) -> None:
    look = next(each for each in PAGES if each.name == "second-look")
    page = shown.open(look, "phone", "light")
    rows = page.locator(".looked-rows tbody tr")
    for row in rows.all():
        tops = [
            (row.locator(which).bounding_box() or {})["y"]
            for which in ("td >> nth=0", "th", "td:has(.chip)")
        ]
        assert max(tops) - min(tops) < 2
        assert (row.bounding_box() or {})["height"] < 150
    page = shown.open(look, "tall", "light")
    heights = page.locator(".looked-rows .chip").evaluate_all(
        "(all) => all.map((e) => e.clientHeight)"
    )
    assert max(heights) < 34, "不一致 once broke in two"


def test_long_names_leave_the_other_columns_their_room_on_a_tablet(shown: Shown) -> None:
    """A unit's name of 60 signs once left its competition a column of one sign."""
    look = next(each for each in PAGES if each.name == "organisation-units")
    page = shown.open(look, "tall", "light")
    page.evaluate(LONGER)
    link = page.locator(".connecting td a").first
    assert link.evaluate("each => each.closest('td').clientWidth") > 100


def test_long_names_of_parties_leave_every_share_in_sight_on_the_big_screen(shown: Shown) -> None:
    """Nobody scrolls there; locks once shrank to dots, and the last share was cut off."""
    look = next(each for each in PAGES if each.name == "hall-draw")
    page = shown.open(look, "hall", "light")
    page.evaluate("""() => {
      for (const each of document.querySelectorAll(".draw-shares [data-part=name], .draw-shares b"))
        each.textContent = "长江航道局第一工程有限公司设备管理中心".repeat(3);
    }""")
    end, last, *locks = page.evaluate("""() => {
      const box = (each) => document.querySelector(each).getBoundingClientRect();
      const locks = [...document.querySelectorAll(".draw-shares .icon")];
      return [box(".draw-left").bottom, box(".draw-shares li:last-child b").bottom,
        ...locks.filter((each) => each.checkVisibility()).map((each) => each.clientWidth)];
    }""")
    assert last <= end
    assert min(locks) > 15


def test_an_error_under_one_field_leaves_its_neighbours_in_line(shown: Shown) -> None:
    look = next(each for each in PAGES if each.name == "entrant-add")
    page = shown.open(look, "desk", "light")
    fields = page.locator(".person-form :is(input, select)")
    boxes = [each.bounding_box() for each in fields.all()[:4]]
    assert page.locator(".person-form .field-error").count() == 1
    assert len({box and (box["y"], box["height"]) for box in boxes}) == 1
    # What a list cuts off stands under it and takes nothing from its width.
    unit = page.locator(".person-form select").first
    width = unit.evaluate("each => each.clientWidth")
    unit.evaluate("""each => {
      each.selectedOptions[0].textContent = "长江航道局第一工程有限公司".repeat(4);
      each.dispatchEvent(new Event("change", { bubbles: true }));
    }""")
    (list_box, whole) = (
        each.bounding_box() for each in (unit, page.locator(".person-form .chosen-whole"))
    )
    assert unit.evaluate("each => each.clientWidth") == width
    assert list_box
    assert whole
    assert whole["y"] >= list_box["y"] + list_box["height"]


def test_a_contestant_keeps_the_result_as_a_picture(shown: Shown) -> None:
    look = next(each for each in PAGES if each.name == "contestant-long")
    page = shown.open(look, "small", "light")
    # Two chips beside the name leave it its room: it does not stand letter under letter.
    assert page.locator(".result-top h1").evaluate("each => each.clientWidth") > 100
    assert page.locator(".award-cell .award").count() == 3, "each prize has a line of its own"
    page.get_by_role("button", name="存成图片").click()
    picture = page.get_by_role("dialog").get_by_role("img")
    picture.wait_for()
    wait_on_page(page, "document.querySelector('dialog img').naturalWidth === 1080")
    with page.expect_download() as kept:
        page.get_by_role("link", name="存下来").click()
    assert kept.value.suggested_filename == "B21.png"
    # The name of 26 characters took two lines, so the card is taller than the one of three.
    assert page.evaluate("document.querySelector('dialog img').naturalHeight") > 1100


def test_a_site_boards_names_and_totals_are_seen_on_a_phone(shown: Shown) -> None:
    look = next(each for each in PAGES if each.name == "wall")
    page = shown.open(look, "phone", "light")
    cut = "(all) => all.filter((it) => it.scrollWidth > it.clientWidth + 1).length"
    names = page.locator(".wall-name > b:visible")
    assert names.count() > 3
    assert names.evaluate_all(cut) == 0
    totals = page.locator(".hall-table tbody td:last-child:visible")
    over = "(all) => all.filter((it) => it.getBoundingClientRect().right > innerWidth).length"
    assert totals.evaluate_all(over) == 0
