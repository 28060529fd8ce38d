"""Occupation and ladder of a grade application."""

from __future__ import annotations

from compete.domain.bundle.event_types import Occupation
from compete.domain.grades.ladder import NATIONAL, Ladder
from compete.domain.values.messages import msg
from compete.models import (
    Competition,
    GradeClaim,
)
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.refusal import Refused


def occupation_of(claim: GradeClaim) -> Occupation | None:
    """The occupation of the grade: as the claim says, else that of the entrant's event."""
    if claim.event is not None:
        return rules_of(claim.event).occupation
    occupation = claim.occupation or {}
    return Occupation(code=occupation["code"], name=occupation["name"], track=occupation["track"])


def claim_place(claim: GradeClaim) -> str:
    """The event under which the grade stands; of who takes no part the occupation's name."""
    if claim.event is not None:
        return claim.event.name
    return str((claim.occupation or {}).get("name", ""))


def required_occupation(claim: GradeClaim) -> Occupation:
    """The occupation, as `occupation_of`. Raises `Refused` where the event's rules name none."""
    occupation = occupation_of(claim)
    if occupation is None:
        event = claim.event.name if claim.event is not None else ""
        raise Refused(msg("赛项“%(event)s”没有写职业，不能发等级证书", event=event))
    return occupation


def ladder_of_claim(claim: GradeClaim) -> Ladder:
    """The ladder of the claim: its event's, else that of all events if they share one."""
    if claim.event is not None:
        return ladder_of(claim.event)
    return shared_ladder(claim.competition)


def shared_ladder(competition: Competition) -> Ladder:
    """The ladder that all events of a competition have; the national one where they differ."""
    ladders = [ladder_of(event) for event in competition.events]
    alike = ladders and all(ladder == ladders[0] for ladder in ladders)
    return ladders[0] if alike else NATIONAL
