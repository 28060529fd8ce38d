"""What a hand feels in the grid of a labour competition's entry: 130 units, 40 indicators.

Run as a script: `python -m tests.bench.grid`. A real Chromium opens the page of a department that
enters all of it, from `compete serve`, and does what a clerk does: 40 times down and 30 times
right, a wheel through all rows and back, a block of 130 × 40 pasted, the first row filled down
into all others, and that undone. The floor, in the same run and the same browser, is a bare table
of the same library with a column for each indicator, where the page has two (what units say of
themselves stands beside), which marks the square it is in, writes a block's 5,200 acts into
IndexedDB in one transaction and then shows them; it sends nothing and takes nothing back, and
what ours does more is in the ratio.

Each gesture is measured in processor milliseconds of the page's main thread, which other work on
the machine does not lengthen, and in tasks of more than 50 ms by the clock, which it does. What
is pasted or filled counts until the server holds it. The exit status is 1 where a limit is
passed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.labour import INDICATORS, MONTHS, UNITS, app_of, bundle_of
from tests.support.browser import ARGUMENTS, find_chromium
from tests.tablets.server import Server
from tests.tablets.tablet import PIN

LIMITS = {"arrows": 2.0, "wheel": 3.0, "paste": 30.0, "fill": 30.0, "undo": 30.0}
"""How many times the floor's processor time a gesture may take."""
LIBRARY = "/static/vendor/tabulator-tables-6.5.3/"
WATCH = """
window.long = [];
new PerformanceObserver((list) => window.long.push(...list.getEntries().map((e) => e.duration)))
  .observe({ type: "longtask" });
"""
FLOOR = """<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="%(library)stabulator.min.css">
<style>body{margin:0}#grid{width:1050px;height:500px}.here{outline:2px solid blue}</style>
<div id="grid" tabindex="0"></div>
<script type="module">
import { Tabulator, FormatModule, FrozenColumnsModule } from "%(library)stabulator_esm.min.js";
Tabulator.registerModule([FormatModule, FrozenColumnsModule]);
const empty = (_, n) => ({ id: n, number: n, name: `U${n}`, total: "" });
const rows = Array.from({ length: %(units)s }, empty);
const fields = Array.from({ length: %(columns)s }, (_, n) => `f${n}`);
for (const row of rows) for (const field of fields) row[field] = "缺";
const host = document.getElementById("grid");
const table = new Tabulator(host, {
  data: rows, rowHeight: 29, layout: "fitColumns",
  columns: [
    { title: "", field: "number", width: 44, frozen: true },
    { title: "Unit", field: "name", width: 148, frozen: true },
    ...fields.map((field) => ({ title: field, columns: [{ title: "v", field, minWidth: 72 }] })),
    { title: "Sum", field: "total", minWidth: 104, frozen: true },
  ],
});
let [row, column] = [0, 0];
let here = null;
function go() {
  here?.classList.remove("here");
  here = table.getRow(row).getCell(fields[column]).getElement();
  here.scrollIntoView({ block: "nearest", inline: "nearest" });
  here.classList.add("here");
}
host.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") row += 1;
  else if (event.key === "ArrowRight") column += 1;
  else return;
  event.preventDefault();
  go();
});
const opening = indexedDB.open("floor", 1);
opening.onupgradeneeded = () => opening.result.createObjectStore("acts", { autoIncrement: true });
window.fill = async (text) => {
  const all = opening.result.transaction("acts", "readwrite", { durability: "strict" });
  const acts = all.objectStore("acts");
  for (const { name } of rows) for (const field of fields) acts.add({ name, field, text });
  await new Promise((resolve) => { all.oncomplete = resolve; });
  await table.updateData(rows.map(({ id }) => (
    { id, ...Object.fromEntries(fields.map((field) => [field, text])) })));
};
table.on("tableBuilt", () => { host.dataset.ready = "true"; host.focus(); });
</script>"""


@dataclass(frozen=True, slots=True)
class Took:
    """What one gesture took of the main thread, in milliseconds."""

    processor: float
    long: list[float]


class Hand:
    """A page, what is measured of it, and the gestures."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._tools = page.context.new_cdp_session(page)
        self._tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def measured(self, gesture: Callable[[], Any]) -> Took:
        """The gesture, with what it leaves for the next pictures of the screen."""
        self.page.wait_for_timeout(600)
        self.page.evaluate("window.long.length = 0")
        before = self._used()
        gesture()
        self.page.wait_for_timeout(400)
        used = self._used() - before
        return Took(used, self.page.evaluate("window.long"))

    def _used(self) -> float:
        metrics = self._tools.send("Performance.getMetrics")["metrics"]
        (seconds,) = (metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
        return 1000 * float(seconds)

    def arrows(self) -> None:
        """Down, and to the right."""
        for _ in range(40):
            self.page.keyboard.press("ArrowDown")
        for _ in range(30):
            self.page.keyboard.press("ArrowRight")

    def wheel(self) -> None:
        """Through all rows and back."""
        box = self.page.locator(".tabulator-tableholder").bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for way in (160, -160):
            for _ in range(30):
                self.page.mouse.wheel(0, way)
                self.page.wait_for_timeout(20)


def make(folder: Path) -> str:
    """The competition in that folder's database; the card of who enters all of it."""
    from compete.domain import read_bundle
    from compete.domain.values.roles import Role
    from compete.models import db
    from compete.services.accounts.accounts import create_account, grant_role
    from compete.services.accounts.sign_in_cards import issue_card
    from compete.services.competitions.loading import load_bundle
    from compete.services.labour.departments import save_department
    from tests.support.databases import migrate

    migrate(f"sqlite:///{folder / 'labour.db'}", folder)
    with app_of(folder).app_context():
        organiser = create_account("吴敏", username="organiser")
        bundle = bundle_of()
        # The months before are no part of the page.
        bundle["labour"]["values"] = []
        competition = load_bundle(read_bundle(json.dumps(bundle).encode()), by=organiser)
        codes = [f"i{number:02d}" for number in range(INDICATORS)]
        department = save_department(competition, "生产部", codes, Decimal(1), organiser)
        account = create_account("周茹")
        grant_role(account, competition, Role.RECORDER, department=department)
        card = issue_card(account, one_time=True)[1]
        db.session.commit()
        db.engine.dispose()
    return card


