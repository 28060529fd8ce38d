"""Labour grounds: an award's basis, where its unit stood as two granted it."""

from __future__ import annotations

from dataclasses import dataclass

from compete.domain.bundle.results import LabourRow
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import Message, msg
from compete.models import Distinction, Publication
from compete.services.results.announced_periods import announced_labour, widest_period
from compete.services.results.snapshots import publications, version_at


def vetoed_period(publication: Publication, unit: str) -> str | None:
    """The name of the widest period that is out, if the unit of this code is vetoed in it."""
    period = widest_period(publication)
    if period is None or not _vetoed(publication, period, unit):
        return None
    return announced_labour(publication).outcome.field.tree.periods[period].name


@dataclass(frozen=True, slots=True)
class LostGround:
    """A lost ground of an award: a veto in a period, or the ranks there, `now` None for none.

    As JSON it is `why["ground"]` of a consequence.
    """

    period: str
    vetoed: bool = False
    was: int | None = None
    now: int | None = None

    @property
    def words(self) -> Message:
        """Say what was lost."""
        if self.vetoed:
            return msg("%(period)s 一票否决", period=self.period)
        if self.now is None:
            return msg("%(period)s 第 %(was)s 名 → 没有名次", period=self.period, was=self.was)
        return msg(
            "%(period)s 第 %(was)s → 第 %(now)s 名", period=self.period, was=self.was, now=self.now
        )


def lost_ground(given: Distinction, publication: Publication) -> LostGround | None:
    """The ground that this version takes from an award since it was granted; None: nothing.

    A veto in what holds the period counts as well, and bars teams and people of the unit too; a
    worse place speaks against an award to the unit itself.
    """
    if (
        competition_kind(given.competition).of_people
        or given.unit is None
        or given.agreed_at is None
    ):
        return None
    versions = publications(given.competition)
    before = version_at(
        (version for version in versions if version.version <= publication.version), given.agreed_at
    )
    period = widest_period(before) if before is not None else None
    period = period or widest_period(publication)
    if period is None or (before is not None and before.id == publication.id):
        return None
    tree, unit = announced_labour(publication).outcome.field.tree, given.unit.code
    if period not in tree.periods:
        return None
    for code in tree.around(period):
        if _vetoed(publication, code, unit) and not _vetoed(before, code, unit):
            return LostGround(tree.periods[code].name, vetoed=True)
    was, now = _rank(before, period, unit), _rank(publication, period, unit)
    if given.kind is not DistinctionKind.UNIT or was is None or (now is not None and now <= was):
        return None
    return LostGround(tree.periods[period].name, was=was, now=now)


def _row(publication: Publication | None, period: str, unit: str) -> LabourRow | None:
    if publication is None:
        return None
    rows = announced_labour(publication).standings.get(period, ())
    return next((row for row in rows if row.unit == unit), None)


def _vetoed(publication: Publication | None, period: str, unit: str) -> bool:
    row = _row(publication, period, unit)
    return row is not None and row.vetoed


def _rank(publication: Publication | None, period: str, unit: str) -> int | None:
    row = _row(publication, period, unit)
    return row.rank if row is not None else None
