"""Teams: the best of their members, added up or averaged; equals are parted by the tie keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from compete.domain.bundle.event_types import Rounding, TeamRanking
from compete.domain.bundle.results import TeamRow
from compete.domain.bundle.types import Team
from compete.domain.ranking.finals import Changes, FinalPlace, FinalStandings, is_ranked
from compete.domain.ranking.result_rows import RankedRows
from compete.domain.ranking.stage import StageState
from compete.domain.ranking.standing import Key, Standing, higher_first, lower_first
from compete.domain.ranking.tie_keys import added_times, timed_modules
from compete.domain.values.kinds import RankStyle, TeamMethod
from compete.domain.values.points import Number, round_to, show


class TeamScore(msgspec.Struct, frozen=True, gc=False):
    """A team's counting members in counting order, and its total in its last place."""

    members: tuple[str, ...]
    total: int
    is_ranked: bool


class TeamState:
    """All teams of an event with their totals and places."""

    def __init__(
        self,
        rule: TeamRanking,
        teams: Sequence[Team],
        members: Mapping[str, Mapping[str, int]],
        finals: FinalStandings,
        rounding: Rounding,
    ) -> None:
        """`members` says by team and entrant how many people that entrant is."""
        self.rule = rule
        self.members = {team.code: list(members.get(team.code, ())) for team in teams}
        self.people = {team.code: sum(members.get(team.code, {}).values()) for team in teams}
        self.team_of = {code: team for team, codes in self.members.items() for code in codes}
        self.finals = finals
        self.places, self.mode = rounding.total, rounding.mode
        self.scores: dict[str, TeamScore] = {}
        self.rebuild()

    def rebuild(self) -> None:
        """All teams from the final standings as they are now."""
        self.scores = {team: self._score(team) for team in self.members}
        keys = {team: self._key(team) for team in self.members if self.scores[team].is_ranked}
        self.standing = Standing(RankStyle.COMPETITION, keys)
        self._rows = RankedRows(self.standing, self._row)

    def follow(self, changes: Changes, touched: Iterable[str]) -> None:
        """Work out again the teams of people with another place or new marks.

        Whom others only passed by matters nothing, unless ranks are compared; so are those of
        equals, once a playoff that parted them does not fit any more.
        """
        by_rank = "best_rank" in self.rule.ties or any(it.playoffs for it in self.finals.stages)
        entrants = {
            code
            for code, (before, after) in changes.items()
            if by_rank
            or before is None
            or before.total != after.total
            or before.status != after.status
        }
        entrants.update(touched)
        for team in {self.team_of[code] for code in entrants if code in self.team_of}:
            self.scores[team] = self._score(team)
            key = self._key(team) if self.scores[team].is_ranked else None
            self._rows.refresh(*self.standing.move(team, key))

    def results(self) -> list[TeamRow]:
        """Results by rank, then code; those without rank last, by code."""
        without = sorted(team for team, score in self.scores.items() if not score.is_ranked)
        return self._rows.rows + [self._row(None, team) for team in without]

    def _score(self, team: str) -> TeamScore:
        rule = self.rule
        ranked = [
            (-_number(place.total), _number(place.rank), code)
            for code in self.members[team]
            if is_ranked(place := self.finals.places[code])
        ]
        counting = tuple(code for *_, code in sorted(ranked)[: rule.best])
        points = sum(_number(self.finals.places[code].total) for code in counting)
        divisor = rule.best if rule.method is TeamMethod.MEAN else 1
        fit = (
            bool(counting)
            and self.people[team] >= rule.min_members
            and (not rule.require_full or len(counting) == rule.best)
        )
        return TeamScore(counting, round_to(points, divisor, 0, self.mode), fit)

    def _key(self, team: str) -> Key:
        ties = (self.tie_place(team, text) for text in self.rule.ties)
        return (-self.scores[team].total, *ties)

    def tie_place(self, team: str, text: str) -> Key:
        """A team's sort key for a tie key."""
        value = self.tie_value(team, text)
        lower = text == "best_rank" or text.startswith("time:")
        return lower_first(value) if lower else higher_first(value)

    def tie_value(self, team: str, text: str) -> Number | None:
        """A team's value for a tie key; None where there is none, which is last."""
        places = [self.finals.places[code] for code in self.scores[team].members]
        if text == "best":
            return max(_number(place.total) for place in places)
        if text == "best_rank":
            return min(_number(place.rank) for place in places)
        kind, _, code = text.partition(":")
        if kind == "module":
            return sum(self._module_scores(team, code))
        return self._time(team, code)

    def _stage(self, place: FinalPlace) -> StageState:
        return self.finals.stages[place.stage]

    def _module_scores(self, team: str, module: str) -> Iterable[int]:
        for code in self.scores[team].members:
            stage = self._stage(self.finals.places[code])
            position = stage.plan.module_places.get(module)
            if position is not None:
                yield stage.scores[code].modules[position].score or 0

    def _time(self, team: str, module: str) -> Number | None:
        """The members' times added up; None where a time or a member is missing."""
        members = self.scores[team].members
        if len(members) < self.rule.best:
            return None
        total: Number = 0
        for code in members:
            stage = self._stage(self.finals.places[code])
            time = added_times(stage, timed_modules(module, stage), code)
            if time is None:
                return None
            total += time
        return total

    def _row(self, rank: int | None, team: str) -> TeamRow:
        score = self.scores[team]
        return TeamRow(team, rank, show(score.total, self.places), list(score.members))


def _number(value: int | None) -> int:
    assert value is not None
    return value
