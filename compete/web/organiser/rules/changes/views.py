"""A change of an event's rules: looked at, agreed to or refused by two, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.period_states import CorrectionState
from compete.domain.values.rights import Right
from compete.models import Competition, RuleChange
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.rules.changes import (
    SEAT_WORDS,
    NoLongerFitsError,
    Seat,
    agree_change,
    both_rules,
    may_withdraw,
    refuse_change,
    rule_changes,
    seats_of,
    touched_by,
    why_not_fit,
    withdraw_change,
)
from compete.services.rules.taking_effect import (
    MovedPerson,
    Redone,
    Touched,
    moved_people,
    other_moves,
)
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.rules.changes.differences import differences
from compete.web.organiser.rules.rule_differences import (
    MoveRow,
    change_chip,
    change_line,
    change_title,
    ended_words,
    move_rows,
    seat_chip,
)
from compete.web.pages import own_row
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
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


def _touched_words(touched: Touched) -> Iterator[str]:
    """Say how many sheets are scored again, never whose."""
    if touched.sheets:
        yield ngettext(
            "%(num)s 张评分表的得分重新算", "%(num)s 张评分表的得分重新算", touched.sheets
        )
    if Redone.TOTALS in touched.redone:
        yield ngettext(
            "%(num)s 名评过的选手，总成绩和名次重新算",
            "%(num)s 名评过的选手，总成绩和名次重新算",
            touched.people,
        )
    elif Redone.RANKS in touched.redone:
        yield ngettext(
            "%(num)s 名评过的选手，名次重新排",
            "%(num)s 名评过的选手，名次重新排",
            touched.people,
        )
    words = {
        Redone.TEAMS: _("团体名次"),
        Redone.UNITS: _("单位名次"),
        Redone.ITEMS: _("单项名次"),
        Redone.AWARDS: _("奖项"),
        Redone.GRADES: _("拟晋升"),
    }
    rest = [words[kind] for kind in touched.redone if kind in words]
    if rest:
        yield _("重新定：%(what)s", what=_("、").join(rest))
    if not touched.redone and not touched.sheets:
        yield _("只改文字，一个分也不重新算")
    if touched.signed:
        yield ngettext(
            "%(num)s 张签过名的评分表得分会变，签名作废，要裁判重新签",
            "%(num)s 张签过名的评分表得分会变，签名作废，要裁判重新签",
            touched.signed,
        )
    if touched.bare:
        yield ngettext(
            "%(num)s 名选手记下的难度系数不能用了，要重新填",
            "%(num)s 名选手记下的难度系数不能用了，要重新填",
            touched.bare,
        )


def _change_page(
    competition: Competition,
    number: int,
    refused: Refused | None = None,
    seat: Seat | None = None,
) -> str:
    """Show one change. Those who may agree see how, all others see who can.

    `seat` is that in which something was `refused`.
    """
    change = own_row(RuleChange, competition, number)
    before, after = both_rules(change)
    asked, agreed = (
        change.state is state for state in (CorrectionState.ASKED, CorrectionState.AGREED)
    )
    seats = seats_of(change, current_user)
    return render_template(
        "organiser/rules/changes.html",
        competition=competition,
        change=change,
        title=change_title(change),
        below=_holds_words(change),
        chip_of=change_chip(change),
        said=ended_words(change, _("%(at)s 生效", at=moment(change.ended_at))),
        asked=asked,
        touched=list(_touched_words(touched_by(change))) if asked else [],
        misfits=why_not_fit(change) if asked else [],
        differences=differences(competition, before, after),
        # Nobody is to agree by who gains.
        agreed=agreed,
        moved=_moved_words(change) if agreed else None,
        stages={stage.code: stage.name for stage in after.stages},
        # Nobody else is asked where one person corrects.
        seats=[(it, seat_chip(change.state, it)) for it in seats]
        if asked or change.chief_by
        else [],
        words=SEAT_WORDS,
        takes_back=asked and may_withdraw(change, current_user),
        others=[
            change_line(other) for other in rule_changes(change.event) if other.id != change.id
        ],
        problem=problem_of(refused),
        typed=posted_reason(),
        typed_in=seat,
    )


def _moved_words(
    change: RuleChange,
) -> tuple[Sequence[MovedPerson], Sequence[MoveRow]] | None:
    """The people who moved, and what else became another, in words; None for who may not see."""
    people = moved_people(change, current_user)
    if people is None:
        return None
    besides = other_moves(change, current_user)
    return people, move_rows(besides, ladder_of(change.event))


@face.get("/<code>/events/changes/<int:number>")
@guard.may(Right.SEE, of=guard.SKILLS)
def event_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Show old rules beside new ones; once they are in force, who moved."""
    return _change_page(competition, number)


@face.post("/<code>/events/changes/<int:number>/chief")
@guard.may(Right.RULE, of=guard.SKILLS)
@refusal_on(partial(_change_page, seat=Seat.CHIEF), only=Refusal.INVALID, also=NoLongerFitsError)
def event_change_chief(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree as the chief judge, or refuse with a reason."""
    return _answered(competition, number, Seat.CHIEF)


@face.post("/<code>/events/changes/<int:number>/supervisor")
@guard.may(Right.OVERSEE, of=guard.SKILLS)
@refusal_on(
    partial(_change_page, seat=Seat.SUPERVISOR), only=Refusal.INVALID, also=NoLongerFitsError
)
def event_change_supervisor(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree as the supervisor, or refuse with a reason."""
    return _answered(competition, number, Seat.SUPERVISOR)


@face.post("/<code>/events/changes/<int:number>/withdraw")
@guard.may(Right.SET_UP, of=guard.SKILLS)
def withdraw_event_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Withdraw the change, as the person who asked for it."""
    change = withdraw_change(own_row(RuleChange, competition, number), current_user)
    flash(_("撤回了，规则不变"), "ok")
    return _to_change(competition, change)


def _answered(competition: Competition, number: int, seat: Seat) -> ResponseReturnValue:
    change = own_row(RuleChange, competition, number)
    if request.form.get("act") == "refuse":
        refuse_change(change, seat, posted_reason(), current_user)
        flash(_("没同意，规则不变"), "ok")
        return _to_change(competition, change)
    change = agree_change(change, seat, current_user)
    if change.state is CorrectionState.AGREED:
        flash(_("两个人都同意了，第 %(n)s 版规则生效，都重新算过了", n=change.number), "ok")
    else:
        flash(_("同意了，还要另一个人同意才生效"), "ok")
    return _to_change(competition, change)


def _to_change(competition: Competition, change: RuleChange) -> ResponseReturnValue:
    return redirect(url_for("organiser.event_change", code=competition.code, number=change.id))
