"""Moves by appeals: the ranks, totals, awards, grades that change before a version says so."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from compete.domain.aspects.kinds import kind_of
from compete.domain.bundle.results import Results
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.evaluation.unranked_results import unranked
from compete.domain.scoring.event_scorer import grade_rules_of
from compete.domain.scoring.scorer import score
from compete.models import Appeal, AppealDecision
from compete.services.appeals.appeal_states import standing_decision, to_carry_out
from compete.services.appeals.windows import module_and_aspect
from compete.services.closing.grade_decisions import decided_grades
from compete.services.kernel.publications import latest_publication
from compete.services.results.changed_lines import ChangedLine, lines_of_event, sorted_changes
from compete.services.results.snapshots import read_snapshot
from compete.services.scoring.bundle_out import export_bundle


@dataclass(frozen=True)
class Moved:
    """A difference from what was announced, or from what stands if nothing is announced yet.

    `supposed`: the ordered value is not on the sheets yet and was put there for the reckoning.
    `unknown`: what is ordered has no value, so that nothing can be worked out before it is done.
    `teams`, `grades`: whether the event ranks teams and gives grades at all.
    """

    lines: list[ChangedLine]
    supposed: bool
    unknown: bool
    teams: bool
    grades: bool


def moved_by_appeal(appeal: Appeal) -> Moved | None:
    """Find who is moved in the appeal's event; None while no decision stands."""
    decision = standing_decision(appeal)
    if decision is None:
        return None
    competition = appeal.competition
    bundle = export_bundle(competition)
    supposed = to_carry_out(appeal) and decision.value is not None
    unknown = to_carry_out(appeal) and decision.value is None
    after = _with_value(bundle, appeal, decision) if supposed else bundle
    publication = latest_publication(competition)
    before: tuple[Bundle, Results] = (
        read_snapshot(publication)
        if publication is not None
        else (bundle, unranked(score(bundle), bundle))
    )
    # Names are those of now on both sides: a corrected name is nobody's move.
    names = {entrant.code: entrant.name for entrant in bundle.entrants}
    names |= {member.code: member.name for entrant in bundle.entrants for member in entrant.members}
    event = appeal.entrant.event.code
    decided = decided_grades(competition)
    sides = [
        (of, scored)
        for of, results in (before, (after, unranked(score(after), after)))
        for scored in results.events
        if scored.code == event
    ]
    was, now = (lines_of_event(of, scored, names, decided) for of, scored in sides)
    return Moved(
        sorted_changes(was, now),
        supposed,
        unknown,
        teams=any(scored.teams for _of, scored in sides),
        grades=any(_gives_grades(of, event) for of, _each in sides),
    )


def _gives_grades(bundle: Bundle, event: str) -> bool:
    """True if the rules raise anybody's grade; titles alone are none."""
    rules = next(event_rules for event_rules in bundle.events if event_rules.code == event)
    return any(rule.grant.to or rule.grant.up for rule in grade_rules_of(rules))


def _with_value(bundle: Bundle, appeal: Appeal, decision: AppealDecision) -> Bundle:
    """The bundle as it will be once each judge's value of the aspect is what was ordered."""
    value = decision.value
    assert value is not None
    _module, aspect = module_and_aspect(appeal)
    assert aspect is not None
    wanted = bool(value) if kind_of(aspect).is_yes_no else value
    place = (appeal.stage, appeal.module, appeal.entrant.code, appeal.aspect)

    def settled(mark: Mark) -> Mark:
        if (mark.stage, mark.module, mark.entrant, mark.aspect) != place:
            return mark
        return msgspec.structs.replace(mark, value=wanted)

    return msgspec.structs.replace(bundle, marks=tuple(settled(mark) for mark in bundle.marks))
