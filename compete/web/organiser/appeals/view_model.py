"""Appeals in words: the list by the time left, and the chosen one with its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Appeal, AppealDecision, AppealEvidence, Competition, utc_now
from compete.services.accounts.access import may
from compete.services.appeals.appeal_states import appeals_of, deadline_of, is_open, to_carry_out
from compete.services.appeals.arbiter_recusals import instance_of, those_aside
from compete.services.appeals.arbiter_view import Matter, matter_of
from compete.services.appeals.decisions import (
    decides_alone,
    is_yes_no,
    why_not_agree,
    why_not_decide,
)
from compete.services.appeals.evidence import is_added
from compete.services.appeals.film_instants import instants_in, length_words
from compete.services.appeals.ordered_rulings import can_rule, carried_words
from compete.services.appeals.precedents import LIKENESS_WORDS, like_cases
from compete.services.appeals.second_instance import ways_to_decide
from compete.services.closing.penalties_and_outcomes import decision_label
from compete.services.judging.field_records import field_facts
from compete.services.kernel.appeal_terms import term_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.sheets.blind_codes import may_see_names
from compete.services.sheets.films import FILM
from compete.services.sheets.locks_in_force import lock_over
from compete.services.sheets.sent_documents import PDF
from compete.web.appeal_form.view_model import chip_of, decision_text, outcome_text, what_of
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.organiser.appeals.arbiters import arbiters_lacking
from compete.web.organiser.appeals.moved import moved_card
from compete.web.organiser.appeals.rules_form import rules_form
from compete.web.organiser.appeals.shapes import (
    DecisionLine,
    EvidenceItem,
)
from compete.web.organiser.judging.decisions.view_model import way_to_open, why_closed
from compete.web.organiser.judging.progress.to_do import locks_url
from compete.web.organiser.shapes import Link
from compete.web.shapes import Chip, choices
from compete.web.templating import moment, moment_in_sentence
from compete.web.upload_limit_words import limit_words
from compete.web.words import extra_time_words, signed_stops

Typed = Mapping[str, str]
MOST_LIKE = 8
"""The most earlier decisions that are listed."""


def appeals_page(
    competition: Competition,
    chosen: Appeal | None,
    *,
    typed: Typed,
    problem: str | None = None,
    rules: Mapping[str, object] | None = None,
) -> str:
    """The page; without a choice the one that is due first of those that wait for the reader."""
    appeals, lack = appeals_of(competition), arbiters_lacking(competition)
    if chosen is None and appeals:
        chosen = next((appeal for appeal in appeals if _waits_for_me(appeal)), appeals[0])
    return render_template(
        "organiser/appeals/appeals.html",
        rows=[
            (appeal, who_of(appeal), what_of(appeal), _time_chip(appeal) or chip_of(appeal))
            for appeal in appeals
        ],
        chosen=chosen,
        typed=typed,
        chips=_chips(appeals),
        lacking=_("%(what)s。%(detail)s", what=lack[0], detail=lack[1]) if lack else None,
        appoints=may_do(Right.APPOINT),
        until=_(
            "现在 %(now)s。申诉时间是 %(hours)s，过了时间系统不收，写明收到的时刻。",
            now=moment_in_sentence(utc_now()),
            hours=say(term_words(competition, settings_of(competition).appeal_hours)),
        ),
        rules=(rules or rules_form(competition)) if may_do(Right.SET_UP) else None,
        problem=problem,
        **(_detail(chosen) if chosen is not None else {}),
    )


def _waits_for_me(appeal: Appeal) -> bool:
    """Say whether the reader has to decide it, or to carry out the decision."""
    if to_carry_out(appeal):
        return may_do(Right.RULE)
    if not (may_do(Right.FIRST_WORD) or may_do(Right.LAST_WORD)):
        return False
    return why_not_decide(appeal, current_user) is None


def who_of(appeal: Appeal) -> str:
    """The contestant by name and number, or where that is not to be known by the code."""
    entrant = appeal.entrant
    if may_see_names(appeal.competition, [entrant.event], current_user):
        return f"{entrant.name} {entrant.code}"
    return decision_label(entrant)


def _time_chip(appeal: Appeal) -> Chip | None:
    """Show the time left to answer, or since when it is late."""
    until = deadline_of(appeal)
    if until is None:
        return None
    left = int((until - utc_now()).total_seconds() // 60)
    if left < 0:
        return Chip(text=_("过了答复时间"), kind="bad", icon="clock")
    text = (
        ngettext("%(num)s 分钟", "%(num)s 分钟", left)
        if left < 120
        else ngettext("%(num)s 小时", "%(num)s 小时", left // 60)
    )
    return Chip(text=text, kind="bad" if left < 60 else "warn", icon="clock")


def _chips(appeals: Sequence[Appeal]) -> list[Chip]:
    due = [until for appeal in appeals if (until := deadline_of(appeal)) is not None]
    chips = []
    if due:
        text = ngettext(
            "%(num)s 件要答复，最早 %(at)s 前",
            "%(num)s 件要答复，最早 %(at)s 前",
            len(due),
            at=moment_in_sentence(min(due)),
        )
        chips.append(Chip(text=text, kind="bad", icon="clock"))
    ordered = sum(to_carry_out(appeal) for appeal in appeals)
    if ordered:
        text = ngettext("%(num)s 件等裁判长执行", "%(num)s 件等裁判长执行", ordered)
        chips.append(Chip(text=text, kind="warn", icon="clock"))
    if any(is_open(appeal) for appeal in appeals):
        chips.append(Chip(text=_("证书暂不发"), kind="", icon="lock"))
    return chips


def _detail(appeal: Appeal) -> dict[str, object]:
    """What the page says of the chosen appeal, beside the record of the module."""
    record = matter_of(appeal, _)
    why_not = why_not_decide(appeal, current_user)
    concerned = next((line for line in record.lines if line.concerned), None)
    like = like_cases(appeal, current_user)
    carries = to_carry_out(appeal)
    locked = _locked(appeal) if carries else None
    return {
        "record": record,
        "who": who_of(appeal),
        "what": what_of(appeal),
        "filed": _filed(appeal),
        "evidence": _evidence(appeal),
        "under_way": bool(instance_of(appeal)),
        "add_words": limit_words(),
        "facts": _facts(record),
        "like": [
            (
                *(case, say(LIKENESS_WORDS[case.likeness])),
                *(what_of(case.appeal), outcome_text(case.appeal) or ""),
            )
            for case in like[:MOST_LIKE]
        ],
        "more_like": max(0, len(like) - MOST_LIKE),
        "decisions": [_decision(row) for row in appeal.decisions if row.dropped_at is None],
        "decides": why_not is None,
        "outcomes": choices(ways_to_decide(appeal)),
        "yes_no": is_yes_no(appeal),
        "present": _("、").join(dict.fromkeys(concerned.values))
        if concerned and appeal.aspect
        else None,
        "alone": decides_alone(appeal),
        "why_not": say(why_not) if why_not is not None and instance_of(appeal) else None,
        "aside": [f"{name} {say(why)}" for name, why in those_aside(appeal)]
        if instance_of(appeal)
        else [],
        "deadline": deadline_of(appeal),
        "moved": moved_card(appeal),
        "may_rule": may_do(Right.RULE) and locked is None and can_rule(appeal),
        "carries": carries,
        "locked": locked,
        "carried": say(carried_words(appeal)) if appeal.carried_at else "",
    }


def _locked(appeal: Appeal) -> tuple[str, Link | None] | None:
    """Say why what was ordered cannot be put onto the sheets now, and the way to open them."""
    competition, entrant = appeal.competition, appeal.entrant
    if why_closed(competition) is not None:
        words = _("评分锁着。先由组委会解锁评分，再由两个人打开这个模块。")
        return words, way_to_open(competition)
    if lock := lock_over(entrant, appeal.stage, appeal.module):
        words = _("这个模块锁着，要两个人打开：裁判长或组委会申请，另一个人同意。")
        return words, Link(label=_("去解锁"), url=locks_url(lock))
    return None


def _filed(appeal: Appeal) -> str:
    at = moment(appeal.filed_at)
    if appeal.filing_until is None:
        return _("%(at)s 收到", at=at)
    until = moment_in_sentence(appeal.filing_until)
    return _("%(at)s 收到，在时间内（%(until)s 截止）", at=at, until=until)


def _evidence(appeal: Appeal) -> list[EvidenceItem]:
    return [
        EvidenceItem(
            at=_("%(at)s 补", at=moment(row.added_at)) if is_added(row) else moment(row.added_at),
            words=row.words if row.words or row.sha256 else _("材料已经删除"),
            who=_put_by(appeal, row),
            number=row.id,
            ending={PDF: "pdf", FILM: "mp4"}.get(row.media or "", "jpg" if row.sha256 else ""),
            instants=[
                (length_words(instant.seconds), instant) for instant in instants_in(row.words)
            ]
            if row.media == FILM
            else [],
        )
        for row in appeal.evidence
    ]


def _put_by(appeal: Appeal, row: AppealEvidence) -> str | None:
    """Name the person of the desk who put it with the appeal; nobody else: events may be blind."""
    if row.adder is None or not may(row.adder, appeal.competition, Right.SET_UP):
        return None
    return _("组委会 %(name)s", name=row.adder.name)


def _facts(matter: Matter) -> list[tuple[str, str]]:
    if matter.record is None:
        return []
    facts = field_facts(matter.record)
    lines = [
        (_("开始"), facts["started"] or "—"),
        (_("结束"), facts["ended"] or "—"),
    ]
    if facts["extra_minutes"] or facts.get("extra_seconds"):
        lines.append((_("补时"), extra_time_words(facts)))
    lines += [(_("停机"), stop) for stop in signed_stops(facts)]
    if facts["violations"]:
        lines.append((_("违规和故障"), facts["violations"]))
    return lines


def _decision(row: AppealDecision) -> DecisionLine:
    why = why_not_agree(row, current_user) if row.stood_at is None else None
    names = [row.maker.name, *([row.agreer.name] if row.agreer else [])]
    return DecisionLine(
        row=row,
        sentence=decision_text(row),
        who=_("%(names)s %(at)s", names=_("、").join(names), at=moment(row.stood_at))
        if row.stood_at
        else _("%(name)s 提的，等另一位同意", name=row.maker.name),
        why_not=say(why),
    )
