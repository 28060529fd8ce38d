"""Awards and proposed grades in words: who won what, what the rules say, who nearly got there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import url_for
from flask_babel import gettext as _

from compete.domain.awards import Won, won_in
from compete.domain.bundle import Bundle, Entrant, EventResults, Reason, called
from compete.domain.explain import TiesTold, any_parted, rule_words, ties_told
from compete.domain.grades import grade_label
from compete.domain.values import GRADE_MOVES, AwardScope, GradeState, Message, some_of
from compete.models import Account, Competition, GradeDecision, Publication
from compete.services.certificates import GradeNow
from compete.services.closing import leaps_proposed, pack_of_rule, steps_up
from compete.services.kernel import find, ladder_of
from compete.services.publication import HonourBook
from compete.services.scoring import LiveScorer, find_rule
from compete.web.conditions import describe_conditions, first_unmet, just_missed
from compete.web.language import say
from compete.web.organiser.awards.shapes import (
    AwardList,
    GradeRow,
    LeftGrade,
    NearMiss,
    Winner,
)
from compete.web.templating import moment

MOST_LISTED = 20
"""So many winners stand on the page; the standings have them all."""

MOST_LEAPS = 6
"""So many who rise several grades at once are named before all are approved."""

LEFT = "left"
"""The state of a grade whose certificate is out though the results give it no more."""

ACTS = {
    "approve": GradeState.APPROVED,
    "hold": GradeState.DEFERRED,
    "refuse": GradeState.REFUSED,
}


def all_ties(live: LiveScorer) -> dict[str, TiesTold]:
    """By event what parted equal totals, as the standings tell it."""
    return {
        event.code: ties_told(live.scorer.events[event.code], event)
        if any_parted(event)
        else TiesTold()
        for event in live.results.events
    }


def award_lists(
    live: LiveScorer, event: EventResults, bundle: Bundle, ties: TiesTold, honours: HonourBook
) -> list[AwardList]:
    """Each award with who won it, teams and items too; as `awards.html` lists them."""
    rules = live.scorer.events[event.code].event
    people = {entrant.code: entrant for entrant in bundle.entrants}
    teams = {team.code: team for team in bundle.teams}
    units = {unit.code: unit.name for unit in bundle.units}
    names = {stage.code: stage.name for stage in rules.stages}
    # Totals of an earlier stage may be more than those of the last one: said beside them.
    stopped = {
        row.entrant: names[row.stage]
        for row in event.standings
        if row.stage != rules.stages[-1].code
    }
    groups: dict[str, list[Won]] = {
        award.name: [] for award in rules.awards if award.scope is not AwardScope.ITEMS
    }
    for won in won_in(bundle, event):
        title = won.award if won.item is None else f"{won.item} {won.award}"
        groups.setdefault(title, []).append(won)

    def winner(won: Won) -> Winner:
        waits = None
        if won.team is not None:
            name, unit, tie = teams[won.team].name, "", _told(ties.teams, won.team)
        else:
            person = people[won.entrant or ""]
            name = _member_name(person, won.member) if won.honour else called(person)
            unit = units[person.unit]
            # An item goes by a score of its own.
            tie = _told(ties.people, person.code) if won.item is None else None
            if won.honour:
                waits = honours.called(event.code, won.award, won.member or person.code)
        return Winner(
            rank=won.rank,
            name=name,
            unit=unit,
            total=won.total,
            of_stage=stopped.get(won.entrant or "") if won.item is None else None,
            tie=tie,
            waits=say(waits) if waits is not None else None,
        )

    of = f"{rules.name} " if len(bundle.events) > 1 else ""
    return [
        AwardList(
            name=f"{of}{name}", people=[winner(won) for won in rows[:MOST_LISTED]], total=len(rows)
        )
        for name, rows in groups.items()
    ]


def _told(ties: Mapping[str, Message], code: str) -> str | None:
    return say(ties[code]) if code in ties else None


def _member_name(entrant: Entrant, code: str | None) -> str:
    """Who got something: the entrant, or one of a crew."""
    member = next((person for person in entrant.members if person.code == code), None)
    if member is None:
        return entrant.name
    return _("%(name)s（%(more)s）", name=member.name, more=entrant.name)


def grade_row(
    live: LiveScorer,
    now: GradeNow,
    publication: Publication | None,
    names: Mapping[str, str],
    editable: bool,
    unasked: Collection[str] = (),
    ties: Mapping[str, TiesTold] | None = None,
    early: Collection[int] = (),
) -> GradeRow:
    """One proposed grade: who, from what to what, by which rule, and what may be decided.

    Rank and reasons are those of the results that stand, as all of the page is; `publication`
    is the one that says the same, and `names` are its. On which rank it was decided is said
    beside it where it was another. What rests on a pack of `unasked` is not approved before
    the organiser has confirmed what it presumes, nor what is of an `early` event, by its row's
    number, before its notice has ended.
    """
    scorer, decision = live.scorer, now.decision
    entrant, person = decision.entrant, decision.person
    code = entrant.competition.code
    chosen = next((reason for reason in _reasons(live, now) if reason.rule == now.rule), None)
    rule = find_rule(scorer.events[entrant.event.code].event, now.rule)
    then = names.get(person.code, person.name)
    urls: dict[str, str | None] = {}
    for act, state in ACTS.items():
        allowed = editable and state in GRADE_MOVES[decision.state]
        if act == "approve" and unasked and pack_of_rule(entrant.event, decision.rule) in unasked:
            allowed = False
        if act == "approve" and entrant.event_id in early:
            allowed = False
        urls[act] = (
            url_for("organiser.decide", code=code, act=act, who=person.code) if allowed else None
        )
    decider = find(Account, decision.decided_by)
    return GradeRow(
        id=person.code,
        name=then
        if decision.member is None
        else _("%(name)s（%(more)s）", name=then, more=entrant.name),
        now=person.name if person.name != then else None,
        unit=_unit_and_event(
            entrant.unit.name, entrant.event.name, len(entrant.competition.events)
        ),
        rank=now.rank,
        tie=_told(ties[entrant.event.code].people, entrant.code)
        if ties and now.rank is not None
        else None,
        then=_rank_then(decision) if now.rank != (decision.rank or None) else None,
        left=_left(now, publication),
        present=say(grade_label(decision.present_grade, ladder_of(entrant.event))),
        to=say(grade_label(decision.grade, ladder_of(entrant.event))),
        leap=_("一次升 %(n)s 级", n=steps) if (steps := steps_up(decision)) > 1 else None,
        state=LEFT if now.is_left else decision.state.value,
        reason=decision.decision_reason,
        decided=f"{decider.name} {moment(decision.decided_at)}" if decider else None,
        conditions=describe_conditions(chosen.conditions, scorer, entrant.event.code, entrant.code)
        if chosen
        else [],
        rule=say(rule_words(rule, decision.present_grade, ladder_of(entrant.event)))
        if rule
        else now.rule,
        approve_url=urls["approve"],
        hold_url=urls["hold"],
        refuse_url=urls["refuse"],
    )


def leap_words(competition: Competition) -> str | None:
    """Who of the proposed would rise several grades at once; None for nobody."""
    leaps = leaps_proposed(competition)
    if not leaps:
        return None
    named = [
        _(
            "%(name)s（%(present)s → %(to)s）",
            name=row.person.name,
            present=say(grade_label(row.present_grade, ladder_of(row.event))) or _("没有等级"),
            to=say(grade_label(row.grade, ladder_of(row.event))),
        )
        for row in leaps
    ]
    return _(
        "其中 %(n)s 人一次升两级以上，批准前核对现有的等级：%(who)s",
        n=len(leaps),
        who=say(some_of(named, MOST_LEAPS)),
    )


def _unit_and_event(unit: str, event: str, events: int) -> str:
    """The unit, and where there are several events the one that the rank is of."""
    return unit if events < 2 else _("%(unit)s，%(event)s", unit=unit, event=event)


def _rank_then(decision: GradeDecision) -> str:
    if decision.state in (GradeState.ISSUED, GradeState.REVOKED):
        return _("发证时第 %(n)s 名", n=decision.rank)
    return _("上次锁定时第 %(n)s 名", n=decision.rank)


def _left(now: GradeNow, publication: Publication | None) -> LeftGrade | None:
    """What the results say where a certificate is out for a grade that they give no more."""
    if not now.is_left:
        return None
    if publication is None:
        if now.given is None:
            return LeftGrade(text=_("按暂定的成绩没有了，公布以后再办"), url=None)
        grade = say(grade_label(now.given.grade, ladder_of(now.decision.event)))
        return LeftGrade(text=_("按暂定的成绩是%(grade)s，公布以后再办", grade=grade), url=None)
    url = url_for("organiser.consequences", code=now.decision.entrant.competition.code)
    if now.given is None:
        return LeftGrade(text=_("按第 %(n)s 版没有了", n=publication.version), url=url)
    grade = say(grade_label(now.given.grade, ladder_of(now.decision.event)))
    text = _("按第 %(n)s 版是%(grade)s", n=publication.version, grade=grade)
    return LeftGrade(text=text, url=url)


def _reasons(live: LiveScorer, now: GradeNow) -> list[Reason]:
    """Every rule tried on the person as things stand; nothing of who is not ranked."""
    entrant = now.decision.entrant
    if now.rank is None:
        return []
    grades = live.scorer.events[entrant.event.code].grades
    for person in grades.people(entrant.code):
        if (person.member or person.entrant) == now.decision.person.code:
            return list(grades.reasons(person))
    return []


def near_misses(
    live: LiveScorer, event: EventResults, bundle: Bundle, most: int, ties: TiesTold | None = None
) -> tuple[list[NearMiss], int]:
    """Those whose rank was enough for some rule, and who fell short of one condition alone.

    The first `most` of them in words, and how many they are. A rule for another group was
    never theirs to miss.
    """
    scorer = live.scorer
    state = scorer.events[event.code]
    granted = {row.member or row.entrant for row in event.grades or () if row.change == "promoted"}
    people = {entrant.code: entrant for entrant in bundle.entrants}
    units = {unit.code: unit.name for unit in bundle.units}
    found: list[NearMiss] = []
    total = 0
    for row in event.standings:
        if row.rank is None:
            continue
        entrant = people[row.entrant]
        for person in state.grades.people(row.entrant):
            if (person.member or person.entrant) in granted:
                continue
            reason = next(filter(just_missed, state.grades.reasons(person)), None)
            if reason is None:
                continue
            total += 1
            if len(found) >= most:
                continue
            lines = describe_conditions(reason.conditions, scorer, event.code, row.entrant)
            found.append(
                NearMiss(
                    name=_member_name(entrant, person.member),
                    unit=_unit_and_event(units[entrant.unit], state.event.name, len(bundle.events)),
                    rank=row.rank,
                    tie=_told(ties.people, row.entrant) if ties else None,
                    why=first_unmet(lines),
                    conditions=lines,
                )
            )
    return found, total
