"""Period progress: each period of a labour competition, and how far it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.domain.values.period_states import PERIOD_MOVES, PeriodState
from compete.domain.values.states import move
from compete.models import Competition, PeriodStand, db, utc_now
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.versions import remembered


def period_stands(competition: Competition) -> dict[str, PeriodStand]:
    """The rows by the periods' codes; a period without one is open."""
    rows = db.session.scalars(
        select(PeriodStand)
        .where(PeriodStand.competition_id == competition.id)
        .options(joinedload(PeriodStand.closer))
    )
    return {row.period: row for row in rows}


def state_of(stands: dict[str, PeriodStand], period: str) -> PeriodState:
    """The state of a period by the rows that there are."""
    row = stands.get(period)
    return row.state if row is not None else PeriodState.OPEN


def period_states(competition: Competition) -> Mapping[str, PeriodState]:
    """The periods' states alone, for who moves none: read once a version, as pages ask often."""

    def read() -> Mapping[str, PeriodState]:
        return {code: row.state for code, row in period_stands(competition).items()}

    return remembered(competition, "labour.period_states", read)


def closed_periods(competition: Competition) -> list[str]:
    """The codes of those that are closed, published or not, in the bundle's order."""
    states = period_states(competition)
    codes = [period.code for period in labour_of(competition).periods]
    return [code for code in codes if states.get(code, PeriodState.OPEN) is not PeriodState.OPEN]


def corrected_periods(competition: Competition) -> list[str]:
    """The codes of those that were published and are other since, in the bundle's order."""
    states = period_states(competition)
    return [code for code in closed_periods(competition) if states[code] is PeriodState.CORRECTED]


def periods_left_in(competitions: Collection[Competition]) -> Mapping[int, tuple[int, int]]:
    """Count the periods still open, and those not announced as they stand, open or not.

    Of each competition by its number, in one statement: lists ask.
    """
    states: defaultdict[int, dict[str, PeriodState]] = defaultdict(dict)
    numbers = [competition.id for competition in competitions]
    query = select(PeriodStand.competition_id, PeriodStand.period, PeriodStand.state)
    for row in db.session.execute(query.where(PeriodStand.competition_id.in_(numbers))):
        states[row.competition_id][row.period] = row.state
    return {it.id: _left(it, states[it.id]) for it in competitions}


def _left(competition: Competition, states: Mapping[str, PeriodState]) -> tuple[int, int]:
    periods = labour_of(competition).periods
    all_states = [states.get(period.code, PeriodState.OPEN) for period in periods]
    announced = all_states.count(PeriodState.PUBLISHED)
    return all_states.count(PeriodState.OPEN), len(all_states) - announced


def why_closed(competition: Competition, period: str) -> Message | None:
    """Say why nothing is entered in the period any more; None while it is open.

    Whoever enters asks within the unit of work, after `for_update`.
    """
    stands = period_stands(competition)
    if state_of(stands, period) is PeriodState.OPEN:
        return None
    names = labour_of(competition).period_names
    return msg("%(period)s已经结账，只能由两个人更正", period=names.get(period, period))


def require_open_period(competition: Competition, period: str) -> None:
    """Raise `Refused` where the period is closed, asked as `why_closed` is."""
    problem = why_closed(competition, period)
    if problem is not None:
        raise Refused(problem)


def moved_stand(
    competition: Competition, stands: dict[str, PeriodStand], period: str, to: PeriodState
) -> PeriodStand:
    """The period's row in its new state; `MoveError` where the table has no such move."""
    state = move(state_of(stands, period), to, PERIOD_MOVES)
    row = stands.get(period)
    if row is None:
        row = PeriodStand(competition_id=competition.id, period=period)
        db.session.add(row)
        stands[period] = row
    row.state, row.changed_at = state, utc_now()
    return row


def mark_corrected(competition: Competition, periods: Iterable[str]) -> None:
    """Mark those of these periods that were published as corrected and not published yet."""
    stands = period_stands(competition)
    for period in periods:
        if state_of(stands, period) is PeriodState.PUBLISHED:
            moved_stand(competition, stands, period, PeriodState.CORRECTED)
