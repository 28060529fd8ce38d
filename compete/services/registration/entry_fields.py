"""Entry fields: what a competition asks besides who somebody is, no more than it needs."""

from __future__ import annotations

from collections.abc import Collection

from compete.domain.entry_fields import fields_offered
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg
from compete.models import Account, Competition
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import asked_fields, change_settings
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing


def change_entry_fields(
    competition: Competition, wanted: Collection[str], seen: Collection[str], by: Account
) -> bool:
    """Ask for these; whether that changed anything. What was said before stays as it is.

    `seen` are those that the page showed as asked. Raises `Refused`: INVALID for another field,
    CONFLICT where somebody else changed them meanwhile.
    """
    known = fields_offered(Kind(competition.kind))
    if not set(known).issuperset(wanted):
        raise invalid(msg("没有这一项，请刷新"))
    fields = tuple(field for field in known if field in wanted)
    with changing(competition) as competition:
        now = asked_fields(competition)
        if set(now) != set(seen):
            raise Refused(msg("你打开以后别人改过，看一下再存"))
        if now == fields:
            return False
        change_settings(competition, entry_fields=fields)
        before = {"fields": [field.value for field in now]}
        after = {"fields": [field.value for field in fields]}
        audit.record(
            competition, by, "entrants.fields", competition.code, before=before, after=after
        )
    return True
