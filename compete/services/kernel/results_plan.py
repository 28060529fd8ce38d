"""Results plan: the time an organiser means to publish results, told before; no promise."""

from __future__ import annotations

from datetime import datetime

from compete.models import Competition
from compete.services.kernel.clock import read_wall_clock
from compete.services.kernel.competition_settings import settings_of


def planned_results(competition: Competition) -> datetime | None:
    """The planned moment, or None where none was set."""
    text = settings_of(competition).results_at
    return read_wall_clock(text) if text else None
