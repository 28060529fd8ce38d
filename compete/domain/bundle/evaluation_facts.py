"""What an evaluation's rules and entrants come to: the line, the day of conditions, attempts."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Protocol

from compete.domain.bundle.evaluation_types import MOST_RESITS, USUAL_LINE
from compete.domain.bundle.event_types import Event, Module, Part
from compete.domain.bundle.types import Entrant
from compete.domain.values.points import Number, exact, whole


def line_of(scored: Module | Part) -> Number | None:
    """The least score that passes; None for a module in a part without its own `pass`."""
    if scored.pass_ is not None:
        return exact(scored.pass_)
    if getattr(scored, "part", None) is not None:
        return None
    return whole(exact(scored.full) * USUAL_LINE)


class HasStart(Protocol):
    """A thing with a start day: a competition, of a file or of the database."""

    @property
    def starts(self) -> date | None: ...


def day_of(event: Event, competition: HasStart) -> date | None:
    """The day on which conditions are looked at; a file that was read always has one."""
    return event.on if event.on is not None else competition.starts


def attempt_of(entrant: Entrant) -> int:
    """The number of the attempt: the first, or as the re-sit says."""
    return 1 if entrant.resit is None else entrant.resit.attempt


def resat_by(
    entrant: Entrant, entrants: Mapping[str, Entrant], competition: str
) -> Iterator[Entrant]:
    """Entrants of this file that somebody re-sits, also through others, the nearest first."""
    for _ in range(MOST_RESITS):
        resit = entrant.resit
        if resit is None or resit.competition not in (None, competition):
            return
        before = entrants.get(resit.entrant)
        if before is None:
            return
        yield before
        entrant = before
