"""The published results of a labour competition: out of a version's own file, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from compete.domain.bundle.results import LabourRow
from compete.models import Publication
from compete.services.labour.period_progress import corrected_periods
from compete.services.labour.rule_changes import rules_since
from compete.services.labour.second_look import look_of
from compete.services.results.announced_periods import (
    announced_labour,
    announced_periods,
    newest_period,
)
from compete.services.results.indicator_departments import departments_of_indicators
from compete.services.results.nominated_awards_in_force import distinction_lines
from compete.services.scoring.journeys import flag_journey
from compete.services.scoring.live_labour import LabourLive
from compete.web.labour_words import periods_words
from compete.web.language import say
from compete.web.organiser.labour.cards import (
    development,
    flag_cards,
    head_words,
    lifted_lines,
    prize_lines,
    tie_card,
)
from compete.web.organiser.labour.leading import Leading, MoverCard
from compete.web.organiser.labour.minute import minute_of, sentence_of
from compete.web.organiser.labour.view_model import has_parts, standings_row, unit_parts
from compete.web.organiser.shapes import View
from compete.web.public.edition import Edition, edition_of, old_number, published_chip, version_chip

MOST_UNFOLDED = 12
"""So many units stand on a phone's page as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The units that are ranked together; `name` is None where all are."""

    name: str | None
    rows: Sequence[dict[str, Any]]
    people: str | None
    """The number of its workers who take part, in words."""
    tie: dict[str, object] | None
    trend: dict[str, object] | None = None
    """The trend of the first of it; None if there is one period alone."""
    movers: Sequence[MoverCard] = ()
    """Its units that rose most and fell most since the period before, and what moved them."""


def chosen_period(
    publication: Publication, versions: Sequence[Publication], wanted: str | None
) -> str | None:
    """The period that the address names, if it is announced; without one, what is newest."""
    announced = announced_periods(publication)
    if wanted is not None:
        return wanted if wanted in announced else None
    return newest_period(publication, versions)


def labour_period_page(
    publication: Publication,
    versions: Sequence[Publication],
    period: str,
    searched: str,
    named: Sequence[LabourRow],
) -> str:
    """Every group's standings of one announced period; first the units `named` like what is
    looked for, if anything is."""
    live = announced_labour(publication)
    tree, announced = live.outcome.field.tree, announced_periods(publication)
    rows = live.standings[period]
    groups = sorted({row.group for row in rows}, key=lambda name: name or "")
    inner = [part for part in live.labour.periods if part.part_of == period]
    led = development(live, period)
    code, version = publication.competition.code, old_number(publication, versions)
    around = period if tree.parts[period] else tree.periods[period].part_of

    def view(other: str) -> View:
        return View(
            label=tree.periods[other].name,
            url=_period_url(code, other, version),
            current=other == period,
        )

    def row_of(row: LabourRow) -> dict[str, Any]:
        url = unit_url(code, period, row.unit, version)
        return standings_row(row, live, period, [part.code for part in inner], led, url)

    leading = Leading(
        live,
        period,
        lambda unit: unit_url(code, period, unit, version),
        departments_of_indicators(publication.competition, publication),
    )
    by_group = {name: [row for row in rows if row.group == name] for name in groups}
    journey = flag_journey(publication.competition, live)
    leaders = leading.leaders(groups, None, lambda name: f"#group-{groups.index(name) + 1}")
    return render_template(
        "public/labour.html",
        q=searched,
        matching=[row_of(row) for row in named],
        sentence=sentence_of(publication.competition, journey, period, leading.unit_url),
        size=len(rows),
        # The first of each group stand above already; on a phone the rest waits for a tap.
        folds=bool(leaders) and len(rows) > MOST_UNFOLDED,
        heading=live.bundle.competition.name,
        subheading=tree.periods[period].name,
        title=_("%(period)s排名", period=tree.periods[period].name),
        people=head_words(live, period),
        wholes=[view(other) for other in announced if has_parts(live.labour, other)],
        # What is made of others stands among the wholes already.
        parts=[
            view(other)
            for other in announced
            if around
            and tree.periods[other].part_of == around
            and not has_parts(live.labour, other)
        ],
        columns=inner,
        leaders=leaders,
        units=live.units,
        url_of=leading.unit_url,
        minute=minute_of(
            publication.competition,
            journey,
            period,
            leading.unit_url,
            leading.departments,
            set(tree.periods) - set(announced),
        ),
        groups=[
            Group(
                name=name,
                rows=[row_of(row) for row in own],
                people=head_words(live, period, name) if name is not None else None,
                tie=tie_card(live, period, own),
                trend=led.drawn(own, live.units),
                movers=leading.movers(own, led),
            )
            for name, own in by_group.items()
        ],
        flags=flag_cards(
            # Written after the version went out, and recorded: a stored page is stored anew.
            journey,
            period,
            groups,
        ),
        prizes=prize_lines(live, period),
        lifted=lifted_lines(live, period),
        distinctions=distinction_lines(publication.competition, publication, say=say)
        if version is None
        else [],
        edition=_edition(publication, versions),
        corrected=_corrected(publication) if version is None else None,
        code=code,
        period=period,
        looked_again=look_of(publication.competition, period) is not None,
    )


def labour_unit_page(
    publication: Publication, versions: Sequence[Publication], period: str, row: LabourRow
) -> str:
    """Show one unit in an announced period: its place, its moves, and every point."""
    live = announced_labour(publication)
    code, version = publication.competition.code, old_number(publication, versions)
    return render_template(
        "public/labour_unit.html",
        **unit_parts(
            flag_journey(publication.competition, live),
            row,
            period,
            lambda other: unit_url(code, other, row.unit, version),
            shown=announced_periods(publication),
        ),
        heading=live.bundle.competition.name,
        subheading=live.outcome.field.tree.periods[period].name,
        edition=_edition(publication, versions),
        corrected=_corrected(publication) if version is None else None,
        code=code,
        back_url=_period_url(code, period, version),
    )


def units_named(live: LabourLive, period: str, text: str) -> Sequence[LabourRow]:
    """The rows of a period whose unit's name has that text in it."""
    wanted = text.casefold()
    return (
        [row for row in live.standings[period] if wanted in live.units[row.unit].casefold()]
        if wanted
        else []
    )


def row_of_unit(live: LabourLive, period: str, unit: str) -> LabourRow | None:
    """A unit's row in the standings of a period."""
    return next((row for row in live.standings[period] if row.unit == unit), None)


def _period_url(code: str, period: str, version: int | None) -> str:
    return url_for("public.labour_period", code=code, period=period, version=version)


def unit_url(code: str, period: str, unit: str, version: int | None) -> str:
    return url_for("public.labour_unit", code=code, period=period, unit=unit, version=version)


def _corrected(publication: Publication) -> str | None:
    """Name the periods that were corrected, or scored by other rules, since it went out."""
    competition = publication.competition
    tree = announced_labour(publication).outcome.field.tree
    since = periods_words(tree, corrected_periods(competition))
    if not since:
        return None
    periods = _("、").join(since)
    change = rules_since(competition, publication.published_at)
    if change is None:
        return _("%(periods)s公布以后更正过，新的一版还没公布。", periods=periods)
    return _(
        "%(periods)s公布以后更正过：规则换成了第 %(n)s 版，新的一版还没公布，"
        "这里是照原来的规则算的。",
        periods=periods,
        n=change.number,
    )


def _edition(publication: Publication, versions: Sequence[Publication]) -> Edition:
    kind = "ok" if publication.id == versions[0].id else "bad"
    chips = [version_chip(publication, kind), published_chip(publication)]
    return edition_of(publication, versions, chips)
