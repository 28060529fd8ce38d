"""Allocation: assignments of judges, and the sheets that follow from them.

At a station a timekeeper's reading alone counts. Who came after the others had been allotted
their sheets is given them here: whoever is in a stage that has begun, without a sheet in one of
its modules.
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Select, select

from compete.domain.bundle.event_types import Stage
from compete.domain.bundle.results import EventResults
from compete.domain.stations import station_order
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import COMPETITION_MOVES, CompetitionState, move
from compete.models import (
    Account,
    Assignment,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    Judge,
    OutcomeEntry,
    Sheet,
    Slot,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.event_rules import attempt_of, module_of, module_title, rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.sealed_inserts import insert_new
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.kernel.versions import remembered, remembered_beside_marks
from compete.services.schedule.clashes import refuse_clashes
from compete.services.schedule.draw_lists import has_sheets, refuse_while_drawing
from compete.services.schedule.examiners import require_examiners
from compete.services.schedule.settled_panels import (
    claim_seating,
    panels_settled,
    replaced_at,
    seats_subject,
)
from compete.services.schedule.stage_moves import moves_of
from compete.services.schedule.stations import place_the_rest, stations_of
from compete.services.scoring.live import live_results
from compete.services.sheets.absences import brought_along
from compete.services.sheets.blind_codes import draw_blind_codes, drawn_codes
from compete.services.sheets.counts import count_sheets
from compete.services.sheets.locks_in_force import require_judging, require_unlocked, standing_locks
from compete.services.sheets.working_times import timed_aspects


def assign_judges(
    event: Event,
    stage: str,
    module: str,
    seats: Iterable[tuple[Judge, str]],
    by: Account,
    *,
    reason: str = "",
    undoing: bool = False,
) -> None:
    """Make these judges, each with a station or "", the ones who mark the module.

    Raises `Refused` when a station would have more judges than the panel's
    size, when a judge who already began a sheet would lose it, when a seat that is new
    must not be (回避) or is of who was replaced while judging, and (INVALID) when it wants a
    reason and there is none, or is at a station where nobody of the module comes. Going back
    to seats that stood before wants no new reason. Later attempts that had the same seats as
    this one follow it.
    """
    reason = reason_text(reason)
    wanted = {(judge.id, station) for judge, station in seats}
    with unit_of_work() as session:
        competition = claim_seating(event.competition)
        _check_panels(wanted, module_of(rules_of(event), stage, module).panel.size)
        standing = {
            (assignment.judge_id, assignment.station): assignment
            for assignment in session.scalars(_assignments(event, stage, module))
        }
        if not undoing:
            _refuse_unknown(event, stage, module, {at for _judge, at in wanted - standing.keys()})
        silent = wanted != standing.keys() and not reason and not undoing
        if silent and panels_settled(event, stage, module) is not None:
            raise invalid(msg("分工已经定下来了，换人要写理由"))
        coming = {judge_id for judge_id, _at in wanted - standing.keys()}
        _refuse_replaced(coming & replaced_judges(event, stage, module), competition)
        refuse_clashes(event, stage, module, wanted - standing.keys(), reason, explained=undoing)
        for key in standing.keys() - wanted:
            session.delete(standing[key])
        for judge_id, station in sorted(wanted - standing.keys()):
            session.add(
                Assignment(
                    event_id=event.id,
                    stage=stage,
                    module=module,
                    judge_id=judge_id,
                    station=station,
                )
            )
        session.flush()
        audit.record(
            competition,
            by,
            "judges.undo" if undoing else "judges.assign",
            f"{event.code}/{stage}/{module}",
            before=sorted(standing),
            after=sorted(wanted),
            reason=reason or None,
            bends=True,
        )
        moved = {judge_id for judge_id, _ in standing.keys() ^ wanted}
        _drop_idle_sheets(event, stage, module, moved, wanted)
        if competition.state is CompetitionState.JUDGING:
            make_sheets(event, by)
        judges = {judge.id: judge for judge in competition.judges}
        for later in _attempts_alike(event, stage, module, standing.keys()):
            followed = [(judges[judge_id], station) for judge_id, station in sorted(wanted)]
            assign_judges(event, stage, later, followed, by, reason=reason, undoing=undoing)


def _attempts_alike(
    event: Event, stage: str, module: str, seats: Collection[tuple[int, str]]
) -> list[str]:
    """The next attempt, while its seats are these: each hands on to the one after it."""
    attempt = attempt_of(rules_of(event), stage, module)
    following = attempt.modules[attempt.number :][:1] if attempt else ()
    return [
        later
        for later in following
        if {
            (seat.judge_id, seat.station)
            for seat in db.session.scalars(_assignments(event, stage, later))
        }
        == set(seats)
    ]


def _seat_attempts(event: Event, stage: Stage, by: Account | None) -> None:
    """Seat attempts that nobody marks as the one before; inside a unit of work."""
    for module in stage.modules:
        attempt = attempt_of(rules_of(event), stage.code, module.code)
        if attempt is None or not attempt.before:
            continue
        if db.session.scalar(_assignments(event, stage.code, module.code).limit(1)) is not None:
            continue
        seats = db.session.scalars(_assignments(event, stage.code, attempt.before[-1])).all()
        db.session.add_all(seat_like(seat, module=module.code) for seat in seats)
        if seats:
            db.session.flush()
            audit.record(
                event.competition,
                by,
                "judges.assign",
                f"{event.code}/{stage.code}/{module.code}",
                before=[],
                after=sorted((seat.judge_id, seat.station) for seat in seats),
            )


def seat_like(
    seat: Assignment, *, module: str | None = None, judge: int | None = None
) -> Assignment:
    """A seat as another, in this module or of this judge; it is not in the session yet."""
    return Assignment(
        event_id=seat.event_id,
        stage=seat.stage,
        module=module or seat.module,
        judge_id=judge or seat.judge_id,
        station=seat.station,
        timekeeper=seat.timekeeper,
    )


def replaced_judges(event: Event, stage: str, module: str) -> frozenset[int]:
    """The judges whose part another took over: in this module alone, or everywhere.

    Who was replaced everywhere and has a seat again counts as there.
    """
    records = db.session.execute(
        select(AuditEntry.subject, AuditEntry.after).where(
            AuditEntry.competition_id == event.competition_id,
            AuditEntry.action == "judge.replace",
        )
    ).tuples()
    here, everywhere = set(), set()
    for code, after in records:
        places = replaced_at(after)
        if places is None:
            everywhere.add(code)
        elif seats_subject(event, stage, module) in places:
            here.add(code)
    seated = select(Assignment.id).where(Assignment.judge_id == Judge.id)
    rows = select(Judge.id).where(
        Judge.competition_id == event.competition_id,
        Judge.code.in_(here) | (Judge.code.in_(everywhere) & ~seated.exists()),
    )
    return frozenset(db.session.scalars(rows))


def _refuse_unknown(event: Event, stage: str, module: str, stations: set[str]) -> None:
    """Refuse a seat where nobody comes: it would mark nobody; before a draw any station will do."""
    wanted = stations - {""}
    if not wanted:
        return
    known = set(stations_of(event, stage, module)) | set(
        db.session.scalars(
            select(Slot.station)
            .where(of_event(Slot, event, stage, module), Slot.station.is_not(None))
            .distinct()
        )
    )
    unknown = sorted(wanted - known)
    if known and unknown:
        raise invalid(
            msg(
                "“%(module)s”没有%(station)s这个工位",
                module=module_title(event, stage, module),
                station=unknown[0],
            )
        )


def _refuse_replaced(back: set[int], competition: Competition) -> None:
    """The sheets that were taken from them stay with the successor: they would get none."""
    if back and competition.state is CompetitionState.JUDGING:
        raise Refused(
            msg(
                "%(name)s 已经换下了，评分表归接替的人，不能再排",
                name=db.session.get_one(Judge, min(back)).name,
            )
        )


def full_stations(seats: Iterable[tuple[int, str]], size: int) -> set[str]:
    """The stations where a panel of so many has its judges, `seats` being (judge, station or "").

    "" alone where that is at every station. A judge without a station is one too many as
    soon as one station is full.
    """
    taken = set(seats)
    everywhere = {judge for judge, station in taken if not station}
    if len(everywhere) >= size:
        return {""}
    return {
        station
        for station in {station for _judge, station in taken} - {""}
        if len(everywhere | {judge for judge, at in taken if at == station}) >= size
    }


def _check_panels(wanted: set[tuple[int, str]], size: int) -> None:
    everywhere = {judge_id for judge_id, station in wanted if not station}
    if len(everywhere) > size:
        raise Refused(msg("这个模块每组 %(size)s 名裁判，选多了", size=size))
    for station in sorted({station for _, station in wanted if station}, key=station_order):
        count = len(everywhere | {judge_id for judge_id, at in wanted if at == station})
        if count > size:
            raise Refused(
                msg(
                    "%(station)s有 %(count)s 名裁判，这个模块每组 %(size)s 名",
                    station=station,
                    count=count,
                    size=size,
                )
            )


def open_judging(competition: Competition, by: Account, reason: str = "") -> int:
    """Begin judging: every sheet that is to be filled is made. Returns their number.

    Raises `Refused` when a module has no judge, or nobody takes part, and as `require_examiners`
    does, which a `reason` may overrule.
    """
    with changing(competition) as competition:
        before = competition.state
        competition.state = move(before, CompetitionState.JUDGING, COMPETITION_MOVES)
        made = 0
        for event in competition.events:
            rules = rules_of(event)
            _seat_attempts(event, rules.stages[0], by)
            for module in rules.stages[0].modules:
                if not db.session.scalar(
                    _assignments(event, rules.stages[0].code, module.code).limit(1)
                ):
                    raise Refused(
                        msg(
                            "“%(module)s”还没有裁判，先安排裁判再开始评分",
                            module=module_title(event, rules.stages[0].code, module.code),
                        )
                    )
        require_examiners(competition, reason, by)
        for event in competition.events:
            if event.blind:
                draw_blind_codes(event, by)
            made += make_sheets(event, by)
        if not made and not _any_sheet(competition):
            raise Refused(msg("没有要评的人：还没有选手，或者工位上没有裁判"))
        was = {"state": before.value}
        now = {"state": competition.state.value, "sheets": count_sheets(competition)}
        audit.record(competition, by, "judging.open", competition.code, before=was, after=now)
    return made


def make_sheets(event: Event, by: Account | None, entrants: Iterable[Entrant] | None = None) -> int:
    """Add the sheets of the first stage that are missing; inside a unit of work.

    A judge with a station marks who is drawn to it; one without marks everybody.
    """
    return make_stage_sheets(event, rules_of(event).stages[0], by, entrants)


def make_stage_sheets(
    event: Event, stage: Stage, by: Account | None, entrants: Iterable[Entrant] | None = None
) -> int:
    """Add the sheets of one stage that are missing; inside a unit of work.

    Nobody marks what somebody has brought along. Raises `Refused` while a draw of the stage is
    under way, and where somebody would get a sheet under a lock, which nobody could fill.
    """
    refuse_while_drawing(event, stage.code)
    if entrants is None:
        entrants = db.session.scalars(
            select(Entrant).where(Entrant.event_id == event.id, takes_part()).order_by(Entrant.id)
        ).all()
    people = list(entrants)
    labels = _labels(event, people)
    _seat_attempts(event, stage, by)
    place_the_rest(event, stage, people, by)
    stations = _stations(event)
    there = set(
        db.session.execute(
            select(Sheet.entrant_id, Sheet.module, Sheet.judge_id).where(
                of_event(Sheet, event, stage.code)
            )
        ).tuples()
    )
    locked = {
        lock.module
        for lock in standing_locks(event.competition)
        if (lock.event_id, lock.stage) == (event.id, stage.code)
    }
    new, brought = list[Sheet](), brought_along(event)
    for module in stage.modules:
        seats = list(db.session.scalars(_assignments(event, stage.code, module.code)))
        for entrant in people:
            if (entrant.id, module.code) in brought:
                continue
            station = stations.get((entrant.id, stage.code, module.code), "")
            for seat in seats:
                if seat.station not in ("", station) or (entrant.id, module.code) in brought:
                    continue
                if (entrant.id, module.code, seat.judge_id) in there:
                    continue
                if module.code in locked:
                    require_unlocked(entrant, stage.code, module.code)
                new.append(
                    Sheet(
                        public_id=secrets.token_hex(16),
                        competition_id=event.competition_id,
                        entrant_id=entrant.id,
                        judge_id=seat.judge_id,
                        stage=stage.code,
                        module=module.code,
                        label=labels[entrant.id],
                    )
                )
    db.session.flush()
    # Past the mapper, whose way takes several times as long: nobody else writes meanwhile.
    insert_new(event.competition, new)
    return len(new)


def _labels(event: Event, people: list[Entrant]) -> dict[int, str]:
    if not event.blind:
        return {person.id: person.code for person in people}
    codes = drawn_codes(event)
    if any(person.id not in codes for person in people):
        raise Refused(msg("“%(event)s”是盲评，还有选手没抽加密号", event=event.name))
    return codes


def _stations(event: Event) -> dict[tuple[int, str, str], str]:
    query = select(Slot.entrant_id, Slot.stage, Slot.module, Slot.station).where(
        of_event(Slot, event), Slot.station.is_not(None)
    )
    return {
        (entrant, stage, module): station or ""
        for entrant, stage, module, station in db.session.execute(query).tuples()
    }


def _assignments(event: Event, stage: str, module: str) -> Select[tuple[Assignment]]:
    query = select(Assignment).where(of_event(Assignment, event, stage, module))
    return query.order_by(Assignment.id)


def begun_seats(event: Event, stage: str, module: str) -> set[tuple[int, str]]:
    """The seats on whose sheets something is written: nobody is taken away from them."""
    stations = _stations(event)
    begun = db.session.execute(
        select(Sheet.judge_id, Sheet.entrant_id).where(
            of_event(Sheet, event, stage, module), Sheet.version > 0
        )
    ).tuples()
    return {
        (judge, station)
        for judge, entrant in begun
        for station in ("", stations.get((entrant, stage, module), ""))
    }


def _any_sheet(competition: Competition) -> bool:
    query = select(Sheet.id).where(Sheet.competition_id == competition.id).limit(1)
    return db.session.scalar(query) is not None


def why_marks_stay(
    event: Event, stage: str, module: str, wanted: Collection[tuple[int, str]]
) -> Message | None:
    """Say why the module's seats cannot become these: a judge would lose what is begun."""
    standing = {
        (seat.judge_id, seat.station)
        for seat in db.session.scalars(_assignments(event, stage, module))
    }
    moved = {judge_id for judge_id, _ in standing.symmetric_difference(wanted)}
    return _begun_among(_sheets_left(event, stage, module, moved, wanted))


