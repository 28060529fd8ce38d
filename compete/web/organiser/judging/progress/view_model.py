"""The progress board and chief judge's console in words: ticks, stations, who lacks what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.results import EventResults
from compete.domain.stations import station_order
from compete.domain.values.rights import Right
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import Competition, Sheet, utc_now
from compete.services.backups.generations import Restored, lately_restored
from compete.services.judging.panels.judge_progress import lacking_sheets, last_uploads, tick_lines
from compete.services.judging.panels.module_watch import watch_module
from compete.services.judging.sent_back_sheets import sent_back
from compete.services.judging.tablet_contact import OUT_OF_TOUCH, contacts_of
from compete.services.kernel.event_rules import module_key
from compete.services.registration.entrant_lookup import names_by_number
from compete.services.schedule.allocation import sheetless
from compete.services.schedule.stage_undo import begun_stage
from compete.services.scoring.flags import disputed
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.coding_layers import signed_to_lock
from compete.services.sheets.counts import SheetCounts, sheet_counts
from compete.services.sheets.locks_in_force import standing_locks
from compete.web.guard import allowed_url, may_do
from compete.web.organiser.board_link import board_title, is_chief
from compete.web.organiser.competition_words import TICK_ORDER
from compete.web.organiser.judging.analysis.view_model import describe_card
from compete.web.organiser.judging.progress.locks import describe_locks, signing_url
from compete.web.organiser.judging.progress.shapes import (
    Cell,
    Lacking,
    Live,
    LockRow,
    Station,
    Tick,
)
from compete.web.organiser.judging.progress.to_do import (
    describe_disputes,
    describe_right,
    describe_tasks,
    oldest_wait,
    ordered_places,
)
from compete.web.organiser.places import (
    BoardModule,
    chosen_place,
    difficulties_url,
    marks_list_url,
    place_key,
    place_label,
    places_of,
)
from compete.web.pages import fields_of
from compete.web.templating import moment_in_sentence, state_word

MOST_TICKS = 200
"""The number of sheets above which a bar stands for the ticks."""
MOST_LACKING = 40
MOST_SINGLE = 6
"""The number of stations of one person each, under the same judges, above which they are a row."""
MOST_ANALYSED = 1500
"""The number of sheets above which the board does not wait for its judges' figures."""
SentBack = Mapping[tuple[int, str, str], list[Sheet]]
_UNDER_WAY = (SheetState.BEGUN, SheetState.COMPLETE, SheetState.RETURNED)


def describe_board(competition: Competition) -> str:
    """Render `judging/progress/progress.html` for the module that the address asks for."""
    places = places_of(competition)
    back = sent_back(competition)
    waits = _waits_of(competition, places, back)
    lacking = _lacking_of(competition, places)
    ordered = ordered_places(competition)
    appealed = {place_key(place): int(place.row in ordered) for place in places}
    place = _opened_place(places, waits, appealed, lacking)
    asked = {
        module_key(lock.event, lock.stage, lock.module)
        for lock in standing_locks(competition)
        if lock.asked_by
    }
    live = describe_live(competition, place, back)
    many = live.all > MOST_ANALYSED
    return render_template(
        "organiser/judging/progress/progress.html",
        title=board_title(competition),
        views=[
            (key, place_label(other), waits[key], lacking[key], key in asked)
            for other in places
            if (key := place_key(other))
        ]
        if len(places) > 1
        else [],
        severity=describe_card(place.event, place.stage, place.module, many=many),
        many=many,
        marks_list=marks_list_url(place),
        difficulties=difficulties_url(place),
        stage_back=_stage_back_url(place),
        **fields_of(live),
    )


def _stage_back_url(place: BoardModule) -> str | None:
    """The door that takes the stage on the board back, for whoever may, while it is possible."""
    url = allowed_url("organiser.confirm_stage_back", event=place.event.code)
    begun = begun_stage(place.event) if url is not None else None
    return url if begun and begun.code == place.stage.code and begun.why_not is None else None


