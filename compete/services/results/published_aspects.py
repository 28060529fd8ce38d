"""Published aspects: a contestant's marks one by one, out of the publication of the result."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compete.domain.values.messages import Translate
from compete.models import Entrant
from compete.services.results.contestants import Verdict
from compete.services.results.snapshots import published_event, read_snapshot
from compete.services.scoring.aspect_profile import aspect_marks, is_void
from compete.services.scoring.grade_rules import scorer_of
from compete.services.sheets.wording import shown_value


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectGiven:
    """An aspect's value, if all judges wrote the same, and the marks of full marks."""

    value: str
    mine: str
    full: str


def own_scores(entrant: Entrant, verdict: Verdict) -> dict[tuple[str, str], str]:
    """The published score of each module that has one, by stage and module, of every stage."""
    published = published_event(verdict.publication, verdict.rules.code)
    return {
        (stage.code, code): result.score
        for stage in (published[1].stages if published is not None else ())
        for row in stage.standings
        if row.entrant == entrant.code
        for code, result in row.modules.items()
        if result.score is not None and not is_void(result.flags)
    }


def own_aspects(
    entrant: Entrant, verdict: Verdict, translate: Translate | None = None
) -> dict[tuple[str, str, str], AspectGiven]:
    """The aspects by stage, module and aspect; nothing of a module that was not scored."""
    bundle, _results = read_snapshot(verdict.publication)
    written: dict[tuple[str, str, str], dict[str, Decimal | bool]] = {}
    for mark in bundle.marks:
        if mark.entrant == entrant.code:
            # Of a judge's marks the last one counts.
            written.setdefault((mark.stage, mark.module, mark.aspect), {})[mark.judge] = mark.value
    aspects = {
        (stage.code, module.code, aspect.code): aspect
        for stage in verdict.rules.stages
        for module in stage.modules
        for aspect in module.aspects
    }
    aspects_given = {}
    given = aspect_marks(scorer_of(bundle).events[verdict.rules.code], entrant.code)
    for key, (mine, full) in given.items():
        values = set(written.get(key, {}).values())
        value = values.pop() if len(values) == 1 else None
        text = value if value is None or isinstance(value, bool) else f"{value:f}"
        aspects_given[key] = AspectGiven(
            value=shown_value(aspects[key], text, translate), mine=mine, full=full
        )
    return aspects_given
