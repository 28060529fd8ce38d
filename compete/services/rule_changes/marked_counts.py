"""Marked counts: by module, what was marked under an event's rules and by how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, select

from compete.domain.bundle import event_types
from compete.domain.values.states import DecisionState
from compete.models import Act, Decision, Entrant, Event, PaperEntry, PenaltyEntry, Sheet, db
from compete.services.sheets.locks_in_force import standing_locks
from compete.services.sheets.values import VALUE_KINDS

Place = tuple[str, str]
"""Codes of stage and module."""

_WHERE = (Sheet.stage, Sheet.module, Act.aspect)


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks ever made in an event; what was taken back since counts, it stays on record,
    and so does a paper of which one recorder read it.

    `sheets`: on how many sheets there is anything of an aspect, by place and its code. `judges`:
    the most who marked one entrant, by place. `locked`: places that are locked, or a session of
    which is.
    """

    sheets: dict[Place, dict[str, int]]
    judges: dict[Place, int]
    locked: frozenset[Place]

    def of(self, stage: str, module: str) -> dict[str, int]:
        """Count the sheets of the module on which an aspect has anything, by aspect."""
        return self.sheets.get((stage, module), {})

    def in_stage(self, stage: str) -> bool:
        """True if anything was marked in the stage."""
        return any(place[0] == stage for place in self.sheets)


def marked_in(event: Event) -> Marked:
    """Count what was marked in the event, and what of it is locked."""
    sheets: dict[Place, dict[str, int]] = defaultdict(dict)
    query = (
        _of_event(
            event, select(Sheet.stage, Sheet.module, Act.aspect, func.count(Sheet.id.distinct()))
        )
        .where(Act.aspect.is_not(None))
        .group_by(*_WHERE)
    )
    for stage, module, aspect, number in db.session.execute(query).tuples():
        assert aspect is not None  # asked for above
        sheets[stage, module][aspect] = number
    each = (
        _of_event(
            event,
            select(
                Sheet.stage,
                Sheet.module,
                Sheet.entrant_id,
                func.count(Sheet.judge_id.distinct()).label("judges"),
            ),
        )
        .where(Act.kind.in_(VALUE_KINDS))
        .group_by(Sheet.stage, Sheet.module, Sheet.entrant_id)
        .subquery()
    )
    most = select(each.c.stage, each.c.module, func.max(each.c.judges)).group_by(
        each.c.stage, each.c.module
    )
    for stage, module, aspect in _read_from_paper(event):
        sheets[stage, module].setdefault(aspect, 1)
    judges = {(stage, module): n for stage, module, n in db.session.execute(most).tuples()}
    locks = standing_locks(event.competition)
    locked = frozenset((lock.stage, lock.module) for lock in locks if lock.event_id == event.id)
    return Marked(dict(sheets), judges, locked)


def _read_from_paper(event: Event) -> Iterator[tuple[str, str, str]]:
    """Find aspects of papers that one recorder has read: the second is compared with it."""
    query = (
        select(Sheet.stage, Sheet.module, PaperEntry.values)
        .join(Sheet, Sheet.id == PaperEntry.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id, PaperEntry.settled_at.is_(None))
    )
    for stage, module, values in db.session.execute(query).tuples():
        for aspect in values:
            yield stage, module, aspect


def given_values(event: Event) -> dict[tuple[str, str, str], dict[Decimal, int]]:
    """Count the sheets for every value ever given, by stage, module and aspect."""
    found: dict[tuple[str, str, str], dict[Decimal, int]] = defaultdict(dict)
    query = (
        _of_event(
            event,
            select(
                Sheet.stage, Sheet.module, Act.aspect, Act.value, func.count(Sheet.id.distinct())
            ),
        )
        .where(Act.kind.in_(VALUE_KINDS), Act.value.is_not(None), Act.aspect.is_not(None))
        .group_by(*_WHERE, Act.value)
    )
    for stage, module, aspect, value, number in db.session.execute(query).tuples():
        assert aspect is not None  # asked for above
        assert value is not None
        found[stage, module, aspect][value] = number
    return found


def most_taken_off(event: Event) -> dict[Place, Decimal]:
    """The most points that a penalty takes off somebody, by place, standing or proposed."""
    found: dict[Place, Decimal] = {}
    stands = PenaltyEntry.withdrawn_at.is_(None)
    proposed = Decision.state == DecisionState.PROPOSED
    for table, holds in ((PenaltyEntry, stands), (Decision, proposed)):
        query = (
            select(table.stage, table.module, table.points)
            .join(Entrant, Entrant.id == table.entrant_id)
            .where(Entrant.event_id == event.id, holds, table.points.is_not(None))
        )
        for stage, module, points in db.session.execute(query).tuples():
            if module is not None and points is not None:
                found[stage, module] = max(found.get((stage, module), points), points)
    return found


def sheets_with(
    event: Event, stage: str, module: str, aspects: Iterable[str]
) -> Select[tuple[int]]:
    """The numbers of the module's sheets on which there is anything of one of the aspects."""
    return (
        _of_event(event, select(Sheet.id))
        .where(Sheet.stage == stage, Sheet.module == module, Act.aspect.in_(list(aspects)))
        .distinct()
    )


def people_with_marks(event: Event, stages: Iterable[str]) -> int:
    """Count the entrants who were marked in one of the stages."""
    query = _of_event(event, select(func.count(Sheet.entrant_id.distinct())))
    found = query.where(Act.kind.in_(VALUE_KINDS), Sheet.stage.in_(list(stages)))
    return db.session.scalar(found) or 0


def modules_of(rules: event_types.Event) -> dict[Place, event_types.Module]:
    """The modules of all stages."""
    return {(stage.code, module.code): module for stage in rules.stages for module in stage.modules}


def _of_event(event: Event, query: Select) -> Select:  # type: ignore[type-arg]
    return (
        query.select_from(Act)
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id)
    )
