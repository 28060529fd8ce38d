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
