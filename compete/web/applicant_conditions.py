"""An evaluation's conditions in a phrase: which line holds, or what is short and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.eligibility import months_words
from compete.domain.evaluation.conditions import Line, LineState
from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.identity.certificate_number import spaced_number
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import months_until
from compete.domain.values.states import CompetitionState
from compete.models import Application, Competition, Entrant, Unit
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import ladder_of
from compete.services.registration.applicant_eligibility import (
    Meeting,
    conditions_of_applications,
    conditions_of_entrants,
    unmet_by,
    who_meets,
)
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.schedule.admissions import changed_words, standing_among
from compete.web.language import say
from compete.web.shapes import Chip
from compete.web.templating import day


def unmet_words(
    competition: Competition, rows: Sequence[Application], own: Unit
) -> Mapping[str, list[str]]:
    """Tell a unit which conditions those whom it enters do not meet, by public number."""
    words = {
        key: [say(finding.sentence) for finding in findings]
        for key, findings in unmet_by(competition, rows, own=own).items()
    }
    for key, short in shortfalls(competition, rows).items():
        words.setdefault(key, []).append(short)
    return words


def shortfalls_on_list(competition: Competition, entrants: Sequence[Entrant]) -> Mapping[str, str]:
    """Tell what each is short of who is on the list, or left it, and meets no line, by number."""
    if not competition_kind(competition).has_conditions:
        return {}
    states = conditions_of_entrants(competition, entrants)
    # A certificate that came after judging had begun bars from nothing here.
    bars = competition.state is CompetitionState.REGISTERING
    return {
        it.code: conclusion(states[it.code], ladder_of(it.event)).text
        for it in entrants
        if not states[it.code].eligible and (bars or states[it.code].barred is None)
    }


def not_admitted(competition: Competition, entrants: Sequence[Entrant]) -> Mapping[str, str]:
    """Tell why each has neither seat nor card who takes part and was not passed, by number."""
    if not competition_kind(competition).has_review:
        return {}
    meetings = {it.entrant: it for it in who_meets(competition) if not it.passed}
    waiting = [it for it in entrants if it.code in meetings]
    states = conditions_of_entrants(competition, waiting)
    return {
        it.code: why_not_admitted(meetings[it.code])
        or conclusion(states[it.code], ladder_of(it.event)).text
        for it in waiting
    }


def reviews_on_list(competition: Competition, entrants: Sequence[Entrant]) -> Mapping[str, str]:
    """Tell each who takes part what the review came to, by number: passed on which day, or what
    is short of it. For the person and their unit: who did it stands at the desk alone."""
    if not competition_kind(competition).has_review:
        return {}
    meetings = {it.entrant: it for it in who_meets(competition)}
    there = [it for it in entrants if it.code in meetings]
    standing = standing_among(competition, [it.id for it in there])
    short = not_admitted(competition, there)
    return {
        it.code: _("审核通过（%(day)s）", day=day(local_time(standing[it.id].admission.made_at)))
        if meetings[it.code].passed
        else _(
            "还没有通过审核：%(why)s",
            why=_("等组委会看") if meetings[it.code].ready else short[it.code],
        )
        for it in there
    }


def why_not_admitted(meeting: Meeting) -> str:
    """Tell what keeps somebody from being passed beside the conditions; empty for those."""
    if not meeting.eligible:
        return ""
    if meeting.changed:
        return _("通过以后改了：%(what)s", what=changed_since(meeting.changed))
    if meeting.returned:
        return _("退回的材料还没补来")
    if meeting.unseen:
        return _("材料还没看")
    return _("还没有人按通过")


def changed_since(changed: Sequence[str]) -> str:
    """Name what changed since somebody was passed."""
    return _("、").join(map(say, changed_words(changed)))


def names_not_admitted(competition: Competition, most: int) -> list[str]:
    """Name who was not passed, each with why, and say of how many more that is so."""
    codes = [it.entrant for it in who_meets(competition) if not it.passed]
    people = entrants_by_code(competition, codes[:most])
    whys = not_admitted(competition, list(people.values()))
    names = [
        _("%(name)s（%(why)s）", name=people[code].name, why=whys[code])
        for code in codes[:most]
        if code in whys
    ]
    more = len(codes) - len(names)
    return [*names, ngettext("另外 %(num)s 人", "另外 %(num)s 人", more)] if more else names


def shortfalls(competition: Competition, rows: Sequence[Application]) -> Mapping[str, str]:
    """Tell what each is short of who was entered and meets no line, by public number.

    By what they wrote themselves; of a contest nobody.
    """
    states = conditions_of_applications(competition, rows)
    return {
        row.public_id: conclusion(states[row.public_id], ladder_of(row.event)).text
        for row in rows
        if row.event is not None and row.public_id in states and not states[row.public_id].eligible
    }


def conclusion(state: LineState, ladder: Ladder) -> Chip:
    """Show the outcome of the application, how much is short and when it will be met."""
    if state.eligible:
        applies = state.applies
        if applies is None and state.exempt:
            return Chip(text=_("条件不够，特准"), kind="ok", icon="check-circle")
        if applies is None:
            return Chip(text=_("不看条件"), kind="ok", icon="check-circle")
        name = applies.line.cite or applies.line.code
        return Chip(text=_("符合：%(line)s", line=name), kind="ok", icon="check-circle")
    if state.barred is not None:
        present = say(grade_label(state.barred, ladder))
        text = _("这里已经发过%(grade)s证书，不能再报", grade=present)
        return Chip(text=text, kind="bad", icon="ban")
    if state.void is not None:
        text = _("现等级的证书 %(number)s 撤销了，不能算", number=spaced_number(state.void))
        return Chip(text=text, kind="bad", icon="ban")
    if state.earliest is not None:
        return Chip(
            text=_(
                "还差 %(time)s，%(day)s 满",
                time=say(months_words(months_until(state.earliest, state.day))),
                day=str(state.earliest),
            ),
            kind="bad",
            icon="warn",
        )
    if unknown := [line for line in state.lines if is_unknown(line)]:
        return Chip(
            text=ngettext("%(num)s 条路要补资料", "%(num)s 条路要补资料", len(unknown)),
            kind="warn",
            icon="warn",
        )
    none = ngettext("%(num)s 条路都不符合", "%(num)s 条路都不符合", len(state.lines))
    return Chip(text=none, kind="bad", icon="ban")


def is_unknown(line: Line) -> bool:
    """True if a line may hold once more is known, and fails by nothing that is known."""
    lacks = [condition for condition in line.asked if not condition.met]
    return bool(lacks) and all(condition.found is None for condition in lacks)
