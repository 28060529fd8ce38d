"""The competition's page in words: steps, next step, what is missing, records."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.states import CompetitionState
from compete.models import AuditEntry, Competition
from compete.services.closing.grade_approval_gate import why_notice_first
from compete.services.competitions.overview import CompetitionProgress, Overview
from compete.services.competitions.set_up import is_shut
from compete.services.competitions.small_contest import corrects_alone
from compete.services.schedule.next_stage import next_stages
from compete.web.guard import allowed_url, may_open
from compete.web.language import say
from compete.web.organiser.board_link import stage_board_url
from compete.web.organiser.competition_words import TICK_ORDER, subtitle_of
from compete.web.organiser.desk.overview.arriving import check_in_step
from compete.web.organiser.desk.overview.assessing import (
    describe_levels,
    evaluation_steps,
)
from compete.web.organiser.desk.overview.entering_step import entering_step, go_to
from compete.web.organiser.desk.overview.issuing import (
    final_step,
    issue_step,
    issuing_step,
    notice_step,
    settling_step,
)
from compete.web.organiser.desk.overview.shapes import NextStep, Step
from compete.web.organiser.desk.overview.waiting_rows import missing_in
from compete.web.organiser.judging.progress.to_do import locks_url
from compete.web.organiser.log.record_book import names_of
from compete.web.organiser.log.record_words import applicants_in, record_text
from compete.web.organiser.log.typed_steps import joined_steps
from compete.web.organiser.results.blocker_pages import blocker_url
from compete.web.organiser.schedule.draws.known_words import known_words
from compete.web.templating import moment_in_sentence
from compete.web.words import heads_in


def stage_step(competition: Competition, seen: CompetitionProgress) -> NextStep | None:
    """Return the step that locks the stage before, or begins this one, if nothing else is open."""
    waiting = [blocker for blocker in seen.blockers if blocker.kind == "stage"]
    if not waiting:
        return None
    stages = next_stages(competition)
    # While wrong people are judged nothing else is more urgent; a stage that has not begun waits,
    # but not for codes, which are opened after the last stage.
    moved = next((it for it in stages if it.begun and not it.why_not), None)
    if moved is None and any(it.kind not in ("stage", "coded") for it in seen.blockers):
        return None
    ready = next((it for it in stages if not it.why_not), None)
    stage = moved or ready or stages[0]
    names = {"before": stage.before, "stage": stage.name}
    if stage.unlocked:
        return go_to(
            _("“%(before)s”评完了，锁定了再评“%(stage)s”", **names),
            say(stage.why_not) if stage.why_not else "",
            _("去锁定"),
            stage_board_url(competition, stage.event, stage.before_code, stage.unlocked_code),
        )
    if stage.begun:
        return go_to(
            _("进“%(stage)s”的人变了，先办这件", **names),
            say(stage.why_not)
            if stage.why_not
            else _("看清谁新进、谁不再进。办了以后，评的才是该评的人。"),
            _("去看"),
            allowed_url("organiser.confirm_stage", event=stage.event),
        )
    who = heads_in(len(stage.people), competition)
    return go_to(
        _("“%(before)s”评完了，%(who)s进“%(stage)s”", who=who, **names),
        _("看清进的是谁，再生成“%(stage)s”的评分表。要抽签的，先抽。", **names),
        _("开始评“%(stage)s”", **names),
        allowed_url("organiser.confirm_stage", event=stage.event),
    )


_C = CompetitionState
RECORDS_SHOWN = 8


def overview_page(
    competition: Competition, seen: Overview, *, unlock_problem: str | None = None
) -> str:
    """The page of a competition, as far as it is seen; with why it was not unlocked."""
    next_step = next_step_of(competition, seen)
    return render_template(
        "organiser/desk/overview.html",
        competition=competition,
        subtitle=subtitle_of(competition),
        steps=_steps(competition, seen),
        next_step=next_step,
        # Sorting keeps the order of each half: the note above the list counts its first rows.
        missing=sorted(missing_in(competition, seen), key=lambda lacks: not lacks.blocker),
        nothing_missing=_nothing_missing(competition, seen, next_step is not None),
        levels=describe_levels(competition) if competition_kind(competition).gives_verdicts else [],
        records=_records(competition, seen.records, *names_of(competition)),
        records_total=seen.record_count,
        unlock_hint=_unlock_hint(competition, seen),
        unlock_problem=unlock_problem,
    )


def _unlock_hint(competition: Competition, seen: Overview) -> str | None:
    """Say what becomes of the results once marks are locked, to whoever may unlock them."""
    if not may_open("organiser.unlock") or competition.state in (_C.REGISTERING, _C.JUDGING):
        return None
    if seen.publication:
        version = seen.publication.version
        return _("已公布的第 %(n)s 版不变。改好再锁定，再公布新的一版。", n=version)
    return _("改好再锁定一次，%(what)s会重新算。", what=_outcome_words(competition))


def _steps(competition: Competition, seen: Overview) -> list[Step]:
    state = competition.state
    total = sum(seen.sheets.values())
    past = list(_C).index(state)
    begun = past > 0
    # Nobody can be entered but by the desk itself.
    shut = is_shut(competition)

    def when(at: int) -> str:
        return "done" if past > at else "now" if past == at else "later"

    if competition_kind(competition).gives_verdicts:
        return evaluation_steps(competition, seen, past)
    return [
        Step(
            name=_("报名"),
            state="later" if shut else when(0),
            count=seen.people,
            unit=_("人"),
            note=_("还没有开放")
            if shut
            else _("%(n)s 个单位，%(crews)s 个组合", n=seen.units, crews=seen.crews)
            if seen.crews
            else _("%(n)s 个单位", n=seen.units),
            url=allowed_url("organiser.entrants"),
        ),
        Step(
            name=_("抽签"),
            state="done" if seen.draws.done else "later",
            count=seen.draws.whole,
            of=seen.draws.expected,
            unit="",
            note=known_words(competition, seen.draws),
            url=allowed_url("organiser.draws"),
        ),
        check_in_step(competition, seen),
        Step(
            name=_("评分"),
            state=when(1),
            count=seen.submitted if begun else 0,
            of=total if begun else None,
            unit=_("张"),
            note="" if begun or not total else _("%(n)s 张已随竞赛载入", n=total),
            url=url_for("organiser.judges"),
            tick_counts={state.value: seen.sheets[state] for state in TICK_ORDER}
            if begun and total
            else None,
        ),
        notice_step(competition, seen),
        issuing_step(competition, seen.certificates),
    ]


def _nothing_missing(
    competition: Competition, seen: Overview, leads_on: bool
) -> tuple[str, str, bool]:
    """Return the words if nothing is missing, and whether all is there: not before judging."""
    if competition.state is not _C.REGISTERING:
        return _("都齐了"), _("可以走下一步。") if leads_on else "", True
    if not seen.entrants:
        return _("还没开始"), _("选手报进来以后，缺什么列在这里。"), False
    return _("还没开始评分"), _("每个模块都有裁判了。开始评分以后，缺什么列在这里。"), False


def _outcome_words(competition: Competition) -> str:
    """Name what follows from locked marks."""
    if competition_kind(competition).gives_verdicts:
        return _("谁合格、拟认定等级")
    return _("名次、奖项和拟晋升等级")


def next_step_of(competition: Competition, seen: CompetitionProgress) -> NextStep | None:
    """Return the viewer's next step, or one to look at while it waits; None for nothing."""
    state = competition.state
    left = sum(blocker.count for blocker in seen.blockers)
    if state is _C.REGISTERING:
        return entering_step(competition, seen)
    if state is _C.JUDGING:
        if seen.left_locked and corrects_alone(competition, current_user):
            return go_to(
                _("更正一个分，公布新的一版"),
                _("和等级无关，一个人就能更正，两版都留。"),
                _("更正一个分"),
                url_for("organiser.retype_small_marks"),
            )
        if left and seen.left_locked and seen.waits_locked:
            return go_to(
                _("先解锁，再催齐 %(n)s 张评分表", n=left),
                _("还锁着的模块，后来的人也评不了：先由两个人解锁。"),
                _("去解锁"),
                locks_url(seen.left_locked[0]),
            )
        waiting = stage_step(competition, seen)
        if waiting is not None:
            return waiting
        if seen.blockers:
            return go_to(
                _("催齐 %(n)s 张评分表，锁定评分", n=left)
                if left
                else _("还差 %(n)s 件，办完再锁定", n=len(seen.blockers)),
                _("锁定后自动算%(what)s。", what=_outcome_words(competition)),
                _("看是谁的表") if left else _("去看"),
                blocker_url(competition, "" if left else seen.blockers[0].kind),
            )
        if seen.left_locked:
            return go_to(
                _("改好以后，再锁定评分"),
                _("还锁着的模块不能改，先由两个人解锁。不改了，也要再锁定。"),
                _("锁定评分"),
                allowed_url("organiser.confirm_lock"),
            )
        return go_to(
            _("评分表都齐了，锁定评分"),
            _("锁定后分数不能再改，自动算%(what)s。", what=_outcome_words(competition)),
            _("锁定评分"),
            allowed_url("organiser.confirm_lock"),
        )
    if state is _C.LOCKED and seen.blockers:
        return go_to(
            _("复核完才能公布"),
            say(seen.blockers[0].what)
            if seen.blockers[0].count
            else _("抽到的评分表由另一位照着纸质表再录一遍，不看原来的分。"),
            _("去复核"),
            allowed_url("organiser.recheck"),
        )
    if state is _C.LOCKED and competition_kind(competition).gives_verdicts:
        return go_to(
            _("核对结果，公示合格的人"),
            _("公布后本人扫码才看得到自己的成绩。"),
            _("去核对"),
            allowed_url("organiser.verdicts"),
        )
    if state is _C.LOCKED and seen.publication is not None:
        return go_to(
            _("核对奖项和拟晋升等级，公布第 %(n)s 版", n=seen.publication.version + 1),
            _("第 %(n)s 版还公布着，选手看到的是它。", n=seen.publication.version),
            _("去核对"),
            allowed_url("organiser.awards"),
        )
    if state is _C.LOCKED:
        return go_to(
            _("核对奖项和拟晋升等级，公布成绩"),
            _("待批准 %(n)s 人。公布后选手扫码才看得到成绩。", n=seen.certificates.undecided)
            if seen.certificates.undecided and not why_notice_first(competition)
            else _("公布后选手扫码才看得到成绩。"),
            _("去核对"),
            allowed_url("organiser.awards"),
        )
    return (
        settling_step(competition, seen)
        or final_step(competition)
        or issue_step(competition, seen.certificates)
    )


def _series(entry: AuditEntry) -> tuple[str, str]:
    """Return the key of records that are told in one line if they follow each other."""
    return entry.action, entry.actor if entry.action == "checkin.pass" else entry.subject


def _records(
    competition: Competition,
    entries: list[AuditEntry],
    names: Mapping[str, str],
    judges: Mapping[int, str],
) -> list[tuple[str, str]]:
    """The last few, each with its time; what one judge sent in a row is one of them."""
    lines: list[tuple[str, str]] = []
    applicants = applicants_in(competition, entries)
    for (action, subject), group in groupby(joined_steps(entries), key=_series):
        run = list(group)
        if action == "acts.take":
            stored = sum((entry.after or {}).get("held", 0) for entry in run)
            text = _("裁判 %(what)s 上传 %(n)s 条", what=subject, n=stored)
            lines.append((moment_in_sentence(run[0].at), text))
        elif action == "checkin.pass" and len(run) > 1:
            text = _("%(who)s 检录了 %(n)s 个", who=subject, n=len(run))
            lines.append((moment_in_sentence(run[0].at), text))
        else:
            lines += [
                (moment_in_sentence(entry.at), record_text(entry, names, judges, applicants))
                for entry in run
            ]
    return lines[:RECORDS_SHOWN]
