"""定下来: asked for by an organiser, agreed to by the chief judge on a page of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Event, Judge
from compete.services.kernel.competition_settings import SettledPanels
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.kernel.refusal import Refused
from compete.services.schedule.panel_settlement import (
    agree_settled,
    ask_settled,
    asked_panels,
    count_soft,
    drop_settled,
    panels_word,
    refuse_settled,
    who_asked,
    why_not_settled,
)
from compete.services.schedule.seating import Panels, panels_in
from compete.services.schedule.settled_panels import panels_settled
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import expert_level_word
from compete.web.organiser.places import place_label, places_of, posted_module
from compete.web.refusals import problem_of, status_of
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelsCard:
    """A module's panels that wait for the chief judge."""

    key: str
    title: str
    asked: str
    seats: Sequence[tuple[str, str, str]]
    """Station, judge and unit: no contestant is named."""
    facts: str
    seen: str
    why_not: str
    """The reason the viewer cannot agree; empty if they can."""
    lacks: str
    """Why nobody can agree any more, only refuse; empty where it can be settled."""


@face.get("/<code>/seating/settling")
@guard.may(Right.RULE)
def settling(competition: Competition) -> ResponseReturnValue:
    """Show the seats that wait for the chief judge: who is to sit where."""
    return _page(competition)


@face.post("/<code>/seating/ask")
@guard.may(Right.APPOINT)
def ask_settling(competition: Competition) -> ResponseReturnValue:
    """Ask the chief judge to settle a module's panels."""
    module = posted_module(competition)
    ask_settled(*module, request.form.get("seen", ""), current_user)
    flash(_("提了，等裁判长点头"), "ok")
    return _back()


@face.post("/<code>/seating/drop")
@guard.may(Right.APPOINT)
def drop_settling(competition: Competition) -> ResponseReturnValue:
    """Take it back."""
    drop_settled(*posted_module(competition), current_user)
    flash(_("收回了，还没有定"), "ok")
    return _back()


@face.post("/<code>/seating/agree")
@guard.may(Right.RULE)
def agree_settling(competition: Competition) -> ResponseReturnValue:
    """Agree as the chief judge: the panels are settled."""
    module = posted_module(competition)
    try:
        agree_settled(*module, request.form.get("seen", ""), current_user)
    except Refused as refused:
        return _page(competition, refused)
    flash(_("“%(module)s”的裁判分工定下来了", module=module_title(*module)), "ok")
    return redirect(url_for("organiser.settling"))


@face.post("/<code>/seating/refuse")
@guard.may(Right.RULE)
def refuse_settling(competition: Competition) -> ResponseReturnValue:
    """Refuse as the chief judge."""
    module = posted_module(competition)
    try:
        refuse_settled(*module, request.form.get("reason", ""), current_user)
    except Refused as refused:
        return _page(competition, refused)
    flash(_("退回组委会了"), "ok")
    return redirect(url_for("organiser.settling"))


def _page(competition: Competition, refused: Refused | None = None) -> ResponseReturnValue:
    cards, settled = [], []
    for place in places_of(competition):
        done, asked = panels_settled(*place.codes), asked_panels(*place.codes)
        if done is not None and done.agreed_at is not None:
            settled.append((place_label(place), moment(done.agreed_at)))
        elif asked is not None:
            cards.append(_card(competition, *place.codes, asked))
    page = render_template(
        "organiser/schedule/seating/settling.html",
        cards=cards,
        settled=settled,
        problem=problem_of(refused) if refused else None,
    )
    return page, status_of(refused) if refused else 200


def _card(
    competition: Competition, event: Event, stage: str, module: str, asked: SettledPanels
) -> PanelsCard:
    panels = panels_in(event, stage, module)
    why = panels_word(competition, asked).why_not(current_user)
    hard = sum(panels.clashes.is_hard(*seat) for seat in panels.seats)
    explained, bare = count_soft(event, stage, module, panels)
    counts = [
        _("必须回避 %(n)s 处", n=hard),
        ngettext("说明过的 %(num)s 处", "说明过的 %(num)s 处", explained),
    ]
    if bare:
        counts.append(_("没说明的 %(n)s 处", n=bare))
    lacks = why_not_settled(event, panels)
    stations = list(panels.stations)
    if stations != [""] and panels.at(""):
        stations = ["", *stations]
    return PanelsCard(
        key=module_key(event, stage, module),
        title=module_title(event, stage, module),
        asked=_("%(who)s %(at)s 提的", who=who_asked(asked), at=moment(asked.at)),
        seats=[
            (
                station or (_("不分工位") if stations == [""] else _("全部工位")),
                f"{judge.code} {judge.name}",
                _unit(judge, panels),
            )
            for station in stations
            for judge in panels.at(station)
        ],
        facts=_("，").join(counts),
        seen=panels.mark,
        why_not=say(why) if why is not None else "",
        lacks=_("提了以后才知道的：%(what)s。请组委会换了人再提。", what=say(lacks[0]))
        if lacks
        else "",
    )


def _unit(judge: Judge, panels: Panels) -> str:
    said = [
        judge.unit_name,
        expert_level_word(panels.levels.get(judge.id, "")),
    ]
    return _("，").join(filter(None, said))


def _back() -> ResponseReturnValue:
    key = request.form.get("module", "")
    return redirect(url_for("organiser.seating", module=key))
