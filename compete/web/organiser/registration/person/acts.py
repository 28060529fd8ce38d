"""Acts on one person: badge, whole name, 特准, photo, 补考, another place, withdrawal."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.eligibility import Rule
from compete.domain.values.messages import listed
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import Competition, Entrant, Member
from compete.services.closing.penalties_and_outcomes import Proposal, propose_decision
from compete.services.registration.badges import print_badge, replace_badge
from compete.services.registration.carried_modules import (
    bring_module,
    take_module_back,
    void_module,
)
from compete.services.registration.consents import set_consent
from compete.services.registration.earlier_sittings import drop_resit, record_resit
from compete.services.registration.exemptions import end_exemption, exempt_person
from compete.services.registration.person_record import states_of_sheets
from compete.services.registration.portraits import portrait_of, put_portrait, remove_portrait
from compete.services.registration.waiting_list import next_in_line
from compete.services.registration.withdrawals import (
    Stayed,
    return_person,
    stage_judged,
    why_not_withdrawn,
    withdraw_person,
)
from compete.services.schedule.station_moves import give_own_time, move_person, undo_move
from compete.services.sheets.blind_codes import is_coded
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.person.finding import find_asked, find_entrant, in_the_list
from compete.web.organiser.registration.person.move_panel import OWN_TIME, asked_place
from compete.web.organiser.registration.person.views import refusal_beside
from compete.web.organiser.typed_moments import moment_or_none
from compete.web.pages import or_404
from compete.web.portraits import put_words, seen_mark, send_portrait_of, sent_photo
from compete.web.posted import posted_reason, posted_text
from compete.web.selection import tell_left
from compete.web.words import outcome_word


@face.post("/<code>/entrants/<who>/badge")
@guard.may(Right.REGISTER)
@only_once
def another_badge(competition: Competition, who: str) -> ResponseReturnValue:
    """Make a badge with another link; the old one opens nothing now. `of`: whose in a crew."""
    entrant, holder = find_asked(competition, who)
    replace_badge(holder, posted_reason(), current_user)
    if isinstance(holder, Member):
        text = _(
            "换发了，%(name)s 旧参赛证上的码不能再用，同组别人的不变。打印新的参赛证给本人",
            name=holder.name,
        )
        flash(text, "ok")
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
    return send_pdf(print_badge(entrant, gettext), f"{_('参赛证')}_{entrant.code}.pdf")


@face.post("/<code>/entrants/<who>/consent")
@guard.may(Right.REGISTER)
@refusal_beside("#consent-{of}")
def change_consent(competition: Competition, who: str) -> ResponseReturnValue:
    """Given or withdrawn, and how one knows."""
    (_entrant, holder), form = find_asked(competition, who), request.form
    given = form.get("given") == "yes"
    set_consent(holder, given, form.get("source", ""), current_user, form.get("note", ""))
    flash(_("记下了：同意写全名") if given else _("记下了：不同意写全名"), "ok")
    return redirect(url_for("organiser.person", code=competition.code, who=who, _anchor="consent"))


@face.post("/<code>/entrants/<who>/exempt")
@guard.may(Right.REGISTER)
@only_once
@refusal_beside("#{of}-{rule}")
def exempt(competition: Competition, who: str) -> ResponseReturnValue:
    """Let the person take part all the same; the reason is on record."""
    _entrant, holder = find_asked(competition, who)
    exempt_person(holder, _rule(), posted_reason(), current_user)
    flash(_("特准了，记下来了"), "ok")
    return _to_person(competition, who, "#eligibility")


@face.post("/<code>/entrants/<who>/exempt/end")
@guard.may(Right.REGISTER)
def end_exempt(competition: Competition, who: str) -> ResponseReturnValue:
    """Take the exemption back; the person stays on the list and does not fit."""
    _entrant, holder = find_asked(competition, who)
    end_exemption(holder, _rule(), current_user)
    flash(_("收回了特准。人还在名单里，这一条不符合"), "ok")
    return _to_person(competition, who, "#eligibility")


def _rule() -> Rule:
    text = request.form.get("rule", "")
    if text not in list(Rule):
        abort(404)
    return Rule(text)


@face.get("/<code>/entrants/<who>/photo.jpg")
@guard.may(Right.REGISTER)
def portrait(competition: Competition, who: str) -> Response:
    """The photo of a person or of a crew's member."""
    _entrant, holder = find_asked(competition, who)
    return send_portrait_of(portrait_of(holder))


