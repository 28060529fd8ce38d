"""Confirmation pages: what will happen, to how many, who is left out."""

from __future__ import annotations

from collections.abc import Iterator

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.values.messages import listed
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState, GradeState, SheetState
from compete.models import Competition, Event, utc_now
from compete.services.closing.blockers import find_blockers
from compete.services.closing.competition_lock import LOCK_MARKS
from compete.services.closing.grade_proposals import grade_decisions_of
from compete.services.closing.lock_blockers import excused_labels, faults_of_scope
from compete.services.closing.module_locks import standing_lock, was_published
from compete.services.closing.recheck_state import recheck_blockers
from compete.services.competitions.overview import unjudged_modules
from compete.services.competitions.set_up import later_lacks
from compete.services.jobs.queue import open_job
from compete.services.kernel.clock import local_time, local_zone
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.publications import latest_publication, next_version
from compete.services.registration.applicant_eligibility import who_meets
from compete.services.registration.opening import why_review_first
from compete.services.results.notice_term import put_up_for
from compete.services.results.publishing import PUBLISH
from compete.services.results.result_stands import stands_of
from compete.services.results.snapshots import chosen_parts
from compete.services.schedule.examiners import ExaminersShort, examiners_short
from compete.services.schedule.next_stage import next_stages
from compete.services.scoring.live import live_results
from compete.services.sheets.coding_layers import signed_to_lock
from compete.services.sheets.counts import SheetCounts, sheet_counts
from compete.services.sheets.locks_in_force import sessions_of, standing_locks
from compete.web import guard
from compete.web.applicant_conditions import names_not_admitted
from compete.web.calendar_words import calendar_doubt
from compete.web.guard import allowed_url
from compete.web.language import in_a_row, say
from compete.web.organiser.appeals.arbiters import arbiters_lacking
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.last_look import Blocking, Fact, last_look, make_fact, second_fact
from compete.web.organiser.places import chosen_place, place_label, place_url, places_of
from compete.web.organiser.results.blocker_pages import blocker_url, mend_examiners
from compete.web.organiser.results.confirmation.going_out import going_out
from compete.web.organiser.results.confirmation.view_model import (
    Facts,
    foreseen_facts,
    opening_facts,
    ordered_facts,
    paper_facts,
    placed_facts,
    sheets_fact,
    submitted_labels,
    unreached_facts,
)
from compete.web.organiser.shapes import Link, link_to
from compete.web.shown_standings import AWARDS, own_url
from compete.web.templating import day
from compete.web.words import heads_in, ranked_here, some_names


def _moved_by_lock(competition: Competition, event: Event, stage: str) -> Facts:
    """Warn that others go on than are judged in the next stage, if the present marks say so."""
    moved = [
        it
        for it in next_stages(competition)
        if it.begun and (it.event, it.before_code) == (event.code, stage)
    ]
    return [
        make_fact(
            _("进“%(stage)s”的人和正在评的不一样", stage=it.name),
            _(
                "新进 %(coming)s，不再进 %(leaving)s。锁定以后先看名单，再按新的名单评。",
                coming=heads_in(len(it.people), competition),
                leaving=heads_in(len(it.leaving), competition),
            ),
        )
        for it in moved
    ]


@face.get("/<code>/open")
@guard.may(Right.OPEN_MARKING)
def confirm_open(competition: Competition) -> ResponseReturnValue:
    """Show what beginning to judge will do."""
    back = url_for("organiser.overview")
    if competition.state is not CompetitionState.REGISTERING:
        return redirect(back)
    missing, short = unjudged_modules(competition), examiners_short(competition)
    judges = Link(label=_("去补裁判"), url=url_for("organiser.judges"))
    return last_look(
        competition,
        _("开始评分"),
        [
            *(_overruled(competition, lack) for lack in short),
            *_bodiless(competition),
            *opening_facts(competition),
        ],
        [*_not_passed(competition)]
        + (
            [Blocking(what=_("还没有裁判：%(modules)s", modules=say(listed(missing))), link=judges)]
            if missing
            else [
                Blocking(what=say(lack.line), link=mend_examiners(competition, lack))
                for lack in short
                if lack.firm
            ]
        ),
        url_for("organiser.open_marks"),
        back,
        asks_why=bool(short),
    )


def _not_passed(competition: Competition) -> Iterator[Blocking]:
    """Name who was not passed: they have neither seat nor card, and nobody is to judge them."""
    if why_review_first(competition) is None:
        return
    left = sum(not meeting.passed for meeting in who_meets(competition))
    names = _("、").join(names_not_admitted(competition, _NAMED))
    yield Blocking(
        what=_("没有通过审核的 %(n)s 人，先通过，或者转下一批：%(names)s", n=left, names=names),
        link=Link(label=_("去审核"), url=url_for("organiser.review")),
    )


