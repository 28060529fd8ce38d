"""Somebody's own photo on the page of their link: whether it can be sent, and where."""

from __future__ import annotations

from flask import url_for

from compete.models import Application
from compete.services.self_entry.own_photo import why_no_own_photo
from compete.web.language import say
from compete.web.portraits import PhotoCard


def photo_card(application: Application, token: str, picture: str | None, mark: str) -> PhotoCard:
    """The own photo, sent from the own phone; of a crew each sends theirs."""
    why = why_no_own_photo(application)
    return PhotoCard(
        name=application.name,
        of="own",
        picture=picture,
        mark=mark,
        put_url=url_for("public.send_own_photo", token=token) if why is None else None,
        remove_url=None,
        why_not=say(why) if why is not None else None,
    )
