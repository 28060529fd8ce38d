"""扣罚、缺考、退出、取消 on the desk: proposed by one, confirmed by another."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Decision, Entrant, Event, OutcomeEntry
from compete.services.closing.penalties_and_outcomes import (
    KIND_WORDS,
    Proposal,
    confirm_proposal,
    decisions_of,
    keep_absence,
    loaded_entries,
    photo_type,
    photographed,
    propose_decision,
    settle_withdrawal,
    withdraw_proposal,
)
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.registration.entrant_lookup import entrant_on_sheets
from compete.services.sheets.blind_codes import are_codes_kept
from compete.services.sheets.locks_in_force import standing_locks
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link
from compete.web.organiser.judging.decisions.view_model import (
    decision_row,
    effects_here,
    how_to_name,
    is_alone,
    known_places,
    late_sheets,
    loaded_row,
    locked_places,
    way_to_open,
    way_to_unlock,
    why_closed,
)
from compete.web.organiser.list_book import send_list, sentences
from compete.web.organiser.shapes import Link
from compete.web.pages import own_row
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import choices
from compete.web.templating import state_word

_FIELDS = ("who", "kind", "place", "points", "seconds", "reason", "evidence")


def _page(
    competition: Competition,
    refused: Refused | None = None,
    way: Link | None = None,
    *,
    typed: bool = False,
) -> str:
    """The page; where something was refused with why, the `way` on, and what was `typed`."""
    judging = competition.state is CompetitionState.JUDGING
    source = request.form if typed else request.args
    with_photo = photographed(competition)
    locks = standing_locks(competition) if judging else []
    known, late = decisions_of(competition), late_sheets(competition)
    return render_template(
        "organiser/judging/decisions.html",
        decisions=[decision_row(it, judging, it.id in with_photo, locks, late) for it in known],
        any_alone=any(is_alone(decision) for decision in known),
        loaded=[
            (*loaded_row(entry), entry.id, late.get(entry.id, ()))
            if isinstance(entry, OutcomeEntry)
            else (*loaded_row(entry), None, ())
            for entry in loaded_entries(competition)
        ],
        keeps=guard.may_do(Right.LEAD),
        proposes=judging and guard.may_do(Right.LEAD),
        typed={name: source.get(name, "") for name in _FIELDS},
        kinds=choices(KIND_WORDS),
        effects=effects_here(competition),
        places=known_places(competition, locks),
        locked=locked_places(locks),
        blind=how_to_name(competition),
        closed=None if refused else why_closed(competition),
        problem=problem_of(refused),
        way=way or (None if refused else way_to_open(competition)),
        back=board_link(competition),
    )


def _way_on(
    competition: Competition, refused: Refused, entrant: Entrant, stage: str, module: str | None
) -> Link | None:
    """Link to the lock because of which it was refused, if that was the reason."""
    if refused.kind is not Refusal.CONFLICT:
        return None
    return way_to_open(competition) or way_to_unlock(competition, entrant, stage, module)


def _refused_proposal(competition: Competition, refused: Refused) -> str:
    """The form as it was typed; what cannot be read is refused as no conflict."""
    way = None
    if refused.kind is Refusal.CONFLICT:
        entrant, wanted = _read_proposal(competition)
        way = _way_on(competition, refused, entrant, wanted.stage, wanted.module)
    return _page(competition, refused, way, typed=True)


def _refused_keeping(competition: Competition, number: int, refused: Refused) -> str:
    """Show why an absence was not kept against later sheets."""
    return _page(competition, refused)


def _refused_page(competition: Competition, number: int, refused: Refused) -> str:
    """Show why an act on a listed decision was refused."""
    decision = own_row(Decision, competition, number)
    place = decision.entrant, decision.stage, decision.module
    return _page(competition, refused, _way_on(competition, refused, *place))


@face.route("/<code>/decisions", methods=["GET", "POST"])
@guard.may(Right.SEE)
@only_once
@refusal_on(_refused_proposal)
def decisions(competition: Competition) -> ResponseReturnValue:
    """Show everything decided about people, and the form for the next."""
    if request.method == "POST":
        if not guard.may_do(Right.LEAD):
            abort(404)
        propose_decision(*_read_proposal(competition), current_user)
        flash(_("记下了，等另一个人确认后生效"), "ok")
        return redirect(url_for("organiser.decisions"))
    return _page(competition)


@face.get("/<code>/decisions/list.xlsx")
@guard.may(Right.SEE)
def decisions_book(competition: Competition) -> Response:
    """Download everything decided about people, and what came with the competition's file."""
    rows = [
        [
            *(it.who, it.what, it.where, state_word(it.row.state), it.row.reason, it.row.evidence),
            sentences(it.signed),
        ]
        for it in (
            decision_row(decision, False, False, (), {}) for decision in decisions_of(competition)
        )
    ]
    loaded = [
        [who, what, where, _("已生效"), reason, "—", _("随竞赛载入")]
        for who, what, where, reason in map(loaded_row, loaded_entries(competition))
    ]
    heads = (_("谁"), _("什么"), _("哪里"), _("状态"), _("理由"), _("依据"), _("经过"))
    return send_list(competition, msg("扣罚和缺考"), heads, [*rows, *loaded])


