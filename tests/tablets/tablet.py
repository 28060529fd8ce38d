"""One judge's tablet without its page: it signs in by card, marks, and sends till all is held."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.tablets.contest import Seat
from tests.tablets.journal import Journal, Plain
from tests.tablets.lossy import Lossy
from tests.tablets.marks import Marks
from tests.tablets.outbox import Outbox, back_off
from tests.tablets.wire import Answer, WireError

PIN = "4827"
_TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)"')
_JUDGE = re.compile(r'\bdata-judge="([^"]+)"')
_FORM = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


class Tablet:
    """A tablet; `pace` is the seconds between two taps."""

    def __init__(self, seat: Seat, line: Lossy, journal: Journal, pace: float) -> None:
        self._seat = seat
        self._line = line
        self._journal = journal
        self._pace = pace
        self._chance: Random = line.chance
        self._acts: Iterator[Plain] = iter(())
        self._headers: dict[str, str] = {}
        self._outbox = Outbox(journal, line, self._send_batch)
        self._generation = self._reached = ""
        self.sign_ins = 0

    @property
    def headers(self) -> dict[str, str]:
        """What every call of the page carries."""
        return self._headers

    async def begin(self) -> list[Plain]:
        """Sign in and get the sheets, however often that takes; the sheets."""
        await self._sign_in()
        home = await self._insist("/api/home")
        sheets = [await self._insist(f"/api/sheets/{sheet['id']}") for sheet in home["sheets"]]
        self._acts = iter(Marks(self._seat.tablet, sheets, self._seat.alone, self._chance))
        return sheets

    async def judge(self, until: float) -> None:
        """Mark until that moment of the monotonic clock, then send what is left."""
        sending = asyncio.create_task(self._outbox.send_all())
        await asyncio.sleep(self._chance.uniform(0, self._pace))
        due = time.monotonic()
        while due < until and (act := next(self._acts, None)) is not None:
            self._outbox.add(act)
            due += self._pace
            await asyncio.sleep(max(0, due - time.monotonic()))
        self._outbox.finish()
        await sending
        counts = self._line.counts
        self._journal.close(**vars(counts), sign_ins=self.sign_ins)

    async def _send_batch(self, acts: list[Plain]) -> bool:
        headers = self._headers | ({"X-Reached": self._reached} if self._reached else {})
        try:
            answer = await self._line.request(
                "POST", "/api/acts", json.dumps({"acts": acts}).encode(), headers
            )
        except WireError:
            return False
        if answer.status in (400, 401):
            # The session is over: the marks stay, and are sent after signing in again.
            await self._sign_in()
            return True
        if answer.status != 200:
            return False
        reply = json.loads(answer.body)
        self._journal.settle(reply["held"], reply["refused"])
        self._hear(reply)
        return True

    def _hear(self, reply: Any) -> None:
        """Keep how far the server is; offer everything again to another generation, as the page."""
        life, _competition, seq, *_rest = reply["reached"].split(".")
        known, _competition, place, *_rest = (self._reached or "...").split(".")
        if life != known or int(seq) >= int(place):
            self._reached = reply["reached"]
        if self._generation not in ("", reply["generation"]):
            self._journal.offer_again()
        self._generation = reply["generation"]

    async def _sign_in(self) -> None:
        failures = 0
        while True:
            try:
                if await self._enter():
                    self.sign_ins += 1
                    return
            except WireError:
                pass
            failures += 1
            await back_off(self._line, failures)

    async def _enter(self) -> bool:
        """Open the card's link, type the PIN, open the home page."""
        link = f"/sign-in/{self._seat.card}"
        page = await self._line.request("GET", link)
        hit = _FORM.search(page.text)
        if page.status != 200 or hit is None:
            return False
        form = f"csrf_token={hit[1] or hit[2]}&pin={PIN}&again={PIN}"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._line.request("POST", link, form.encode(), kind)
        if answer.status != 302:
            return False
        return self._open_home(await self._line.request("GET", "/judge/"))

    def _open_home(self, page: Answer) -> bool:
        token, judge = _TOKEN.search(page.text), _JUDGE.search(page.text)
        if page.status != 200 or token is None or judge is None:
            return False
        self._headers = {
            "Content-Type": "application/json",
            "X-CSRF-Token": token[1],
            "X-Judge": judge[1],
        }
        return True

    async def _insist(self, path: str) -> Any:
        """Ask until there is an answer."""
        failures = 0
        while True:
            try:
                answer = await self._line.request("GET", path, headers=self._headers)
                if answer.status == 200:
                    return json.loads(answer.body)
            except WireError:
                pass
            failures += 1
            await back_off(self._line, failures)
