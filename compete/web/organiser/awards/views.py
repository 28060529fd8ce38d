"""Awards and proposed grades: worked out by the rules, decided here, then published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.bundle.crews import crewed, heads
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState, GradeState
from compete.models import Competition, Job, Publication
from compete.services.certificates.grades_in_force import grade_lines, grades_now
from compete.services.certificates.promotions import (
    LISTED,
    PROMOTIONS,
    PROMOTIONS_BOOK,
    has_listed_claims,
)
from compete.services.closing.approving_jobs import (
    agree_to_approval,
    approve_proposed_or_ask,
    asked_approvals,
)
from compete.services.closing.grade_approval_gate import two_approve, why_notice_first
from compete.services.closing.grade_decisions import grades_asked
from compete.services.closing.grade_proposals import (
    barred_among,
    decide_grades,
    drop_asked_approval,
    grade_decisions_of,
    why_not_approved,
)
from compete.services.closing.recheck_state import recheck_blockers
from compete.services.closing.rule_pack_confirmations import confirm_pack, pack_questions
from compete.services.kernel.publications import latest_publication, next_version
from compete.services.kernel.refusal import Refused
from compete.services.results.approved_external_awards import honour_book
from compete.services.results.consequences import open_consequences
from compete.services.results.publishing import publish_or_ask
from compete.services.results.shown_version import edition_of, named_as_published
from compete.services.results.snapshots import publications, read_snapshot
from compete.services.scoring.live import LiveScorer, live_scorer
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.asked_cards import asked_grades_cards
from compete.web.organiser.awards.kept_words import kept_words
from compete.web.organiser.awards.listing import (
    VIEWS,
    Changes,
    Doubt,
    Line,
    counted,
    group_sizes,
    people_lines,
    prizes_of,
)
from compete.web.organiser.awards.view_model import (
    ACTS,
    Sight,
    group_heads,
    looks_words,
    person_rows,
    prize_rows,
    prize_title,
    shown_name,
)
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import job_url, published
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.results.standings.view_model import state_chips
from compete.web.organiser.shapes import View
from compete.web.paging import part_of
from compete.web.posted import posted_reason, posted_text
from compete.web.shapes import Chip
from compete.web.shown_standings import AWARDS, own_page, own_url

PAGE_SIZE = 30
ENDPOINT = "organiser.awards"
_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)
TABS = ("teams", "items")


@dataclass(frozen=True, slots=True, kw_only=True)
class FootAct:
    """A button of the foot: a way on, or what is posted."""

    label: str
    url: str
    posts: bool = False
    asks: str = ""
    """The check to make before it is posted as checked; empty if there is none."""
    next_open: bool = False
    """True if it goes to the next person to be decided on."""


def awards_page(competition: Competition) -> dict[str, Any]:
    """The values of the page under the tab, filter and page number of the address."""
    editable = competition.state not in _OPEN
    shown = request.args.get("show", VIEWS[0])
    with live_scorer(competition) as live:
        publication, edition = edition_of(competition, live.results)
        changes, changed = _changes(competition, live, publication)
        proposed = grade_decisions_of(competition, GradeState.PROPOSED) if editable else []
        barred = barred_among(proposed)
        lines = people_lines(
            live,
            grade_lines(competition, live.results),
            editable=editable,
            published=publication is not None,
            barred=barred,
        )
        questions = pack_questions(competition) if editable else []
        early = why_notice_first(competition) if editable else {}
        bundle = named_as_published(live.bundle, publication)
        tab = shown if shown in TABS else ""
        view = shown if shown in VIEWS else VIEWS[0]
        sight = Sight(
            competition=competition,
            live=live,
            bundle=bundle,
            publication=publication,
            honours=honour_book(competition),
            editable=editable,
            unasked={question.pack for question in questions},
            early=early,
            barred=barred,
            changes=changes,
            changed=changed,
            show=view if view != VIEWS[0] else None,
        )
        rows: list[dict[str, Any]] = []
        prizes: list[dict[str, Any]] = []
        listed = [line for line in lines if line.is_of(view)]
        if tab:
            won = prizes_of(live, bundle, tab)
            part, page = part_of(won, PAGE_SIZE, ENDPOINT, show=tab)
            sizes = Counter(prize_title(sight, event, prize) for event, prize in won)
            prizes = prize_rows(sight, part, sizes)
        else:
            here, page = part_of(listed, PAGE_SIZE, ENDPOINT, show=sight.show)
            numbers = [line.decided.number for line in here if line.decided]
            decisions = {
                now.decision.id: now for now in grades_now(competition, live.results, numbers)
            }
            rows = person_rows(
                replace(sight, number=page.number) if page.number > 1 else sight,
                here,
                decisions,
                group_heads(sight, lines, group_sizes(lines)),
            )
        foot = _foot(sight, lines, listed, bool(questions)) if editable else None
        counts = counted(lines)
        raises = any(scored.grades.rules for scored in live.scorer.events.values())
        decided = any(line.decided for line in lines)
        return {
            "entrants": say(heads(len(bundle.entrants), crewed(bundle.entrants))),
            "chips": state_chips(competition, competition.events[0], publication, edition)
            if len(competition.events) == 1
            else [_version_chip(publication, edition)],
            "tabs": _tabs(sight, tab),
            "views": _views("" if tab else view, counts) if raises or decided else [],
            "open_count": counts["open"],
            "people": rows,
            "prizes": prizes,
            "raises": raises or decided,
            "page": page,
            "warning": _warning(competition, editable, publication),
            "notes": [it for it in (kept_words(competition),) if it],
            "asked": asked_grades_cards(competition),
            "questions": questions,
            "foot": foot,
            "listed": any(line.decided and line.decided.state in LISTED for line in lines)
            or has_listed_claims(competition),
        }


def _version_chip(publication: Publication | None, edition: Message) -> Chip:
    if publication is None:
        return Chip(text=say(edition), kind="warn")
    return Chip(text=_("第 %(n)s 版", n=publication.version), kind="")


def _changes(
    competition: Competition, live: LiveScorer, publication: Publication | None
) -> tuple[Changes | None, str]:
    """Return the changes by the version in force; before it is published, by the next one."""
    versions = publications(competition)
    if publication is None:
        if not versions:
            return None, ""
        then, words = versions[0], _("和第 %(n)s 版不一样", n=versions[0].version)
    else:
        before = [row for row in versions if row.version < publication.version]
        if not before:
            return None, ""
        then, words = before[0], _("第 %(n)s 版改了", n=publication.version)
    return Changes(read_snapshot(then)[1], live.results), words


def _tabs(sight: Sight, tab: str) -> list[View]:
    won = [row for event in sight.live.results.events for row in event.awards or ()]
    there = {
        "": (_("个人"), True),
        "teams": (_("团体"), any(row.team for row in won)),
        "items": (_("单项"), any(row.item for row in won)),
    }
    tabs = [
        View(label=label, url=url_for(ENDPOINT, show=key or None), current=key == tab)
        for key, (label, given) in there.items()
        if given
    ]
    return tabs if len(tabs) > 1 else []


def _views(view: str, counts: dict[str, int]) -> list[View]:
    words = {"all": _("全部"), "open": _("要来定"), "raised": _("晋升"), "rest": _("不升")}
    return [
        View(
            label=f"{words[key]} {counts[key]}" if key != "open" else words[key],
            url=url_for(ENDPOINT, show=None if key == VIEWS[0] else key),
            current=key == view,
        )
        for key in VIEWS
        if counts[key] or key in ("all", view)
    ]


def _foot(
    sight: Sight, lines: Sequence[Line], listed: Sequence[Line], asked: bool
) -> dict[str, Any]:
    """Count the grades that can be approved and are to be decided, and say what comes next."""
    competition = sight.competition
    events = {event.code: event.id for event in competition.events}
    proposed = [
        line
        for line in lines
        if line.decided and line.decided.state is GradeState.PROPOSED and not line.decided.asked
    ]
    asked_for = sum(line.decided.asked for line in lines if line.decided)
    two = two_approve(competition)
    ready = [line for line in proposed if line.doubt is None]
    to_look = [line for line in proposed if line.doubt in (Doubt.UNKNOWN, Doubt.LEAP)]
    doubted = [line for line in lines if line.doubt is not None]
    unsettled = open_consequences(competition)
    approve = url_for("organiser.decide", act="approve", who="proposed")
    shut = asked or bool(unsettled)
    acts: list[FootAct] = []
    if unsettled:
        acts.append(
            FootAct(
                label=ngettext("先办 %(num)s 件", "先办 %(num)s 件", unsettled),
                url=url_for("organiser.consequences"),
            )
        )
    if doubted:
        acts.append(_next_open(sight, doubted[0], listed, lines))
    now = [line for line in ready if events[line.event] not in sight.early]
    looked = [line for line in to_look if events[line.event] not in sight.early]
    if now and not shut:
        label = (
            ngettext("先批准 %(num)s 人", "先批准 %(num)s 人", len(now))
            if doubted and not two
            else _("提出批准 %(n)s 人", n=len(now))
            if two
            else ngettext("批准 %(num)s 人", "批准 %(num)s 人", len(now))
        )
        acts.append(FootAct(label=label, url=approve, posts=True))
    elif looked and not shut:
        label = (
            _("核对过了，提出批准 %(n)s 人", n=len(looked))
            if two
            else ngettext("核对过了，批准 %(num)s 人", "核对过了，批准 %(num)s 人", len(looked))
        )
        asks = looks_words(sight, looked)
        acts.append(FootAct(label=label, url=approve, posts=True, asks=asks))
    ways, notes = _publishing(sight)
    acts += ways
    approved = sum(line.decided.state is GradeState.APPROVED for line in lines if line.decided)
    issue = allowed_url("organiser.certificates")
    if approved and issue and not doubted and not shut:
        acts.append(FootAct(label=_("去发证"), url=issue))
    if unsettled:
        notes.append(
            _("新一版公布后还有 %(n)s 件没办：撤回、换发或保留。办完才能发新证。", n=unsettled)
        )
    parts = [_("没有等批准的")]
    if ready or doubted:
        parts = [ngettext("%(num)s 人可以批准", "%(num)s 人可以批准", len(ready))]
    if doubted:
        parts.append(ngettext("%(num)s 人要来定", "%(num)s 人要来定", len(doubted)))
    elif not ready and approved:
        parts = [ngettext("批准了 %(num)s 人", "批准了 %(num)s 人", approved)]
    if asked_for:
        waits = _("%(n)s 人等另一位同意", n=asked_for)
        parts = [waits, *(parts if ready or doubted or approved else ())]
    return {
        "title": _("，").join(parts),
        "lines": [*notes, *([say(why) for why in sight.early.values()] if proposed else [])],
        "beside": acts[1:],
        "next": acts[0] if acts else None,
    }


def _next_open(sight: Sight, line: Line, listed: Sequence[Line], lines: Sequence[Line]) -> FootAct:
    """Link to the first who is to be decided on, in the shown filter if he is in it."""
    among, show = (listed, sight.show) if line in listed else (lines, None)
    number = among.index(line) // PAGE_SIZE + 1
    return FootAct(
        label=_("定下一个：%(name)s", name=shown_name(sight, line)),
        url=url_for(
            ENDPOINT, show=show, page=number if number > 1 else None, _anchor=f"grade-{line.person}"
        ),
        next_open=True,
    )


def _publishing(sight: Sight) -> tuple[list[FootAct], list[str]]:
    """Link to announce what is locked, or to what keeps it from being announced."""
    competition = sight.competition
    if competition.state is not CompetitionState.LOCKED:
        return [], []
    unchecked = recheck_blockers(competition, sight.live.results)
    if unchecked:
        way = FootAct(label=_("去复核"), url=url_for("organiser.recheck"))
        return [way], [say(unchecked[0].what)]
    number = next_version(competition)
    label = _("公布第 %(n)s 版", n=number) if number > 1 else _("公布成绩")
    return [FootAct(label=label, url=url_for("organiser.confirm_publish"))], []


def _warning(
    competition: Competition, editable: bool, publication: Publication | None
) -> str | None:
    """Say why nothing can be decided now, or why the page differs from what is published."""
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


_MOST_TOLD = 5


@face.get("/<code>/awards")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS, instead="organiser.verdicts")
def awards(competition: Competition) -> ResponseReturnValue:
    """Show the awards and promotions, by which conditions, and what is to be decided."""
    return render_template("organiser/awards/awards.html", **awards_page(competition))


@face.post("/<code>/awards/promotions.pdf")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def promotions(competition: Competition) -> ResponseReturnValue:
    """The list for the certifying body; asked for by a press, since printing it is recorded."""
    return print_or_follow(competition, PROMOTIONS, f"拟晋升名单_{competition.name}.pdf")


@face.post("/<code>/awards/promotions.xlsx")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def promotions_workbook(competition: Competition) -> ResponseReturnValue:
    """The same list as a workbook, to be uploaded by the certifying body."""
    return print_or_follow(competition, PROMOTIONS_BOOK, f"拟晋升名单_{competition.name}.xlsx")


@face.post("/<code>/awards/confirm")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def confirm_pack_rules(competition: Competition) -> ResponseReturnValue:
    """Confirm that it is as a rule pack presumes: from now on grades can be approved by it."""
    confirm_pack(competition, posted_text("pack"), current_user)
    flash(_("确认了，可以批准"), "ok")
    return redirect(url_for("organiser.awards"))


@face.post("/<code>/awards/<act>/<who>")
@guard.may(Right.DECIDE_AWARDS)
def decide(competition: Competition, act: str, who: str) -> ResponseReturnValue:
    """Approve, hold or refuse one person's grade; approve all that are proposed."""
    here = {key: request.args[key] for key in ("show", "page") if key in request.args}
    back = redirect(own_url(competition, AWARDS, **here))
    to = ACTS.get(act)
    if to is None:
        return back
    if who == "proposed" and to is GradeState.APPROVED:
        # An evaluation asks for its levels themselves: nobody rises several at once.
        checked = "checked" in request.form or competition_kind(competition).gives_verdicts
        approved = approve_proposed_or_ask(competition, current_user, checked=checked)
        if isinstance(approved, Job):
            return redirect(job_url(approved))
        if approved:
            flash(
                _("提出批准了 %(n)s 人，等另一位同意", n=approved)
                if two_approve(competition)
                else _("批准了 %(n)s 人", n=approved),
                "ok",
            )
            barred = [say(why) for why in why_not_approved(competition).values()]
            for notice in list(dict.fromkeys(barred))[:_MOST_TOLD]:
                flash(notice, "info")
        else:
            flash(_("没有待批准的人了"), "info")
        return back
    reason, seen = posted_reason(), posted_text("seen")
    first = not grades_asked(competition).get(who)
    count = decide_grades(competition, [who], to, current_user, reason, seen)
    approved_words = (
        _("提出了，等另一位同意")
        if first and two_approve(competition)
        else _("批准了 %(n)s 人", n=count)
    )
    words = {
        "approve": approved_words,
        "hold": _("%(who)s 缓办，理由记下了", who=who),
        "refuse": _("%(who)s 不批准，理由记下了", who=who),
    }
    flash(words[act] if count else _("已经这样定了"), "ok" if count else "info")
    return back