def _settle_end(decision: Decision) -> None:
    undone = settle_withdrawal(decision, current_user)
    flash(_("撤回了，不再计入") if undone else _("不撤了，照旧有效"), "ok")


@face.post("/<code>/decisions/<int:number>/confirm")
@guard.may(Right.AGREE)
@refusal_on(_refused_page)
def confirm_decision(competition: Competition, number: int) -> ResponseReturnValue:
    """Give the second signature, to a decision or to its withdrawal; a supervisor may give it."""
    decision = own_row(Decision, competition, number)
    if decision.waits_to_end:
        _settle_end(decision)
    else:
        confirm_proposal(decision, current_user)
        flash(_("确认了，从现在起生效"), "ok")
    return redirect(url_for("organiser.decisions"))


@face.post("/<code>/decisions/<int:number>/withdraw")
@guard.may(Right.LEAD)
@refusal_on(_refused_page)
def withdraw_decision(competition: Competition, number: int) -> ResponseReturnValue:
    """Take a decision back, with a reason."""
    decision = own_row(Decision, competition, number)
    if decision.waits_to_end:
        _settle_end(decision)
        return redirect(url_for("organiser.decisions"))
    ended = withdraw_proposal(decision, posted_reason(), current_user, seen=posted_text("seen"))
    flash(
        _("提出撤回了，等另一个人同意") if ended.waits_to_end else _("撤回了，不再计入"),
        "ok",
    )
    return redirect(url_for("organiser.decisions"))


@face.post("/<code>/decisions/absences/<int:number>/keep")
@guard.may(Right.LEAD)
@refusal_on(_refused_keeping)
def keep_absence_against_sheets(competition: Competition, number: int) -> ResponseReturnValue:
    """Keep an absence or a waiver, with a reason, against the sheets that came in after it."""
    keep_absence(competition, number, posted_reason(), current_user)
    flash(_("维持了，后到的评分不算"), "ok")
    return redirect(url_for("organiser.decisions"))


@face.get("/<code>/decisions/<int:number>/photo")
@guard.may(Right.SEE)
def decision_photo(competition: Competition, number: int) -> Response:
    """The evidence's photo."""
    photo = own_row(Decision, competition, number).photo
    kind = photo_type(photo) if photo else None
    if photo is None or kind is None:
        abort(404)
    return Response(photo, mimetype=kind)


def _read_proposal(competition: Competition) -> tuple[Entrant, Proposal]:
    """Read from the form the person it is about, and what it proposes."""
    form = request.form
    event, stage, module = _place(competition, form.get("place", ""))
    upload = request.files.get("photo")
    sees_blind = guard.may_do(Right.SEE_BLIND)
    entrant = entrant_on_sheets(
        competition, event, form.get("who", "").strip(), by_number=sees_blind
    )
    if entrant is None:
        who = form.get("who", "").strip()[:40]
        if not who:
            raise invalid(msg("先写编号"))
        if event is not None and event.blind and not sees_blind:
            raise invalid(
                msg("“%(event)s”是盲评：写加密号。没有加密号“%(who)s”", event=event.name, who=who)
            )
        if event is not None and len(competition.events) > 1:
            raise invalid(msg("“%(event)s”没有编号是“%(who)s”的选手", event=event.name, who=who))
        raise invalid(msg("没有编号是“%(who)s”的选手", who=who))
    if sees_blind and are_codes_kept(entrant.event) and form.get("who", "").strip() != entrant.code:
        # On the list the organiser reads the number that was proposed by.
        raise invalid(msg("加密号由加密裁判保管：这里写参赛号。只知道加密号的，请裁判长提出"))
    return entrant, Proposal(
        kind=form.get("kind", ""),
        stage=stage,
        module=module or None,
        reason=posted_reason(),
        evidence=form.get("evidence", ""),
        points=form.get("points", ""),
        seconds=form.get("seconds", ""),
        # Chosen and without a byte in it, as from a tablet without room, it is no photo.
        photo=upload.read() if upload else None,
    )


def _place(competition: Competition, text: str) -> tuple[Event | None, str, str]:
    """Event, stage and module of a choice; the event may be left out where there is one."""
    if not text:
        raise invalid(msg("先选哪个模块"))
    *head, stage, module = ["", *text.split("|")] if "|" in text else ["", text, ""]
    named = head[-1] if len(head) > 1 else ""
    events = competition.events
    if not named:
        return (events[0] if len(events) == 1 else None), stage, module
    event = next((known_event for known_event in events if known_event.code == named), None)
    if event is None:
        raise invalid(msg("没有这个赛项"))
    return event, stage, module