def movable_seats(competition: Competition) -> frozenset[int]:
    """The seats that can be taken away by a press: no marks hang on them, nothing is settled."""
    movable = set()
    for event in competition.events:
        rows = db.session.scalars(select(Assignment).where(Assignment.event_id == event.id))
        modules: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
        for row in rows:
            modules[row.stage, row.module].append(row)
        for (stage, module), seats in modules.items():
            if panels_settled(event, stage, module) is not None:
                continue
            begun = _sheets_left(event, stage, module, {it.judge_id for it in seats}, ())
            at: dict[int, set[str]] = defaultdict(set)
            stations = _stations(event) if begun else {}
            for sheet in begun:
                if sheet.version:
                    at[sheet.judge_id].add(stations.get((sheet.entrant_id, stage, module), ""))
            for seat in seats:
                others = {
                    it.station for it in seats if it.judge_id == seat.judge_id and it is not seat
                }
                if "" in others or at[seat.judge_id] <= others:
                    movable.add(seat.id)
    return frozenset(movable)


def _sheets_left(
    event: Event, stage: str, module: str, moved: set[int], wanted: Collection[tuple[int, str]]
) -> list[Sheet]:
    """The sheets that moved judges would no longer fill."""
    if not moved:
        return []
    stations = _stations(event)
    sheets = db.session.scalars(
        select(Sheet)
        .where(of_event(Sheet, event, stage, module), Sheet.judge_id.in_(moved))
        .order_by(Sheet.id)
    ).all()
    return [
        sheet
        for sheet in sheets
        if (sheet.judge_id, "") not in wanted
        and (sheet.judge_id, stations.get((sheet.entrant_id, stage, module), "")) not in wanted
    ]


