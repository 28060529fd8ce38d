"""An evaluation's verdicts: the list of an event, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.results import EvaluationEvent, VerdictRow
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.results.shown_version import edition_of
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import require_unblinded
from compete.web import guard
from compete.web.organiser.awards.verdicts.view_model import (
    PAGE,
    filters,
    found_among,
    pass_lines,
    proposed_grades,
    rules_by_code,
    scored_of,
    verdict_lines,
)
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.organiser.results.standings.view_model import state_chips
from compete.web.organiser.results.standings.views import chosen_event
from compete.web.paging import part_of

PAGE_SIZE = 50


@face.get("/<code>/verdicts")
@guard.may(Right.SEE, of=guard.EVALUATIONS)
def verdicts(competition: Competition) -> ResponseReturnValue:
    """Show who passed, who did not and by how much, by number."""
    code = chosen_event(competition)
    wanted = [event for event in competition.events if event.code == code]
    require_unblinded(competition, wanted, current_user)
    event, rules = _event(competition, code), rules_by_code(competition)[code]
    shown, query = request.args.get("show", ""), request.args.get("q", "").strip()
    publication, edition = edition_of(competition, live_results(competition).results, code)
    part, page = part_of(
        found_among(competition, _shown(event, shown), query),
        PAGE_SIZE,
        PAGE,
        event=code,
        show=shown,
        q=query,
    )
    return render_template(
        "organiser/awards/verdicts.html",
        event=wanted[0],
        chips=state_chips(competition, wanted[0], publication, edition),
        filters=filters(event),
        lines=pass_lines(rules, event),
        columns=[it.name for it in scored_of(rules)],
        rows=verdict_lines(competition, rules, part),
        page=page,
        query=query,
        shown=shown,
        waiting=event.counts["incomplete"],
        can_publish=competition.state is CompetitionState.LOCKED
        and not any(
            verdicts_of(it).counts["incomplete"] for it in live_results(competition).results.events
        ),
        passed=len(event.grades),
        proposed=proposed_grades(competition),
    )


@face.get("/<code>/verdicts.xlsx")
@guard.may(Right.SEE, of=guard.EVALUATIONS)
def verdicts_book(competition: Competition) -> Response:
    """The list of an event as a workbook."""
    code = chosen_event(competition)
    wanted = [event for event in competition.events if event.code == code]
    require_unblinded(competition, wanted, current_user)
    event, rules = _event(competition, code), rules_by_code(competition)[code]
    lines = verdict_lines(competition, rules, event.verdicts)
    heads = (_("准考证号"), _("姓名"), _("单位"))
    rest = (_("结果"), _("说明"), _("等级"))
    return send_list(
        competition,
        msg("%(event)s结果", event=wanted[0].name),
        [*heads, *(it.name for it in scored_of(rules)), *rest],
        [
            [
                *(line.code, line.name, line.unit),
                *(text for text, _bad, _carried in line.marks),
                *(line.verdict.text, line.why, line.grade),
            ]
            for line in lines
        ],
    )


def _event(competition: Competition, code: str) -> EvaluationEvent:
    return verdicts_of(live_results(competition).event(code))


def _shown(event: EvaluationEvent, shown: str) -> Sequence[VerdictRow]:
    return [row for row in event.verdicts if shown in ("", row.verdict)]
