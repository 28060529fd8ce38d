"""The panel of one entrant, and the chief judge's ruling on what is too far apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.aspects.clock_times import clock_time, told_time
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.checks.values import wanted_value
from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Ruling, Sheet
from compete.services.appeals.appeal_states import is_module_under_appeal
from compete.services.appeals.ordered_rulings import aspects_to_rule
from compete.services.judging.disputes import rule_dispute
from compete.services.judging.panels.doubts import Implausible
from compete.services.judging.panels.module_watch import watch_module
from compete.services.judging.panels.reveal import PanelView, panel_of
from compete.services.judging.panels.rulings import rulings_on, standing_rulings
from compete.services.judging.tablet_view import as_sent
from compete.services.judging.time_rulings import lift_time_ruling, rule_time
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.refusal import Refused
from compete.services.sheets.provenance import brought_marks
from compete.services.sheets.totals import is_only_compared
from compete.services.sheets.wording import shown_value
from compete.services.sheets.working_times import (
    readings_text,
    taken_time,
    time_sentence,
    timed_aspects,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link, is_chief, sheet_url
from compete.web.organiser.judging.doubt_words import bounds_text
from compete.web.organiser.judging.progress.to_do import spread_text
from compete.web.organiser.judging.sheets.views import sheet_of
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Choice
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingField:
    """The field for the chief judge's ruling on an aspect."""

    hint: str
    """The values that may stand there."""
    value: str
    """The typed value."""
    options: Sequence[Choice] | None
    """None where a number is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectRow:
    """An aspect, with a value for each judge."""

    code: str
    name: str
    values: Sequence[str]
    """The values; empty texts before all are in."""
    brought: Sequence[str]
    """The people who brought each judge's mark; empty if the tablet sent it."""
    apart: str | None
    """The distance of the values, if it is too great."""
    doubt: str | None
    """The bounds between which a doubtful one of them would be expected."""
    ruling_stands: bool
    """True if a ruling stands, which the chief judge may correct until it is locked."""
    field: RulingField | None
    """None where there is nothing to rule on, and for whoever may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelTime:
    """The working time."""

    values: Sequence[str]
    """Each judge's reading; empty where there are readings of several clocks."""
    sentence: str
    has_ruling: bool
    value: str
    """The typed value."""
    reason: str
    """The typed reason."""
    may_rule: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRow:
    """A ruling."""

    what: str
    value: str
    before: str
    """The values that the judges had."""
    who: str
    at: str
    reason: str


def describe_panel(
    competition: Competition, sheet: Sheet, view: PanelView, problem: str | None
) -> str:
    """Render `panel.html`: a column a judge, a row an aspect, sums, rulings, the form."""
    aspects = {aspect.code: aspect for aspect in view.module.aspects}
    apart = {
        spread.aspect: spread_text(view, spread, aspects.get(spread.aspect or ""))
        for spread in view.apart
    }
    event = sheet.entrant.event
    doubtful = watch_module(event, sheet.stage, sheet.module).doubtful_of(sheet.entrant_id)
    ids = [panel_sheet.id for panel_sheet in view.sheets]
    rulings = {row.aspect for rows in standing_rulings(ids).values() for row in rows}
    ordered = aspects_to_rule(sheet) if view.revealed else frozenset()
    may_rule = (
        bool(view.apart or doubtful or rulings or ordered)
        and is_chief(competition)
        and competition.state is CompetitionState.JUDGING
    )
    brought = brought_marks(ids)
    return render_template(
        "organiser/judging/panel.html",
        problem=problem,
        sheet=sheet,
        revealed=view.revealed,
        submitted=view.submitted,
        judges=[
            (
                panel_sheet,
                view.total(panel_sheet)
                if view.revealed and (view.attempted or not is_only_compared(view.module))
                else None,
            )
            for panel_sheet in view.sheets
        ],
        rows=[
            _row(
                *(view, aspect, apart, doubtful, _brought_words(view, aspect, brought)),
                ruling_stands=aspect.code in rulings,
                ordered=aspect.code in ordered,
                may_rule=may_rule,
            )
            for aspect in view.module.aspects
        ],
        sums=apart.get(None),
        time=_time(competition, sheet, view),
        rulings=[
            *_time_ruling(competition, sheet, view),
            *_rulings(sheet, aspects),
        ],
        may_rule=may_rule,
        remarked=bool(view.apart),
        reason="" if _on_time() else posted_reason(),
        back=board_link(competition, module_key(event, sheet.stage, sheet.module)),
        appealed=is_module_under_appeal(sheet.entrant, sheet.stage, sheet.module),
    )


