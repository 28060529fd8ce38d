"""What a judge taps, one act after another."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

Plain = dict[str, Any]


class Marks:
    """The acts of one judge: sheet after sheet, with second thoughts, notes and watches."""

    def __init__(self, tablet: str, sheets: Sequence[Plain], alone: bool, chance: Random) -> None:
        self._tablet = tablet
        self._sheets = sheets
        self._alone = alone
        self._chance = chance
        self._seq = 0

    def __iter__(self) -> Iterator[Plain]:
        """Without end where the judge has a second tablet, for then nothing is submitted."""
        while True:
            for sheet in self._sheets:
                yield from self._fill(sheet)
            if self._alone:
                return

    def _fill(self, sheet: Plain) -> Iterator[Plain]:
        for place, aspect in enumerate(sheet["aspects"]):
            if aspect["type"] == "time":
                yield from self._clock(sheet, aspect)
            yield self._mark(sheet, aspect)
            fate = self._chance.random()
            if fate < 0.15:
                yield self._mark(sheet, sheet["aspects"][self._chance.randint(0, place)])
            elif fate < 0.20:
                yield self._act(sheet, "clear", aspect)
                yield self._mark(sheet, aspect)
            elif fate < 0.25:
                yield self._act(sheet, "note", aspect, note="第二次挂挡有异响")
        if self._alone:
            yield self._act(sheet, "submit")

    def _clock(self, sheet: Plain, aspect: Plain) -> Iterator[Plain]:
        yield self._act(sheet, "watch_start", aspect)
        yield self._act(sheet, "watch_stop", aspect, value=self._value(aspect))

    def _mark(self, sheet: Plain, aspect: Plain) -> Plain:
        return self._act(sheet, "mark", aspect, value=self._value(aspect))

    def _act(self, sheet: Plain, kind: str, aspect: Plain | None = None, **fields: Any) -> Plain:
        self._seq += 1
        drawn = uuid.UUID(int=self._chance.getrandbits(128), version=4)
        return {
            "uuid": str(drawn),
            "sheet": sheet["id"],
            "kind": kind,
            "aspect": aspect["code"] if aspect else None,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "tablet": self._tablet,
            "seq": self._seq,
            **fields,
        }

    def _value(self, aspect: Plain) -> str | bool:
        """A value that the aspect takes, as the tablet's control would send it."""
        chance, kind = self._chance, aspect["type"]
        if kind == "measurement" and not aspect["bands"]:
            return chance.random() < 0.8
        if kind == "score":
            steps = int(float(aspect["max"]) / float(aspect["step"]))
            places = len(aspect["step"].partition(".")[2])
            return f"{chance.randint(0, steps) * float(aspect['step']):.{places}f}"
        if kind == "judgement":
            return str(chance.randint(0, int(aspect["scale"])))
        if kind == "deduction":
            return str(chance.randint(0, 4))
        if kind == "time":
            return f"{chance.uniform(200, 500):.2f}"
        return f"{chance.uniform(0, 25):.1f}"
