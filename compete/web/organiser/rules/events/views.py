"""Setting up events: the list, the form of each one's rules, taking one away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.messages import msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition, Event
from compete.services.competitions import schemes
from compete.services.competitions.bundle_uploads import (
    drop_bundle_upload,
    keep_bundle_upload,
    open_bundle_upload,
)
from compete.services.competitions.event_setup import (
    add_event,
    remove_event,
    restore_event,
    why_not_removed,
)
from compete.services.competitions.schemes import (
    ProposedBook,
    gone_words,
    propose_schemes,
)
from compete.services.competitions.templates import scheme_of
from compete.services.competitions.worked_example import AspectPosition, TriedMark
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.rules.changes import ask_change, why_no_change
from compete.services.rules.rules_draft import RulesDraft
from compete.services.rules.rules_saving import (
    RulesRefused,
    draft_in_force,
    draft_of_version,
    draft_problems,
    save_rules,
    why_rules_stay,
)
from compete.services.rules.stage_draft import with_new_stage
from compete.services.rules.taking_effect import marked_in
from compete.sheets.scheme_aspects import SchemeForm
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.downloads import send_json, send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_look import Blocking, last_look, make_fact
from compete.web.organiser.rules.events.examples import example_card, ranked_anew
from compete.web.organiser.rules.events.faults import troubles, words_by_step
from compete.web.organiser.rules.events.reading import (
    place_of,
    read_draft,
    read_tried,
    stage_place,
    tried_mark,
)
from compete.web.organiser.rules.events.steps import step_views
from compete.web.organiser.rules.events.view_model import (
    chosen_like,
    events_page,
    rules_page,
    type_choices,
)
from compete.web.pages import of_code, or_404
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on, refuse_too_much

ACTS = ("scheme", "take", "leave")
"""The acts of the form's buttons: look at a file, put it into the form, or not."""


@face.get("/<code>/events/scheme.xlsx")
@guard.may(Right.SET_UP)
def scheme_workbook(competition: Competition) -> Response:
    """A module's marking scheme in force, in one form or the other."""
    asked = request.args
    event = _event(competition)
    if asked.get("form", "trade") not in tuple(SchemeForm):
        abort(404)
    form = SchemeForm(asked.get("form", "trade"))
    stage, module = asked.get("stage", ""), asked.get("module", "")
    content = or_404(schemes.scheme_workbook(event, stage, module, form))
    what = _("评分标准") if form is SchemeForm.TRADE else "marking-scheme"
    return send_workbook(content, f"{what}_{module_title(event, stage, module)}.xlsx")


def _act_on_scheme(event: Event, before: RulesDraft, act: str, path: str) -> tuple[str, int]:
    """The page after one of `ACTS` for the module that the form calls `path`, and its status.

    What was typed stays in the form. Raises `Refused` for rules that stay.
    """
    form = request.form
    proposes = why_rules_stay(event) is not None
    if proposes and (why := why_no_change(event)):
        raise Refused(why)
    draft, place = read_draft(form, before, keep=path), place_of(form, before, path)
    tried = read_tried(form, before, keep=path)
    if place is None:
        abort(400)
    stage = draft.stages[place[0]]
    if proposes and marked_in(event).of(stage.was, stage.modules[place[1]].was):
        raise Refused(msg("这个模块已经评了，行不能整张换；在表单里一行一行改"))
    if act == "scheme":
        return _looked_at(event, draft, place, request.files.get(f"{path}.scheme"), tried)
    token = form.get("scheme", "")
    if act == "leave":
        drop_bundle_upload(token, current_user)
        return rules_page(event, draft, tried=tried), 200
    kept = open_bundle_upload(token, current_user)
    book = propose_schemes(event, draft, *place, kept.data, form.getlist("sheet"))
    if not book.parts:
        raise invalid(msg("一页也没勾，没有放进表单"))
    if _marked_modules(event, draft, place[0], book):
        abort(400)
    drop_bundle_upload(token, current_user)
    names = _("、").join(part.module.name for part in book.parts)
    count = sum(len(part.rows) for part in book.parts)
    done = _("“%(module)s”的评分点换成了表里的 %(n)s 行，还没存", module=names, n=count)
    places = {(place[0], part.place) for part in book.parts}
    tried = {at: mark for at, mark in tried.items() if at[:2] not in places}
    return rules_page(event, book.draft, done=done, tried=tried), 200


def _marked_modules(event: Event, draft: RulesDraft, stage: int, book: ProposedBook) -> list[str]:
    """The names of those of its modules that were marked already: their rows stay."""
    marked, of_stage = marked_in(event), draft.stages[stage]
    return [
        part.module.name
        for part in book.parts
        if not part.is_new and marked.of(of_stage.was, of_stage.modules[part.place].was)
    ]


