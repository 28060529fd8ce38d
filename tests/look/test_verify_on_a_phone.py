"""A certificate looked up on a phone: each label of its face stands on one line."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.look import verify_samples as verify
from tests.look.look import Look
from tests.look.server import opened

LINES = """() => [...document.querySelectorAll(".pairs.aligned dt")].map((label) => [
  label.innerText, Math.round(label.clientHeight / parseFloat(getComputedStyle(label).lineHeight)),
])"""


def test_a_label_stands_on_one_line(chromium: Browser, tmp_path: Path) -> None:
    look = Look("valid", "public/verify.html", verify.verify_valid, ("phone",))
    with opened(look, chromium, tmp_path, viewport={"width": 390, "height": 844}) as page:
        found = dict(page.evaluate(LINES))
    assert found["工种/职业方向"] == 1
    assert set(found.values()) == {1}
