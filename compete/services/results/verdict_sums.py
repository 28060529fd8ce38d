"""Verdicts of a version counted by event and unit, kept beside it for figures over many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select

from compete.domain.bundle.results import EvaluationResults
from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition, Entrant, Publication, Unit, db
from compete.services.kernel.event_rules import rules_of
from compete.services.registration.earlier_sittings import verdicts_of_version


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """So many people of a unit, in one event, with one verdict."""

    event: str
    grade: int | None
    unit: str
    verdict: str
    n: int


def packed_sums(competition: Competition, results: bytes) -> dict[str, Any] | None:
    """The sums of results about to be stored; None of a kind that gives no verdicts."""
    if not competition_kind(competition).has_sittings:
        return None
    decoded = msgspec.json.decode(results, type=EvaluationResults)
    return _packed(
        competition,
        {
            event.code: [(row.entrant, row.verdict) for row in event.verdicts]
            for event in decoded.events
        },
    )


def verdict_sums(publication: Publication, competition: Competition) -> list[VerdictCount]:
    """The sums of a version; of one from before they were kept they are counted now."""
    sums = publication.sums
    if sums is None:
        verdicts = verdicts_of_version(publication)
        sums = _packed(
            competition,
            {
                event: [(code, row.verdict) for code, row in rows.items()]
                for event, rows in verdicts.items()
            },
        )
    return [
        VerdictCount(event, it["grade"], unit, verdict, n)
        for event, it in sums.items()
        for unit, verdict, n in it["verdicts"]
    ]


def _packed(
    competition: Competition, verdicts: Mapping[str, Iterable[tuple[str, str]]]
) -> dict[str, Any]:
    query = (
        select(Entrant.code, Unit.code)
        .join(Unit, Unit.id == Entrant.unit_id)
        .where(Entrant.competition_id == competition.id)
    )
    units = dict(db.session.execute(query).tuples().all())
    grades = {event.code: rules_of(event).grade for event in competition.events}
    counts: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for event, rows in verdicts.items():
        for code, verdict in rows:
            counts[event][units.get(code, ""), verdict] += 1
    return {
        event: {
            "grade": grades.get(event),
            "verdicts": [[unit, verdict, n] for (unit, verdict), n in sorted(count.items())],
        }
        for event, count in sorted(counts.items())
    }
