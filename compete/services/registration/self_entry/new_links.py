"""A new link for somebody who entered themselves and lost theirs: the old one opens nothing."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.models import Account, Application, Unit, db
from compete.models.types import token_hash
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.applications import refresh
from compete.services.registration.self_entry.own_entry import new_link


def renew_own_link(
    application: Application, seen: int, by: Account, unit: Unit | None = None
) -> str:
    """The new link, told to whoever asked for it once; `unit` where its contact asks.

    Whoever holds it can correct what came back and take it back, as the person themselves.
    Raises `Refused` (CONFLICT) where somebody changed it meanwhile, or it is another unit's.
    """
    with changing(application.competition) as competition:
        refresh(application)
        own = unit is None or application.unit_id == unit.id
        if application.version != seen or not application.by_person or not own:
            raise Refused(msg("名单刚被别人改过，请再看一遍"))
        link = new_link()
        application.link_hash = token_hash(link)
        application.version += 1
        db.session.flush()
        subject = unit.code if unit is not None else competition.code
        after = {"people": [application.public_id]}
        audit.record(competition, by, "application.new_link", subject, after=after)
    return link
