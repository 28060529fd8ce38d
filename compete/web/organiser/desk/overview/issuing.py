"""Publication and certificates on the competition's page: the last two steps and what they lack."""

from __future__ import annotations

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Examinee
from compete.services.appeals.appeal_states import open_appeals
from compete.services.awards.issuing_gate import (
    awards_at_once,
    events_that_wait,
    issuable_events,
    why_not_final,
    why_reason,
)
from compete.services.certificates.claims import words_to_decide
from compete.services.certificates.counts import CertificateCounts
from compete.services.certificates.examinees import examinee_number
from compete.services.certificates.outdated_names import Correction, Renaming
from compete.services.closing.grade_approval_gate import why_notice_first
from compete.services.closing.penalties_and_outcomes import decision_label
from compete.services.competitions.overview import CompetitionProgress
from compete.services.kernel.competition_settings import settings_of
from compete.services.results.result_moves import final_blockers
from compete.services.results.result_stands import all_stand_words, stands_of
from compete.services.sheets.blind_codes import is_coded
from compete.web.guard import allowed_url, may_do
from compete.web.language import say
from compete.web.organiser.desk.overview.pending_approvals import describe_unapproved, who_can
from compete.web.organiser.desk.overview.shapes import Missing, NextStep, Step
from compete.web.shown_standings import AWARDS, own_page
from compete.web.templating import day
from compete.web.words import some_names

_C = CompetitionState
CORRECTIONS_SHOWN = 5
_WAITING = {
    "appeals": _l("申诉了结以后定为最终成绩"),
    "window": _l("过了申诉时间定为最终成绩"),
}
"""The next steps while results cannot be final yet, by what they wait for."""


def notice_step(competition: Competition, seen: CompetitionProgress) -> Step:
    """公示: it begins with the publication, not with the lock, and ends when all is final."""
    stands = list(stands_of(competition).values())
    announced = seen.certificates.announced
    over = bool(stands) and all(stand.stands for stand in stands)
    words = all_stand_words(competition) if announced else None
    if words is not None:
        note = say(words)
    elif seen.publication and any(stand.is_announced for stand in stands):
        withdrawn = [
            event.name
            for event, stand in zip(competition.events, stands, strict=True)
            if stand.withdrawn_why
        ]
        version = seen.publication.version
        note = (
            _(
                "第 %(version)s 版还公布着，%(names)s的公示撤下了，改好再公布",
                version=version,
                names=some_names(withdrawn),
            )
            if withdrawn
            else _("第 %(version)s 版还公布着，改好再公布", version=version)
        )
    elif competition.state is _C.LOCKED:
        note = _("公布成绩后开始")
    else:
        note = _("评分锁定、公布成绩后开始")
    return Step(
        name=_("公示"),
        state="done" if announced and over else "now" if announced else "later",
        count=settings_of(competition).notice_days,
        unit=_("个工作日"),
        note=note,
        url=allowed_url("organiser.results") if stands else None,
    )


def final_step(competition: Competition) -> NextStep | None:
    """Return the next step of the notices; None if certificates can be seen to."""
    stands = [stand for stand in stands_of(competition).values() if not stand.stands]
    withdrawn = [stand for stand in stands if stand.withdrawn_why]
    over = [stand for stand in stands if stand.is_announced and not stand.runs]
    at_once = {event.code for event in competition.events if awards_at_once(event)}
    running = [stand for stand in stands if stand.runs and stand.event not in at_once]
    until = None
    if withdrawn:
        title, text = _("公示撤下了，改好以后重新公布"), withdrawn[0].withdrawn_why or ""
        label, event = _("去看"), withdrawn[0].event
    elif over:
        title, text = _("公示期满，定为最终成绩"), _("看过没有没答复的意见，再定。")
        if over[0].notice_until is None:
            title, text = _("不公示，定为最终成绩"), _("过了申诉时间、没有没了结的申诉，就能定。")
        label, event = _("去定"), over[0].event
        waits = final_blockers(next(it for it in competition.events if it.code == event))
        if waits:
            title = str(_WAITING.get(waits[0].kind, _l("还不能定为最终成绩")))
            text, label = _("%(said)s。", said=say(waits[0].what)), _("去看")
            until = date.max
    elif running and not settings_of(competition).certify_early:
        last = max(stand.notice_until for stand in running if stand.notice_until is not None)
        title = _("公示到 %(day)s，期满以后定为最终成绩", day=day(last))
        text, label, event = _("定了以后才能发证书。"), _("看公示"), running[0].event
        until = last
    else:
        return None
    url = allowed_url("organiser.results", event=event)
    return NextStep(title=title, text=text, label=label, url=url, until=until) if url else None


