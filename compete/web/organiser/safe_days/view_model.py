"""Since when each unit counts days without an accident, as the desk's page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.models import Competition
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.without_accident import safe_days as days_of
from compete.services.labour.without_accident import safe_since


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeRow:
    """A unit: `day` and `kind` as its fields have them, how many `days` that is by now."""

    code: str
    name: str
    group: str
    day: str
    kind: str
    days: str
    problem: str | None


BEGAN, ACCIDENT = "began", "accident"


def kinds_of_days() -> dict[str, str]:
    """What the days are counted from."""
    return {BEGAN: _("开工、进场"), ACCIDENT: _("上次事故")}


def safe_rows(
    competition: Competition, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> list[SafeRow]:
    """The units with what stands or was typed; `wrong` is by unit what is wrong with its day."""
    known, today = safe_since(competition), local_today()
    groups = labour_of(competition).groups or {}
    rows = []
    for unit in competition.units:
        since = known.get(unit.code)
        kind = ACCIDENT if since is not None and since.accident else BEGAN
        rows.append(
            SafeRow(
                code=unit.code,
                name=unit.name,
                group=groups.get(unit.code, ""),
                day=typed.get(f"day:{unit.code}", since.day.isoformat() if since else ""),
                kind=typed.get(f"kind:{unit.code}", kind),
                days=_("%(n)s 天", n=days_of(since, today)) if since is not None else "—",
                problem=wrong.get(unit.code),
            )
        )
    return rows
