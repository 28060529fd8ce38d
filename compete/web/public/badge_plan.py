"""A badge's page before publication: what comes next, the whole plan, what comes after it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.values.states import CompetitionState
from compete.models import Competition, Entrant, Slot, Withdrawal, utc_now
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import standing_withdrawal, withdrawal_word
from compete.services.kernel.results_plan import planned_results
from compete.services.results.contestants import version_without
from compete.services.results.result_stands import stand_of, why_taken_down
from compete.services.schedule.drawn_places import awaited_draws
from compete.services.schedule.stage_moves import Reached, how_far
from compete.web.applicant_conditions import reviews_on_list, shortfalls_on_list
from compete.web.language import in_a_row, say
from compete.web.templating import clock, day, moment, near_day, zone
from compete.web.words import station_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTime:
    """The session that comes next, or that runs now."""

    running: bool
    title: str
    slot: Slot
    station: tuple[str, str] | None
    """Its number, and what stands small behind it."""
    where: str | None
    """A station that is named in words."""
    place: str | None


PlanLine = tuple[str, str, str, str]
"""One session of the whole plan: day, time, what it is, and a note."""
AfterLast = tuple[str, str]
"""The words once the last session is over: title and text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The part of a badge's page that stands until results are published."""

    status: str
    taken_down: str | None = None
    """Why the notice was taken down, and what comes; None where it was not."""
    next_time: NextTime | None = None
    after_last: AfterLast | None = None
    deadline: str | None = None
    redraw: str | None = None
    """What is to be drawn again, as the draw that gave them a place was ended."""
    plan: list[PlanLine] = field(default_factory=list)
    wide: bool = False
    """True if days bear a year, which takes more room."""
    bring: str | None = None
    """The things to bring along."""


def next_batch_words(withdrawal: Withdrawal) -> str:
    """Tell who was moved to the next batch why."""
    return _("转到下一批考：%(why)s。下一批什么时候考，组委会另通知。", why=withdrawal.reason)


def describe_plan(entrant: Entrant) -> Plan:
    """The part of the page's context that stands until results are published."""
    if (withdrawal := standing_withdrawal(entrant)) is not None:
        out = say(withdrawal_word(withdrawal))
        if withdrawal.onward:
            return Plan(status=out, after_last=(out, next_batch_words(withdrawal)))
        short = shortfalls_on_list(entrant.competition, [entrant]).get(entrant.code)
        why = _("%(short)s。有疑问找组委会。", short=short) if short else ""
        return Plan(status=out, after_last=(out, why or _("不再参加。有疑问找组委会。")))
    stages = rules_of(entrant.event).stages
    names = {
        (stage.code, module.code): module.name
        if len(stages) == 1
        else _in_words(stage.name, module.name)
        for stage in stages
        for module in stage.modules
    }
    now = utc_now()
    slots = [(slot, slot.starts_at) for slot in entrant.slots if slot.starts_at]
    starts = [at for _slot, at in slots]
    over = [_end(slot, at, starts) <= now for slot, at in slots]
    following = next((slot for slot, past in zip(slots, over, strict=True) if not past), None)
    days = [near_day(at) for _slot, at in slots]
    untimed = [slot for slot in entrant.slots if slot.starts_at is None and slot.station]
    reached = how_far(entrant)
    here = any(slot.stage == reached.code for slot in entrant.slots) if reached else True
    taken_down = _taken_down(entrant)
    return Plan(
        status=_status(entrant, reached),
        taken_down=taken_down,
        next_time=_next_time(entrant, *following, names, now) if following else None,
        after_last=_after_last(entrant.competition, reached, placed=here)
        if following is None
        and taken_down is None
        and not untimed
        and (slots or (reached is not None and (reached.stopped or not reached.first)))
        else None,
        deadline=_deadline(entrant.competition, *following, now) if following else None,
        redraw=_redraw(entrant, names),
        plan=[
            (
                on,
                clock(at),
                _in_words(names.get((slot.stage, slot.module)), station_of(slot)),
                _in_words(
                    slot.session if slot.session != names.get((slot.stage, slot.module)) else None,
                    _("已结束") if past else None,
                    between=" · ",
                ),
            )
            for (slot, at), on, past in zip(slots, days, over, strict=True)
        ]
        + [
            (
                _("时间没定"),
                "",
                _in_words(names.get((slot.stage, slot.module)), station_of(slot)),
                "",
            )
            for slot in untimed
        ]
        + _results_line(entrant.competition, now),
        wide=any(on != day(at) for (_slot, at), on in zip(slots, days, strict=True)),
        bring=settings_of(entrant.competition).bring,
    )


def _redraw(entrant: Entrant, names: dict[tuple[str, str], str]) -> str | None:
    modules = [names.get(place, "") for place in awaited_draws(entrant)]
    if not modules:
        return None
    return _("“%(modules)s”原来抽的签作废了，等重新抽", modules=_("、").join(modules))


