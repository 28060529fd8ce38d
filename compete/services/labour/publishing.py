"""Announcing what is closed: a version that tells all closed periods, and no value of others."""

from __future__ import annotations

from collections.abc import Collection

from compete.domain.values import PeriodState, msg
from compete.models import Account, Competition, Publication
from compete.services.kernel import Refusal, Refused, for_update, unit_of_work
from compete.services.labour.stands import closed_periods, moved_stand, period_stands, state_of
from compete.services.publication import publish
from compete.services.transparency import then_logged

NEW = (PeriodState.CLOSED, PeriodState.CORRECTED)
"""What the next version says and the one in force does not."""


def unpublished_periods(competition: Competition) -> list[str]:
    """The codes of the periods that are closed or corrected since the version in force."""
    stands = period_stands(competition)
    return [code for code in closed_periods(competition) if state_of(stands, code) in NEW]


@then_logged
def publish_closed(
    competition: Competition, by: Account, note: str = "", also: Collection[str] = ()
) -> Publication:
    """Store and announce the results of every closed period as the next version.

    Raises `Refused` (CONFLICT) where nothing is closed that is not out already, and
    (INVALID) where a published period was corrected and no note says what.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        stands = period_stands(competition)
        waiting = unpublished_periods(competition)
        if not waiting:
            raise Refused(msg("没有要公布的：先结账"))
        corrected = any(state_of(stands, code) is PeriodState.CORRECTED for code in waiting)
        if corrected and not note.strip():
            raise Refused(msg("写明更正了什么，会写在公布的成绩上"), kind=Refusal.INVALID)
        publication = publish(competition, by, note, also, periods=closed_periods(competition))
        for code in waiting:
            row = moved_stand(competition, stands, code, PeriodState.PUBLISHED)
            row.publication_id = publication.id
        session.flush()
    return publication
