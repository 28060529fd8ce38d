"""Closing a period (结账): what is missing is said, and then only a correction changes it.

A published version tells all closed periods, and no value of others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from compete.domain.labour.gaps import absent, lacking
from compete.domain.labour.shares import before_of
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.period_states import PeriodState
from compete.models import Account, Competition, PeriodStand, Publication, utc_now
from compete.services.kernel import audit
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.labour.departments import departments_of
from compete.services.labour.period_progress import (
    closed_periods,
    moved_stand,
    period_stands,
    state_of,
)
from compete.services.labour.second_look import look_rules, second_looks_to_do
from compete.services.labour.sign_off import sign_offs
from compete.services.log.sequencing import then_logged
from compete.services.results.announced_periods import announced_labour
from compete.services.results.publishing import publish
from compete.services.results.snapshots import published_already
from compete.services.results.version_listeners import tells_listeners
from compete.services.scoring.live_labour import LabourLive, labour_live


@dataclass(frozen=True)
class Lack:
    """An indicator of one leaf period that units lack, by their names.

    `indicator` is None where they have no value at all there and so take no part.
    """

    period: str
    indicator: str | None
    units: list[str]


@dataclass(frozen=True)
class Closing:
    """The state before a period is closed: what hinders it, what is missing, who took no part.

    Closing a leaf takes a reason where something is missing, or nobody has a total; a period
    made of others does not ask for theirs again.
    """

    blockers: list[Message]
    missing: list[Lack]
    away: list[Lack]
    wants_reason: bool

    @property
    def count(self) -> int:
        """Count the missing values."""
        return sum(len(lack.units) for lack in self.missing)


def before_closing(competition: Competition, live: LabourLive, period: str) -> Closing:
    """Work out what to know before a period is closed; KeyError for an unknown one."""
    outcome, tree = live.outcome, live.outcome.field.tree
    names, indicators = live.units, live.labour.indicator_names
    stands = period_stands(competition)
    open_parts = [
        tree.periods[part].name
        for part in tree.parts[period]
        if state_of(stands, part) is PeriodState.OPEN
    ]
    blockers = []
    if open_parts:
        blockers.append(msg("里面的还没结账：%(parts)s", parts=listed(open_parts)))
    earlier = before_of(outcome, period)
    if earlier is not None and state_of(stands, earlier) is PeriodState.OPEN:
        blockers.append(msg("先结前一期：%(period)s", period=tree.periods[earlier].name))
    waiting = _unsigned(competition, live, period)
    if waiting:
        blockers.append(msg("还没签核：%(names)s", names=listed(waiting)))
    missing = [
        Lack(tree.periods[leaf].name, indicators[code], [names[unit] for unit in units])
        for (leaf, code), units in lacking(outcome, period).items()
    ]
    empty = not any((period, unit) in outcome.ranks for unit in outcome.field.units)
    return Closing(
        blockers,
        missing,
        [
            Lack(tree.periods[leaf].name, None, [names[unit] for unit in units])
            for leaf, units in absent(outcome, period).items()
        ],
        wants_reason=tree.is_leaf(period) and (bool(missing) or empty),
    )


def _unsigned(competition: Competition, live: LabourLive, period: str) -> list[str]:
    """The departments that are asked something in a leaf and have not signed it off."""
    asked = live.outcome.field.asked.get(period, ())
    signed = sign_offs(competition, period)
    return [
        row.name
        for row in departments_of(competition)
        if row.id not in signed and not set(asked).isdisjoint(row.indicators)
    ]


def close_period(competition: Competition, period: str, why: str, by: Account) -> PeriodStand:
    """Close it: from now on nothing is entered there.

    Raises `Refused` (UNKNOWN) for an unknown period, (CONFLICT) while something hinders it,
    (INVALID) where values are missing and no reason is given, and `MoveError` where it is
    closed already.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        live = labour_live(competition)
        if period not in live.outcome.field.tree.periods:
            raise Refused(msg("没有这一期"), kind=Refusal.UNKNOWN)
        stand = moved_stand(competition, period_stands(competition), period, PeriodState.CLOSED)
        closing = before_closing(competition, live, period)
        if closing.blockers:
            raise Refused(msg("还不能结账：%(why)s", why=closing.blockers[0]))
        if closing.wants_reason and not why.strip():
            raise invalid(
                msg("还缺 %(n)s 个数，写明为什么照样结账", n=closing.count)
                if closing.count
                else msg("这一期还没有总分，写明为什么照样结账")
            )
        stand.missing = closing.count
        stand.closed_by, stand.closed_at = by.id, utc_now()
        stand.closed_why = reason_text(why) if why.strip() else None
        session.flush()
        audit.record(
            competition,
            by,
            "labour.close",
            live.outcome.field.tree.periods[period].name,
            after={"period": period, "missing": closing.count},
            reason=stand.closed_why,
        )
    return stand


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


@tells_listeners
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
    left = second_looks_to_do(competition, fresh)
    return [period.name for period in labour_of(competition).periods if period.code in left]


def asks_note(stands: dict[str, PeriodStand], waiting: Sequence[str]) -> bool:
    """True if the next version must say what it changes: no new period is its reason."""
    states = {state_of(stands, code) for code in waiting}
    return PeriodState.CORRECTED in states or not states
