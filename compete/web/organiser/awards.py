"""Awards and proposed grades: worked out by the rules, decided here, then published."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle import EventResults
from compete.domain.grades import grade_label
from compete.domain.scoring import Scorer
from compete.domain.values import GRADE_MOVES, CompetitionState, GradeState
from compete.models import Account, Competition, GradeDecision, db
from compete.services.closing import decide_grades, grade_decisions_of, recheck_blockers
from compete.services.publication import publications, publish
from compete.services.scoring import Live, find_rule, live_results
from compete.web import guard
from compete.web.conditions import describe_conditions, first_unmet, reasons_from
from compete.web.language import say
from compete.web.organiser import face
from compete.web.templating import moment

_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)
_ACTS = {
    "approve": GradeState.APPROVED,
    "hold": GradeState.HELD,
    "refuse": GradeState.REFUSED,
}


@face.get("/<code>/awards")
@guard.organiser
def awards(competition: Competition) -> ResponseReturnValue:
    """Who gets what, why, and who just missed."""
    live = live_results(competition)
    decisions = grade_decisions_of(competition)
    counts = Counter(decision.state for decision in decisions)
    shown = request.args.get("show", "all")
    code = competition.code
    editable = competition.state not in _OPEN
    proposed = counts[GradeState.PROPOSED]
    unchecked = (
        recheck_blockers(competition, live.results)
        if competition.state is CompetitionState.LOCKED
        else []
    )
    return render_template(
        "organiser/awards.html",
        competition={"name": competition.name, "url": url_for("organiser.overview", code=code)},
        awards=[award for event in live.results.events for award in _awards(live, event)],
        grades=[
            _grade(live.scorer, decision, editable)
            for decision in decisions
            if shown in ("all", decision.state.value)
        ],
        shown=shown,
        counts={"all": len(decisions)}
        | {
            state.value: counts[state]
            for state in GradeState
            if counts[state] or state is GradeState.PROPOSED
        },
        filter_urls={
            word: url_for("organiser.awards", code=code, show=None if word == "all" else word)
            for word in ("all", *(state.value for state in GradeState))
        },
        near=[one for event in live.results.events for one in _near(live, event)],
        approve_all={
            "url": url_for("organiser.decide", code=code, act="approve", who="proposed"),
            "count": proposed,
        }
        if editable and proposed
        else None,
        publish_url=url_for("organiser.confirm_publish", code=code)
        if competition.state is CompetitionState.LOCKED and not unchecked
        else None,
        version=1 + max((one.version for one in publications(competition)), default=0),
        unchecked={
            "why": say(unchecked[0].what),
            "url": url_for("organiser.recheck", code=code),
        }
        if unchecked
        else None,
        editable=editable,
        why_not=None if editable else _("评分还没锁定，下面是暂定的。锁定后才能批准"),
        page=None,
    )


@face.post("/<code>/awards/<act>/<who>")
@guard.organiser
def decide(competition: Competition, act: str, who: str) -> ResponseReturnValue:
    """Approve, hold or refuse one person's grade; approve all that are proposed."""
    back = redirect(url_for("organiser.awards", code=competition.code))
    to = _ACTS.get(act)
    if to is None:
        return back
    codes = [who]
    if who == "proposed" and to is GradeState.APPROVED:
        codes = [
            decision.entrant.code
            for decision in grade_decisions_of(competition)
            if decision.state is GradeState.PROPOSED
        ]
        if not codes:
            flash(_("没有待批准的人了"), "info")
            return back
    count = decide_grades(competition, codes, to, current_user, request.form.get("reason", ""))
    words = {
        "approve": _("批准了 %(n)s 人", n=count),
        "hold": _("%(who)s 缓办，理由记下了", who=who),
        "refuse": _("%(who)s 不批准，理由记下了", who=who),
    }
    flash(words[act], "ok")
    return back


@face.post("/<code>/publish")
@guard.organiser
def publish_results(competition: Competition) -> ResponseReturnValue:
    """Announce: from now on badges show results."""
    publication = publish(competition, current_user, request.form.get("note", ""))
    flash(_("已公布第 %(n)s 版。选手扫参赛证就能看到自己的成绩", n=publication.version), "ok")
    return redirect(url_for("organiser.standings", code=competition.code))


def _awards(live: Live, event: EventResults) -> list[dict[str, Any]]:
    rules = live.scorer.events[event.code].event
    people = {one.code: one for one in live.bundle.entrants}
    teams = {team.code: team for team in live.bundle.teams}
    units = {unit.code: unit.name for unit in live.bundle.units}
    items = {item.code: item.name for item in rules.items}
    places = {row.entrant: (row.rank, row.total) for row in event.standings}
    team_places = {row.team: (row.rank, row.total) for row in event.teams or ()}
    item_places = {
        (one.item, row.entrant): (row.rank, row.score)
        for one in event.items or ()
        for row in one.standings
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


def _grade(scorer: Scorer, decision: GradeDecision, editable: bool) -> dict[str, Any]:
    entrant = decision.entrant
    code = entrant.competition.code
    reasons = reasons_from(decision.reasons)
    chosen = next((one for one in reasons if one.rule == decision.rule), None)
    rule = find_rule(scorer.events[entrant.event.code].event, decision.rule)
    urls = {}
    for act, state in _ACTS.items():
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


def _near(live: Live, event: EventResults) -> list[dict[str, Any]]:
    """Those whose rank was enough for some rule, and who fell short of one condition alone.

    A rule for another group was never theirs to miss.
    """
    scorer = live.scorer
    state = scorer.events[event.code]
    granted = {row.entrant for row in event.grades or () if row.change == "promoted"}
    people = {one.code: one for one in live.bundle.entrants}
    units = {unit.code: unit.name for unit in live.bundle.units}
    found = []
    for row in event.standings:
        if row.rank is None or row.entrant in granted:
            continue
        for reason in state.grades.reasons(row.entrant):
            unmet = [one for one in reason.conditions if not one.held]
            ranked = [one for one in reason.conditions if one.key in ("max_rank", "top_percent")]
            close = len(unmet) == 1 and unmet[0].key != "groups"
            if close and ranked and all(one.held for one in ranked):
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
