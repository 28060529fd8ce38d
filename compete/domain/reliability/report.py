"""Everything about every judge of one module, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from compete.domain.reliability.estimate import Estimate
from compete.domain.reliability.habits import agreement, drift, own_bias, spread
from compete.domain.reliability.readings import Reading, by_entrant, residuals
from compete.domain.reliability.severity import Severity, severities


class JudgeReport(msgspec.Struct, frozen=True):
    """One judge: figures over whole sheets, and the severity on each aspect.

    `sheets` are those that at least one colleague has marked too; `hours` is
    how long the judge has been at it, 0 where times are not known.
    """

    judge: str
    sheets: int
    hours: float
    severity: Severity
    drift: Estimate
    spread: Estimate
    agreement: Estimate
    own_bias: Estimate
    aspects: dict[str, Severity]


def judge_reports(
    sheets: Sequence[Reading], aspects: Mapping[str, Sequence[Reading]]
) -> dict[str, JudgeReport]:
    """The report of each judge who has marked anybody together with another.

    `sheets` are readings of whole sheets, `aspects` of each aspect by its code.
    """
    groups = by_entrant(sheets)
    rows = residuals(sheets)
    whole = severities(rows)
    by_aspect = {code: severities(residuals(readings)) for code, readings in aspects.items()}
    found = {}
    for judge, own in rows.items():
        hours = [reading.hour for reading in own if reading.hour is not None]
        found[judge] = JudgeReport(
            judge=judge,
            sheets=len(own),
            hours=max(hours) - min(hours) if hours else 0.0,
            severity=whole[judge],
            drift=drift(own),
            spread=spread(judge, {row.entrant: groups[row.entrant] for row in own}),
            agreement=agreement(own),
            own_bias=own_bias(own),
            aspects={
                code: by_judge[judge] for code, by_judge in by_aspect.items() if judge in by_judge
            },
        )
    return found