def _begun_among(sheets: Iterable[Sheet]) -> Message | None:
    begun = Counter(sheet.judge.name for sheet in sheets if sheet.version)
    for name, count in begun.items():
        return msg("裁判 %(name)s 已经评了 %(count)s 张，不能撤下", name=name, count=count)
    return None


def _drop_idle_sheets(
    event: Event, stage: str, module: str, moved: set[int], wanted: set[tuple[int, str]]
) -> None:
    """Drop sheets that moved judges no longer fill, if nothing was written on them."""
    sheets = _sheets_left(event, stage, module, moved, wanted)
    refuse_if(_begun_among(sheets))
    for sheet in sheets:
        db.session.delete(sheet)


def name_timekeeper(seat: Assignment, keeps: bool, by: Account) -> None:
    """Let this judge's reading be the working time at the seat's station, or no longer.

    Whoever kept the time there until now keeps it no more. Raises `Refused` where the
    module has no watch, and once marks are locked.
    """
    number = seat.id
    with unit_of_work() as session:
        seat = session.get_one(Assignment, number)
        event = session.get_one(Event, seat.event_id)
        competition = claim_seating(event.competition)
        module = module_of(rules_of(event), seat.stage, seat.module)
        if keeps and not timed_aspects(module):
            raise Refused(msg("“%(name)s”不计时", name=module.name))
        seats = _assignments(event, seat.stage, seat.module).where(
            Assignment.station == seat.station
        )
        before = [other for other in session.scalars(seats) if other.timekeeper]
        named = [other.judge.code for other in before]
        for other in before:
            other.timekeeper = False
        seat.timekeeper = keeps
        audit.record(
            competition,
            by,
            "judges.timekeeper",
            f"{event.code}/{seat.stage}/{seat.module}",
            before={"timekeeper": named, "station": seat.station},
            after={"timekeeper": [seat.judge.code] if keeps else [], "station": seat.station},
            bends=True,
        )


