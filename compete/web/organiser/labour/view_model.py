"""The standings of a period as rows: totals, ranks, flags and the parts they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.results import LabourRow
from compete.domain.explanation.labour import explain_outcome
from compete.domain.explanation.steps import Step, StepKind
from compete.domain.labour.rows import barred_words
from compete.domain.labour.shares import first_codes, shares_of
from compete.domain.labour.totals import PLACES
from compete.domain.labour.unit_spans import WHOLE, span_words, unit_spans
from compete.domain.values.messages import Message
from compete.domain.values.period_states import PeriodState
from compete.domain.values.points import show_or_none
from compete.models import Competition
from compete.services.labour.period_progress import period_states
from compete.services.results.announced_periods import announcing
from compete.services.results.shown_version import edition_of_period
from compete.services.scoring.journeys import FlagJourney
from compete.services.scoring.live_labour import LabourLive
from compete.web.labour_words import points_words
from compete.web.language import say
from compete.web.organiser.labour.cards import (
    Development,
    Marked,
    development,
    flag_distance,
    lifted_lines,
    own_heads,
    why_card,
)
from compete.web.organiser.shapes import View


def period_parts(competition: Competition, live: LabourLive, period: str) -> dict[str, object]:
    """A period as the desk shows it: its name, its state, and whether a correction is not out."""
    publication = announcing(competition, period)
    stands = edition_of_period(competition, live, period)[0] if publication is not None else None
    return {
        "period_name": live.outcome.field.tree.periods[period].name,
        "period_state": period_states(competition).get(period, PeriodState.OPEN),
        "stale": _("改过，还没公布：公布页和通报上还是第 %(n)s 版的。", n=publication.version)
        if publication is not None and stands is None
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
            part: show_or_none(live.outcome.totals[part, row.unit].total, PLACES) for part in inner
        },
        "total": row.total,
        "result": _result_words(live, period, row),
        "missing": _missing_words(live, period, row),
    }


def _result_words(live: LabourLive, period: str, row: LabourRow) -> Marked | None:
    """Return the result of a unit, or why it has no rank."""
    if row.vetoed:
        return Marked(text=say(barred_words()), kind="bad")
    if row.flag:
        return Marked(text=_("流动红旗"), kind="flag")
    if row.warned:
        return Marked(text=_("黄牌"), kind="warn")
    if row.unit in live.away[period]:
        return Marked(text=_span_words(live, row.unit) or _("没有参加"), kind="")
    if live.is_absent(period, row.unit):
        return Marked(text=_("还没有数"), kind="")
    if row.rank is None:
        return Marked(text=_("没填齐"), kind="warn")
    return None


def _span_words(live: LabourLive, unit: str) -> str | None:
    """Tell when a unit came, left, or was merged, and how it is ranked; None if it was there."""
    span = unit_spans(live.labour).get(unit, WHOLE)
    return say(span_words(span, live.labour.period_names, live.units))


def _missing_words(live: LabourLive, period: str, row: LabourRow) -> list[str]:
    """The indicators still to be filled in; none of a unit that takes no part."""
    if live.is_absent(period, row.unit):
        return []
    names = live.labour.indicator_names
    return [names[code] for code in row.missing]


LOST_FIRST = 6
"""The number of indicators that are named at once; the rest are one tap away."""


def unit_parts(
    journey: FlagJourney,
    row: LabourRow,
    period: str,
    url: Callable[[str], str],
    *,
    shown: Collection[str],
    heading: str | None = None,
    reasons: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> dict[str, object]:
    """What `organiser/labour/_unit.html` shows of the unit whose row it is, under its own names.

    `url` leads to its page of another of the periods that are `shown`; with a `heading` only what
    was lost under it is shown. `reasons` stand beside its scores, by leaf period and indicator.
    """
    live = journey.live
    periods = live.outcome.field.tree.periods
    led = development(live, period)
    group = [other for other in live.standings[period] if other.group == row.group]
    ranked = sum(other.rank is not None for other in group)
    names, lost = live.units, lost_lines(live, period, row.unit, reasons)
    if heading is not None:
        lost = [line for line in lost if heading in (line["heading"], line["name"])]
    first = LOST_FIRST if heading is None else len(lost)
    return {
        "name": names[row.unit],
        "period_name": periods[period].name,
        "views": [
            View(label=periods[code].name, url=url(code), current=code == period)
            for code in shown
            if has_parts(live.labour, code) or code == period
        ],
        "row": row,
        "of": _("%(group)s %(n)s 家里", group=row.group or _("全部单位"), n=ranked),
        "move": led.move(row),
        "result": _result_words(live, period, row),
        "people": own_heads(live, period, row.unit),
        "span": _span_words(live, row.unit),
        "missing": _missing_words(live, period, row),
        "lifted": lifted_lines(live, period, row.unit),
        "to_flag": _to_flag(journey, row, period),
        "trend": led.drawn(group, names, only=row.unit),
        "why": why_card(live, period, row.unit, alone=True),
        "lost_under": heading,
        "lost": lost[:first],
        "more_lost": lost[first:],
        "steps": _steps(live, period, row.unit),
    }


def _to_flag(journey: FlagJourney, row: LabourRow, period: str) -> str | None:
    """Say how far its group's flag is; of the holder, that it stays."""
    if not row.flag:
        return flag_distance(journey, period, row.unit)
    return say(journey.sentence(period, row.unit))


