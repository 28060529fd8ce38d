"""Rankings beside the event's own: single items, and units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from flask_babel import gettext as _

from compete.domain.bundle.crews import crewed, heads, participants
from compete.domain.bundle.event_types import Event, TeamRanking
from compete.domain.bundle.results import EventResults
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.team_ranks import team_tie_sentence
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.kinds import TeamMethod
from compete.web.language import say
from compete.web.organiser.results.standings.shapes import StandingRow, TeamRow, Teams

UNITS = "units"


def item_rows(
    rules: Event, results: EventResults, item: str, bundle: Bundle, appealed: Collection[str]
) -> list[StandingRow]:
    """Rank one single item, with its own awards and those that an appeal may change.

    `KeyError` for an unknown one.
    """
    ranking = {item_results.item: item_results for item_results in results.items or ()}[item]
    people = {entrant.code: entrant for entrant in bundle.entrants}
    units = {unit.code: unit.name for unit in bundle.units}
    names = {award.code: award.name for award in rules.awards}
    awards = {a.entrant: names[a.award] for a in results.awards or () if a.item == item}
    return [
        StandingRow(
            rank=row.rank,
            id=row.entrant,
            name=people[row.entrant].name,
            unit=units[people[row.entrant].unit],
            total=row.score,
            award=awards.get(row.entrant),
            note=_("申诉中") if row.entrant in appealed else None,
        )
        for row in ranking.standings
    ]


def unit_rows(results: EventResults, bundle: Bundle) -> list[StandingRow]:
    """Units by points or medals; the medals stand in the number's place."""
    units = {unit.code: unit.name for unit in bundle.units}
    return [
        StandingRow(
            rank=row.rank,
            id=row.unit,
            name=units[row.unit],
            unit=_("冠、亚、季军 %(medals)s", medals=" ".join(str(medal) for medal in row.medals)),
            total=row.points,
        )
        for row in results.units or ()
    ]


SHOWN = 40


def describe_teams(scorer: EventScorer, bundle: Bundle, event: EventResults) -> Teams | None:
    """Rank, members' totals and the sum of each team; None where teams are not ranked."""
    rule = scorer.event.team_ranking
    if rule is None or event.teams is None:
        return None
    names = {team.code: team.name for team in bundle.teams}
    totals = {row.entrant: row.total for row in event.standings}
    least = rule.min_members
    people = Counter(
        entrant.team
        for entrant in bundle.entrants
        if entrant.event == scorer.event.code and entrant.team
        for _person in participants(entrant)
    )
    method = _("平均") if rule.method is TeamMethod.MEAN else _("相加")
    note = _("%(n)s 名队员总成绩%(method)s", n=rule.best, method=method)
    if not rule.require_full:
        # Whoever has a team has one person at least.
        note = (
            _("%(note)s，报名不到 %(least)s 人不排名，没成绩的计 0", note=note, least=least)
            if least > 1
            else _("%(note)s，没成绩的计 0", note=note)
        )
    rows: list[TeamRow] = []
    before: str | None = None
    for row in event.teams:
        sums = [totals[member] or "—" for member in row.members]
        notes = []
        if row.rank is None:
            kinds = crewed(scorer.entrants.values())
            notes.append(_why_unranked(rule, len(row.members), people[row.team], kinds))
        elif before is not None and (why := team_tie_sentence(scorer, before, row.team)):
            notes.append(_("和%(other)s：%(why)s", other=names[before], why=say(why)))
        before = row.team
        rows.append(
            TeamRow(
                rank=row.rank,
                name=names[row.team],
                sum="＋".join(sums) or "—",
                # As on the notice: a sum of some is no total.
                total=row.total if row.rank is not None else None,
                notes=notes,
            )
        )
    return Teams(note=note, rows=rows[:SHOWN], left=max(0, len(rows) - SHOWN))


def _why_unranked(rule: TeamRanking, ranked: int, people: int, kinds: Collection[bool]) -> str:
    """Say why a team is not ranked: the rule that it does not meet, with its own number."""
    if people < rule.min_members:
        return _("报名 %(n)s 人，不到 %(least)s 人，不排名", n=people, least=rule.min_members)
    if not ranked:
        return _("没有人有名次，不排名")
    there, best = say(heads(ranked, kinds)), say(heads(rule.best, kinds))
    return _("有名次的 %(there)s，不到 %(best)s，不排名", there=there, best=best)
