"""Which answers of a sitting count: when each was said, and whether that was in time.

The server's clock rules; a device's clock is used only through readings.
Instants are milliseconds here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from compete.domain.exam.exam_types import Act, Reading, Sitting
from compete.domain.exam.folding import folded

Why = Literal["other_device", "after_hand_in", "after_end", "too_late"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)
_SECOND = 1000
_MINUTE = 60 * _SECOND
_APART = 60 * _SECOND
"""The most by which two readings of a clock that goes right may differ."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of a sitting: the answers by question, and the acts left out, by uuid."""

    answers: Mapping[str, Any]
    left_out: tuple[tuple[str, Why], ...]


def counted(sitting: Sitting, late_minutes: int, choices: Collection[str]) -> Counted:
    """Find the answer that counts for each question; what is unanswered has none.

    `choices` are the questions that are answered by ids of options.
    """
    clocks = _clocks(sitting)
    starts = [_ticks(row.from_) for row in sitting.devices]
    end = _ticks(sitting.ends_at) + sum(grant.seconds for grant in sitting.grants) * _SECOND
    left_out: list[tuple[str, Why]] = []
    last: dict[str, tuple[tuple[int, int], Any]] = {}
    for timed in _timed_acts(sitting.acts, clocks):
        act = timed.act
        term = bisect_right(starts, timed.said) - 1
        why = _why_left_out(sitting, timed, term, end, late_minutes)
        if why is not None:
            left_out.append((act.uuid, why))
            continue
        order = (term, act.seq)
        if act.item not in last or last[act.item][0] < order:
            last[act.item] = order, act.value
    answers = {
        item: value for item, (_, value) in last.items() if not _is_empty(value, item in choices)
    }
    return Counted(answers, tuple(sorted(left_out)))


def clock_jumped(sitting: Sitting) -> bool:
    """True if two successive readings of a device differ by more than a minute."""
    return any(
        abs(later - earlier) > _APART
        for clock in _clocks(sitting).values()
        for earlier, later in pairwise(clock.offsets)
    )


class _Clock:
    """A device's clock in a sitting: its readings in order, and the earliest it may speak of."""

    def __init__(self, readings: Iterable[Reading], first: int) -> None:
        ordered = sorted(readings, key=lambda row: (row.seq, row.server_at))
        self.seqs = [row.seq for row in ordered]
        self.offsets = [_ticks(row.server_at) - _ticks(row.device_at) for row in ordered]
        self.first = first

    def offset_at(self, seq: int) -> int | None:
        """The smaller offset of the readings around an act; None without readings."""
        place = bisect_left(self.seqs, seq)
        return min(self.offsets[max(place - 1, 0) : place + 1], default=None)


def _clocks(sitting: Sitting) -> dict[str, _Clock]:
    readings: dict[str, list[Reading]] = {row.device: [] for row in sitting.devices}
    for row in sitting.readings:
        readings[row.device].append(row)
    first: dict[str, int] = {}
    for device in sitting.devices:
        first.setdefault(device.device, max(_ticks(sitting.starts_at), _ticks(device.from_)))
    return {device: _Clock(rows, first[device]) for device, rows in readings.items()}


@dataclass(slots=True)
class _Timed:
    """An act with when the server first had it, whether two brought it, and when it was said."""

    act: Act
    stored: int
    brought: bool
    said: int = 0


def _timed_acts(acts: Iterable[Act], clocks: Mapping[str, _Clock]) -> Iterable[_Timed]:
    """Each act once, with its times."""
    by_uuid: dict[str, _Timed] = {}
    for act in acts:
        stored = _ticks(act.held_at)
        same = by_uuid.setdefault(act.uuid, _Timed(act, stored, False))
        same.stored = min(same.stored, stored)
        same.brought = same.brought or bool(act.brought_by)
    earliest: dict[str, int] = {}
    for each in sorted(by_uuid.values(), key=lambda each: each.act.seq, reverse=True):
        act, clock = each.act, clocks[each.act.device]
        bound = earliest[act.device] = min(earliest.get(act.device, each.stored), each.stored)
        offset = clock.offset_at(act.seq)
        said = each.stored if offset is None else _ticks(act.said_at) + offset
        each.said = max(min(said, bound), clock.first)
    return by_uuid.values()


def _why_left_out(
    sitting: Sitting, timed: _Timed, term: int, end: int, late_minutes: int
) -> Why | None:
    """The first reason that fits; None for an act that is taken."""
    act, hand_in = timed.act, sitting.hand_in
    if sitting.devices[term].device != act.device:
        return "other_device"
    if hand_in is not None:
        if act.device == hand_in.device:
            after = act.seq > hand_in.seq
        else:
            after = timed.said > _ticks(hand_in.at)
        if after:
            return "after_hand_in"
    if timed.said > end:
        return "after_end"
    if timed.stored > end + late_minutes * _MINUTE and not timed.brought:
        return "too_late"
    return None


def _is_empty(value: Any, is_choice: bool) -> bool:
    """True if nothing is answered: null, an empty list, texts that fold to nothing."""
    if value is None or value == []:
        return True
    if is_choice or isinstance(value, bool):
        return False
    return not any(map(folded, value if isinstance(value, list) else [value]))


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK
