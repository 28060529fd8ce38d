"""A browser that is killed, not closed, has kept what its screen showed."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet
from tests.support.browser import ARGUMENTS, find_chromium


@contextmanager
def device(chromium: Browser, home: Path) -> Iterator[Page]:
    """A browser that keeps its data in `home`, as a tablet's does."""
    context = chromium.browser_type.launch_persistent_context(
        home,
        executable_path=find_chromium(windows=True),
        args=ARGUMENTS,
        locale="zh-CN",
        viewport={"width": 768, "height": 1024},
    )
    try:
        yield context.pages[0]
    finally:
        try:
            context.close()
        except Error:
            assert not processes_of(home), "the browser neither lives nor is dead"


def processes_of(home: Path) -> list[int]:
    """The processes of the browser that keeps its data in `home`."""
    processes = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if entry.name.isdigit() and f"--user-data-dir={home}" in command:
            processes.append(int(entry.name))
    return processes


def kill(home: Path) -> None:
    """SIGKILL the browser, and wait until nothing of it is left."""
    end = time.monotonic() + 20
    while pids := processes_of(home):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        assert time.monotonic() < end, "the browser would not die"
        time.sleep(0.05)


def test_what_the_screen_showed_survives_a_killed_browser_and_is_there_once(
    chromium: Browser, hall: Hall, tmp_path: Path
) -> None:
    home = tmp_path / "tablet"
    with device(chromium, home) as page:
        tablet = Tablet(page, hall).open_sheet()
        hall.down()
        tablet.count("hit", 3).level("smooth", 2)
        tablet.counted("hit", 3)
        tablet.total("70.67")
        tablet.part("start").click()
        tablet.page.wait_for_selector(".watch.running")
        kill(home)
    assert hall.stored == []
    hall.up()
    with device(chromium, home) as page:
        tablet = Tablet(page, hall).open_sheet()
        tablet.counted("hit", 3)
        tablet.page.wait_for_selector(".watch.running")
        tablet.says(re.compile("^都已上传"))
        assert hall.values("k27") == {"hit": "3", "smooth": "2"}
        each_once(hall, 5)
        # Killed again, between sending and the answer.
        calls = len(hall.tokens)
        with hall.lock:
            tablet.count("hit", 2)
            tablet.counted("hit", 5)
            hall.until(lambda: len(hall.tokens) > calls)
            kill(home)
    hall.until(lambda: len(hall.stored) > 5)
    with device(chromium, home) as page:
        page.clock.install()
        tablet = Tablet(page, hall).open_sheet()
        tablet.counted("hit", 5)
        # The dead page still has the turn to send, for as long as nobody knows that it is dead.
        page.clock.fast_forward("00:20")
        tablet.says(re.compile("^都已上传"))
    assert hall.values("k27") == {"hit": "5", "smooth": "2"}
    each_once(hall, 7)


def each_once(hall: Hall, acts: int) -> None:
    """So many are held, in the order of the taps."""
    uuids = [act["uuid"] for act in hall.stored]
    assert len(uuids) == len(set(uuids)) == acts
    assert [act["seq"] for act in hall.stored] == [*range(1, acts + 1)]
