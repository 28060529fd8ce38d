"""Limits of the front: how long it waits, and how much it keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one worker process. Times in seconds, sizes in bytes.

    A message has `grace` and then a second for each `pace` bytes, and may never
    be silent for longer than `silence`.
    """

    body: int = 1024 * 1024
    head: int = 32 * 1024
    # Kept in memory of a body, or of an answer; what is larger goes to disk.
    memory: int = 128 * 1024
    # On disk, of all bodies that are on their way together, besides what one may have.
    disk: int = 1024**3
    # Of answers that are made and not yet taken, in memory and on disk, by one address.
    untaken: int = 256 * 1024**2
    # Bytes of an answer that the system keeps unsent; the rest waits here, counted.
    unsent: int = 64 * 1024
    connections: int = 2000
    # Bodies that go on while they are followed; each is asked for more so often.
    followed: int = 200
    asking: float = 1
    beat: float = 20
    idle: float = 15
    opening: float = 30
    handshake: float = 20
    silence: float = 30
    grace: float = 60
    pace: int = 4096
    # Of an upload that was refused: a browser sends it all before it reads the answer.
    drained: int = 1024**3
    draining: float = 60
    lingering: float = 2
    lingered: int = 1024 * 1024
    # Once the server has been told to stop.
    last_word: float = 1
    last_request: float = 5
    last_answer: float = 10

    def patience(
        self, now: float, until: float, begun: float | None, size: int | None, *, stopping: bool
    ) -> float:
        """The moment when the sender has had time enough; before, `until` was said.

        `begun` is when the request did, None before it; `size` is its body's, as far as known.
        """
        if begun is None:
            return now + (self.last_word if stopping else self.idle)
        if stopping:
            return min(until, now + self.last_request)
        if size is None:
            return begun + self.opening
        return min(now + self.silence, begun + self.in_all(size))

    def in_all(self, size: int) -> float:
        """The time that a message of so many bytes may take, in seconds."""
        return self.grace + size / self.pace
