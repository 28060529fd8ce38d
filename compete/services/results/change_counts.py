"""Change counts: ranks, awards and grades that moved from one version to the next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from compete.domain.awards.won import won_in
from compete.domain.grades.proposals import listed_grades
from compete.domain.values.states import GradeState
from compete.models import Publication
from compete.services.closing.grade_decisions import published_decisions
from compete.services.results.outdated_decisions import publication_before
from compete.services.results.snapshots import read_snapshot


@dataclass(frozen=True)
class VersionChanges:
    """The counts of people and teams whose rank, total, award or grade, as decided, changed."""

    ranks: int
    awards: int
    team_awards: int
    grades: int
    team_ranks: int = 0
    totals: int = 0
    team_totals: int = 0


@dataclass
class _Said:
    """A version by holder: event and code of an entrant or a team."""

    ranks: dict[tuple[str, str], object]
    team_ranks: dict[tuple[str, str], object]
    awards: dict[tuple[str, str], Counter[str]]
    team_awards: dict[tuple[str, str], Counter[str]]
    grades: dict[tuple[str, str], object]
    totals: dict[tuple[str, str], object]
    team_totals: dict[tuple[str, str], object]


def version_changes(publication: Publication, of_event: str | None = None) -> VersionChanges | None:
    """Count the moves since the version before, in all or `of_event` alone; None for the first."""
    earlier = publication_before(publication)
    if earlier is None:
        return None
    before, now = _said(earlier, of_event), _said(publication, of_event)
    return VersionChanges(
        ranks=_moved(before.ranks, now.ranks),
        awards=_moved(before.awards, now.awards),
        team_awards=_moved(before.team_awards, now.team_awards),
        grades=_moved(before.grades, now.grades),
        team_ranks=_moved(before.team_ranks, now.team_ranks),
        totals=_moved(before.totals, now.totals),
        team_totals=_moved(before.team_totals, now.team_totals),
    )


def _said(publication: Publication, of_event: str | None) -> _Said:
    bundle, results = read_snapshot(publication)
    decided = published_decisions(publication.grades or {})
    said = _Said({}, {}, {}, {}, {}, {}, {})
    for event in results.events:
        if of_event not in (None, event.code):
            continue
        for row in event.standings:
            said.ranks[event.code, row.entrant] = row.rank
            said.totals[event.code, row.entrant] = row.total
        for team in event.teams or ():
            said.team_ranks[event.code, team.team] = team.rank
            said.team_totals[event.code, team.team] = team.total
        for won in won_in(bundle, event):
            if won.team is not None:
                said.team_awards.setdefault((event.code, won.team), Counter())[won.prize] += 1
            elif won.entrant is not None:
                said.awards.setdefault((event.code, won.entrant), Counter())[won.prize] += 1
        for listed in listed_grades(event, decided):
            if listed.state is not GradeState.REFUSED:
                holder = event.code, listed.member or listed.entrant
                said.grades[holder] = listed.grade, listed.state is GradeState.DEFERRED
    return said


def _moved(
    before: dict[tuple[str, str], object] | dict[tuple[str, str], Counter[str]],
    now: dict[tuple[str, str], object] | dict[tuple[str, str], Counter[str]],
) -> int:
    return sum(1 for key in before.keys() | now.keys() if before.get(key) != now.get(key))
