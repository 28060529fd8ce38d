"""Awards given by hand against a version: what they were given on, and whether it still stands.

Certificates due, prize money, the page of a new version and the list of awards ask here alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.results import FinalRow, OverallRow
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.states import ConsequenceState
from compete.models import Certificate, Competition, Consequence, Distinction, Publication, db
from compete.services.results.best_by_age import Contender, still_best
from compete.services.results.labour_grounds import LostGround, lost_ground
from compete.services.results.snapshots import Unpublished, published_event
from compete.services.results.table_grounds import lost_table_ground, place_now, rests_on_table


@dataclass(frozen=True, slots=True)
class Standing:
    """What a version says of an award by hand: `lost`, or where its holder stands now."""

    lost: bool
    ground: LostGround | None = None
    best: Contender | None = None
    """Of an award by place the holder's place now."""
    place: OverallRow | None = None
    """Of an award on a place in a table over several events the unit's place now."""
    struck: bool = False

    @property
    def final(self) -> bool:
        """True if nobody can keep it against the version: its holder is out."""
        return self.struck or (self.ground is not None and self.ground.vetoed)

    @property
    def why(self) -> dict[str, Any]:
        """What speaks against it, as a consequence keeps it."""
        return {"ground": asdict(self.ground)} if self.ground is not None else {}


def standing_of(row: Distinction, publication: Publication | Unpublished) -> Standing:
    """Hold an award by hand against a version; one that rests on no result never is lost."""
    place = place_of(row, publication)
    if place is not None and place.status == "dsq":
        return Standing(lost=True, struck=True)
    if rests_on_table(row):
        ground = lost_table_ground(row, publication)
        place_in_table = place_now(row, publication)
        return Standing(lost=ground is not None, ground=ground, place=place_in_table)
    # What a labour competition would publish is known by its periods, not as results.
    ground = None if isinstance(publication, Unpublished) else lost_ground(row, publication)
    if ground is not None:
        return Standing(lost=True, ground=ground)
    if row.basis is not None and not row.is_erased:
        best = still_best(row, publication)
        return Standing(lost=best is None, best=best)
    return Standing(lost=False)


def place_of(row: Distinction, publication: Publication | Unpublished) -> FinalRow | None:
    """The place of the contestant that it was given to, in their event."""
    if row.entrant is None or not competition_kind(row.competition).of_people:
        return None
    published = published_event(publication, row.entrant.event.code)
    rows = published[1].standings if published is not None else ()
    return next((place for place in rows if place.entrant == row.entrant.code), None)


def kept_by_hand(competition: Competition) -> set[int]:
    """The awards by hand that two kept against a version, with a certificate or before one."""
    query = select(Certificate.distinction_id, Consequence.why).where(
        Consequence.competition_id == competition.id, Consequence.state == ConsequenceState.KEPT
    )
    rows = db.session.execute(
        query.outerjoin(Certificate, Certificate.id == Consequence.certificate_id)
    ).tuples()
    return {
        number
        for certified, why in rows
        if (number := certified or why.get("distinction")) is not None
    }


def still_given(
    row: Distinction, publication: Publication | None, kept: set[int] | frozenset[int]
) -> bool:
    """True if it stands by the version, or two kept it against one."""
    return publication is None or row.id in kept or not standing_of(row, publication).lost


def granted_of(competition: Competition) -> list[Distinction]:
    """List the awards by hand that two granted, in that order."""
    query = select(Distinction).where(
        Distinction.competition_id == competition.id, Distinction.state == DistinctionState.GRANTED
    )
    return [*db.session.scalars(query.order_by(Distinction.id))]