@dataclass(frozen=True)
class Sheetless:
    """An entrant without a sheet in one module; `label` is what a sheet would bear."""

    entrant_id: int
    label: str
    stage: str
    module: str
    module_name: str


def sheetless(event: Event, results: EventResults) -> list[Sheetless]:
    """List people whom nobody marks, by stage, module and label; the excused are left out.

    `results` say who is in a stage: those of now. A stage without any sheet has not begun. Who
    newly goes on to one that has gets sheets as it follows the stage before (`moves_of`).
    """
    return remembered(
        event.competition, ("sheetless", event.id), lambda: _sheetless(event, results)
    )


def without_sheet(event: Event) -> list[Sheetless]:
    """The same by the results of now, which are asked for only where anybody may lack a sheet."""
    if not remembered_beside_marks(event.competition, ("bare", event.id), lambda: _bare(event)):
        return []
    results = live_results(event.competition).results
    return sheetless(event, next(it for it in results.events if it.code == event.code))


def _sheetless(event: Event, results: EventResults) -> list[Sheetless]:
    bare = remembered_beside_marks(event.competition, ("bare", event.id), lambda: _bare(event))
    if not bare:
        return []
    in_stage = {
        stage_results.code: {row.entrant for row in stage_results.standings}
        for stage_results in results.stages
    }
    new = {stage: set(moves_of(event, stage, results).coming) for stage in in_stage}
    return [gap for code, gap in bare if code in in_stage[gap.stage] - new[gap.stage]]


