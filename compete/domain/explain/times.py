"""How a working time came about, where the bundle says so beside the seconds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from compete.domain.aspects import clock_time, told_time
from compete.domain.bundle import WorkingTime
from compete.domain.explain.steps import Step, StepKind, reason_words
from compete.domain.values import Message, msg

_MOST = 100_000_000
"""No watch shows so many seconds."""


def time_steps(time: WorkingTime | None) -> list[Step]:
    """The readings that a working time is the middle of, or the ruling above them.

    `extra` of the entry may say `readings` and `aside`, `{judge: seconds}` each, and
    `ruled_by` with `reason`; with nothing of it there is no step.
    """
    extra = (time.extra if time else None) or {}
    if time is None or not (_told(extra.get("readings")) or extra.get("ruled_by")):
        return []
    return [Step(kind=StepKind.TIME, code=time.module, text=time_told(time.seconds, extra))]


def time_told(seconds: Decimal, extra: Mapping[str, Any]) -> Message:
    """A working time with what `extra` says of it: the readings, those set aside, the ruling."""
    told, read, aside = told_time(seconds), _told(extra.get("readings")), _told(extra.get("aside"))
    if extra.get("ruled_by"):
        told_ruling = {
            "time": told,
            "judge": str(extra["ruled_by"]),
            "why": reason_words(str(extra.get("reason") or ""), extra),
            "read": read or msg("没有"),
        }
        if aside:
            return msg(
                "用时 %(time)s，%(judge)s 裁定（%(why)s），计时员读数 %(read)s；"
                "另有 %(aside)s，不算",
                aside=aside,
                **told_ruling,
            )
        return msg("用时 %(time)s，%(judge)s 裁定（%(why)s），裁判读数 %(read)s", **told_ruling)
    if not read:
        return msg("用时 %(time)s", time=told)
    if aside:
        return msg(
            "用时 %(time)s，计时员 %(read)s；另有 %(aside)s，不算",
            time=told,
            read=read,
            aside=aside,
        )
    if " / " in read:
        return _middle(len(extra["readings"]), told, read)
    return msg("用时 %(time)s：%(read)s", time=told, read=read)


def _middle(judges: int, told: Message, read: str) -> Message:
    """Of an even number of readings there is no middle one: the longer of the two counts."""
    if judges == 2:
        return msg("用时 %(time)s：%(read)s，取长的一个", time=told, read=read)
    if judges % 2 == 0:
        return msg("用时 %(time)s：%(read)s，取中间两个里长的", time=told, read=read)
    return msg("用时 %(time)s：%(read)s，取中间一个", time=told, read=read)


def _told(readings: Any) -> str:
    """`J1 7:50 / J2 8:00`; of several timed aspects `J1 7:50 + 0:30`. Else there is none."""
    if not isinstance(readings, Mapping):
        return ""
    return " / ".join(f"{judge} {_reading(value)}" for judge, value in sorted(readings.items()))


def _reading(value: Any) -> str:
    parts = value.values() if isinstance(value, Mapping) else [value]
    return " + ".join(_clock(part) for part in parts)


def _clock(reading: Any) -> str:
    """What is no number of seconds stands as it was written: `extra` may say anything."""
    try:
        seconds = Decimal(str(reading))
    except ArithmeticError:
        return str(reading)
    usual = seconds.is_finite() and 0 <= seconds < _MOST
    return clock_time(seconds) if usual else str(reading)
