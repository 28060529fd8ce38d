"""The timetable of a module before it is drawn: sessions and stations laid out, a step back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.models import Account, Competition, Event
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import Timetable, change_settings, settings_of
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.schedule.draw_ceremonies import DRAWS_OVER, latest_ceremony, why_no_draw
from compete.services.schedule.draw_lists import (
    LAYERS,
    STATION,
    PlacesError,
    day_and_time,
    read_places,
    whole_places,
)
from compete.services.schedule.rooms import follow_timetable

_STEPS_KEPT = 20
_MOST_SESSIONS = 99
_MOST_STATIONS = 200
_MOST_TURNS = 50
_DAY = 24 * 60
LONGEST_CLOSED = 20
"""So long is why a place is not used: it stands in the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A batch of sessions one after the other at so many stations, as it was typed."""

    begins: str
    count: str
    """Of sessions."""
    minutes: str
    pause: str
    posts: str
    """Of stations."""
    turns: str = "1"
    """Of each session."""
    name: str = ""
    """The name of what is sat, before the session's number."""
    a_day: str = ""
    """So many sessions a day, none of them into the night; empty: all one after the other."""


def timetable_of(event: Event, stage: str, module: str) -> Timetable | None:
    """The module's timetable as laid out now, or None."""
    kept = _timetables_of(event, stage, module)
    return kept[-1] if kept else None


def steps_back(event: Event, stage: str, module: str) -> int:
    """Count its changes that can be taken back."""
    return len(_timetables_of(event, stage, module))


def rule_of(timetable: Timetable) -> dict[str, Any]:
    """The rule of its draw; where units are drawn first there is none."""
    if timetable.layer in LAYERS:
        return {}
    rule: dict[str, Any] = {"apart": True} if timetable.apart else {}
    return rule | ({"per_session": timetable.per_session} if timetable.per_session else {})


