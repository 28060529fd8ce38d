"""The outbox of a page: what waits is sent in batches, oldest first, until the server holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.tablets.journal import Journal, Plain
from tests.tablets.lossy import Lossy

BATCH = 50
Send = Callable[[list[Plain]], Awaitable[bool]]
"""Send a batch; True where the server answered."""


class Outbox:
    """What a device has made and the server has not said that it holds."""

    def __init__(self, journal: Journal, line: Lossy, send: Send) -> None:
        self._journal, self._line, self._send = journal, line, send
        self._news = asyncio.Event()
        self._over = False

    def add(self, act: Plain) -> None:
        """Keep an act on the device first."""
        self._journal.append(act)
        self._news.set()

    def finish(self) -> None:
        """Let `send_all` end once nothing waits."""
        self._over = True
        self._news.set()

    async def send_all(self) -> None:
        """One batch at a time, with back-off, until nothing waits and no more comes."""
        failures = 0
        while self._journal.waiting or not self._over:
            if not self._journal.waiting:
                self._news.clear()
                await self._news.wait()
                continue
            if await self._send(list(self._journal.waiting.values())[:BATCH]):
                failures = 0
            else:
                failures += 1
                await back_off(self._line, failures)


async def back_off(line: Lossy, failures: int) -> None:
    """As the pages do: half a second doubled, at most 15, with jitter; here at most 4.

    So long on a line whose losses cost a second; on others in proportion.
    """
    longest = min(4.0, 0.25 * 2 ** min(failures, 8))
    await asyncio.sleep(line.wait * longest * line.chance.uniform(0.5, 1))
