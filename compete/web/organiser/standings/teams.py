"""The teams beside the standings."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.domain import bundle as b
from compete.domain.bundle import EventResults
from compete.domain.scoring import EventScorer
from compete.domain.values import TeamMethod

SHOWN = 12


def describe_teams(
    scorer: EventScorer, bundle: b.Bundle, event: EventResults
) -> dict[str, Any] | None:
    """Rank, members' totals and the sum of each team; None where teams are not ranked."""
    rule = scorer.event.team_ranking
    if rule is None or event.teams is None:
        return None
    names = {team.code: team.name for team in bundle.teams}
    totals = {row.entrant: row.total for row in event.standings}
    how = _("平均") if rule.method is TeamMethod.MEAN else _("相加")
    note = _("%(n)s 名队员总成绩%(how)s", n=rule.best, how=how)
    if not rule.require_full:
        note = _("%(note)s，缺人计 0", note=note)
    rows = []
    for row in event.teams:
        sums = [totals[member] or "—" for member in row.members]
        notes = []
        if row.rank is None:
            notes.append(_("人数不够，不排名"))
        rows.append(
            {
                "rank": row.rank,
                "name": names[row.team],
                "sum": "＋".join(sums) or "—",
                "total": row.total,
                "notes": notes,
            }
        )
    return {"title": _("团体"), "note": note, "rows": rows[:SHOWN], "more": None}
