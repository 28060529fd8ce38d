"""Equals of a stage, and how they are parted: proposed by one, confirmed by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.ranking.playoffs import PLAYOFF_WORDS
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState, DecisionState
from compete.models import Competition, Event, Playoff
from compete.services.closing.playoffs import (
    Tie,
    called_in,
    confirm_playoff,
    order_of,
    playoff_word,
    playoffs_of,
    propose_playoff,
    settle_playoff,
    ties_of,
    void_playoffs,
    withdraw_playoff,
)
from compete.services.competitions.file_versions import is_newest
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import may_see_names
from compete.web import guard
from compete.web.guard import allowed_url, may_do
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.judging.decisions.view_model import signed_words
from compete.web.organiser.shapes import Link, link_to
from compete.web.pages import of_code, own_row
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import choices
from compete.web.templating import state_word


@dataclass(frozen=True, slots=True, kw_only=True)
class TieCard:
    """Equals, and the form by which they are parted."""

    mark: str
    """The mark of the tie that was looked at."""
    where: str
    """Stage and rank, with the event's name where there are several."""
    open: str | None
    """The places that stay open because of it; None if none does."""
    people: Sequence[str]
    typed: Mapping[str, str]
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayoffRow:
    """A proposed play-off, and what the reader may do with it."""

    row: Playoff
    what: str
    where: str
    order: str
    word: str
    void: str | None
    """Why it parts nobody any more, though it is in force."""
    by: str
    may_confirm: bool
    why_not: str | None
    may_withdraw: bool


def _tie_mark(tie: Tie) -> str:
    """Return a mark of the tie: another one as soon as others are equal."""
    return short_mark([tie.event, tie.stage, tie.rank, sorted(tie.entrants)])


def _people_of_tie(competition: Competition, tie: Tie) -> list[tuple[str, str]]:
    """Code and what each is called here, in an order that tells no code where names are closed."""
    event = of_code(competition.events, tie.event)
    names = _names(competition, event)
    return sorted(((code, names.get(code, "")) for code in tie.entrants), key=lambda it: it[1])


def _ties_page(competition: Competition, refused: Refused | None = None) -> str:
    """Render the page; what was refused stands in its form, with the fault."""
    typed = request.form if refused else {}
    cards = [
        _card(competition, tie, typed, problem_of(refused))
        for tie in ties_of(live_results(competition).results)
    ]
    closed, way = _why_closed(competition)
    void = void_playoffs(competition)
    return render_template(
        "organiser/results/ties.html",
        playoffs=[_playoff(competition, row, void) for row in playoffs_of(competition)],
        ties=[card for card in cards if card.open],
        others=[card for card in cards if not card.open],
        kinds=choices(PLAYOFF_WORDS),
        may_propose=closed is None and may_do(Right.AGREE),
        closed=closed,
        way=way,
    )


def _why_closed(competition: Competition) -> tuple[str | None, Link | None]:
    if not is_newest(competition):
        return (
            _("这个竞赛照竞赛文件第 1 版算：进下一赛段时同分的按编号取，没有加赛和抽签"),
            link_to(_("换成第 2 版"), allowed_url("organiser.file_version")),
        )
    if competition.state is CompetitionState.REGISTERING:
        return _("还没开始评分"), None
    if competition.state is not CompetitionState.JUDGING:
        return _("评分已经锁定；要分同分的，先在竞赛首页解锁"), None
    return None, None


def _names(competition: Competition, event: Event) -> dict[str, str]:
    return called_in(event, by_name=may_see_names(competition, [event], current_user))


def _rank_place(competition: Competition, event: Event, stage: str, rank: int | None = None) -> str:
    name = next((it.name for it in rules_of(event).stages if it.code == stage), stage)
    if len(competition.events) > 1:
        name = f"{event.name} {name}"
    return name if rank is None else _("%(stage)s第 %(n)s 名", stage=name, n=rank)


def _card(
    competition: Competition, tie: Tie, typed: Mapping[str, str], problem: str | None
) -> TieCard:
    event = of_code(competition.events, tie.event)
    mark = _tie_mark(tie)
    mine = typed.get("seen") == mark
    return TieCard(
        mark=mark,
        where=_rank_place(competition, event, tie.stage, tie.rank),
        open=_open(competition, tie),
        people=[name for _code, name in _people_of_tie(competition, tie)],
        typed=typed if mine else {},
        problem=problem if mine else None,
    )


