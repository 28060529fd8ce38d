"""推荐: who goes up from an event, in order, with what each lacks; one press puts them forward."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.series.results import BerthResults, BerthRow, RowState
from compete.domain.series.types import OutsideResult
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.rights import Right
from compete.domain.values.series_states import NominationStep
from compete.models import Nomination, SeriesBerth, SeriesNode
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.rows_by_number import find
from compete.services.series.berths import (
    BerthFields,
    WholeSeries,
    add_berth,
    begin_final,
    berth_code,
    erase_berth,
    has_begun,
    settle,
    when_of,
    whole_series,
    why_not_erase_berth,
)
from compete.services.series.nominating import (
    FITS,
    Fitness,
    answer,
    fitness_of,
    is_forward,
    put_forward,
    to_forward,
)
from compete.services.series.series_rights import keeps_series, runs_node
from compete.services.series.standings_above import Standing
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.series.nodes import node_or_404, node_url, show_node
from compete.web.organiser.series.series import series_or_404
from compete.web.pages import or_404
from compete.web.posted import posted_number, posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import typed_act
from compete.web.shapes import Choice

STATES: Mapping[RowState, Message] = {
    RowState.ACCEPTED: msg("答应去"),
    RowState.PROPOSED: msg("有名额"),
    RowState.DECLINED: msg("不去，换下了"),
    RowState.INELIGIBLE: msg("不能去"),
    RowState.ELSEWHERE: msg("从别的名额去"),
    RowState.UNDECIDED: msg("同名次，没定"),
    RowState.OVER_QUOTA: msg("本单位满了"),
    RowState.SUBSTITUTE: msg("替补"),
    RowState.BELOW: msg("没轮到"),
}
_LOOKED_AT = (RowState.ACCEPTED, RowState.PROPOSED, RowState.UNDECIDED, RowState.SUBSTITUTE)
_GOES = (RowState.ACCEPTED, RowState.PROPOSED)
_MOST_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row of the standings on the page."""

    person: str
    rank: int | None
    name: str
    unit: str
    total: str
    kind: str
    """The state's colour: `ok`, `warn`, `bad` or empty."""
    state: str
    lacks: tuple[str, ...]
    """What is short or does not hold, in words."""
    looked_at: bool
    """True if it was held against the event further up, and nothing is short where none is told."""
    is_marked: bool
    reason: str
    may_decline: bool
    may_accept: bool
    may_clear: bool
    outside: tuple[str, ...]
    """The results of contests held elsewhere, in words."""
    is_last_place: bool
    """True of the last that has a place: a line stands below it."""


def _berth_or_404(number: int, berth_number: int) -> SeriesBerth:
    """The berth of a series, for who runs where its people come from; else 404."""
    series = series_or_404(number)
    berth = or_404(find(SeriesBerth, berth_number))
    or_404(berth if berth.series_id == series.id else None)
    return or_404(berth if runs_node(current_user, berth.source) else None)


def _url(berth: SeriesBerth) -> str:
    return url_for("organiser.series_berth", number=berth.series_id, berth_number=berth.id)


def _short_words(berth: SeriesBerth, keys: list[str], step: Nomination | None) -> list[str]:
    when = when_of(berth)
    words = {
        "rank": _("没有名次"),
        "max_rank": _("名次要到第 %(n)s", n=when.max_rank),
        "min_total": _("总成绩不低于 %(n)s", n=when.min_total),
        "groups": _("组别不符"),
        "holds": _("等级不够，或者没有登记"),
        "age": _("年龄不符，或者没有登记"),
        "ruled": step.reason or "" if step is not None else "",
    }
    return [words[key] for key in keys]


