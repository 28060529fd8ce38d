"""The page of a competition: six steps, what is missing, what next."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.closing.competition_lock import left_locked, lock_marks_or_ask, unlock_marks
from compete.services.competitions.overview import overview_of
from compete.services.competitions.small_contest import corrects_alone
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.opening import begin_judging
from compete.services.schedule.allocation import allot_missing
from compete.services.schedule.drawn_places import drawn_so_far
from compete.services.sheets.counts import sheet_counts
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import module_names
from compete.web.organiser.desk.overview.view_model import overview_page
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.judging.progress.to_do import place_of
from compete.web.posted import posted_reason
from compete.web.refusals import refusal_on
from compete.web.shown_standings import AWARDS, STANDINGS, own_url
from compete.web.words import heads_in, some_names


@face.get("/<code>/")
@guard.may(Right.SEE, of=guard.EVERY_KIND)
def overview(competition: Competition) -> ResponseReturnValue:
    """Show the state of the competition and what to do next."""
    if competition_kind(competition).has_periods:
        return redirect(url_for("organiser.labour"))
    if not competition_kind(competition).has_results:
        return redirect(url_for("organiser.practised_tries"))
    if settings_of(competition).small and "all" not in request.args:
        return redirect(url_for("organiser.small_marks"))
    return overview_page(competition, overview_of(competition))


@face.post("/<code>/open")
@guard.may(Right.OPEN_MARKING)
def open_marks(competition: Competition) -> ResponseReturnValue:
    """Registration is done: make the sheets and begin judging."""
    placed = drawn_so_far(competition).placed
    begin_judging(competition, current_user, request.form.get("why", ""))
    undrawn = drawn_so_far(competition).placed - placed
    if undrawn:
        who = heads_in(undrawn, competition)
        flash(_("%(who)s没有抽签，排到了人最少的工位，名单在最近记录里", who=who), "warn")
    counts = sheet_counts(competition)
    flash(
        _("开始评分了，共 %(all)s 张评分表，没交 %(left)s 张", all=counts.all, left=counts.left),
        "ok",
    )
    return redirect(url_for("organiser.judges"))


@face.post("/<code>/sheets/missing")
@guard.may(Right.APPOINT)
@only_once
def allot_missing_sheets(competition: Competition) -> ResponseReturnValue:
    """Allot sheets to those who came after the others had theirs."""
    count = allot_missing(competition, current_user)
    flash(_("补了 %(count)s 张评分表", count=count), "ok")
    return redirect(url_for("organiser.overview"))


@face.post("/<code>/lock")
@guard.may(Right.LOCK)
def lock(competition: Competition) -> ResponseReturnValue:
    """Lock all marks: nothing changes from here; awards and grades are worked out."""
    job = lock_marks_or_ask(competition, current_user)
    if job is not None:
        return redirect(job_url(job))
    flash(_("评分锁定了"), "ok")
    return redirect(own_url(competition, AWARDS if guard.may_open(AWARDS) else STANDINGS))


def _still_locked_page(competition: Competition, refused: Refused) -> str:
    problem = say(refused.message)
    return overview_page(competition, overview_of(competition), unlock_problem=problem)


@face.post("/<code>/unlock")
@guard.may(Right.UNLOCK)
@refusal_on(_still_locked_page, only=Refusal.INVALID)
def unlock(competition: Competition) -> ResponseReturnValue:
    """Open the marks again, with a reason."""
    unlock_marks(competition, posted_reason(), current_user)
    if corrects_alone(competition, current_user):
        flash(_("评分解锁了。在这里更正，就公布新的一版"), "info")
        return redirect(url_for("organiser.retype_small_marks"))
    names = module_names(competition)
    locked = dict.fromkeys(names["/".join(place_of(lock))] for lock in left_locked(competition))
    if locked:
        flash(
            _(
                "评分解锁了。%(modules)s还锁着：要改哪个，裁判长或组委会申请解锁，另一个人同意。"
                "改好以后再锁定",
                modules=some_names(list(locked)),
            ),
            "info",
        )
    else:
        flash(_("评分解锁了。改好以后再锁定"), "info")
    return redirect(url_for("organiser.overview", code=g.competition.code))
