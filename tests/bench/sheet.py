"""From the tap on a contestant to a sheet that can be marked, on a slow tablet and a slow line.

Run as a script: `python tests/bench/sheet.py`. A real Chromium with its
processor slowed down six times and a 3G line (300 ms there and back, 1.6 Mbit/s
down, 768 kbit/s up) opens a judge's home from `compete serve` over plain HTTP,
without a service worker, and taps one sheet after another. The floor, in the
same run and the same browser, is a bare page of the same server: what the line
and the browser take before a program of ours has any say. The exit status is 1
where the median passes the limit.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.support.browser import ARGUMENTS, find_chromium
from tests.tablets.contest import make_contest
from tests.tablets.run import application, database, release
from tests.tablets.server import Server
from tests.tablets.tablet import PIN

LIMIT = 1000.0
SLOWER = 6
LINE = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 1_600_000 // 8,
    "uploadThroughput": 768_000 // 8,
}
# Both moments by the same clock of the machine, written down by the pages themselves.
CLOCKS = """
addEventListener("pointerdown", () => sessionStorage.setItem("tap", Date.now()), true);
document.addEventListener("DOMContentLoaded", () => {
  const main = document.querySelector("main");
  const look = () => { if (main?.dataset.ready) window.usable ??= Date.now(); };
  if (main) new MutationObserver(look).observe(main, { attributes: true });
  window.parsed = Date.now();
  look();
});
"""


def main() -> int:
    """Exit status 1 if the limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--taps", type=int, default=11)
    words = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="compete-bench-") as name,
        database("sqlite", Path(name)) as url,
    ):
        with application(url, Path(name)).app_context():
            card = make_contest(5, entrants_each=words.taps + 1)[0].card
            release()
        environment = {"COMPETE_DATA_DIR": name, "COMPETE_DATABASE_URL": url}
        server = Server(environment, Path(name) / "server.log")
        server.start()
        try:
            taps, floor = measure(f"http://127.0.0.1:{server.port}", card, words.taps)
        finally:
            server.stop()
    middle = median(taps)
    print(f"     floor, a bare page parsed   p50 {median(floor):6.0f} ms")
    print(f"     first tap, nothing at hand      {taps[0]:6.0f} ms")
    print(f"     every tap                   p50 {middle:6.0f} ms, worst {max(taps):.0f} ms")
    verdict = "  ok " if middle <= LIMIT else "MISS "
    print(f"{verdict} usable after the tap, ms      {middle:8.0f} ≤ {LIMIT:g}")
    return 0 if middle <= LIMIT else 1


def measure(address: str, card: str, many: int) -> tuple[list[float], list[float]]:
    """Milliseconds from each tap to a usable sheet, and to the bare page's end."""
    with sync_playwright() as playwright:
        program = find_chromium()
        assert program is not None, "there is no Chromium on this machine"
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        context = browser.new_context(
            viewport={"width": 1180, "height": 820}, has_touch=True, service_workers="block"
        )
        context.add_init_script(CLOCKS)
        page = slow_page(context)
        sign_in(page, address, card)
        taps, floor = [], []
        for number in range(many):
            page.goto(f"{address}/judge/")
            page.wait_for_selector("main[data-ready=yes]")
            page.locator("[data-part=ticks] a").nth(number).tap()
            page.wait_for_selector("main.sheet-main[data-ready=yes]")
            taps.append(since_tap(page, "usable"))
            page.evaluate(
                f"sessionStorage.setItem('tap', Date.now()); location = '{address}/sw.js'"
            )
            page.wait_for_url("**/sw.js")
            floor.append(since_tap(page, "parsed"))
        browser.close()
    return taps, floor


def slow_page(context: BrowserContext) -> Page:
    """A page on the slow tablet and line."""
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def sign_in(page: Page, address: str, card: str) -> None:
    """By card, choosing a PIN."""
    page.goto(f"{address}/sign-in/{card}")
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.get_by_role("button", name="登录").last.click()
    page.wait_for_selector("main[data-ready=yes]")


def since_tap(page: Page, moment: str) -> float:
    """Milliseconds from the last tap to a moment that the page has written down."""
    page.wait_for_function(f"window.{moment} !== undefined")
    moment_after: Any = page.evaluate(f"window.{moment} - Number(sessionStorage.getItem('tap'))")
    return float(moment_after)


if __name__ == "__main__":
    sys.exit(main())
