"""Names of sixty characters on the screens of a hall: nobody is there to scroll."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.look.pages import PAGES
from tests.look.server import serving, write_page

LONG = "港" * 60


def longer(value: Any) -> Any:
    """The same sample with a long name for each name in it."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(value, **longer(named))
    if isinstance(value, dict):
        return {
            key: LONG if key == "name" and isinstance(each, str) else longer(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return type(value)(longer(each) for each in value)
    return value


@pytest.mark.parametrize("name", ["wall", "hall-named"])
def test_a_hall_screen_holds_long_names(name: str, chromium: Browser, tmp_path: Path) -> None:
    look = next(look for look in PAGES if look.name == name)
    long = replace(look, sample=lambda: longer(look.sample()))
    with serving(tmp_path) as address:
        page = chromium.new_page(viewport={"width": 1024, "height": 768})
        page.goto(f"{address}/{write_page(long, tmp_path, 'light')}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        ) == [1024, 768]
        page.close()


def test_a_cut_name_on_the_wall_leaves_us_and_the_flag_in_sight(
    chromium: Browser, tmp_path: Path
) -> None:
    look = next(look for look in PAGES if look.name == "wall")
    long = replace(look, sample=lambda: longer(look.sample()))
    with serving(tmp_path) as address:
        page = chromium.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(f"{address}/{write_page(long, tmp_path, 'light')}")
        page.wait_for_load_state("networkidle")
        rooms = page.locator(".wall .code :is(.wall-us, .wall-flag):visible").evaluate_all(
            """(all) => all.map((each) => each.closest("th").getBoundingClientRect().right
              - each.getBoundingClientRect().right)"""
        )
        assert len(rooms) > 1
        assert min(rooms) >= 0
        page.close()


def long_cell(sample: dict[str, Any]) -> dict[str, Any]:
    """The preview of a workbook in whose first row one cell has 3,000 characters.

    In a row that is refused the wrong cell is a field, and takes the lines that it takes.
    """
    row, *others = (row for row in sample["rows"] if row.state != "refused")
    cells = dict(row.cells) | {"unit": replace(row.cells["unit"], text="港" * 3000)}
    return sample | {"rows": [replace(row, cells=cells), *others]}


def test_one_long_cell_of_a_preview_squeezes_no_other(chromium: Browser, tmp_path: Path) -> None:
    look = next(look for look in PAGES if look.name == "import-preview")
    long = replace(look, sample=lambda: long_cell(dict(look.sample())))
    first = "document.querySelectorAll('.preview tbody tr:first-child td')"
    with serving(tmp_path) as address:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/{write_page(long, tmp_path, 'light')}")
        lines = page.evaluate(
            f"""[...{first}].map((cell) => {{
              const range = document.createRange();
              range.selectNodeContents(cell);
              return new Set([...range.getClientRects()].map(({{top}}) => Math.round(top))).size;
            }})"""
        )
        # Number, state, name, ID number, unit, group, grade, why.
        assert lines[2:4] + lines[5:7] == [1, 1, 1, 1], lines
        page.set_viewport_size({"width": 390, "height": 844})
        unit, row = page.evaluate(
            f"[{first}[4], {first}[4].parentElement].map((e) => e.getBoundingClientRect().width)"
        )
        assert unit > row * 0.8
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.close()


def test_the_button_of_a_modules_new_scheme_ends_with_the_page(
    chromium: Browser, tmp_path: Path
) -> None:
    look = next(look for look in PAGES if look.name == "event-rules-scheme")
    with serving(tmp_path) as address:
        page = chromium.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{address}/{write_page(look, tmp_path, 'light')}")
        button = page.locator("button[value^='take:'] span").first
        button.evaluate(f"each => each.textContent = '{LONG}'")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.close()


@pytest.mark.parametrize("width", [1024, 1150, 1210, 1280, 1440])
def test_long_names_cut_no_column_of_the_standings_off(
    width: int, chromium: Browser, tmp_path: Path
) -> None:
    look = next(look for look in PAGES if look.name == "standings")
    long = replace(look, sample=lambda: longer(look.sample()))
    with serving(tmp_path) as address:
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{address}/{write_page(long, tmp_path, 'light')}")
        wrap = page.locator(".standings").locator("xpath=..")
        seen, wanted = wrap.evaluate("(each) => [each.clientWidth, each.scrollWidth]")
        assert wanted <= seen
        page.close()
