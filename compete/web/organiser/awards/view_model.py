"""Awards and proposed grades in words: who won what, what the rules say, who nearly got there."""

from __future__ import annotations

from typing import Any

from flask import url_for

from compete.domain.bundle import EventResults
from compete.domain.grades import grade_label
from compete.domain.scoring import Scorer
from compete.domain.values import GRADE_MOVES, GradeState
from compete.models import Account, GradeDecision, db
from compete.services.scoring import Live, find_rule
from compete.web.conditions import describe_conditions, first_unmet, reasons_from
from compete.web.language import say
from compete.web.templating import moment

ACTS = {
    "approve": GradeState.APPROVED,
    "hold": GradeState.DEFERRED,
    "refuse": GradeState.REFUSED,
}


def award_lists(live: Live, event: EventResults) -> list[dict[str, Any]]:
    """Each award with who won it, teams and items too; as `awards.html` lists them."""
    rules = live.scorer.events[event.code].event
    people = {entrant.code: entrant for entrant in live.bundle.entrants}
    teams = {team.code: team for team in live.bundle.teams}
    units = {unit.code: unit.name for unit in live.bundle.units}
    items = {item.code: item.name for item in rules.items}
    places = {row.entrant: (row.rank, row.total) for row in event.standings}
    team_places = {row.team: (row.rank, row.total) for row in event.teams or ()}
    item_places = {
        (item_results.item, row.entrant): (row.rank, row.score)
        for item_results in event.items or ()
        for row in item_results.standings
    }
    groups: dict[str, list[dict[str, Any]]] = {}
    for award in rules.awards:
        if award.scope.value != "items":
            groups[award.name] = []
    names = {award.code: award.name for award in rules.awards}
    for row in event.awards or ():
        title = names[row.award]
        rank: int | None
        total: str | None
        if row.team:
            rank, total = team_places[row.team]
            name, unit = teams[row.team].name, ""
        else:
            person = people[row.entrant or ""]
            rank, total = places[person.code]
            name, unit = person.name, units[person.unit]
            if row.item:
                title = f"{items[row.item]} {title}"
                rank, total = item_places[row.item, person.code]
        groups.setdefault(title, []).append(
            {"rank": rank, "name": name, "unit": unit, "total": total}
        )
    for honour in event.honours or ():
        person = people[honour.entrant]
        rank, total = places[person.code]
        groups.setdefault(honour.title, []).append(
            {"rank": rank, "name": person.name, "unit": units[person.unit], "total": total}
        )
    return [{"name": name, "people": rows} for name, rows in groups.items()]


def grade_row(scorer: Scorer, decision: GradeDecision, editable: bool) -> dict[str, Any]:
    """One proposed grade: who, from what to what, by which rule, and what may be decided."""
    entrant = decision.entrant
    code = entrant.competition.code
    reasons = reasons_from(decision.reasons)
    chosen = next((reason for reason in reasons if reason.rule == decision.rule), None)
    rule = find_rule(scorer.events[entrant.event.code].event, decision.rule)
    urls = {}
    for act, state in ACTS.items():
        allowed = editable and state in GRADE_MOVES[decision.state]
        urls[f"{act}_url"] = (
            url_for("organiser.decide", code=code, act=act, who=entrant.code) if allowed else None
        )
    decider = db.session.get(Account, decision.decided_by) if decision.decided_by else None
    return {
        "id": entrant.code,
        "name": entrant.name,
        "unit": entrant.unit.name,
        "rank": decision.rank,
        "from": say(grade_label(decision.held)),
        "to": say(grade_label(decision.grade)),
        "state": decision.state.value,
        "reason": decision.decision_reason,
        "decided": f"{decider.name} {moment(decision.decided_at)}" if decider else None,
        "conditions": describe_conditions(
            chosen.conditions, scorer, entrant.event.code, entrant.code
        )
        if chosen
        else [],
        "rule": (rule.cite or rule.code) if rule else decision.rule,
        **urls,
    }


def near_misses(live: Live, event: EventResults) -> list[dict[str, Any]]:
    """Those whose rank was enough for some rule, and who fell short of one condition alone.

    A rule for another group was never theirs to miss.
    """
    scorer = live.scorer
    state = scorer.events[event.code]
    granted = {row.entrant for row in event.grades or () if row.change == "promoted"}
    people = {entrant.code: entrant for entrant in live.bundle.entrants}
    units = {unit.code: unit.name for unit in live.bundle.units}
    found = []
    for row in event.standings:
        if row.rank is None or row.entrant in granted:
            continue
        for reason in state.grades.reasons(row.entrant):
            unmet = [condition for condition in reason.conditions if not condition.held]
            ranked = [
                condition
                for condition in reason.conditions
                if condition.key in ("max_rank", "top_percent")
            ]
            close = len(unmet) == 1 and unmet[0].key != "groups"
            if close and ranked and all(condition.held for condition in ranked):
                lines = describe_conditions(reason.conditions, scorer, event.code, row.entrant)
                person = people[row.entrant]
                found.append(
                    {
                        "name": person.name,
                        "unit": units[person.unit],
                        "rank": row.rank,
                        "why": first_unmet(lines),
                        "conditions": lines,
                    }
                )
                break
    return found
