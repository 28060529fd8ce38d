"""Draws that were held on paper, as the desk lists them and as their supervisor signs them."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.roles import ROLE_WORDS
from compete.models import Competition, DrawCeremony, PaperDraw
from compete.services.accounts.second_persons import why_not_second
from compete.services.schedule.draw_ceremonies import ceremonies_of
from compete.services.schedule.drawn_places import paper_draws, places_on_paper
from compete.web.language import say
from compete.web.organiser.draws.shapes import Ending, PaperLine, PaperToSign
from compete.web.organiser.draws.view_model import ending_of
from compete.web.templating import moment


def paper_lines(competition: Competition) -> list[PaperLine]:
    """The draws that were held on paper, the newest first."""
    return [paper_line(paper) for paper in paper_draws(competition)]


def asked_ends(competition: Competition) -> list[tuple[DrawCeremony, Ending]]:
    """List the draws that somebody wants to count no more."""
    return [
        (ceremony, ending)
        for ceremony in ceremonies_of(competition)
        if ceremony.end_asked and (ending := ending_of(ceremony)) is not None
    ]


def paper_line(paper: PaperDraw) -> PaperLine:
    """A draw on paper in the list."""
    return PaperLine(paper=paper, signed=_signed(paper))


def _signed(paper: PaperDraw) -> str:
    if paper.signer is None or paper.signed_as is None or paper.signed_at is None:
        return ""
    return _(
        "%(role)s %(name)s 签名，%(when)s",
        role=say(ROLE_WORDS[paper.signed_as]),
        name=paper.signer.name,
        when=moment(paper.signed_at),
    )


def paper_to_sign(paper: PaperDraw) -> PaperToSign:
    """A draw on paper with its places, for its supervisor."""
    signed = _signed(paper)
    barred = None if signed else why_not_second(paper.made_by, current_user)
    return PaperToSign(
        paper=paper,
        signed=signed,
        places=places_on_paper(paper),
        barred=say(barred) if barred else "",
    )
