"""Awards and proposed grades: worked out by the rules, decided here, then published."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import CompetitionState, GradeState, Right
from compete.models import Competition, Job, Publication
from compete.services.certificates import (
    LISTED,
    PROMOTIONS,
    PROMOTIONS_BOOK,
    GradeLine,
    grade_lines,
    grades_now,
    has_listed_claims,
)
from compete.services.closing import (
    approve_proposed_or_ask,
    confirm_pack,
    decide_grades,
    grade_decisions_of,
    pack_questions,
    recheck_blockers,
    why_not_approved,
    why_notice_first,
)
from compete.services.publication import (
    edition_of,
    honour_book,
    latest_publication,
    named_as_published,
    open_consequences,
    publications,
    publish_or_ask,
    published_names,
)
from compete.services.scoring import live_scorer
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.awards.shapes import (
    ApproveAll,
    LeftToSettle,
    NearMiss,
    PackQuestion,
    Unchecked,
)
from compete.web.organiser.awards.view_model import (
    ACTS,
    LEFT,
    all_ties,
    award_lists,
    grade_row,
    leap_words,
    near_misses,
)
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.kept_words import kept_words
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.jobs.view_model import job_url, published
from compete.web.organiser.shapes import competition_link
from compete.web.paging import part_of
from compete.web.shown_standings import AWARDS, own_url

PAGE_SIZE = 30
MOST_NEAR = 15
_MOST_TOLD = 5
_STATES = (*(state.value for state in GradeState), LEFT)
_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


@face.get("/<code>/awards")
@guard.of_contests_else("organiser.verdicts")
@guard.may(Right.DECIDE_AWARDS)
def awards(competition: Competition) -> ResponseReturnValue:
    """Who gets what, why, and who just missed."""
    wanted = request.args.get("show", "all")
    shown = wanted if wanted in _STATES else "all"
    code = competition.code
    editable = competition.state not in _OPEN
    questions = pack_questions(competition) if editable else []
    unasked = {question.pack for question in questions}
    early = why_notice_first(competition) if editable else {}
    with live_scorer(competition) as live:
        publication, _words = edition_of(competition, live.results)
        bundle, events = named_as_published(live.bundle, publication), live.results.events
        ties, honours = all_ties(live), honour_book(competition)
        lists = [
            award
            for event in events
            for award in award_lists(live, event, bundle, ties[event.code], honours)
        ]
        lines = grade_lines(competition, live.results)
        counts = Counter(_state(line) for line in lines)
        part, page = part_of(
            [line.number for line in lines if shown in ("all", _state(line))],
            PAGE_SIZE,
            "organiser.awards",
            code=code,
            show=None if shown == "all" else shown,
        )
        names = published_names(publication) if publication else {}
        rows = [
            grade_row(live, grade, publication, names, editable, unasked, ties, early)
            for grade in grades_now(competition, live.results, part)
        ]
        near: list[NearMiss] = []
        near_total = 0
        for event in events:
            found, missed = near_misses(
                live, event, bundle, MOST_NEAR - len(near), ties[event.code]
            )
            near += found
            near_total += missed
    proposed, waiting = counts[GradeState.PROPOSED], open_consequences(competition)
    if early and proposed:
        rows_proposed = grade_decisions_of(competition, GradeState.PROPOSED)
        proposed = sum(decision.event_id not in early for decision in rows_proposed)
    listed = any(counts[state] for state in LISTED) or has_listed_claims(competition)
    unchecked = (
        recheck_blockers(competition, live.results)
        if competition.state is CompetitionState.LOCKED
        else []
    )
    return render_template(
        "organiser/awards/awards.html",
        competition=competition_link(competition),
        awards=lists,
        standings_url=url_for("organiser.standings", code=code),
        grades=rows,
        shown=shown,
        counts={"all": counts.total()}
        | {state: counts[state] for state in _STATES if counts[state] or state == "proposed"},
        filter_urls={
            word: url_for("organiser.awards", code=code, show=None if word == "all" else word)
            for word in ("all", *_STATES)
        },
        near=near,
        near_total=near_total,
        approve_all=ApproveAll(
            url=url_for("organiser.decide", code=code, act="approve", who="proposed"),
            count=proposed,
            leaps=leap_words(competition),
        )
        if editable and proposed and not questions
        else None,
        questions=[
            PackQuestion(
                title=question.title,
                presumes=say(question.presumes),
                found=say(question.found),
                pack=question.pack,
                url=url_for("organiser.confirm_pack_rules", code=code),
            )
            for question in questions
        ],
        promotions_url=url_for("organiser.promotions", code=code) if listed else None,
        promotions_book_url=url_for("organiser.promotions_workbook", code=code) if listed else None,
        money_url=url_for("organiser.prize_money", code=code),
        honours_url=url_for("organiser.honours", code=code),
        claims_url=url_for("organiser.claims", code=code),
        distinctions_url=url_for("organiser.distinctions", code=code),
        publish_url=url_for("organiser.confirm_publish", code=code)
        if competition.state is CompetitionState.LOCKED and not unchecked
        else None,
        version=1
        + max((publication.version for publication in publications(competition)), default=0),
        unchecked=Unchecked(why=say(unchecked[0].what), url=url_for("organiser.recheck", code=code))
        if unchecked
        else None,
        editable=editable,
        why_not=_why_not(competition, editable, publication),
        early=[say(why) for why in early.values()] if counts[GradeState.PROPOSED] else [],
        kept=kept_words(competition),
        left=LeftToSettle(
            text=_("新一版公布后还有 %(n)s 件没办：撤回、换发或保留。办完才能发新证。", n=waiting),
            url=url_for("organiser.consequences", code=code),
        )
        if waiting
        else None,
        page=page,
    )


def _state(line: GradeLine) -> str:
    """What a grade is listed and counted under."""
    return LEFT if line.is_left else line.state.value


def _why_not(
    competition: Competition, editable: bool, publication: Publication | None
) -> str | None:
    """Why nothing can be decided now, or why what stands on the page is not what is published."""
    announced = latest_publication(competition)
    if editable:
        if announced is None or publication is not None:
            return None
        return _(
            "下面的名次和成绩是暂定的，公布第 %(next)s 版以前，对外的还是第 %(n)s 版",
            n=announced.version,
            next=announced.version + 1,
        )
    if announced is None:
        return _("评分还没锁定，下面的名次和成绩都是暂定的。锁定后才能批准")
    return _(
        "评分解锁了，下面的名次和成绩都是暂定的，对外的还是第 %(n)s 版。再锁定后才能批准",
        n=announced.version,
    )


@face.post("/<code>/awards/promotions.pdf")
@guard.of_contests
@guard.may(Right.DECIDE_AWARDS)
def promotions(competition: Competition) -> ResponseReturnValue:
    """The list for the certifying body; asked for by a press, since printing it is recorded."""
    return print_or_follow(competition, PROMOTIONS, f"拟晋升名单_{competition.name}.pdf")


@face.post("/<code>/awards/promotions.xlsx")
@guard.of_contests
@guard.may(Right.DECIDE_AWARDS)
def promotions_workbook(competition: Competition) -> ResponseReturnValue:
    """The same list as a workbook, to be uploaded by the certifying body."""
    return print_or_follow(competition, PROMOTIONS_BOOK, f"拟晋升名单_{competition.name}.xlsx")


@face.post("/<code>/awards/confirm")
@guard.of_contests
@guard.may(Right.DECIDE_AWARDS)
def confirm_pack_rules(competition: Competition) -> ResponseReturnValue:
    """It is as a rule pack presumes: from now on grades can be approved by it."""
    confirm_pack(competition, request.form.get("pack", ""), current_user)
    flash(_("确认了，可以批准"), "ok")
    return redirect(url_for("organiser.awards", code=competition.code))


@face.post("/<code>/awards/<act>/<who>")
@guard.may(Right.DECIDE_AWARDS)
def decide(competition: Competition, act: str, who: str) -> ResponseReturnValue:
    """Approve, hold or refuse one person's grade; approve all that are proposed."""
    back = redirect(own_url(competition, AWARDS))
    to = ACTS.get(act)
    if to is None:
        return back
    if who == "proposed" and to is GradeState.APPROVED:
        approved = approve_proposed_or_ask(competition, current_user)
        if isinstance(approved, Job):
            return redirect(job_url(approved))
        if approved:
            flash(_("批准了 %(n)s 人", n=approved), "ok")
            barred = [say(why) for why in why_not_approved(competition).values()]
            for told in list(dict.fromkeys(barred))[:_MOST_TOLD]:
                flash(told, "info")
        else:
            flash(_("没有待批准的人了"), "info")
        return back
    reason, seen = request.form.get("reason", ""), request.form.get("seen", "")
    count = decide_grades(competition, [who], to, current_user, reason, seen)
    words = {
        "approve": _("批准了 %(n)s 人", n=count),
        "hold": _("%(who)s 缓办，理由记下了", who=who),
        "refuse": _("%(who)s 不批准，理由记下了", who=who),
    }
    flash(words[act] if count else _("已经这样定了"), "ok" if count else "info")
    return back


@face.post("/<code>/publish")
@guard.may(Right.PUBLISH)
@only_once
def publish_results(competition: Competition) -> ResponseReturnValue:
    """Announce: from now on badges show results."""
    form = request.form
    done = publish_or_ask(competition, current_user, form.get("note", ""), form.getlist("also"))
    if isinstance(done, Job):
        return redirect(job_url(done))
    said, where = published(competition, done.version)
    flash(said, "ok")
    return redirect(where)
