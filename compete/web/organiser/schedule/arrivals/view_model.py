"""Arrivals in words: by session and station, with counts that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import gettext as _

from compete.domain.values.messages import listed
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event, utc_now
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_title, stage_apart
from compete.services.schedule.arrivals import (
    Arrival,
    ArrivalState,
    ArrivalStates,
    Expected,
    Occasion,
    act_time,
    expected_of,
    is_check_in_recorded,
)
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.list_book import in_portions
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.paging import Paging, asked_page, describe_page
from compete.web.shapes import Told
from compete.web.templating import clock, moment_in_sentence, near_day
from compete.web.words import absence_word, late_words

_S = ArrivalState
PAGE_SIZE = 100
EVERYTHING = "all"
# In the order in which they want somebody.
_ICONS = {
    _S.LATE: "clock",
    _S.EXPECTED: "dashed-circle",
    _S.UNTIMED: "dashed-circle",
    _S.PRESENT: "check-circle",
    _S.ABSENT: "ban",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveArrivals:
    """The parts of the page that change while it is open."""

    counts: Sequence[Told]
    rows: Sequence[Told]
    page: Paging
    recorded: bool
    """True if anybody records check-ins at all."""
    updated: str
    one_session: bool
    """True if all rows are of one session, which then stands on top alone."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The people and filters that the address asks for."""

    everybody: Sequence[Expected]
    session: str
    station: str
    state: str

    @property
    def of_session(self) -> Sequence[Expected]:
        """Return the people of the session."""
        if self.session == EVERYTHING:
            return self.everybody
        return [row for row in self.everybody if _session_key(row) == self.session]

    @property
    def here(self) -> list[Expected]:
        """List the people of the session at the station, whom the counts are of."""
        return [
            row
            for row in self.of_session
            if not self.station or self.station in row.occasion.stations
        ]

    def url(self, view: str = "arrivals", **other: str) -> str:
        """The address with some of it changed."""
        asked = {"session": self.session, "station": self.station, "state": self.state} | other
        kept = {key: value for key, value in asked.items() if value}
        return f"{url_for(f'organiser.{view}')}?{urlencode(kept)}"

    @property
    def states(self) -> Sequence[ArrivalState]:
        """List the shown states, those that need somebody first."""
        return [_S(self.state)] if self.state else list(_ICONS)


def chosen_of(competition: Competition, now: datetime | None = None) -> Chosen:
    """Read the address; without a session the first that has not begun, else the last."""
    now = now or utc_now()
    everybody = expected_of(competition)
    keys = list(dict.fromkeys(_session_key(row) for row in everybody))
    session = request.args.get("session", "")
    if session not in (*keys, EVERYTHING):
        coming = (row for row in everybody if row.occasion.starts_at is None)
        begun = (row for row in everybody if (row.occasion.starts_at or now) > now)
        session = next((_session_key(row) for row in (*begun, *coming)), "")
        session = session or (keys[-1] if keys else EVERYTHING)
    state = request.args.get("state", "")
    return Chosen(
        everybody=everybody,
        session=session,
        station=request.args.get("station", ""),
        state=state if state in set(_S) else "",
    )


def describe_arrivals(competition: Competition, chosen: Chosen) -> str:
    """The frame of the page."""
    firsts = {_session_key(row): row for row in reversed(chosen.everybody)}
    keys = list(dict.fromkeys(_session_key(row) for row in chosen.everybody))
    events = {event.id: event for event in competition.events}
    rounds = [
        View(
            label=_session_words(firsts[key].occasion, events[firsts[key].event_id]),
            url=chosen.url(session=key, station="", state=""),
            current=key == chosen.session,
        )
        for key in keys
    ]
    whole = View(
        label=_("全部"),
        url=chosen.url(session=EVERYTHING, station="", state=""),
        current=chosen.session == EVERYTHING,
    )
    return render_template(
        "organiser/schedule/arrivals/arrivals.html",
        rounds=[*rounds, whole] if len(rounds) > 1 else [],
        stations=_stations(chosen),
        live_url=f"{url_for('organiser.arrivals_live')}?{urlencode(request.args)}",
        book_url=chosen.url("arrivals_book"),
        **fields_of(describe_live(competition, chosen)),
    )


