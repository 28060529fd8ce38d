"""The people who judge, and how far their sheets are."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from compete.domain.values import SheetState
from compete.models import (
    Act,
    Assignment,
    Competition,
    Event,
    Judge,
    Membership,
    Sheet,
    SignInCard,
    Slot,
    db,
)
from compete.services.kernel import rules_of

HANDED_IN = (SheetState.SUBMITTED, SheetState.SIGNED)


@dataclass
class JudgeLine:
    """One official: what they mark, their sheets by state, their card."""

    judge: Judge
    modules: list[str] = field(default_factory=list)
    sheets: Counter[SheetState] = field(default_factory=Counter)
    card: SignInCard | None = None
    seen: datetime | None = None


def judge_lines(competition: Competition) -> list[JudgeLine]:
    """Every official in the order of their codes."""
    lines = {judge.id: JudgeLine(judge) for judge in competition.judges}
    for event in competition.events:
        names = {
            (stage.code, module.code): module.name
            for stage in rules_of(event).stages
            for module in stage.modules
        }
        for assignment in db.session.scalars(
            select(Assignment).where(Assignment.event_id == event.id).order_by(Assignment.id)
        ):
            name = names.get((assignment.stage, assignment.module), assignment.module)
            lines[assignment.judge_id].modules.append(f"{name} {assignment.station}".strip())
    counts = db.session.execute(
        select(Sheet.judge_id, Sheet.state, func.count())
        .where(Sheet.competition_id == competition.id, Sheet.state != SheetState.WITHDRAWN)
        .group_by(Sheet.judge_id, Sheet.state)
    ).tuples()
    for judge_id, state, count in counts:
        lines[judge_id].sheets[state] = count
    _add_cards(competition, lines)
    _add_seen(lines)
    return [lines[judge.id] for judge in competition.judges]


def _add_cards(competition: Competition, lines: dict[int, JudgeLine]) -> None:
    rows = db.session.execute(
        select(Membership.judge_id, SignInCard)
        .join(SignInCard, SignInCard.account_id == Membership.account_id)
        .where(
            Membership.competition_id == competition.id,
            Membership.judge_id.is_not(None),
            SignInCard.cancelled_at.is_(None),
            SignInCard.one_time.is_(False),
        )
        .order_by(SignInCard.id)
    ).tuples()
    for judge_id, card in rows:
        if judge_id in lines:
            lines[judge_id].card = card


def _add_seen(lines: dict[int, JudgeLine]) -> None:
    rows = db.session.execute(
        select(Act.judge_id, func.max(Act.held_at))
        .where(Act.judge_id.in_(lines))
        .group_by(Act.judge_id)
    ).tuples()
    for judge_id, seen in rows:
        lines[judge_id].seen = seen


def assignments_of(competition: Competition) -> list[tuple[Event, Assignment]]:
    """Every assignment with its event, in the order of events and modules."""
    found = []
    for event in competition.events:
        rows = db.session.scalars(
            select(Assignment).where(Assignment.event_id == event.id).order_by(Assignment.id)
        )
        found += [(event, row) for row in rows]
    return found


def stations_of(competition: Competition) -> list[str]:
    """Names of the stations that somebody is drawn to."""
    rows = db.session.scalars(
        select(Slot.station)
        .where(Slot.entrant.has(competition_id=competition.id), Slot.station.is_not(None))
        .distinct()
        .order_by(Slot.station)
    )
    return [station for station in rows if station]


def module_sheets(event: Event, stage: str, module: str) -> list[Sheet]:
    """The sheets of one module, by judge and label, without those closed by 回避."""
    return list(
        db.session.scalars(
            select(Sheet)
            .where(
                Sheet.stage == stage,
                Sheet.module == module,
                Sheet.entrant.has(event_id=event.id),
                Sheet.state != SheetState.WITHDRAWN,
            )
            .order_by(Sheet.judge_id, Sheet.label)
        )
    )


def stations_by_entrant(event: Event, stage: str, module: str) -> dict[int, str]:
    """The station of each entrant in one module."""
    rows = db.session.execute(
        select(Slot.entrant_id, Slot.station).where(
            Slot.stage == stage, Slot.module == module, Slot.entrant.has(event_id=event.id)
        )
    ).tuples()
    return {entrant: station or "" for entrant, station in rows}


def missing_by_entrant(sheets: list[Sheet]) -> dict[str, list[str]]:
    """Of each label the names of the judges whose sheets are not in yet."""
    missing: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets:
        if sheet.state not in HANDED_IN:
            missing[sheet.label].append(sheet.judge.name)
    return dict(missing)