@face.post("/<code>/entrants/<who>/photo")
@guard.may(Right.REGISTER)
@refusal_beside("#photo-{of}", only=None)
def keep_portrait(competition: Competition, who: str) -> ResponseReturnValue:
    """Keep the photo that was sent; one that cannot be kept is said beside the field."""
    _entrant, holder = find_asked(competition, who)
    put_portrait(holder, sent_photo(), seen_mark(), current_user)
    flash(put_words(), "ok")
    return _to_person(competition, who)


@face.post("/<code>/entrants/<who>/photo/remove")
@guard.may(Right.REGISTER)
def drop_portrait(competition: Competition, who: str) -> ResponseReturnValue:
    """Take the photo away."""
    _entrant, holder = find_asked(competition, who)
    remove_portrait(holder, seen_mark(), current_user)
    flash(_("照片删掉了"), "info")
    return _to_person(competition, who)


@face.post("/<code>/entrants/<who>/carried")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
def bring(competition: Competition, who: str) -> ResponseReturnValue:
    """Bring along a result that an earlier sitting keeps."""
    kept = bring_module(find_entrant(competition, who), request.form.get("key", ""), current_user)
    flash(_("%(module)s的成绩带来了，这里不用再考", module=kept.name), "ok")
    return _to_person(competition, who, "#sittings")


@face.post("/<code>/entrants/<who>/carried/back")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
def take_brought_back(competition: Competition, who: str) -> ResponseReturnValue:
    """Take back a brought result: it is examined here after all."""
    take_module_back(find_entrant(competition, who), posted_text("of"), current_user)
    flash(_("收回了，这一科在这里考"), "ok")
    return _to_person(competition, who, "#sittings")


@face.post("/<code>/entrants/<who>/carried/void")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
def make_brought_void(competition: Competition, who: str) -> ResponseReturnValue:
    """Make a result brought from this competition void, if it does not hold any more."""
    void_module(find_entrant(competition, who), posted_text("of"), current_user)
    flash(_("作废了，这一科在这里考，或者重新带"), "ok")
    return _to_person(competition, who, "#sittings")


@face.post("/<code>/entrants/<who>/resit")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
def note_resit(competition: Competition, who: str) -> ResponseReturnValue:
    """Record that the person tries again what was proposed."""
    record_resit(find_entrant(competition, who), current_user)
    flash(_("记为补考了"), "ok")
    return _to_person(competition, who, "#sittings")


@face.post("/<code>/entrants/<who>/resit/drop")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
def drop_noted_resit(competition: Competition, who: str) -> ResponseReturnValue:
    """Record that the person tries for the first time after all."""
    drop_resit(find_entrant(competition, who), current_user)
    flash(_("收回了，不算补考"), "ok")
    return _to_person(competition, who, "#sittings")


def _to_person(competition: Competition, who: str, anchor: str = "") -> ResponseReturnValue:
    url = url_for("organiser.person", code=competition.code, who=who)
    return redirect(f"{in_the_list(url)}{anchor}")


@face.post("/<code>/entrants/<who>/move")
@guard.may(Right.REGISTER)
@refusal_beside("#move")
def move(competition: Competition, who: str) -> ResponseReturnValue:
    """Move a person to another place for one module; whom one swaps with is named."""
    entrant = find_entrant(competition, who)
    place = or_404(asked_place(entrant, request.form.get("place")))
    key, reason = posted_text("to"), posted_reason()
    moved = None
    if key == OWN_TIME:
        at, station = moment_or_none(request.form.get("at", "")), posted_text("station")
        give_own_time(entrant, *place, at, station, reason, current_user)
    else:
        moved = move_person(entrant, *place, key, reason, current_user)
    if moved is not None and moved.other is not None:
        flash(
            _(
                "%(name)s 和 %(other)s 对换了，告诉他们两个人",
                name=entrant.name,
                other=f"{moved.other.name} {moved.other.code}",
            ),
            "ok",
        )
    else:
        flash(_("%(name)s 挪好了，告诉他", name=entrant.name), "ok")
    return redirect(url_for("organiser.person", code=competition.code, who=who))


