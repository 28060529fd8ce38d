"""What is missing before a module, or one session of it, can be locked."""

from __future__ import annotations

from sqlalchemy import Select, or_, select

from compete.domain.bundle import EventResults
from compete.domain.values import DecisionState, Message, SheetState, msg
from compete.models import Decision, Entrant, Event, Sheet, Slot, db
from compete.services.schedule import sheetless
from compete.services.scoring import live_results
from compete.services.sheets import excused

_DONE = (SheetState.SUBMITTED, SheetState.SIGNED)


def sheets_in_scope(event: Event, stage: str, module: str, session: str | None) -> list[Sheet]:
    """The sheets of a module, or of one session of it, without those closed by 回避."""
    query = (
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(
            Entrant.event_id == event.id,
            Sheet.stage == stage,
            Sheet.module == module,
            Sheet.state != SheetState.WITHDRAWN,
        )
        .order_by(Sheet.label, Sheet.judge_id)
    )
    if session is not None:
        query = query.where(Sheet.entrant_id.in_(_called_up(stage, module, session)))
    return list(db.session.scalars(query))


def faults_of_scope(
    event: Event,
    stage: str,
    module: str,
    session: str | None,
    *,
    signed: bool,
    results: EventResults | None = None,
) -> list[Message]:
    """What stands in the way, the gravest first.

    `signed`: every sheet must be signed. `results` are the event's as they
    stand now, worked out here where they are not given.
    """
    sheets = sheets_in_scope(event, stage, module, session)
    if not sheets:
        return [msg("这里还没有评分表")]
    missed = set(
        db.session.scalars(
            select(Sheet.id).where(Sheet.id.in_([sheet.id for sheet in sheets]), excused())
        )
    )
    wanted = [sheet for sheet in sheets if sheet.id not in missed]
    found = []
    if results is None:
        results = live_results(event.competition).event(event.code)
    flags = _flags(results, stage, module, wanted)
    disputed = [code for code, borne in flags if "disputed" in borne]
    if disputed:
        found.append(msg("分差超限没处理：%(codes)s", codes="、".join(disputed[:5])))
    undone = [sheet for sheet in wanted if sheet.state not in _DONE]
    short = [code for code, borne in flags if "incomplete" in borne]
    if short and not undone:
        found.append(msg("评分表不够数：%(codes)s", codes="、".join(short[:5])))
    if undone:
        found.append(msg("没交的评分表 %(count)s 张", count=len(undone)))
    if signed and not undone:
        bare = [s for s in wanted if s.state is not SheetState.SIGNED and s.submitted_at]
        if bare:
            found.append(msg("没签名的评分表 %(count)s 张", count=len(bare)))
    bare_people = _without_sheet(event, results, stage, module, session)
    if bare_people:
        found.append(msg("没有评分表的选手：%(codes)s", codes="、".join(bare_people)))
    waiting = _waiting_decisions(sheets, stage, module)
    if waiting:
        found.append(msg("等第二人确认的扣罚和取消 %(count)s 件", count=waiting))
    return found


def _flags(
    results: EventResults, stage: str, module: str, sheets: list[Sheet]
) -> list[tuple[str, tuple[str, ...]]]:
    """Label and flags of each entrant in the module."""
    labels = {sheet.entrant.code: sheet.label for sheet in sheets}
    rows = next(
        known_stage for known_stage in results.stages if known_stage.code == stage
    ).standings
    return [
        (labels[row.entrant], tuple(row.modules[module].flags))
        for row in rows
        if row.entrant in labels
    ]


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


def _waiting_decisions(sheets: list[Sheet], stage: str, module: str) -> int:
    return len(
        db.session.scalars(
            select(Decision.id).where(
                Decision.entrant_id.in_({sheet.entrant_id for sheet in sheets}),
                Decision.stage == stage,
                or_(Decision.module.is_(None), Decision.module == module),
                Decision.state == DecisionState.PROPOSED,
            )
        ).all()
    )


def _called_up(stage: str, module: str, session: str) -> Select[tuple[int]]:
    return select(Slot.entrant_id).where(
        Slot.stage == stage, Slot.module == module, Slot.session == session
    )
