"""The tabs of published results on a phone: no line of them ends in an empty corner."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from compete.web.public.results_shapes import Tab
from tests.look import public_samples as public
from tests.look.look import Look
from tests.look.server import opened

# Of each line of a row of tabs where it begins and ends, within the row's own frame.
LINES = """() => [...document.querySelectorAll(".segments")].map((row) => {
  const frame = row.getBoundingClientRect(), lines = new Map();
  for (const each of row.children) {
    const box = each.getBoundingClientRect(), top = Math.round(box.top);
    const [left, right] = lines.get(top) || [Infinity, 0];
    lines.set(top, [Math.min(left, box.left - frame.left),
                    Math.max(right, box.right - frame.right)]);
  }
  return [...lines.values()].map(([left, right]) => [Math.round(left), Math.round(right)]);
})"""
CHINESE = ("个人 46", "团体 11", "单位排名 12", "获奖和荣誉 40")
TABS: dict[str, Sequence[str]] = {
    "four": CHINESE,
    "many": ("个人 1046", "绕桩", "窄门", "堆码", "装卸", "团体 211", "单位排名 212", "获奖 640"),
    "english": ("People 46", "Teams 11", "Unit ranking 12", "Awards and honours 40"),
    "long": (*CHINESE, "起重装卸机械操作工（港口门座起重机司机）理论知识和实际操作综合单项"),
}


def _page(labels: Sequence[str]) -> dict[str, Any]:
    tabs = [
        Tab(key="item-1", label=label, count=0, url="#", current=place == 1)
        for place, label in enumerate(labels)
    ]
    return {**public.standings(), "tabs": tabs}


@pytest.mark.parametrize("which", TABS)
def test_each_line_of_tabs_is_full(which: str, chromium: Browser, tmp_path: Path) -> None:
    look = Look(which, "public/standings.html", lambda: _page(TABS[which]), ("phone",))
    with opened(look, chromium, tmp_path, viewport={"width": 390, "height": 844}) as page:
        (lines,) = page.evaluate(LINES)
        wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide == 390
    assert all(left <= 1 and right >= -1 for left, right in lines)
    if which == "four":
        assert len(lines) == 1
