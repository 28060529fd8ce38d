"""After closing: the flag handed over, talks, and what is put right after a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from msgspec import to_builtins

from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    FlagDays,
    FollowUp,
    change_settings,
    settings_of,
)
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import is_storable, too_long
from compete.services.kernel.transactions import changing
from compete.services.scoring.journeys import FlagJourney, flag_journey
from compete.services.scoring.live_labour import LabourLive, labour_live

MOST_WORDS = 60
"""So many characters say where somebody comes to, and who sees to it."""
_NO_DAYS, _NOTHING = FlagDays(), FollowUp()
_Written = TypeVar("_Written", FlagDays, FollowUp)


@dataclass(frozen=True, slots=True)
class Followed:
    """The follow-ups of one period by the unit's code: flag days, and what warnings, vetoes ask.

    Who has the flag, a warning or a veto there stands in it, also with nothing written yet, and
    whoever had it when something was written.
    """

    flags: Mapping[str, FlagDays]
    talks: Mapping[str, FollowUp]


def followed(competition: Competition, live: LabourLive, period: str) -> Followed:
    """The follow-ups written for a period; KeyError for an unknown one."""
    settings, rows = settings_of(competition), live.standings[period]
    flags = {row.unit: _NO_DAYS for row in rows if row.flag}
    talks = {row.unit: _NOTHING for row in rows if row.vetoed or row.warned}
    flags |= settings.flag_days.get(period, {})
    talks |= settings.follow_ups.get(period, {})
    return Followed(
        {unit: flag_days for unit, flag_days in flags.items() if unit in live.units},
        {unit: talk for unit, talk in talks.items() if unit in live.units},
    )


def set_followed(competition: Competition, period: str, wanted: Followed, by: Account) -> bool:
    """Write down for a period what is given; units that are not given stay as they are.

    Whether that changed anything. Raises `Refused`: UNKNOWN for a period or a unit without a flag,
    a warning or a veto there; INVALID where a flag comes back or stays for good before it was
    given, does both, stays with who has not had it often enough in a row, or a text is too long.
    """
    names = labour_of(competition).period_names
    if period not in names:
        raise Refused(msg("没有这一期"), kind=Refusal.UNKNOWN)
    with changing(competition) as competition:
        live = labour_live(competition)
        before = followed(competition, live, period)
        if set(wanted.flags) - set(before.flags) or set(wanted.talks) - set(before.talks):
            raise Refused(msg("没有这家单位"), kind=Refusal.UNKNOWN)
        _check_flags(flag_journey(competition, live), period, before, wanted)
        _check_talks(live, wanted)
        flags = {**before.flags, **wanted.flags}
        talks = {**before.talks, **wanted.talks}
        if (flags, talks) == (before.flags, before.talks):
            return False
        settings = settings_of(competition)
        change_settings(
            competition,
            flag_days={**settings.flag_days, period: _rows_written(flags)},
            follow_ups={**settings.follow_ups, period: _rows_written(talks)},
        )
        audit.record(
            competition,
            by,
            "labour.follow_ups",
            names[period],
            before=_follow_up_record(before.flags, before.talks),
            after={"period": period} | _follow_up_record(flags, talks),
        )
    return True


def _check_flags(journey: FlagJourney, period: str, before: Followed, wanted: Followed) -> None:
    for unit, days in wanted.flags.items():
        name = journey.live.units[unit]
        ends = [day for day in (days.back, days.kept) if day is not None]
        why = None
        if ends and (days.given is None or min(ends) < days.given):
            why = msg("%(unit)s：先写授旗的日期；交回、永久保留都不能比授旗早", unit=name)
        elif len(ends) > 1:
            why = msg("%(unit)s：永久保留的不用交回，只写一个日期", unit=name)
        elif days.kept is not None and before.flags[unit].kept is None:
            why = _why_not_kept(journey, period, unit)
        if why is not None:
            raise invalid(why)


def _why_not_kept(journey: FlagJourney, period: str, unit: str) -> Message | None:
    after, name = journey.after(period), journey.live.units[unit]
    if after is None:
        return msg("%(unit)s：这样的期次没有定连续几期可以永久保留", unit=name)
    if journey.may_keep(period, unit):
        return None
    running = journey.running(period, unit)
    return msg(
        "%(unit)s：连续 %(after)s 期得旗才可以永久保留，现在是第 %(n)s 期",
        unit=name,
        after=after,
        n=running,
    )


def _check_talks(live: LabourLive, wanted: Followed) -> None:
    for unit, talk in wanted.talks.items():
        for text in (talk.place, talk.who):
            why = too_long(text, MOST_WORDS) if len(text) > MOST_WORDS else None
            if not is_storable(text):
                why = msg("有看不见的字符，请删掉再试")
            if why is not None:
                sentence = msg("%(unit)s：%(said)s", unit=live.units[unit], said=why)
                raise invalid(sentence)


def _rows_written(rows: Mapping[str, _Written]) -> dict[str, _Written]:
    """The rows without those of whom nothing is written."""
    return {unit: written for unit, written in rows.items() if written not in (_NO_DAYS, _NOTHING)}


def _follow_up_record(
    flags: Mapping[str, FlagDays], talks: Mapping[str, FollowUp]
) -> dict[str, object]:
    """The follow-ups for the record, which outlives people's names: without who sees to it."""
    days = {unit: to_builtins(flag_days) for unit, flag_days in _rows_written(flags).items()}
    follow_ups = {
        unit: {"at": talk.at.isoformat() if talk.at else None, "by": str(talk.by or "") or None}
        for unit, talk in _rows_written(talks).items()
    }
    return {"flags": days, "talks": follow_ups}
