"""The standings of an event: live, or as they were published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain import bundle as b
from compete.domain.bundle import EventResults, StageRow
from compete.domain.grades import grade_label
from compete.domain.scoring import Scorer
from compete.domain.values import hash_phrase
from compete.models import Competition, Publication
from compete.services.publication import latest_publication, print_notice
from compete.services.scoring import live_results
from compete.services.sheets import require_unblinded
from compete.sheets.results_book import write_results_book
from compete.web import guard
from compete.web.downloads import send_pdf, send_workbook
from compete.web.language import say
from compete.web.organiser import face
from compete.web.organiser.describe import state_chip
from compete.web.organiser.how import describe_how, why_refused
from compete.web.organiser.other_standings import (
    UNITS,
    describe_views,
    item_rows,
    unit_rows,
)
from compete.web.organiser.team_rows import describe_teams
from compete.web.templating import minutes, moment
from compete.web.words import outcome_word


def chosen_event(competition: Competition) -> str:
    """The event that the address asks for, or the first."""
    codes = [event.code for event in competition.events]
    wanted = request.args.get("event", codes[0] if codes else "")
    if wanted not in codes:
        abort(404)
    return wanted


@face.get("/<code>/standings")
@guard.officials
def standings(competition: Competition) -> ResponseReturnValue:
    """Ranks with how each total came about; teams, units and single items beside them."""
    event_code = chosen_event(competition)
    wanted = [one for one in competition.events if one.code == event_code]
    require_unblinded(competition, wanted, current_user)
    live = live_results(competition)
    event = live.event(event_code)
    scorer = live.scorer
    rules = scorer.events[event_code].event
    opened = request.args.get("open")
    publication = latest_publication(competition)
    people = {one.code: one for one in live.bundle.entrants}
    units = {unit.code: unit.name for unit in live.bundle.units}
    item = request.args.get("item")
    columns = [] if item else _columns(rules)
    if item == UNITS:
        rows = unit_rows(event, live.bundle)
    elif item:
        if item not in {one.code for one in rules.items}:
            abort(404)
        rows = item_rows(rules, event, item, live.bundle)
    else:
        rows = [
            _row(scorer, rules, event, stage_row, final, people, units, columns, opened)
            for final, stage_row in _final_rows(event)
        ]
        for row in rows:
            row["how_url"] = url_for(
                "organiser.standings",
                code=competition.code,
                event=event_code,
                open=row["id"],
                _anchor=f"row-{row['id']}",
            )
    code = competition.code
    current = "event" if not item else item if item == UNITS else f"item:{item}"
    return render_template(
        "organiser/standings.html",
        competition={"name": competition.name, "url": url_for("organiser.overview", code=code)},
        stage=rules.stages[-1].name,
        chips=_chips(competition, publication),
        views=describe_views(competition, rules, event, current),
        columns=columns,
        rows=[row for row in rows if row["rank"] is not None],
        teams=describe_teams(scorer.events[event_code], live.bundle, event),
        hash=_hash(publication),
        unranked=[
            {"name": row["name"], "unit": row["unit"], "why": row["why"]}
            for row in rows
            if row["rank"] is None
        ],
        acts=_acts(competition, event_code, publication is not None),
        page=None,
        message_text=None,
    )


@face.get("/<code>/standings.xlsx")
@guard.officials
def standings_book(competition: Competition) -> Response:
    """The standings as a workbook."""
    require_unblinded(competition, competition.events, current_user)
    live = live_results(competition)
    return send_workbook(
        write_results_book(live.bundle, live.results), f"成绩_{competition.name}.xlsx"
    )


@face.get("/<code>/standings.pdf")
@guard.officials
def notice(competition: Competition) -> Response:
    """What is put up for the notice period, out of the publication."""
    content = print_notice(competition, chosen_event(competition), gettext)
    return send_pdf(content, f"成绩公示_{competition.name}.pdf")


def _final_rows(event: EventResults) -> list[tuple[Any, StageRow]]:
    by_stage = {stage.code: {row.entrant: row for row in stage.standings} for stage in event.stages}
    return [(final, by_stage[final.stage][final.entrant]) for final in event.standings]


def _columns(rules: b.Event) -> list[dict[str, Any]]:
    stage = rules.stages[-1]
    columns: list[dict[str, Any]] = [
        {"key": f"part:{part.code}", "label": part.name, "pass": part.pass_} for part in stage.parts
    ]
    columns += [
        {"key": f"module:{m.code}", "label": m.name, "pass": m.pass_, "soft": bool(m.part)}
        for m in stage.modules
    ]
    timed = [key for key in rules.ranking.ties if key.startswith("time:")]
    columns += [{"key": key, "label": _("用时"), "soft": True} for key in timed[:1]]
    return columns


def _row(
    scorer: Scorer,
    rules: b.Event,
    event: EventResults,
    stage_row: StageRow,
    final: Any,
    people: dict[str, b.Entrant],
    units: dict[str, str],
    columns: list[dict[str, Any]],
    opened: str | None,
) -> dict[str, Any]:
    person = people[final.entrant]
    grade_row = next((g for g in event.grades or () if g.entrant == final.entrant), None)
    names = {award.code: award.name for award in rules.awards}
    stages = {stage.code: stage.name for stage in rules.stages}
    awards = [
        names[a.award] for a in event.awards or () if a.entrant == final.entrant and not a.item
    ]
    grade, refused = None, None
    if grade_row is not None and grade_row.change == "promoted":
        grade = say(grade_label(grade_row.grade))
    elif final.rank is not None and rules.grades:
        refused = why_refused(scorer, final.entrant)
    return {
        "id": final.entrant,
        "rank": final.rank,
        "number": final.entrant,
        "name": person.name,
        "unit": units[person.unit],
        "values": _values(scorer, stage_row, columns),
        "total": final.total,
        "award": "、".join(awards) or None,
        "grade": grade,
        "grade_refused": refused,
        "note": _("止步%(stage)s", stage=stages[final.stage])
        if final.stage != rules.stages[-1].code
        else None,
        "open": opened == final.entrant,
        "how": describe_how(scorer, final.entrant, people, final.rank)
        if opened == final.entrant
        else None,
        "why": _("还没评完")
        if final.status == "incomplete"
        else ""
        if final.status == "ranked"
        else outcome_word(final.status),
    }


def _values(
    scorer: Scorer, row: StageRow, columns: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for column in columns:
        kind, _colon, code = column["key"].partition(":")
        if kind == "time":
            times = scorer.event_of(row.entrant).stages[-1]
            place = times.plan.module_places.get(code)
            seconds = None if place is None else times.books[place].times.get(row.entrant)
            if seconds is not None:
                values[column["key"]] = {
                    "text": minutes(Decimal(seconds.numerator) / Decimal(seconds.denominator))
                }
            continue
        if kind == "part":
            score = row.parts.get(code)
        else:
            result = row.modules.get(code)
            score = result.score if result else None
        if score is not None:
            bad = column["pass"] is not None and Decimal(score) < column["pass"]
            values[column["key"]] = {"text": score, "bad": bad}
    return values


def _chips(competition: Competition, publication: Publication | None) -> list[dict[str, Any]]:
    chips: list[dict[str, Any]] = [state_chip(competition)]
    if publication is not None:
        chips.append({"text": _("第 %(n)s 版", n=publication.version), "kind": ""})
        if publication.notice_until:
            chips.append(
                {"text": _("公示到 %(at)s", at=moment(publication.notice_until)), "kind": "warn"}
            )
    else:
        chips.append({"text": _("暂定，没有公布"), "kind": ""})
    return chips


def _hash(publication: Publication | None) -> dict[str, Any] | None:
    if publication is None:
        return None
    digest = publication.sha256
    return {
        "words": hash_phrase(bytes.fromhex(digest)),
        "digest": f"{digest[:4]} {digest[4:8]} … {digest[-4:]}",
        "when": _("%(at)s 存档", at=moment(publication.published_at)),
    }


def _acts(competition: Competition, event: str, published: bool) -> list[dict[str, Any]]:
    code = competition.code
    return [
        {
            "label": _("导出 Excel"),
            "url": url_for("organiser.standings_book", code=code),
            "icon": "download",
        },
        *(
            [
                {
                    "label": _("公示文件"),
                    "url": url_for("organiser.notice", code=code, event=event),
                    "icon": "print",
                }
            ]
            if published
            else []
        ),
        {
            "label": _("奖项和晋升"),
            "url": url_for("organiser.awards", code=code, event=event),
            "kind": "primary",
        },
    ]
