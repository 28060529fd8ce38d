"""Units by leaf period: which are complete, what lacks in the others, and what that does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from compete.domain.values.kinds import Missing
from compete.domain.values.messages import listed
from compete.models import Competition
from compete.services.labour.deadlines import (
    Filled,
    FilledRow,
    contacts_of,
    due_leaves,
    filled_rows,
)
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.squares import leaves_of
from compete.services.scoring.live_labour import LabourLive
from compete.web.language import say

COMPLETE_FIRST = 5
"""The number of complete units that are shown; the others are one tap away."""
WORST = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit's gap in a leaf period, the person to fill it in, and its effect."""

    row: FilledRow
    leaf: str
    what: str
    who: str
    then: str


class FilledGrid:
    """Units by leaf period, those that lack something first; complete ones are folded."""

    def __init__(self, competition: Competition, live: LabourLive, period: str) -> None:
        """The grid of all leaf periods; `period` is the one that the rest of the page is about."""
        args = request.args
        self.competition, self.live, self.period = competition, live, period
        self.own, self.all = "own" in args, "all" in args
        rows = filled_rows(competition, live, own=self.own)
        groups = sorted({row.group for row in rows if row.group is not None})
        wanted = args.get("group")
        self.group = wanted if wanted in groups else None
        self.groups = groups
        self.every = [row for row in rows if self.group in (None, row.group)]
        self.lacking = sorted(
            (row for row in self.every if row.lacking), key=lambda it: -it.lacking
        )
        complete = [row for row in self.every if not row.lacking]
        shown = complete if self.all else complete[:COMPLETE_FIRST]
        self.rows, self.more = [*self.lacking, *shown], len(complete) - len(shown)
        self.unit = args.get("unit")
        self.leaves, self.due = leaves_of(live.labour), due_leaves(competition, live)
        self.names = {each.code: each.name for each in live.labour.periods}

    def url(self, **other: str | None) -> str:
        """Address of the page with some values changed; None leaves one away."""
        asked = {
            "period": self.period,
            "group": self.group,
            "own": "1" if self.own else None,
            "all": "1" if self.all else None,
            **other,
        }
        said = {key: value for key, value in asked.items() if value is not None}
        return f"{url_for('organiser.late', code=self.competition.code)}?{urlencode(said)}"

    @property
    def gap(self) -> Gap | None:
        """Return the gap of the unit that the address names; else the first unit with a gap."""
        named = next((row for row in self.every if row.unit == self.unit), None)
        row = named or next(iter(self.lacking), None)
        if row is None:
            return None
        lacks = [leaf for leaf, each in row.by_leaf.items() if each is not None and each.lacking]
        leaf = self.period if named is not None or self.period in lacks else lacks[-1]
        lacking = leaf in lacks
        return Gap(
            row,
            leaf,
            self.what(row.unit, leaf, row.by_leaf.get(leaf)),
            self.who(row.unit, leaf) if lacking else "",
            self.then() if lacking else "",
        )

    def what(self, unit: str, leaf: str, found: Filled | None) -> str:
        """Say how much is missing, and of scores which indicators."""
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
        """Name those who have to fill it in: departments with people, or the unit's contact."""
        if self.own:
            numbers = {each.code: each.id for each in self.competition.units}
            return contacts_of(self.competition).get(numbers[unit], _("还没发链接"))
        missing, people = set(self.missing(unit, leaf)), recorders_of(self.competition)
        return _("；").join(
            " ".join([row.name, *(each.account.name for each in people.get(row.id, ()))])
            for row in departments_of(self.competition)
            if missing & set(row.indicators)
        )

    def then(self) -> str:
        """Say what happens if the gap stays."""
        if self.own:
            return _("没有自评也照样打分，只是少一个比照。")
        if self.live.labour.missing is Missing.BLOCKS:
            return _("缺的不当 0 分。填齐以前没有总分，不排名次，也不得红旗。")
        return _("填了一部分的，缺的按 0 分算；一项没有的，那一期不算。")

    @property
    def worst(self) -> list[tuple[str, int, float]]:
        """List the periods that most units lack something in: count, per cent of the worst."""
        counts = Counter(
            leaf
            for row in self.every
            for leaf, each in row.by_leaf.items()
            if each is not None and each.lacking
        )
        most = max(counts.values(), default=1)
        return [(leaf, n, round(100 * n / most, 1)) for leaf, n in counts.most_common(WORST)]