def settling_step(competition: Competition, seen: CompetitionProgress) -> NextStep | None:
    """Step that settles what a new version left, for whoever may; others can only look."""
    count = seen.certificates.to_settle
    if not count:
        return None
    issues = may_do(Right.ISSUE)
    return NextStep(
        title=_(
            "办完第 %(n)s 版跟着要办的 %(count)s 件",
            n=seen.publication.version if seen.publication else 0,
            count=count,
        ),
        text=_("撤回、换发或保留。办完才能发新证。")
        if issues
        else _("由组委会撤回、换发或保留，办完才能发新证。"),
        label=_("去办") if issues else _("去看"),
        url=url_for("organiser.consequences"),
    )


def issue_step(competition: Competition, counts: CertificateCounts) -> NextStep | None:
    """Certificates, or the appeals that they wait for; None where none is due."""
    due = counts.due
    apart = due and issuable_events(competition) is not None
    waiting = open_appeals(competition, None) if due and not apart else 0
    url = allowed_url("organiser.appeals" if waiting else "organiser.certificates")
    if not due or url is None:
        return None
    if waiting:
        return NextStep(
            title=_("申诉了结以后发证书"),
            text=_("还有 %(n)s 件申诉没有了结，证书一共 %(due)s 张。", n=waiting, due=due),
            label=_("去看"),
            url=url,
            until=date.max,
        )
    early = why_reason(competition)
    return NextStep(
        title=_("发证书"),
        text=(
            _("等级证书和获奖证书，一共 %(n)s 张。", n=due)
            if not competition_kind(competition).gives_verdicts
            else _("等级证书 %(n)s 张。", n=due)
        )
        + (_("%(said)s。", said=say(early)) if early else ""),
        label=_("去发证"),
        url=url,
    )


def issuing_step(competition: Competition, counts: CertificateCounts) -> Step:
    """发证: done only when nothing is left to settle, decide or issue."""
    page = "organiser.consequences" if counts.to_settle else "organiser.certificates"
    return Step(
        name=_("发证"),
        state="done" if counts.done else "later",
        count=counts.valid,
        unit=_("张"),
        note=_("，").join(_certificates_left(counts)),
        url=allowed_url(page),
    )


def _certificates_left(counts: CertificateCounts) -> list[str]:
    lines = [
        (counts.to_settle, _("%(n)s 件没办", n=counts.to_settle)),
        (counts.due, _("还要发 %(n)s 张", n=counts.due)),
        (counts.waiting, _("%(n)s 张等赛项定下来", n=counts.waiting)),
        (counts.approving, _("等核准的荣誉：%(n)s", n=counts.approving)),
        (counts.undecided, _("待批准 %(n)s 人", n=counts.undecided)),
        (counts.agreeing, _("%(n)s 人等另一位同意", n=counts.agreeing)),
        (counts.revoking, _("%(n)s 张等同意撤销", n=counts.revoking)),
        (counts.again, _("%(n)s 张等同意重新发", n=counts.again)),
        (counts.nominated, _("等同意的评选奖项：%(n)s", n=counts.nominated)),
        (counts.deferred, _("%(n)s 人缓办", n=counts.deferred)),
        (counts.void, _("%(n)s 人的等级证书撤销了，没有重新发", n=counts.void)),
    ]
    return [words for number, words in lines if number]


