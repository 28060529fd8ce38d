"""The stage after the one that was judged: who goes on to it, what it waits for, its beginning.

Once it has begun it follows the one before: what `NextStage.begun` says is then who newly goes on
and who no longer does (`judging.follow_stage`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select

from compete.domain.bundle.attempts import attempt_in
from compete.domain.bundle.event_types import Stage
from compete.domain.bundle.results import EventResults, Results
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import SheetState
from compete.models import (
    Account,
    Assignment,
    Competition,
    Entrant,
    Event,
    Sheet,
    Slot,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.kernel.versions import remembered
from compete.services.schedule.allocation import make_stage_sheets, sheetless
from compete.services.schedule.slots import follow_in_plan
from compete.services.schedule.stage_moves import (
    StageMoves,
    moves_of,
    people_of_stage,
    vacated,
)
from compete.services.schedule.station_moves import HandedOn, hand_on, to_hand_on
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import draw_blind_codes, drawn_codes
from compete.services.sheets.counts import is_awaited
from compete.services.sheets.locks_in_force import require_judging, under_lock


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStage:
    """A stage that nobody judges yet, or to which others go on than those whom it was begun for."""

    event: str
    code: str
    name: str
    """The stage's name, with its event's name where the competition has several."""
    before: str
    """The name of the stage before it, likewise."""
    before_code: str
    people: Sequence[str]
    """The codes of who goes on, as results stand; once it has begun those alone who newly do."""
    staying: int
    """The number who stay behind."""
    unfinished: int
    """The sheets of the stage before that are waited for, or are to be given out first."""
    unlocked: Sequence[str]
    """Modules of the stage before that are not locked."""
    unlocked_code: str
    """The first of them."""
    unjudged: Sequence[str]
    """Modules of this stage without a judge."""
    open_ties: int = 0
    """The number of its places that stay open among equals of the stage before."""
    tied: Sequence[str] = ()
    """The codes of who goes on beyond the number, since they share the last rank."""
    tied_in_unit: Sequence[str] = ()
    """And of who goes on beyond the places of their unit, since they share a rank in it."""
    tied_out: Sequence[str] = ()
    """And of who shares it and does not: by their number, or since their unit sends enough."""
    unplaced: Sequence[str] = ()
    """Modules in which some of them have no place yet."""
    begun: bool = False
    leaving: Sequence[str] = ()
    """The codes of who has sheets in it and does not go on any more."""
    marked: Sequence[str] = ()
    """The ones of them on whose sheets something stands: then it takes two."""
    locked: Sequence[str] = ()
    """Modules of this stage that are locked, where sheets of it close or are made."""

    @property
    def why_not(self) -> Message | None:
        """Say what it waits for, the first of it; None once it can begin."""
        if self.unfinished:
            return msg("“%(before)s”还差 %(n)s 张评分表", before=self.before, n=self.unfinished)
        if self.unlocked:
            return msg(
                "“%(before)s”还没锁定：%(modules)s。谁能进照锁定的分定",
                before=self.before,
                modules=listed(self.unlocked),
            )
        if self.open_ties:
            return msg(
                "“%(before)s”有 %(n)s 个名额同分，谁也没进：先加赛或抽签分出来",
                before=self.before,
                n=self.open_ties,
            )
        if self.locked:
            return msg(
                "“%(stage)s”锁着：%(modules)s。先由两个人解锁",
                stage=self.name,
                modules=listed(self.locked),
            )
        if self.unjudged:
            return msg("还没有裁判：%(modules)s", modules=listed(self.unjudged))
        return None

    @property
    def is_settled(self) -> bool:
        """True if it is to begin and locked marks say who goes on to it."""
        return not (self.begun or self.unfinished or self.unlocked)

    @property
    def mark(self) -> str:
        """The mark of what was looked at: another one as soon as somebody else goes on."""
        return short_mark([self.event, self.code, sorted(self.people), sorted(self.leaving)])

    @property
    def what(self) -> Message:
        """Say what is open of it, in a line."""
        if self.begun:
            return msg("进“%(stage)s”的人和正在评的不一样", stage=self.name)
        return msg("“%(stage)s”还没开始评分", stage=self.name)


def next_stages(competition: Competition, results: Results | None = None) -> list[NextStage]:
    """List each event's first later stage that is to begin, or to follow the one before it.

    None where nobody goes on, or all that has begun fits the results; `results` are those of now,
    for who has them already. Looked for once a version.
    """

    def look() -> list[NextStage]:
        now = live_results(competition).results if results is None else results
        by_code = {event.code: event for event in competition.events}
        stages = (_next(by_code[event.code], event) for event in now.events)
        return [stage for stage in stages if stage is not None]

    return remembered(competition, "next_stages", look)


def named_in_stage(
    competition: Competition, stage: NextStage, codes: Sequence[str]
) -> list[tuple[str, str]]:
    """List code and name of these entrants of its event, by code."""
    own = next(it for it in competition.events if it.code == stage.event)
    query = (
        select(Entrant.code, Entrant.name)
        .where(Entrant.event_id == own.id, Entrant.code.in_(codes))
        .order_by(Entrant.code)
    )
    return list(db.session.execute(query).tuples())


def blind_in_stage(competition: Competition, stage: NextStage, codes: Sequence[str]) -> list[str]:
    """List the labels by which judges know these entrants of its event, in the order of that."""
    own = next(it for it in competition.events if it.code == stage.event)
    known = drawn_codes(own)
    query = select(Entrant.id).where(Entrant.event_id == own.id, Entrant.code.in_(codes))
    return sorted(known[number] for number in db.session.scalars(query) if number in known)


def open_stage(competition: Competition, event: str, stage: str, seen: str, by: Account) -> int:
    """Make the sheets of whoever goes on. Returns their number.

    Raises `Refused` while the stage before is not judged and locked, a module has no judge, a
    draw is under way, or somebody else goes on than was shown (`seen`).
    """
    with unit_of_work():
        competition = for_update(competition)
        require_judging(competition)
        stages = next_stages(competition)
        asked = next((it for it in stages if (it.event, it.code) == (event, stage)), None)
        if asked is None or asked.begun:
            raise Refused(msg("这个赛段已经开始了，或者还没到"))
        refuse_if(asked.why_not)
        if asked.mark != seen:
            raise Refused(msg("能进的人和刚才看到的不一样了，再看一遍"))
        own = next(it for it in competition.events if it.code == event)
        _people, made = add_sheets(own, asked, asked.people, by)
        if not made:
            raise Refused(msg("没有要评的人：还没有选手，或者工位上没有裁判"))
        after = {"stage": asked.name, "code": stage, "people": sorted(asked.people), "sheets": made}
        audit.record(competition, by, "stage.open", event, after=after)
    return made


def add_sheets(
    event: Event, stage: NextStage, inside: Collection[str], by: Account
) -> tuple[Sequence[Entrant], int]:
    """Add sheets for who newly goes on, and free the places of who is not `inside` the stage.

    A place that somebody leaves before its time goes to who newly goes on.

    Returns who goes on and takes part, and the number of sheets; inside a unit of work.
    """
    people = _people(event, stage)
    if event.blind:
        draw_blind_codes(event, by)
    handed = to_hand_on(event, stage.code, inside, people)
    _clear_places(event, stage.code, inside, by)
    hand_on(event, stage.code, handed, by)
    rules = next(it for it in rules_of(event).stages if it.code == stage.code)
    return people, make_stage_sheets(event, rules, by, people) if people else 0


def handed_by(competition: Competition, stage: NextStage) -> list[HandedOn]:
    """List the places that go to others if the stage begins, or follows the one before, now."""
    own = next(it for it in competition.events if it.code == stage.event)
    results = live_results(competition).event(stage.event)
    inside = people_of_stage(results, stage.code)
    return to_hand_on(own, stage.code, inside, _people(own, stage))


def _people(event: Event, stage: NextStage) -> Sequence[Entrant]:
    """The people who newly go on and take part."""
    query = select(Entrant).where(
        Entrant.event_id == event.id, Entrant.code.in_(stage.people), takes_part()
    )
    return db.session.scalars(query.order_by(Entrant.id)).all()


def _next(event: Event, results: EventResults) -> NextStage | None:
    stages = rules_of(event).stages
    if len(stages) == 1:
        return None
    begun = set(db.session.scalars(select(Sheet.stage).where(of_event(Sheet, event)).distinct()))
    for before, stage in pairwise(stages):
        if stage.code not in begun:
            people = people_of_stage(results, stage.code)
            first = stages[0].code in begun
            # Where equals keep every place open nobody goes on yet: that is to be told, too.
            open_ = any(it.stage == before.code for it in results.notices or ())
            waits = first and (people or open_)
            return _stage(event, before, stage, results, people) if waits else None
        moves = moves_of(event, stage.code, results)
        if moves:
            return _stage(event, before, stage, results, moves.coming, moves)
    return None


def _stage(
    event: Event,
    before: Stage,
    stage: Stage,
    results: EventResults,
    people: Sequence[str],
    moves: StageMoves | None = None,
) -> NextStage:
    tied, tied_out = _tied(results, before)
    unlocked, _locked = _by_lock(event, before)
    _unlocked, locked = _by_lock(event, stage) if moves else ([], [])
    staying = len(people_of_stage(results, before.code)) - len(people)
    return NextStage(
        event=event.code,
        code=stage.code,
        name=_called(event, stage),
        before=_called(event, before),
        before_code=before.code,
        people=people,
        staying=staying if moves is None else 0,
        unfinished=_unfinished(event, before, results),
        unlocked=_titles(event, before, unlocked),
        unlocked_code=unlocked[0] if unlocked else "",
        unjudged=_unjudged(event, stage) if people else [],
        tied=tied,
        tied_in_unit=_tied_in_unit(event, results, before),
        tied_out=tied_out,
        unplaced=_unplaced(event, stage, people),
        open_ties=sum(it.open for it in results.notices or () if it.stage == before.code),
        begun=moves is not None,
        leaving=moves.leaving if moves else (),
        marked=moves.marked if moves else (),
        locked=_titles(event, stage, locked),
    )


def _tied(results: EventResults, before: Stage) -> tuple[list[str], list[str]]:
    """The people who share the last rank that goes on, in beyond the number; and who stays behind
    though somebody of the same rank goes on.
    """
    rows = [row for it in results.stages if it.code == before.code for row in it.standings]
    taken = [row for row in rows if row.advanced]
    last = max((row.rank for row in taken if row.rank is not None), default=None)
    if before.advance is None or last is None:
        return [], []
    top, ranks = before.advance.top, {row.rank for row in taken}
    more = top is not None and len(taken) > top
    return (
        [row.entrant for row in taken if more and row.rank == last],
        [row.entrant for row in rows if not row.advanced and row.rank in ranks],
    )


def _tied_in_unit(event: Event, results: EventResults, before: Stage) -> list[str]:
    """List who shares the last rank of their unit that goes on, beyond the unit's places."""
    most = before.advance.per_unit if before.advance is not None else None
    if most is None:
        return []
    query = select(Entrant.code, Entrant.unit_id).where(Entrant.event_id == event.id)
    unit_of = dict(db.session.execute(query).tuples().all())
    ranks: dict[int, list[tuple[int, str]]] = {}
    for row in (row for it in results.stages if it.code == before.code for row in it.standings):
        if row.advanced and row.rank is not None:
            ranks.setdefault(unit_of[row.entrant], []).append((row.rank, row.entrant))
    tied = []
    for sent in ranks.values():
        last = [code for rank, code in sent if rank == max(sent)[0]]
        if len(sent) > most and len(last) > 1:
            tied += last
    return tied


