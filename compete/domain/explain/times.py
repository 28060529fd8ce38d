"""How a working time came about, where the bundle says so beside the seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compete.domain.bundle import WorkingTime
from compete.domain.explain.steps import Step, StepKind, reason_words
from compete.domain.values import Message, msg, plain


def time_steps(time: WorkingTime | None) -> list[Step]:
    """The readings that a working time is the middle of, or the ruling above them.

    `extra` of the entry may say `readings` and `aside`, `{judge: seconds}` each, and
    `ruled_by` with `reason`; with nothing of it there is no step.
    """
    extra = (time.extra if time else None) or {}
    read = _told(extra.get("readings"))
    if time is None or not (read or extra.get("ruled_by")):
        return []
    seconds = plain(time.seconds)
    if extra.get("ruled_by"):
        text = msg(
            "用时 %(seconds)s 秒，%(judge)s 裁定（%(why)s），裁判读数 %(read)s",
            seconds=seconds,
            judge=str(extra["ruled_by"]),
            why=reason_words(str(extra.get("reason") or ""), extra),
            read=read or msg("没有"),
        )
    elif extra.get("aside"):
        text = msg(
            "用时 %(seconds)s 秒，计时员 %(read)s；另有 %(aside)s，不算",
            seconds=seconds,
            read=read,
            aside=_told(extra["aside"]),
        )
    elif " / " in read:
        text = _middle(len(extra["readings"]), seconds, read)
    else:
        text = msg("用时 %(seconds)s 秒：%(read)s", seconds=seconds, read=read)
    return [Step(kind=StepKind.TIME, code=time.module, text=text)]


def _middle(judges: int, seconds: str, read: str) -> Message:
    """Of an even number of readings there is no middle one: the longer of the two counts."""
    if judges == 2:
        return msg("用时 %(seconds)s 秒：%(read)s，取长的一个", seconds=seconds, read=read)
    if judges % 2 == 0:
        return msg("用时 %(seconds)s 秒：%(read)s，取中间两个里长的", seconds=seconds, read=read)
    return msg("用时 %(seconds)s 秒：%(read)s，取中间一个", seconds=seconds, read=read)


def _told(readings: Any) -> str:
    """`J1 470 / J2 480`; of several timed aspects `J1 470 + 30`. Anything else is no reading."""
    if not isinstance(readings, Mapping):
        return ""
    return " / ".join(
        f"{judge} {' + '.join(map(str, value.values())) if isinstance(value, Mapping) else value}"
        for judge, value in sorted(readings.items())
    )
