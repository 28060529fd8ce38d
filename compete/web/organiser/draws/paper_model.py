"""Draws that were held on paper, as the desk lists them and as their supervisor signs them."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.roles import ROLE_WORDS
from compete.models import Competition, PaperDraw
from compete.services.accounts.second_persons import why_not_second
from compete.services.kernel.event_rules import module_title
from compete.services.schedule.draw_ceremonies import ceremonies_of
from compete.services.schedule.drawn_places import paper_draws, places_on_paper
from compete.web.language import say
from compete.web.organiser.draws.shapes import (
    AskedEnd,
    PaperLine,
    PaperPlace,
    PaperToSign,
    SigningPage,
)
from compete.web.organiser.draws.view_model import ending_of
from compete.web.organiser.shapes import competition_link
from compete.web.templating import day, moment


def paper_lines(competition: Competition) -> list[PaperLine]:
    """The draws that were held on paper, the newest first."""
    return [paper_line(paper) for paper in paper_draws(competition)]


def signing_page(competition: Competition) -> SigningPage:
    """What `organiser/draws/signing.html` wants."""
    return SigningPage(
        competition=competition_link(competition),
        papers=[_to_sign(competition, paper) for paper in paper_draws(competition)],
        asked=[
            AskedEnd(name=ceremony.name, number=ceremony.number, ending=ending)
            for ceremony in ceremonies_of(competition)
            if ceremony.end_asked and (ending := ending_of(ceremony)) is not None
        ],
    )


def paper_line(paper: PaperDraw) -> PaperLine:
    """A draw on paper in the list."""
    return PaperLine(
        module=module_title(paper.event, paper.stage, paper.module),
        day=day(paper.drawn_on, with_year=True),
        supervisor=paper.supervisor,
        people=len(paper.codes),
        signed=_signed(paper),
        photo_url=url_for(
            "organiser.paper_photo", code=paper.event.competition.code, number=paper.id
        )
        if paper.photo is not None
        else None,
    )


def _signed(paper: PaperDraw) -> str:
    if paper.signer is None or paper.signed_as is None or paper.signed_at is None:
        return ""
    return _(
        "%(role)s %(name)s 签名，%(when)s",
        role=say(ROLE_WORDS[paper.signed_as]),
        name=paper.signer.name,
        when=moment(paper.signed_at),
    )


def _to_sign(competition: Competition, paper: PaperDraw) -> PaperToSign:
    line = paper_line(paper)
    barred = None if line.signed else why_not_second(paper.made_by, current_user)
    return PaperToSign(
        line=line,
        places=[
            PaperPlace(
                code=entrant.code,
                name=entrant.name,
                unit=entrant.unit.name,
                session=slot.session or "",
                station=slot.station or "",
                time=moment(slot.starts_at) if slot.starts_at else "",
            )
            for entrant, slot in places_on_paper(paper)
        ],
        sign_url=None
        if line.signed or barred
        else url_for("organiser.sign_paper", code=competition.code, number=paper.id),
        barred=say(barred) if barred else "",
    )