def _bare(event: Event) -> list[tuple[str, Sheetless]]:
    """List people whom nobody marks, in the stage or not, each with the code."""
    away = set(
        db.session.execute(
            select(OutcomeEntry.entrant_id, OutcomeEntry.stage, OutcomeEntry.module).where(
                of_event(OutcomeEntry, event), OutcomeEntry.withdrawn_at.is_(None)
            )
        ).tuples()
    )
    brought = brought_along(event)
    sheetless = []
    for stage in rules_of(event).stages:
        if not has_sheets(event, stage.code):
            continue
        for module in stage.modules:
            title = module_title(event, stage.code, module.code)
            codes = {
                number: code
                for code, number in _without(event, stage.code, module.code)
                if not {(number, stage.code, None), (number, stage.code, module.code)} & away
                and (number, module.code) not in brought
            }
            labels = _labels_due(event, list(codes))
            sheetless += [
                (codes[number], Sheetless(number, label, stage.code, module.code, title))
                for number, label in sorted(labels.items(), key=lambda pair: pair[1])
            ]
    return sheetless


def _without(event: Event, stage: str, module: str) -> Sequence[tuple[str, int]]:
    """List code and row of everybody in the event who has no sheet there."""
    has = (
        select(Sheet.id)
        .where(Sheet.entrant_id == Entrant.id, Sheet.stage == stage, Sheet.module == module)
        .exists()
    )
    query = select(Entrant.code, Entrant.id).where(Entrant.event_id == event.id, ~has, takes_part())
    return db.session.execute(query).tuples().all()


