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


FALSE_ALARMS = 0.05
"""How often, at most, one of all judges of a competition is said to drift though none does."""


def judge_reports(
    sheets: Sequence[Reading],
    aspects: Mapping[str, Sequence[Reading]],
    compared: int | None = None,
) -> dict[str, JudgeReport]:
    """The report of each judge who has marked anybody together with another.

    `sheets` are readings of whole sheets, `aspects` of each aspect by its code. `compared` is how
    many judges are looked at in the whole competition, once for each module; by default those
    here. Drift is given at a level at which they are wrong together no oftener than
    `FALSE_ALARMS` (Bonferroni).
    """
    groups = by_entrant(sheets)
    rows = residuals(sheets)
    level = 1 - FALSE_ALARMS / max(compared or 0, len(rows), 1)
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
            drift=drift(own, level),
            spread=spread(judge, {row.entrant: groups[row.entrant] for row in own}),
            agreement=agreement(own),
            own_bias=own_bias(own),
            aspects={
                code: by_judge[judge] for code, by_judge in by_aspect.items() if judge in by_judge
            },
        )
    return found
