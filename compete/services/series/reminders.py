"""Reminders to report (催): that a node was reminded, and when; its keeper passes the words on."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from compete.domain.values.messages import msg
from compete.models import Account, Series, SeriesNode, SeriesReminder, db
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.series.series_nodes import record_series
from compete.services.series.series_out import missing_nodes, nodes_of, reports_of
from compete.services.series.series_rights import require_keeper


def last_reminders(series: Series) -> Mapping[int, SeriesReminder]:
    """The last reminder of each node that was reminded, by its number."""
    last = select(func.max(SeriesReminder.id)).join(
        SeriesNode, SeriesNode.id == SeriesReminder.node_id
    )
    last = last.where(SeriesNode.series_id == series.id).group_by(SeriesReminder.node_id)
    rows = db.session.scalars(select(SeriesReminder).where(SeriesReminder.id.in_(last)))
    return {row.node_id: row for row in rows}


def remind_nodes(series: Series, numbers: Collection[int], by: Account) -> int:
    """Note that these nodes were reminded, all that have not reported for none; how many.

    Raises `Refused` where nobody is left to be reminded today.
    """
    require_keeper(by, series)
    with unit_of_work() as session:
        audit.claim_chain(None)
        missing = missing_nodes(series, nodes_of(series), reports_of(series))
        asked = [node for node in missing if not numbers or node.id in numbers]
        if not asked:
            raise Refused(msg("没有要催的，都报了"))
        today, last = local_today(), last_reminders(series)
        asked = [
            node
            for node in asked
            if node.id not in last or local_time(last[node.id].made_at).date() != today
        ]
        if not asked:
            raise Refused(msg("今天催过了，明天再催"))
        session.add_all(SeriesReminder(node_id=node.id, made_by=by.id) for node in asked)
        session.flush()
        names = [node.name for node in asked]
        record_series(series, by, "remind", after={"count": len(names), "nodes": names})
    return len(asked)
