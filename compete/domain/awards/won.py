"""Prizes in published results: one value for each award and honour, as it is certified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import AwardRow, EventResults, FinalRow, Results
from compete.domain.bundle.types import Bundle


@dataclass(frozen=True, slots=True)
class Won:
    """An award or honour of one entrant or one team, with the place that brought it.

    `entrant`, `member` (of a crew, for an honour and for what is certified), `team` and
    `members` (who counted for a team) are codes; `total`
    is the score as it is published. Names are those of the rules.
    """

    event: str
    award: str
    item: str | None
    honour: bool
    rank: int | None
    total: str | None
    entrant: str | None = None
    member: str | None = None
    team: str | None = None
    members: tuple[str, ...] = ()

    @property
    def prize(self) -> str:
        """The prize that was won, whoever won it; see `prize_key`."""
        return prize_key(self.event, self.item, self.award, self.member)

    @property
    def crews_prize(self) -> str | None:
        """The prize that a crew won as one, for a member of the crew; None for all else.

        Earlier versions issued one certificate for it.
        """
        if self.member is None or self.honour:
            return None
        return prize_key(self.event, self.item, self.award)


def prize_key(event: str, item: str | None, award: str, member: str | None = None) -> str:
    """One text for a prize: the names of event, item and award, and the crew's member if any."""
    of_crew = () if member is None else (member,)
    return "/".join((event, item or "", award, *of_crew))


def won_in(bundle: Bundle, results: EventResults) -> list[Won]:
    """Awards and honours of one event, in the published order."""
    rules = next(event for event in bundle.events if event.code == results.code)
    names = {award.code: award.name for award in rules.awards}
    places = {row.entrant: row for row in results.standings}
    won = [_award(rules, names[row.award], row, results, places) for row in results.awards or ()]
    for honour in results.honours or ():
        place = places[honour.entrant]
        won.append(
            Won(
                event=rules.name,
                award=honour.title,
                item=None,
                honour=True,
                rank=place.rank,
                total=place.total,
                entrant=honour.entrant,
                member=honour.member,
            )
        )
    return won


def certified_in(bundle: Bundle, results: Results) -> Iterator[tuple[str, Won]]:
    """List each certificate's subject with its event's code, in the published order.

    A crew's award is each of its members', in the crew's order.
    """
    crews = {
        entrant.code: [member.code for member in entrant.members]
        for entrant in bundle.entrants
        if entrant.members
    }
    for event in results.events:
        for won in won_in(bundle, event):
            crew = crews.get(won.entrant or "")
            if crew is None or won.member is not None:
                yield event.code, won
                continue
            for member in crew:
                yield event.code, replace(won, member=member)


def _award(
    rules: Event, name: str, row: AwardRow, results: EventResults, places: dict[str, FinalRow]
) -> Won:
    won = Won(rules.name, name, item=None, honour=False, rank=None, total=None)
    if row.team:
        team = next(line for line in results.teams or () if line.team == row.team)
        return replace(
            won,
            rank=team.rank,
            total=team.total,
            team=row.team,
            members=tuple(team.members),
        )
    if row.item:
        score = next(
            line
            for ranking in results.items or ()
            if ranking.item == row.item
            for line in ranking.standings
            if line.entrant == row.entrant
        )
        item = next(item.name for item in rules.items if item.code == row.item)
        return replace(won, item=item, rank=score.rank, total=score.score, entrant=row.entrant)
    assert row.entrant is not None
    place = places[row.entrant]
    return replace(won, rank=place.rank, total=place.total, entrant=row.entrant)


def award_count(event: EventResults) -> int:
    """The number of awards in an event, without honours."""
    return len(event.awards or ())


def honour_count(event: EventResults) -> int:
    """The number of honours in an event, one for each holder."""
    return len(event.honours or ())