def _open(competition: Competition, tie: Tie) -> str | None:
    units = {unit.code: unit.name for unit in competition.units}
    notes = [
        _(
            "%(unit)s还有 %(n)s 个名额，这 %(all)s 人同分，都没进",
            unit=units.get(notice.unit, notice.unit),
            n=notice.open,
            all=len(notice.entrants),
        )
        if notice.unit
        else _(
            "还有 %(n)s 个名额，这 %(all)s 人同分，都没进",
            n=notice.open,
            all=len(notice.entrants),
        )
        for notice in tie.notices
    ]
    return _("；").join(notes) or None


def _playoff(competition: Competition, row: Playoff, void: Mapping[int, Message]) -> PlayoffRow:
    names = _names(competition, row.event)
    waits = row.state is DecisionState.PROPOSED
    barred = playoff_word(row).why_not(current_user) if waits else None
    judging = competition.state is CompetitionState.JUDGING and may_do(Right.AGREE)
    why = void.get(row.id)
    return PlayoffRow(
        row=row,
        what=next(say(word) for kind, word in PLAYOFF_WORDS.items() if kind.value == row.kind),
        where=_rank_place(competition, row.event, row.stage),
        order=_order(row, names),
        word=_("随竞赛载入")
        if row.proposed_by is None and not row.ended_at
        else state_word(row.state),
        void=_("作废了，要撤回：%(why)s", why=say(why)) if why is not None else None,
        by=_("；").join(signed_words(row)),
        may_confirm=waits and judging and barred is None,
        why_not=say(barred),
        may_withdraw=judging and row.state is not DecisionState.WITHDRAWN,
    )


def _order(row: Playoff, names: Mapping[str, str]) -> str:
    """Name the order of the people: 甲、乙 > 丙."""
    places = [
        say(listed([names.get(code, "") or code for code in people])) for people in order_of(row)
    ]
    return " > ".join(places)


@face.route("/<code>/ties", methods=["GET", "POST"])
@guard.may(Right.SEE, of=guard.SKILLS)
@only_once
@refusal_on(_ties_page)
def ties(competition: Competition) -> ResponseReturnValue:
    """Show who is equal, and the form that says who is before whom."""
    if request.method == "POST":
        if not guard.may_do(Right.AGREE):
            abort(404)
        _propose(competition)
        flash(_("记下了，等另一个人确认后生效"), "ok")
        return redirect(url_for("organiser.ties"))
    return _ties_page(competition)


@face.post("/<code>/ties/<int:number>/confirm")
@guard.may(Right.AGREE, of=guard.SKILLS)
def agree_playoff(competition: Competition, number: int) -> ResponseReturnValue:
    """Confirm it as the second person."""
    confirm_playoff(own_row(Playoff, competition, number), current_user)
    flash(_("确认了，名次照这个分开"), "ok")
    return redirect(url_for("organiser.ties"))


@face.post("/<code>/ties/<int:number>/withdraw")
@guard.may(Right.AGREE, of=guard.SKILLS)
def end_playoff(competition: Competition, number: int) -> ResponseReturnValue:
    """End a play-off, with the reason: it parts nobody any more."""
    row = own_row(Playoff, competition, number)
    if row.waits_to_end:
        undone = settle_playoff(row, current_user)
        flash(_("撤回了，这些人又是同分") if undone else _("不撤了，照旧有效"), "ok")
        return redirect(url_for("organiser.ties"))
    ended = withdraw_playoff(row, posted_reason(), current_user)
    flash(
        _("提出撤回了，等另一个人同意") if ended.waits_to_end else _("撤回了，这些人又是同分"),
        "ok",
    )
    return redirect(url_for("organiser.ties"))


def _propose(competition: Competition) -> None:
    form = request.form
    tie = _tie_seen(competition, posted_text("seen"))
    places: dict[int, list[str]] = {}
    for n, (code, name) in enumerate(_people_of_tie(competition, tie)):
        place = whole_number(form.get(f"place-{n}", ""), len(tie.entrants), least=1)
        if place is None:
            raise invalid(
                msg("“%(who)s”排第几要写 1 到 %(most)s", who=name, most=len(tie.entrants))
            )
        places.setdefault(place, []).append(code)
    event = of_code(competition.events, tie.event)
    order = [people for _place, people in sorted(places.items())]
    propose_playoff(event, tie.stage, form.get("kind", ""), order, posted_reason(), current_user)


def _tie_seen(competition: Competition, seen: str) -> Tie:
    for tie in ties_of(live_results(competition).results):
        if _tie_mark(tie) == seen:
            return tie
    raise Refused(msg("同分的人和刚才看到的不一样了，再看一遍"))