def laid_out(bulk: Bulk, stations: Sequence[str] = ()) -> tuple[str, str]:
    """The lines of stations and of sessions that the few numbers make.

    The `stations` that are there keep their names where they are as many: judges sit at them.
    Raises `PlacesError`, by field.
    """
    faults: dict[str, Message] = {}
    begins = day_and_time(bulk.begins)
    if begins is None:
        faults["begins"] = msg("写成 2026-09-16 08:40")
    fields = {
        "count": (bulk.count, _MOST_SESSIONS),
        "minutes": (bulk.minutes, _DAY),
        "pause": (bulk.pause or "0", _DAY),
        "posts": (bulk.posts, _MOST_STATIONS),
        "turns": (bulk.turns, _MOST_TURNS),
    }
    if bulk.a_day:
        fields["a_day"] = bulk.a_day, _MOST_SESSIONS
    numbers: dict[str, int] = {}
    for name, (text, most) in fields.items():
        least = 0 if name == "pause" else 1
        number = whole_number(text, most, least=least)
        if number is None:
            faults[name] = msg("写 %(least)s 到 %(most)s 的整数", least=least, most=most)
        else:
            numbers[name] = number
    if faults or begins is None:
        raise PlacesError(faults)
    lasts = timedelta(minutes=numbers["turns"] * numbers["minutes"])
    step = lasts + timedelta(minutes=numbers["pause"])
    a_day = numbers.get("a_day", numbers["count"])
    ends = begins + (min(a_day, numbers["count"]) - 1) * step + lasts
    if bulk.a_day and (ends - timedelta(minutes=1)).date() != begins.date():
        fault = msg("一天排到第二天 %(at)s 去了，一天少排几场", at=f"{ends:%H:%M}")
        raise PlacesError({"a_day": fault})
    sessions = [
        "，".join(
            (
                bulk.name + msg("第%(n)s场", n=number + 1).render(),
                _as_typed(begins + timedelta(days=number // a_day) + number % a_day * step),
                str(numbers["turns"]),
                str(numbers["minutes"]),
            )
        )
        for number in range(numbers["count"])
    ]
    if len(stations) != numbers["posts"]:
        stations = [msg("%(n)s号", n=number + 1).render() for number in range(numbers["posts"])]
    return "\n".join(stations), "\n".join(sessions)


def lay_out(event: Event, stage: str, module: str, wanted: Timetable, by: Account) -> None:
    """Make this the module's timetable. Raises `PlacesError`, by field, for lines that are none,
    `Refused` once its list is sealed or its judges have sheets, and where somebody else has a
    room then."""
    if wanted.layer not in (STATION, *LAYERS):
        raise PlacesError({"layer": msg("没有这种抽法")})
    read_places(wanted.stations, wanted.sessions, wanted.check_in)
    closed = wanted.closed
    if closed:
        known = {place["code"] for place in whole_places(wanted).places}
        closed = tuple(code for code in closed if code in known)
    reasons = {code: why for code, why in wanted.reasons.items() if code in closed and why}
    wanted = msgspec.structs.replace(wanted, closed=closed, reasons=reasons)
    with unit_of_work():
        _claim(event, stage, module)
        kept = _timetables_of(event, stage, module)
        if kept and kept[-1] == wanted:
            return
        _set_timetables(event, stage, module, [*kept, wanted][-_STEPS_KEPT:], by)


def close_places(
    event: Event, stage: str, module: str, new_reasons: Mapping[str, str | None], by: Account
) -> None:
    """Close the places of these codes to everybody, for the reasons that are said, which may be
    empty; None: it is a place again. All of it is one step back.

    Raises `Refused`: INVALID for a reason that is too long, and as `lay_out` does.
    """
    now = timetable_of(event, stage, module)
    if now is None:
        raise Refused(msg("还没有场次和工位"))
    for why in new_reasons.values():
        check_text(why or "", LONGEST_CLOSED)
    reasons = {**{code: now.reasons.get(code, "") for code in now.closed}, **new_reasons}
    kept = {code: why for code, why in reasons.items() if why is not None}
    wanted = msgspec.structs.replace(now, closed=tuple(sorted(kept)), reasons=kept)
    lay_out(event, stage, module, wanted, by)


def undo_timetable(event: Event, stage: str, module: str, by: Account) -> None:
    """Go one step back. Raises `Refused` where there is none, and as `lay_out` does."""
    with unit_of_work():
        _claim(event, stage, module)
        kept = _timetables_of(event, stage, module)
        if not kept:
            raise Refused(msg("没有可以撤的"))
        _set_timetables(event, stage, module, kept[:-1], by)


def why_laid_out(event: Event, stage: str, module: str) -> Message | None:
    """Say why sessions and stations stay as they are; None where they can be laid out anew."""
    last = latest_ceremony(event, stage, module)
    if last is not None and last.state not in DRAWS_OVER:
        return msg("名单已经封存，场次和工位不能再改")
    return why_no_draw(event, stage, module)


def _timetables_of(event: Event, stage: str, module: str) -> Sequence[Timetable]:
    return settings_of(event.competition).timetables.get(module_key(event, stage, module), ())


def _claim(event: Event, stage: str, module: str) -> Competition:
    competition = for_update(event.competition)
    refuse_if(why_laid_out(event, stage, module))
    return competition


def _set_timetables(
    event: Event, stage: str, module: str, kept: Sequence[Timetable], by: Account
) -> None:
    competition, key = event.competition, module_key(event, stage, module)
    all_kept = dict(settings_of(competition).timetables)
    before = _timetable_record(all_kept.pop(key, ()))
    change_settings(competition, timetables=all_kept | ({key: tuple(kept)} if kept else {}))
    follow_timetable(event, stage, module, kept[-1] if kept else None)
    subject, after = f"{event.code}/{stage}/{module}", _timetable_record(kept)
    audit.record(competition, by, "draw.timetable", subject, before=before, after=after)


def _timetable_record(kept: Sequence[Timetable]) -> dict[str, Any]:
    return msgspec.to_builtins(kept[-1]) if kept else {}


def _as_typed(at: datetime) -> str:
    """An instant as `day_and_time` reads it."""
    return f"{at:%Y-%m-%d %H:%M}"