@face.post("/<code>/awards/agree/<int:number>")
@guard.may(Right.AGREE)
def agree_grades(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person, to all grades that one account asked to be approved."""
    seen = request.args.get("asked")
    asked = next((it for it in asked_approvals(competition) if it.first == number), None)
    if asked is None or asked.mark != seen:
        raise Refused(msg("提出的和页面上的不一样了，请刷新后再看"))
    approved = agree_to_approval(asked, current_user)
    if isinstance(approved, Job):
        return redirect(job_url(approved))
    flash(_("同意了，批准 %(n)s 人", n=approved), "ok")
    for notice in dict.fromkeys(say(why) for why in why_not_approved(competition).values()):
        flash(notice, "info")
    return redirect(_grades_url(competition))


@face.post("/<code>/awards/drop/<int:number>")
@guard.may(Right.AGREE)
def drop_asked_grades(competition: Competition, number: int) -> ResponseReturnValue:
    """Take back, or send back, what one account asked to be approved; grades stay proposed."""
    count = drop_asked_approval(competition, number, current_user)
    flash(_("退回了，%(n)s 人还是待批准", n=count), "ok")
    return redirect(_grades_url(competition))


def _grades_url(competition: Competition) -> str:
    """Where grades are shown to the reader: on their own page, or beside the results."""
    return allowed_url(own_page(competition, AWARDS)) or url_for("organiser.results")


@face.post("/<code>/publish")
@guard.may(Right.PUBLISH)
@only_once
def publish_results(competition: Competition) -> ResponseReturnValue:
    """Announce: from now on badges show results."""
    form = request.form
    done = publish_or_ask(competition, current_user, form.get("note", ""), form.getlist("also"))
    if isinstance(done, Job):
        return redirect(job_url(done))
    words, where = published(competition, done.version)
    flash(words, "ok")
    return redirect(where)
