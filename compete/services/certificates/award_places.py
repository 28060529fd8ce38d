"""Award places: which prizes are certified for whom, and how moved ones were settled."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from compete.domain.awards.won import prize_key
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import Certificate, Competition, Consequence, Entrant, Member, Team, db
from compete.services.results.consequences import consequence_of

Holder = tuple[int | None, int | None]


def certified(competition: Competition, replaced: set[int]) -> set[tuple[Holder, str | None]]:
    """The prizes that are certified, or were and must not come back by themselves."""
    withdrawn = withdrawn_in(competition)
    # Of the table, not the class: of hundreds of thousands the mapper would take twice as long.
    of = Certificate.__table__.c
    rows = db.session.execute(
        select(of.id, of.entrant_id, of.team_id, of.prize).where(
            of.competition_id == competition.id,
            of.kind == "award",
            of.state != CertificateState.REPLACED,
            ~((of.state == CertificateState.REVOKED) & of.id.in_(withdrawn)),
        )
    )
    return {((entrant, team), prize) for row, entrant, team, prize in rows if row not in replaced}


def rows_by_code(
    competition: Competition,
    kind: type[Entrant] | type[Member] | type[Team],
    *which: ColumnElement[bool],
) -> dict[str, int]:
    """The rows of who takes part, by code."""
    query = select(kind.code, kind.id).where(kind.competition_id == competition.id, *which)
    return dict(db.session.execute(query).tuples().all())


def withdrawn_in(competition: Competition) -> Select[tuple[int | None]]:
    """Certificates that went with a new version; what it gives again is due again."""
    return select(Consequence.certificate_id).where(
        Consequence.competition_id == competition.id,
        Consequence.state == ConsequenceState.WITHDRAWN,
        Consequence.certificate_id.is_not(None),
    )


def replacing_of(
    competition: Competition, *, foreseen: bool = False
) -> dict[tuple[Holder, str], Certificate]:
    """The certificates to be replaced, by the holder and the prize of the one that follows.

    `foreseen`: what is not settled yet among it, as most of it will be.
    """
    found = successors(competition, ConsequenceState.REPLACED)
    if foreseen:
        # What is open is of the newest version: an earlier one may have replaced the same prize.
        found |= successors(competition, ConsequenceState.OPEN)
    return {place: old for place, old in found.items() if old.state is CertificateState.VALID}


def successors(
    competition: Competition, settled: ConsequenceState
) -> dict[tuple[Holder, str], Certificate]:
    """The settled certificates, by the holder and the prize that a later version gives instead."""
    rows = db.session.scalars(
        select(Consequence)
        .where(
            Consequence.competition_id == competition.id,
            Consequence.kind == "award",
            Consequence.state == settled,
            Consequence.certificate_id.is_not(None),
        )
        .options(joinedload(Consequence.certificate))
        .order_by(Consequence.id)
    )
    found = {}
    for row in rows:
        old, now = row.certificate, row.now
        if old is not None and old.distinction_id is not None:
            found[(old.entrant_id, old.team_id), old.prize or ""] = old
        elif old is not None and now is not None:
            member = old.member.code if old.member else None
            prize = prize_key(old.face["event"], now["item"], now["award"], member)
            found[(old.entrant_id, old.team_id), prize] = old
    return found


def kept_from(old: Certificate) -> str | None:
    """The prize that waited behind a kept certificate which is void now; nothing else gives it."""
    settled = consequence_of(old) if old.state is CertificateState.REVOKED else None
    if settled is None or settled.state is not ConsequenceState.KEPT or settled.now is None:
        return None
    member, now = old.member.code if old.member else None, settled.now
    return prize_key(old.face["event"], now.get("item"), now["award"], member)