def ours(page: Page, address: str, card: str) -> dict[str, Took]:
    """The gestures on the page of entry."""
    page.goto(f"{address}/sign-in/{card}")
    for name in ("pin", "again"):
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", PIN)
    page.get_by_role("button", name="登录").last.click()
    page.goto(f"{address}/labour-entry/LBENCH?period=M{MONTHS:02d}")
    page.wait_for_selector("[data-ready=true]")
    hand = Hand(page)

    def stored(written: str) -> None:
        page.wait_for_selector(f"[data-unit=U000] >> text='{written}' >> nth=0")
        page.wait_for_selector("[data-part=chip][data-state=kept]", timeout=120_000)

    def pasted() -> None:
        page.keyboard.press("Control+v")
        page.wait_for_selector("[data-part=paste]:not([hidden])", timeout=60_000)
        stored("1.5")

    def filled() -> None:
        page.keyboard.press("Control+d")
        page.wait_for_selector("[data-unit=U003] >> text='2.5' >> nth=0", timeout=60_000)
        stored("2.5")

    def undone() -> None:
        page.keyboard.press("Control+z")
        page.wait_for_selector("[data-unit=U003] >> text='1.5' >> nth=0", timeout=60_000)
        stored("2.5")

    timings = {"arrows": hand.measured(hand.arrows), "wheel": hand.measured(hand.wheel)}
    page.keyboard.press("Control+Home")
    block = "\n".join("\t".join(["1.5"] * INDICATORS) for _ in range(UNITS))
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    timings["paste"] = hand.measured(pasted)
    for _ in range(INDICATORS):
        page.keyboard.type("2.5")
        page.keyboard.press("Tab")
    page.wait_for_selector("[data-part=chip][data-state=kept]")
    page.keyboard.press("Control+a")
    timings["fill"] = hand.measured(filled)
    timings["undo"] = hand.measured(undone)
    return timings


def floor(page: Page, address: str) -> dict[str, Took]:
    """The same on a bare table of the same library."""
    words = {"library": LIBRARY, "units": UNITS, "columns": INDICATORS}
    page.route(
        "**/floor", lambda route: route.fulfill(body=FLOOR % words, content_type="text/html")
    )
    page.goto(f"{address}/floor")
    page.wait_for_selector("[data-ready=true]")
    hand = Hand(page)
    timings = {"arrows": hand.measured(hand.arrows), "wheel": hand.measured(hand.wheel)}
    for name, text in (("paste", "1.5"), ("fill", "2.5"), ("undo", "1.5")):
        timings[name] = hand.measured(partial(page.evaluate, "text => fill(text)", text))
    return timings


def main() -> int:
    """Measure, print, judge."""
    over = []
    with tempfile.TemporaryDirectory(prefix="compete-bench-") as name:
        card = make(Path(name))
        url = f"sqlite:///{Path(name) / 'labour.db'}"
        server = Server(
            {"COMPETE_DATA_DIR": name, "COMPETE_DATABASE_URL": url}, Path(name) / "server.log"
        )
        server.start()
        try:
            address = f"http://127.0.0.1:{server.port}"
            with sync_playwright() as playwright:
                program = find_chromium()
                assert program is not None, "there is no Chromium on this machine"
                browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                context.grant_permissions(["clipboard-read", "clipboard-write"])
                context.add_init_script(WATCH)
                bare = floor(context.new_page(), address)
                timings = ours(context.new_page(), address, card)
                browser.close()
        finally:
            server.stop()
    print("                 processor ms   floor  ratio      tasks > 50 ms   floor   longest")
    for gesture, took in timings.items():
        under = bare[gesture]
        ratio = took.processor / under.processor
        limit = LIMITS[gesture]
        print(
            f"{'  ok ' if ratio <= limit else 'MISS '} {gesture:<10} {took.processor:10.0f}"
            f" {under.processor:7.0f} {ratio:6.1f} ≤ {limit:<4g} {len(took.long):8}"
            f" {len(under.long):11} {max(took.long, default=0):6.0f} ms"
        )
        if ratio > limit:
            over.append(gesture)
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
