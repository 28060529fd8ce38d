"""Absences: people who need not be waited for, and sheets that came in for them all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from compete.domain.bundle import event_types
from compete.domain.bundle.attempts import NOT_MADE, waived_word
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Act, Competition, Decision, Entrant, Event, OutcomeEntry, Sheet, db
from compete.services.kernel import audit
from compete.services.kernel.event_rules import attempt_of, rules_of
from compete.services.kernel.participants import takes_part

_OF_SHEET = (
    OutcomeEntry.entrant_id == Sheet.entrant_id,
    OutcomeEntry.stage == Sheet.stage,
    or_(OutcomeEntry.module.is_(None), OutcomeEntry.module == Sheet.module),
    OutcomeEntry.withdrawn_at.is_(None),
)
Outcomes = Mapping[tuple[str, str | None], str]
"""The outcomes of somebody, by stage and module (None for the whole stage)."""


def excused(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that an outcome (that fits) stands for the sheet's module or whole stage."""
    return select(OutcomeEntry.id).where(*_OF_SHEET, *which).exists()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sheet marked after it was recorded that its entrant was absent or waived the attempt."""

    sheet: Sheet
    outcome: OutcomeEntry
    act: int
    """The last act on it that says so."""


def contradictions(competition: Competition, *which: ColumnElement[bool]) -> list[Contradiction]:
    """List the sheets (that fit) of which nobody decided yet whether they count.

    What was marked before somebody proposed the absence was known to who decided it.
    """
    decided = func.coalesce(Decision.proposed_at, OutcomeEntry.made_at)
    late = (
        select(func.max(Act.id))
        .where(
            Act.sheet_id == Sheet.id,
            or_(
                Act.kind == "submit",
                and_(Act.kind == "mark", Sheet.state.not_in(HANDED_IN)),
            ),
            Act.held_at > decided,
        )
        .correlate(Sheet, Decision, OutcomeEntry)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Sheet, OutcomeEntry, late)
        .join(OutcomeEntry, and_(*_OF_SHEET))
        .outerjoin(Decision, Decision.outcome_id == OutcomeEntry.id)
        .where(
            Sheet.competition_id == competition.id,
            Sheet.state.not_in((SheetState.NOT_BEGUN, SheetState.WITHDRAWN)),
            OutcomeEntry.status == "dns",
            late.is_not(None),
            *which,
        )
        .order_by(Sheet.id, OutcomeEntry.id)
    ).tuples()
    late_sheets = [Contradiction(*row) for row in rows]
    if not late_sheets:
        return []
    kept = {
        (record["outcome"], sheet): act
        for record in audit.record_contents(competition, "absence.keep")
        for sheet, act in record["acts"].items()
    }
    return [it for it in late_sheets if kept.get((it.outcome.id, it.sheet.public_id), 0) < it.act]


def absence_word(entrant: Entrant, stage: str, module: str | None) -> Message:
    """The name of an absence there; who waives an attempt is not absent."""
    number = waived_number(entrant, stage, module)
    return msg("缺考") if number is None else waived_word(number)


def waived_number(entrant: Entrant, stage: str, module: str | None) -> int | None:
    """The number of the attempt that an absence there waives; None where it is an absence."""
    if module is None or attempt_of(rules_of(entrant.event), stage, module) is None:
        return None
    query = select(OutcomeEntry.stage, OutcomeEntry.module, OutcomeEntry.status).where(
        OutcomeEntry.entrant_id == entrant.id,
        OutcomeEntry.stage == stage,
        OutcomeEntry.withdrawn_at.is_(None),
    )
    rows = db.session.execute(query).tuples()
    outcomes = {(stage, missed): status for stage, missed, status in rows}
    return waived_among(rules_of(entrant.event), outcomes, stage, module)


def waived_among(
    rules: event_types.Event, outcomes: Outcomes, stage: str, module: str
) -> int | None:
    """The same, by all outcomes of somebody.

    Who made no other attempt either, or was disqualified in them, waived nothing.
    """
    attempt = attempt_of(rules, stage, module)
    if attempt is None or outcomes.get((stage, None)) in NOT_MADE:
        return None
    missed = all(outcomes.get((stage, other)) in NOT_MADE for other in attempt.others)
    return None if missed else attempt.number


def excused_among(sheets: Iterable[Sheet]) -> set[int]:
    """The ids of those sheets for which nobody waits."""
    ids = [sheet.id for sheet in sheets]
    return set(db.session.scalars(select(Sheet.id).where(Sheet.id.in_(ids), excused())))


def excused_sheets(competition: Competition) -> set[int]:
    """The ids of the competition's sheets of who is absent, withdrawn or disqualified."""
    query = select(Sheet.id).where(Sheet.competition_id == competition.id, excused())
    return set(db.session.scalars(query))


def brought_along(event: Event) -> set[tuple[int, str]]:
    """The people and modules not to be marked, since the mark comes from an earlier sitting."""
    if rules_of(event).verdict is None:
        return set()
    query = select(Entrant.id, Entrant.carried).where(
        Entrant.event_id == event.id, Entrant.carried.is_not(None), takes_part()
    )
    modules = [it for stage in rules_of(event).stages for it in stage.modules]
    return {
        (entrant, module.code)
        for entrant, carried in db.session.execute(query).tuples()
        for brought in carried or ()
        if "void" not in brought
        for module in modules
        if brought["of"] in (module.code, module.part)
    }