_NAMED = 5


def _bodiless(competition: Competition) -> Iterator[Fact]:
    """No issuing body is filed for the grades: told before anybody is judged for one."""
    if later_lacks(competition):
        text = _("发等级证书要有评价机构，照样能开考；没有备案的补好以前发不了证")
        link = link_to(_("评价机构"), allowed_url("organiser.body"))
        yield make_fact(_("还没有评价机构"), text, link)


def _overruled(competition: Competition, short: ExaminersShort) -> Fact:
    """Fewer examiners than are wanted: it may begin all the same, for a reason."""
    text = _("%(why)s。照样开考要写理由，谁都看得到", why=say(short.detail))
    return make_fact(say(short.what), text, mend_examiners(competition, short))


@face.get("/<code>/lock")
@guard.may(Right.LOCK)
def confirm_lock(competition: Competition) -> ResponseReturnValue:
    """Show what locking all marks will do."""
    back = url_for("organiser.overview")
    if competition.state is not CompetitionState.JUDGING:
        return redirect(back)
    if job := open_job(competition, LOCK_MARKS):
        return redirect(job_url(job))
    live = live_results(competition)
    every = sheet_counts(competition)
    counts = every.outside(standing_locks(competition))
    in_hand, exempt = counts.states[SheetState.SUBMITTED], _exempt_of(competition, counts)
    facts = [
        sheets_fact(counts.all, in_hand - exempt, locked=every.all - counts.all),
        *_exempt_facts(exempt),
        *placed_facts(competition, live),
        make_fact(_("分数不能再改"), _("要改由组委会解锁，写明理由；每个模块再由两个人解锁。")),
        second_fact(competition, published=was_published(competition)),
        *unreached_facts(competition),
    ]
    return last_look(
        competition,
        _("锁定评分"),
        facts,
        [
            _blocking(competition, blocker.kind, say(blocker.what))
            for blocker in find_blockers(competition, live.results)
        ],
        url_for("organiser.lock"),
        back,
    )


def _exempt_of(competition: Competition, counts: SheetCounts) -> int:
    wanted = {event.id for event in competition.events if signed_to_lock(event)}
    there = counts.narrowed(lambda place: place.event in wanted)
    return there.states[SheetState.SUBMITTED] - there.unsigned


def _exempt_facts(exempt: int) -> Facts:
    """Tell how many sheets without a signature need none."""
    if not exempt:
        return []
    return [make_fact(_("%(n)s 张不用签名", n=exempt), _("随竞赛载入的，没有在平板上提交过。"))]


@face.get("/<code>/locks")
@guard.may(Right.LOCK)
def confirm_lock_module(competition: Competition) -> ResponseReturnValue:
    """Show what locking one module, or one session of it, will do."""
    place = chosen_place(places_of(competition))
    back = place_url(place)
    if competition.state is not CompetitionState.JUDGING:
        return redirect(back)
    event, stage, module = place.event, place.stage.code, place.module
    session = request.args.get("session") or None
    if session is not None and session not in sessions_of(event, stage, module.code):
        abort(404)
    counts = sheet_counts(competition).of(event, stage, module.code, session)
    missed = excused_labels(event, stage, module.code, session)
    in_hand, exempt = counts.states[SheetState.SUBMITTED], _exempt_of(competition, counts)
    bare = in_hand - exempt
    whose = submitted_labels(event, stage, module.code, session, bare, wanted=signed_to_lock(event))
    facts = [sheets_fact(counts.all, bare, whose)]
    facts += _exempt_facts(exempt)
    if missed:
        facts.append(
            make_fact(
                _("缺考、退出、取消 %(who)s", who=heads_in(len(missed), competition)),
                some_names(missed),
            )
        )
    facts.append(make_fact(_("分数不能再改"), _("要改由两个人写明理由解锁，再锁定就是新的一版。")))
    facts.append(second_fact(competition, published=was_published(competition)))
    facts += _moved_by_lock(competition, event, stage)
    blockers = [
        _blocking(
            competition,
            fault.kind,
            _("%(what)s：%(detail)s", what=say(fault.what), detail=whose)
            if fault.kind == "unsigned"
            else say(fault.what),
            place=back,
        )
        for fault in faults_of_scope(
            event, stage, module.code, session, signed=signed_to_lock(event)
        )
    ]
    if standing_lock(competition, event, stage, module.code, session):
        blockers = [Blocking(what=_("已经锁定了"))]
    title = _("锁定%(module)s", module=place_label(place))
    return last_look(
        competition,
        _("%(name)s（%(more)s）", name=title, more=session) if session else title,
        facts,
        blockers,
        url_for("organiser.lock_module"),
        back,
        fields={
            "event": event.code,
            "stage": stage,
            "module": module.code,
            "session": session or "",
        },
    )


