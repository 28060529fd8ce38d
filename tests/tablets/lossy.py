"""A network that loses things: requests on their way, and answers on theirs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from tests.tablets.wire import Answer, Wire, WireError


@dataclass
class Counts:
    """What happened to a tablet's requests; `seconds` are those that acts took, answer and all."""

    lost_requests: int = 0
    lost_answers: int = 0
    no_answer: int = 0
    failed: int = 0
    seconds: list[float] = field(default_factory=list)


@dataclass
class Lossy:
    """A wire that loses `loss` of the requests, and as many answers after they were taken.

    What is lost costs the tablet `wait` seconds, more or less.
    """

    wire: Wire
    loss: float
    chance: Random
    wait: float = 1
    counts: Counts = field(default_factory=Counts)
    is_cut: bool = False
    """True while the device has no line at all."""

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """As `Wire.request`, where nothing is lost."""
        fate = self.chance.random()
        if fate < self.loss or self.is_cut:
            self.counts.lost_requests += 1
            await self._wait_in_vain("the request was lost")
        begun = time.perf_counter()
        try:
            answer = await self.wire.request(method, path, body, headers)
        except WireError:
            self.counts.no_answer += 1
            raise
        self.counts.failed += answer.status >= 500
        if path.endswith("/acts"):
            self.counts.seconds.append(time.perf_counter() - begun)
        if fate < 2 * self.loss:
            # The server has taken it and said so; the tablet never hears.
            self.counts.lost_answers += 1
            await self._wait_in_vain("the answer was lost")
        return answer

    async def _wait_in_vain(self, what: str) -> None:
        self.wire.drop()
        await asyncio.sleep(self.wait * self.chance.uniform(0.5, 1.5))
        raise WireError(what)
