"""Counts that are reported of nodes held elsewhere: given, put right, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.models import Account, SeriesNode, SessionReport, db
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refused, refuse_if
from compete.services.kernel.transactions import unit_of_work
from compete.services.series.series_nodes import record_series, require_sound_nodes
from compete.services.series.series_rights import require_keeper

_MOST = 1_000_000_000
_NUMBER = msg("要写 0 到 %(most)s 的整数", most=_MOST)


class ReportFields(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of a node."""

    sessions: Annotated[
        int, Setting(msg("场次"), most=_MOST, needed=msg("写几场，没有写 0"), wrong=_NUMBER)
    ]
    people: Annotated[
        int,
        Setting(
            msg("人次"),
            msg("一个人参加两场算两次"),
            most=_MOST,
            needed=msg("写多少人次，没有写 0"),
            wrong=_NUMBER,
        ),
    ]
    examined: Annotated[
        int | None, Setting(msg("考核人数"), msg("没有考核就空着"), most=_MOST, wrong=_NUMBER)
    ] = None
    passed: Annotated[int | None, Setting(msg("合格人数"), most=_MOST, wrong=_NUMBER)] = None
    day: Annotated[date | None, Setting(msg("哪天报的"), msg("空着就是今天"))] = None
    told_by: Annotated[str, Setting(msg("谁报的"), most=80, needed=msg("写谁报的，单位或者姓名"))]


def history_of(node: SeriesNode) -> Sequence[SessionReport]:
    """All that was reported of a node, the newest first."""
    query = select(SessionReport).where(SessionReport.node_id == node.id)
    query = query.options(joinedload(SessionReport.maker)).order_by(SessionReport.id.desc())
    return db.session.scalars(query).all()


def standing_report(node: SeriesNode) -> SessionReport | None:
    """The report of a node that nothing replaces, or None."""
    replaced = select(SessionReport.replaces_id).where(SessionReport.replaces_id.is_not(None))
    query = select(SessionReport).where(
        SessionReport.node_id == node.id, SessionReport.id.not_in(replaced)
    )
    return db.session.scalar(query.order_by(SessionReport.id.desc()).limit(1))


def why_no_report(node: SeriesNode) -> Message | None:
    """Say why a node reports nothing; None: it does."""
    if node.competition_id is not None:
        return msg("这一站在这里办，人次就是选手数，不用再报")
    return None


def report_counts(node: SeriesNode, fields: ReportFields, by: Account) -> SessionReport:
    """Take a node's counts; they replace what was reported before, which stays in the history."""
    require_keeper(by, node.series)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(node)
        before = standing_report(node)
        row = new_report(node, fields, by, before)
        require_sound_nodes(node.series)
        record_series(
            node.series,
            by,
            "report" if before is None else "correct_report",
            before=None if before is None else _facts(node, before),
            after=_facts(node, row),
        )
    return row


def new_report(
    node: SeriesNode, fields: ReportFields, by: Account, before: SessionReport | None
) -> SessionReport:
    """A row for a node's counts; inside a unit of work. Raises `Refused`."""
    refuse_if(why_no_report(node))
    examined, passed = fields.examined or 0, fields.passed or 0
    if passed > examined:
        raise FieldRefused("passed", msg("合格的比考核的多"))
    if before is not None and _same(before, fields):
        raise Refused(msg("和现在的一样，没有要改的"))
    day = fields.day or local_today()
    if day > local_today():
        raise FieldRefused("day", msg("这一天还没到"))
    row = SessionReport(
        node_id=node.id,
        sessions=fields.sessions,
        people=fields.people,
        examined=examined,
        passed=passed,
        day=day,
        told_by=fields.told_by,
        replaces_id=before.id if before else None,
        made_by=by.id,
    )
    db.session.add(row)
    return row


def _same(before: SessionReport, fields: ReportFields) -> bool:
    stands = before.sessions, before.people, before.examined, before.passed
    return stands == (fields.sessions, fields.people, fields.examined or 0, fields.passed or 0)


def _facts(node: SeriesNode, row: SessionReport) -> dict[str, object]:
    return {
        "node": node.name,
        "sessions": row.sessions,
        "people": row.people,
        "examined": row.examined,
        "passed": row.passed,
        "day": row.day.isoformat(),
        "told_by": row.told_by,
    }
