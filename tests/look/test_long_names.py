"""Names of sixty characters on the screens of a hall, where nobody scrolls, and on the desk."""

from __future__ import annotations

import pytest

from tests.look.filling import LONG
from tests.look.house import Screen
from tests.look.look import Look

BOARD = Look("/hall/LONG/{long-board}", "")
WALL = Look("/p/LONG-YEAR/wall", "")


@pytest.mark.parametrize("look", [BOARD, WALL], ids=["board", "wall"])
def test_a_hall_screen_holds_long_names(shown: Screen, look: Look) -> None:
    page = shown.open(look, "wide")
    page.wait_for_load_state("networkidle")
    assert LONG[:20] in page.locator("main").inner_text()
    assert page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    ) == [1024, 768]


def test_a_cut_name_on_the_wall_leaves_the_flag_in_sight(shown: Screen) -> None:
    page = shown.open(WALL, "hall")
    page.wait_for_load_state("networkidle")
    rooms = page.locator(".wall .code :is(.wall-us, .wall-flag):visible").evaluate_all(
        """(all) => all.map((each) => each.closest("th").getBoundingClientRect().right
          - each.getBoundingClientRect().right)"""
    )
    assert rooms
    assert min(rooms) >= 0


def test_names_and_totals_of_the_wall_are_seen_on_a_phone(shown: Screen) -> None:
    page = shown.open(Look("/p/LB-2022/wall", ""), "phone")
    page.wait_for_load_state("networkidle")
    cut = "(all) => all.filter((it) => it.scrollWidth > it.clientWidth + 1).length"
    names = page.locator(".wall-name > b:visible")
    assert names.count() > 3
    assert names.evaluate_all(cut) == 0
    totals = page.locator(".hall-table tbody td:last-child:visible")
    over = "(all) => all.filter((it) => it.getBoundingClientRect().right > innerWidth).length"
    assert totals.evaluate_all(over) == 0


def test_long_names_cut_no_column_of_the_standings_off(shown: Screen) -> None:
    page = shown.open(Look("/desk/LONG/standings"), "desk")
    for width in (1024, 1150, 1210, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        wrap = page.locator(".standings").locator("xpath=..")
        seen, wanted = wrap.evaluate("(each) => [each.clientWidth, each.scrollWidth]")
        assert wanted <= seen, width


def test_one_long_cell_of_a_preview_squeezes_no_other(shown: Screen) -> None:
    page = shown.open(Look("/desk/NEXT/entrants/upload/{batch}"), "desk")
    first = "document.querySelectorAll('.preview tbody tr:first-child td')"
    page.evaluate(
        f"""(text) => {{
          {first}[4].innerHTML = `<details class="long"><summary>${{text.slice(0, 60)}}…</summary>
            ${{text}}</details>`;
        }}""",
        "港" * 3000,
    )
    lines = page.evaluate(
        f"""[...{first}].map((cell) => {{
          const range = document.createRange();
          range.selectNodeContents(cell);
          return new Set([...range.getClientRects()].map(({{top}}) => Math.round(top))).size;
        }})"""
    )
    # Number, state, name, ID number, unit, group, grade, why.
    assert max(lines[2:4] + lines[5:7]) == 1, lines
    shown.resize("phone")
    unit, row = page.evaluate(
        f"[{first}[4], {first}[4].parentElement].map((e) => e.getBoundingClientRect().width)"
    )
    assert unit > row * 0.8
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_long_names_leave_the_other_columns_their_room_on_a_tablet(shown: Screen) -> None:
    """A unit's name of 60 signs once left its competition a column of one sign."""
    page = shown.open(Look("/desk/organisations/units"), "tall")
    link = page.locator(".connecting td a").first
    assert link.evaluate("each => each.closest('td').clientWidth") > 100


def test_long_names_of_parties_leave_every_share_in_sight_on_the_big_screen(shown: Screen) -> None:
    """Nobody scrolls there; locks once shrank to dots, and the last share was cut off."""
    page = shown.open(Look("/desk/DRAWN/draws/{ceremony}/hall"), "hall")
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
