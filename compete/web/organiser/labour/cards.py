"""The cards beside the standings: who holds the flag, what moved a unit, how equals are parted.

Units develop by period: lines over the shortest periods, and places won or lost.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from statistics import median

from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Period
from compete.domain.bundle.results import LabourRow
from compete.domain.explanation.labour_moves import (
    Change,
    changes_in,
    once_words,
    percent,
    signed_percent,
)
from compete.domain.explanation.steps import number
from compete.domain.labour.closed_periods import lifted_vetoes, lifted_words
from compete.domain.labour.flags import flag_periods
from compete.domain.labour.head_counts import grouped, head_count, heads_in
from compete.domain.labour.period_kinds import alike, commonest
from compete.domain.labour.prizes import prizes_won
from compete.domain.labour.ranks import tie_mean
from compete.domain.labour.shares import before_of, full_marks, moved_since
from compete.domain.labour.totals import PLACES
from compete.domain.values.kinds import VetoRank
from compete.domain.values.points import round_half_up, show
from compete.services.scoring.journeys import FlagJourney
from compete.services.scoring.live_labour import LabourLive
from compete.web.drawing.trends import Series, spark, trend
from compete.web.language import say
from compete.web.templating import day
from compete.web.words import stretch_words

LINES = 6
"""The most causes on a card; the rest are one line."""
MOST_EQUAL = 4
"""The most units with one total that stand side by side."""


def flag_cards(
    journey: FlagJourney,
    period: str,
    groups: Sequence[str | None],
    *,
    still_open: Collection[str] = (),
    brief: bool = False,
) -> list[dict[str, object]]:
    """Build the cards of each group's flag: who holds it now, and held it in the periods alike.

    Of periods that are `still_open` nobody has lost it yet.
    A `brief` card leaves the line away where somebody is above it.
    """
    live = journey.live
    if live.labour.flags is None or period not in flag_periods(live.outcome.field):
        return []
    return [_flag_card(journey, period, group, still_open, brief) for group in groups]


def _flag_card(
    journey: FlagJourney,
    period: str,
    group: str | None,
    still_open: Collection[str],
    brief: bool,
) -> dict[str, object]:
    live = journey.live
    flags, names = live.labour.flags, live.units
    assert flags is not None
    least = f"{flags.min:f}"
    here = _rows(live, period, group)
    holders = [row for row in here if row.flag]
    if holders:
        totals = _("、").join(dict.fromkeys(str(row.total) for row in holders))
        text = totals if brief else _("%(total)s，红旗线 %(least)s", total=totals, least=least)
        given = {names[unit]: at for unit, at in given_days(journey, period, holders).items()}
        if len(given) == len(holders) and len(set(given.values())) == 1:
            text = _("%(text)s，%(day)s授旗", text=text, day=day(next(iter(given.values()))))
        elif given:
            notes = [
                _("%(unit)s %(day)s授旗", unit=unit, day=day(at)) for unit, at in given.items()
            ]
            text = _("，").join([text, *notes])
        text = _("；").join([text, *_stays(journey, period, holders)])
    elif any(row.total is not None for row in here):
        text = _("没有够 %(least)s 分又没被否决的单位", least=least)
    else:
        text = _("还没有总分")
    sort = alike(live.outcome.field.tree, period, flag_periods(live.outcome.field))
    return {
        "group": group or _("全部单位"),
        "name": _("、").join(names[row.unit] for row in holders) or None,
        "text": text,
        # The periods alike with their holders; True for the one that is shown.
        "history": [
            (
                live.outcome.field.tree.periods[code].name,
                _held_by(journey, code, _rows(live, code, group), still=code in still_open),
                code == period,
            )
            for code in sort
            if len(sort) > 1
        ],
    }


def given_days(journey: FlagJourney, period: str, rows: Sequence[LabourRow]) -> dict[str, date]:
    """Return the day the flag was handed over, by the units that hold it in these rows."""
    days = {row.unit: journey.days_of(period, row.unit).given for row in rows}
    return {unit: at for unit, at in days.items() if at is not None}


def _stays(journey: FlagJourney, period: str, holders: Sequence[LabourRow]) -> list[str]:
    """Name those who keep the flag for good, or may, a sentence each."""
    messages = {row.unit: journey.sentence(period, row.unit) for row in holders}
    texts = {unit: say(words) for unit, words in messages.items() if words is not None}
    if len(holders) == 1:
        return list(texts.values())
    names = journey.live.units
    return [_("%(unit)s%(said)s", unit=names[unit], said=words) for unit, words in texts.items()]


def _held_by(journey: FlagJourney, period: str, rows: Sequence[LabourRow], *, still: bool) -> str:
    if all(row.total is None for row in rows):
        return _("待定")
    vacant = _("还没结账") if still else _("空缺")
    names = journey.live.units
    holding = [
        _("%(unit)s（永久保留）", unit=names[row.unit])
        if journey.days_of(period, row.unit).kept is not None
        else names[row.unit]
        for row in rows
        if row.flag
    ]
    return _("、").join(holding) or vacant


def _rows(live: LabourLive, period: str, group: str | None) -> list[LabourRow]:
    standings = live.standings[period]
    return [row for row in standings if row.group == group]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeLine:
    """A prize of a group: what it goes by, and the names of those who get it with their values."""

    name: str
    group: str | None
    winners: Sequence[tuple[str, str]]


def prize_lines(live: LabourLive, period: str) -> list[PrizeLine]:
    """The prizes by some indicators alone that a period gives, group by group."""
    return [
        PrizeLine(
            name=won.prize.name,
            group=won.group,
            winners=[(live.units[unit], show(value, PLACES)) for unit, value in won.units],
        )
        for won in prizes_won(live.outcome.prizes, live.outcome.field.group_of, period)
    ]


def lifted_lines(live: LabourLive, period: str, unit: str | None = None) -> list[str]:
    """Vetoes of a period that were taken back, each in a sentence; those of a unit alone."""
    tree = live.outcome.field.tree
    return [
        say(
            lifted_words(veto, live.units.get(veto.unit, veto.unit), tree.periods[veto.period].name)
        )
        for veto in lifted_vetoes(live.labour, tree, period)
        if unit in (None, veto.unit)
    ]


def head_words(live: LabourLive, period: str, group: str | None = None) -> str | None:
    """Count the workers who take part in a period, of a group or of all; None if none reported."""
    heads = heads_in(live.labour, live.outcome.field.tree, period)
    rows = live.standings[period]
    units = [row.unit for row in rows if group in (None, row.group)]
    return say(head_count(heads, units, live.away[period]).words)


def own_heads(live: LabourLive, period: str, unit: str) -> str | None:
    """Count the workers of a unit who take part; None if it reported none."""
    people = heads_in(live.labour, live.outcome.field.tree, period).get(unit)
    return None if people is None else _("参赛 %(people)s 人", people=grouped(people))


def why_card(
    live: LabourLive, period: str, unit: str, *, alone: bool = False
) -> dict[str, object] | None:
    """Explain what moved a unit since the period before; None if there is nothing to compare.

    `alone` on the unit's own page, which names every cause: each with what it moved of the share
    of the whole, and `ok`, `bad` or empty. `once` says what one of the two alone asks.
    """
    before = before_of(live.outcome, period)
    if before is None:
        return None
    movement = moved_since(live.outcome, before, period, unit)
    if movement is None:
        return None
    changes = changes_in(live.outcome, movement)
    lines = [_why_line(change) for change in (changes if alone else changes[:LINES])]
    rest = changes[len(lines) :]
    if rest:
        left = sum((change.moved for change in rest), Fraction(0))
        lines.append(_line(_("其余 %(n)s 项", n=len(rest)), left))
    once = once_words(live.outcome, movement)
    return {
        "title": _moved_words(live, before, period, unit),
        "note": _(
            "比%(before)s，得分率 %(was)s → %(now)s",
            before=live.outcome.field.tree.periods[before].name,
            was=percent(movement.was),
            now=percent(movement.now),
        ),
        "lines": lines,
        "once": None if once is None else say(once),
    }


def _moved_words(live: LabourLive, before: str, period: str, unit: str) -> str:
    name = live.units[unit]
    then, now = (live.outcome.ranks.get((when, unit)) for when in (before, period))
    if now is None:
        return _("%(name)s被一票否决，不排名次，分数变在哪里", name=name)
    if then is None:
        # Vetoed in the period before: there is no rank to compare with.
        return _("%(name)s的分数变在哪里", name=name)
    vetoed = (period, unit) in live.outcome.field.vetoed
    won = then - now
    if won > 0:
        return _("%(name)s为什么升了 %(n)s 名", name=name, n=won)
    if won < 0 and live.outcome.field.veto_rank is VetoRank.LAST and vetoed:
        return _("%(name)s被一票否决，降了 %(n)s 名，分数变在哪里", name=name, n=-won)
    if won < 0:
        return _("%(name)s为什么降了 %(n)s 名", name=name, n=-won)
    return _("%(name)s名次没变，分数变在哪里", name=name)


def _why_line(change: Change) -> tuple[str, str, str]:
    return _line(say(change.words), change.moved)


def _line(text: str, moved: Fraction) -> tuple[str, str, str]:
    kind = "ok" if moved > 0 else "bad" if moved < 0 else ""
    return text, signed_percent(moved), kind


def tie_card(live: LabourLive, period: str, rows: Sequence[LabourRow]) -> dict[str, object] | None:
    """Explain the order of the first units that share a total; None if none do.

    Where a vetoed unit comes behind all others, its total is not compared with theirs.
    """
    last = live.outcome.field.veto_rank is VetoRank.LAST
    for (total, _barred), same in groupby(
        (row for row in rows if row.rank is not None),
        key=lambda row: (row.total, last and row.vetoed),
    ):
        equal = [row.unit for row in same]
        if len(equal) > 1:
            return _tie_card(live, period, str(total), equal[:MOST_EQUAL])
    return None


def _tie_card(live: LabourLive, period: str, total: str, units: Sequence[str]) -> dict[str, object]:
    vetoed = live.outcome.field.vetoed
    shown = [
        _("%(name)s（一票否决）", name=live.units[unit])
        if (period, unit) in vetoed
        else live.units[unit]
        for unit in units
    ]
    listed = [(_("总分"), [total] * len(units), False)]
    indicators = live.labour.indicator_names
    leaves = live.outcome.field.tree.leaves_in(period)
    for key in live.labour.ties:
        code = key.partition(":")[2]
        known = [tie_mean(live.outcome.scores, unit, code, leaves) for unit in units]
        if all(mean is None for mean in known):
            # Nobody was given it in this period: it was not compared.
            continue
        values = [mean or Fraction(0) for mean in known]
        named = _("%(indicator)s平均", indicator=indicators[code])
        texts = ["—" if mean is None else number(mean) for mean in known]
        listed.append((named, texts, len(set(values)) > 1))
        if len(set(values)) == len(values):
            break
    ranks = [live.outcome.ranks[period, unit] for unit in units]
    if len(set(ranks)) < len(ranks):
        title = _("%(names)s都是 %(total)s，名次相同", names=_("、").join(shown), total=total)
    else:
        title = _("同分怎么排：%(names)s都是 %(total)s", names=_("、").join(shown), total=total)
    # What is compared, its value for each, and whether that decided.
    return {"title": title, "names": shown, "rows": listed}


def flag_distance(journey: FlagJourney, period: str, unit: str) -> str | None:
    """Say how far the flag of its group is from a unit; None if there are no flags."""
    live = journey.live
    flags = live.labour.flags
    field = live.outcome.field
    if flags is None or period not in flag_periods(field):
        return None
    if (period, unit) in live.outcome.flagged:
        words = journey.sentence(period, unit)
        if words is not None:
            return _("持有流动红旗，%(said)s", said=say(words))
        return _("持有流动红旗")
    if (period, unit) in field.vetoed:
        return _("被一票否决，这一期不能得红旗")
    standing = live.outcome.totals[period, unit]
    if standing.total is None:
        return None
    if standing.present_leaves < flags.min_leaves:
        return _(
            "只参加了 %(there)s 期，至少 %(least)s 期才能得红旗",
            there=standing.present_leaves,
            least=flags.min_leaves,
        )
    line = int(Fraction(flags.min) * 100)
    holding = [
        total
        for holder in field.units
        if field.group_of[holder] == field.group_of[unit]
        and (period, holder) in live.outcome.flagged
        and (total := live.outcome.totals[period, holder].total) is not None
    ]
    needed = max(line, min(holding)) if holding else line
    if needed <= standing.total:
        return _("和持旗单位同分，照同分的规定比")
    return _("离流动红旗还差 %(points)s 分", points=show(needed - standing.total, PLACES))


LINES_DRAWN = 5
"""The most units of a group that get a line of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A few words, and how they are marked.

    A move is `up`, `down` or `same`; a result is `flag`, `bad`, `warn` or empty.
    """

    text: str
    kind: str


@dataclass(frozen=True)
class Development:
    """The shares and ranks of one group's units, read once for the page."""

    steps: Sequence[Period]
    """The shortest periods up to the end of the one that is shown, in order."""
    shares: dict[str, dict[str, Decimal]]
    """By step and unit the total in per cent of what was asked in that step: so a month in which
    more is asked stands no higher than others."""
    uneven: bool
    """True if the steps differ in their full marks."""
    before: dict[str, int]
    """Ranks in the period before this one, by unit; empty in the first."""

    def spark(self, unit: str) -> list[str]:
        """The unit's small line."""
        return spark(self._values(unit))

    def move(self, row: LabourRow) -> Marked | None:
        """Places won or lost since the period before, or None where there is nothing to compare."""
        was = self.before.get(row.unit)
        if was is None or row.rank is None:
            return None
        won = was - row.rank
        if won == 0:
            return Marked(text=_("不变"), kind="same")
        if won > 0:
            return Marked(text=_("升 %(n)s", n=won), kind="up")
        return Marked(text=_("降 %(n)s", n=-won), kind="down")

    def drawn(
        self, rows: Sequence[LabourRow], names: dict[str, str], only: str | None = None
    ) -> dict[str, object] | None:
        """The trend of the first of a group, or of one unit, with the group's median.

        None for a single step, and where nobody has a rank yet whose line could be drawn.
        """
        first = [row.unit for row in rows if row.rank is not None][:LINES_DRAWN]
        if only is not None:
            first = [only]
        if len(self.steps) < 2 or not first:
            return None
        series = [Series(names[unit], self._values(unit)) for unit in first]
        middle = [self._median([row.unit for row in rows], step.code) for step in self.steps]
        series.append(Series(_("中位数"), middle, "median"))
        shape = trend([step.name for step in self.steps], series)
        if shape is None:
            return None
        stretch = stretch_words(self.steps[0].name, self.steps[-1].name)
        return {
            "title": _("%(stretch)s的走势", stretch=stretch),
            "note": _("得分率 %") if only else _("得分率 %%，前 %(n)s 名", n=len(first)),
            "side": _("灰线是全组中位数；各期满分不一样，按当期考的算")
            if self.uneven
            else _("灰线是全组中位数"),
            "shape": shape,
        }

    def _values(self, unit: str) -> list[Decimal | None]:
        return [self.shares[step.code].get(unit) for step in self.steps]

    def _median(self, units: Sequence[str], step: str) -> Decimal | None:
        known = [self.shares[step][unit] for unit in units if unit in self.shares[step]]
        return round(median(known), 1) if known else None


def development(live: LabourLive, period: str) -> Development:
    """Show the way to the standings of `period`."""
    before = live.standings.get(before_of(live.outcome, period) or "", ())
    steps = _steps(live, period)
    full = {step.code: full_marks(live.outcome, step.code) for step in steps}
    return Development(
        steps,
        {
            code: {
                row.unit: Decimal(round_half_up(Fraction(row.total) * 100 / most, 1, 1)) / 10
                for row in live.standings[code]
                if row.total is not None and most
            }
            for code, most in full.items()
        },
        len(set(full.values())) > 1,
        {row.unit: row.rank for row in before if row.rank is not None},
    )


def _steps(live: LabourLive, code: str) -> list[Period]:
    """The deepest periods up to the last one inside `code`; none where it holds none of them.

    Months alone, where inspections lie as deep.
    """
    tree = live.outcome.field.tree
    depths = {period: len(list(tree.around(period))) for period in tree.periods}
    deepest = max(depths.values())
    steps = commonest(tree, [period for period, depth in depths.items() if depth == deepest])
    inside = [place for place, step in enumerate(steps, 1) if code in tree.around(step)]
    return [tree.periods[step] for step in steps[: inside[-1]]] if inside else []