def _candidates(
    berth: SeriesBerth,
    whole: WholeSeries,
    result: BerthResults,
    fitness: Mapping[str, Fitness],
) -> list[Candidate]:
    standings = {row.person: row for row in whole.standings[berth.from_node_id, berth.event]}
    people = {row.code: row for row in whole.file.people}
    going = [row.person for row in result.rows if row.state in _GOES]
    last = going[-1] if going else None
    begun = has_begun(berth)
    outside = defaultdict(list)
    for won in whole.file.outside:
        outside[won.person].append(_outside_words(won))
    rows = []
    for row in result.rows[:_MOST_ROWS]:
        step = whole.steps.get((berth.id, row.person))
        stands = step if step and step.step is not NominationStep.CLEARED else None
        fit = fitness.get(row.person)
        lacks = _short_words(berth, row.short, step)
        if fit is not None:
            lacks += [say(it) for it in fit.problems] + [say(it.sentence) for it in fit.unmet]
        standing = standings.get(row.person)
        rows.append(
            Candidate(
                person=row.person,
                rank=row.rank,
                name=people[row.person].name,
                unit=people[row.person].unit or "",
                total=_total(standing),
                kind=_kind(row, lacks),
                state=_state_words(row, step),
                lacks=tuple(lacks),
                looked_at=fit is not None,
                is_marked=row.marked,
                reason=_reason(stands, whole),
                may_decline=not begun and row.state in _LOOKED_AT,
                may_accept=row.state is RowState.PROPOSED and is_forward(step) and not begun,
                may_clear=stands is not None and not begun,
                outside=tuple(outside[row.person]),
                is_last_place=row.person == last,
            )
        )
    return rows


def _reason(stands: Nomination | None, whole: WholeSeries) -> str:
    """Why somebody gave way, or left the list further up."""
    if stands is None:
        return ""
    if (left := whole.left.get(stands.application or "")) is not None:
        return _("那边退赛了：%(why)s", why=left)
    return stands.reason or ""


def _outside_words(won: OutsideResult) -> str:
    if won.rank is None:
        return _(
            "外面：%(contest)s，%(honours)s", contest=won.contest, honours=say(listed(won.honours))
        )
    return _("外面：%(contest)s，第 %(n)s 名", contest=won.contest, n=won.rank)


def _total(standing: Standing | None) -> str:
    return "" if standing is None or standing.total is None else str(standing.total)


def _kind(row: BerthRow, lacks: list[str]) -> str:
    if row.state in (RowState.INELIGIBLE, RowState.DECLINED) or row.marked:
        return "bad"
    if row.state is RowState.UNDECIDED or (row.state in _GOES and lacks):
        return "warn"
    return "ok" if row.state in _GOES else ""


def _state_words(row: BerthRow, step: Nomination | None) -> str:
    if row.state is RowState.PROPOSED and is_forward(step):
        return _("推荐了，等答复")
    if row.state is RowState.SUBSTITUTE:
        return _("替补 %(n)s", n=row.order)
    return say(STATES[row.state])


def _show_berth(number: int, berth_number: int, refused: Refused | None = None) -> str:
    berth = _berth_or_404(number, berth_number)
    whole = whole_series(berth.series)
    result = whole.results()[berth_code(berth.id)]
    standings = {row.person: row for row in whole.standings[berth.from_node_id, berth.event]}
    asked = [
        standings[row.person]
        for row in result.rows
        if row.state in _LOOKED_AT and row.person in standings
    ]
    fitness = fitness_of(berth, asked[:_MOST_ROWS])
    waiting = [] if has_begun(berth) else to_forward(berth, whole)
    ready = [row for row in waiting if fitness.get(row.person, FITS).fits]
    names = {row.code: row.name for row in whole.file.people}
    return render_template(
        "organiser/series/berth.html",
        series=berth.series,
        berth=berth,
        rows=_candidates(berth, whole, result, fitness),
        more=max(0, len(result.rows) - _MOST_ROWS),
        result=result,
        ready=[row.entrant.name for row in ready],
        held_up=len(waiting) - len(ready),
        ties=[
            [Choice(value=code, label=names[code]) for code in tie.persons]
            for tie in result.undecided
        ],
        stale=whole.stale,
        substitutes=[names[row.person] for row in result.rows if row.state is RowState.SUBSTITUTE],
        begun=has_begun(berth),
        is_here=berth.target.competition_id is not None,
        is_published=bool(standings),
        keeps=keeps_series(current_user, berth.series),
        why_not_erase=why_not_erase_berth(berth),
        node_url=node_url(berth.source),
        problem=problem_of(refused),
    )


