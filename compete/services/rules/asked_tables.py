"""Tables over several events that were asked for once judging has begun, and wait for two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compete.domain.values.period_states import CorrectionState
from compete.models import Account, Competition, db
from compete.services.kernel.competition_settings import settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesChange:
    """The tables wanted instead of those that stand, and who of the two has agreed.

    `base` is the mark of the tables that stood, `mark` tells one asking from the next.
    """

    competition: Competition
    wanted: Sequence[dict[str, Any]]
    base: str
    reason: str
    asker: Account
    asked_at: datetime
    chief: Account | None
    chief_at: datetime | None
    supervisor: Account | None
    supervisor_at: datetime | None

    @property
    def asked_by(self) -> int:
        """The number of who asked."""
        return self.asker.id

    @property
    def chief_by(self) -> int | None:
        """The number of the chief judge who agreed."""
        return None if self.chief is None else self.chief.id

    @property
    def supervisor_by(self) -> int | None:
        """The number of the supervisor who agreed."""
        return None if self.supervisor is None else self.supervisor.id

    @property
    def state(self) -> CorrectionState:
        """It waits as long as it is there."""
        return CorrectionState.ASKED

    @property
    def mark(self) -> str:
        """The moment at which it was asked for."""
        return self.asked_at.isoformat()


def waiting_tables(competition: Competition) -> TablesChange | None:
    """The tables that wait for chief judge and supervisor, or None."""
    asked = settings_of(competition).asked_tables
    if asked is None:
        return None
    chief, supervisor = (
        None if number is None else db.session.get_one(Account, number)
        for number in (asked.chief_by, asked.supervisor_by)
    )
    return TablesChange(
        competition=competition,
        wanted=asked.tables,
        base=asked.base,
        reason=asked.why,
        asker=db.session.get_one(Account, asked.by),
        asked_at=asked.at,
        chief=chief,
        chief_at=asked.chief_at,
        supervisor=supervisor,
        supervisor_at=asked.supervisor_at,
    )
