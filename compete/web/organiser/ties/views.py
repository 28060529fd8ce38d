"""Equals of a stage, and how they are parted: proposed by one, confirmed by another."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Playoff
from compete.services.closing.playoffs import (
    Tie,
    confirm_playoff,
    propose_playoff,
    ties_of,
    withdraw_playoff,
)
from compete.services.kernel.refusal import Refused, invalid
from compete.services.scoring.live import live_results
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.ties.view_model import people_of_tie, tie_mark, ties_page
from compete.web.own_rows import own_row
from compete.web.pages import fields_of
from compete.web.refusals import status_of


@face.route("/<code>/ties", methods=["GET", "POST"])
@guard.of_contests
@guard.may(Right.SEE)
@only_once
def ties(competition: Competition) -> ResponseReturnValue:
    """Who is equal, and the form that says who is before whom."""
    if request.method == "POST":
        if not guard.may_do(Right.AGREE):
            abort(404)
        try:
            _propose(competition)
        except Refused as refused:
            page = ties_page(competition, request.form, say(refused.message))
            return render_template("organiser/ties/ties.html", **fields_of(page)), status_of(
                refused
            )
        flash(_("记下了，等另一个人确认后生效"), "ok")
        return redirect(url_for("organiser.ties", code=competition.code))
    return render_template("organiser/ties/ties.html", **fields_of(ties_page(competition)))


@face.post("/<code>/ties/<int:number>/confirm")
@guard.of_contests
@guard.may(Right.AGREE)
def agree_playoff(competition: Competition, number: int) -> ResponseReturnValue:
    """The second person confirms it."""
    confirm_playoff(own_row(Playoff, competition, number), current_user)
    flash(_("确认了，名次照这个分开"), "ok")
    return redirect(url_for("organiser.ties", code=competition.code))


@face.post("/<code>/ties/<int:number>/withdraw")
@guard.of_contests
@guard.may(Right.AGREE)
def end_playoff(competition: Competition, number: int) -> ResponseReturnValue:
    """It parts nobody any more, with the reason."""
    withdraw_playoff(
        own_row(Playoff, competition, number), request.form.get("reason", ""), current_user
    )
    flash(_("撤回了，这些人又是同分"), "ok")
    return redirect(url_for("organiser.ties", code=competition.code))


def _propose(competition: Competition) -> None:
    form = request.form
    tie = _asked(competition, form.get("seen", ""))
    places: dict[int, list[str]] = {}
    for n, (code, name) in enumerate(people_of_tie(competition, tie)):
        text = form.get(f"place-{n}", "").strip()
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= len(tie.entrants):
            raise invalid(
                msg("“%(who)s”排第几要写 1 到 %(most)s", who=name, most=len(tie.entrants))
            )
        places.setdefault(int(text), []).append(code)
    event = next(it for it in competition.events if it.code == tie.event)
    order = [people for _place, people in sorted(places.items())]
    propose_playoff(
        event, tie.stage, form.get("kind", ""), order, form.get("reason", ""), current_user
    )


def _asked(competition: Competition, seen: str) -> Tie:
    for tie in ties_of(live_results(competition).results):
        if tie_mark(tie) == seen:
            return tie
    raise Refused(msg("同分的人和刚才看到的不一样了，再看一遍"))
