"""Aspects with names of sixty characters: a name takes more lines, a mark never does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from compete.domain.aspects.types import AspectType
from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import aspect
from tests.browser.tablet.tablet import Tablet

LONG = (
    "吊装定位精度与全过程安全文明生产（含劳动防护用品穿戴、作业前检查、"
    "指挥信号确认、收尾归位和现场清理以及作业记录填写）"
)
CHECKS = ["安全帽戴好", "手套戴好", "工作服扣好", "工具清点"]
BANDS = [{"within": "10", "marks": "40"}, {"within": "20", "marks": "7"}]
# Of each type keys of its own and a value that it takes.
SEEN: dict[AspectType, tuple[dict[str, Any], Any]] = {
    AspectType.SCORE: ({}, "33.50"),
    AspectType.JUDGEMENT: ({}, "2"),
    AspectType.MEASUREMENT: ({"bands": BANDS, "unit": "毫米"}, "14.75"),
    AspectType.CHECKLIST: ({"checks": CHECKS}, "3"),
    AspectType.DEDUCTION: ({"points": "0.25"}, "12"),
    AspectType.TIME: ({"full_at": "480", "zero_at": "5800"}, "3599.75"),
    AspectType.RELATIVE: ({"unit": "千克"}, "12345.75"),
    AspectType.FACTORED: ({"top": "10", "difficulties": ["1.25", "4"]}, "7.25"),
}
# Marks whose text stands on several lines, or past the edge of what holds them.
BROKEN = """() => [...document.querySelectorAll(
  ".got, .tile-got, .tile .value, .score .value, .measured .value, .watched .value, .count")]
  .filter((each) => each.checkVisibility() && each.textContent.trim())
  .filter((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    const boxes = [...range.getClientRects()].filter(({ width }) => width);
    const lines = Math.max(...boxes.map(({ top }) => top)) > Math.min(
      ...boxes.map(({ bottom }) => bottom));
    const edge = each.closest(".tile, .control, .ladder").getBoundingClientRect().right;
    return lines || boxes.some(({ right }) => right > edge);
  })
  .map((each) => each.outerHTML)"""

WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth)
  .map((each) => each.outerHTML.slice(0, 200))"""


SIZES = [(768, 1024), (1024, 768), (390, 844)]


def test_a_long_name_never_breaks_a_mark(
    visitor: Callable[..., Any], hall: Hall, picture: Callable[..., Any]
) -> None:
    assert set(SEEN) == set(AspectType)
    aspects = [
        aspect(kind.value, LONG, kind.value, "40", **keys) for kind, (keys, _) in SEEN.items()
    ]
    hall.add_sheet({"id": "long", "code": "K-44", "aspects": aspects})
    tablet = Tablet(visitor("tablet").page(), hall).open_sheet("long")
    # An open keypad folds the rest, and everything marked folds it all.
    marks = [
        {"uuid": kind.value, "sheet": "long", "kind": "mark", "aspect": kind.value, "value": value}
        for kind, (_, value) in SEEN.items()
    ]
    sound(tablet, "fresh", picture)
    hall.take({"acts": marks[1:]})
    tablet.open_sheet("long")
    sound(tablet, "open", picture)
    hall.take({"acts": marks[:1]})
    tablet.open_sheet("long")
    expect(tablet.page.locator(".tile:visible")).to_have_count(len(AspectType))
    sound(tablet, "folded", picture)


def sound(tablet: Tablet, name: str, picture: Callable[..., Any]) -> None:
    """At every size no mark is broken, and nothing is wider than the screen."""
    for width, height in SIZES:
        tablet.page.set_viewport_size({"width": width, "height": height})
        picture(tablet.page, f"judge-long-{name}-{width}", full_page=True)
        assert tablet.page.evaluate(BROKEN) == [], width
        assert tablet.page.evaluate(WIDER) == [], width
