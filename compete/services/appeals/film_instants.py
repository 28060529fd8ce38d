"""Instants of a film as people write them: `0:31 第 1 次`, `1 分 05 秒`, `1:02:03`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOST = 30
_AT = re.compile(
    r"(?<![\d:：])(?:(\d{1,2})[:：])?(\d{1,3})[:：](\d{2})(?![\d:：])"
    r"|(?<!\d)(\d{1,3}) ?分钟? ?(\d{1,2}) ?秒"
)
_AROUND = " \t，,。；;、—-–"


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant of a film: seconds from the beginning, and what is to be seen there."""

    seconds: int
    words: str


def instants_in(text: str) -> list[Instant]:
    """The instants that a text names, each with what follows it on its line, in order of time."""
    instants = []
    for line in text.splitlines():
        marks = list(_AT.finditer(line))
        ends = [*(mark.start() for mark in marks), len(line)][1:]
        instants += [
            Instant(_seconds(mark), line[mark.end() : end].strip(_AROUND))
            for mark, end in zip(marks, ends, strict=True)
        ]
    return sorted(instants[:_MOST], key=lambda instant: instant.seconds)


def length_words(seconds: int) -> str:
    """The length in words: `0:31`, `1:02:03`."""
    minutes, left = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def _seconds(mark: re.Match[str]) -> int:
    hours, minutes, seconds, said_minutes, said_seconds = (int(part or 0) for part in mark.groups())
    return hours * 3600 + (minutes + said_minutes) * 60 + seconds + said_seconds
