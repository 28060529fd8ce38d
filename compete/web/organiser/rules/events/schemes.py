"""Marking schemes as workbooks: looked at and put into the form of rules, and handed out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Event
from compete.services.competitions import schemes
from compete.services.competitions.bundle_uploads import (
    drop_bundle_upload,
    keep_bundle_upload,
    open_bundle_upload,
)
from compete.services.competitions.rules_draft import RulesDraft
from compete.services.competitions.rules_saving import why_rules_stay
from compete.services.competitions.schemes import (
    gone_words,
    propose_scheme,
    with_aspects,
)
from compete.services.competitions.worked_example import Place, TriedMark
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.refusal import Refused
from compete.services.rule_changes.changes import why_no_change
from compete.services.rule_changes.impact_on_scores import marked_in
from compete.sheets.scheme_aspects import SchemeForm
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.rules.events.reading import place_of, read_draft, read_tried
from compete.web.organiser.rules.events.view_model import rules_page, type_choices
from compete.web.pages import or_404

ACTS = ("scheme", "take", "leave")
"""The acts of the form's buttons: look at a file, put it into the form, or not."""


@face.get("/<code>/events/scheme.xlsx")
@guard.may(Right.SET_UP)
def scheme_workbook(competition: Competition) -> Response:
    """A module's marking scheme in force, in one form or the other."""
    asked = request.args
    event = next((it for it in competition.events if it.code == asked.get("event", "")), None)
    if event is None or asked.get("form", "trade") not in tuple(SchemeForm):
        abort(404)
    form = SchemeForm(asked.get("form", "trade"))
    stage, module = asked.get("stage", ""), asked.get("module", "")
    content = or_404(schemes.scheme_workbook(event, stage, module, form))
    what = _("评分标准") if form is SchemeForm.TRADE else "marking-scheme"
    return send_workbook(content, f"{what}_{module_title(event, stage, module)}.xlsx")


def act_on_scheme(event: Event, before: RulesDraft, act: str, path: str) -> tuple[str, int]:
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
    found = propose_scheme(event, draft, *place, kept.data)
    drop_bundle_upload(token, current_user)
    name = draft.stages[place[0]].modules[place[1]].name
    done = _("“%(module)s”的评分点换成了表里的 %(n)s 行，还没存", module=name, n=len(found.rows))
    draft = with_aspects(draft, *place, found.aspects)
    tried = {at: mark for at, mark in tried.items() if at[:2] != place}
    return rules_page(event, draft, done=done, tried=tried), 200


def _looked_at(
    event: Event,
    draft: RulesDraft,
    place: tuple[int, int],
    sent: FileStorage | None,
    tried: Mapping[Place, TriedMark],
) -> tuple[str, int]:
    path = f"stages[{place[0]}].modules[{place[1]}]"
    if sent is None or not sent.filename:
        told = {f"{path}.scheme": _("还没选文件")}
        return rules_page(event, draft, told=told, tried=tried), 400
    try:
        data = read_upload(sent.stream)
        found = propose_scheme(event, draft, *place, data)
    except WorkbookError as error:
        told = {f"{path}.scheme": say(error.message)}
        return rules_page(event, draft, told=told, tried=tried), 400
    token = keep_bundle_upload(sent.filename, data, current_user)
    kept = open_bundle_upload(token, current_user)
    gone = gone_words(found.gone)
    card = {
        "path": path,
        "module": draft.stages[place[0]].modules[place[1]].name,
        "file": kept.filename,
        "token": token,
        "found": found,
        "types": {it.value: it.label for it in type_choices()},
        "warnings": [*found.warnings, *([gone] if gone else [])],
    }
    return rules_page(event, draft, scheme=card, tried=tried), 200
