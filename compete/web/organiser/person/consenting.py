"""A person's word about the whole name, written down at the desk."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.consents import set_consent
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.person.finding import find_entrant, find_holder
from compete.web.organiser.person.views import page_of
from compete.web.pages import fields_of


@face.post("/<code>/entrants/<who>/consent")
@guard.may(Right.REGISTER)
def change_consent(competition: Competition, who: str) -> ResponseReturnValue:
    """Given or withdrawn, and how one knows."""
    entrant = find_entrant(competition, who)
    form = request.form
    holder = find_holder(entrant, form.get("of", who))
    given = form.get("given") == "yes"
    try:
        set_consent(holder, given, form.get("source", ""), current_user, form.get("note", ""))
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        page = page_of(entrant, asked=f"#consent-{holder.code}", problem=say(refused.message))
        return render_template("organiser/person/person.html", **fields_of(page)), 400
    flash(_("记下了：同意写全名") if given else _("记下了：不同意写全名"), "ok")
    return redirect(url_for("organiser.person", code=competition.code, who=who, _anchor="consent"))
