"""Accepting a request: one person withdraws, the other stands in the same places."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, Application, Competition, Entrant, db
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.acceptance import accept_people
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.substitution.requests import (
    instead_of,
    reason_of,
    why_not_replaced,
)
from compete.services.registration.ticked_people import Accepted
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.station_moves import hand_over_places


def accept_with_replacements(
    competition: Competition, seen: Mapping[str, int], by: Account, *, exempted_for: str = ""
) -> Accepted:
    """Accept as `accept_people`; who comes for somebody else takes the places, and that one goes.

    Raises `Refused` (CONFLICT) as that does, and where somebody cannot be replaced any more.
    """
    with changing(competition) as competition:
        asked = _asked(competition, seen)
        for application, old in asked:
            why = why_not_replaced(old)
            if why is not None:
                raise Refused(
                    msg(
                        "%(name)s 换下 %(code)s %(old)s：%(why)s",
                        name=application.name,
                        code=old.code,
                        old=old.name,
                        why=why,
                    )
                )
        done = accept_people(
            competition,
            seen,
            by,
            exempted_for=exempted_for,
            freed={application.public_id for application, _old in asked},
        )
        for application, old in asked:
            if application.entrant_id is None:
                continue
            new = db.session.get_one(Entrant, application.entrant_id)
            reason = reason_of(application)
            withdraw_person(old, reason, by)
            places = hand_over_places(old, new)
            after = {"old": old.code, "places": places}
            audit.record(competition, by, "entrant.replace", new.code, after=after, reason=reason)
            after = {"new": new.code, "places": places}
            audit.record(competition, by, "entrant.replaced", old.code, after=after, reason=reason)
    return done


def _asked(competition: Competition, seen: Mapping[str, int]) -> list[tuple[Application, Entrant]]:
    """List those of them who come for somebody, each with whom."""
    if not seen:
        return []
    found = []
    for application in db.session.scalars(
        select(Application)
        .where(Application.competition_id == competition.id, Application.public_id.in_(list(seen)))
        .order_by(Application.id)
    ):
        code = instead_of(application)
        old = entrant_by_code(competition, code) if code is not None else None
        if old is not None:
            found.append((application, old))
    return found
