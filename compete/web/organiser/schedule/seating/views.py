"""裁判分工: panels changed seat by seat, taken back, proposed as a whole, settled; 回避关系."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.evaluation.examiners import ExaminerRules
from compete.domain.kinds.kinds import competition_kind
from compete.domain.seating import Seat, Weight
from compete.domain.values.messages import msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition, Event, Judge
from compete.services.kernel.competition_settings import ClashRules, SettledPanels
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.schedule.clashes import TieLinesError, ties_of
from compete.services.schedule.clashes import declare_ties as declare
from compete.services.schedule.clashes import end_tie as end
from compete.services.schedule.examiners import set_examiner_rules as set_examiners
from compete.services.schedule.panel_list import panels_workbook, print_panels
from compete.services.schedule.panel_settlement import (
    agree_settled,
    ask_settled,
    asked_panels,
    asker_name,
    count_soft,
    drop_settled,
    panels_word,
    refuse_settled,
    why_not_settled,
)
from compete.services.schedule.seating import panels_in, reseat
from compete.services.schedule.seating import set_clash_rules as set_rules
from compete.services.schedule.seating import undo_seating as undo
from compete.services.schedule.seating import use_seating as use
from compete.services.schedule.seating_suggestion import seat_all, suggest_panels
from compete.services.schedule.settled_panels import panels_settled
from compete.web import guard
from compete.web.downloads import send_pdf, send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.places import module_of_page, place_label, places_of, posted_module
from compete.web.organiser.schedule.seating.view_model import (
    CHANGEABLE,
    EXAMINERS,
    RULES,
    Asked,
    seating_page,
    unit_and_level,
)
from compete.web.pages import or_404, posted
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Told
from compete.web.templating import moment

_MOST = 99
_JudgeAt = tuple[Judge, str]
ModulePlace = tuple[Event, str, str]


@face.get("/<code>/seating")
@guard.may(Right.APPOINT)
def seating(competition: Competition) -> ResponseReturnValue:
    """Show the panels of a module; `hold` names the judge who is to be put somewhere."""
    module = module_of_page(competition, request.args.get("module"))
    asked = Asked(hold=request.args.get("hold", ""), all_ties="ties" in request.args)
    return seating_page(competition, *module, asked)


@face.get("/<code>/seating.pdf")
@guard.may(Right.APPOINT)
def seating_paper(competition: Competition) -> Response:
    """Print who judges where in every module."""
    return send_pdf(print_panels(competition, gettext), f"{_('裁判分工表')}_{competition.name}.pdf")


@face.get("/<code>/seating.xlsx")
@guard.may(Right.APPOINT)
def seating_workbook(competition: Competition) -> Response:
    """The same as a workbook, a sheet for each module."""
    return send_workbook(
        panels_workbook(competition, gettext), f"{_('裁判分工表')}_{competition.name}.xlsx"
    )


def _stations_left() -> list[str]:
    """The station that the judge leaves, if the form says so with `moving`."""
    return [request.form.get("away_from", "")] if "moving" in request.form else []


def _refused_page(competition: Competition, refused: Refused, **asked: Any) -> str:
    """The panels, with why nothing changed and the reason that was typed."""
    module = module_of_page(competition, request.form.get("module"))
    reason = posted_reason()
    asked_for = Asked(problem=problem_of(refused), reason=reason, **asked)
    return seating_page(competition, *module, asked_for)


def _held_page(competition: Competition, refused: Refused) -> str:
    """The same with the judge who was to be put somewhere."""
    hold = "|".join([posted_text("judge"), *_stations_left()])
    return _refused_page(competition, refused, hold=hold)


def _left_page(competition: Competition, refused: Refused) -> str:
    """The same with the judge who was to leave a station."""
    hold = "|".join(request.form.get(name, "") for name in ("judge", "station"))
    return _refused_page(competition, refused, hold=hold)


def _reseat(
    competition: Competition, leave: list[_JudgeAt], take: list[_JudgeAt]
) -> ResponseReturnValue:
    module = posted_module(competition)
    reseat(*module, leave, take, current_user, posted_reason())
    return redirect(_seating_url(module))


@face.post("/<code>/seating/place")
@guard.may(Right.APPOINT)
@refusal_on(_held_page)
def place_judge(competition: Competition) -> ResponseReturnValue:
    """Put a judge at a station; with `moving`, away from another."""
    judge, station = posted(competition.judges, "judge"), posted_text("station")
    return _reseat(competition, [(judge, at) for at in _stations_left()], [(judge, station)])


@face.post("/<code>/seating/away")
@guard.may(Right.APPOINT)
@refusal_on(_left_page)
def take_judge_away(competition: Competition) -> ResponseReturnValue:
    """Take a judge away from a station."""
    judge, station = posted(competition.judges, "judge"), posted_text("station")
    return _reseat(competition, [(judge, station)], [])


@face.post("/<code>/seating/swap")
@guard.may(Right.APPOINT)
@refusal_on(_held_page)
def swap_judges(competition: Competition) -> ResponseReturnValue:
    """Put a judge in another's place, who takes the seat that is left, or none."""
    judge, other = posted(competition.judges, "judge"), posted(competition.judges, "other")
    station, left = posted_text("station"), _stations_left()
    leave = [(other, station), *((judge, at) for at in left)]
    return _reseat(competition, leave, [(judge, station), *((other, at) for at in left)])


