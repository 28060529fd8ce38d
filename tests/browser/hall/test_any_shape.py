"""The big screen in real Chromium: whatever names, modules and stations, nothing hides anything."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, render_template
from playwright.sync_api import Page, Route

from compete.web.hall.views import Shown

# All is as large as the screen is wide: what differs between these two are lines of one pixel.
SIZES = [(1280, 720), (3840, 2160)]
PEOPLE = [
    "李",
    "王建国",
    "欧阳震华",
    "买买提·艾力",
    "古丽米热·阿不都热合曼",
    "古丽米热·阿不都热合曼·吐尔逊江·买买",
    "Maximilian von Württemberg",
    "焊接一班张建国、李志强、王晓燕三人组合队",
]
UNITS = [
    "短",
    "江南港",
    "江苏交通控股有限公司",
    "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿图什市交通运输综合行政执法大队第三中队工会委员会",
]
MODULES = [
    "理论",
    "理论知识",
    "动力电池拆装",
    "整车故障诊断与排除",
    "新能源汽车动力电池系统拆装与故障诊断综合操作（含高压安全防护）",
]
TITLES = [
    "测试",
    "2026年“匠心筑梦·技能强国”交通运输行业新能源汽车维修工（动力电池）职业技能竞赛暨选拔赛",
]
# What is seen of each text in the page, as rectangles of its lines cut to the boxes that hide what
# goes over them. `cut` is a text that is not seen whole and stands whole nowhere else.
LOOK = """() => {
  const texts = [], hidden = [], whole = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, box = node.parentElement;
    const text = node.textContent.trim();
    if (!text || !box.getClientRects().length) continue;
    if (box.closest("script, template, .spoken")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let goesOn = false;
    // A line's rectangle has the height of the typeface; its signs stand in the middle of it.
    const size = parseFloat(getComputedStyle(box).fontSize);
    const lines = [...range.getClientRects()].filter((line) => line.width && line.height)
      .map(({ left, right, top, height }) => {
        const first = top + (height - size) / 2;
        return { left, right, top: first, bottom: first + size, height: size };
      });
    for (const line of lines) {
      const seen = { left: line.left, top: line.top, right: line.right, bottom: line.bottom };
      for (let up = box; up; up = up.parentElement) {
        const style = getComputedStyle(up), edge = up.getBoundingClientRect();
        if (style.overflowX === "visible" && up !== document.body) continue;
        seen.left = Math.max(seen.left, edge.left); seen.right = Math.min(seen.right, edge.right);
        seen.top = Math.max(seen.top, edge.top); seen.bottom = Math.min(seen.bottom, edge.bottom);
      }
      seen.bottom = Math.min(seen.bottom, innerHeight);
      seen.right = Math.min(seen.right, innerWidth);
      const slack = line.height * 0.2;
      const beside = seen.right < line.right - 1 || seen.left > line.left + 1;
      if (beside || seen.bottom < line.bottom - slack) goesOn = true;
      const shows = seen.right - seen.left > 1 && seen.bottom - seen.top > 1;
      if (shows) texts.push([node, text, seen, slack]);
    }
    (goesOn ? hidden : whole).push(text);
  }
  const covered = [];
  texts.forEach(([one, text, a, slack], n) => texts.slice(n + 1).forEach(([other, words, b]) => {
    if (one === other) return;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > slack) covered.push(`${text} / ${words}`);
  }));
  const cut = hidden.filter((text) => !whole.some((other) => other.includes(text)));
  const rows = [...document.querySelectorAll("tbody tr:not(.not-yet)")];
  const lacking = rows.flatMap((row) => [...row.querySelectorAll("b, small, span")])
    .filter((part) => !part.hidden && !part.offsetHeight).length;
  const wide = document.documentElement.scrollWidth - innerWidth;
  return { covered, cut, rows: rows.length, lacking, wide };
}"""

# Where a text stands is asked, and nobody looks: what is not painted costs less.
UNSEEN = """addEventListener("DOMContentLoaded", () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":root { opacity: 0; }");
  document.adoptedStyleSheets.push(sheet);
});"""


def _shapes() -> Iterator[Shown]:
    """Thirty boards: the ordinary ones that once hid their totals, and others by lot."""
    lot = random.Random(41)
    yield _screen(lot, people=PEOPLE[1:2], units=UNITS[2:3], modules=[*MODULES[1:3], MODULES[2]])
    yield _screen(lot, people=PEOPLE[:4], units=UNITS[2:3], modules=MODULES[1:4])
    yield _screen(lot, people=PEOPLE, units=UNITS, modules=MODULES[-1:] + MODULES[1:2])
    for n in range(27):
        modules = lot.choices(MODULES, k=1 + n % 8)
        screen = _screen(
            lot,
            people=lot.choices(PEOPLE, k=4),
            units=lot.choices(UNITS, k=2),
            modules=[f"{name}{place + 1}" for place, name in enumerate(modules)],
        )
        if n % 3 == 1:
            banner = {"icon": "trophy", "title": "已揭晓", "text": "是最后的名次。"}
            screen |= {"phase": "opened", "banner": banner, "stations": []}
            # What is announced has nobody to come.
            screen |= {"next_group": None, "tables": [_table(n)]}
        if n % 9 == 2:
            hidden = [{"rank": place + 1, "hidden": True} for place in range(4)]
            screen |= {"phase": "revealing", "newest": 4, "rows": hidden + screen["rows"][4:]}
        yield screen


def _table(n: int) -> Shown:
    """A table over several events, with names and sums as long as they come."""
    rows = [
        {
            "rank": str(place + 1),
            "name": UNITS[(n + place) % len(UNITS)],
            "value": ["24.50", "12345.333333", "12 · 10 · 8"][(n + place) % 3],
        }
        for place in range(n % 9)
    ]
    return {"name": TITLES[n % 2], "rows": rows}


def _screen(
    lot: random.Random, *, people: list[str], units: list[str], modules: list[str]
) -> Shown:
    figures = ["100.00", "95.50", "—", "88.125"]
    rows = [
        {
            "rank": place + 1,
            "code": f"A{place:02}",
            "name": people[place % len(people)],
            "unit": units[place % len(units)],
            "gap": "—" if not place else f"−{place}.50",
            "values": [lot.choice(figures) for _module in modules],
            "notes": ["" if (place + at) % 3 else "不计" for at in range(len(modules))],
            "total": f"{100 - place}.00",
        }
        for place in range(lot.choice([3, 9, 20]))
    ]
    stations = [
        {
            "name": f"{place + 1} 号{lot.choice(['工位', '新能源汽车动力电池拆装与检修工位'])}",
            "code": lot.choice(["A03", "K-1207", "焊接一班三人组合队"]),
            "started": None,
            "stopped_text": "已停表",
            "limit": None,
        }
        for place in range(lot.choice([0, 2, 6]))
    ]
    return {
        "competition": {"name": lot.choice(TITLES), "note": "决赛 · 实操 · 暂定，以公布的成绩为准"},
        "now": {"ms": 1_790_000_000_000, "time": "15:03", "day": "11月26日 周四"},
        "seconds": 600,
        "data_url": "/hall/shape/data",
        "phase": "live",
        "banner": None,
        "code_label": "选手",
        "columns": modules,
        "rows": rows,
        "page": 9,
        "newest": None,
        "empty": "",
        "stations": stations,
        "done": {"count": 31, "all": 45, "called": "位选手"},
        "tables": [],
        "next_group": {"title": "下一组 15:20 进场", "codes": [f"A{n}" for n in range(11, 19)]},
    }


def test_no_text_of_any_shape_of_board_lies_under_another_or_is_cut(
    app: Flask, visitor: Callable[..., Any], live_url: str
) -> None:
    pages: dict[str, str] = {}

    def answer(route: Route) -> None:
        route.fulfill(body=pages["shown"], content_type="text/html; charset=utf-8")

    page: Page = visitor("desk").page()
    page.route("**/hall/shape", answer)
    page.add_init_script(UNSEEN)
    wrong = []
    for n, screen in enumerate(_shapes()):
        with app.test_request_context("/hall/shape"):
            pages["shown"] = render_template("hall/board.html", board=screen)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            if width == SIZES[0][0]:
                page.goto(f"{live_url}/hall/shape")
                page.locator("tbody tr").first.wait_for()
            page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
            seen = page.evaluate(LOOK)
            seen["wide"] = max(seen["wide"], 0)
            if not seen.pop("rows") or any(seen.values()):
                wrong.append((n, width, len(screen["columns"]), seen))
    assert wrong == []
