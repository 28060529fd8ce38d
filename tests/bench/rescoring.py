"""What working a published file out again costs a visitor's browser.

Run: `.venv/bin/python tests/bench/rescoring.py`. Each sample's public file, and one of 2,000
entrants with 50 marks each, is given to the script of the page in a headless browser: as it
is, and slowed down four times, about as a cheap phone is. Memory is the peak of the browser's
process for that page, beyond that of an empty page. The exit status is 1 where a limit is
passed. The first time is the processor's, reading the files included; the slowed one is the
clock's, and means something on an idle machine alone.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.services.scoring.masked_bundle import public_bundle
from compete.web.assets.minified import minified
from compete.web.assets.packs import pack, read_files
from tests.bench.making import bundle_of
from tests.support.browser import find_chromium

ROOT = Path(__file__).resolve().parents[2]
MARKS = 100_000
SLOWER = 4
MOST_SECONDS, MOST_MEMORY, MOST_SCRIPT = 20.0, 400.0, 25_000
HEADING = """\
| file | people, units | marks, values | KB | zipped | ms | slowed ms | MiB |
|---|--:|--:|--:|--:|--:|--:|--:|"""
RUN = """async () => {
  const [bundle, results] = await Promise.all(["/bundle", "/results"].map(async (address) =>
    new Uint8Array(await (await fetch(address)).arrayBuffer())));
  const { bytesText } = await import("/static/js/proof/encoding.js");
  const { differences } = await import("/static/js/scoring/against.js");
  const { unknownIn } = await import("/static/js/scoring/known.js");
  const { scored } = await import("/static/js/scoring/score.js");
  const begun = performance.now();
  const read = JSON.parse(bytesText(bundle));
  const unknown = unknownIn(read);
  const found = differences(scored(read), JSON.parse(bytesText(results)));
  return [performance.now() - begun, unknown.length + found.length];
}"""


class File(NamedTuple):
    """A published competition: its two files, and how much is in them."""

    name: str
    bundle: bytes
    results: bytes
    people: int
    marks: int


def file_of(name: str, bundle: Bundle) -> File:
    public = public_bundle(expand_packs(bundle))
    labour = public.labour
    return File(
        name,
        write_bundle(public, "json"),
        write_results(score(public)),
        len(public.units) if labour else len(public.entrants),
        len(labour.values) if labour else len(public.marks),
    )


def files() -> list[File]:
    bundle_files = []
    for path in sorted((ROOT / "sample_events").glob("*/bundle.*")):
        form: Any = "json" if path.suffix == ".json" else "yaml"
        bundle_files.append(file_of(path.parent.name, read_bundle(path.read_bytes(), form=form)))
    large = json.dumps(bundle_of(MARKS)).encode()
    return [*bundle_files, file_of("made up", read_bundle(large))]


def page_with(browser: Browser, file: File) -> Page:
    page = browser.new_page()
    kept = {"bundle": file.bundle, "results": file.results}

    def answer(route: Route) -> None:
        path = route.request.url.split("/", 3)[3]
        if path == "page":
            route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")
        elif path in kept:
            route.fulfill(body=kept[path], content_type="application/json")
        else:
            body = (ROOT / path).read_bytes()
            route.fulfill(body=body, content_type="text/javascript")

    page.route("http://proof.test/**", answer)
    page.goto("http://proof.test/page")
    return page


def below(process: int) -> list[int]:
    """The processes that this one started, and those that they did."""
    processes = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == process:
            processes += [int(entry), *below(int(entry))]
    return processes


def peak() -> float:
    """The highest peak of a page's process, in MiB."""
    peaks = [0]
    for process in below(os.getpid()):
        try:
            if b"--type=renderer" not in Path(f"/proc/{process}/cmdline").read_bytes():
                continue
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            continue
        peaks += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
    return max(peaks) / 1024


def once(file: File, slower: int) -> tuple[float, float]:
    """Milliseconds and MiB of one run in a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = page_with(browser, file)
        empty = peak()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        if slower > 1:
            session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.set_default_timeout(300_000)
        before = busy(session)
        milliseconds, wrong = page.evaluate(RUN)
        if wrong:
            raise SystemExit(f"{file.name}: {wrong} differences")
        if slower == 1:
            # What other work of the machine takes does not count.
            milliseconds = busy(session) - before
        memory = peak() - empty
        browser.close()
    return milliseconds, memory


def busy(session: CDPSession) -> float:
    """Milliseconds of processor time that the page's thread has taken until now."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000 * next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def script_size() -> int:
    body = minified(pack(read_files(ROOT / "static/js"), "scoring/worker.js").encode(), ".js")
    return len(gzip.compress(body, 9))


def main() -> int:
    failed = False
    size = script_size()
    print(f"The script that is fetched when asked for: {size:,} bytes zipped\n\n{HEADING}")
    for file in files():
        plain = min(once(file, 1) for _ in range(3))
        slowed, _ = min(once(file, SLOWER) for _ in range(2))
        zipped = len(gzip.compress(file.bundle, 6))
        print(
            f"| {file.name} | {file.people:,} | {file.marks:,} | {len(file.bundle) / 1024:,.0f} |"
            f" {zipped / 1024:,.0f} | {plain[0]:,.0f} | {slowed:,.0f} | {plain[1]:,.0f} |"
        )
        failed |= slowed > MOST_SECONDS * 1000 or plain[1] > MOST_MEMORY
    return int(failed or size > MOST_SCRIPT)


if __name__ == "__main__":
    raise SystemExit(main())
