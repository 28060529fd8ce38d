"""Badges: a random link for each contestant, and all of them as PDF."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.documents.badges import Badge, render_badges
from compete.domain.values import msg
from compete.models import Competition, Entrant, db
from compete.models.types import token_hash
from compete.services.kernel import Refused, fonts, public_url

_GROUPS = {"worker": "职工组", "teacher": "教师组", "student": "学生组"}


def new_badge() -> tuple[str, str]:
    """A badge's random token (192 bits) and its hash."""
    token = secrets.token_urlsafe(24)
    return token, token_hash(token)


def print_badges(competition: Competition) -> bytes:
    """Everybody's badge by number, as PDF. Raises `Refused` while there is nobody."""
    people = db.session.scalars(
        select(Entrant)
        .where(Entrant.competition_id == competition.id)
        .options(joinedload(Entrant.unit), joinedload(Entrant.event))
        .order_by(Entrant.code)
    ).all()
    if not people:
        raise Refused(msg("还没有选手，先上传报名表"))
    badges = [
        Badge(
            name=person.name,
            unit=person.unit.name,
            event=person.event.name,
            group=_GROUPS[person.group],
            number=person.code,
            qr_url=public_url("public.contestant", token=person.badge_token),
        )
        for person in people
    ]
    return render_badges(badges, competition=competition.name, fonts=fonts())
