"""All awards of an event: its people's, its teams' and its items'."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from compete.domain.awards.dealing import Dealt, Meets, Near, deal
from compete.domain.bundle.event_types import Award
from compete.domain.bundle.results import AwardRow
from compete.domain.ranking.finals import FinalStandings
from compete.domain.ranking.items import ItemState
from compete.domain.ranking.passing import Passing
from compete.domain.ranking.teams import TeamState
from compete.domain.values.kinds import AwardScope
from compete.domain.values.points import exact


class AwardState:
    """The chains of awards, dealt anew whenever something has changed."""

    def __init__(
        self,
        awards: Sequence[Award],
        finals: FinalStandings,
        passing: Passing,
        teams: TeamState | None,
        items: Sequence[ItemState],
        places: tuple[int, int],
    ) -> None:
        """`places` are the decimals of a module's score and of a total."""
        self.finals, self.passing, self.teams, self.items = finals, passing, teams, items
        self.item_unit, self.total_unit = 10 ** places[0], 10 ** places[1]
        self.chains = {
            scope: [award for award in awards if award.scope is scope] for scope in AwardScope
        }
        self.scaled: Mapping[str, int] | None = None
        """The people's standard scores × `scaled_unit`, where the event has them."""
        self.scaled_unit = 1
        self.award_of: dict[str, str] = {}
        self.people: list[Dealt] = []
        self._people_rows: list[list[AwardRow]] = []

    def deal(self) -> set[str]:
        """Deal the people's awards; return who has another one than before."""
        chain = self.chains[AwardScope.ENTRANTS]
        if not chain:
            return set()
        before, self.people = (
            self.people,
            deal(chain, self.finals.ranking, self._of_person, self._near_person),
        )
        if not before:
            self._people_rows = [_rows(dealt) for dealt in self.people]
        same = True
        for place, (old, new) in enumerate(zip(before, self.people, strict=False)):
            if old.winners != new.winners:
                same = False
                self._people_rows[place] = _rows(new)
        return set() if before and same else self._note_changes()

    def _note_changes(self) -> set[str]:
        before = dict(self.award_of)
        self.award_of.clear()
        for dealt in self.people:
            self.award_of.update((code, dealt.award.code) for _, code in dealt.winners)
        both = before.keys() | self.award_of.keys()
        return {code for code in both if before.get(code) != self.award_of.get(code)}

    def deal_teams(self) -> list[Dealt]:
        """Deal the teams' awards."""
        if self.teams is None or not self.chains[AwardScope.TEAMS]:
            return []
        ranking = list(self.teams.standing.ranked())
        return deal(self.chains[AwardScope.TEAMS], ranking, self._of_team, self._near_team)

    @property
    def item_chain(self) -> list[Award]:
        """The awards that are dealt anew in each item."""
        return self.chains[AwardScope.ITEMS]

    def deal_item(self, item: ItemState) -> list[Dealt]:
        """Deal the items' awards in one item."""
        chain = self.item_chain
        return deal(
            chain,
            list(item.standing.ranked()),
            lambda award: self._of_item(award, item),
            lambda award: _near(award, self.item_unit, item.score),
        )

    def results(self) -> list[AwardRow]:
        """Results: the people's, then the teams', then item by item."""
        rows = [row for own in self._people_rows for row in own]
        rows += [
            AwardRow(dealt.award.code, team=team)
            for dealt in self.deal_teams()
            for _, team in dealt.winners
        ]
        if self.item_chain:
            rows += [
                AwardRow(dealt.award.code, item=item.item.code, entrant=code)
                for item in self.items
                for dealt in self.deal_item(item)
                for _, code in dealt.winners
            ]
        return rows

    def _of_person(self, award: Award) -> Meets | None:
        """The award's conditions on a person."""
        if award.min_total is None and award.min_scaled is None:
            return self._passes(award) if award.pass_modules else None

        def meets(code: str) -> bool:
            if not reaches(award, self.finals.places[code].total, self.total_unit):
                return False
            if not self.reaches_scaled(award, code):
                return False
            return not award.pass_modules or self.passing.passed(code, award.pass_modules)

        return meets

    def reaches_scaled(self, award: Award, code: str) -> bool:
        """True if a person's standard score is at least the award's `min_scaled`."""
        if award.min_scaled is None:
            return True
        own = None if self.scaled is None else self.scaled.get(code)
        return own is not None and own >= exact(award.min_scaled) * self.scaled_unit

    def _near_person(self, award: Award) -> Near | None:
        """A test for two persons near each other in points, with the same last stage."""
        places, scaled = self.finals.places, self.scaled
        if scaled is not None:
            by_points = _near(award, self.scaled_unit, scaled.get)
        else:
            by_points = _near(award, self.total_unit, lambda code: places[code].total)
        if by_points is None:
            return None
        return lambda last, code: places[last].stage == places[code].stage and by_points(last, code)

    def _near_team(self, award: Award) -> Near | None:
        """A test for two teams near each other in points."""
        if self.teams is None:
            return None
        scores = self.teams.scores
        return _near(award, self.total_unit, lambda team: scores[team].total)

    def _passes(self, award: Award) -> Meets:
        return lambda code: self.passing.passed(code, award.pass_modules)

    def _of_team(self, award: Award) -> Meets | None:
        """The award's conditions on a team: `pass_modules` of each counting member."""
        if self.teams is None or (award.min_total is None and not award.pass_modules):
            return None
        scores = self.teams.scores

        def meets(team: str) -> bool:
            if not reaches(award, scores[team].total, self.total_unit):
                return False
            members = scores[team].members
            return not award.pass_modules or all(map(self._passes(award), members))

        return meets

    def _of_item(self, award: Award, item: ItemState) -> Meets | None:
        """The award's conditions in an item: `min_total` is a least item score."""
        if award.min_total is None:
            return None
        return lambda code: reaches(award, item.score(code), self.item_unit)


def _near(award: Award, unit: int, points: Callable[[str], int | None]) -> Near | None:
    """A test for at most `within` points behind somebody; None where nobody joins by points."""
    if award.within is None:
        return None
    most = exact(award.within) * unit

    def is_near(last: str, code: str) -> bool:
        first, own = points(last), points(code)
        return first is not None and own is not None and first - own <= most

    return is_near


def reaches(award: Award, total: int | None, unit: int) -> bool:
    """True if a total is at least the award's `min_total`."""
    if award.min_total is None:
        return True
    return total is not None and total >= exact(award.min_total) * unit


def _rows(dealt: Dealt) -> list[AwardRow]:
    return [AwardRow(dealt.award.code, entrant=code) for _, code in dealt.winners]
