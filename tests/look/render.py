"""Takes pictures of every page of a filled house: `python -m tests.look.render OUT [NAME…]`.

OUT gets NAME-SIZE-THEME.png. It is for people who change the look; it does not ship.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from compete.config import KEY_FILES
from compete.data_folder import new_key
from tests.look.house import House, Screen, fill, screen_of
from tests.look.look import Look
from tests.look.pages import PAGES
from tests.support.application import lay_keys
from tests.support.browser import ARGUMENTS, find_chromium
from tests.support.databases import migrate


def pictures(screen: Screen, look: Look, out: Path) -> None:
    """One page at its sizes and in its themes."""
    for theme in look.themes:
        for size in look.sizes:
            page = screen.open(look, size, theme)
            page.wait_for_load_state("networkidle")
            name = f"{look.name}-{size}-{theme}.png"
            page.screenshot(path=out / name, full_page=not look.by_script)
            screen.forget()


def main(out: Path, names: list[str]) -> None:
    """Pictures of the pages whose names begin so, or of all."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        migrate(f"sqlite:///{folder / 'compete.sqlite'}", folder)
        lay_keys(folder, {file: new_key() for file in KEY_FILES.values()})
        fill(folder)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        with screen_of(House(folder), browser) as screen:
            for look in PAGES:
                if not names or look.name.startswith(tuple(names)):
                    pictures(screen, look, out)
            print(*screen.visitor.unexpected(), sep="\n")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
