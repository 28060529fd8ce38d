"""Moves of a holder since a certificate was issued: rank and total, then and in the new version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from compete.models import Consequence, Publication
from compete.services.results.outdated_decisions import publication_before
from compete.services.results.snapshots import publications, read_snapshot, version_at


class _Place(NamedTuple):
    """The rank and total of somebody; of an award for a single item those of the item."""

    rank: int | None
    total: str | None


def moves_since_issued(row: Consequence) -> list[tuple[str, object, object]]:
    """List `rank` and `total` where they moved since it was certified: both values of each.

    Of what was approved and not certified, since the version before. Nothing where either version
    has no place for the holder.
    """
    before = (
        version_at(publications(row.competition), row.certificate.issued_at)
        if row.certificate is not None
        else publication_before(row.publication)
    )
    if before is None:
        return []
    was, now = _place_in(before, row), _place_in(row.publication, row)
    if was is None or now is None:
        return []
    pairs = (("rank", was.rank, now.rank), ("total", was.total, now.total))
    return [pair for pair in pairs if None not in pair and pair[1] != pair[2]]


def _place_in(publication: Publication, row: Consequence) -> _Place | None:
    return next(_places(publication, row), None)


def _places(publication: Publication, row: Consequence) -> Iterator[_Place]:
    bundle, results = read_snapshot(publication)
    code = row.entrant.code if row.entrant is not None else None
    team = row.team.code if row.team is not None else None
    items = {item.code: item.name for event in bundle.events for item in event.items}
    wanted = row.was.get("item")
    for event in results.events:
        if team is not None:
            yield from (_Place(it.rank, it.total) for it in event.teams or () if it.team == team)
        elif wanted is not None:
            yield from (
                _Place(line.rank, line.score)
                for ranking in event.items or ()
                if items.get(ranking.item) == wanted
                for line in ranking.standings
                if line.entrant == code
            )
        else:
            yield from (_Place(it.rank, it.total) for it in event.standings if it.entrant == code)
