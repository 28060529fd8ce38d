"""Tables over several events as a form: set at once, or asked for once judging has begun."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.problems import Problem
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.rules.asked_tables import waiting_tables
from compete.services.rules.changes import (
    SEAT_WORDS,
    NoLongerFitsError,
    Seat,
    may_withdraw,
    seats_of,
    vacant_seats,
)
from compete.services.rules.overall_draft import OverallDraft, overall_drafts
from compete.services.rules.overall_rules import (
    agree_tables,
    ask_tables,
    named_moves,
    refuse_tables,
    save_tables,
    says_tables,
    tables_in_force,
    tables_mark,
    tables_moved,
    tables_take_two,
    why_tables_not_fit,
    why_tables_stay,
    withdraw_tables,
)
from compete.services.rules.rules_saving import RulesRefused, stored_tables
from compete.web import guard
from compete.web.bundle_places import place_words
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.rules.events.shapes import Trouble
from compete.web.organiser.rules.overall.differences import table_differences, tables_said
from compete.web.organiser.rules.overall.examples import overall_example
from compete.web.organiser.rules.overall.reading import (
    field_of,
    read_tables,
    tables_by_codes,
)
from compete.web.organiser.rules.rule_differences import move_rows, seat_chip
from compete.web.organiser.rules.table_words import award_names, table_choices
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on, refuse_too_much
from compete.web.shapes import choices

_MOST_FIELDS = 10_000
_TIES = 3
"""A table has so many ways to part equals."""


def _form_page(
    competition: Competition,
    drafts: Sequence[OverallDraft],
    refused: Refused | None = None,
    *,
    more: str = "",
) -> str:
    """Show the form with the drafts; `more` asks for a further empty table."""
    stays = why_tables_stay(competition)
    by_field: dict[str, str] = {}
    others = []
    for problem in refused.problems if isinstance(refused, RulesRefused) else ():
        field = field_of(problem, drafts)
        what = _words(competition, problem, drafts) or say(problem.message)
        if field is not None:
            by_field.setdefault(field, what)
        others.append(Trouble(place=place_words(problem.path), what=what, field=field or ""))
    blank = () if stays or (drafts and not more) else (OverallDraft(),)
    form = request.form
    return render_template(
        "organiser/rules/overall/form.html",
        competition=competition,
        # Told once that somebody else saved meanwhile, who saves again means it.
        seen=tables_mark(competition) if refused else form.get("seen", tables_mark(competition)),
        unsaved=request.method == "POST",
        in_force={} if stays else tables_by_codes(tables_in_force(competition)),
        stays=say(stays),
        too_old=not says_tables(competition),
        takes_two=tables_take_two(competition),
        waiting=waiting_tables(competition) is not None,
        lacking=vacant_seats(competition) if tables_take_two(competition) and not stays else [],
        reason=posted_reason(),
        problem=problem_of(refused),
        problems=by_field,
        others=others,
        tables=[
            _table_view(competition, f"overall[{n}]", draft)
            for n, draft in enumerate((*drafts, *blank))
        ],
        choices={name: choices(words) for name, words in table_choices().items()},
        example=overall_example(competition, drafts, form),
    )


def _table_view(competition: Competition, path: str, draft: OverallDraft) -> tuple[Any, ...]:
    """A table with its ties, and with events and awards to choose: those that are gone, too."""
    named = {it.code: it.name for it in competition.events}
    events = [*named, *(code for code in draft.events if code not in named)]
    points, names = dict(draft.award_points), award_names(competition)
    return (
        path,
        draft,
        [*draft.ties, *[""] * (_TIES - len(draft.ties))],
        [(code, named.get(code, code)) for code in events],
        [(code, names.get(code, code), points.get(code, "")) for code in {**names, **points}],
    )


def _words(
    competition: Competition, problem: Problem, drafts: Sequence[OverallDraft]
) -> str | None:
    """Explain a fault in the form's own words; None if the reader's are as good."""
    field = field_of(problem, drafts) or ""
    path, _dot, key = field.partition(".")
    draft = drafts[int(path[len("overall[") : -1])] if key else OverallDraft()
    if key == "by" and not draft.by:
        return _("选一样")
    if key == "by" and draft.by == "scaled":
        event = problem.message.params.get("event")
        names = {it.code: it.name for it in competition.events}
        return _(
            "“%(event)s”没有设标准分，先在它的规则里设", event=names.get(str(event), str(event))
        )
    if key == "points" and draft.by == "awards" and not draft.award_points:
        return _("至少一个奖项要写几分")
    if key == "points" and draft.by == "ranks" and not draft.rank_points:
        return _("写各名次几分，每行一个，如 1 9")
    if key.startswith("ties[") and draft.by == "medals":
        return _("只比名次个数的，没有最高的一个分可比")
    return None


@face.route("/<code>/events/overall", methods=["GET", "POST"])
@guard.may(Right.SET_UP, of=guard.SKILLS)
def overall_rules(competition: Competition) -> ResponseReturnValue:
    """The tables in force as a form; what cannot be saved stays in its field."""
    before = tables_in_force(competition)
    if request.method != "POST":
        return _form_page(competition, before)
    refuse_too_much(len(request.form), _MOST_FIELDS)
    drafts = read_tables(request.form, before)
    act, _colon, more = request.form.get("act", "save").partition(":")
    if act in ("more", "try"):
        return _form_page(competition, drafts, more=more)
    return _save(competition, drafts)


def _refused_form(
    competition: Competition, drafts: Sequence[OverallDraft], refused: Refused
) -> str:
    return _form_page(competition, drafts, refused)


@refusal_on(_refused_form)
def _save(competition: Competition, drafts: Sequence[OverallDraft]) -> ResponseReturnValue:
    seen = posted_text("seen")
    if tables_take_two(competition):
        reason = posted_reason()
        if ask_tables(competition, drafts, seen, reason, current_user) is not None:
            flash(_("提出了，裁判长和监督都同意才生效"), "ok")
            return redirect(url_for("organiser.overall_change", code=competition.code))
        changed = False
    else:
        changed = save_tables(competition, drafts, seen, current_user)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.overall_rules", code=competition.code))


@face.post("/<code>/events/overall/try")
@guard.may(Right.SET_UP, of=guard.SKILLS)
def try_overall_rules(competition: Competition) -> ResponseReturnValue:
    """Work the example out under what the form says now; nothing is stored."""
    refuse_too_much(len(request.form), _MOST_FIELDS)
    before = tables_in_force(competition)
    # A form that is closed sends its example alone.
    drafts = before if why_tables_stay(competition) else read_tables(request.form, before)
    card = overall_example(competition, drafts, request.form)
    if card is None:
        return jsonify(card="", worked="", problems={})
    fields = [field for event in card["events"] for field in event["fields"]]
    return jsonify(
        card=render_template("organiser/rules/overall/_example.html", example=card),
        worked=render_template("organiser/rules/overall/_worked.html", worked=card["worked"]),
        problems={field["name"]: field["problem"] for field in fields if field["problem"]},
    )


def _change_page(
    competition: Competition, refused: Refused | None = None, seat: Seat | None = None
) -> str:
    """Show the tables in words, and what waits for chief judge and supervisor.

    `seat` is that in which something was `refused`.
    """
    change = waiting_tables(competition)
    stands = stored_tables(competition)
    seats = seats_of(change, current_user) if change else []
    moves = named_moves(competition, current_user)
    return render_template(
        "organiser/rules/overall/change.html",
        competition=competition,
        change=change,
        tables=list(tables_said(competition, overall_drafts(stands)).values()),
        moved=tables_moved(competition),
        # Nobody is to agree by who gains.
        moves=None if moves is None else move_rows(moves),
        differences=table_differences(competition, stands, change.wanted) if change else [],
        misfits=why_tables_not_fit(change) if change else [],
        seats=[(it, seat_chip(change.state, it)) for it in seats] if change else [],
        words=SEAT_WORDS,
        takes_back=change is not None and may_withdraw(change, current_user),
        problem=problem_of(refused),
        typed=posted_reason(),
        typed_in=seat,
    )


@face.get("/<code>/events/overall/change")
@guard.may(Right.SEE, of=guard.SKILLS)
def overall_change(competition: Competition) -> ResponseReturnValue:
    """Show what stands beside what is wanted."""
    return _change_page(competition)


@face.post("/<code>/events/overall/change/chief")
@guard.may(Right.RULE, of=guard.SKILLS)
@refusal_on(partial(_change_page, seat=Seat.CHIEF), only=Refusal.INVALID, also=NoLongerFitsError)
def overall_change_chief(competition: Competition) -> ResponseReturnValue:
    """Agree as the chief judge, or refuse with a reason."""
    return _answered(competition, Seat.CHIEF)


@face.post("/<code>/events/overall/change/supervisor")
@guard.may(Right.OVERSEE, of=guard.SKILLS)
@refusal_on(
    partial(_change_page, seat=Seat.SUPERVISOR), only=Refusal.INVALID, also=NoLongerFitsError
)
def overall_change_supervisor(competition: Competition) -> ResponseReturnValue:
    """Agree as the supervisor, or refuse with a reason."""
    return _answered(competition, Seat.SUPERVISOR)


@face.post("/<code>/events/overall/change/withdraw")
@guard.may(Right.SET_UP, of=guard.SKILLS)
def withdraw_overall_change(competition: Competition) -> ResponseReturnValue:
    """Withdraw what is wanted, as the person who asked for it."""
    withdraw_tables(competition, current_user, seen=_asked())
    flash(_("撤回了，总表不变"), "ok")
    return _to_change(competition)


def _answered(competition: Competition, seat: Seat) -> ResponseReturnValue:
    if request.form.get("act") == "refuse":
        reason = posted_reason()
        refuse_tables(competition, seat, reason, current_user, seen=_asked())
        flash(_("没同意，总表不变"), "ok")
    elif agree_tables(competition, seat, current_user, seen=_asked()):
        flash(_("两个人都同意了，总表照新的算"), "ok")
    else:
        flash(_("同意了，还要另一个人同意才生效"), "ok")
    return _to_change(competition)


def _asked() -> str:
    """The mark of the change that the page showed."""
    return request.args.get("asked", "")


def _to_change(competition: Competition) -> ResponseReturnValue:
    return redirect(url_for("organiser.overall_change", code=competition.code))
