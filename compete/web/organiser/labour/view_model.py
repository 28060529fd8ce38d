"""The standings of a period as rows: totals, ranks, flags and the parts they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.results import LabourRow
from compete.domain.labour.rows import barred_words
from compete.domain.labour.totals import PLACES
from compete.domain.values.period_states import PeriodState
from compete.domain.values.points import shown
from compete.models import Competition
from compete.services.labour.period_progress import period_states
from compete.services.results.announced_periods import announcing
from compete.services.results.shown_version import edition_of_period
from compete.services.scoring.live_labour import LabourLive
from compete.web.language import say
from compete.web.organiser.labour.cards import Development, Marked


def period_parts(competition: Competition, live: LabourLive, period: str) -> dict[str, object]:
    """A period as the desk shows it: its name, its state, and whether a correction is not out."""
    told = announcing(competition, period)
    stands = edition_of_period(competition, live, period)[0] if told is not None else None
    return {
        "period_name": live.outcome.field.tree.periods[period].name,
        "period_state": period_states(competition).get(period, PeriodState.OPEN),
        "stale": _("改过，还没公布：公布页和通报上还是第 %(n)s 版的。", n=told.version)
        if told is not None and stands is None
        else None,
    }


def has_parts(labour: Labour, code: str) -> bool:
    """True if a period is made of others."""
    return any(period.part_of == code for period in labour.periods)


def standings_row(
    row: LabourRow,
    live: LabourLive,
    period: str,
    inner: Sequence[str],
    led: Development,
    url: str,
) -> dict[str, Any]:
    """Describe one unit: its points in the periods inside this one, and how it got here."""
    return {
        "rank": row.rank,
        "name": live.units[row.unit],
        "url": url,
        "flag": row.flag,
        "move": led.move(row),
        "spark": led.spark(row.unit),
        "values": {
            part: shown(live.outcome.totals[part, row.unit].total, PLACES) for part in inner
        },
        "total": row.total,
        "result": result_words(live, period, row),
        "missing": missing_words(live, period, row),
    }


def result_words(live: LabourLive, period: str, row: LabourRow) -> Marked | None:
    """Return the result of a unit, or why it has no rank."""
    if row.vetoed:
        return Marked(text=say(barred_words()), kind="bad")
    if row.flag:
        return Marked(text=_("流动红旗"), kind="flag")
    if row.warned:
        return Marked(text=_("黄牌"), kind="warn")
    if row.unit in live.away[period]:
        return Marked(text=_("没有参加"), kind="")
    if live.is_absent(period, row.unit):
        return Marked(text=_("还没有数"), kind="")
    if row.rank is None:
        return Marked(text=_("没填齐"), kind="warn")
    return None


def missing_words(live: LabourLive, period: str, row: LabourRow) -> list[str]:
    """The indicators still to be filled in; none of a unit that takes no part."""
    if live.is_absent(period, row.unit):
        return []
    names = {indicator.code: indicator.name for indicator in live.labour.indicators}
    return [names[code] for code in row.missing]