def lost_lines(
    live: LabourLive,
    period: str,
    unit: str,
    reasons: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> list[dict[str, object]]:
    """List the indicators by the points they still had to give in this period, most first.

    `share` is per cent of the most that was reached, for the bar.
    """
    shares = shares_of(live.outcome, period, unit)
    if shares is None:
        return []
    known = {indicator.code: indicator for indicator in live.labour.indicators}
    first = first_codes(live.labour)
    got, lost = defaultdict[str, Fraction](Fraction), defaultdict[str, Fraction](Fraction)
    for indicator_code, points in shares.lost.items():
        got[first[indicator_code]] += shares.indicators[indicator_code]
        lost[first[indicator_code]] += points
    in_order = sorted(
        (code for code, points in lost.items() if points), key=lambda code: (-lost[code], code)
    )
    return [
        {
            "name": known[code].name,
            "heading": known[code].heading,
            "got": points_words(got[code]),
            "most": points_words(got[code] + lost[code]),
            "lost": points_words(lost[code]),
            "share": round(100 * got[code] / (got[code] + lost[code])),
            "why": [
                _("%(period)s：%(why)s", period=leaf.name, why=reasons[leaf.code, indicator])
                for leaf in live.labour.periods
                for indicator in known
                if first[indicator] == code and (leaf.code, indicator) in reasons
            ],
        }
        for code in in_order
    ]


def _steps(live: LabourLive, period: str, unit: str) -> dict[str, object] | None:
    """The steps of this period, those of the periods inside it each in a block of its own."""
    waiting = list(explain_outcome(live.outcome, unit, unit).steps)
    for step in waiting:
        if step.code == period:
            return _block(live, step)
        waiting += [part for part in step.steps if part.kind is StepKind.PERIOD]
    return None


def _block(live: LabourLive, step: Step) -> dict[str, object]:
    """A period: its total, the way to it with the depth of each sentence, and those inside it."""
    own = [part for part in step.steps if part.kind is not StepKind.PERIOD]
    inner = [_block(live, part) for part in step.steps if part.kind is StepKind.PERIOD]
    return {
        "title": say(_step_words(live, step)),
        "lines": list(_lines(live, own, 0)),
        "inner": inner,
    }


def _lines(live: LabourLive, steps: Iterable[Step], depth: int) -> Iterator[tuple[str, int]]:
    for step in steps:
        yield say(_step_words(live, step)), depth
        yield from _lines(live, step.steps, depth + 1)


def _step_words(live: LabourLive, step: Step) -> Message:
    """A step's sentence with the names of the units and indicators whose codes it gives."""
    names = live.units | live.labour.indicator_names
    given = {
        hole: " ".join(names.get(code, code) for code in str(step.text.params[hole]).split(" "))
        for hole in ("other", "indicators")
        if hole in step.text.params
    }
    return Message(step.text.text, step.text.params | given) if given else step.text
