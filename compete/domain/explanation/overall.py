"""Explanations of an entrant's part in the tables over several events."""

from __future__ import annotations

from compete.domain.explanation.steps import Step, StepKind, number
from compete.domain.scoring.overall import brought, counted_for, delegations
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import msg


def overall_steps(scorer: Scorer, code: str) -> list[Step]:
    """Say what the entrant brings to each table it counts for, and how its unit stands."""
    event = scorer.event_of(code)
    rank = event.finals.places[code].rank
    tops = delegations(scorer.bundle)
    steps = []
    for table, results in zip(scorer.bundle.overall, scorer.results.overall or (), strict=True):
        if rank is None or (table.events and event.event.code not in table.events):
            continue
        unit = counted_for(table, event, code, tops)
        row = next(row for row in results.standings if row.unit == unit)
        value = brought(table, event, rank, code)
        if row.value is None or value is None:
            text = msg("总表“%(name)s”：%(unit)s", name=table.name, unit=unit)
        else:
            text = msg(
                "总表“%(name)s”：给 %(unit)s 带来 %(value)s，它的是 %(total)s",
                name=table.name,
                unit=unit,
                value=number(value),
                total=row.value,
            )
        if row.rank is None:
            text = msg("%(said)s，没有名次", said=text)
        else:
            text = msg("%(said)s，第 %(rank)s 名", said=text, rank=row.rank)
        steps.append(Step(kind=StepKind.TEAM, code=table.code, text=text))
    return steps