def whole_list(competition: Competition, chosen: Chosen) -> Sequence[Told]:
    """List everybody whom the address asks for, on all pages."""
    now, items = ArrivalStates(competition, chosen.here), settings_of(competition).check_in_items
    counts = now.counts()

    def read(page: int, size: int) -> list[Told]:
        arrivals = now.part(chosen.states, limit=size, offset=(page - 1) * size)
        return [_row(competition, row, items) for row in arrivals]

    return in_portions(sum(counts[state] for state in chosen.states), read)


def describe_live(competition: Competition, chosen: Chosen) -> LiveArrivals:
    """The counts and the rows of the page that the address asks for."""
    here = chosen.here
    now = ArrivalStates(competition, here)
    counts = now.counts()
    wanted = chosen.states
    total = sum(counts[state] for state in wanted)
    number = min(asked_page(), max(1, -(-total // PAGE_SIZE)))
    rows = now.part(wanted, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    page = describe_page(
        *(total, number, PAGE_SIZE, "organiser.arrivals"),
        code=competition.code,
        session=chosen.session,
        station=chosen.station,
        state=chosen.state,
    )
    items = settings_of(competition).check_in_items
    return LiveArrivals(
        counts=state_counts(
            {
                state: (icon, _word(state))
                for state, icon in _ICONS.items()
                # Where everybody has a time there is nothing to say of those without.
                if state is not _S.UNTIMED or counts[state] or chosen.state == state
            },
            counts,
            chosen.state,
            lambda state: chosen.url(state=state),
        ),
        rows=[_row(competition, row, items) for row in rows],
        page=page,
        recorded=is_check_in_recorded(competition),
        updated=clock(utc_now()),
        one_session=len({_session_key(row) for row in here}) < 2,
    )


def _stations(chosen: Chosen) -> list[View]:
    names = list(dict.fromkeys(name for row in chosen.of_session for name in row.occasion.stations))
    if len(names) < 2:
        return []
    return [
        View(
            label=name or _("全部工位"),
            url=chosen.url(station=name, state=""),
            current=name == chosen.station,
        )
        for name in ("", *sorted(names))
    ]


def state_counts(
    words: Mapping[Any, tuple[str, str]],
    counts: Counter[Any],
    chosen: str,
    url: Callable[[str], str],
) -> list[Told]:
    """Count everybody, then those in each state that has its icon and word.

    Its key is `all` or the state's own, such as `late`; `url` leads to those alone.
    """
    shown = {"": ("equals", _("全部"))} | {state.value: look for state, look in words.items()}
    return [
        {
            "key": state or "all",
            "icon": icon,
            "label": label,
            "count": counts[state] if state else counts.total(),
            "url": url(state),
            "current": state == chosen,
        }
        for state, (icon, label) in shown.items()
    ]


def _word(state: ArrivalState) -> str:
    words = {
        _S.LATE: _("过了时间没检录"),
        _S.EXPECTED: _("没到时间"),
        _S.UNTIMED: _("没排时间"),
        _S.PRESENT: _("检录过"),
        _S.ABSENT: _("缺考或退出"),
    }
    return words[state]


def _row(competition: Competition, row: Arrival, items: Iterable[str]) -> Told:
    """Tell of one entrant on one occasion.

    `time` is that of their check-in, empty while there is none; `notes` are sentences beside a
    person, each `ok`, `warn`, `bad` or of no colour; `absent_url` records absence, for whoever may.
    """
    outcome = row.outcome if row.state is _S.ABSENT else None
    return {
        "arrival": row,
        "session": _session_words(row.occasion, row.entrant.event),
        "station": say(listed(row.occasion.stations)),
        "word": absence_word(outcome, waived=row.waived) if outcome else _word(row.state),
        "icon": _ICONS[row.state],
        "time": clock(row.came_at) if row.state is _S.PRESENT else "",
        "notes": _notes(row, items),
        "absent_url": _absent_url(competition, row),
    }


def _notes(row: Arrival, items: Iterable[str]) -> list[tuple[str, str]]:
    notes: list[tuple[str, str]] = []
    if row.state is _S.LATE and row.closes_at is not None:
        notes.append((_("%(at)s 停止检录", at=clock(row.closes_at)), "warn"))
    if row.stopped is not None:
        at, why = moment_in_sentence(act_time(row.stopped)), row.stopped.note or ""
        notes.append((_("%(time)s 没放行：%(why)s", time=at, why=why), "bad"))
    if row.came and not row.passes:
        seen = [member for member in row.entrant.members if member not in row.missing]
        notes.append(
            (
                _(
                    "%(names)s 到了，还差 %(others)s",
                    names=say(listed([member.name for member in seen])),
                    others=say(listed([member.name for member in row.missing])),
                ),
                "warn",
            )
        )
    for place, act in enumerate(row.passes):
        note = _(
            "%(time)s 检录过，%(who)s", time=moment_in_sentence(act_time(act)), who=act.account.name
        )
        if place or row.state is not _S.PRESENT:
            notes.append((note, "warn"))
        else:
            notes.append((act.account.name, ""))
            unticked = [item for item in items if item not in act.items]
            absent = say(listed([member.name for member in row.missing]))
            # The clerk's page writes the names into the note already.
            if row.missing and absent not in (act.note or ""):
                notes.append((_("少 %(names)s", names=absent), "warn"))
            if unticked:
                names = say(listed(unticked))
                notes.append((_("没点：%(items)s", items=names), "warn"))
        if act.note:
            notes.append((act.note, "warn"))
    if row.late_by is not None:
        notes.append((_("晚了 %(time)s", time=late_words(row.late_by)), "warn"))
    return notes


def _absent_url(competition: Competition, row: Arrival) -> str | None:
    if row.state is not _S.LATE:
        return None
    modules = row.occasion.modules
    place = row.occasion.stage, modules[0] if len(modules) == 1 else ""
    return absence_form(competition, row.entrant.event, place, row.entrant.code, row.closes_at)


def absence_form(
    competition: Competition,
    event: Event,
    place: tuple[str, str],
    who: str,
    closed_at: datetime | None,
) -> str | None:
    """The form on which absence is proposed, filled in as far as the list may tell.

    `place` is stage and module, which is empty where they missed several.
    """
    if competition.state is not CompetitionState.JUDGING:
        return None
    filled = {"kind": "dns", "reason": _("检录时没到")}
    if place[1]:
        filled["place"] = "|".join((event.code, *place))
    # In a blind event the form asks for the code, which must not stand beside a name.
    if not event.blind:
        filled["who"] = who
        if closed_at is not None:
            filled["evidence"] = _("检录记录：%(at)s 停止检录，没有检录", at=clock(closed_at))
    return guard.allowed_url("organiser.decisions", **filled)


def _session_key(row: Expected) -> str:
    stage, session, module, day = row.occasion.key
    begins = row.occasion.begins
    at = f"{begins:%H%M}" if begins else ""
    return "|".join((stage, session or "", module or "", day.isoformat() if day else "", at))


def _session_words(occasion: Occasion, event: Event) -> str:
    """The session, or the module where the plan names none, with its day and time; or the stage."""
    module = module_title(event, occasion.stage, occasion.module) if occasion.module else ""
    name = " ".join(filter(None, (occasion.session, module))) or stage_apart(event, occasion.stage)
    at = occasion.starts_at or occasion.opens_at
    when = f"{near_day(at)} {clock(at)}" if at else ""
    return " ".join(part for part in (name or _("没排场次"), when) if part)