def _called(event: Event, stage: Stage) -> str:
    return f"{event.name} {stage.name}" if len(event.competition.events) > 1 else stage.name


def _clear_places(event: Event, stage: str, inside: Collection[str], by: Account) -> None:
    """Take the places of a later stage from who is not in it.

    Its lists and papers name who has a place. What was drawn stays with the draw, and what is
    taken is told in the record.
    """
    gone = vacated(event, stage, set(inside))
    if not gone:
        return
    before = [
        {
            "entrant": slot.entrant.code,
            "module": slot.module,
            "session": slot.session,
            "station": slot.station,
            "starts": slot.starts_at.isoformat() if slot.starts_at else None,
        }
        for slot in gone
    ]
    for slot in gone:
        db.session.delete(slot)
    db.session.flush()
    for module in sorted({it["module"] or "" for it in before}):
        follow_in_plan(event, stage, module)
    after = {"stage": stage, "people": sorted({it["entrant"] or "" for it in before})}
    audit.record(event.competition, by, "stage.places", event.code, before=before, after=after)


def _unfinished(event: Event, stage: Stage, results: EventResults) -> int:
    left = select(Sheet.id).where(of_event(Sheet, event, stage.code), is_awaited())
    bare = sum(gap.stage == stage.code for gap in sheetless(event, results))
    return len(db.session.scalars(left).all()) + bare


