"""Explanation of a working time, where the bundle has more than the seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from compete.domain.aspects.clock_times import clock_time, told_time
from compete.domain.bundle.types import WorkingTime
from compete.domain.explanation.steps import Step, StepKind, reason_words
from compete.domain.values.messages import Message, msg

_MOST = 100_000_000
"""No watch shows so many seconds."""


def time_steps(time: WorkingTime | None) -> list[Step]:
    """The readings that a working time is the middle of, or the ruling above them.

    `extra` of the entry may say `readings` and `aside`, `{judge: seconds}` each, and
    `ruled_by` with `reason`; with nothing of it there is no step.
    """
    extra = (time.extra if time else None) or {}
    if time is None or not (readings_line(extra.get("readings")) or extra.get("ruled_by")):
        return []
    sentence = msg("用时 %(time)s", time=time_words(time.seconds, extra))
    return [Step(kind=StepKind.TIME, code=time.module, text=sentence)]


def time_words(seconds: Decimal, extra: Mapping[str, Any]) -> Message:
    """A working time with what `extra` says of it: the readings, those set aside, the ruling.

    8:00（480 秒）：J1 7:50 / J2 8:00 / J3 8:20，取中间一个
    """
    time, read = told_time(seconds), readings_line(extra.get("readings"))
    aside = readings_line(extra.get("aside"))
    if extra.get("ruled_by"):
        ruling = {
            "time": time,
            "judge": str(extra["ruled_by"]),
            "why": reason_words(str(extra.get("reason") or ""), extra),
            "read": read or msg("没有"),
        }
        if aside:
            return msg(
                "%(time)s，%(judge)s 裁定（%(why)s），计时员读数 %(read)s；另有 %(aside)s，不算",
                aside=aside,
                **ruling,
            )
        return msg("%(time)s，%(judge)s 裁定（%(why)s），裁判读数 %(read)s", **ruling)
    if not read:
        return time
    if aside:
        return msg(
            "%(time)s，计时员 %(read)s；另有 %(aside)s，不算", time=time, read=read, aside=aside
        )
    return _middle({len(by_judge) for by_judge in _by_aspect(extra["readings"])} - {1}, time, read)


def _middle(several: set[int], time: Message, read: str) -> Message:
    """The middle reading; of an even number the longer of the two in the middle counts.

    `several` has how many read the same thing, where it was more than one.
    """
    if not several:
        return msg("%(time)s：%(read)s", time=time, read=read)
    if several == {2}:
        return msg("%(time)s：%(read)s，取长的一个", time=time, read=read)
    if any(number % 2 == 0 for number in several):
        return msg("%(time)s：%(read)s，取中间两个里长的", time=time, read=read)
    return msg("%(time)s：%(read)s，取中间一个", time=time, read=read)


def readings_line(readings: Any) -> str:
    """`J1 7:50 / J2 8:00`; of several timed aspects, which add up, joined by `+`."""
    return " + ".join(
        " / ".join(f"{judge} {_clock(value)}" for judge, value in by_judge.items())
        for by_judge in _by_aspect(readings)
    )


def _by_aspect(readings: Any) -> Sequence[Mapping[str, Any]]:
    """Readings of each judge, of one timed aspect after the other.

    Written as `{judge: seconds}`, and where there are several aspects
    `{judge: {aspect: seconds}}`.
    """
    by_aspect: dict[str, dict[str, Any]] = defaultdict(dict)
    if isinstance(readings, Mapping):
        for judge, reading in sorted(readings.items()):
            for aspect, value in (
                reading if isinstance(reading, Mapping) else {"": reading}
            ).items():
                by_aspect[aspect][judge] = value
    return list(by_aspect.values())


def _clock(reading: Any) -> str:
    """Show seconds as a clock; what is no number stays as it was written, as `extra` may hold."""
    try:
        seconds = Decimal(str(reading))
    except ArithmeticError:
        return str(reading)
    usual = seconds.is_finite() and 0 <= seconds < _MOST
    return clock_time(seconds) if usual else str(reading)