@face.get("/<code>/publish")
@guard.may(Right.PUBLISH)
def confirm_publish(competition: Competition) -> ResponseReturnValue:
    """Show what announcing the results will do."""
    back = own_url(competition, AWARDS)
    if competition.state is not CompetitionState.LOCKED:
        return redirect(back)
    if job := open_job(competition, PUBLISH):
        return redirect(job_url(job))
    live = live_results(competition)
    version = next_version(competition)
    waiting = {
        state: [
            decision.entrant.name
            for decision in grade_decisions_of(competition)
            if decision.state is state
        ]
        for state in (GradeState.PROPOSED, GradeState.DEFERRED, GradeState.REFUSED)
    }
    facts = [
        *placed_facts(competition, live),
        make_fact(
            _("谁都看得到名次和总分") if ranked_here() else _("谁都看得到合格的人，不写分数"),
            _("同意公布全名的写全，别人的隐去一部分。选手扫参赛证看得到自己的每一项。")
            if settings_of(competition).full_names
            else _("姓名隐去一部分。选手扫参赛证看得到自己的每一项。"),
        ),
        _notice_fact(competition),
    ]
    words = {
        GradeState.PROPOSED: _("其中等级还没批准 %(n)s 人", n=len(waiting[GradeState.PROPOSED])),
        GradeState.DEFERRED: _("其中缓办 %(n)s 人", n=len(waiting[GradeState.DEFERRED])),
        GradeState.REFUSED: _("其中不批准 %(n)s 人", n=len(waiting[GradeState.REFUSED])),
    }
    facts[1:1] = [make_fact(words[state], some_names(who)) for state, who in waiting.items() if who]
    if version > 1:
        facts += foreseen_facts(competition, live)
    if lacking := arbiters_lacking(competition):
        appeals = url_for("organiser.appeals")
        facts.append(make_fact(*lacking, Link(label=_("照样能公布；去“申诉”里补上"), url=appeals)))
    facts.append(
        make_fact(
            _("公布后不能悄悄改，只能出新版"),
            _("改了以后再公布是新的一版，这一版一直留着。要停，撤下公示，页上写明理由。"),
        )
    )
    facts.append(second_fact(competition, published=True))
    facts[:0] = [*ordered_facts(competition), *paper_facts(competition)]
    return last_look(
        competition,
        _("公布第 %(n)s 版", n=version) if version > 1 else _("公布成绩"),
        facts,
        [
            _blocking(
                competition,
                blocker.kind,
                _("%(what)s：%(detail)s", what=say(blocker.what), detail=say(blocker.detail)),
            )
            for blocker in recheck_blockers(competition, live.results)
        ],
        url_for("organiser.publish_results"),
        back,
        area="results",
        asks_note=version > 1,
        going_out=going_out(competition, chosen_parts(latest_publication(competition))),
    )


def _notice_fact(competition: Competition) -> Fact:
    days, stands = settings_of(competition).notice_days, stands_of(competition).values()
    if days:
        term = put_up_for(competition, days, utc_now(), local_zone())
        last = local_time(term.until).date()
        notes = [
            _("现在公布，公示到 %(day)s。", day=day(last))
            if not any(stand.is_announced for stand in stands)
            else _("撤下过的、成绩有变要公示的赛项，现在公布，公示到 %(day)s。", day=day(last))
            if any(stand.withdrawn_why for stand in stands)
            else _("成绩有变、要公示的赛项，现在公布，公示到 %(day)s。", day=day(last))
        ]
        way = None
        if doubt := calendar_doubt(term.first_day, last):
            notes.append(doubt)
            way = link_to(_("去录放假安排"), allowed_url("organiser.calendar"))
        return make_fact(_("公示 %(n)s 个工作日", n=days), in_a_row(notes), way)
    return make_fact(_("不公示"), _("竞赛资料里写的是 0 天。过了申诉时间就能定为最终成绩。"))


def _blocking(competition: Competition, kind: str, what: str, place: str | None = None) -> Blocking:
    """Describe a blocker with its link; `place`: the module's board, for blockers of sheets."""
    link = Link(label=_("去看"), url=blocker_url(competition, kind, place))
    return Blocking(what=what, link=link)
