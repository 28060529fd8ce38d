"""One candidate's device without its page: it sits down, answers, and sends till all is held."""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.tablets.examination import ExamRoomPlan
from tests.tablets.journal import Journal, Plain
from tests.tablets.lossy import Lossy
from tests.tablets.outbox import Outbox, back_off
from tests.tablets.wire import Answer, WireError

_TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class Candidate:
    """A device at which somebody sits; its clock is off by so much."""

    def __init__(
        self, number: str, room: ExamRoomPlan, line: Lossy, journal: Journal, off: timedelta
    ) -> None:
        self.number, self._room, self.line, self._journal = number, room, line, journal
        self._off = off
        self._headers: dict[str, str] = {}
        self._outbox = Outbox(journal, line, self._send_batch)
        self._count = 0
        self.device = ""
        self.moved = False
        self.begun_after = 0.0

    async def sit_down(self) -> None:
        """Open the page, type the number and the room's code, and confirm."""
        page = await self._insist("GET", f"/exam/{self._room.competition}")
        token = _TOKEN.search(page.text)
        assert token is not None, page.text[:300]
        self._headers = {"Content-Type": "application/json", "X-CSRF-Token": token[1]}
        body = {
            **{"competition": self._room.competition, "code": self._room.code},
            **{"number": self.number, "confirm": True},
            "secret": f"{self.line.chance.getrandbits(128):032x}",
        }
        whole = json.loads((await self._insist("POST", "/api/exam/seat", body)).body)
        self.device = whole["sitting"]["device"]
        self._count = whole["number"]
        await self._insist("GET", whole["paper"]["address"])

    async def wait_for_start(self, begun: float, every: float) -> None:
        """Look every so often, as the page does, until the paper's key is here."""
        await asyncio.sleep(self.line.chance.uniform(0, every))
        while True:
            state = json.loads((await self._insist("GET", "/api/exam/standing")).body)
            if state["key"]:
                break
            await asyncio.sleep(every)
        self.begun_after = time.monotonic() - begun

    async def answer(self, until: float, pace: float, cut: tuple[float, float]) -> None:
        """Answer until then and hand in, or until moved to another device; send all that is left.

        Between the two moments of `cut` the device has no line.
        """
        sending = asyncio.create_task(self._outbox.send_all())
        await asyncio.sleep(self.line.chance.uniform(0, pace))
        due, turn = time.monotonic(), 0
        while due < until and not self.moved:
            self.line.is_cut = cut[0] <= time.monotonic() < cut[1]
            question = self.line.chance.choice(self._room.questions)
            self._outbox.add(self._act("answer", question.code, question.answer(turn)))
            turn, due = turn + 1, due + pace
            await asyncio.sleep(max(0, due - time.monotonic()))
        self.line.is_cut = False
        if not self.moved:
            self._outbox.add(self._act("hand_in", None, None))
        self._outbox.finish()
        await sending
        self._journal.close(
            **vars(self.line.counts),
            **{"device": self.device, "moved": self.moved, "begun_after": self.begun_after},
        )

    def _act(self, kind: str, question: str | None, value: Any) -> Plain:
        self._count += 1
        return {
            **{"uuid": str(uuid.uuid4()), "kind": kind, "question": question, "value": value},
            **{"at": self._clock(), "number": self._count},
        }

    def _clock(self) -> str:
        return (datetime.now(UTC) + self._off).isoformat(timespec="milliseconds")

    async def _send_batch(self, acts: list[Plain]) -> bool:
        try:
            answer = await self._ask("POST", "/api/exam/acts", {"acts": acts})
        except WireError:
            return False
        if answer.status != 200:
            return False
        reply = json.loads(answer.body)
        self._journal.settle(reply["held"], reply["refused"])
        self.moved = self.moved or reply["state"] == "moved"
        return True

    async def _insist(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Answer:
        """Ask until there is an answer."""
        failures = 0
        while True:
            try:
                answer = await self._ask(method, path, body)
                if answer.status == 200:
                    return answer
            except WireError:
                pass
            failures += 1
            await back_off(self.line, failures)

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        headers = self._headers | {"X-Clock": f"{self._clock()} {self._count}"}
        sent = b"" if body is None else json.dumps(body).encode()
        return await self.line.request(method, path, sent, headers)
