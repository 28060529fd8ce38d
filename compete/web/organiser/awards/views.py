"""Awards and proposed grades: worked out by the rules, decided here, then published."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import CompetitionState, GradeState
from compete.models import Competition
from compete.services.closing import decide_grades, grade_decisions_of, recheck_blockers
from compete.services.publication import publications, publish
from compete.services.scoring import live_results
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.awards.view_model import ACTS, award_lists, grade_row, near_misses
from compete.web.organiser.blueprint import face

_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


@face.get("/<code>/awards")
@guard.organiser
def awards(competition: Competition) -> ResponseReturnValue:
    """Who gets what, why, and who just missed."""
    live = live_results(competition)
    decisions = grade_decisions_of(competition)
    counts = Counter(decision.state for decision in decisions)
    shown = request.args.get("show", "all")
    code = competition.code
    editable = competition.state not in _OPEN
    proposed = counts[GradeState.PROPOSED]
    unchecked = (
        recheck_blockers(competition, live.results)
        if competition.state is CompetitionState.LOCKED
        else []
    )
    return render_template(
        "organiser/awards/awards.html",
        competition={"name": competition.name, "url": url_for("organiser.overview", code=code)},
        awards=[award for event in live.results.events for award in award_lists(live, event)],
        grades=[
            grade_row(live.scorer, decision, editable)
            for decision in decisions
            if shown in ("all", decision.state.value)
        ],
        shown=shown,
        counts={"all": len(decisions)}
        | {
            state.value: counts[state]
            for state in GradeState
            if counts[state] or state is GradeState.PROPOSED
        },
        filter_urls={
            word: url_for("organiser.awards", code=code, show=None if word == "all" else word)
            for word in ("all", *(state.value for state in GradeState))
        },
        near=[near_miss for event in live.results.events for near_miss in near_misses(live, event)],
        approve_all={
            "url": url_for("organiser.decide", code=code, act="approve", who="proposed"),
            "count": proposed,
        }
        if editable and proposed
        else None,
        publish_url=url_for("organiser.confirm_publish", code=code)
        if competition.state is CompetitionState.LOCKED and not unchecked
        else None,
        version=1
        + max((publication.version for publication in publications(competition)), default=0),
        unchecked={
            "why": say(unchecked[0].what),
            "url": url_for("organiser.recheck", code=code),
        }
        if unchecked
        else None,
        editable=editable,
        why_not=None if editable else _("评分还没锁定，下面是暂定的。锁定后才能批准"),
        page=None,
    )


@face.post("/<code>/awards/<act>/<who>")
@guard.organiser
def decide(competition: Competition, act: str, who: str) -> ResponseReturnValue:
    """Approve, hold or refuse one person's grade; approve all that are proposed."""
    back = redirect(url_for("organiser.awards", code=competition.code))
    to = ACTS.get(act)
    if to is None:
        return back
    codes = [who]
    if who == "proposed" and to is GradeState.APPROVED:
        codes = [
            decision.entrant.code
            for decision in grade_decisions_of(competition)
            if decision.state is GradeState.PROPOSED
        ]
        if not codes:
            flash(_("没有待批准的人了"), "info")
            return back
    count = decide_grades(competition, codes, to, current_user, request.form.get("reason", ""))
    words = {
        "approve": _("批准了 %(n)s 人", n=count),
        "hold": _("%(who)s 缓办，理由记下了", who=who),
        "refuse": _("%(who)s 不批准，理由记下了", who=who),
    }
    flash(words[act], "ok")
    return back


@face.post("/<code>/publish")
@guard.organiser
def publish_results(competition: Competition) -> ResponseReturnValue:
    """Announce: from now on badges show results."""
    publication = publish(competition, current_user, request.form.get("note", ""))
    flash(_("已公布第 %(n)s 版。选手扫参赛证就能看到自己的成绩", n=publication.version), "ok")
    return redirect(url_for("organiser.standings", code=competition.code))
