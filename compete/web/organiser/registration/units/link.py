"""The link by which a unit's contact comes in: shown, renewed, ended, printed."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.values.rights import Right
from compete.models import Competition, Unit
from compete.services.kernel.refusal import Refused
from compete.services.labour.departments import department_links, departments_of, recorders_of
from compete.services.registration.units.links import (
    cancel_link,
    hand_out_links,
    links_of,
    make_link,
    print_unit_links,
    show_link,
)
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.downloads import send_pdf
from compete.web.kind_words import link_word
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.units.view_model import competition_home
from compete.web.organiser.registration.units.views import find_unit
from compete.web.refusals import status_of


@face.get("/<code>/units/<unit_code>/link")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """Show the unit's link while nobody has opened it yet; each look at it is noted."""
    return _page(competition, find_unit(competition, unit_code))


@face.post("/<code>/units/<unit_code>/link")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
def new_unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """A new one; an earlier one ends."""
    unit, contact = find_unit(competition, unit_code), request.form.get("contact", "")
    try:
        make_link(unit, competition, contact, current_user)
    except Refused as refused:
        return _page(competition, unit, contact, say(refused.message)), status_of(refused)
    return redirect(url_for("organiser.unit_link", code=competition.code, unit_code=unit_code))


@face.post("/<code>/units/<unit_code>/link/cancel")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def end_unit_link(competition: Competition, unit_code: str) -> ResponseReturnValue:
    """End a unit's link: it opens nothing any more."""
    unit = find_unit(competition, unit_code)
    cancel_link(unit, competition, current_user)
    flash(_("%(unit)s 的链接作废了", unit=unit.name), "ok")
    return redirect(url_for("organiser.unit_link", code=competition.code, unit_code=unit_code))


@face.post("/<code>/units/links.pdf")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_links(competition: Competition) -> Response:
    """Print a card for each unit, made if there is none: an act, so no address to look at."""
    what = "自评链接" if competition.kind == "labour" else "报名链接"
    return send_pdf(
        print_unit_links(competition, current_user, gettext), f"{what}_{competition.name}.pdf"
    )


@face.post("/<code>/units/links")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def unit_links_text(competition: Competition) -> str:
    """The links that nobody opened yet as one text, departments' first; missing ones are made."""
    lines, lacking = [], []
    if competition.kind == "labour" and guard.may_do(Right.SET_UP):
        recorders = recorders_of(competition)
        for row in departments_of(competition):
            own = recorders.get(row.id, [])
            tokens = department_links(row, competition, current_user)
            for recorder in own:
                if token := tokens.get(recorder.account.id):
                    address, who = public_url("auth.use_link", token=token), recorder.account.name
                    lines.append(_("%(name)s %(who)s：%(at)s", name=row.name, who=who, at=address))
            if not any(recorder.standing for recorder in own):
                lacking.append(row)
    for each in hand_out_links(competition, current_user, "show"):
        lines.append(_("%(unit)s：%(at)s", unit=each.unit, at=each.address))
    return render_template(
        "organiser/registration/units/links.html",
        competition=competition_home(competition),
        code=competition.code,
        of_labour=competition.kind == "labour",
        text="\n".join(lines),
        lacking=lacking,
    )


def _page(
    competition: Competition, unit: Unit, contact: str | None = None, problem: str | None = None
) -> str:
    link = links_of(competition).get(unit.id)
    standing = link is not None and link.standing
    token = show_link(unit, competition, current_user) if standing else None
    address = public_url("auth.use_link", token=token) if token else None
    return render_template(
        "organiser/registration/units/link.html",
        competition=competition_home(competition),
        code=competition.code,
        of_labour=competition.kind == "labour",
        unit=unit,
        address=address,
        picture=Markup(qr_svg(address, link_word(competition))) if address else None,
        link=link,
        standing=standing,
        contact=contact if contact is not None else link.contact if link is not None else "",
        problem=problem,
    )
