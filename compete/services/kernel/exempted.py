"""Who was let into an evaluation by two without meeting the conditions of the level (特准)."""

from __future__ import annotations

from sqlalchemy import select

from compete.models import Competition, Entrant, Exemption, db

LEVEL = "level"
"""What stands as the rule of such an exemption."""


def exempt_from_level(competition: Competition) -> frozenset[int]:
    """The numbers of the entrants for whom two agreed to it, and it was not taken back."""
    query = (
        select(Exemption.entrant_id)
        .join(Entrant, Entrant.id == Exemption.entrant_id)
        .where(
            Entrant.competition_id == competition.id,
            Exemption.rule == LEVEL,
            Exemption.ended_at.is_(None),
            Exemption.agreed_at.is_not(None),
        )
    )
    return frozenset(db.session.scalars(query))
