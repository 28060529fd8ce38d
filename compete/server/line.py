"""The line of one connection: what its transport is told."""

from __future__ import annotations

import asyncio


class Line(asyncio.Protocol):
    """Something that can be written to, and held up."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._paused = False

    def _say(self, data: bytes | None) -> None:
        if data:
            self.transport.write(data)

    def _pause(self) -> None:
        if not self._paused:
            self._paused = True
            self.transport.pause_reading()

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            self.transport.resume_reading()
