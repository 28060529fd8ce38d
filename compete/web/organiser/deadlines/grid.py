"""Units by leaf period: which are complete, what lacks in the others, and what that does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from compete.domain.values.kinds import Missing
from compete.domain.values.messages import listed
from compete.models import Competition
from compete.services.labour.cells import leaves_of
from compete.services.labour.deadlines import contacts_of
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.filled import Filled, FilledRow, due_leaves, filled_rows
from compete.services.scoring.live_labour import LabourLive
from compete.web.language import say
from compete.web.organiser.deadlines.shapes import (
    FilledGrid,
    FilledLine,
    FilledMark,
    Gap,
    WorstPeriod,
)
from compete.web.organiser.shapes import View

COMPLETE_FIRST = 5
"""So many complete units are shown; the others are one tap away."""
WORST = 4


def describe_grid(competition: Competition, live: LabourLive, period: str) -> FilledGrid:
    """The grid of all leaf periods; `period` is the one that the rest of the page is about."""
    return _Describing(competition, live, period).grid()


class _Describing:
    def __init__(self, competition: Competition, live: LabourLive, period: str) -> None:
        args = request.args
        self.competition, self.live, self.period = competition, live, period
        self.own, self.all = "own" in args, "all" in args
        rows = filled_rows(competition, live, own=self.own)
        groups = sorted({row.group for row in rows if row.group is not None})
        wanted = args.get("group")
        self.group = wanted if wanted in groups else None
        self.groups = groups
        self.rows = [row for row in rows if self.group in (None, row.group)]
        self.unit = args.get("unit")
        self.due = due_leaves(competition, live)
        self.names = {each.code: each.name for each in live.labour.periods}

    def url(self, **other: str | None) -> str:
        """The page with something of what it shows otherwise; None leaves it away."""
        asked = {
            "period": self.period,
            "group": self.group,
            "own": "1" if self.own else None,
            "all": "1" if self.all else None,
            **other,
        }
        said = {key: value for key, value in asked.items() if value is not None}
        return f"{url_for('organiser.late', code=self.competition.code)}?{urlencode(said)}"

    def grid(self) -> FilledGrid:
        lacking = sorted((row for row in self.rows if row.lacking), key=lambda row: -row.lacking)
        complete = [row for row in self.rows if not row.lacking]
        shown = complete if self.all else complete[:COMPLETE_FIRST]
        squares = sum(row.lacking for row in lacking)
        first = lacking[0] if lacking else None
        return FilledGrid(
            title=_("还差 %(n)s 格，%(units)s 家", n=squares, units=len(lacking))
            if lacking
            else _("都齐了"),
            sides=[
                View(label=_("考评"), url=self.url(own=None), current=not self.own),
                View(label=_("自评"), url=self.url(own="1"), current=self.own),
            ],
            groups=[
                View(label=_("全部"), url=self.url(group=None), current=self.group is None),
                *(
                    View(label=each, url=self.url(group=each), current=each == self.group)
                    for each in self.groups
                ),
            ]
            if len(self.groups) > 1
            else [],
            columns=[
                View(label=self.names[leaf], url=self.url(period=leaf), current=leaf == self.period)
                for leaf in leaves_of(self.live.labour)
            ],
            rows=[self.line(row) for row in (*lacking, *shown)],
            more=len(complete) - len(shown),
            more_url=self.url(all="1"),
            gap=self.gap(next((row for row in self.rows if row.unit == self.unit), None), first),
            worst=self.worst(),
        )

    def line(self, row: FilledRow) -> FilledLine:
        return FilledLine(
            name=self.live.units[row.unit],
            marks=[self.mark(row, leaf) for leaf in leaves_of(self.live.labour)],
        )

    def mark(self, row: FilledRow, leaf: str) -> FilledMark:
        if leaf not in self.due:
            return FilledMark(kind="later", text="", url=None, current=False)
        found = row.by_leaf[leaf]
        url = self.url(period=leaf, unit=row.unit)
        current = row.unit == self.unit and leaf == self.period
        if found is None:
            return FilledMark(kind="away", text="—", url=None, current=False)
        if not found.lacking:
            return FilledMark(kind="full", text=_("齐"), url=url, current=current)
        text = str(found.there) if found.there else _("缺")
        kind = "part" if found.there else "none"
        return FilledMark(kind=kind, text=text, url=url, current=current)

    def gap(self, named: FilledRow | None, first: FilledRow | None) -> Gap | None:
        """What the unit that the address names lacks; else the first that lacks anything."""
        row = named or first
        if row is None:
            return None
        lacks = [leaf for leaf, each in row.by_leaf.items() if each is not None and each.lacking]
        leaf = self.period if named is not None or self.period in lacks else lacks[-1]
        found = row.by_leaf.get(leaf)
        return Gap(
            title=_(
                "%(unit)s · %(period)s", unit=self.live.units[row.unit], period=self.names[leaf]
            ),
            what=self.what(row.unit, leaf, found),
            who=self.who(row.unit, leaf) if leaf in lacks else "",
            then=self.then() if leaf in lacks else "",
            url=url_for(
                "organiser.labour_matrix",
                code=self.competition.code,
                period=leaf,
                group=row.group,
                show="own" if self.own else None,
            ),
        )

    def what(self, unit: str, leaf: str, found: Filled | None) -> str:
        """How much is missing, and of scores which indicators."""
        if found is None:
            return _("没有参加")
        if not found.lacking:
            return _("%(n)s 项都齐了", n=found.asked)
        if self.own:
            return _("%(asked)s 项缺 %(n)s", asked=found.asked, n=found.lacking)
        names = {each.code: each.name for each in self.live.labour.indicators}
        what = say(listed([names[code] for code in self.missing(unit, leaf)]))
        return _("差 %(n)s 项：%(what)s", n=found.lacking, what=what)

    def missing(self, unit: str, leaf: str) -> Sequence[str]:
        """The indicators in which a unit has no score."""
        return self.live.outcome.totals[leaf, unit].missing

    def who(self, unit: str, leaf: str) -> str:
        """Who has to fill it in: departments with their people, or the unit's contact."""
        if self.own:
            numbers = {each.code: each.id for each in self.competition.units}
            return contacts_of(self.competition).get(numbers[unit]) or _("还没发链接")
        missing, people = set(self.missing(unit, leaf)), recorders_of(self.competition)
        return _("；").join(
            " ".join([row.name, *(each.account.name for each in people.get(row.id, ()))])
            for row in departments_of(self.competition)
            if missing & set(row.indicators)
        )

    def then(self) -> str:
        """What comes of it if it stays so."""
        if self.own:
            return _("没有自评也照样打分，只是少一个比照。")
        if self.live.labour.missing is Missing.BLOCKS:
            return _("缺的不当 0 分。填齐以前没有总分，不排名次，也不得红旗。")
        return _("填了一部分的，缺的按 0 分算；一项没有的，那一期不算。")

    def worst(self) -> list[WorstPeriod]:
        """The periods in which most units lack something, most first."""
        counts = Counter(
            leaf
            for row in self.rows
            for leaf, each in row.by_leaf.items()
            if each is not None and each.lacking
        )
        most = max(counts.values(), default=1)
        return [
            WorstPeriod(name=self.names[leaf], count=n, share=round(100 * n / most, 1))
            for leaf, n in counts.most_common(WORST)
        ]
