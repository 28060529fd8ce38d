"""A certificate looked up on a phone: each label of its face stands on one line."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.look import verify_samples as verify
from tests.look.look import Look
from tests.look.server import serving, write_page
from tests.support.browser import SETTINGS

LINES = """() => [...document.querySelectorAll(".pairs.aligned dt")].map((label) => [
  label.innerText, Math.round(label.clientHeight / parseFloat(getComputedStyle(label).lineHeight)),
])"""


def test_a_label_stands_on_one_line(chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context(**SETTINGS, viewport={"width": 390, "height": 844})
    page = context.new_page()
    look = Look("valid", "public/verify.html", verify.verify_valid, ("phone",))
    with serving(tmp_path) as address:
        page.goto(f"{address}/{write_page(look, tmp_path, 'light')}")
        found = dict(page.evaluate(LINES))
    context.close()
    assert found["工种/职业方向"] == 1
    assert set(found.values()) == {1}
