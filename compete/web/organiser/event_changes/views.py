"""A change of an event's rules: looked at, agreed to or refused by two, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.values.messages import listed
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.rights import Right
from compete.models import Competition, RuleChange
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.rule_changes.affected_people import (
    NamedBesides,
    moved_besides_named,
    moved_people,
)
from compete.services.rule_changes.approvals import SeatState, seats_of
from compete.services.rule_changes.changes import (
    SEAT_WORDS,
    NoLongerFitsError,
    Seat,
    agree_change,
    both_rules,
    may_withdraw,
    refuse_change,
    rule_changes,
    touched_by,
    why_not_fit,
    withdraw_change,
)
from compete.services.rule_changes.impact_on_awards import What
from compete.services.rule_changes.impact_on_scores import Redone, Touched
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.event_changes.differences import differences
from compete.web.organiser.events.change_words import change_chip, change_line, change_title
from compete.web.organiser.rule_differences import ChangeLine, DifferenceGroup, ended_words
from compete.web.organiser.shapes import CompetitionLink, Link, competition_link
from compete.web.pages import fields_of, own_row
from compete.web.refusals import status_of
from compete.web.shapes import Chip
from compete.web.templating import moment


def _holds_words(change: RuleChange) -> str:
    """Say by which rules all is scored."""
    if change.state is CorrectionState.ASKED:
        return _("裁判长和监督都同意才生效；生效以前都照原来的规则算。")
    if change.number is None:
        return _("规则没有变。")
    newest = change.event.rules.number
    if change.number < newest:
        return _("后来又换了，现在照第 %(n)s 版算。", n=newest)
    return _("名次、成绩、奖项都照这一版算。")


def _touched_words(found: Touched) -> Iterator[str]:
    """Say how many sheets are scored again, never whose."""
    if found.sheets:
        yield ngettext("%(num)s 张评分表的得分重新算", "%(num)s 张评分表的得分重新算", found.sheets)
    if Redone.TOTALS in found.redone:
        yield ngettext(
            "%(num)s 名评过的选手，总成绩和名次重新算",
            "%(num)s 名评过的选手，总成绩和名次重新算",
            found.people,
        )
    elif Redone.RANKS in found.redone:
        yield ngettext(
            "%(num)s 名评过的选手，名次重新排",
            "%(num)s 名评过的选手，名次重新排",
            found.people,
        )
    words = {
        Redone.TEAMS: _("团体名次"),
        Redone.UNITS: _("单位名次"),
        Redone.ITEMS: _("单项名次"),
        Redone.AWARDS: _("奖项"),
        Redone.GRADES: _("拟晋升"),
    }
    rest = [words[kind] for kind in found.redone if kind in words]
    if rest:
        yield _("重新定：%(what)s", what=_("、").join(rest))
    if not found.redone and not found.sheets:
        yield _("只改文字，一个分也不重新算")
    if found.signed:
        yield ngettext(
            "%(num)s 张签过名的评分表得分会变，签名作废，要裁判重新签",
            "%(num)s 张签过名的评分表得分会变，签名作废，要裁判重新签",
            found.signed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """A person whose rank or total changed as the rules took effect."""

    stage: str
    """Its name, where the event has several."""
    number: str
    name: str
    unit: str
    ranks: tuple[str, str]
    totals: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BesidesRow:
    """An award, grade, item, team or unit that became another."""

    what: str
    name: str
    under: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedTable:
    """The people who moved. `hidden`: why the viewer may not see; `more`: how many have no row."""

    rows: Sequence[MovedRow]
    several: bool
    more: int
    besides: Sequence[BesidesRow]
    more_besides: int
    hidden: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """One of the two who have to agree: chief judge or supervisor."""

    title: str
    chip_of: Chip
    said: str
    """The person who agreed and when, or why the viewer cannot."""
    act_url: str | None
    """The address at which the viewer agrees or refuses; None for those who may not."""
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChangePage:
    """A change, as it was asked for and as it ended."""

    competition: CompetitionLink
    event: Link
    """The event with its form of rules; an empty address for those who may not open it."""
    title: str
    below: str
    """Words on the present rules: these, those before, or later ones."""
    chip_of: Chip
    """Its state; `chip` is the macro that draws it."""
    reason: str
    said: Sequence[str]
    """The people who asked and who ended it, when, with why."""
    asked: bool
    """True if it waits."""
    touched: Sequence[str]
    """The numbers of sheets scored again; empty once that is done."""
    misfits: Sequence[str]
    """Why it does not fit any more as things stand now."""
    differences: Sequence[DifferenceGroup]
    moved: MovedTable | None
    """The people moved; None until it is in force: nobody is to agree by who gains."""
    seats: Sequence[SeatLine]
    people_url: str | None
    """The address to add somebody, if a seat is vacant and the viewer may."""
    withdraw_url: str | None
    standings_url: str | None
    others: Sequence[ChangeLine]
    """The event's other changes, newest first."""
    problem: str | None
    typed: str
    """Why it is refused, as it was typed."""
    typed_in: str
    """The seat in which it was typed."""


