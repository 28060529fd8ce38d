"""What a tablet knows of its own acts: a file that lines are only added to."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

Plain = dict[str, Any]


class Journal:
    """One tablet's journal while it is written; each line is on the file before it counts."""

    def __init__(self, path: Path) -> None:
        self._file: TextIO = path.open("a", encoding="utf-8")
        self.waiting: dict[str, Plain] = {}
        self._kept: dict[str, Plain] = {}
        """Every act in the order of the taps, but those that were refused."""

    def append(self, act: Plain) -> None:
        """Keep an act; it waits until the server has said that it holds it."""
        self._write({"act": act})
        self.waiting[act["uuid"]] = self._kept[act["uuid"]] = act

    def offer_again(self) -> None:
        """Let everything wait once more: the database is of another generation."""
        self.waiting = dict(self._kept)

    def settle(self, stored: Iterable[str], refused: Iterable[Plain]) -> None:
        """Note what the server said."""
        for uuid in stored:
            if self.waiting.pop(uuid, None):
                self._write({"held": uuid, "at": time.time()})
        for refusal in refused:
            if self.waiting.pop(refusal["uuid"], None):
                del self._kept[refusal["uuid"]]
                self._write({"refused": refusal["uuid"], "reason": refusal["reason"]})

    def close(self, **counts: Any) -> None:
        """The last line: what happened on the way."""
        self._write({"counts": counts})
        self._file.close()

    def _write(self, line: Plain) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()


@dataclass
class Read:
    """A journal read back: the acts in the order of the taps, and what became of each."""

    tablet: str
    acts: dict[str, Plain] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    counts: Plain = field(default_factory=dict)


def read_journal(path: Path) -> Read:
    """The journal of one tablet."""
    read = Read(path.stem)
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "act" in record:
            read.acts[record["act"]["uuid"]] = record["act"]
        elif "held" in record:
            read.stored.add(record["held"])
        elif "refused" in record:
            read.refused[record["refused"]] = record["reason"]
        else:
            read.counts = record["counts"]
    return read
