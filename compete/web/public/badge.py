"""A badge's page in words: before publication when and where, after it the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.attempts import UNCOUNTED, WAIVED, WAIVED_WORD
from compete.domain.bundle.crews import heads
from compete.domain.grades.ladder import grade_label, ladder_in
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.states import CompetitionState, ResultState
from compete.models import Competition, Entrant, Member, Publication, utc_now
from compete.services.appeals.appeal_states import appeals_of_entrant, is_open, open_appeals
from compete.services.appeals.windows import why_over
from compete.services.hall.own_row import own_row
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.public_reasons import public_note
from compete.services.registration.consents import has_consented
from compete.services.registration.people import brought_by
from compete.services.results.bends import bends_of, renewed_sheets
from compete.services.results.contestants import ModuleLine, Verdict
from compete.services.results.event_lines import published_ties
from compete.services.results.judge_comments import comments_for
from compete.services.results.result_stands import stand_words
from compete.services.results.snapshots import read_snapshot, stored_fault
from compete.services.scoring.aspect_profile import AspectChart, aspect_chart
from compete.services.scoring.grade_rules import scorer_of
from compete.web.documents import chip_of_documents
from compete.web.drawing.charts import Radar, radar, share
from compete.web.language import in_a_row, say
from compete.web.pages import fields_of
from compete.web.public.badge_certificates import badge_certificates
from compete.web.public.badge_plan import describe_plan
from compete.web.public.grade_words import describe_assessed, describe_grades
from compete.web.section_bars import section_bars
from compete.web.templating import clock, moment, near_day, plain
from compete.web.verdict_words import verdict_word, why_words
from compete.web.words import amount_words, outcome_word


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleBar:
    """A module's score and its bar; shares are of a hundred."""

    name: str
    weight: str | None
    value: str
    bad: bool
    """True if it did not pass."""
    median: str | None
    share: Decimal
    median_share: Decimal | None
    note: str | None


def _module_bars(verdict: Verdict, appealed: Set[tuple[str, str]] = frozenset()) -> list[ModuleBar]:
    """List the parts of the total: what an earlier stage brings stands first.

    `appealed` are the stages and modules about which an appeal of theirs is open.
    """
    here = {stage.code for stage in verdict.rules.stages if stage.name == verdict.stage}
    modules = {module for stage, module in appealed if stage in here}
    own = verdict.carried.own if verdict.carried else Decimal(1)
    shares = not any(stage.is_in_points for stage in verdict.rules.stages if stage.code in here)
    bars = [
        _flagged(_module(line, own, shares=shares), line.code in modules)
        for line in verdict.modules
    ]
    carried = verdict.carried
    if carried is None:
        return bars
    full = Decimal(carried.full)
    earlier = ModuleBar(
        name=carried.name,
        weight=_weighs(100 * carried.weight),
        value=carried.total,
        bad=False,
        median=carried.median,
        share=share(Decimal(carried.total), full),
        median_share=share(Decimal(carried.median), full) if carried.median else None,
        note=None,
    )
    return [_flagged(earlier, any(stage not in here for stage, _module in appealed)), *bars]


def _flagged(bar: ModuleBar, appealed: bool) -> ModuleBar:
    if not appealed:
        return bar
    return replace(bar, note=_("、").join([_("申诉中"), *([bar.note] if bar.note else [])]))


def _weighs(percent: Decimal) -> str:
    return _("占 %(n)s%%", n=plain(percent))


def _module(line: ModuleLine, own: Decimal, *, shares: bool) -> ModuleBar:
    """`own` is how much the stage's own total counts beside what an earlier one brings.

    `shares`: weights are shares of the whole, and not points as they were given.
    """
    full = Decimal(line.full)
    absent = next((outcome_word(flag) for flag in ("dns", "dsq") if flag in line.flags), None)
    if WAIVED in line.flags:
        absent = say(WAIVED_WORD)
    value = line.score if line.score is not None else "—"
    return ModuleBar(
        name=line.name,
        # A weight inside a part is a share of the part, not of the whole.
        weight=None
        if line.in_part or line.weight is None or not shares
        else _weighs(Decimal(line.weight) * own),
        value=absent or value,
        bad=line.passes is False and absent is None,
        median=line.median,
        share=share(Decimal(line.score or 0), full) if absent is None else Decimal(0),
        median_share=share(Decimal(line.median), full) if line.median else None,
        note=_("、").join(_notes(line) if not absent else ()) or None,
    )