def describe_live(
    competition: Competition, place: BoardModule, back: SentBack | None = None
) -> Live:
    """The parts of the board that change while people mark.

    What comes first is one list for all modules; the rest is about the one shown. `back` are
    the sheets that were sent back, where they are known.
    """
    places = places_of(competition)
    if back is None:
        back = sent_back(competition)
    waits = _waits_of(competition, places, back)
    elsewhere = [
        other
        for other in places
        if place_key(other) != place_key(place) and waits[place_key(other)]
    ]
    here = place.codes
    watch = watch_module(*here)
    judging = competition.state is CompetitionState.JUDGING
    acting = may_do(Right.LEAD)
    results = live_results(competition).event(place.event.code)
    counts = sheet_counts(competition).of(*here)
    ticks = _Ticks(place, counts)
    stations = _stations(competition, counts, ticks, coded=is_coded(place.event))
    lacking, people = _lacking_people(place, results)
    locks = describe_locks(competition, place, results, judging=judging, acting=acting)
    chief = judging and is_chief(competition)
    disputes = describe_disputes(competition, place, watch, chief=chief)
    all_back, watches = list(back.get(place.row, ())), [watch]
    for other in elsewhere:
        there = other.codes
        watches.append(watch_module(*there))
        disputes += describe_disputes(
            competition, other, watches[-1], chief=chief, named=place_label(other)
        )
        all_back += back.get(other.row, ())
    return Live(
        counts={state.value: counts.states[state] for state in TICK_ORDER},
        all=counts.all,
        ticks_all=ticks.all(),
        waiting=_waiting(locks[0], judging=judging),
        disputes=disputes,
        disputes_total=sum(len(module_watch.disputes) for module_watch in watches),
        returned=describe_tasks(
            competition,
            place,
            watch,
            acting=judging and acting,
            ruling=chief and not locks[0].locked,
            back=all_back,
        ),
        odd_total=len(watch.outliers) + len(watch.implausible),
        found_right=describe_right(watch, ruling=chief and not locks[0].locked),
        right_total=len(watch.found_right),
        oldest=oldest_wait(watches, utc_now()),
        restored=_describe_restored(lately_restored(competition)),
        stations=stations,
        judge_columns=max((len(row.cells) for row in stations), default=0),
        contestants=lacking,
        contestants_total=people,
        locks=locks,
        must_sign=signed_to_lock(place.event),
        exempt=counts.states[SheetState.SUBMITTED] - counts.unsigned,
        must_sign_url=signing_url(competition, place, locks[0]),
        module=place_label(place),
        key=place_key(place),
        may_lock=judging and acting and not locks[0].locked,
    )


def _opened_place(places: list[BoardModule], *works: Mapping[str, int]) -> BoardModule:
    """The module that the address asks for; else the first that has any of the works, in turn."""
    if "module" in request.args:
        return chosen_place(places)
    first = (place for work in works for place in places if work[place_key(place)])
    return next(first, chosen_place(places))


def _lacking_of(competition: Competition, places: list[BoardModule]) -> dict[str, int]:
    """Count the sheets that locking each module waits for, by `place_key`."""
    if competition.state is not CompetitionState.JUDGING:
        return dict.fromkeys(map(place_key, places), 0)
    every = sheet_counts(competition)
    counts = {place_key(place): every.of(*place.codes) for place in places}
    signed = {place_key(place) for place in places if signed_to_lock(place.event)}
    return {key: of.left + (of.unsigned if key in signed else 0) for key, of in counts.items()}


def _waits_of(
    competition: Competition, places: list[BoardModule], back: SentBack
) -> dict[str, int]:
    """Count the disputes and sheets sent back that wait in each module, by `place_key`."""
    live = live_results(competition)
    counts = {}
    for place in places:
        results = live.event(place.event.code)
        apart = disputed(place.event, results, place.stage.code, place.module.code)
        counts[place_key(place)] = len(apart) + len(back.get(place.row, ()))
    return counts


def _waiting(row: LockRow, *, judging: bool) -> str:
    """Say why this module is not to be locked yet, or that it is; empty when it can be."""
    if row.locked or not judging:
        return _("这个模块已经锁定") if row.locked else _("开始评分以后才能锁定")
    return _("锁定前还差：%(what)s", what=_("，").join(row.faults)) if row.faults else ""


def board_lists(
    competition: Competition, place: BoardModule
) -> tuple[list[Station], list[Lacking]]:
    """The two lists of a module whole: stations by judges, and everybody who lacks sheets."""
    counts = sheet_counts(competition).of(*place.codes)
    ticks = _Ticks(place, counts)
    results = live_results(competition).event(place.event.code)
    lacking, _total = _lacking_people(place, results, counts.all)
    return _stations(competition, counts, ticks, coded=is_coded(place.event)), lacking


def _lacking_people(
    place: BoardModule, results: EventResults, most: int = MOST_LACKING
) -> tuple[list[Lacking], int]:
    """The first who lack sheets in the module, and how many do; in a blind event by code alone."""
    here = place.codes
    lacking, total = lacking_sheets(*here, most)
    missing = {line.label: (line.entrant, line.judges) for line in lacking}
    for gap in sheetless(place.event, results):
        if (gap.stage, gap.module) == here[1:]:
            total += 1
            missing[gap.label] = gap.entrant_id, [_("没有评分表")]
    first = sorted(missing.items())[:most]
    names: dict[int, str] = {}
    if not place.event.blind:
        names = names_by_number([entrant for _label, (entrant, _judges) in first])
    return [
        Lacking(number=label, name=names.get(entrant, ""), missing=judges)
        for label, (entrant, judges) in first
    ], total


