"""A correction to a closed period in words: what, why, by whom, and what it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.labour.closed_periods import Shift
from compete.domain.labour.totals import PLACES
from compete.domain.values.period_states import CorrectionKind, CorrectionState
from compete.domain.values.points import show
from compete.models import Competition, PeriodCorrection
from compete.services.accounts.second_persons import SecondWord
from compete.services.kernel.text_limits import LONGEST_REASON
from compete.services.labour.corrections import what_it_moves
from compete.services.labour.departments import departments_of
from compete.services.labour.period_progress import closed_periods
from compete.services.results.bulletin_corrections import (
    correction_words,
    marks_moved,
    stood_before,
)
from compete.services.scoring.live_labour import LabourLive
from compete.web.labour_words import told_apart
from compete.web.language import say
from compete.web.refusals import problem_of_length
from compete.web.shapes import Choice, choices
from compete.web.templating import moment

SHOWN = 12
"""The most units that moved on a card, the unit itself first."""
_NONE = "—"


def correction_form(
    competition: Competition,
    live: LabourLive,
    period: str,
    typed: Mapping[str, str] = MappingProxyType({}),
    problem: str | None = None,
) -> dict[str, object]:
    """The form for one more, empty or as it was `typed`."""
    asked = live.outcome.field.asked.get(period)
    kinds = choices(
        {
            CorrectionKind.VALUE: _("改一个数"),
            CorrectionKind.EMPTY: _("去掉一个数（变成缺）"),
            CorrectionKind.ADJUSTMENT: _("加减分"),
            CorrectionKind.VETO: _("一票否决"),
            CorrectionKind.LIFT: _("解除一票否决"),
        }
    )
    closed = period in closed_periods(competition)
    whose = {code: row.name for row in departments_of(competition) for code in row.indicators}
    named = told_apart(
        [each for each in live.labour.indicators if closed and each.code in (asked or ())],
        {each.code: each.name for each in live.labour.periods},
        whose,
    )
    long = problem_of_length(typed.get("reason", ""), LONGEST_REASON)
    return {
        # Values stand in leaves alone, and are simply entered while the period is open.
        "kinds": kinds if asked is not None and closed else kinds[2:],
        "units": [
            Choice(value=unit.code, label=unit.name)
            for unit in live.bundle.units
            if unit.code in live.outcome.field.group_of
        ],
        "indicators": choices(named),
        "typed": typed,
        "problem": problem if long is None else None,
        "reason_problem": long,
    }


def correction_card(
    competition: Competition, live: LabourLive, row: PeriodCorrection
) -> dict[str, object]:
    """Describe one correction, the first units that it moved and how many `more` it did.

    Those who may agree see the button, all others see who can.
    """
    asked = row.state is CorrectionState.ASKED
    why_not = SecondWord(competition, row.asked_by).why_not(current_user) if asked else None
    shifts = [] if row.state is CorrectionState.DROPPED else what_it_moves(competition, row)
    in_order = sorted(shifts, key=lambda each: (each.unit != row.unit.code, _step(each)))
    return {
        "row": row,
        "title": _title(live, row),
        "said": _said(row),
        "shifts": shift_rows(live, in_order[:SHOWN]),
        "more": len({each.unit for each in in_order[SHOWN:]}),
        "waits": asked,
        "why_not": say(why_not) if why_not is not None else None,
    }


def _step(shift: Shift) -> int:
    """Sort key: those that moved most places first."""
    was, now = shift.ranks
    return -abs((was or 0) - (now or 0))


def _title(live: LabourLive, row: PeriodCorrection) -> str:
    names = {each.code: each.name for each in live.labour.indicators}
    code = row.indicator or ""
    period = live.outcome.field.tree.periods[row.period].name
    before = stood_before([row]).get(row.id)
    return say(correction_words(row, period, names.get(code, code), before))


def _said(row: PeriodCorrection) -> str:
    asked = _("%(who)s %(at)s 提出", who=row.asker.name, at=moment(row.asked_at))
    if row.ender is None:
        return asked
    if row.state is CorrectionState.AGREED:
        ended = _("%(who)s %(at)s 同意", who=row.ender.name, at=moment(row.ended_at))
    else:
        ended = _("%(who)s %(at)s 不更正了", who=row.ender.name, at=moment(row.ended_at))
    return _("%(first)s，%(second)s", first=asked, second=ended)


def shift_rows(live: LabourLive, shifts: Sequence[Shift]) -> list[dict[str, object]]:
    """Describe the moves of a unit in a period in words, before and after.

    `also` are flag, warning and incident, where these are others.
    """
    periods = live.outcome.field.tree.periods
    return [
        {
            "period": periods[each.period].name if each.period in periods else each.period,
            "unit": live.units.get(each.unit, each.unit),
            "totals": [_NONE if it is None else show(it, PLACES) for it in each.totals],
            "ranks": [_NONE if it is None else str(it) for it in each.ranks],
            "also": [say(mark) for mark in marks_moved(each)],
        }
        for each in shifts
    ]
