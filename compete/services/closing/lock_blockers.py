"""Lock blockers: what is missing before a module, or one session of it, can be locked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select

from compete.domain.bundle.results import EventResults
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.states import DecisionState, SheetState
from compete.models import Decision, Entrant, Event, Judge, Sheet, Slot, db
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.versions import remembered_beside_marks
from compete.services.schedule.allocation import sheetless
from compete.services.schedule.stage_moves import moves_of
from compete.services.scoring.flags import disputed, flagged
from compete.services.scoring.live import live_results
from compete.services.sheets.absences import contradictions, excused
from compete.services.sheets.counts import is_unsigned, sheet_counts
from compete.services.sheets.difficulties import unattempted

_MOST_NAMED = 30
_FLAGGED_NAMED = 5


class ScopeFault(NamedTuple):
    """A thing that is missing; `kind` names the act that mends it, as a blocker's does."""

    kind: str
    what: Message


def has_sheets(event: Event, stage: str, module: str, session: str | None) -> bool:
    """True if a module, or one session of it, has a sheet that was not closed by 回避."""

    def look() -> bool:
        query = _sheets(Sheet.id, _scope(event, stage, module, session)).limit(1)
        return db.session.scalar(query) is not None

    name = ("has sheets", event.id, stage, module, session)
    return remembered_beside_marks(event.competition, name, look)


def sheets_in_scope(
    event: Event, stage: str, module: str, session: str | None
) -> list[tuple[int, str, str]]:
    """List number, label and judge's code of the sheets there, without those closed by 回避."""
    query = _sheets(Sheet.id, _scope(event, stage, module, session))
    rows = db.session.execute(
        query.join(Judge, Judge.id == Sheet.judge_id).add_columns(Sheet.label, Judge.code)
    )
    return [row._tuple() for row in rows]


def faults_of_scope(
    event: Event,
    stage: str,
    module: str,
    session: str | None,
    *,
    signed: bool,
    results: EventResults | None = None,
) -> list[ScopeFault]:
    """List what stands in the way of the lock, the gravest first.

    `signed`: every sheet must be signed. `results` are the event's as they
    stand now, worked out here where they are not given.
    """
    scope = _scope(event, stage, module, session)
    if not has_sheets(event, stage, module, session):
        return [ScopeFault("sheetless", msg("这里还没有评分表"))]
    counts = sheet_counts(event.competition).of(event, stage, module, session)
    faults: list[ScopeFault] = []
    if results is None:
        results = live_results(event.competition).event(event.code)
    apart = _labels_of(event, disputed(event, results, stage, module), stage, module, session)
    if apart:
        sentence = msg("分差超限没处理：%(codes)s", codes=some_of(apart, _FLAGGED_NAMED))
        faults.append(ScopeFault("dispute", sentence))
    late = contradictions(event.competition, *scope)
    if late:
        labels = sorted({it.sheet.label for it in late})
        sentence = msg("评分和缺考、放弃对不上：%(codes)s", codes=some_of(labels, _FLAGGED_NAMED))
        faults.append(ScopeFault("absence", sentence))
    # As on the home page: those sent back stand in a line of their own.
    if counts.returned:
        faults.append(ScopeFault("returned", msg("退回没改 %(count)s 张", count=counts.returned)))
    if counts.left > counts.returned:
        never = counts.left - counts.returned
        faults.append(ScopeFault("unfinished", msg("没交的评分表 %(count)s 张", count=never)))
    if not counts.left:
        few = flagged(event, results, stage, module, "incomplete")
        waiting = waiting_for_difficulty(event, results, stage, module)
        if unsaid := _labels_of(event, waiting, stage, module, session):
            sentence = msg("没填难度系数：%(codes)s", codes=some_of(unsaid, _FLAGGED_NAMED))
            faults.append(ScopeFault("difficulty", sentence))
        few = [code for code in few if code not in waiting]
        short = _labels_of(event, few, stage, module, session)
        if short:
            sentence = msg("评分表不够数：%(codes)s", codes=some_of(short, _FLAGGED_NAMED))
            faults.append(ScopeFault("short", sentence))
    if signed and counts.unsigned:
        faults.append(
            ScopeFault("unsigned", msg("没签名的评分表 %(count)s 张", count=counts.unsigned))
        )
    bare_people = _without_sheet(event, results, stage, module, session)
    if bare_people:
        sentence = msg("没有评分表的选手：%(codes)s", codes=some_of(bare_people, _MOST_NAMED))
        faults.append(ScopeFault("sheetless", sentence))
    if moves_of(event, stage, results):
        faults.append(ScopeFault("stage", msg("进这个赛段的人变了，先办")))
    decisions = remembered_beside_marks(
        event.competition,
        ("waiting decisions", event.id, stage, module, session),
        lambda: _waiting_decisions(scope, stage, module),
    )
    if decisions:
        faults.append(
            ScopeFault("decision", msg("等第二人确认的扣罚和取消 %(count)s 件", count=decisions))
        )
    return faults