@face.post("/<code>/seating/undo")
@guard.may(Right.APPOINT)
@only_once
@refusal_on(_refused_page)
def undo_seating(competition: Competition) -> ResponseReturnValue:
    """Take the last change of the module's panels back."""
    module, step = posted_module(competition), whole_number(posted_text("step"))
    if step is None:
        abort(400)
    undo(*module, step, current_user)
    return redirect(_seating_url(module))


def _suggested(competition: Competition) -> dict[str, Any]:
    """Return seats worked out again, by the aim that the form puts first."""
    loads_first = request.form.get("first") != "level"
    suggestion = suggest_panels(*posted_module(competition), loads_first=loads_first)
    return {"suggestion": suggestion, "loads_first": loads_first}


@face.post("/<code>/seating/suggest")
@guard.may(Right.APPOINT)
def suggest_seating(competition: Competition) -> ResponseReturnValue:
    """Work a seating out and show it; nothing is changed."""
    if competition.state not in CHANGEABLE:
        abort(409)
    asked = Asked(**_suggested(competition))
    return seating_page(competition, *posted_module(competition), asked)


@face.post("/<code>/seating/use")
@guard.may(Right.APPOINT)
@refusal_on(lambda **of: _refused_page(**of, **_suggested(of["competition"])))
def use_seating(competition: Competition) -> ResponseReturnValue:
    """Take over what was proposed, as it was shown."""
    form, module = request.form, posted_module(competition)
    judges = {judge.code: judge for judge in competition.judges}
    seats: set[Seat] = set()
    for text in form.getlist("seat"):
        code, bar, station = text.partition("|")
        if not bar or code not in judges:
            abort(400)
        seats.add((judges[code].id, station))
    use(*module, seats, form.get("seen", ""), current_user, form.get("reason", ""))
    return redirect(_seating_url(module))


@face.post("/<code>/seating/all")
@guard.may(Right.APPOINT)
@only_once
def seat_all_modules(competition: Competition) -> ResponseReturnValue:
    """Seat each module as proposed; those that want a reason wait for somebody who writes it."""
    module = posted_module(competition)
    done, left = seat_all(competition, current_user)
    notes = [ngettext("排好了 %(num)s 个模块", "排好了 %(num)s 个模块", done)]
    notes += [_("%(name)s：%(text)s", name=title, text=say(why)) for title, why in left]
    flash(_("；").join(notes), "warn" if left else "ok")
    return redirect(_seating_url(module))


def _typed_weights() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in RULES}


def _refused_rules(competition: Competition, refused: Refused) -> str:
    rules = _typed_weights() | {"years": request.form.get("years", "").strip()[:2]}
    return _refused_page(competition, refused, rules=rules)


@face.post("/<code>/seating/rules")
@guard.may(Right.APPOINT)
@refusal_on(_refused_rules)
def set_clash_rules(competition: Competition) -> ResponseReturnValue:
    """Set the meaning of each kind of closeness."""
    module, weights = posted_module(competition), _typed_weights()
    if not set(weights.values()) <= {weight.value for weight in Weight}:
        abort(400)
    years = whole_number(request.form.get("years", ""), _MOST)
    if years is None:
        raise invalid(msg("年数写 0 到 99 的整数"))
    rules = ClashRules(**{name: Weight(weight) for name, weight in weights.items()}, years=years)
    set_rules(competition, rules, current_user)
    return redirect(_seating_url(module))


def _typed_examiners() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in EXAMINERS}


@face.post("/<code>/seating/examiners")
@guard.may(Right.APPOINT)
@refusal_on(lambda **of: _refused_page(**of, examiners=_typed_examiners()))
def set_examiner_rules(competition: Competition) -> ResponseReturnValue:
    """Set how many examiners an evaluation wants."""
    if not competition_kind(competition).gives_verdicts:
        abort(404)
    module = posted_module(competition)
    # What is no whole number is refused as one that is too small.
    numbers = {name: whole_number(text, _MOST) or 0 for name, text in _typed_examiners().items()}
    reason = posted_reason()
    set_examiners(competition, ExaminerRules(**numbers), reason, current_user)
    return redirect(_seating_url(module, "examiners"))


def _refused_ties(competition: Competition, refused: Refused) -> str:
    lines = refused.faults if isinstance(refused, TieLinesError) else ()
    faults = [_("第 %(n)s 行：%(why)s", n=number, why=say(why)) for number, why in lines]
    tied = request.form.get("lines", "")
    return _refused_page(competition, refused, tied=tied, faults=faults)


