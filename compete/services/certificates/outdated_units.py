"""Outdated units: certificates and the version that bear a unit's former name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import case, func, select

from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.states import CertificateState
from compete.models import (
    Certificate,
    Competition,
    Distinction,
    Entrant,
    Member,
    Publication,
    Team,
    Unit,
    db,
)
from compete.services.certificates.outdated_names import settled_certificates
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.results.snapshots import latest_publication, read_snapshot

_SETTLED_AS = frozenset({"unit", "name"})


@dataclass(frozen=True)
class Renaming:
    """A unit whose valid certificates, or the version announced, bear another name.

    `publication` is the version where it is called `published_name`. Certificates of grades
    bear no unit.
    """

    unit: Unit
    certificates: Sequence[int]
    publication: Publication | None
    published_name: str | None


def open_renamings(competition: Competition) -> list[Renaming]:
    """List every unit renamed since, in order, until certificates and version follow.

    What a version left to be settled, or was settled so that it stays, is not asked for twice.
    """
    kept = remembered_beside_check_ins(competition, "open renamings", lambda: _open(competition))
    publication = latest_publication(competition) if kept else None
    return [
        Renaming(
            db.session.get_one(Unit, each.unit),
            each.certificates,
            publication if each.then is not None else None,
            each.then,
        )
        for each in kept
    ]


class _Kept(NamedTuple):
    """A renaming as it is kept: no row of the session outlives the request."""

    unit: int
    certificates: tuple[int, ...]
    then: str | None


def _open(competition: Competition) -> tuple[_Kept, ...]:
    settled = settled_certificates(competition, _SETTLED_AS)
    return tuple(
        _Kept(each.unit.id, tuple(each.certificates), each.published_name)
        for each in _renamings(competition, settled)
        if each.certificates or each.publication is not None
    )


def touched_by_unit(unit: Unit, competition: Competition) -> Renaming:
    """Find what was issued or published under a former name of the unit."""
    found = _renamings(competition, frozenset())
    return next(each for each in found if each.unit.id == unit.id)


def certificates_by_unit(competition: Competition) -> Counter[int]:
    """Count the valid certificates with each unit's present name, by its id."""
    return Counter(unit for _row, unit, said, now in _said(competition) if said == now)


def _renamings(competition: Competition, settled: frozenset[int] | set[int]) -> Iterator[Renaming]:
    publication = latest_publication(competition)
    names = (
        {unit.code: unit.name for unit in read_snapshot(publication)[0].units}
        if publication
        else {}
    )
    old: dict[int, list[int]] = defaultdict(list)
    for row, unit_id, said, now in _said(competition):
        if said != now and row not in settled:
            old[unit_id].append(row)
    for unit in competition.units:
        then = names.get(unit.code, unit.name)
        renamed = then != unit.name
        yield Renaming(
            unit, old[unit.id], publication if renamed else None, then if renamed else None
        )


def _said(competition: Competition) -> Iterator[tuple[int, int, str, str]]:
    """Read each valid award: its row, the unit's id, the unit's name on it and its name now.

    Of a unit's own award it is the name. Whoever was erased keeps the paper as it was issued.
    """
    home = func.coalesce(Entrant.unit_id, Team.unit_id, Distinction.unit_id)
    # Of tens of thousands the whole face takes long to read.
    called = case(
        (Distinction.kind == DistinctionKind.UNIT, Certificate.face["name"].as_string()),
        else_=Certificate.face["unit"].as_string(),
    )
    rows = db.session.execute(
        select(Certificate.id, Unit.id, called, Unit.name, Distinction.id)
        .outerjoin(Entrant, Entrant.id == Certificate.entrant_id)
        .outerjoin(Member, Member.id == Certificate.member_id)
        .outerjoin(Team, Team.id == Certificate.team_id)
        .outerjoin(Distinction, Distinction.id == Certificate.distinction_id)
        .join(Unit, Unit.id == home)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.state == CertificateState.VALID,
            Certificate.kind == "award",
            func.coalesce(Member.erased_at, Entrant.erased_at).is_(None),
        )
        .order_by(Certificate.id)
    ).tuples()
    for row, unit_id, said, now, given in rows:
        if not said:
            continue
        if said != now and given is not None and db.session.get_one(Distinction, given).is_erased:
            continue
        yield row, unit_id, said, now
