"""Draws every page with sample data, without the application, and takes its picture.

    python -m tests.look.render OUT [name …]

OUT gets NAME-THEME.html and NAME-SIZE-THEME.png. It is for people who change
the look; it does not ship.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.look.pages import PAGES, SIZES, Look
from tests.look.server import serving, write_page
from tests.support.browser import ARGUMENTS, find_chromium


def picture(page: Page, address: str, look: Look, out: Path, theme: str) -> None:
    """Take the pictures of one page at its sizes."""
    for size in look.sizes:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            print(f"{look.name}: {wide} px wide on a screen of {width}")
        page.screenshot(path=out / f"{look.name}-{size}-{theme}.png", full_page=look.whole)


def main(out: Path, names: list[str]) -> None:
    """Draw the named pages, or all."""
    out.mkdir(parents=True, exist_ok=True)
    with serving(out) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        page = browser.new_page()
        page.on("pageerror", lambda error: print("error:", error))
        for look in PAGES:
            if names and not any(look.name.startswith(name) for name in names):
                continue
            for theme in look.themes:
                picture(page, f"{base}/{write_page(look, out, theme)}", look, out, theme)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