@face.get("/series/<int:number>/berths/<int:berth_number>")
@guard.may(Right.SERIES)
def series_berth(number: int, berth_number: int) -> ResponseReturnValue:
    """Who goes up, in order, with what each lacks."""
    return _show_berth(number, berth_number)


@face.post("/series/<int:number>/nodes/<int:node_number>/berths")
@guard.may(Right.SERIES)
@only_once
@refusal_on(show_node)
def add_series_berth(number: int, node_number: int) -> ResponseReturnValue:
    """Give places further up to people of an event of the node."""
    node = node_or_404(number, node_number)
    target = find(SeriesNode, posted_number("to"))
    berth = add_berth(
        node,
        posted_text("event"),
        target,
        posted_text("to_event"),
        typed_act(BerthFields),
        current_user,
    )
    flash(_("加了到 %(name)s 的名额", name=berth.target.name), "ok")
    return redirect(node_url(node))


@face.post("/series/<int:number>/berths/<int:berth_number>/forward")
@guard.may(Right.SERIES)
@only_once
@refusal_on(_show_berth)
def forward_people(number: int, berth_number: int) -> ResponseReturnValue:
    """Put everybody forward who has a place."""
    berth = _berth_or_404(number, berth_number)
    done = put_forward(berth, current_user)
    flash(ngettext("推荐了 %(num)s 人", "推荐了 %(num)s 人", done.sent), "ok")
    for name, why in done.left:
        flash(_("%(name)s 没有推荐：%(why)s", name=name, why=say(why)), "warn")
    return redirect(_url(berth))


_ANSWERS = {step.value: step for step in NominationStep}


@face.post("/series/<int:number>/berths/<int:berth_number>/answer")
@guard.may(Right.SERIES)
@only_once
@refusal_on(_show_berth)
def answer_nomination(number: int, berth_number: int) -> ResponseReturnValue:
    """Write down an answer or a ruling, or take it back."""
    berth = _berth_or_404(number, berth_number)
    step = _ANSWERS.get(posted_text("step"))
    if step is None:
        raise invalid(msg("没有这一种"))
    answer(berth, posted_text("person"), step, posted_reason(), current_user)
    flash(_("记下了"), "ok")
    return redirect(_url(berth))


@face.post("/series/<int:number>/berths/<int:berth_number>/settle")
@guard.may(Right.SERIES)
@refusal_on(_show_berth)
def settle_tie(number: int, berth_number: int) -> ResponseReturnValue:
    """Put people of one rank in order."""
    berth = _berth_or_404(number, berth_number)
    count = max(0, min(posted_number("count"), _MOST_ROWS))
    people = [posted_text(f"place-{place}") for place in range(count)]
    settle(berth, people, posted_text("method"), current_user)
    flash(_("定了先后"), "ok")
    return redirect(_url(berth))


@face.post("/series/<int:number>/berths/<int:berth_number>/begin")
@guard.may(Right.SERIES)
@refusal_on(_show_berth)
def begin_series_final(number: int, berth_number: int) -> ResponseReturnValue:
    """Say that the final elsewhere has begun."""
    berth = _berth_or_404(number, berth_number)
    begin_final(berth, current_user)
    flash(_("写了开赛，名单不再换人"), "ok")
    return redirect(_url(berth))


@face.post("/series/<int:number>/berths/<int:berth_number>/erase")
@guard.may(Right.SERIES)
@refusal_on(_show_berth)
def erase_series_berth(number: int, berth_number: int) -> ResponseReturnValue:
    """Erase places of which nobody was put forward."""
    berth = _berth_or_404(number, berth_number)
    back = node_url(berth.source)
    erase_berth(berth, current_user)
    flash(_("名额删了"), "ok")
    return redirect(back)
