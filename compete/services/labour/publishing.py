"""Publishing of closed periods: a version tells all of them, and no value of others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from compete.domain.values.messages import listed, msg
from compete.domain.values.period_states import PeriodState
from compete.models import Account, Competition, PeriodStand, Publication
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.labour.look_draws import look_rules, looks_left
from compete.services.labour.period_progress import (
    closed_periods,
    moved_stand,
    period_stands,
    state_of,
)
from compete.services.log.sequencing import then_logged
from compete.services.results.announced_periods import announced_labour
from compete.services.results.publishing import publish
from compete.services.results.snapshots import latest_publication, published_already
from compete.services.results.version_listeners import then_told
from compete.services.scoring.live_labour import labour_live

NEW = (PeriodState.CLOSED, PeriodState.CORRECTED)
"""The states that the next version says and the one in force does not."""


def unpublished_periods(competition: Competition) -> list[str]:
    """The codes of the periods that are closed or corrected since the version in force."""
    stands = period_stands(competition)
    return [code for code in closed_periods(competition) if state_of(stands, code) in NEW]


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit that the version in force calls otherwise, or does not know, or alone knows.

    `was` is None for a new one, `now` for one that is gone.
    """

    was: str | None
    now: str | None


def unpublished_units(competition: Competition) -> list[UnitChange]:
    """List the changes in the units since the version in force; empty without one."""
    newest = latest_publication(competition)
    if newest is None:
        return []
    was, now = announced_labour(newest).units, labour_live(competition).units
    return [
        UnitChange(was.get(code), now.get(code))
        for code in [*was, *(code for code in now if code not in was)]
        if was.get(code) != now.get(code)
    ]


@then_told
@then_logged
def publish_closed(
    competition: Competition, by: Account, note: str = "", also: Collection[str] = ()
) -> Publication:
    """Store and announce the results of every closed period as the next version.

    Raises `Refused` (CONFLICT) where nothing is closed that is not out already and no unit
    is called otherwise, and (INVALID) where a published period was corrected, or units
    alone are others, and no note says what.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        stands = period_stands(competition)
        waiting = unpublished_periods(competition)
        if not waiting and not unpublished_units(competition):
            newest = latest_publication(competition)
            words = published_already(newest) if newest else msg("没有要公布的：先结账")
            raise Refused(words)
        unseen = unseen_periods(competition, waiting)
        if unseen:
            raise Refused(msg("二次抽查还没核完：%(names)s", names=listed(unseen)))
        if asks_note(stands, waiting) and not note.strip():
            raise invalid(msg("写明更正了什么，会写在公布的成绩上"))
        publication = publish(competition, by, note, also, periods=closed_periods(competition))
        for code in waiting:
            row = moved_stand(competition, stands, code, PeriodState.PUBLISHED)
            row.publication_id = publication.id
        session.flush()
    return publication


def unseen_periods(competition: Competition, waiting: Sequence[str]) -> list[str]:
    """The names of those that must not go out before their second look is done."""
    if not look_rules(competition).first:
        return []
    stands = period_stands(competition)
    fresh = [code for code in waiting if state_of(stands, code) is PeriodState.CLOSED]
    left = looks_left(competition, fresh)
    return [each.name for each in labour_of(competition).periods if each.code in left]


def asks_note(stands: dict[str, PeriodStand], waiting: Sequence[str]) -> bool:
    """True if the next version must say what it changes: no new period is its reason."""
    states = {state_of(stands, code) for code in waiting}
    return PeriodState.CORRECTED in states or not states
