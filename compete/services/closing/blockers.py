"""Blockers: what still stands in the way of locking and publishing, who, and how many."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.bundle.crews import heads
from compete.domain.bundle.results import Results
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState, DecisionState, SheetState
from compete.models import Competition, Decision, Entrant, Judge, Sheet, db
from compete.services.closing.lock_blockers import waiting_for_difficulty
from compete.services.closing.playoffs import open_ties, void_playoffs
from compete.services.judging.recusal import short_panels
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.participants import crewed_in
from compete.services.registration.carried_modules import stale_here
from compete.services.schedule.allocation import sheetless
from compete.services.schedule.next_stage import NextStage, next_stages
from compete.services.scoring.flags import disputed
from compete.services.sheets.absences import contradictions
from compete.services.sheets.coding_layers import coding_of, signed_to_lock
from compete.services.sheets.counts import is_awaited, sheet_counts
from compete.services.sheets.locks_in_force import standing_locks

_MOST_NAMED = 30
_OPEN = (SheetState.NOT_BEGUN, SheetState.BEGUN, SheetState.COMPLETE)


@dataclass(frozen=True)
class Blocker:
    """A thing that is missing. `kind` names the act that mends it.

    `count` are sheets that a judge has yet to hand in; together they are all that are left.
    """

    kind: str
    what: Message
    detail: Message | str = ""
    who: Message | str = ""
    count: int = 0


def find_blockers(competition: Competition, results: Results) -> list[Blocker]:
    """List what must be done before results can be locked, the gravest first."""
    return [
        *_disputes(competition, results),
        *_contradicted(competition),
        *_open_ties(competition, results),
        *_returned(competition),
        *_sheetless(competition, results),
        *_unattempted(competition, results),
        *_short(competition),
        *_unfinished(competition),
        *_unsigned(competition),
        *_unconfirmed(competition),
        *_coded(competition),
        *_stages(competition, results),
        *_stale(competition, results),
    ]


def _stale(competition: Competition, results: Results) -> Iterator[Blocker]:
    """Find who brought a mark from another event here that it does not have any more."""
    stale = stale_here(competition, results)
    if stale:
        what = msg("带来的成绩要作废的 %(count)s 人", count=len(stale))
        why = listed([msg("%(code)s：%(why)s", code=code, why=why) for code, why in stale.items()])
        yield Blocker("carried", what, why)


def _stages(competition: Competition, results: Results) -> Iterator[Blocker]:
    """Find stages not begun, or to which others go on than those judged there."""
    kinds = crewed_in(competition)
    for it in next_stages(competition, results):
        yield Blocker("stage", it.what, it.why_not or _who_moves(it, kinds))


def _coded(competition: Competition) -> Iterator[Blocker]:
    """Find blind events whose codes two have not opened."""
    closed = [row.event.name for row in coding_of(competition) if row.coding.closed]
    if closed:
        what = msg("%(count)s 个盲评赛项还没解密", count=len(closed))
        yield Blocker("coded", what, some_of(closed), msg("裁判长和监督"))


def _disputes(competition: Competition, results: Results) -> Iterator[Blocker]:
    chiefs = [judge.name for judge in competition.judges if judge.role is Role.CHIEF]
    events = {event.code: event for event in competition.events}
    labels = _labels(competition)
    for event in results.events:
        here = events[event.code]
        apart = [
            f"{labels.get(entrant, entrant)} {module_title(here, stage.code, module.code)}"
            for stage in rules_of(here).stages
            for module in stage.modules
            for entrant in sorted(disputed(here, event, stage.code, module.code))
        ]
        if apart:
            what = msg("分差超限 %(count)s 处", count=len(apart))
            yield Blocker("dispute", what, some_of(apart), listed(chiefs))


def _contradicted(competition: Competition) -> Iterator[Blocker]:
    """Find sheets that came in for who had been recorded as absent, or as waiving the attempt."""
    late = contradictions(competition)
    if late:
        labels = list(dict.fromkeys(it.sheet.label for it in late))
        what = msg("评分和缺考、放弃对不上 %(count)s 张", count=len(late))
        yield Blocker("absence", what, some_of(labels), msg("裁判长"))


def _open_ties(competition: Competition, results: Results) -> Iterator[Blocker]:
    """Find places that stay open among equals, and playoffs that part nobody any more."""
    names = {event.code: event for event in competition.events}
    labels = _labels(competition)
    for tie in open_ties(results):
        stage = next(it for it in rules_of(names[tie.event]).stages if it.code == tie.stage)
        what = msg("“%(stage)s”第 %(rank)s 名同分，还没分出谁进", stage=stage.name, rank=tie.rank)
        people = some_of([labels.get(code, code) for code in tie.entrants])
        yield Blocker("tie", what, people, msg("裁判长和另一位"))
    void = len(void_playoffs(competition))
    if void:
        what = msg("加赛和抽签 %(count)s 份作废了，要撤回", count=void)
        yield Blocker("tie", what, msg("成绩更正以后，那些人不再同分"))


def _labels(competition: Competition) -> dict[str, str]:
    """The labels on everybody's sheets in a blind event: the desk reads them too."""
    if not any(event.blind for event in competition.events):
        return {}
    query = (
        select(Entrant.code, Sheet.label)
        .join(Sheet, Sheet.entrant_id == Entrant.id)
        .where(Sheet.competition_id == competition.id)
    )
    return dict(db.session.execute(query).tuples().all())


