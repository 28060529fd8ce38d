"""One person's photo on the page of a contestant."""

from __future__ import annotations

from flask import url_for

from compete.models import Entrant, Member
from compete.services.registration.portraits import portrait_mark, portrait_of
from compete.web.organiser.person.finding import in_the_list
from compete.web.portraits import PhotoCard


def photo_card(holder: Entrant | Member, problems: dict[str, str]) -> PhotoCard:
    """The photo of a person or of a crew's member; `problems` by code."""
    entrant = holder.entrant if isinstance(holder, Member) else holder
    there = portrait_of(holder)
    mark, of = portrait_mark(there), None if holder is entrant else holder.code

    def to(endpoint: str) -> str:
        return in_the_list(url_for(endpoint, code=entrant.competition.code, who=entrant.code))

    return PhotoCard(
        name=holder.name,
        of=holder.code,
        picture=url_for(
            "organiser.portrait",
            code=entrant.competition.code,
            who=entrant.code,
            of=of,
            v=mark,
        )
        if there is not None
        else None,
        mark=mark,
        put_url=to("organiser.keep_portrait") if holder.erased_at is None else None,
        remove_url=to("organiser.drop_portrait") if there is not None else None,
        problem=problems.get(holder.code),
    )