def _status(entrant: Entrant, reached: Reached | None) -> str:
    if stand_of(entrant.event).withdrawn_why:
        return _("公示已撤下，改好以后重新公布")
    without = version_without(entrant)
    if without is not None:
        return _("公布的第 %(n)s 版里还没有你的成绩", n=without.version)
    if reached is not None and reached.stopped:
        return _("止步%(stage)s", stage=reached.name)
    if reached is not None and not reached.first:
        return _("进入“%(stage)s”", stage=reached.name)
    if entrant.competition.state is CompetitionState.REGISTERING:
        review = reviews_on_list(entrant.competition, [entrant]).get(entrant.code)
        if review is not None:
            return review
    return _("成绩还没公布")


def _taken_down(entrant: Entrant) -> str | None:
    """Say why the notice was taken down, and what comes of it."""
    why = why_taken_down(stand_of(entrant.event), entrant.competition)
    if why is None:
        return None
    return in_a_row(
        [
            _("理由：%(why)s。", why=why.rstrip("。. ")),
            _("改好以后重新公布，扫同一个码就能看到。"),
        ]
    )


def _in_words(*parts: str | None, between: str = " ") -> str:
    """The parts that there are, each once: a session is often called like its module."""
    return between.join(dict.fromkeys(part for part in parts if part))


def _end(slot: Slot, at: datetime, starts: list[datetime]) -> datetime:
    """Return the end of a slot; without one it lasts until the next begins, at most that day."""
    if slot.ends_at:
        return slot.ends_at
    local = at.astimezone(zone())
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), zone())
    return min((later for later in starts if at < later < midnight), default=midnight)


def _next_time(
    entrant: Entrant, slot: Slot, at: datetime, names: dict[tuple[str, str], str], now: datetime
) -> NextTime:
    number = re.fullmatch(r"第?([0-9]{1,4})(号?)(?:工位)?", slot.station or "")
    name = names.get((slot.stage, slot.module), "")
    return NextTime(
        running=at <= now,
        title=_in_words(near_day(at), name, slot.session),
        slot=slot,
        station=(number[1], number[2]) if number else None,
        # A station named in words stands in a line of its own: beside the times it has no room.
        where=station_of(slot) if slot.station and not number else None,
        place=settings_of(entrant.competition).place or entrant.competition.venue,
    )


def _deadline(competition: Competition, slot: Slot, at: datetime, now: datetime) -> str | None:
    """Say until when to check in for the next session; None if nobody checks in, or it runs."""
    if slot.check_in_at is None or at <= now:
        return None
    closes = at - timedelta(minutes=settings_of(competition).check_in_closes)
    if closes <= now:
        return _("%(at)s 停止检录，已经过了：马上找检录处。", at=clock(closes))
    return _("%(at)s 停止检录，过了时间要组委会同意才放行。", at=clock(closes))


def _results_line(competition: Competition, now: datetime) -> list[PlanLine]:
    """Say when results are to come out, in the plan; nothing if that is not set or over."""
    at = planned_results(competition)
    if at is None or at < now:
        return []
    return [(near_day(at), clock(at), _("成绩公布"), _("扫同一个码"))]


def _after_last(competition: Competition, reached: Reached | None, *, placed: bool) -> AfterLast:
    """Say what comes after the last session of the plan: a further stage, or the results.

    `placed`: there is a place for them in the stage that they reached.
    """
    if reached is not None and not reached.first and not placed:
        return (
            _("进入“%(stage)s”", stage=reached.name),
            _("时间和工位还没定，定下来会显示在这里，扫同一个码就能看到。"),
        )
    if reached is not None and reached.following and not reached.stopped:
        return (
            _("“%(stage)s”的场次都结束了", stage=reached.name),
            _(
                "谁进“%(following)s”，“%(stage)s”评完、锁定以后定，扫同一个码就能看到。",
                following=reached.following,
                stage=reached.name,
            ),
        )
    days, at = settings_of(competition).notice_days, planned_results(competition)
    sentences = [_("成绩公布后，扫同一个码就能看到。")]
    if at is not None and at >= utc_now():
        sentences = [_("成绩计划 %(at)s 公布，扫同一个码就能看到。", at=moment(at))]
    elif at is not None:
        sentences.insert(0, _("成绩原来计划 %(at)s 公布，还在核对。", at=moment(at)))
    if days > 0:
        sentences.append(
            ngettext("公布后公示 %(num)s 个工作日。", "公布后公示 %(num)s 个工作日。", days)
        )
    if reached is not None and reached.stopped:
        return (
            _("止步%(stage)s", stage=reached.name),
            in_a_row(
                [
                    _(
                        "没有进“%(following)s”，在“%(stage)s”的成绩算数。",
                        following=reached.following,
                        stage=reached.name,
                    ),
                    *sentences,
                ]
            ),
        )
    return (_("你的场次都结束了"), in_a_row(sentences))