def left_to_issue(competition: Competition, seen: CompetitionProgress) -> list[Missing]:
    """List what the newest version leaves to settle, then what is still to decide and to issue."""
    counts = seen.certificates
    rows = []
    if counts.to_settle:
        version = seen.publication.version if seen.publication else 0
        what = _("第 %(n)s 版公布后还有 %(count)s 件没办", n=version, count=counts.to_settle)
        detail = _("这些证书现在查验显示复核中")
        url = url_for("organiser.consequences")
        mine = may_do(Right.ISSUE)
        label = _("去办") if mine else _("去看")
        rows.append(Missing("copy", what, detail, url, label=label, blocker=True, mine=mine))
    rows += describe_unapproved(counts.approving)
    rows += [_correction(correction) for correction in counts.corrections[:CORRECTIONS_SHOWN]]
    rows += [_renaming(renaming) for renaming in counts.renamings[:CORRECTIONS_SHOWN]]
    over, others = _("公示期满了"), ""
    if counts.claimed:
        others = who_can(words_to_decide(competition))[1]
        over = _("；").join(filter(None, (over, others)))
    rows += [
        Missing("people", what, detail, url_for("organiser.claims"), mine=mine)
        for number, what, detail, mine in (
            (counts.claimed, _("等级认定可以定的：%(n)s", n=counts.claimed), over, not others),
            (
                *(counts.claims_due, _("等级认定等发证的：%(n)s", n=counts.claims_due), ""),
                may_do(Right.ISSUE),
            ),
        )
        if number
    ]
    if not counts.announced:
        return rows
    awards = allowed_url(own_page(competition, AWARDS))
    if counts.undecided:
        what = _("待批准 %(n)s 人", n=counts.undecided)
        early = list(why_notice_first(competition).values())
        detail = _("；").join(map(say, early)) or _("批准以后才能发等级证书")
        mine = not early and may_do(Right.DECIDE_AWARDS)
        rows.append(Missing("clock" if early else "people", what, detail, awards, mine=mine))
    if counts.deferred:
        what = _("%(n)s 人缓办", n=counts.deferred)
        detail, mine = _("批准或者不批，才算办完"), may_do(Right.DECIDE_AWARDS)
        rows.append(Missing("people", what, detail, awards, mine=mine))
    if counts.due:
        what = _("还要发 %(n)s 张证书", n=counts.due)
        link, waits = allowed_url("organiser.certificates"), why_not_final(competition)
        detail = say(waits) if waits else ""
        rows.append(Missing("half-circle", what, detail, link, mine=waits is None))
    if counts.waiting and (why := events_that_wait(competition)):
        what = _("%(n)s 张证书等赛项定下来", n=counts.waiting)
        notices = allowed_url("organiser.results")
        rows.append(Missing("clock", what, say(why), notices, mine=False))
    return rows


def _correction(correction: Correction) -> Missing:
    """Describe a corrected name or ID number that certificates or the version do not bear yet."""
    version = correction.publication.version if correction.publication else 0
    alone = _("公布的第 %(version)s 版还是更正前的姓名", version=version)
    detail = _not_yet(correction.certificates, version) or alone
    holder = correction.holder
    who = f"{holder.name} {holder.code}"
    if isinstance(holder, Examinee):
        number = examinee_number(holder)
        url = allowed_url("organiser.examinee", number=number)
    else:
        who = decision_label(holder) if is_coded(holder.event) else who
        url = allowed_url("organiser.identity", who=holder.code)
    return Missing("copy", _("%(who)s 更正以后还没改完", who=who), detail, url)


def _renaming(renaming: Renaming) -> Missing:
    """Describe a unit that certificates or the announced version call by another name."""
    version = renaming.publication.version if renaming.publication else 0
    alone = _("公布的第 %(version)s 版还是原来的名称", version=version)
    detail = _not_yet(len(renaming.certificates), version) or alone
    url = allowed_url("organiser.unit_name", unit_code=renaming.unit.code)
    what = _("单位 %(name)s 改名以后还没改完", name=renaming.unit.name)
    return Missing("copy", what, detail, url)


def _not_yet(certificates: int, version: int) -> str:
    """Say of how many certificates it is that they bear what was before; empty for none."""
    if certificates and version:
        return _(
            "%(n)s 张证书和公布的第 %(version)s 版还是更正前的", n=certificates, version=version
        )
    return _("%(n)s 张证书还是更正前的", n=certificates) if certificates else ""
