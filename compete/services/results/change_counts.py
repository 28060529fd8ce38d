"""Change counts: ranks, awards and grades that moved from one version to the next."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, fields

from compete.domain.awards.won import won_in
from compete.domain.evaluation.unranked_results import EvaluatedEvent, verdicts_of
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


_Said = dict[str, dict[tuple[str, str], object]]
"""What a version says: by the count it goes into and by holder, event and code of a person or team.
"""


def version_changes(publication: Publication, of_event: str | None = None) -> VersionChanges | None:
    """Count the moves since the version before, in all or `of_event` alone; None for the first."""
    earlier = publication_before(publication)
    if earlier is None:
        return None
    before, now = _version_values(earlier, of_event), _version_values(publication, of_event)
    names = [field.name for field in fields(VersionChanges)]
    return VersionChanges(**{name: _change_count(before[name], now[name]) for name in names})


def _version_values(publication: Publication, of_event: str | None) -> _Said:
    bundle, results = read_snapshot(publication)
    decided = published_decisions(publication.grades or {})
    figures: _Said = defaultdict(dict)
    for event in results.events:
        if of_event not in (None, event.code):
            continue
        for row in event.standings:
            figures["ranks"][event.code, row.entrant] = row.rank
            figures["totals"][event.code, row.entrant] = row.total
        if isinstance(event, EvaluatedEvent):
            for judged in verdicts_of(event).verdicts:
                marks = {code: it.score for code, it in judged.modules.items()}
                figures["totals"][event.code, judged.entrant] = judged.verdict, marks
        for team in event.teams or ():
            figures["team_ranks"][event.code, team.team] = team.rank
            figures["team_totals"][event.code, team.team] = team.total
        prizes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for won in won_in(bundle, event):
            if won.team is not None:
                prizes["team_awards", won.team][won.prize] += 1
            elif won.entrant is not None:
                prizes["awards", won.entrant][won.prize] += 1
        for (what, code), counted in prizes.items():
            figures[what][event.code, code] = counted
        for listed in listed_grades(event, decided):
            if listed.state is not GradeState.REFUSED:
                holder = event.code, listed.member or listed.entrant
                figures["grades"][holder] = listed.grade, listed.state is GradeState.DEFERRED
    return figures


def _change_count(before: dict[tuple[str, str], object], now: dict[tuple[str, str], object]) -> int:
    return sum(1 for key in before.keys() | now.keys() if before.get(key) != now.get(key))