def _notes(line: ModuleLine) -> Iterator[str]:
    """What there is to say of a score, penalties with what they take."""
    for flag in line.flags:
        taken = amount_words(*line.taken) if flag == "penalised" else []
        yield from taken or (_flag(flag),)


def _flag(flag: str) -> str:
    words = {
        "penalised": _("有扣罚"),
        "disputed": _("有争议"),
        "incomplete": _("没评完"),
        "carried": _("以前考的，留用"),
        "carry_void": _("带来的成绩作废了"),
        UNCOUNTED: _("不计，取最好的"),
    }
    return words.get(flag) or outcome_word(flag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The own result."""

    chip: str
    """The version, and whether it is still on notice."""
    place_name: str
    """The name of `rank`; in an evaluation, where nobody has one, `unranked` is the verdict."""
    rank: int | None
    unranked: str | None
    """Why there is no rank."""
    total: str | None
    total_name: str
    """The name of the total: with its stage's if it was over before the last one."""
    of: str
    """The number of ranked people, in words."""
    awards: list[str]
    note: str | None = None
    """The differences of a version after the first."""
    scaled: str | None = None
    """The standard score, in an event that has them."""
    tie: str | None = None
    """What parted the holder from who stands before with the same total."""
    before: str | None = None
    """The holder's result in the version before, or that it was the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealWords:
    """The time until which one may object."""

    left: str | None
    text: str
    open: bool
    """True if there is a way to it."""
    filed: bool


def badge_page(
    holder: Entrant | Member, entrant: Entrant, token: str, verdict: Verdict | None
) -> str:
    """Render the badge's page: the plan, or with a `verdict` the results as they stand now."""
    competition = entrant.competition
    rest = _published(entrant, verdict) if verdict else _planned(entrant)
    return render_template(
        "public/contestant.html",
        heading=competition.name,
        subheading=entrant.event.name,
        # What is published is the snapshot: a name corrected since comes with a new version.
        name=verdict.name if verdict else entrant.name,
        unit=verdict.unit if verdict else entrant.unit.name,
        number=entrant.code,
        contact=_contact(competition),
        published=verdict is not None,
        link=token,
        agreeing=_consenting_people(holder),
        of_crew=bool(entrant.members),
        documents=chip_of_documents(entrant) if verdict is None else None,
        **rest,
    )


def people_behind(holder: Entrant | Member) -> Sequence[Entrant | Member]:
    """Return the people a badge speaks for: one of a crew, or all by a shared one."""
    if isinstance(holder, Member):
        return [holder]
    return [*holder.members] or [holder]


def _consenting_people(holder: Entrant | Member) -> Sequence[Entrant | Member] | None:
    """Return the people whose whole names are published and may be masked; None for nobody.

    Who holds a badge of their own in a crew takes back their own consent alone.
    """
    entrant = holder.entrant if isinstance(holder, Member) else holder
    if not settings_of(entrant.competition).full_names:
        return None
    return [person for person in people_behind(holder) if has_consented(person)]


def _planned(entrant: Entrant) -> dict[str, object]:
    """Return the part of a badge's page that the plan fills.

    While a notice is taken down certificates stand there as whoever looks one up sees them.
    """
    plan = describe_plan(entrant)
    certificates = badge_certificates(entrant) if plan.taken_down is not None else []
    best = own_row(entrant) if plan.taken_down is None else None
    return {**fields_of(plan), "certificates": certificates, "best": best}


def _published(entrant: Entrant, verdict: Verdict) -> dict[str, object]:
    """Return the part of a badge's page that results fill."""
    publication, competition = verdict.publication, entrant.competition
    certificates, appeals = badge_certificates(entrant), appeals_of_entrant(entrant)
    still_open = [appeal for appeal in appeals if is_open(appeal)]
    chart = _aspects(entrant, verdict) if verdict.judged is None else None
    return {
        "result": _judged(entrant, verdict)
        if verdict.judged is not None
        else Result(
            chip=_chip(verdict),
            place_name=_("名次"),
            rank=verdict.rank,
            unranked=None if verdict.rank is not None else _unranked(verdict.status),
            # Who is absent has no total: a sum of what they did before would read as one.
            total=verdict.total if verdict.rank is not None else None,
            total_name=_total_name(verdict.stopped),
            of=_("%(who)s参评", who=say(heads(verdict.ranked, verdict.crewed))),
            awards=[*verdict.awards, *(say(title) for title in verdict.honours)],
            note=public_note(publication) or None,
            scaled=verdict.scaled,
            tie=_tie(entrant, verdict),
            before=_before(verdict),
        ),
        "team": verdict.team,
        "modules": _module_bars(verdict, {(appeal.stage, appeal.module) for appeal in still_open}),
        "sections": section_bars(entrant),
        "renewed": _renewed_judges(entrant),
        "comments": comments_for(entrant, verdict),
        "aspects": chart,
        "radar": _aspect_radar(chart) if chart is not None else None,
        "grades": describe_grades(entrant, verdict)
        if verdict.judged is None
        else [describe_assessed(entrant, verdict, verdict.judged)],
        "appeal": _appeal(entrant, verdict, filed=bool(appeals)),
        "under_appeal": bool(still_open),
        "certificates": certificates,
        "certificates_to_come": None if certificates else _certificates_to_come(verdict, entrant),
        "bends": [say(bend.line) for bend in bends_of(competition, entrant.event.code)],
        "words": hash_phrase(bytes.fromhex(publication.sha256)),
        "unchanged": stored_fault(publication) is None,
        "publication": publication,
        "evaluation": competition_kind(competition).gives_verdicts,
        "code": competition.code,
    }


def _judged(entrant: Entrant, verdict: Verdict) -> Result:
    """Describe somebody's verdict in an evaluation, and what is short."""
    row, publication = verdict.judged, verdict.publication
    assert row is not None
    why = why_words(verdict.rules, row, brought_by(entrant.carried))
    return Result(
        chip=_chip(verdict),
        place_name=_("结果"),
        rank=None,
        unranked=verdict_word(row.verdict)
        if row.eligible or row.verdict != "pass"
        else _("考试合格，这次没有认定"),
        total=None,
        total_name="",
        of=_("说明") if why else "",
        awards=why.split(_("；")) if why else [],
        note=public_note(publication) or None,
    )


def _tie(entrant: Entrant, verdict: Verdict) -> str | None:
    why = published_ties(verdict.publication, entrant.event.code).people.get(entrant.code)
    return say(why) if why is not None else None


def _before(verdict: Verdict) -> str | None:
    """Say how the own place, total, awards and grade differed in the version before."""
    then = verdict.earlier
    if then is None:
        return None
    parts = []
    if (then.rank, then.status) != (verdict.rank, verdict.status):
        parts.append(
            _("第 %(n)s 名", n=then.rank) if then.rank is not None else _unranked(then.status)
        )
    total = verdict.total if verdict.rank is not None else None
    if (then.total, then.stopped) != (total, verdict.stopped) and then.total is not None:
        parts.append(f"{_total_name(then.stopped)} {then.total}")
    if sorted(then.awards) != sorted(verdict.awards):
        parts.append(_("、").join(then.awards) or _("没有奖项"))
    if then.promoted != {grade.member: grade.grade for grade in verdict.grades if grade.promoted}:
        ladder = ladder_in(verdict.rules)
        grades = _("、").join(say(grade_label(it, ladder)) for it in then.promoted.values())
        parts.append(_("拟晋升 %(grade)s", grade=grades) if grades else _("没有晋升"))
    if not parts:
        return _("名次、总成绩和奖项，同第 %(n)s 版一样。", n=then.version)
    return _("原来（第 %(n)s 版）：%(said)s。", n=then.version, said=_("，").join(parts))


def _total_name(stopped: str | None) -> str:
    """Name a total of an earlier stage, which is none of the last and may beat a winner's."""
    return _("%(stage)s 总分", stage=stopped) if stopped else _("总成绩")


def _renewed_judges(entrant: Entrant) -> list[str]:
    """The codes of those judges whose marks came in after their sign-in code was renewed."""
    sheets = renewed_sheets(entrant.competition)
    return sorted({sheet.judge.code for sheet in sheets if sheet.entrant_id == entrant.id})


def _aspects(entrant: Entrant, verdict: Verdict) -> AspectChart | None:
    bundle, _results = read_snapshot(verdict.publication)
    return aspect_chart(scorer_of(bundle).events[verdict.rules.code], entrant.code)


def _aspect_radar(chart: AspectChart) -> Radar:
    return radar(
        [line.name for line in chart.lines],
        [line.my_share for line in chart.lines],
        [line.median_share for line in chart.lines],
    )


def _unranked(status: str) -> str:
    return _("还没评完") if status == "incomplete" else outcome_word(status)


def _contact(competition: Competition) -> str | None:
    """Say whom to ask: the line set for it, else the host by name."""
    return settings_of(competition).contact or (
        _("有事找组委会（%(host)s）", host=competition.host) if competition.host else None
    )


def _chip(verdict: Verdict) -> str:
    version = verdict.publication.version
    return _("%(state)s · 第 %(n)s 版", state=say(stand_words(verdict.stand)), n=version)


def _appeal(entrant: Entrant, verdict: Verdict, *, filed: bool) -> AppealWords | None:
    """Say until when one may object and how long the notice runs; nothing if neither is known.

    Who has `filed` one is led to it, whatever the time; nobody else once it is over.
    """
    until, notice = verdict.publication.appeals_until, verdict.stand.notice_until
    now = utc_now()
    if until is None and notice is None:
        return None
    left, sentences = None, []
    over = why_over(entrant)
    if over is not None and until is not None and until > now:
        final = (
            verdict.stand.state is ResultState.FINAL
            or entrant.competition.state is CompetitionState.FINAL
        )
        sentences.append(_("成绩已经终审，不再受理申诉。") if final else _("申诉时间已经过了。"))
    elif until is not None and until > now:
        left = _time_left(until, now)
        sentences.append(_("对评分，%(at)s 前可以申诉，由本人或单位在这里提出。", at=moment(until)))
    elif until is not None:
        sentences.append(_("申诉时间到 %(at)s 为止，已经过了。", at=moment(until)))
    if notice is not None and notice > now:
        sentences.append(
            _("名单公示到 %(at)s，有异议这以前都可以向组委会提出。", at=moment(notice))
        )
    elif notice is not None:
        sentences.append(_("公示已于 %(at)s 结束。", at=moment(notice)))
    return AppealWords(
        left=left,
        text=in_a_row(sentences),
        open=filed or over is None,
        filed=filed,
    )


_STEPS = ((2 * 24 * 60, 24 * 60), (2 * 60, 60))
"""The minutes before the end, and the minutes from one word to the next."""


def _time_left(until: datetime, now: datetime) -> str:
    """Say how long one may appeal yet; in the last two hours until when, as pages stand still."""
    days, hours = (step for _least, step in _STEPS)
    minutes = int((until - now).total_seconds() // 60)
    if minutes >= _STEPS[0][0]:
        return ngettext("还剩 %(num)s 天", "还剩 %(num)s 天", minutes // days)
    if minutes >= _STEPS[1][0]:
        return ngettext("还剩 %(num)s 小时", "还剩 %(num)s 小时", minutes // hours)
    return _("%(at)s 截止", at=clock(until))


def appeal_words_change(publication: Publication) -> datetime | None:
    """Time at which `_time_left` says something else than now, if it does before the end."""
    until = publication.appeals_until
    if until is None:
        return None
    minutes = int((until - utc_now()).total_seconds() // 60)
    for least, step in _STEPS:
        if minutes >= least:
            return until - timedelta(minutes=minutes // step * step)
    return None


def _certificates_to_come(verdict: Verdict, entrant: Entrant) -> str | None:
    """Say when certificates come, to whoever has something coming."""
    if not (verdict.awards or verdict.honours or verdict.promoted):
        return None
    if open_appeals(entrant.competition, entrant.event):
        return _("有申诉还没有了结，了结以后才发证，发了在这里能看到。")
    until = verdict.stand.notice_until
    if until is not None and verdict.stand.runs:
        return _("公示到 %(day)s，期满后发证，发了在这里能看到。", day=near_day(until))
    if not verdict.stand.stands and until is None:
        return _("成绩定下来以后发证，发了在这里能看到。")
    if not verdict.stand.stands:
        return _("公示期满了，成绩定下来以后发证，发了在这里能看到。")
    return _("还没有发证，发了在这里能看到。")
