"""What award certificates say: of what was won by place, and of what was given by hand."""

from __future__ import annotations

from typing import Any

from compete.domain.awards import Won
from compete.models import Competition, Distinction, Entrant, Team
from compete.services.publication import latest_publication, still_best


def distinction_face(row: Distinction) -> dict[str, Any]:
    """What its certificate says: place and score where it goes by these, else neither."""
    basis, publication = row.basis or {}, latest_publication(row.competition)
    best = still_best(row, publication) if basis and publication is not None else None
    if best is not None:
        # A later version may have moved the holder, who has the award all the same.
        basis = basis | {"rank": best.rank, "total": best.total}
    return {
        "award": row.title,
        "distinction": row.kind.value,
        "event": row.event.name if row.event is not None else "",
        "rank": basis.get("rank"),
        "total": basis.get("total"),
        "name": row.called,
        "unit": row.of_unit,
        "competition": row.competition.name,
    }


def award_face(
    competition: Competition,
    won: Won,
    entrant: Entrant | None,
    team: Team | None,
    people: dict[str, Entrant],
) -> dict[str, Any]:
    """What the certificate says; that of a crew's member names the crew as well."""
    holder = entrant or team
    assert holder is not None
    crew = entrant.members if entrant is not None else []
    member = next((person for person in crew if person.code == won.member), None)
    face: dict[str, Any] = {
        "award": won.award,
        "event": won.event,
        "rank": won.rank,
        "total": won.total,
        "name": (member or holder).name,
        "unit": holder.unit.name,
        "competition": competition.name,
    }
    if member is not None:
        face["crew"] = holder.name
    if won.honour:
        face["honour"] = True
    if won.item is not None:
        face["item"] = won.item
    if won.members:
        face["members"] = [people[code].name for code in won.members if code in people]
    return face