def _by_lock(event: Event, stage: Stage) -> tuple[list[str], list[str]]:
    """The modules of which some sheet is under no lock, and those of which some is under one."""
    query = (
        select(Sheet.module, under_lock())
        .where(of_event(Sheet, event, stage.code), Sheet.state != SheetState.WITHDRAWN)
        .distinct()
    )
    locked = set(db.session.execute(query).tuples())
    codes = [module.code for module in stage.modules]
    return [it for it in codes if (it, False) in locked], [
        it for it in codes if (it, True) in locked
    ]


def _unplaced(event: Event, stage: Stage, people: Sequence[str]) -> list[str]:
    """The modules in which not everybody of these has a place."""
    placed = Counter(
        db.session.scalars(
            select(Slot.module).where(of_event(Slot, event, stage.code), Entrant.code.in_(people))
        )
    )
    return _titles(event, stage, [it.code for it in stage.modules if placed[it.code] < len(people)])


def _unjudged(event: Event, stage: Stage) -> list[str]:
    query = select(Assignment.module).where(of_event(Assignment, event, stage.code))
    seated = set(db.session.scalars(query.distinct()))
    for module in stage.modules:
        attempt = attempt_in(stage, module.code)
        if attempt is not None and not seated.isdisjoint(attempt.before):
            # Whoever marks the attempt before gets it too.
            seated.add(module.code)
    return _titles(event, stage, [it.code for it in stage.modules if it.code not in seated])


def _titles(event: Event, stage: Stage, modules: Sequence[str]) -> list[str]:
    return [module_title(event, stage.code, module) for module in modules]