_SHOWN = 200
"""The most of those who moved that stand in the table."""
_NONE = "—"


def _describe_event_change(
    competition: Competition,
    change: RuleChange,
    *,
    problem: str | None = None,
    typed: str = "",
    typed_in: str = "",
) -> EventChangePage:
    """Describe one change. Those who may agree see how, all others see who can."""
    before, after = both_rules(change)
    event, code = change.event, competition.code
    asked = change.state is CorrectionState.ASKED
    seats = seats_of(change, current_user)
    form = allowed_url("organiser.event_rules", code=code, event=event.code)
    return EventChangePage(
        competition=competition_link(competition),
        event=Link(label=event.name, url=form or ""),
        title=change_title(change),
        below=_holds_words(change),
        chip_of=change_chip(change),
        reason=change.reason,
        said=ended_words(change, _("%(at)s 生效", at=moment(change.ended_at))),
        asked=asked,
        touched=list(_touched_words(touched_by(change))) if asked else [],
        misfits=[say(why) for why in why_not_fit(change)] if asked else [],
        differences=differences(competition, before, after),
        moved=_moved(change) if change.state is CorrectionState.AGREED else None,
        seats=[_seat(change, seat) for seat in seats],
        people_url=allowed_url("organiser.judges", code=code, people=1)
        if any(seat.vacant for seat in seats)
        else None,
        withdraw_url=url_for("organiser.withdraw_event_change", code=code, number=change.id)
        if asked and may_withdraw(change, current_user)
        else None,
        standings_url=allowed_url("organiser.standings", code=code),
        others=[change_line(each) for each in rule_changes(event) if each.id != change.id],
        problem=problem,
        typed=typed,
        typed_in=typed_in,
    )


def _seat(change: RuleChange, seat: SeatState) -> SeatLine:
    if seat.agreed is not None:
        chip = Chip(text=_("同意了"), kind="ok", icon="check-circle")
        said = _("%(who)s %(at)s 同意", who=seat.agreed.name, at=moment(seat.at))
    elif change.state is not CorrectionState.ASKED:
        chip, said = Chip(text=_("没表态"), kind=""), ""
    else:
        kind, icon = ("bad", "warn") if seat.vacant else ("warn", "clock")
        chip = Chip(text=_("没有人") if seat.vacant else _("还没表态"), kind=kind, icon=icon)
        said = say(seat.why_not) if seat.why_not is not None else ""
    return SeatLine(
        title=say(SEAT_WORDS[seat.seat]),
        chip_of=chip,
        said=said,
        act_url=url_for(
            f"organiser.event_change_{seat.seat.value}",
            code=change.competition.code,
            number=change.id,
        )
        if seat.open
        else None,
        key=seat.seat.value,
    )


def _moved(change: RuleChange) -> MovedTable:
    people = moved_people(change, current_user)
    if people is None:
        return MovedTable(
            rows=[],
            several=False,
            more=0,
            besides=[],
            more_besides=0,
            hidden=_("盲评：锁定评分以后才看得到谁变了"),
        )
    _before, after = both_rules(change)
    besides = moved_besides_named(change, current_user)
    names = {stage.code: stage.name for stage in after.stages}
    return MovedTable(
        rows=[
            MovedRow(
                stage=names.get(each.moved.stage, each.moved.stage),
                number=each.moved.entrant,
                name=each.name,
                unit=each.unit,
                ranks=(_rank(each.moved.ranks[0]), _rank(each.moved.ranks[1])),
                totals=(each.moved.totals[0] or _NONE, each.moved.totals[1] or _NONE),
            )
            for each in people[:_SHOWN]
        ],
        several=len(names) > 1,
        more=max(len(people) - _SHOWN, 0),
        besides=[_besides(each, ladder_of(change.event)) for each in besides[:_SHOWN]],
        more_besides=max(len(besides) - _SHOWN, 0),
        hidden=None,
    )


