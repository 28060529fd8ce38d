"""A competition at a glance: counts by step, what is missing, what comes next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select

from compete.domain.values import (
    CompetitionState,
    Message,
    SheetState,
    msg,
)
from compete.models import (
    Assignment,
    AuditEntry,
    Competition,
    Entrant,
    LockEntry,
    OutcomeEntry,
    Publication,
    Slot,
    Unit,
    db,
)
from compete.services.certificates import CertificateCounts, count_certificates
from compete.services.closing import (
    Blocker,
    decision_label,
    find_blockers,
    left_locked,
    recheck_blockers,
)
from compete.services.kernel import audit, module_title, rules_of
from compete.services.publication import latest_publication
from compete.services.scoring import live_results
from compete.services.sheets import is_coded, sheet_counts


@dataclass(frozen=True)
class Brief:
    """The two figures of a line in the list of competitions."""

    entrants: int
    units: int


@dataclass(frozen=True)
class Overview:
    """Everything that the competition's page tells."""

    entrants: int
    units: int
    placed: int
    absent: list[Message | str]
    sheets: Counter[SheetState]
    blockers: list[Blocker]
    certificates: CertificateCounts
    left_locked: list[LockEntry]
    publication: Publication | None
    records: list[AuditEntry]
    record_count: int

    @property
    def submitted(self) -> int:
        """Sheets that are in: submitted or signed."""
        return self.sheets[SheetState.SUBMITTED] + self.sheets[SheetState.SIGNED]


def _absent(competition: Competition) -> list[Message | str]:
    """Who is absent, with the unit; in a blind event the code while marks can change.

    A name beside the code that lacks its marks would tell who is who.
    """
    absent = select(OutcomeEntry.entrant_id).where(
        OutcomeEntry.status == "dns", OutcomeEntry.withdrawn_at.is_(None)
    )
    rows = db.session.scalars(
        select(Entrant)
        .where(_in(Entrant, competition), Entrant.id.in_(absent))
        .order_by(Entrant.id)
    ).all()
    return [
        decision_label(row)
        if is_coded(row.event)
        else msg("%(name)s（%(unit)s）", name=row.name, unit=row.unit.name)
        for row in rows
    ]


def brief_of(competition: Competition) -> Brief:
    """How many people and units take part."""
    if competition.kind == "labour":
        return Brief(0, _count(select(func.count(Unit.id)).where(_in(Unit, competition))))
    return Brief(
        _count(select(func.count(Entrant.id)).where(_in(Entrant, competition))),
        _count(select(func.count(func.distinct(Entrant.unit_id))).where(_in(Entrant, competition))),
    )


def overview_of(competition: Competition) -> Overview:
    """The competition as it stands now."""
    brief = brief_of(competition)
    of_this = select(Entrant.id).where(_in(Entrant, competition))
    return Overview(
        entrants=brief.entrants,
        units=brief.units,
        placed=_count(
            select(func.count(func.distinct(Slot.entrant_id))).where(Slot.entrant_id.in_(of_this))
        ),
        absent=_absent(competition),
        sheets=sheet_counts(competition).states,
        blockers=_blockers(competition),
        certificates=count_certificates(competition),
        left_locked=left_locked(competition),
        publication=latest_publication(competition),
        records=audit.recent(competition, 60),
        record_count=audit.count(competition),
    )


def unjudged_modules(competition: Competition) -> list[str]:
    """Names of the first stage's modules that nobody is assigned to."""
    names = []
    for event in competition.events:
        stage = rules_of(event).stages[0]
        assigned = set(
            db.session.scalars(
                select(Assignment.module).where(
                    Assignment.event_id == event.id, Assignment.stage == stage.code
                )
            )
        )
        names += [
            module_title(event, stage.code, module.code)
            for module in stage.modules
            if module.code not in assigned
        ]
    return names


def _blockers(competition: Competition) -> list[Blocker]:
    if competition.state is CompetitionState.REGISTERING:
        missing = unjudged_modules(competition)
        if not missing:
            return []
        return [
            Blocker(
                "assign",
                msg("%(count)s 个模块还没有裁判", count=len(missing)),
                "、".join(missing),
            )
        ]
    if competition.state is CompetitionState.JUDGING:
        return find_blockers(competition, live_results(competition).results)
    if competition.state is CompetitionState.LOCKED:
        return recheck_blockers(competition, live_results(competition).results)
    return []


def _in(table: type[Entrant | Unit], competition: Competition) -> ColumnElement[bool]:
    return table.competition_id == competition.id


def _count(query: Select[tuple[int]]) -> int:
    return db.session.scalar(query) or 0