def _returned(competition: Competition) -> Iterator[Blocker]:
    rows = db.session.execute(
        select(Sheet.label, Judge.name)
        .join(Judge, Judge.id == Sheet.judge_id)
        .where(
            Sheet.competition_id == competition.id,
            Sheet.state == SheetState.RETURNED,
            is_awaited(),
        )
        .order_by(Sheet.id)
    ).all()
    if rows:
        yield Blocker(
            "returned",
            msg("退回没改 %(count)s 张", count=len(rows)),
            some_of([label for label, _ in rows]),
            listed(sorted({name for _, name in rows})),
            len(rows),
        )


def _who_moves(stage: NextStage, kinds: Collection[bool]) -> Message:
    coming = heads(len(stage.people), kinds)
    if not stage.begun:
        return msg("%(who)s进“%(stage)s”", who=coming, stage=stage.name)
    return msg(
        "新进 %(coming)s，不再进 %(leaving)s",
        coming=coming,
        leaving=heads(len(stage.leaving), kinds),
    )


def _sheetless(competition: Competition, results: Results) -> Iterator[Blocker]:
    """Find people whom no judge marks: they came after the sheets were allotted."""
    by_code = {event.code: event for event in competition.events}
    missing = [gap for event in results.events for gap in sheetless(by_code[event.code], event)]
    by_module: dict[str, list[str]] = {}
    for gap in missing:
        by_module.setdefault(gap.module_name, []).append(gap.label)
    if missing:
        who = heads(len({gap.entrant_id for gap in missing}), crewed_in(competition))
        yield Blocker("sheetless", msg("没有评分表的选手 %(who)s", who=who), _by_module(by_module))


def _unattempted(competition: Competition, results: Results) -> Iterator[Blocker]:
    """Find people without a difficulty, by which their marks would count."""
    events = {event.code: event for event in competition.events}
    labels = _labels(competition)
    lacking: dict[str, list[str]] = {}
    for event in results.events:
        here = events[event.code]
        for stage in rules_of(here).stages:
            for module in stage.modules:
                codes = waiting_for_difficulty(here, event, stage.code, module.code)
                if codes:
                    title = module_title(here, stage.code, module.code)
                    lacking[title] = sorted(labels.get(code, code) for code in codes)
    if lacking:
        number = sum(map(len, lacking.values()))
        what = msg("没填难度系数 %(count)s 处", count=number)
        yield Blocker("difficulty", what, _by_module(lacking))


def _unfinished(competition: Competition) -> Iterator[Blocker]:
    """Find sheets that are waited for; those sent back stand in a line of their own."""
    counts = sheet_counts(competition)
    number = counts.left - counts.returned
    if number:
        names = _names(competition, counts.judges_with_sheets(*_OPEN))
        what = msg("没交的评分表 %(count)s 张", count=number)
        yield Blocker("unfinished", what, _judges(names), some_of(names), number)


def _judges(names: Sequence[str]) -> Message:
    return msg("涉及 %(count)s 位裁判", count=len(names))


def _by_module(labels: dict[str, list[str]]) -> Message | str:
    """Name for each module the first of those who are missing, and how many."""
    lines: list[Message | str] = [
        msg("%(name)s：%(codes)s", name=name, codes=some_of(codes, _MOST_NAMED))
        for name, codes in labels.items()
    ]
    return listed(lines, msg("；"))


def _names(competition: Competition, judges: set[int]) -> list[str]:
    return sorted(judge.name for judge in competition.judges if judge.id in judges)


def _short(competition: Competition) -> Iterator[Blocker]:
    """Find panels where judges have withdrawn and too few are left for a score."""
    panels = short_panels(competition)
    if panels:
        what = msg("回避以后裁判不够 %(count)s 处", count=len(panels))
        yield Blocker("short", what, some_of([panel.sheet.label for panel in panels]))


def _unsigned(competition: Competition) -> Iterator[Blocker]:
    """Find the sheets to be signed before a lock, in modules that are not locked yet."""
    wanted = {event.id for event in competition.events if signed_to_lock(event)}
    if competition.state is not CompetitionState.JUDGING or not wanted:
        return
    locked = {
        (lock.event_id, lock.stage, lock.module)
        for lock in standing_locks(competition)
        if lock.session is None
    }
    bare = sheet_counts(competition).narrowed(
        lambda place: place.unsigned and place.event in wanted and place[:3] not in locked
    )
    if bare.all:
        names = _names(competition, {place.judge for place in bare.numbers})
        what = msg("没签名的评分表 %(count)s 张", count=bare.all)
        yield Blocker("unsigned", what, _judges(names), some_of(names))


def _unconfirmed(competition: Competition) -> Iterator[Blocker]:
    """Find penalties and outcomes that wait for the second of two."""
    if competition.state is not CompetitionState.JUDGING:
        return
    codes = db.session.scalars(
        select(Entrant.code)
        .join(Decision, Decision.entrant_id == Entrant.id)
        .where(Entrant.competition_id == competition.id, Decision.state == DecisionState.PROPOSED)
    ).all()
    if codes:
        yield Blocker("decision", msg("等第二人确认的扣罚和取消 %(count)s 件", count=len(codes)))