def _labels_due(event: Event, entrants: Sequence[int]) -> dict[int, str]:
    """The label that each one's sheet would bear: the code, in a blind event the blind code."""
    if not entrants:
        return {}
    if event.blind:
        drawn = drawn_codes(event)
        none = msg("没有加密号").render()
        return {number: drawn.get(number, none) for number in entrants}
    codes = db.session.execute(
        select(Entrant.id, Entrant.code).where(Entrant.event_id == event.id)
    ).tuples()
    wanted = set(entrants)
    return {number: code for number, code in codes if number in wanted}


def allot_missing(competition: Competition, by: Account) -> int:
    """Give everybody whom nobody marks sheets of the judges who are assigned. Returns how many.

    Raises `Refused` while marks are not taken, and where no judge is there for them.
    """
    with changing(competition) as competition:
        require_judging(competition)
        live = live_results(competition)
        made = 0
        for event in competition.events:
            missing: dict[tuple[str, str], list[int]] = defaultdict(list)
            for gap in sheetless(event, live.event(event.code)):
                missing[gap.stage, gap.module].append(gap.entrant_id)
            if missing and event.blind:
                draw_blind_codes(event, by)
            made += sum(_allot(event, *place, ids, by) for place, ids in missing.items())
        if not made:
            raise Refused(msg("没有评分表可补。有人没有评分表的话，先给那个模块安排裁判"))
        audit.record(competition, by, "sheets.allot", competition.code, after={"sheets": made})
    return made


def _allot(event: Event, stage: str, module: str, ids: list[int], by: Account) -> int:
    people = db.session.scalars(
        select(Entrant).where(Entrant.id.in_(ids)).order_by(Entrant.id)
    ).all()
    of_stage = next(
        known_stage for known_stage in rules_of(event).stages if known_stage.code == stage
    )
    alone = tuple(known_module for known_module in of_stage.modules if known_module.code == module)
    return make_stage_sheets(event, msgspec.structs.replace(of_stage, modules=alone), by, people)
