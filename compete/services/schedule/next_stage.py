"""The stage after the one that was judged: who goes on to it, what it waits for, its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain import bundle as b
from compete.domain.bundle import EventResults, Results
from compete.domain.values import Message, SheetState, listed, msg, short_mark
from compete.models import (
    Account,
    Assignment,
    Competition,
    Entrant,
    Event,
    Sheet,
    db,
)
from compete.services.kernel import (
    Refused,
    audit,
    for_update,
    module_title,
    rules_of,
    takes_part,
    unit_of_work,
)
from compete.services.schedule.allocation import make_stage_sheets
from compete.services.schedule.missing_sheets import sheetless
from compete.services.scoring import live_results
from compete.services.sheets import draw_blind_codes, is_left, locked_sheets, require_judging


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStage:
    """A stage that nobody judges yet, though the one before it is being judged."""

    event: str
    event_name: str
    code: str
    name: str
    before: str
    """What the stage before it is called."""
    before_code: str
    people: Sequence[str]
    """The codes of who goes on, as results stand."""
    staying: int
    """How many stay behind."""
    unfinished: int
    """How many sheets of the stage before are waited for, or are to be given out first."""
    unlocked: Sequence[str]
    """Modules of the stage before that are not locked."""
    unlocked_code: str
    """The first of them."""
    unjudged: Sequence[str]
    """Modules of this stage without a judge."""

    @property
    def why_not(self) -> Message | None:
        """What it waits for, the first of it; None once it can begin."""
        if self.unfinished:
            return msg("“%(before)s”还差 %(n)s 张评分表", before=self.before, n=self.unfinished)
        if self.unlocked:
            return msg(
                "“%(before)s”还没锁定：%(modules)s。谁能进照锁定的分定",
                before=self.before,
                modules=listed(self.unlocked),
            )
        if self.unjudged:
            return msg("还没有裁判：%(modules)s", modules=listed(self.unjudged))
        return None

    @property
    def mark(self) -> str:
        """What was looked at: another one as soon as somebody else goes on."""
        return short_mark([self.event, self.code, sorted(self.people)])


def next_stages(competition: Competition, results: Results) -> list[NextStage]:
    """Of each event with a further stage the one that comes next; none where nobody goes on."""
    by_code = {event.code: event for event in competition.events}
    found = (_next(by_code[event.code], event) for event in results.events)
    return [stage for stage in found if stage is not None]


def going_on(competition: Competition, stage: NextStage) -> list[tuple[str, str]]:
    """Code and name of everybody who goes on, by code."""
    own = next(it for it in competition.events if it.code == stage.event)
    query = (
        select(Entrant.code, Entrant.name)
        .where(Entrant.event_id == own.id, Entrant.code.in_(stage.people), takes_part())
        .order_by(Entrant.code)
    )
    return list(db.session.execute(query).tuples())


def open_stage(competition: Competition, event: str, stage: str, seen: str, by: Account) -> int:
    """Make the sheets of whoever goes on. Returns their number.

    Raises `Refused` while the stage before is not judged and locked, a module has no judge, a
    draw is under way, or somebody else goes on than was shown (`seen`).
    """
    with unit_of_work():
        competition = for_update(competition)
        require_judging(competition)
        stages = next_stages(competition, live_results(competition).results)
        asked = next((it for it in stages if (it.event, it.code) == (event, stage)), None)
        if asked is None:
            raise Refused(msg("这个赛段已经开始了，或者还没到"))
        if asked.why_not is not None:
            raise Refused(asked.why_not)
        if asked.mark != seen:
            raise Refused(msg("能进的人和刚才看到的不一样了，再看一遍"))
        own = next(it for it in competition.events if it.code == event)
        people = db.session.scalars(
            select(Entrant)
            .where(Entrant.event_id == own.id, Entrant.code.in_(asked.people), takes_part())
            .order_by(Entrant.id)
        ).all()
        if own.blind:
            draw_blind_codes(own, by)
        rules = next(it for it in rules_of(own).stages if it.code == stage)
        made = make_stage_sheets(own, rules, by, people)
        if not made:
            raise Refused(msg("没有要评的人：还没有选手，或者工位上没有裁判"))
        after = {"stage": asked.name, "people": sorted(asked.people), "sheets": made}
        audit.record(competition, by, "stage.open", event, after=after)
    return made


def _next(event: Event, results: EventResults) -> NextStage | None:
    stages = rules_of(event).stages
    if len(stages) == 1:
        return None
    begun = set(
        db.session.scalars(
            select(Sheet.stage)
            .join(Entrant, Entrant.id == Sheet.entrant_id)
            .where(Entrant.event_id == event.id)
            .distinct()
        )
    )
    number = next((n for n, stage in enumerate(stages) if stage.code not in begun), 0)
    if not number:
        return None
    before, stage = stages[number - 1], stages[number]
    in_stage = {it.code: [row.entrant for row in it.standings] for it in results.stages}
    people = in_stage.get(stage.code, [])
    if not people:
        return None
    unlocked = _unlocked(event, before)
    return NextStage(
        event=event.code,
        event_name=event.name,
        code=stage.code,
        name=stage.name,
        before=before.name,
        before_code=before.code,
        people=people,
        staying=len(in_stage.get(before.code, [])) - len(people),
        unfinished=_unfinished(event, before, results),
        unlocked=[module_title(event, before.code, code) for code in unlocked],
        unlocked_code=unlocked[0] if unlocked else "",
        unjudged=_unjudged(event, stage),
    )


def _of(event: Event, stage: b.Stage) -> list[Sheet]:
    query = (
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(
            Entrant.event_id == event.id,
            Sheet.stage == stage.code,
            Sheet.state != SheetState.WITHDRAWN,
        )
    )
    return list(db.session.scalars(query))


def _unfinished(event: Event, stage: b.Stage, results: EventResults) -> int:
    left = (
        select(Sheet.id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id, Sheet.stage == stage.code, is_left())
    )
    bare = sum(gap.stage == stage.code for gap in sheetless(event, results))
    return len(db.session.scalars(left).all()) + bare


def _unlocked(event: Event, stage: b.Stage) -> list[str]:
    """The modules of which some sheet is under no lock."""
    sheets = _of(event, stage)
    locked = locked_sheets(event.competition_id, sheets)
    free = {sheet.module for sheet in sheets if sheet.id not in locked}
    return [module.code for module in stage.modules if module.code in free]


def _unjudged(event: Event, stage: b.Stage) -> list[str]:
    query = select(Assignment.module).where(
        Assignment.event_id == event.id, Assignment.stage == stage.code
    )
    seated = set(db.session.scalars(query.distinct()))
    return [
        module_title(event, stage.code, module.code)
        for module in stage.modules
        if module.code not in seated
    ]
