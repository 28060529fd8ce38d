"""Rows that other systems read: each list in the order of its numbers, from one on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from compete.models import ApiToken, Competition, Entrant, Publication, db
from compete.services.accounts.access import competitions_for
from compete.services.accounts.api_tokens import Scope, token_may
from compete.services.kernel.participants import takes_part
from compete.services.kernel.shown_competitions import is_shown


def competitions_after(
    token: ApiToken | None,
    after: int | None,
    most: int,
    *,
    being: Mapping[str, object],
    saying: str | None,
) -> Sequence[Competition]:
    """List the competitions that are public, and those that the token may see besides.

    `being` are columns with their values, `saying` is a part of the name or the code.
    """
    seen: ColumnElement[bool] = Competition.id.in_(
        select(Publication.competition_id).where(Publication.withdrawn_at.is_(None))
    )
    if token is not None and Scope.ADMIN_READ in token.scopes:
        own = [
            row.id
            for row in competitions_for(token.account)
            if token_may(token, Scope.ADMIN_READ, row)
        ]
        seen = or_(seen, Competition.id.in_(own))
    wanted = select(Competition).where(seen, is_shown()).order_by(Competition.id).limit(most)
    if after is not None:
        wanted = wanted.where(Competition.id > after)
    for column, value in being.items():
        wanted = wanted.where(getattr(Competition, column) == value)
    if saying:
        like = Competition.name.contains(saying, autoescape=True)
        wanted = wanted.where(or_(like, Competition.code.contains(saying, autoescape=True)))
    return db.session.scalars(wanted).all()


def entrants_after(competition: Competition, after: int | None, most: int) -> Sequence[Entrant]:
    """List who is entered, in the order of entry, with their units and events."""
    wanted = (
        select(Entrant)
        .where(Entrant.competition_id == competition.id, takes_part())
        .options(
            selectinload(Entrant.unit), selectinload(Entrant.event), selectinload(Entrant.slots)
        )
        .order_by(Entrant.id)
        .limit(most)
    )
    if after is not None:
        wanted = wanted.where(Entrant.id > after)
    return db.session.scalars(wanted).all()
