"""Settled panels: whether a module's panels are settled, and since which record."""

from __future__ import annotations

from typing import Any

from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event
from compete.services.kernel.competition_settings import SettledPanels, settings_of
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.last_records import last_record
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import for_update

_LONGEST_SUBJECT = 200


def claim_seating(competition: Competition) -> Competition:
    """The competition, claimed to change who judges; `Refused` once marks are locked."""
    competition = for_update(competition)
    if competition.state not in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        raise Refused(msg("评分已经锁定，不能再改分工"))
    return competition


def seats_subject(event: Event, stage: str, module: str) -> str:
    """The subject of records about a module's seats."""
    return f"{event.code}/{stage}/{module}"[:_LONGEST_SUBJECT]


def replaced_at(after: Any) -> tuple[str, ...] | None:
    """The modules, as `seats_subject`, of a record of a replacement; None: everywhere."""
    at = after.get("at") if isinstance(after, dict) else None
    if at is None:
        return None
    # Records of earlier versions name one.
    return (at,) if isinstance(at, str) else tuple(at)


def panels_settled(event: Event, stage: str, module: str) -> SettledPanels | None:
    """Find who settled a module's panels and when; None: they are not settled."""
    settlement = settings_of(event.competition).panels.get(module_key(event, stage, module))
    if settlement is None or settlement.agreed_at is None or settlement.event != event.id:
        return None
    return settlement


def settled_at(event: Event, stage: str, module: str) -> int | None:
    """The record from which on the module's panels are settled; None: they are not."""
    if panels_settled(event, stage, module) is None:
        return None
    subject = seats_subject(event, stage, module)
    last = last_record(event.competition, ["panels.settle"], subject)
    return last.seq if last is not None else None
