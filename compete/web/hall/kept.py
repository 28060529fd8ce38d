"""Each board's rendering, kept in this process for as long as nothing has changed.

A screen asks every few seconds. What it is told is made once for each change, of anything
that the competition's records tell of, and for each setting of the board; asking again is a
look-up of both. The clock alone is put in anew each time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask_babel import get_locale

from compete.domain.hall import BoardPhase
from compete.domain.values.canonical import sealed_text, short_mark
from compete.models import HallBoard, utc_now
from compete.services.hall.snapshots import shown_number
from compete.services.kernel import audit
from compete.services.kernel.installation import memory_of
from compete.web.hall.describe import Now, Screen, describe_hall, hall_clock

_MEMORY = "hall screens"
# Watches that are forgotten leave the screen by themselves.
_LONGEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeptScreen:
    """A screen, and its JSON without the clock; `tag` is the mark of that."""

    version: tuple[object, ...]
    until: datetime
    screen: Screen
    lasting: bytes
    tag: str

    def told(self, now: Now) -> bytes:
        """The whole JSON with the clock as it stands."""
        return b'{"now":' + sealed_text(asdict(now)) + b"," + self.lasting[1:]


def kept_screen(board: HallBoard) -> KeptScreen:
    """The board's screen; its own clock may be up to a minute old."""
    kept = memory_of(_MEMORY, dict[tuple[int, str], KeptScreen])
    place = (board.id, str(get_locale()))
    version = _version(board)
    found = kept.get(place)
    if found is None or found.version != version or found.until <= utc_now():
        until = utc_now() + _LONGEST
        screen, moves_at = describe_hall(board)
        told = asdict(screen)
        del told["now"]
        found = KeptScreen(
            version=version,
            until=min(until, moves_at) if moves_at else until,
            screen=screen,
            lasting=sealed_text(told),
            tag=short_mark(told),
        )
        kept[place] = found
    return found


def _version(board: HallBoard) -> tuple[object, ...]:
    """What the rendering was made of: another one wherever it would be another."""
    shown = shown_number(board) if board.phase is BoardPhase.LIVE else None
    competition = board.event.competition
    return (
        audit.count(competition),
        shown,
        competition.state,
        competition.name,
        board.token,
        board.delay_seconds,
        board.places,
        board.stations,
        board.phase,
        board.opens_at,
        board.revealed,
        board.opened_at,
    )


def clock_now() -> Now:
    """What is put into a kept screen."""
    return hall_clock(utc_now())