def waiting_for_difficulty(
    event: Event, results: EventResults, stage: str, module: str
) -> list[str]:
    """The codes of those without a score since nobody told what they attempt."""
    bare = unattempted(event, stage, module)
    few = flagged(event, results, stage, module, "incomplete") if bare else ()
    return [code for code in few if code in bare]


_Scope = tuple[ColumnElement[bool], ...]


def _scope(event: Event, stage: str, module: str, session: str | None) -> _Scope:
    """The condition that a sheet is of the module, or of one session of it, and not closed."""
    here: _Scope = (of_event(Sheet, event, stage, module), Sheet.state != SheetState.WITHDRAWN)
    if session is None:
        return here
    return (*here, Sheet.entrant_id.in_(_called_up(stage, module, session)))


def _sheets(what: Any, scope: _Scope) -> Select[Any]:
    return select(what).join(Entrant, Entrant.id == Sheet.entrant_id).where(*scope)


def _labels_of(
    event: Event, codes: Sequence[str], stage: str, module: str, session: str | None
) -> list[str]:
    """The labels of those in the scope, out of entrants by code.

    In their own order: the order of the ranks would tell it before anything is published.
    """
    if not codes:
        return []
    labels = remembered_beside_marks(
        event.competition,
        ("labels", event.id, stage, module, session),
        lambda: _labels(_scope(event, stage, module, session)),
    )
    return sorted(
        (labels[code] for code in codes if code in labels), key=lambda label: (len(label), label)
    )


def _labels(scope: _Scope) -> dict[str, str]:
    """The labels on the sheets, by the code of the entrant; without those nobody waits for."""
    rows = db.session.execute(
        select(Entrant.code, func.min(Sheet.label))
        .join(Sheet, Sheet.entrant_id == Entrant.id)
        .where(*scope, ~excused())
        .group_by(Entrant.code)
    )
    return dict(rows.tuples().all())


def _without_sheet(
    event: Event, results: EventResults, stage: str, module: str, session: str | None
) -> list[str]:
    """The labels of those in the module, or called up in the session, whom nobody marks."""
    missing = [
        gap for gap in sheetless(event, results) if (gap.stage, gap.module) == (stage, module)
    ]
    if missing and session is not None:
        called = set(db.session.scalars(_called_up(stage, module, session)))
        missing = [gap for gap in missing if gap.entrant_id in called]
    return [gap.label for gap in missing]


def _waiting_decisions(scope: _Scope, stage: str, module: str) -> int:
    query = select(func.count(Decision.id)).where(
        Decision.entrant_id.in_(_sheets(Sheet.entrant_id, scope)),
        Decision.stage == stage,
        or_(Decision.module.is_(None), Decision.module == module),
        Decision.state == DecisionState.PROPOSED,
    )
    return db.session.scalar(query) or 0


def _called_up(stage: str, module: str, session: str) -> Select[tuple[int]]:
    return select(Slot.entrant_id).where(
        Slot.stage == stage, Slot.module == module, Slot.session == session
    )


def excused_labels(event: Event, stage: str, module: str, session: str | None) -> list[str]:
    """List the sheet labels of those in the scope whom nobody waits for, in order."""
    query = _sheets(Sheet.label, _scope(event, stage, module, session)).where(excused())
    return list(db.session.scalars(query.distinct().order_by(Sheet.label)))


def unsigned_sheets(
    event: Event, stage: str, module: str, session: str | None, most: int, *, wanted: bool
) -> list[tuple[str, str]]:
    """List label and judge's code of the first sheets in the scope that are in and not signed.

    `wanted`: those alone of which a signature is asked, not what came with a file.
    """
    bare = is_unsigned() if wanted else Sheet.state == SheetState.SUBMITTED
    query = (
        select(Sheet.label, Judge.code)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Judge, Judge.id == Sheet.judge_id)
        .where(*_scope(event, stage, module, session), bare)
        .order_by(Sheet.label, Judge.id)
        .limit(most)
    )
    return list(db.session.execute(query).tuples())