def _besides(each: NamedBesides, ladder: Ladder) -> BesidesRow:
    moved = each.moved
    words = {
        What.AWARDS: _("奖项"),
        What.TEAM_AWARDS: _("团体奖"),
        What.GRADE: _("拟晋升"),
        What.ITEM: _("单项 %(item)s", item=moved.of),
        What.TEAM: _("团体"),
        What.UNIT: _("单位"),
    }
    return BesidesRow(
        what=words[moved.what],
        name=each.name,
        under=moved.holder,
        was=_said(moved.what, moved.was, ladder),
        now=_said(moved.what, moved.now, ladder),
    )


def _said(what: What, parts: Sequence[str], ladder: Ladder) -> str:
    """Awards by name, a grade in words, else the rank with its score."""
    if not parts:
        return _NONE
    if what in (What.AWARDS, What.TEAM_AWARDS):
        return say(listed(parts))
    if what is What.GRADE:
        return say(grade_label(int(parts[0]) if parts[0].isdecimal() else None, ladder))
    rank, score = parts
    return _("第 %(rank)s，%(score)s", rank=rank or _NONE, score=score)


def _rank(rank: int | None) -> str:
    return _NONE if rank is None else str(rank)


_PAGE = "organiser/event_changes/change.html"


@face.get("/<code>/events/changes/<int:number>")
@guard.may(Right.SEE, of=guard.SKILLS)
def event_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Show old rules beside new ones; once they are in force, who moved."""
    page = _describe_event_change(competition, own_row(RuleChange, competition, number))
    return render_template(_PAGE, **fields_of(page))


@face.post("/<code>/events/changes/<int:number>/chief")
@guard.may(Right.RULE, of=guard.SKILLS)
def event_change_chief(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree as the chief judge, or refuse with a reason."""
    return _answered(competition, number, Seat.CHIEF)


@face.post("/<code>/events/changes/<int:number>/supervisor")
@guard.may(Right.OVERSEE, of=guard.SKILLS)
def event_change_supervisor(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree as the supervisor, or refuse with a reason."""
    return _answered(competition, number, Seat.SUPERVISOR)


@face.post("/<code>/events/changes/<int:number>/withdraw")
@guard.may(Right.SET_UP, of=guard.SKILLS)
def withdraw_event_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Withdraw the change, as the person who asked for it."""
    change = withdraw_change(own_row(RuleChange, competition, number), current_user)
    flash(_("撤回了，规则不变"), "ok")
    return _back(competition, change)


def _answered(competition: Competition, number: int, seat: Seat) -> ResponseReturnValue:
    change, why = own_row(RuleChange, competition, number), request.form.get("reason", "")
    try:
        if request.form.get("act") == "refuse":
            refuse_change(change, seat, why, current_user)
            flash(_("没同意，规则不变"), "ok")
            return _back(competition, change)
        change = agree_change(change, seat, current_user)
    except Refused as refused:
        if refused.kind is not Refusal.INVALID and not isinstance(refused, NoLongerFitsError):
            raise
        page = _describe_event_change(
            competition, change, problem=say(refused.message), typed=why, typed_in=seat.value
        )
        return render_template(_PAGE, **fields_of(page)), status_of(refused)
    if change.state is CorrectionState.AGREED:
        flash(_("两个人都同意了，第 %(n)s 版规则生效，都重新算过了", n=change.number), "ok")
    else:
        flash(_("同意了，还要另一个人同意才生效"), "ok")
    return _back(competition, change)


def _back(competition: Competition, change: RuleChange) -> ResponseReturnValue:
    return redirect(url_for("organiser.event_change", code=competition.code, number=change.id))
