"""Every page, drawn with sample data: axe finds nothing, nothing sticks out, targets are big."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.look.pages import PAGES, SIZES, Look
from tests.look.server import serving, write_page

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


@pytest.fixture
def show(
    visitor: Callable[..., Any], folder: Path, address: str
) -> Callable[[Look, str, str], Page]:
    """Draw a page and open it at a size."""

    def at(look: Look, size: str, theme: str) -> Page:
        width, height = SIZES[size]
        page: Page = visitor("desk", viewport={"width": width, "height": height}).page()
        page.goto(f"{address}/{write_page(look, folder, theme)}")
        if look.template.startswith("judge/"):
            page.wait_for_load_state("networkidle")
        return page

    return at


def each(*faces: str) -> list[Any]:
    """Every page at every size and theme, of the given folders of templates."""
    return [
        pytest.param(look, size, theme, id=f"{look.name}-{size}-{theme}")
        for look in PAGES
        for size in look.sizes
        for theme in look.themes
        if not faces or look.template.split("/")[0] in faces
    ]


@pytest.mark.parametrize(("look", "size", "theme"), each())
def test_axe_finds_nothing_and_nothing_sticks_out(
    show: Callable[[Look, str, str], Page], look: Look, size: str, theme: str
) -> None:
    page = show(look, size, theme)
    # Dark differs from light in colours alone.
    rules = {"runOnly": ["color-contrast"]} if theme == "dark" else {}
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


@pytest.mark.parametrize(("look", "size", "theme"), each("judge"))
def test_a_judge_can_hit_every_target_with_a_glove(
    show: Callable[[Look, str, str], Page], look: Look, size: str, theme: str
) -> None:
    assert show(look, size, theme).evaluate(SMALL_TARGETS) == []