@face.post("/<code>/entrants/<who>/move-undo")
@guard.may(Right.REGISTER)
@only_once
def undo_last_move(competition: Competition, who: str) -> ResponseReturnValue:
    """Back to the place before the last move."""
    entrant = find_entrant(competition, who)
    moved = undo_move(entrant, posted_text("change"), _("撤销上一次挪动"), current_user)
    names = [entrant.name] + ([moved.other.name] if moved.other is not None else [])
    flash(_("%(names)s 回到了原来的位置，告诉他们", names=say(listed(names))), "ok")
    return redirect(url_for("organiser.person", code=competition.code, who=who))


@face.post("/<code>/entrants/<who>/withdraw")
@guard.may(Right.REGISTER)
@refusal_beside("#withdraw")
def withdraw(competition: Competition, who: str) -> ResponseReturnValue:
    """Withdraw a person before judging; afterwards propose an outcome to the second person."""
    entrant = find_entrant(competition, who)
    reason = posted_reason()
    if competition.state is CompetitionState.JUDGING and why_not_withdrawn(entrant):
        return _propose(entrant, reason, request.form.get("evidence", ""))
    withdraw_person(entrant, reason, current_user)
    if entrant.slots:
        flash(_("%(name)s 退赛了，位子空出来了。还能撤回", name=entrant.name), "ok")
    else:
        flash(_("%(name)s 退赛了。还能撤回", name=entrant.name), "ok")
    tell_free_place(competition)
    return redirect(url_for("organiser.person", code=competition.code, who=who))


@face.post("/<code>/entrants/<who>/return")
@guard.may(Right.REGISTER)
@refusal_beside("#withdraw")
def return_to_list(competition: Competition, who: str) -> ResponseReturnValue:
    """Take the withdrawal back; name the person who has come to the same place."""
    entrant = find_entrant(competition, who)
    beside = return_person(entrant, current_user, posted_reason())
    flash(_("%(name)s 回到名单了", name=entrant.name), "ok")
    tell_beside(beside)
    return redirect(url_for("organiser.person", code=competition.code, who=who))


def tell_free_place(competition: Competition) -> None:
    """Say that somebody who waits can have the place that is free now, if anybody waits."""
    if next_in_line(competition):
        flash(_("空出名额了，候补的人可以递补：在“单位和个人报名”里"), "info")


def tell_stayed(stayed: Sequence[Stayed]) -> None:
    """Say of those with whom nothing was done why."""
    people = [(f"{it.entrant.code} {it.entrant.name}", say(it.why)) for it in stayed]
    sentences = [_("%(who)s：%(why)s", who=who, why=why) for who, why in people]
    tell_left(sentences, lambda n: ngettext("还有 %(num)s 人没有动", "还有 %(num)s 人没有动", n))


def tell_beside(beside: Sequence[Entrant]) -> None:
    """Name those who have come to the places of whoever is back."""
    if beside:
        names = _("、").join(f"{other.code} {other.name}" for other in beside)
        flash(_("同一场同一个工位还有 %(names)s", names=names), "warn")


def _propose(entrant: Entrant, reason: str, evidence: str) -> ResponseReturnValue:
    """缺考 where nothing was begun in the stage that is judged now, else 中途退出."""
    states = states_of_sheets(entrant)
    stage = stage_judged(entrant)
    begun = any(
        state is not SheetState.NOT_BEGUN
        for (code, _module), reached in states.items()
        if code == stage
        for state in reached
    )
    kind = "dnf" if begun else "dns"
    wanted = Proposal(kind=kind, stage=stage, module=None, reason=reason, evidence=evidence)
    propose_decision(entrant, wanted, current_user)
    flash(_("提出了%(kind)s，等第二个人确认才算", kind=outcome_word(kind)), "ok")
    code = entrant.competition.code
    # The list of decisions tells a blind event's code: not right after a click beside the name.
    if is_coded(entrant.event):
        return redirect(url_for("organiser.person", code=code, who=entrant.code))
    return redirect(url_for("organiser.decisions", code=code))
