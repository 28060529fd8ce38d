"""The standings of an event: live, or as they were published."""

from __future__ import annotations

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from compete.models import Competition
from compete.services.publication import latest_publication, print_notice
from compete.services.scoring import live_results
from compete.services.sheets import require_unblinded
from compete.sheets.results_book import write_results_book
from compete.web import guard
from compete.web.downloads import send_pdf, send_workbook
from compete.web.organiser.blueprint import face
from compete.web.organiser.standings.side_rankings import (
    UNITS,
    describe_views,
    item_rows,
    unit_rows,
)
from compete.web.organiser.standings.teams import describe_teams
from compete.web.organiser.standings.view_model import (
    describe_hash,
    final_rows,
    module_columns,
    possible_acts,
    standings_row,
    state_chips,
)


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
    wanted = [known_event for known_event in competition.events if known_event.code == event_code]
    require_unblinded(competition, wanted, current_user)
    live = live_results(competition)
    event = live.event(event_code)
    scorer = live.scorer
    rules = scorer.events[event_code].event
    opened = request.args.get("open")
    publication = latest_publication(competition)
    people = {entrant.code: entrant for entrant in live.bundle.entrants}
    units = {unit.code: unit.name for unit in live.bundle.units}
    item = request.args.get("item")
    columns = [] if item else module_columns(rules)
    if item == UNITS:
        rows = unit_rows(event, live.bundle)
    elif item:
        if item not in {known_item.code for known_item in rules.items}:
            abort(404)
        rows = item_rows(rules, event, item, live.bundle)
    else:
        rows = [
            standings_row(scorer, rules, event, stage_row, final, people, units, columns, opened)
            for final, stage_row in final_rows(event)
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
        "organiser/standings/standings.html",
        competition={"name": competition.name, "url": url_for("organiser.overview", code=code)},
        stage=rules.stages[-1].name,
        chips=state_chips(competition, publication),
        views=describe_views(competition, rules, event, current),
        columns=columns,
        rows=[row for row in rows if row["rank"] is not None],
        teams=describe_teams(scorer.events[event_code], live.bundle, event),
        hash=describe_hash(publication),
        unranked=[
            {"name": row["name"], "unit": row["unit"], "why": row["why"]}
            for row in rows
            if row["rank"] is None
        ],
        acts=possible_acts(competition, event_code, publication is not None),
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
