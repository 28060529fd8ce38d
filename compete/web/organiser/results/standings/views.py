"""The standings of an event: live, or as they were published."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from compete.domain.bundle import event_types
from compete.domain.bundle.results import EventResults
from compete.domain.explanation.brought import counted_rows
from compete.domain.explanation.ties import any_parted, explain_ties
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.rights import Right
from compete.models import Competition, Event, Publication
from compete.services.appeals.appeal_states import codes_under_appeal
from compete.services.closing.grade_decisions import decided_grades
from compete.services.kernel.publications import latest_publication
from compete.services.results.approved_external_awards import honour_words
from compete.services.results.bends import told_renewals
from compete.services.results.notice import NOTICE
from compete.services.results.result_stands import stand_of
from compete.services.results.results_booklet import RESULTS_BOOK
from compete.services.results.score_summary import SCORE_SUMMARY
from compete.services.results.shown_version import edition_of, named_as_published
from compete.services.scoring.live import LiveScorer, live_scorer
from compete.services.scoring.mark_rows import marks_of_entrant
from compete.services.scoring.stages_to_come import (
    all_without_promises,
    stage_to_come,
    why_provisional,
    without_promises,
)
from compete.services.sheets.blind_codes import require_unblinded
from compete.sheets.results_workbook.workbook import write_results_book
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.results.standings.shapes import Named, StandingRow
from compete.web.organiser.results.standings.side_rankings import (
    UNITS,
    describe_teams,
    item_rows,
    unit_rows,
)
from compete.web.organiser.results.standings.view_model import (
    Names,
    RowWriter,
    distinction_rows,
    final_rows,
    found_rows,
    grade_head,
    module_columns,
    state_chips,
    why_unranked,
)
from compete.web.pages import of_code
from compete.web.paging import Paging, part_of
from compete.web.shown_standings import shown_events

_PAGE = "organiser.standings"
PAGE_SIZE = 100
MOST_UNRANKED = 40


def chosen_event(competition: Competition) -> Event:
    """The event that the address asks for, or the first."""
    first = next((event.code for event in competition.events), "")
    return of_code(competition.events, request.args.get("event", first))


@face.get("/<code>/standings")
@guard.may(Right.SEE, of=guard.SKILLS, instead="organiser.verdicts")
def standings(competition: Competition) -> ResponseReturnValue:
    """Ranks with how each total came about; teams, units and single items beside them."""
    row = chosen_event(competition)
    event_code = row.code
    require_unblinded(competition, [row], current_user)
    with live_scorer(competition) as live:
        publication, edition = edition_of(competition, live.results, event_code)
        provisional = None
        if publication is None:
            rules = live.scorer.events[event_code].event
            provisional = why_provisional(competition, rules, live.event(event_code))
        # With the names of the publication that says the same.
        table = _table(competition, live, event_code, publication)
    latest = latest_publication(competition)
    return render_template(
        "organiser/results/standings/standings.html",
        chips=state_chips(competition, row, publication, edition),
        published=publication,
        words=hash_phrase(bytes.fromhex(publication.sha256)) if publication else "",
        announced=latest.version if latest else None,
        provisional=provisional,
        events=shown_events(competition),
        event=event_code,
        grade_head=grade_head(row, publication),
        **table,
    )


def _table(
    competition: Competition, live: LiveScorer, event_code: str, publication: Publication | None
) -> dict[str, object]:
    """Return the page's lists, out of the live results."""
    event, scorer = live.event(event_code), live.scorer
    rules = scorer.events[event_code].event
    if publication is None and stage_to_come(competition, event) is not None:
        # No award, and no reason why somebody is not promoted, before the last stage is judged.
        event = without_promises(competition, event)
        rules = msgspec.structs.replace(rules, grades=())
    item, q = request.args.get("item") or None, request.args.get("q", "").strip()
    bundle = named_as_published(live.bundle, publication)
    names = Names(bundle, live.bundle)
    unranked: list[tuple[Named, str]] = []
    if item is None:
        rows, page = _people(competition, live, rules, event, names, q)
        unranked = _unranked(event, names)
    elif item == UNITS or item in {known_item.code for known_item in rules.items}:
        if item == UNITS:
            matching = found_rows(unit_rows(event, bundle), q)
        else:
            appealed = codes_under_appeal(competition)
            matching = found_rows(item_rows(rules, event, item, bundle, appealed), q)
        rows, page = part_of(matching, PAGE_SIZE, _PAGE, q=q, event=event_code, item=item)
    else:
        abort(404)
    return {
        "stage": rules.stages[-1].name,
        "items": rules.items,
        "tables": live.bundle.overall,
        "ranks_units": event.units is not None,
        "columns": [] if item else module_columns(rules),
        "rows": rows,
        "teams": describe_teams(scorer.events[event_code], bundle, event),
        "unranked": unranked[:MOST_UNRANKED],
        "more_unranked": max(0, len(unranked) - MOST_UNRANKED),
        "page": page,
        "item": item,
        "q": q,
    }


