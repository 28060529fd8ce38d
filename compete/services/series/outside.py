"""Results of contests held elsewhere, as a series has them: of the people in its standings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select

from compete.domain.series import types
from compete.models import Account, OutsideResult, SeriesNode
from compete.services.kernel.chunks import rows_among
from compete.services.series.series_rights import runs_node
from compete.services.workers.outside_results import counted_results


def outside_of_people(people: Collection[str]) -> Iterator[types.OutsideResult]:
    """The results that two agreed to, of the people of these codes, by code."""
    numbers = [int(code[1:]) for code in people if code.startswith("P")]
    if not numbers:
        return
    results = counted_results(numbers)
    accounts = _names(row for rows in results.values() for row in rows)
    for number in sorted(results):
        for row in sorted(results[number], key=lambda it: it.id):
            entered, agreed = accounts[row.entered_by], accounts[row.agreed_by or 0]
            if entered.strip() == agreed.strip():
                # Two of one name are two all the same.
                entered, agreed = f"{entered} {row.entered_by}", f"{agreed} {row.agreed_by}"
            yield types.OutsideResult(
                code=f"O{row.id}",
                person=f"P{number}",
                contest=row.contest,
                host=row.host,
                level=row.level,
                day=row.day,
                event=row.event,
                rank=row.rank,
                of=row.entered,
                honours=tuple(row.honours),
                document=row.document,
                entered_by=entered,
                agreed_by=agreed,
            )


def _names(rows: Iterator[OutsideResult]) -> dict[int, str]:
    numbers = {number for row in rows for number in (row.entered_by, row.agreed_by) if number}
    return {row.id: row.name for row in rows_among(select(Account), Account.id, numbers)}


def outside_seen_by(account: Account, nodes: Sequence[SeriesNode]) -> list[OutsideResult]:
    """What people of the competitions of a series won elsewhere, of those that the account runs.

    The highest level first, then by rank.
    """
    own = [
        node.competition_id for node in nodes if node.competition_id and runs_node(account, node)
    ]
    query = select(OutsideResult).where(
        OutsideResult.agreed_at.is_not(None), OutsideResult.dropped_at.is_(None)
    )
    rows = rows_among(query, OutsideResult.competition_id, own)
    return sorted(rows, key=_precedence)


def _precedence(row: OutsideResult) -> tuple[int, bool, int, int]:
    return -types.HEIGHTS[row.level], row.rank is None, row.rank or 0, row.id
