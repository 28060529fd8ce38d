"""The poster that leads people to the page on which they enter themselves."""

from __future__ import annotations

from compete.documents.poster import Poster, render_poster
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Translate, msg
from compete.models import Competition
from compete.services.kernel.clock import moment_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.installation import Page, address_of, fonts
from compete.services.registration.window import window_of


def print_poster(competition: Competition, translate: Translate | None = None) -> PrintedFile:
    """Print the poster as PDF, whether people may enter themselves already or not yet."""
    address = address_of(Page.ENTER, code=competition.code)
    closes = window_of(competition).closes
    until = msg("报名到 %(at)s", at=moment_words(closes)) if closes is not None else None
    poster = Poster(
        competition=competition.name,
        host=competition.host or "",
        qr_url=address,
        typed=address,
        until=until.render(translate) if until is not None else "",
        events=[event.name for event in competition.events],
        contact=settings_of(competition).contact or "",
    )
    return render_poster(poster, fonts=fonts(), translate=translate, day=competition.starts)
