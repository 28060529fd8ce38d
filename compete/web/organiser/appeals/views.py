"""Appeals on the desk: arbiters decide, the chief judge carries out, organisers set the rules."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Appeal, Competition
from compete.services.appeals.appeal_states import (
    appeals_of,
    deadline_of,
    find_appeal,
    proposed_decision,
)
from compete.services.appeals.arbiter_view import film_of, find_evidence, find_sheet_photo
from compete.services.appeals.decisions import Wanted, agree, put_forward
from compete.services.appeals.filing import add_evidence
from compete.services.appeals.ordered_rulings import carry_out
from compete.services.appeals.ordered_rulings import rule_as_ordered as rule
from compete.services.appeals.record_paper import print_appeal
from compete.services.competitions.details import change_appeal_rules
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.services.sheets.films import FILM
from compete.services.sheets.sent_documents import PDF
from compete.web import guard
from compete.web.api.photos import send_photo
from compete.web.appeal_form.reading import sent_files
from compete.web.appeal_form.view_model import chip_of, outcome_text, what_of
from compete.web.downloads import send_file_bytes, send_pdf
from compete.web.once import only_once
from compete.web.organiser.appeals.playing import play
from compete.web.organiser.appeals.rules_form import RulesForm, rules_form
from compete.web.organiser.appeals.view_model import appeals_page, who_of
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.pages import or_404
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import moment


def _page(competition: Competition, public_id: str, refused: Refused | None = None) -> str:
    """Show one appeal; with a refusal what was sent stands where it was typed."""
    appeal, typed = _appeal_or_404(competition, public_id), request.form if refused else {}
    return appeals_page(competition, appeal, typed=typed, problem=problem_of(refused))


def _rules_page(competition: Competition, refused: Refused) -> str:
    rules = rules_form(competition, refused)
    return appeals_page(competition, None, typed={}, rules=rules)


@face.get("/<code>/appeals")
@guard.may(Right.SEE_APPEALS)
def appeals(competition: Competition) -> ResponseReturnValue:
    """Show all appeals, those to be answered first; the first of them opened."""
    return appeals_page(competition, None, typed={})


@face.get("/<code>/appeals/list.xlsx")
@guard.may(Right.SEE_APPEALS)
def appeals_book(competition: Competition) -> Response:
    """The list in the order of the page; by code alone where names are not to be known."""
    heads = (_("编号"), _("选手"), _("申诉什么"), _("收到"), _("答复期限"), _("状态"), _("结果"))
    rows = []
    for appeal in appeals_of(competition):
        deadline = deadline_of(appeal)
        rows.append(
            [
                *(f"{appeal.number:02}", who_of(appeal), what_of(appeal)),
                moment(appeal.filed_at),
                moment(deadline) if deadline else None,
                *(chip_of(appeal).text, outcome_text(appeal)),
            ]
        )
    return send_list(competition, msg("申诉"), heads, rows)


@face.get("/<code>/appeals/<public_id>")
@guard.may(Right.SEE_APPEALS)
def appeal(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Show one appeal with its evidence and the record of the module."""
    return _page(competition, public_id)


