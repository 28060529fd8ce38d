"""Personal data: erased by two after the keeping time, or on a person's wish."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Erasure, Job
from compete.services.competitions.erasure_requests import (
    agree_erasure,
    ask_erasure,
    refuse_erasure,
)
from compete.services.competitions.retention import kept_by, set_keep_months
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.competitions.erasure.view_model import (
    erasure_page,
    kept_chip,
    people_words,
)
from compete.web.organiser.jobs.view_model import job_url
from compete.web.organiser.list_book import send_list
from compete.web.organiser.registration.person.finding import find_entrant, find_holder
from compete.web.organiser.registration.person.views import refused_page
from compete.web.pages import own_row
from compete.web.paging import part_of
from compete.web.refusals import status_of
from compete.web.templating import day

_PAGE_SIZE = 50
_LONGEST_NUMBER = 6


@face.get("/personal-data")
@guard.may(Right.DIRECTORY)
def keeping() -> ResponseReturnValue:
    """Finished competitions and until when their personal data are kept."""
    found = kept_by(current_user)
    shown, page = part_of(found, _PAGE_SIZE, "organiser.keeping")
    return render_template(
        "organiser/competitions/erasure/keeping.html",
        rows=[(kept, kept_chip(kept)) for kept in shown],
        page=page,
        past=sum(kept.is_past for kept in found),
        usual_months=config_here().keep_months,
    )


@face.get("/personal-data/list.xlsx")
@guard.may(Right.DIRECTORY)
def keeping_book() -> Response:
    """Finished competitions as the page lists them, with all its pages."""
    heads = (_("竞赛"), _("结束"), _("保存到"), _("还有姓名的"), _("状态"))
    rows = [
        [
            *(it.competition.name, day(it.finished, with_year=True), day(it.until, with_year=True)),
            *(people_words(it.people), kept_chip(it).text),
        ]
        for it in kept_by(current_user)
    ]
    return send_list(None, msg("个人资料的保存"), heads, rows)


@face.get("/<code>/personal-data")
@guard.may(Right.SEE, of=guard.ANY_KIND)
def personal_data(competition: Competition) -> ResponseReturnValue:
    """Show what goes, what stays, and who asked."""
    return erasure_page(competition)


@face.post("/<code>/personal-data")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
@only_once
def ask_to_erase(competition: Competition) -> ResponseReturnValue:
    """Ask that everybody's data be erased; a second person agrees or not."""
    try:
        ask_erasure(competition, None, request.form.get("reason", ""), current_user)
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        return erasure_page(competition, problem=say(refused.message)), 400
    flash(_("提出了，等第二个人同意才删"), "ok")
    return redirect(url_for("organiser.personal_data"))


@face.post("/<code>/personal-data/months")
@guard.may(Right.REGISTER, of=guard.ANY_KIND)
def keep_for(competition: Competition) -> ResponseReturnValue:
    """Set the months for which data are kept here; nothing: as long as the installation says."""
    typed = request.form.get("months", "").strip()
    months = int(typed) if typed.isascii() and typed.isdigit() else 0
    try:
        set_keep_months(
            competition,
            None if not typed else months if len(typed) <= _LONGEST_NUMBER else 0,
            current_user,
        )
    except Refused as refused:
        sent = typed[:_LONGEST_NUMBER], say(refused.message)
        return erasure_page(competition, months=sent), status_of(refused)
    flash(_("存下了"), "ok")
    return redirect(url_for("organiser.personal_data"))


@face.post("/<code>/personal-data/<int:number>/agree")
@guard.may(Right.AGREE, of=guard.ANY_KIND)
def agree_to_erase(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person, that the data go."""
    gone = agree_erasure(own_row(Erasure, competition, number), current_user)
    if isinstance(gone, Job):
        return redirect(job_url(gone))
    flash(_("删除了 %(n)s 人的个人资料", n=gone), "ok")
    return redirect(url_for("organiser.personal_data"))


@face.post("/<code>/personal-data/<int:number>/refuse")
@guard.may(Right.AGREE, of=guard.ANY_KIND)
def refuse_to_erase(competition: Competition, number: int) -> ResponseReturnValue:
    """Refuse the erasure: with an answer, or taken back by the person who asked."""
    try:
        refuse_erasure(
            own_row(Erasure, competition, number), request.form.get("answer", ""), current_user
        )
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        flash(say(refused.message), "bad")
        return erasure_page(competition), 400
    flash(_("不删，记下了"), "ok")
    return redirect(url_for("organiser.personal_data"))


@face.post("/<code>/entrants/<who>/erase")
@guard.may(Right.REGISTER)
@only_once
def ask_to_erase_one(competition: Competition, who: str) -> ResponseReturnValue:
    """Record one person's wish to be erased: asked for or answered at once."""
    entrant = find_entrant(competition, who)
    holder = find_holder(entrant, request.form.get("of", who))
    try:
        asked = ask_erasure(competition, holder, request.form.get("reason", ""), current_user)
    except Refused as refused:
        return refused_page(entrant, refused, f"#erase-{holder.code}")
    if asked.answer:
        flash(_("记下了。现在不能删：%(why)s", why=asked.answer), "warn")
    else:
        flash(_("提出了，等第二个人同意才删"), "ok")
    return redirect(url_for("organiser.person", who=who, _anchor="erase"))
