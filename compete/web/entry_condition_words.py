"""Words on what each event asks of its people, so that nobody is entered in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.models import Competition
from compete.services.registration.eligibility import asked_by
from compete.web.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedByEvent:
    """The conditions of one event for its people; the event's name if there are several."""

    event: str | None
    lines: Sequence[str]


def conditions_of_events(competition: Competition) -> list[AskedByEvent]:
    """The conditions of each event that has any, in sentences."""
    several = len(competition.events) > 1
    asked = [
        AskedByEvent(
            event=event.name if several else None,
            lines=[say(sentence) for sentence in asked_by(event)],
        )
        for event in competition.events
    ]
    return [row for row in asked if row.lines]