@face.post("/<code>/appeals/<public_id>/decide")
@guard.may(Right.ARBITRATE)
@only_once
@refusal_on(_page)
def decide_appeal(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Put a decision forward; the service says whose turn it is."""
    form = request.form
    wanted = Wanted(
        outcome=form.get("outcome", ""),
        reason=posted_reason(),
        value=form.get("value", ""),
        orders=form.get("orders", ""),
    )
    appeal = _appeal_or_404(competition, public_id)
    made = put_forward(appeal, wanted, current_user, seen=posted_text("seen"))
    if made.made_by != current_user.id:
        agreed = _("和%(name)s提的一样，算你同意，定下来了", name=made.maker.name)
        return _flash_and_return(public_id, agreed)
    done = _("定下来了") if made.stood_at else _("记下了，等另一位仲裁同意")
    return _flash_and_return(public_id, done)


@face.post("/<code>/appeals/<public_id>/evidence")
@guard.may(Right.SET_UP)
@only_once
@refusal_on(_page)
def add_to_appeal(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Add the desk's evidence: the film of the hall's camera, a paper."""
    appeal = _appeal_or_404(competition, public_id)
    add_evidence(appeal, request.form.get("words", ""), sent_files(), current_user)
    return _flash_and_return(public_id, _("补上了，仲裁和申诉人都看得到"))


@face.post("/<code>/appeals/<public_id>/agree")
@guard.may(Right.ARBITRATE)
@refusal_on(_page)
def agree_appeal(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Give the second signature, to what the page showed."""
    decision = proposed_decision(_appeal_or_404(competition, public_id))
    if decision is None or str(decision.id) != request.form.get("decision", ""):
        flash(_("这个意见已经不在了，看一下现在的"), "bad")
        return redirect(url_for("organiser.appeal", public_id=public_id))
    agree(decision, current_user)
    return _flash_and_return(public_id, _("定下来了，申诉人能看到"))


@face.post("/<code>/appeals/<public_id>/carry-out")
@guard.may(Right.RULE)
@refusal_on(_page)
def carry_out_appeal(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Record that the chief judge has changed what was ordered."""
    appeal = _appeal_or_404(competition, public_id)
    carry_out(appeal, request.form.get("how", ""), current_user)
    return _flash_and_return(public_id, _("记下了，这件办完了"))


@face.post("/<code>/appeals/<public_id>/rule")
@guard.may(Right.RULE)
@only_once
@refusal_on(_page)
def rule_as_ordered(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Let the chief judge rule with the value that was ordered."""
    rule(_appeal_or_404(competition, public_id), current_user)
    return _flash_and_return(public_id, _("照决定裁定了，各张评分表都按它算"))


@face.get("/<code>/appeals/<public_id>/record.pdf")
@guard.may(Right.SEE_APPEALS)
def appeal_record(competition: Competition, public_id: str) -> Response:
    """The record of one appeal, to be signed and filed."""
    appeal = _appeal_or_404(competition, public_id)
    content = print_appeal(appeal, current_user, _)
    return send_pdf(content, f"仲裁记录_{appeal.number:02}_{competition.name}.pdf")


@face.post("/<code>/appeals/rules")
@guard.may(Right.SET_UP)
@refusal_on(_rules_page)
def appeal_rules(competition: Competition) -> ResponseReturnValue:
    """Set the rules for appeals."""
    form = RulesForm()
    wanted = form.taken(settings_of(competition).appeals)
    waits = change_appeal_rules(competition, wanted, current_user, form.why.data or "")
    if waits:
        flash(_("少受理的、变短的提请时间等第二个人同意，其余的存下了"), "warn")
    else:
        flash(_("存下了"), "ok")
    return redirect(url_for("organiser.appeals"))


@face.get("/<code>/appeals/<public_id>/evidence/<int:number>.<any(jpg, pdf, mp4):ending>")
@guard.may(Right.SEE_APPEALS)
def appeal_evidence(competition: Competition, public_id: str, number: int, ending: str) -> Response:
    """Send one photo, PDF or film; a PDF is saved, not opened in the desk's own place.

    Of a film any part may be asked for, so that a player jumps without all of it.
    """
    row = find_evidence(_appeal_or_404(competition, public_id), number)
    sort = {PDF: "pdf", FILM: "mp4"}.get(row.media or "", "jpg") if row is not None else ""
    if row is None or row.sha256 is None or sort != ending:
        abort(404)
    if ending == "mp4":
        response = play(row.sha256, film_of(row), FILM)
    elif row.photo is None:
        abort(404)
    elif ending == "pdf":
        response = send_file_bytes(row.photo, f"{public_id}-{number}.pdf", PDF, show=False)
    else:
        response = Response(row.photo, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@face.get("/<code>/appeals/<public_id>/photos/<uuid>")
@guard.may(Right.SEE_APPEALS)
def appeal_sheet_photo(competition: Competition, public_id: str, uuid: str) -> Response:
    """Send one photo that a judge put with a sheet concerned."""
    photo = or_404(find_sheet_photo(_appeal_or_404(competition, public_id), uuid))
    return send_photo(photo)


def _appeal_or_404(competition: Competition, public_id: str) -> Appeal:
    return or_404(find_appeal(competition, public_id))


def _flash_and_return(public_id: str, done: str) -> ResponseReturnValue:
    flash(done, "ok")
    return redirect(url_for("organiser.appeal", public_id=public_id))
