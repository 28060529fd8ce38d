"""Announced periods: the periods that a version announces, and what it says of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from compete.models import Competition, Publication
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.rows_by_number import get_row
from compete.services.results.snapshots import read_snapshot, standing_publications
from compete.services.scoring.live_labour import LabourLive, closed_periods, labour_of_bundle


def announced_periods(publication: Publication) -> list[str]:
    """The codes of the announced periods, in the bundle's order; all if published as a whole."""
    labour = read_snapshot(publication)[0].labour
    codes = [period.code for period in labour.periods] if labour else []
    announced = publication.periods
    return codes if announced is None else [code for code in codes if code in announced]


def announces(publication: Publication, period: str) -> bool:
    """True if it tells the results of a period."""
    return period in announced_periods(publication)


def announcing(competition: Competition, period: str) -> Publication | None:
    """The version in force, if it announces the period: none takes back what one before told."""
    newest = next(iter(standing_publications(competition)), None)
    return newest if newest is not None and announces(newest, period) else None


def newest_period(publication: Publication, versions: Sequence[Publication]) -> str | None:
    """The widest period that the version announces and the one before it did not; of several, and
    where none is new, the last of the widest."""
    announced = announced_periods(publication)
    before = [version for version in versions if version.version < publication.version]
    known = set(announced_periods(before[0])) if before else set()
    return _widest(publication, [code for code in announced if code not in known] or announced)


def widest_period(publication: Publication) -> str | None:
    """The widest of the periods that are out, and of several the last; None where none is."""
    return _widest(publication, announced_periods(publication))


def _widest(publication: Publication, codes: Sequence[str]) -> str | None:
    tree = announced_labour(publication).outcome.field.tree
    return min(reversed(codes), key=lambda code: len(list(tree.around(code))), default=None)


def open_periods(competition: Competition, publication: Publication | None) -> frozenset[str]:
    """The codes of those that are not closed, or that a version does not announce."""
    if publication is not None:
        announced = announced_periods(publication)
        known = announced_labour(publication).outcome.field.tree.periods
        return frozenset(known) - frozenset(announced)
    codes = frozenset(period.code for period in labour_of(competition).periods)
    return codes - closed_periods(competition)


def announced_labour(publication: Publication) -> LabourLive:
    """The labour results of the version's own file, of the periods that it announces alone."""
    return _stored_live(publication.id, publication.sha256, tuple(announced_periods(publication)))


@lru_cache(maxsize=4)
def _stored_live(publication_id: int, _sha256: str, periods: tuple[str, ...]) -> LabourLive:
    publication = get_row(Publication, publication_id)
    return labour_of_bundle(read_snapshot(publication)[0], periods)
