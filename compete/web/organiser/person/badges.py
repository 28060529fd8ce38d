"""One person's badge: printed, and replaced by another with another code."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Member
from compete.services.registration.badges import print_badge, replace_badge
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.person.finding import find_entrant, find_holder


@face.post("/<code>/entrants/<who>/badge")
@guard.may(Right.REGISTER)
@only_once
def another_badge(competition: Competition, who: str) -> ResponseReturnValue:
    """A badge with another link; the old one opens nothing from now on. `of`: whose of a crew."""
    entrant = find_entrant(competition, who)
    holder = find_holder(entrant, request.form.get("of", who))
    replace_badge(holder, request.form.get("reason", ""), current_user)
    if isinstance(holder, Member):
        said = _(
            "换发了，%(name)s 旧参赛证上的码不能再用，同组别人的不变。打印新的参赛证给本人",
            name=holder.name,
        )
        flash(said, "ok")
    elif entrant.members:
        flash(_("作废了，以前印的、全组共用的码不能再用。打印新的，一人一张"), "ok")
    else:
        flash(_("换发了，旧参赛证上的码不能再用。打印新的参赛证给本人"), "ok")
    return redirect(url_for("organiser.person", code=competition.code, who=who, _anchor="badge"))


@face.get("/<code>/entrants/<who>/badge.pdf")
@guard.may(Right.REGISTER)
def one_badge(competition: Competition, who: str) -> Response:
    """The badge that this person has now."""
    entrant = find_entrant(competition, who)
    return send_pdf(print_badge(entrant, gettext), f"参赛证_{entrant.code}.pdf")
