"""Rows of what waits for somebody or is missing, each with the page that settles it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.period_states import PeriodState
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, LockEntry
from compete.services.appeals.appeal_states import (
    appeals_of,
    deadline_of,
    may_go_on,
    proposed_decision,
    to_carry_out,
)
from compete.services.appeals.decisions import why_not_agree
from compete.services.appeals.windows import takes_appeals
from compete.services.awards.external_awards import honours_to_approve
from compete.services.certificates.revoking import prizes_still_given
from compete.services.closing.blockers import Blocker
from compete.services.closing.conflicting_files import sheets_brought_otherwise
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.erasure_requests import erasures_of
from compete.services.competitions.overview import CompetitionProgress, Lack, Lacking
from compete.services.competitions.retention import is_over, kept_of
from compete.services.competitions.set_up import count_set_up_to_do, is_shut
from compete.services.kernel.clock import local_today
from compete.services.labour.accidents import count_unsettled_accidents
from compete.services.labour.period_progress import period_states
from compete.services.registration.carried_modules import brings_anything, voided_in
from compete.services.registration.known_layouts import KEPT_DAYS, waiting_uploads
from compete.services.registration.people import count_waiting
from compete.services.registration.portraits import count_portraits, has_portraits
from compete.services.registration.waiting_list import next_in_line
from compete.services.schedule.drawn_places import papers_to_sign
from compete.services.scoring.live import live_results
from compete.web.guard import allowed_url, may_do
from compete.web.language import say
from compete.web.organiser.appeals.arbiters import arbiters_lacking, ordered_words
from compete.web.organiser.board_link import is_chief
from compete.web.organiser.competition_words import module_names
from compete.web.organiser.desk.overview.assessing import (
    describe_examiners,
)
from compete.web.organiser.desk.overview.issuing import (
    left_to_issue,
)
from compete.web.organiser.desk.overview.pending_approvals import (
    describe_seconds,
    describe_unapproved,
    told_second,
)
from compete.web.organiser.desk.overview.shapes import Missing
from compete.web.organiser.judging.progress.to_do import locks_url, place_of
from compete.web.organiser.results.blocker_pages import blocker_url
from compete.web.templating import day, moment_in_sentence
from compete.web.words import some_names

_WEEK = timedelta(days=7)
_BLOCKER_ICONS = {
    "dispute": "diamond-alert",
    "absence": "diamond-alert",
    "returned": "return",
    "assign": "people",
    "recheck": "copy",
    "unsigned": "signed",
    "coded": "lock",
    "sheetless": "people",
}
_ICONS = {
    Lack.EVENTS: "trophy",
    Lack.WEIGHTS: "equals",
    Lack.OCCUPATION: "file",
    Lack.DATES: "clock",
    Lack.VENUE: "pin",
    Lack.CHIEF: "person",
    Lack.JUDGES: "people",
    Lack.UNITS: "people",
    Lack.CLOSES: "clock",
    Lack.BODY: "file",
    Lack.CONDITIONS: "file",
    Lack.COPY: "copy",
}


def missing_in(competition: Competition, seen: CompetitionProgress) -> list[Missing]:
    """List what is still to be done, and what waits for somebody."""
    names = module_names(competition)
    allot = allowed_url("organiser.allot_missing_sheets")
    events = [lacking for lacking in seen.lacking if lacking.kind is Lack.EVENTS]
    return [
        *map(describe_lacking, events),
        # What somebody proposed stands among what takes two, below.
        *(
            _blocker(competition, blocker, allot)
            for blocker in seen.blockers
            if blocker.kind != "decision"
        ),
        *(describe_lacking(lacking) for lacking in seen.lacking if lacking not in events),
        *describe_examiners(competition),
        *_describe_contradicted(competition),
        *_describe_voided(competition),
        *_describe_waiting(competition),
        *_describe_paper_draws(competition),
        *describe_appeals(competition),
        *describe_seconds(competition),
        *_describe_keeping(competition),
        *_describe_arbiters(competition),
        *_describe_restored(competition, seen),
        *_describe_photos(competition),
        *left_to_issue(competition, seen),
        *_still_locked([lock for lock in seen.left_locked if not lock.asker], names),
    ]


def _blocker(competition: Competition, blocker: Blocker, allot: str | None) -> Missing:
    """Describe what the next step waits for; sheets that are lacking are given by `allot`."""
    given = allot is not None and blocker.kind == "sheetless"
    return Missing(
        _BLOCKER_ICONS.get(blocker.kind, "half-circle"),
        say(blocker.what),
        say(blocker.detail),
        allot if given else blocker_url(competition, blocker.kind),
        say(blocker.who),
        label=_("补评分表") if given else _("去看"),
        post=given,
        blocker=True,
        mine=_is_mine(competition, blocker, given=given),
    )


def _is_mine(competition: Competition, blocker: Blocker, *, given: bool) -> bool:
    """True if the viewer deals with it alone; sheets wait for judges."""
    match blocker.kind:
        case "dispute":
            return may_do(Right.RULE)
        case "recheck":
            return may_do(Right.RECHECK)
    return given


def _describe_restored(competition: Competition, seen: CompetitionProgress) -> Iterator[Missing]:
    """Who won again as the disqualification was undone, and whose certificate is still void."""
    if not seen.certificates.announced:
        return
    restored = [row for row in prizes_still_given(competition) if row.restored]
    if restored:
        names = [str(row.certificate.face["name"]) for row in restored]
        yield Missing(
            "file",
            ngettext(
                "取消成绩撤回了，%(num)s 张证书还是撤销的",
                "取消成绩撤回了，%(num)s 张证书还是撤销的",
                len(restored),
            ),
            _("%(names)s：按公布的成绩又得了，要重新发", names=some_names(names)),
            url_for("organiser.certificates", state="revoked")
            if allowed_url("organiser.certificates")
            else None,
            label=_("去重新发"),
            mine=may_do(Right.ISSUE),
        )


_LOCKS_APART = 3
"""So many modules have a row each."""


def _still_locked(locks: list[LockEntry], names: dict[str, str]) -> list[Missing]:
    """The modules that stay locked though the marks are open again, and who opens them."""
    apart = [[lock] for lock in locks] if len(locks) <= _LOCKS_APART else [locks]
    return [
        Missing(
            "lock",
            _("%(module)s还锁着", module=some_names([_lock_name(lock, names) for lock in group])),
            _("要改它，裁判长或组委会申请解锁，另一个人同意")
            if len(group) == 1
            else _("要改哪个，裁判长或组委会申请解锁，另一个人同意"),
            locks_url(group[0]),
            label=_("去解锁"),
            mine=may_do(Right.UNLOCK),
        )
        for group in apart
    ]


def _lock_name(lock: LockEntry, names: dict[str, str]) -> str:
    return names["/".join(place_of(lock))] + (f" {lock.session}" if lock.session else "")


def describe_lacking(lacking: Lacking) -> Missing:
    """Describe one thing that is missing."""
    what, detail = _words(lacking)
    url = _mend_url(lacking)
    blocker = lacking.kind is Lack.EVENTS
    return Missing(_ICONS[lacking.kind], what, detail, url, label=_("去补"), blocker=blocker)


_MOST_NAMED = 8


def _describe_paper_draws(competition: Competition) -> Iterator[Missing]:
    """Draws on paper that no supervisor has signed."""
    if competition.state is CompetitionState.FINAL:
        return
    if waiting := len(papers_to_sign(competition)):
        signs = may_do(Right.OVERSEE)
        yield Missing(
            "signed",
            ngettext("纸上的抽签 %(num)s 次没签名", "纸上的抽签 %(num)s 次没签名", waiting),
            _("照签过字的抽签记录对一遍"),
            url_for("organiser.paper_signing") if signs else allowed_url("organiser.draws"),
            _("监督"),
            mine=signs,
        )


def describe_labour_waits(competition: Competition) -> list[Missing]:
    """List what waits in a labour competition for whoever may settle it."""
    return [
        *_describe_corrected(competition),
        *_describe_accidents(competition),
        *describe_seconds(competition),
        *describe_unapproved(honours_to_approve(competition)),
        *_describe_keeping(competition),
    ]


def _describe_corrected(competition: Competition) -> Iterator[Missing]:
    """List the periods whose announced version was corrected since."""
    states = period_states(competition).values()
    waiting = sum(state is PeriodState.CORRECTED for state in states)
    if not waiting:
        return
    yield Missing(
        "warn",
        ngettext("%(num)s 期更正过，还没公布", "%(num)s 期更正过，还没公布", waiting),
        _("公布页和大屏上还是更正以前的；公布新的一版，写明改了什么"),
        url_for("organiser.months"),
        mine=may_do(Right.PUBLISH),
    )


def _describe_accidents(competition: Competition) -> Iterator[Missing]:
    """List the reported accidents that two have not settled, for those who may see them."""
    waiting = count_unsettled_accidents(competition)
    if not waiting:
        return
    yield Missing(
        "warn",
        ngettext("单位报的 %(num)s 起安全事故待核", "单位报的 %(num)s 起安全事故待核", waiting),
        _("核实以前不动得分"),
        allowed_url("organiser.accidents"),
    )


def _describe_opening(competition: Competition) -> Iterator[Missing]:
    """Say that registration waits to be opened, to whoever may."""
    url = allowed_url("organiser.set_up")
    if url is None or not is_shut(competition):
        return
    left = count_set_up_to_do(competition)
    yield Missing(
        "lock",
        _("报名还没开放"),
        ngettext("还差 %(num)s 样", "还差 %(num)s 样", left)
        if left
        else _("都齐了，开放以后单位才能报"),
        url,
        label=_("筹备清单"),
    )


def _describe_voided(competition: Competition) -> Iterator[Missing]:
    """List whose results are open since an earlier sitting's mark is void; who is not published
    without it yet is named by a blocker, too."""
    # All is scored only where somebody brought something.
    if not competition_kind(competition).gives_verdicts or not brings_anything(competition):
        return
    events = live_results(competition).results.events
    codes = [code for event in events for code in voided_in(event)]
    if not codes:
        return
    yield Missing(
        "warn",
        ngettext("%(num)s 人带来的成绩作废了", "%(num)s 人带来的成绩作废了", len(codes)),
        _("%(codes)s：在这里考这一科，或者重新带", codes=_("、").join(codes[:_MOST_NAMED])),
        allowed_url("organiser.person", who=codes[0]),
        mine=may_do(Right.REGISTER),
    )


def _describe_contradicted(competition: Competition) -> Iterator[Missing]:
    """Sheets of which paper, a file or a tablet says otherwise than what counts."""
    if competition.state is not CompetitionState.JUDGING or not is_chief(competition):
        return
    if waiting := len(sheets_brought_otherwise(competition)):
        yield Missing(
            "diamond-alert",
            ngettext(
                "%(num)s 张评分表，平板、纸质表或文件上的不一样",
                "%(num)s 张评分表，平板、纸质表或文件上的不一样",
                waiting,
            ),
            _("每张表上写着算的是哪个、另一个是多少；不对的退回重评"),
            url_for("organiser.paper"),
        )


def _describe_waiting(competition: Competition) -> Iterator[Missing]:
    """List registrations to open, applications not looked at, files with rows left."""
    yield from _describe_opening(competition)
    yield from _describe_handed_in(competition)
    yield from _describe_files(competition)


def _describe_files(competition: Competition) -> Iterator[Missing]:
    if not may_do(Right.REGISTER) or competition.state is not CompetitionState.REGISTERING:
        return
    for batch in waiting_uploads(competition):
        yield Missing(
            "file",
            _("“%(name)s”里还有没写的行", name=batch.filename),
            _("留到 %(day)s", day=day(batch.made_at + timedelta(days=KEPT_DAYS))),
            url_for("organiser.preview", batch_id=batch.id),
        )


def _describe_handed_in(competition: Competition) -> Iterator[Missing]:
    url = allowed_url("organiser.applications")
    if url is None:
        return
    if waiting := count_waiting(competition):
        what = _("报名的 %(n)s 人等你看", n=waiting)
        yield Missing("people", what, _("收下以前不在名单里，不抽签，不评分"), url)
    open_still = competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING)
    if open_still and (offered := next_in_line(competition)):
        yield Missing(
            "people",
            _("空出名额了，候补的 %(name)s可以递补", name=f"{offered[0].name} "),
            _("不会自己递补，由组委会定"),
            allowed_url("organiser.applications", show="waiting"),
        )


def _describe_keeping(competition: Competition) -> Iterator[Missing]:
    """Personal data that are past their time, where nobody asked for them to be erased yet."""
    url = allowed_url("organiser.personal_data")
    asked = any(row.ended_at is None for row in erasures_of(competition)) if url else False
    if url is None or asked or not (_may_be_past(competition) and kept_of(competition).is_past):
        return
    detail = _("删除要两个人，成绩留在化名下")
    yield Missing("lock", _("个人资料过了保存期"), detail, url)


def _may_be_past(competition: Competition) -> bool:
    if competition_kind(competition).has_periods:
        return is_over(competition)
    return competition.state is CompetitionState.FINAL


def describe_appeals(competition: Competition) -> Iterator[Missing]:
    """List what arbiters have to answer and the chief judge to carry out; both are urgent."""
    url = allowed_url("organiser.appeals")
    appeals = appeals_of(competition) if url is not None else []
    if due := [until for appeal in appeals if (until := deadline_of(appeal)) is not None]:
        what = ngettext("%(num)s 件申诉等仲裁答复", "%(num)s 件申诉等仲裁答复", len(due))
        detail = _("最早 %(at)s 前", at=moment_in_sentence(min(due)))
        mine = may_do(Right.ARBITRATE)
        label = _("去答复") if mine else _("去看")
        yield Missing("diamond-alert", what, detail, url, label=label, mine=mine, due=min(due))
    if waiting := [it for appeal in appeals if (it := proposed_decision(appeal)) is not None]:
        what = ngettext(
            "%(num)s 件申诉的决定等另一位仲裁同意",
            "%(num)s 件申诉的决定等另一位仲裁同意",
            len(waiting),
        )
        _label, others = told_second([why_not_agree(it, current_user) for it in waiting])
        yield Missing("diamond-alert", what, others, url, mine=not others)
    if ordered := sum(to_carry_out(appeal) for appeal in appeals):
        what = ordered_words(ordered)
        locked = competition.state is not CompetitionState.JUDGING
        detail = _("先解锁评分，再照决定改") if locked else ""
        yield Missing("diamond-alert", what, detail, url, mine=may_do(Right.RULE))
    elif open_still := sum(may_go_on(appeal) for appeal in appeals):
        what = ngettext(
            "%(num)s 件申诉还可以提请总仲裁", "%(num)s 件申诉还可以提请总仲裁", open_still
        )
        detail = _("过了时间才了结，了结了才能发证")
        yield Missing("diamond-alert", what, detail, url, mine=False)


def _describe_arbiters(competition: Competition) -> Iterator[Missing]:
    """List arbiters who could not answer in time, while a card can still be given a day before."""
    soon = competition.starts is not None and competition.starts <= local_today() + _WEEK
    if (
        not may_do(Right.APPOINT)
        or is_put_away(competition)
        or competition_kind(competition).has_periods
    ):
        return
    if competition.state is CompetitionState.FINAL or (
        competition.state is CompetitionState.REGISTERING and not soon
    ):
        return
    if competition.state is CompetitionState.NOTICE and not takes_appeals(competition):
        return
    lacking = arbiters_lacking(competition)
    if lacking is None:
        return
    yield Missing("people", *lacking, allowed_url("organiser.appeals"), label=_("去加"))


def _describe_photos(competition: Competition) -> Iterator[Missing]:
    """Count those without a photo, if others have one: without photos in print, nothing is said."""
    url = allowed_url("organiser.portraits")
    early = (CompetitionState.REGISTERING, CompetitionState.JUDGING)
    if url is None or competition.state not in early or not has_portraits(competition):
        return
    photos = count_portraits(competition)
    if not photos.lack:
        return
    yield Missing(
        "camera",
        ngettext("%(num)s 人没有照片", "%(num)s 人没有照片", photos.lack),
        _("参赛证和等级证书上的照片位置会空着"),
        url,
        label=_("去补"),
    )


def _words(lacking: Lacking) -> tuple[str, str]:
    match lacking.kind:
        case Lack.EVENTS:
            return _("还没有赛项"), _("有了赛项才能报名")
        case Lack.WEIGHTS:
            what = _("“%(name)s”的权重合计 %(sum)s%%", name=lacking.name, sum=lacking.found)
            return what, _("应当是 100%")
        case Lack.OCCUPATION:
            return _("“%(name)s”没选职业", name=lacking.name), _("有晋升规则，发等级证书要有职业")
        case Lack.DATES:
            if lacking.found:
                over = day(date.fromisoformat(lacking.found), with_year=True)
                return _("日期已经过了：%(day)s", day=over), _("改成这一届的")
            return _("没有日期"), _("印在参赛证上")
        case Lack.VENUE:
            return _("没有地点"), _("选手的页面上写着")
        case Lack.CHIEF:
            return _("还没有裁判长"), _("分差超限由他处理")
        case Lack.JUDGES:
            return _("还没有裁判"), _("每个模块都要有裁判，才能开始评分")
        case Lack.UNITS:
            return _("还没有单位"), _("报名表的“单位”页写了的也会一起建")
        case Lack.BODY:
            return _("还没有评价机构"), _("发等级证书要有评价机构")
        case Lack.CONDITIONS:
            what = _("申报条件“%(name)s”没核对过", name=lacking.name)
            return what, _("管理员和原文核对以后，才能批准")
        case Lack.COPY:
            what = _("“%(event)s”的申报条件不是核对过的那一版", event=lacking.name)
            return what, _("勾“照现在的重新抄”，才能批准")
        case Lack.CLOSES:
            text = _("报名截止已经过了") if lacking.found else _("没写报名截止")
            if lacking.name:
                text = _("“%(name)s”%(what)s", name=lacking.name, what=text)
            return text, _("到那时单位和个人就报不了")


def _mend_url(lacking: Lacking) -> str | None:
    match lacking.kind:
        case Lack.EVENTS:
            return allowed_url("organiser.events")
        case Lack.WEIGHTS | Lack.OCCUPATION:
            return allowed_url("organiser.event_rules", event=lacking.event)
        case Lack.DATES | Lack.VENUE:
            return allowed_url("organiser.details")
        case Lack.CHIEF | Lack.JUDGES:
            return url_for("organiser.judges", people=1)
        case Lack.UNITS:
            return allowed_url("organiser.units")
        case Lack.CONDITIONS:
            return allowed_url("organiser.condition_edition", number=int(lacking.found))
        case Lack.COPY:
            return allowed_url("organiser.event_rules", event=lacking.event)
        case Lack.BODY:
            return allowed_url("organiser.body")
        case Lack.CLOSES if lacking.event:
            return allowed_url("organiser.entry_conditions")
        case Lack.CLOSES:
            return allowed_url("organiser.applications")
