"""Browser: real pages in the system's Chromium, at the sizes that our readers use."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Response,
    expect,
    sync_playwright,
)

PICTURES = Path(__file__).resolve().parents[1] / "browser" / "pictures"
# Wait for what a page shows in the end; how soon is measured elsewhere.
expect.set_options(timeout=20_000)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WINDOWLESS = "chromium-headless-shell"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    # Pages that live for a second gain nothing by what is optimised later.
    "--js-flags=--no-opt,--no-maglev",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "tablet": {"viewport": {"width": 1180, "height": 820}, "has_touch": True},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}

# What the console says of a form that the server could not take.
HALF_TYPED = "responded with a status of 400"
SETTINGS: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}

# Dark differs from light in colours alone: both sizes and both themes are seen, but not
# each with each.
each_look = pytest.mark.parametrize(
    ("size", "theme"),
    [
        pytest.param((768, 1024), "light", id="upright-light"),
        pytest.param((1024, 768), "dark", id="across-dark"),
    ],
)


def find_chromium(*, windows: bool = False) -> str | None:
    """Find the program at `COMPETE_CHROMIUM`, or the first of the usual names on the path.

    Chromium without `windows`, where it is installed, is the same engine at a third of
    the cost. A profile that is kept and a root certificate of the system want the whole.
    """
    named = os.environ.get("COMPETE_CHROMIUM")
    if named:
        return named
    names = NAMES if windows else (WINDOWLESS, *NAMES)
    return next((path for path in map(shutil.which, names) if path), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    if os.environ.get("COMPETE_WITHOUT_BROWSER") == "1":
        pytest.skip("COMPETE_WITHOUT_BROWSER=1: the tests of real pages were left out")
    program = find_chromium()
    if program is None:
        pytest.fail(
            "no Chromium on this machine: install it, name it in COMPETE_CHROMIUM, "
            "or leave these tests out with COMPETE_WITHOUT_BROWSER=1"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def wait_on_page(page: Page, script: str, arg: Any = None, seconds: float = 60) -> None:
    """Return as soon as `script` is true on the page; fail naming it after so many seconds.

    Asked from out here: Playwright's own `wait_for_function` asks again with `eval`, which
    the content policy of our pages refuses, so it is right only where it is true at once.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(script, arg):
        assert time.monotonic() < end, f"waited {seconds} s in vain for {script}"
        page.wait_for_timeout(20)


def rest(page: Page) -> None:
    """Rest long enough for what was typed to be sent, on a page whose clock is ours."""
    page.clock.fast_forward(4_500)


class Visitor:
    """A person with a device: a context of its own, and what went wrong on its pages."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.expected: list[re.Pattern[str]] = []
        self._half_typed = 0
        context.on("page", self._listen)
        context.on("response", self._count_half_typed)

    def page(self) -> Page:
        """A new page."""
        return self.context.new_page()

    def expect(self, pattern: str) -> None:
        """Expect complaints that match, such as a request made while offline."""
        self.expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """List errors of scripts and of the console that no test announced."""
        left = [
            text
            for text in self.complaints
            if not any(pattern.search(text) for pattern in self.expected)
        ]
        for text in [text for text in left if HALF_TYPED in text][: self._half_typed]:
            left.remove(text)
        return left

    def _count_half_typed(self, response: Response) -> None:
        # A form that is saved as it is typed may be sent while a row is half filled.
        if response.status == 400 and response.request.headers.get("x-typed") == "1":
            self._half_typed += 1

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(f"{page.url}: {message.text}")
                if message.type == "error"
                else None
            ),
        )


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Make a visitor: `visitor("tablet")`; more options go to Chromium's context.

    At the end of the test, an error in a script, a refused content policy or a
    missing file on any page fails it.
    """
    met: list[Visitor] = []

    def make(size: str = "desk", **options: Any) -> Visitor:
        settings = SETTINGS | SIZES[size] | options
        met.append(Visitor(chromium.new_context(**settings)))
        return met[-1]

    yield make
    complaints = [text for known in met for text in known.unexpected()]
    for known in met:
        known.context.close()
    assert complaints == []


@pytest.fixture
def picture() -> Callable[..., Path]:
    """Keep a picture of a page: `picture(page, "judge-sheet-tablet")`; gives its path.

    People look at it, no test does: it is taken where COMPETE_TEST_PICTURES=1 asks for it.
    """

    def take(page: Page, name: str, *, full_page: bool = True) -> Path:
        path = PICTURES / f"{name}.png"
        if os.environ.get("COMPETE_TEST_PICTURES") != "1":
            return path
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=full_page, animations="disabled")
        return path

    return take


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests of real pages as such."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
