"""Days without an accident (安全生产天数): since when each unit counts them.

They score nothing: a veto or an indicator does. The wall of a site office shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from compete.domain.values.messages import msg
from compete.models import Account, Competition, utc_now
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import SafeSince, change_settings, settings_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import changing

EARLIEST = date(1950, 1, 1)


def safe_since(competition: Competition) -> dict[str, SafeSince]:
    """The start of the count by the units' codes; who is not there counts none."""
    known = {unit.code for unit in competition.units}
    found = settings_of(competition).safe_since
    return {code: each for code, each in found.items() if code in known}


def safe_days(since: SafeSince, today: date) -> int:
    """Count whole days since then: 0 on the day itself."""
    return max((today - since.day).days, 0)


def set_safe_since(
    competition: Competition, wanted: Mapping[str, SafeSince | None], by: Account
) -> bool:
    """Set since when these units count, None: they count no more; whether anything changed.

    Raises `Refused` (INVALID) for a day to come, or of before 1950, (UNKNOWN) for a unit that
    is not there.
    """
    names = {unit.code: unit.name for unit in competition.units}
    today = local_today()
    for code, each in wanted.items():
        if code not in names:
            raise Refused(msg("没有这家单位"), kind=Refusal.UNKNOWN)
        if each is not None and not EARLIEST <= each.day <= today:
            raise invalid(msg("%(unit)s：写今天或者以前的日子", unit=names[code]))
    with changing(competition) as competition:
        before = safe_since(competition)
        now = utc_now()
        after: dict[str, SafeSince | None] = dict(before)
        for code, each in wanted.items():
            old = before.get(code)
            if each is None or old is None or _told(old) != _told(each):
                said = (each.said or now) if each and each.accident else None
                after[code] = replace(each, said=said) if each else None
        kept = {code: each for code, each in after.items() if each is not None}
        changed = [code for code in names if before.get(code) != kept.get(code)]
        if not changed:
            return False
        change_settings(competition, safe_since=kept)
        audit.record(
            competition,
            by,
            "labour.safe_days",
            competition.name,
            before={code: _told(before.get(code)) for code in changed},
            after={code: _told(kept.get(code)) for code in changed},
        )
    return True


def _told(since: SafeSince | None) -> list[str | bool] | None:
    return None if since is None else [since.day.isoformat(), since.accident]
