"""Readiness: what a competition lacks before people can be registered, and before judging."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compete.domain.values.numerals import plain
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event
from compete.services.certificates.issuing_bodies import body_for
from compete.services.directory.ladders.conditions import holds_another_text, unconfirmed_editions
from compete.services.kernel.event_rules import rules_of


class Lack(StrEnum):
    """The kinds of things that are missing."""

    EVENTS = "events"
    WEIGHTS = "weights"
    OCCUPATION = "occupation"
    DATES = "dates"
    VENUE = "venue"
    CHIEF = "chief"
    JUDGES = "judges"
    UNITS = "units"
    CLOSES = "closes"
    BODY = "body"
    CONDITIONS = "conditions"
    """An edition of conditions of application that nobody has confirmed; `found` is its number."""
    COPY = "copy"
    """An event's conditions are not those that were confirmed."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A thing that is missing; of an event, its code and name, and what its weights come to."""

    kind: Lack
    event: str = ""
    name: str = ""
    found: str = ""


def what_lacks(competition: Competition) -> list[Lacking]:
    """List what lacks while people are being registered; events first, as others need them."""
    if competition.state is not CompetitionState.REGISTERING:
        return []
    if not competition.events:
        found = [Lacking(Lack.EVENTS)]
    else:
        found = [lacking for event in competition.events for lacking in _of_event(event)]
    roles = {judge.role for judge in competition.judges}
    if competition.starts is None:
        found.append(Lacking(Lack.DATES))
    if competition.venue is None:
        found.append(Lacking(Lack.VENUE))
    if Role.CHIEF not in roles:
        found.append(Lacking(Lack.CHIEF))
    if not roles & {Role.JUDGE, None}:
        found.append(Lacking(Lack.JUDGES))
    rules = [rules_of(event) for event in competition.events]
    if any(it.grades or it.verdict for it in rules) and not body_for(competition):
        found.append(Lacking(Lack.BODY))
    for row in unconfirmed_editions(rules):
        found.append(Lacking(Lack.CONDITIONS, name=row.name, found=str(row.id)))
    for event in competition.events:
        if holds_another_text(rules_of(event)):
            found.append(Lacking(Lack.COPY, event.code, event.name))
    if not competition.units:
        found.append(Lacking(Lack.UNITS))
    return found


def _of_event(event: Event) -> list[Lacking]:
    rules = rules_of(event)
    found = []
    for stage in rules.stages:
        if rules.verdict is None and stage.odd_weight is not None:
            total = plain(stage.odd_weight)
            found.append(Lacking(Lack.WEIGHTS, event.code, event.name, total))
    if rules.occupation is None and rules.grades:
        found.append(Lacking(Lack.OCCUPATION, event.code, event.name))
    return found