def _looked_at(
    event: Event,
    draft: RulesDraft,
    place: tuple[int, int],
    sent: FileStorage | None,
    tried: Mapping[AspectPosition, TriedMark],
) -> tuple[str, int]:
    path = f"stages[{place[0]}].modules[{place[1]}]"
    if sent is None or not sent.filename:
        faults = {f"{path}.scheme": _("还没选文件")}
        return rules_page(event, draft, field_words=faults, tried=tried), 400
    try:
        data = read_upload(sent.stream)
        book = propose_schemes(event, draft, *place, data)
    except WorkbookError as error:
        faults = {f"{path}.scheme": say(error.message)}
        return rules_page(event, draft, field_words=faults, tried=tried), 400
    token = keep_bundle_upload(sent.filename, data, current_user)
    kept = open_bundle_upload(token, current_user)
    marked = _marked_modules(event, draft, place[0], book)
    card = {
        "path": path,
        "file": kept.filename,
        "token": token,
        "parts": [
            (it, [*it.warnings, *filter(None, [gone_words(it.gone)])], it.module.name in marked)
            for it in book.parts
        ],
        "warnings": book.warnings,
        "types": {it.value: it.label for it in type_choices()},
    }
    return rules_page(event, draft, scheme=card, tried=tried), 200


# Some 7,000 rows, of which no competition has a tenth.
_MOST_FIELDS = 100_000


@face.get("/<code>/scheme.json")
@guard.may(Right.SET_UP, of=guard.ANY_KIND)
def scheme_file(competition: Competition) -> Response:
    """Rules, units and plan as a file, from which it can be begun elsewhere; without people."""
    return send_json(
        write_bundle(scheme_of(competition)), f"{_('竞赛方案')}_{competition.name}.json"
    )


@face.get("/<code>/events")
@guard.may(Right.SET_UP)
def events(competition: Competition) -> ResponseReturnValue:
    """The competition's events."""
    return events_page(competition)


@face.post("/<code>/events/add")
@guard.may(Right.SET_UP)
@only_once
@refusal_on(events_page)
def new_event(competition: Competition) -> ResponseReturnValue:
    """Add one event, and lead to its rules."""
    name, key = request.form.get("name", ""), request.form.get("like", "")
    try:
        like, units = chosen_like(competition, key)
    except KeyError:
        abort(400)
    event = add_event(competition, name, like, current_user, units)
    flash(_("加了赛项 %(name)s。看一遍规则，改好再存", name=event.name), "ok")
    return redirect(url_for("organiser.event_rules", code=competition.code, event=event.code))


def _typed_rules(
    before: RulesDraft,
) -> tuple[RulesDraft, Mapping[AspectPosition, TriedMark], str, str]:
    """The draft and the example's marks as the form has them; its act, and what that is about."""
    act, _colon, more = request.form.get("act", "save").partition(":")
    form = _with_median(request.form, more) if act == "median" else request.form
    draft = read_draft(form, before)
    if act == "tie":
        draft = replace(draft, ties=tuple(dict.fromkeys((*draft.ties, more))))
    return draft, read_tried(form, before), act, more


def _refused_rules(competition: Competition, refused: Refused) -> str:
    if refused.kind is Refusal.TOO_LARGE:
        raise refused
    event = _event(competition)
    draft, tried, _act, _more = _typed_rules(_begun_with(event))
    return rules_page(
        event,
        draft,
        problem=problem_of(refused),
        problems=refused.problems if isinstance(refused, RulesRefused) else (),
        tried=tried,
        reason=posted_reason(),
    )


@face.route("/<code>/events/rules", methods=["GET", "POST"])
@guard.may(Right.SET_UP)
@refusal_on(_refused_rules)
def event_rules(competition: Competition) -> ResponseReturnValue:
    """The rules of one; what cannot be stored stays in its field."""
    event = _event(competition)
    before = _begun_with(event)
    if request.method != "POST":
        return rules_page(event, before)
    refuse_too_much(len(request.form), _MOST_FIELDS)
    draft, tried, act, more = _typed_rules(before)
    reason, proposes = posted_reason(), why_rules_stay(event) is not None
    if proposes and why_no_change(event) and act == "try":
        return rules_page(event, before, tried=_tried_in_force(before))
    if act in ACTS:
        return _act_on_scheme(event, before, act, more)
    if act == "moved":
        moved = ranked_anew(event, draft, posted_text("edition"))
        return rules_page(event, draft, tried=tried, moved=moved)
    if act == "before":
        place = stage_place(request.form, before, more)
        if place is not None:
            draft, tried = _with_stage(draft, tried, place)
    if act in ("before", "more", "try"):
        return rules_page(event, draft, more=more, tried=tried, reason=reason)
    seen, number = _number(posted_text("seen")), None
    if proposes:
        change = ask_change(event, draft, seen, reason, current_user)
        if change is not None:
            flash(_("提出了，裁判长和监督都同意才生效"), "ok")
            return redirect(
                url_for("organiser.event_change", code=competition.code, number=change.id)
            )
    else:
        number = save_rules(event, draft, seen, current_user)
    if number is None:
        flash(_("和原来一样，没有要存的"), "info")
    else:
        flash(_("存好了，现在是第 %(n)s 版", n=number), "ok")
    return redirect(url_for("organiser.event_rules", code=competition.code, event=event.code))


