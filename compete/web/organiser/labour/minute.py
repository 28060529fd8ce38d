"""A whole, such as a year, in a minute: one sentence, flags, who moved and why, vetoes, months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.results import LabourRow
from compete.domain.explanation.labour_moves import (
    Change,
    causes_of,
    changes_in,
    others_words,
    percent,
)
from compete.domain.labour.flags import flag_periods
from compete.domain.labour.ranks import shared_ranks
from compete.domain.labour.shares import Movement, full_marks, shares_of
from compete.domain.values.numerals import plain
from compete.models import Competition
from compete.services.labour.after_closing import followed
from compete.services.scoring.journeys import FlagJourney
from compete.web.labour_words import points_words
from compete.web.language import say
from compete.web.organiser.labour.cards import development
from compete.web.templating import day

FIRST = MOVERS = 3
LEAST_FLAGS = 2
"""So many flags in a whole are worth a word."""
MOST_NAMED = 3
_Url = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the sentence; `url` leads to its row, `kind` is `bad` or empty."""

    text: str
    url: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class FlagCell:
    """Who had a group's flag in a period, or that nobody had it and how near the best came."""

    holder: str
    note: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteGroup:
    """A group: its first units with their shares, and its flag in each period."""

    name: str
    size: int
    first: Sequence[tuple[int, str, str, bool]]
    """Rank, name, share of full marks, and whether a veto stands beside it."""
    flags: Sequence[FlagCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteMove:
    """A unit that won or lost places between the halves, by what, and in which shares."""

    unit: str
    url: str
    places: str
    kind: str
    causes: Sequence[tuple[str, str, str, float, float]]
    """The name with who scores it, points asked, the shares in words; before and now for a bar."""
    others: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A veto or a yellow card: the unit, what happened, and what comes of it."""

    unit: str
    url: str
    vetoed: bool
    what: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBar:
    """The mean share of a month; `other` where its full marks are other than the rest's."""

    name: str
    share: str
    width: float
    other: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """The whole in a minute."""

    sentence: Sequence[Clause]
    columns: Sequence[str]
    groups: Sequence[MinuteGroup]
    halves: str
    risen: Sequence[MinuteMove]
    fallen: Sequence[MinuteMove]
    notes: Sequence[Note]
    notes_title: str
    months: Sequence[MonthBar]
    months_note: str


def minute_of(
    competition: Competition,
    journey: FlagJourney,
    period: str,
    unit_url: _Url,
    departments: Mapping[str, str],
    still_open: frozenset[str] | set[str] = frozenset(),
) -> Minute | None:
    """The minute of a whole with several periods in which flags go; None for another."""
    return _Minute(competition, journey, period, unit_url, departments, still_open).told()


def sentence_of(
    competition: Competition, journey: FlagJourney, period: str, unit_url: _Url
) -> Sequence[Clause]:
    """The sentence of any period: who has the flags or is first, who got none, vetoes."""
    return _Minute(competition, journey, period, unit_url, {}, frozenset()).sentence()


class _Minute:
    def __init__(
        self,
        competition: Competition,
        journey: FlagJourney,
        period: str,
        unit_url: _Url,
        departments: Mapping[str, str],
        still_open: frozenset[str] | set[str],
    ) -> None:
        self.competition, self.journey, self.period = competition, journey, period
        self.live, self.url, self.departments = journey.live, unit_url, departments
        self.still_open = still_open
        self.outcome = self.live.outcome
        self.tree, self.names = self.outcome.field.tree, self.live.units
        self.flagged_in = [
            code
            for code in flag_periods(self.outcome.field)
            if code != period and period in self.tree.around(code)
        ]
        self.rows = self.live.standings[period]
        self.groups = sorted({row.group for row in self.rows}, key=lambda name: name or "")

    def told(self) -> Minute | None:
        if len(self.flagged_in) < LEAST_FLAGS:
            return None
        risen, fallen = self._moves()
        notes = self._notes()
        vetoed = sum(note.vetoed for note in notes)
        months, note = self._months()
        parts = self.tree.parts[self.period]
        middle = (len(parts) + 1) // 2
        return Minute(
            sentence=self.sentence(),
            columns=[self.tree.periods[code].name for code in self.flagged_in],
            groups=[self._group(group) for group in self.groups],
            halves=_(
                "%(late)s比%(early)s",
                late=self._stretch(parts[middle:]),
                early=self._stretch(parts[:middle]),
            )
            if len(parts) > 1
            else "",
            risen=risen,
            fallen=fallen,
            notes=notes,
            notes_title=_("一票否决 %(n)s，黄牌 %(m)s", n=vetoed, m=len(notes) - vetoed),
            months=months,
            months_note=note,
        )

    def _stretch(self, codes: Sequence[str]) -> str:
        names = [self.tree.periods[code].name for code in codes]
        return names[0] if len(names) == 1 else _("%(a)s到%(b)s", a=names[0], b=names[-1])

    def _group_name(self, group: str | None) -> str:
        return group or _("全部单位")

    def sentence(self) -> list[Clause]:
        """Who had most flags, which groups had none, who was vetoed: three clauses at most."""
        clauses = []
        whole = len(self.flagged_in) >= LEAST_FLAGS
        going = self.flagged_in if whole else self._flag_of_its_own()
        if not whole:
            clauses += self._first(going)
        flags = Counter(unit for code, unit in self.outcome.flagged if code in going)
        most = max(flags.values(), default=0)
        if most >= LEAST_FLAGS:
            units = sorted(unit for unit, n in flags.items() if n == most)
            names = _("、").join(self.names[unit] for unit in units[:MOST_NAMED])
            clauses.append(
                Clause(
                    ngettext(
                        "%(names)s拿了 %(num)s 面旗",
                        "%(names)s拿了 %(num)s 面旗",
                        most,
                        names=names,
                    )
                    if len(units) == 1
                    else ngettext(
                        "%(names)s各拿 %(num)s 面旗",
                        "%(names)s各拿 %(num)s 面旗",
                        most,
                        names=names,
                    ),
                    self.url(units[0]),
                )
            )
        over = [code for code in going if code not in self.still_open]
        with_flag = {
            self.outcome.field.group_of[unit]
            for code, unit in self.outcome.flagged
            if code in going
        }
        without = [group for group in self.groups if group not in with_flag]
        rules = self.live.labour.flags
        if over and without and rules is not None:
            names = _("、").join(map(self._group_name, without[:MOST_NAMED]))
            clauses.append(
                Clause(
                    _(
                        "%(groups)s没有一家够 %(least)s 分得旗",
                        groups=names,
                        least=plain(rules.min),
                    ),
                    "#minute" if whole else "",
                )
            )
        barred = [row.unit for row in self.rows if row.vetoed]
        if barred:
            names = _("、").join(self.names[unit] for unit in barred[:MOST_NAMED])
            if len(barred) > MOST_NAMED:
                names = _("%(names)s等 %(n)s 家", names=names, n=len(barred))
            clauses.append(
                Clause(_("%(names)s一票否决，不评优", names=names), self.url(barred[0]), "bad")
            )
        return clauses

    def _flag_of_its_own(self) -> list[str]:
        return [code for code in flag_periods(self.outcome.field) if code == self.period]

    def _first(self, going: Sequence[str]) -> list[Clause]:
        """Who has the flag of the one period; where none goes, who is first of each group."""
        rows = [row for row in self.rows if (row.flag if going else row.rank == 1)]
        if not rows:
            return []
        named = sorted(rows, key=lambda row: row.group or "")
        names = _("、").join(self.names[row.unit] for row in named[:MOST_NAMED])
        if len(named) > MOST_NAMED:
            names = _("%(names)s等 %(n)s 家", names=names, n=len(named))
        words = _("%(names)s得流动红旗", names=names) if going else _("%(names)s第一", names=names)
        return [Clause(words, self.url(named[0].unit))]

    def _share(self, row: LabourRow, period: str) -> str:
        shares = shares_of(self.outcome, period, row.unit)
        if shares is None or not shares.full or row.total is None:
            return "—"
        return percent(Fraction(row.total) / shares.full).removesuffix("%")

    def _group(self, group: str | None) -> MinuteGroup:
        rows = [row for row in self.rows if row.group == group]
        first = [row for row in rows if row.rank is not None and row.rank <= FIRST][:FIRST]
        return MinuteGroup(
            name=self._group_name(group),
            size=len(rows),
            first=[
                (row.rank or 0, self.names[row.unit], self._share(row, self.period), row.vetoed)
                for row in first
            ],
            flags=[self._flag(code, group) for code in self.flagged_in],
        )

    def _flag(self, code: str, group: str | None) -> FlagCell:
        rows = [row for row in self.live.standings[code] if row.group == group]
        holders = [row for row in rows if row.flag]
        if holders:
            kept = any(self.journey.days_of(code, row.unit).kept for row in holders)
            share = self._share(holders[0], code)
            note = _("%(share)s 永久保留", share=share) if kept else share
            return FlagCell(_("、").join(self.names[row.unit] for row in holders), note, True)
        counted = [row for row in rows if row.total is not None]
        if not counted or code in self.still_open:
            return FlagCell(_("待定") if counted else "—", "", False)
        best = max(counted, key=lambda row: Fraction(row.total or 0))
        return FlagCell(_("空缺"), _("最高 %(share)s", share=self._share(best, code)), False)

    def _moves(self) -> tuple[list[MinuteMove], list[MinuteMove]]:
        """Those who rose and fell most between the halves, in their groups, by their shares."""
        moved = self.live.halves(self.period)
        steps: dict[str, int] = {}
        for group in self.groups:
            here = [row.unit for row in self.rows if row.group == group and row.unit in moved]
            was, now = (
                shared_ranks({unit: (getattr(moved[unit], key),) for unit in here})
                for key in ("was", "now")
            )
            steps |= {unit: was[unit] - now[unit] for unit in here}
        order = sorted(steps, key=lambda unit: (-abs(steps[unit]), unit))
        up, down = (
            [
                self._move(unit, moved[unit], steps[unit])
                for unit in order
                if steps[unit] * sign > 0
            ][:MOVERS]
            for sign in (1, -1)
        )
        return up, down

    def _move(self, unit: str, movement: Movement, step: int) -> MinuteMove:
        sign = 1 if step > 0 else -1
        causes = causes_of(changes_in(self.outcome, movement), sign)
        return MinuteMove(
            unit=self.names[unit],
            url=self.url(unit),
            places=_("升 %(n)s 名", n=step) if step > 0 else _("降 %(n)s 名", n=-step),
            kind="up" if step > 0 else "down",
            causes=[self._cause(change) for change in causes],
            others="" if causes else say(others_words(sign)),
        )

    def _cause(self, change: Change) -> tuple[str, str, str, float, float]:
        if change.code is None:
            return say(change.words), "", "", 0, 0
        name, department = say(change.name), self.departments.get(change.code)
        if department:
            name = _("%(cause)s，%(department)s", cause=name, department=department)
        was, now = (points_words(points) for points in change.asked)
        asked = (
            _("两段各 %(n)s 分", n=was)
            if was == now
            else _("%(was)s 分、%(now)s 分", was=was, now=now)
        )
        words = _("%(was)s → %(now)s", was=percent(change.was), now=percent(change.now))
        return name, asked, words, _width(change.was), _width(change.now)

    def _notes(self) -> list[Note]:
        """Vetoes of the whole, then yellow cards of its periods, each with what comes of it."""
        notes = []
        for veto in self.live.labour.vetoes:
            if veto.unit in self.names and self.period in self.tree.around(veto.period):
                around = [
                    self.tree.periods[code].name
                    for code in self.tree.around(veto.period)
                    if code in self.flagged_in or code == self.period
                ]
                where = self.tree.periods[veto.period].name
                notes.append(
                    Note(
                        unit=self.names[veto.unit],
                        url=self.url(veto.unit),
                        vetoed=True,
                        what=_("%(period)s：%(why)s", period=where, why=veto.reason)
                        if veto.reason
                        else _("%(period)s一票否决", period=where),
                        then=_("%(periods)s不评优", periods=_("、").join(around)),
                    )
                )
        line = self.live.labour.warn_below
        for code in self.flagged_in:
            warned = [row for row in self.live.standings[code] if row.warned]
            talks = followed(self.competition, self.live, code).talks if warned else {}
            for row in warned:
                talk = talks.get(row.unit)
                done = []
                if talk is not None and talk.at is not None:
                    done.append(_("约谈 %(day)s", day=day(talk.at.date())))
                if talk is not None and talk.by is not None:
                    done.append(_("%(day)s前整改完", day=day(talk.by)))
                notes.append(
                    Note(
                        unit=self.names[row.unit],
                        url=self.url(row.unit),
                        vetoed=False,
                        what=_(
                            "%(period)s %(total)s，不到 %(line)s",
                            period=self.tree.periods[code].name,
                            total=row.total,
                            line=plain(line or 0),
                        ),
                        then=_("，").join(done),
                    )
                )
        return notes

    def _months(self) -> tuple[list[MonthBar], str]:
        led = development(self.live, self.period)
        full = {step.code: full_marks(self.outcome, step.code) for step in led.steps}
        if not full:
            return [], ""
        usual = Counter(full.values()).most_common(1)[0][0]
        bars = []
        for step in led.steps:
            known = list(led.shares[step.code].values())
            if known:
                share = Fraction(mean(known)) / 100
                other = full[step.code] != usual
                bars.append(
                    MonthBar(
                        name=step.name,
                        share=percent(share).removesuffix("%"),
                        width=_width(share),
                        other=other,
                    )
                )
        others = [
            _("%(period)s %(full)s", period=step.name, full=points_words(full[step.code]))
            for step in led.steps
            if full[step.code] != usual
        ]
        if not others:
            return bars, ""
        return bars, _(
            "斜纹的月满分不一样（%(others)s，别的 %(usual)s），得分率按当月考的算",
            others=_("、").join(others),
            usual=points_words(usual),
        )


def _width(share: Fraction) -> float:
    return round(float(min(max(share, Fraction(0)), Fraction(1))) * 100, 2)