def _brought_words(
    view: PanelView, aspect: Aspect, brought: Mapping[int, Mapping[str, Message]]
) -> list[str]:
    """List who brought each judge's mark; empty if the tablet sent it."""
    messages = [brought.get(sheet.id, {}).get(aspect.code) for sheet in view.sheets]
    return [say(words) if words is not None and view.revealed else "" for words in messages]


def _on_time() -> bool:
    """True if the sent ruling is one on the time, and no other."""
    return "seconds" in request.form


def _time(competition: Competition, sheet: Sheet, view: PanelView) -> PanelTime | None:
    """The working time with each judge's reading, once all are in; where the chief rules on it."""
    if not view.revealed or not timed_aspects(view.module):
        return None
    taken = taken_time(sheet.entrant, sheet.stage, sheet.module)
    read = {**taken.aside, **taken.readings}
    columns = {
        judge: clock_time(value)
        for values in (*taken.aside.values(), *taken.readings.values())
        for judge, value in values.items()
    }
    sentence = time_sentence(taken)
    timed = set(timed_aspects(view.module))
    # Sheets that came with the competition's file have times without anybody's watch.
    written = any(timed & marks.keys() for marks in view.values.values())
    unread = _("没有停表的记录，按评分表上的用时") if written else _("还没有人停过表")
    return PanelTime(
        values=[columns.get(panel_sheet.judge.code, "—") for panel_sheet in view.sheets]
        if len(read) < 2
        else [],
        sentence=say(sentence) if sentence else unread,
        has_ruling=taken.ruling is not None,
        value=request.form.get("seconds", ""),
        reason=posted_reason() if _on_time() else "",
        may_rule=is_chief(competition) and competition.state is CompetitionState.JUDGING,
    )


def _row(
    view: PanelView,
    aspect: Aspect,
    apart: dict[str | None, str],
    doubtful: Mapping[str, Implausible],
    brought: list[str],
    *,
    ruling_stands: bool,
    ordered: bool,
    may_rule: bool,
) -> AspectRow:
    values = [view.values[sheet.id].get(aspect.code) for sheet in view.sheets]
    doubt = doubtful.get(aspect.code)
    is_apart = aspect.code in apart or None in apart
    wanted = may_rule and bool(is_apart or doubt or ruling_stands or ordered)
    return AspectRow(
        code=aspect.code,
        name=aspect.name,
        values=[
            shown_value(aspect, as_sent(aspect, value), _) if value is not None else "—"
            for value in values
        ]
        if view.revealed
        else ["" for _value in values],
        brought=brought,
        apart=apart.get(aspect.code),
        doubt=bounds_text(doubt) if doubt else None,
        ruling_stands=ruling_stands,
        field=_field(aspect) if wanted else None,
    )


def _field(aspect: Aspect) -> RulingField:
    """Return the field for the chief judge's ruling on the aspect."""
    kind = kind_of(aspect)
    options = None
    if kind.levels is not None:
        options = [
            Choice(value=str(level), label=label) for level, label in enumerate(kind.level_labels())
        ]
    elif kind.is_yes_no:
        options = [Choice(value="yes", label=_("合格")), Choice(value="no", label=_("不合格"))]
    return RulingField(
        hint=say(wanted_value(aspect)),
        value=request.form.get(f"value-{aspect.code}", ""),
        options=options,
    )


def _time_ruling(competition: Competition, sheet: Sheet, view: PanelView) -> list[RulingRow]:
    """List the ruling on the time that stands, with the watches' readings."""
    if not view.revealed or not timed_aspects(view.module):
        return []
    taken = taken_time(sheet.entrant, sheet.stage, sheet.module)
    if taken.ruling is None:
        return []
    names = {judge.code: judge.name for judge in competition.judges}
    return [
        RulingRow(
            what=_("模块用时"),
            value=say(told_time(taken.ruling.seconds)),
            before=readings_text(taken) or _("没有"),
            who=names.get(taken.ruling.judge, taken.ruling.judge),
            at=moment(taken.ruling.at),
            reason=taken.ruling.reason,
        )
    ]