def _with_median(form: Mapping[str, str], path: str) -> Mapping[str, str]:
    """Return the form as if one module's middle mark counted and none were dropped."""
    panel = {"combine": "median", "drop_high": "0", "drop_low": "0"}
    return {**form, **{f"{path}.panel.{key}": text for key, text in panel.items()}}


@face.post("/<code>/events/rules/try")
@guard.may(Right.SET_UP, of=guard.SKILLS)
def try_rules(competition: Competition) -> ResponseReturnValue:
    """Work the example out under what the form says now; nothing is stored."""
    event = _event(competition)
    before = _begun_with(event)
    if why_rules_stay(event) and why_no_change(event):
        card, steps = example_card(event, before, _tried_in_force(before)), {}
    else:
        draft, tried = read_draft(request.form, before), read_tried(request.form, before)
        faults = words_by_step(troubles(draft_problems(event, draft), draft))
        card = example_card(event, draft, tried)
        steps = step_views(event, draft, terms=None, faults=faults)
    fields = [field for module in card["modules"] for field in module["fields"]]
    return jsonify(
        card=render_template("organiser/rules/events/_example.html", example=card),
        worked=render_template("organiser/rules/events/_worked.html", worked=card["worked"])
        + render_template("organiser/rules/events/_standing.html", standing=card["standing"]),
        told={
            key: [
                render_template(f"organiser/rules/events/_step_{part}.html", step=step)
                for part in ("head", "lines")
            ]
            for key, step in steps.items()
        },
        problems={field["name"]: field["problem"] for field in fields if field["problem"]},
    )


def _begun_with(event: Event) -> RulesDraft:
    """The rules that the form began with: those in force, or an earlier version to look at or
    take back."""
    return draft_of_version(event, _number(request.values.get("base", ""))) or draft_in_force(event)


def _with_stage(
    draft: RulesDraft, tried: Mapping[AspectPosition, TriedMark], place: int
) -> tuple[RulesDraft, dict[AspectPosition, TriedMark]]:
    """Put a new stage into both before that at `place`; named, it stays where another is added."""
    names = (_("复赛"), _("半决赛")) if place else (_("预赛"), _("初赛"))
    stages = with_new_stage(draft.stages, place, names)
    marks = {(s + (s >= place), m, a): mark for (s, m, a), mark in tried.items()}
    return replace(draft, stages=stages), marks


def _tried_in_force(before: RulesDraft) -> dict[AspectPosition, TriedMark]:
    """The example's marks where the form of rules is closed and sends nothing else."""
    places = (
        ((s, m, a), f"stages[{s}].modules[{m}].aspects[{a}]", row.type)
        for s, stage in enumerate(before.stages)
        for m, module in enumerate(stage.modules)
        for a, row in enumerate(module.aspects)
    )
    marks = ((place, tried_mark(request.form, path, kind)) for place, path, kind in places)
    return {place: mark for place, mark in marks if mark is not None}


@face.get("/<code>/events/remove")
@guard.may(Right.SET_UP)
def confirm_event_removal(competition: Competition) -> ResponseReturnValue:
    """Show what goes with the event; while somebody is registered for it, why it stays."""
    event = _event(competition)
    why = why_not_removed(event)
    facts = [
        make_fact(
            _("“%(name)s”的规则一起删掉", name=event.name), _("删掉以后一天里，你还能撤销。")
        ),
        make_fact(_("裁判的分工里没有它了"), _("裁判本人还在。")),
    ]
    code = competition.code
    return last_look(
        competition,
        _("删掉赛项 %(name)s", name=event.name),
        facts,
        [Blocking(what=say(why))] if why else [],
        url_for("organiser.drop_event", code=code, event=event.code),
        url_for("organiser.events", code=code),
        area="competitions",
    )


@face.post("/<code>/events/remove")
@guard.may(Right.SET_UP)
def drop_event(competition: Competition) -> ResponseReturnValue:
    """Take it away."""
    event = _event(competition)
    name = event.name
    token = remove_event(event, current_user)
    flash(_("删掉了赛项 %(name)s", name=name), "ok")
    return redirect(url_for("organiser.events", code=competition.code, removed=token))


@face.post("/<code>/events/restore")
@guard.may(Right.SET_UP)
def bring_event_back(competition: Competition) -> ResponseReturnValue:
    """Bring back the event that was removed, as it was."""
    event = restore_event(competition, posted_text("removed"), current_user)
    flash(_("赛项 %(name)s 回来了，裁判的分工要重新排", name=event.name), "ok")
    return redirect(url_for("organiser.events", code=competition.code))


def _event(competition: Competition) -> Event:
    """The event that the address asks for: a path cannot carry every code, such as `a/b`."""
    return of_code(competition.events, request.args.get("event", ""))


def _number(seen: str) -> int:
    """Return the version that the form showed; 0, which none has, for what is no such number."""
    return whole_number(seen) or 0