def _people(
    competition: Competition,
    live: LiveScorer,
    rules: event_types.Event,
    event: EventResults,
    names: Names,
    q: str,
) -> tuple[Sequence[StandingRow], Paging]:
    """The rows of the page and the paging."""
    ranked = [pair for pair in final_rows(event) if pair[0].rank is not None]
    ranked = [pair for pair in ranked if names.says(pair[0].entrant, q)]
    opened = request.args.get("open")
    at = next((at for at, pair in enumerate(ranked) if pair[0].entrant == opened), None)
    part, page = part_of(ranked, PAGE_SIZE, _PAGE, opened=at, q=q, event=rules.code)
    decided = decided_grades(competition)
    writer = RowWriter(
        live.scorer,
        rules,
        event,
        names,
        opened,
        decided,
        codes_under_appeal(competition),
        told_renewals(marks_of_entrant(competition, opened), competition)
        if opened is not None and at is not None
        else (),
    )
    return [writer.row(final, stage_row) for final, stage_row in part], page


def _unranked(event: EventResults, names: Names) -> list[tuple[Named, str]]:
    """List those who are not ranked, and why."""
    return [
        (names.of(final.entrant), why_unranked(final))
        for final in event.standings
        if final.rank is None
    ]


@face.get("/<code>/standings.xlsx")
@guard.may(Right.SEE, of=guard.SKILLS)
def standings_book(competition: Competition) -> Response:
    """The standings as a workbook."""
    require_unblinded(competition, competition.events, current_user)
    with live_scorer(competition) as live:
        ties = {
            event.code: explain_ties(live.scorer.events[event.code], event)
            for event in live.results.events
            if any_parted(event)
        }
        publication, edition = edition_of(competition, live.results)
        named = named_as_published(live.bundle, publication)
        overall = [
            (table, counted_rows(live.scorer, table, named)) for table in live.bundle.overall
        ]
    book = write_results_book(
        named,
        live.results
        if publication is not None
        else all_without_promises(competition, live.results),
        gettext,
        edition=edition,
        decided=decided_grades(competition),
        appealed=codes_under_appeal(competition),
        honours=honour_words(competition, live.results.events),
        distinctions=distinction_rows(competition),
        ties=ties,
        overall=overall,
        settled=[
            event.code
            for event in competition.events
            if publication is not None and stand_of(event).stands
        ],
    )
    return send_workbook(book, f"成绩_{competition.name}.xlsx")


@face.get("/<code>/standings.pdf")
@guard.may(Right.SEE)
def notice(competition: Competition) -> ResponseReturnValue:
    """Print the notice for the notice period, out of the publication; 暂定 before there is one."""
    require_unblinded(competition, competition.events, current_user)
    filename, event = f"成绩公示_{competition.name}.pdf", chosen_event(competition).code
    return print_or_follow(competition, NOTICE, filename, event=event)


@face.get("/<code>/standings/summary.pdf")
@guard.may(Right.SEE, of=guard.SKILLS)
def score_summary(competition: Competition) -> ResponseReturnValue:
    """Every mark of an event on one paper, to be signed; refused as the notice is."""
    require_unblinded(competition, competition.events, current_user)
    filename, event = f"成绩汇总表_{competition.name}.pdf", chosen_event(competition).code
    return print_or_follow(competition, SCORE_SUMMARY, filename, event=event)


@face.get("/<code>/results.pdf")
@guard.may(Right.SEE, of=guard.SKILLS)
def results_book(competition: Competition) -> ResponseReturnValue:
    """Print all of the published results on one paper, names as the public pages show them."""
    require_unblinded(competition, competition.events, current_user)
    return print_or_follow(competition, RESULTS_BOOK, f"成绩册_{competition.name}.pdf")