class _Ticks:
    """The sheets that count as ticks, in order, while they are few enough to be told apart."""

    def __init__(self, place: BoardModule, counts: SheetCounts) -> None:
        self.by_place: dict[tuple[str | None, int], list[Tick]] = defaultdict(list)
        self.few = counts.all <= MOST_TICKS
        if not self.few:
            return
        lines = tick_lines(*place.codes)
        # Beside a blind code a station, whose people are published, would tell whose it is.
        coded = is_coded(place.event)
        for line in sorted(
            lines, key=lambda tick_line: (TICK_ORDER.index(tick_line.state), tick_line.label)
        ):
            label = f"{line.label} {line.judge} {state_word(line.state)}"
            url = url_for("organiser.sheet", public_id=line.public_id)
            self.by_place[None if coded else line.station, line.judge_id].append(
                Tick(state=line.state.value, label=label, url=url)
            )

    def all(self) -> list[Tick] | None:
        """Return all ticks; None if they are too many."""
        if not self.few:
            return None
        order = [state.value for state in TICK_ORDER]
        listed = [tick for ticks in self.by_place.values() for tick in ticks]
        return sorted(listed, key=lambda tick: (order.index(tick.state), tick.label))

    def of(self, stations: Sequence[str | None], judge: int) -> list[Tick] | None:
        """Return the ticks of one judge at these stations; None if all are too many."""
        if not self.few:
            return None
        return [tick for station in stations for tick in self.by_place[station, judge]]


def _stations(
    competition: Competition, counts: SheetCounts, ticks: _Ticks, *, coded: bool
) -> list[Station]:
    cells: dict[str | None, dict[int, Counter[SheetState]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for place, number in counts.numbers.items():
        cells[None if coded else place.station][place.judge][place.state] += number
    contact = _Contact(competition)
    judges = {judge.id: f"{judge.code} {judge.name}" for judge in competition.judges}
    rows = []
    for stations in _alike(cells):
        totals: dict[int, Counter[SheetState]] = defaultdict(Counter)
        for station in stations:
            for judge, states in cells[station].items():
                totals[judge] += states
        own = [
            _cell(judges[judge], states, ticks.of(stations, judge), contact.of(judge, states))
            for judge, states in sorted(totals.items())
        ]
        rows.append(
            Station(
                name=ngettext("%(num)s 个工位", "%(num)s 个工位", len(stations))
                if len(stations) > 1
                else stations[0] or _("全部"),
                cells=own,
                done=sum(cell.done for cell in own),
                all=sum(cell.all for cell in own),
            )
        )
    return rows


def _alike(
    cells: Mapping[str | None, Mapping[int, Counter[SheetState]]],
) -> list[list[str | None]]:
    """List the stations in order; many of one person each under the same judges are one row."""
    order = sorted(cells, key=lambda station: station_order(station or ""))
    panels: defaultdict[Hashable, list[str | None]] = defaultdict(list)
    for station in order:
        single = all(states.total() == 1 for states in cells[station].values())
        panels[frozenset(cells[station]) if single else station].append(station)
    rows: list[list[str | None]] = []
    for stations in panels.values():
        if len(stations) > MOST_SINGLE:
            rows.append(stations)
        else:
            rows += [[station] for station in stations]
    return sorted(rows, key=lambda stations: order.index(stations[0]))


def _cell(
    judge: str, states: Counter[SheetState], ticks: list[Tick] | None, contact: tuple[str, bool]
) -> Cell:
    seen, offline = contact
    return Cell(
        judge=judge,
        done=sum(states[state] for state in HANDED_IN),
        all=states.total(),
        ticks=ticks,
        counts={state.value: number for state, number in states.items()},
        seen=seen,
        offline=offline,
    )


class _Contact:
    """The last contact of each judge's tablet, in words."""

    def __init__(self, competition: Competition) -> None:
        self.sent = last_uploads(competition)
        self.heard = contacts_of(competition)
        self.now = utc_now()

    def of(self, judge_id: int, states: Counter[SheetState]) -> tuple[str, bool]:
        """The words, and whether it is missed: only while a sheet on it is under way."""
        busy = any(states[state] for state in _UNDER_WAY)
        sent = self.sent.get(judge_id)
        heard, waiting = self.heard.get(judge_id, (None, 0))
        if heard is not None and busy and self.now - heard > OUT_OF_TOUCH:
            gone = _("%(time)s 后没连上", time=moment_in_sentence(heard))
            if waiting:
                gone = _("%(n)s 条待上传，", n=waiting) + gone
            return gone, True
        if waiting:
            return _("%(n)s 条待上传", n=waiting), False
        seen = _("%(time)s 上传", time=moment_in_sentence(sent)) if sent else _("还没上传过")
        return seen, False


def _describe_restored(restored: Restored | None) -> tuple[str, str] | None:
    """Say that data were restored, and what that means; None for nothing restored."""
    if restored is None:
        return None
    time = moment_in_sentence(restored.at)
    if restored.backup:
        head = _("%(time)s 从备份恢复过（%(backup)s）", time=time, backup=restored.backup)
    else:
        head = _("数据库退回过，%(time)s 发现", time=time)
    text = _(
        "备份以后的分数，平板连上来自己补传，已有的不会重复。"
        "备份以后的签名、设的 PIN、退回、裁定、检录和在这些页上办的别的，要再办一次。"
    )
    if restored.missing:
        text += _(
            "还没连上的裁判：%(judges)s。他们的平板连上以前，分数可能不全。",
            judges=_("、").join(restored.missing),
        )
    else:
        text += _("连过的裁判都回来了。")
    return head, text