@face.post("/<code>/seating/ties")
@guard.may(Right.APPOINT)
@only_once
@refusal_on(_refused_ties, only=Refusal.INVALID)
def declare_ties(competition: Competition) -> ResponseReturnValue:
    """回避关系, a line each."""
    module = posted_module(competition)
    made = declare(competition, request.form.get("lines", ""), current_user)
    flash(
        ngettext("记下了 %(num)s 条", "记下了 %(num)s 条", made) if made else _("这些都已经记过了"),
        "ok",
    )
    return redirect(_seating_url(module, "ties"))


@face.post("/<code>/seating/ties/<int:tie_id>/end")
@guard.may(Right.APPOINT)
@refusal_on(lambda competition, tie_id, refused: _refused_page(competition, refused))
def end_tie(competition: Competition, tie_id: int) -> ResponseReturnValue:
    """End a declared relation that was a mistake, or is no more."""
    tie = or_404(next((tie for tie in ties_of(competition) if tie.id == tie_id), None))
    module = module_of_page(competition, request.form.get("module"))
    end(tie, current_user)
    return redirect(_seating_url(module))


def _seating_url(module: ModulePlace, anchor: str | None = None) -> str:
    event, stage, name = module
    key = module_key(event, stage, name)
    return url_for("organiser.seating", module=key, _anchor=anchor)


def _settling_page(competition: Competition, refused: Refused | None = None) -> str:
    cards, settled = [], []
    for place in places_of(competition):
        done, asked = panels_settled(*place.codes), asked_panels(*place.codes)
        if done is not None and done.agreed_at is not None:
            settled.append((place_label(place), moment(done.agreed_at)))
        elif asked is not None:
            cards.append(_card(competition, *place.codes, asked))
    return render_template(
        "organiser/schedule/seating/settling.html",
        cards=cards,
        settled=settled,
        problem=problem_of(refused),
    )


@face.get("/<code>/seating/settling")
@guard.may(Right.RULE)
def settling(competition: Competition) -> ResponseReturnValue:
    """Show the seats that wait for the chief judge: who is to sit where."""
    return _settling_page(competition)


@face.post("/<code>/seating/ask")
@guard.may(Right.APPOINT)
def ask_settling(competition: Competition) -> ResponseReturnValue:
    """Ask the chief judge to settle a module's panels."""
    module = posted_module(competition)
    ask_settled(*module, posted_text("seen"), current_user)
    flash(_("提了，等裁判长点头"), "ok")
    return _to_panels()


@face.post("/<code>/seating/drop")
@guard.may(Right.APPOINT)
def drop_settling(competition: Competition) -> ResponseReturnValue:
    """Take it back."""
    drop_settled(*posted_module(competition), current_user)
    flash(_("收回了，还没有定"), "ok")
    return _to_panels()


@face.post("/<code>/seating/agree")
@guard.may(Right.RULE)
@refusal_on(_settling_page)
def agree_settling(competition: Competition) -> ResponseReturnValue:
    """Agree as the chief judge: the panels are settled."""
    module = posted_module(competition)
    agree_settled(*module, posted_text("seen"), current_user)
    flash(_("“%(module)s”的裁判分工定下来了", module=module_title(*module)), "ok")
    return redirect(url_for("organiser.settling"))


@face.post("/<code>/seating/refuse")
@guard.may(Right.RULE)
@refusal_on(_settling_page)
def refuse_settling(competition: Competition) -> ResponseReturnValue:
    """Refuse as the chief judge."""
    module = posted_module(competition)
    refuse_settled(*module, posted_reason(), current_user)
    flash(_("退回组委会了"), "ok")
    return redirect(url_for("organiser.settling"))


def _card(
    competition: Competition, event: Event, stage: str, module: str, asked: SettledPanels
) -> Told:
    """Tell of a module's panels that wait for the chief judge.

    `seats` are station, judge and unit: no contestant is named. `why_not` is the reason the viewer
    cannot agree, `lacks` why nobody can any more, only refuse; each empty where there is none.
    """
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
    return {
        "key": module_key(event, stage, module),
        "title": module_title(event, stage, module),
        "asked": _("%(who)s %(at)s 提的", who=asker_name(asked), at=moment(asked.at)),
        "seats": [
            (
                say(panels.called(station)),
                f"{judge.code} {judge.name}",
                unit_and_level(judge.unit_name, panels.levels.get(judge.id, "")),
            )
            for station in panels.all_stations
            for judge in panels.at(station)
        ],
        "facts": _("，").join(counts),
        "seen": panels.mark,
        "why_not": say(why) if why is not None else "",
        "lacks": _("提了以后才知道的：%(what)s。请组委会换了人再提。", what=say(lacks[0]))
        if lacks
        else "",
    }


def _to_panels() -> ResponseReturnValue:
    key = posted_text("module")
    return redirect(url_for("organiser.seating", module=key))