def _rulings(sheet: Sheet, aspects: Mapping[str, Aspect]) -> list[RulingRow]:
    """The newest first; one that corrects another names the value of that one."""
    rulings = rulings_on(sheet)
    return [
        _ruling(ruling, aspects, next((r for r in rulings[n:] if r.aspect == ruling.aspect), None))
        for n, ruling in enumerate(rulings, 1)
    ]


def _ruling(ruling: Ruling, aspects: Mapping[str, Aspect], earlier: Ruling | None) -> RulingRow:
    aspect = aspects.get(ruling.aspect)
    before = _("、").join(
        f"{judge} {shown_value(aspect, value, _) if aspect else value}"
        for judge, value in ruling.before.items()
    )
    if aspect and earlier and set(ruling.before.values()) == {as_sent(aspect, earlier.value)}:
        stood = shown_value(aspect, as_sent(aspect, earlier.value), _)
        before = _("裁定 %(value)s", value=stood)
    return RulingRow(
        what=aspect.name if aspect else ruling.aspect,
        value=shown_value(aspect, as_sent(aspect, ruling.value), _)
        if aspect
        else f"{ruling.value:f}",
        before=before,
        who=ruling.judge.name,
        at=moment(ruling.ruled_at),
        reason=ruling.reason,
    )


def _panel_page(
    competition: Competition, public_id: str, refused: Refused | None = None
) -> ResponseReturnValue:
    sheet = sheet_of(competition, public_id)
    view = panel_of(sheet)
    if view is None:
        return redirect(sheet_url(competition, sheet))
    page = describe_panel(competition, sheet, view, problem_of(refused))
    return page, 400 if refused else 200


@face.route("/<code>/panels/<public_id>", methods=["GET", "POST"])
@guard.may(Right.SEE)
@only_once
@refusal_on(_panel_page)
def panel_page(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Every judge's values of one entrant in one module; the chief judge rules by a POST."""
    if request.method != "POST":
        return _panel_page(competition, public_id)
    sheet = sheet_of(competition, public_id)
    if not is_chief(competition):
        abort(404)
    rulings = rule_dispute(
        *(sheet, _filled_fields(sheet), posted_reason(), current_user),
        ordered=_ordered_anew(sheet),
    )
    flash(_("裁定了 %(n)s 项，各张评分表都按裁定算", n=len(rulings)), "ok")
    return redirect(url_for("organiser.panel_page", public_id=public_id))


@face.post("/<code>/panels/<public_id>/time")
@guard.may(Right.SEE)
@only_once
@refusal_on(_panel_page)
def rule_on_time(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Rule on the working time as the chief judge, or take the ruling back."""
    sheet = sheet_of(competition, public_id)
    if not is_chief(competition):
        abort(404)
    reason = posted_reason()
    if "lift" in request.form:
        lift_time_ruling(sheet, reason, current_user)
        flash(_("撤回了用时裁定，按裁判读数算"), "ok")
    else:
        rule_time(sheet, request.form.get("seconds", ""), reason, current_user)
        flash(_("用时按裁定算了"), "ok")
    return redirect(url_for("organiser.panel_page", public_id=public_id))


def _ordered_anew(sheet: Sheet) -> frozenset[str]:
    """The aspects on which an appeal orders a change; a ruling that stands is corrected as such."""
    view = panel_of(sheet)
    rulings = standing_rulings([other.id for other in view.sheets] if view else [])
    return aspects_to_rule(sheet) - {row.aspect for rows in rulings.values() for row in rows}


def _filled_fields(sheet: Sheet) -> dict[str, str | bool]:
    """The fields that were filled in; yes and no are words in a form."""
    view = panel_of(sheet)
    flags = {
        aspect.code for aspect in (view.module.aspects if view else ()) if kind_of(aspect).is_yes_no
    }
    return {
        name.removeprefix("value-"): (
            text == "yes" if name.removeprefix("value-") in flags else text
        )
        for name, text in request.form.items()
        if name and name.startswith("value-") and text.strip()
    }
