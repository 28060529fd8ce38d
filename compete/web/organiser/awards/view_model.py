"""Awards and promotions in words: who won, who rises, what is met and what is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.awards.won import Won
from compete.domain.bundle.crews import Participant, called, crewed, heads, participants
from compete.domain.bundle.event_types import Award
from compete.domain.bundle.results import Condition, Reason
from compete.domain.bundle.types import Bundle, Entrant
from compete.domain.explanation.grades import rule_words
from compete.domain.explanation.ties import TieSentences, any_parted, explain_ties
from compete.domain.grades.ladder import Ladder, grade_label, ladder_in
from compete.domain.values.messages import Message, some_of
from compete.domain.values.states import GRADE_MOVES, GradeState
from compete.models import Account, Competition, GradeDecision, Publication
from compete.services.certificates.grades_in_force import GradeNow
from compete.services.closing.grade_approval_gate import two_approve
from compete.services.closing.grade_proposals import approval_word, steps_up
from compete.services.closing.rule_pack_confirmations import pack_of_rule
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.rows_by_number import find
from compete.services.results.approved_external_awards import HonourBook
from compete.services.scoring.grade_rules import find_rule
from compete.services.scoring.live import LiveScorer
from compete.web.conditions import ConditionLine, describe_conditions
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.awards.listing import Changes, Doubt, Line, missed
from compete.web.shapes import Chip
from compete.web.templating import moment, plain

MOST_LOOKED_UP = 6
"""The most people named for a look at their present grade before all are approved."""

LEFT = "left"
"""The state of a grade whose certificate is out though the results give it no more."""

ACTS = {
    "approve": GradeState.APPROVED,
    "hold": GradeState.DEFERRED,
    "refuse": GradeState.REFUSED,
}
_RANKS = ("max_rank", "top_percent")
_NEVER_THEIRS = ("groups", "roles")
_OF_THE_PERSON = ("once_a_year", "under", "holds", *_NEVER_THEIRS)
_OF_THE_CONTEST = ("levels", "min_ranked")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHead:
    """An award over those who have it."""

    name: str
    count: str
    """The number of people who have it: 3 人."""
    ranks: str
    """The share that gives it, and the first and the last rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act on somebody's grade."""

    key: str
    """`link`, or what is decided: `approve`, `hold`, `refuse`."""
    label: str
    url: str
    likely: bool = False
    """True if it is the likelier of two, which is edged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """An open point against a rise: something unmet, or unknown."""

    fact: str
    source: str
    """The source of the fact; empty if the fact says so."""
    acts: Sequence[Act]
    doubted: bool
    """True if it is to be decided here; else the rules have decided it."""


def all_ties(live: LiveScorer) -> dict[str, TieSentences]:
    """Return the tie-breaks by event, as the standings tell them."""
    return {
        event.code: explain_ties(live.scorer.events[event.code], event)
        if any_parted(event)
        else TieSentences()
        for event in live.results.events
    }


@dataclass(frozen=True, kw_only=True)
class Sight:
    """All that rows are put into words by: the results, what may be decided, where to."""

    competition: Competition
    live: LiveScorer
    bundle: Bundle
    """The bundle with the names under which the results went out."""
    publication: Publication | None
    """The one that says just what the page says, or None."""
    honours: HonourBook
    editable: bool
    unasked: Collection[str] = ()
    """The rule packs whose presumption nobody has confirmed: nothing of theirs is approved."""
    early: Mapping[int, Message] = field(default_factory=dict)
    """The events, by row, whose notice has not ended: nothing of theirs is approved, and why."""
    barred: Mapping[str, Message] = field(default_factory=dict)
    """The people whose grade would be a second one, with why."""
    changes: Changes | None = None
    changed: str = ""
    """The words for rows that `changes` touch."""
    show: str | None = None
    """The filter to which a decision leads back; None for all."""
    number: int | None = None
    """The page of it; None for the first."""

    @cached_property
    def people(self) -> dict[str, Entrant]:
        """Return everybody by code, as published."""
        return {entrant.code: entrant for entrant in self.bundle.entrants}

    @cached_property
    def names_now(self) -> dict[str, Entrant]:
        """Return everybody by code, under the present name."""
        return {entrant.code: entrant for entrant in self.live.bundle.entrants}

    @cached_property
    def units(self) -> dict[str, str]:
        """Units' names by code."""
        return {unit.code: unit.name for unit in self.bundle.units}

    @cached_property
    def teams(self) -> dict[str, str]:
        """Teams' names by code."""
        return {team.code: team.name for team in self.bundle.teams}

    @cached_property
    def ties(self) -> dict[str, TieSentences]:
        """Return the tie-breaks that parted equal totals."""
        return all_ties(self.live)


def person_rows(
    sight: Sight,
    lines: Sequence[Line],
    decisions: Mapping[int, GradeNow],
    heads_of: Mapping[tuple[str, str | None], GroupHead],
) -> list[dict[str, Any]]:
    """The lines of a page in words, each award over the first who has it."""
    rows = []
    above: tuple[str, str | None] | None = None
    for line in lines:
        now = decisions.get(line.decided.number) if line.decided else None
        head = heads_of[line.group] if line.group != above else None
        rows.append(_person_row(sight, line, now, head))
        above = line.group
    return rows


def _person_row(
    sight: Sight, line: Line, now: GradeNow | None, head: GroupHead | None
) -> dict[str, Any]:
    scorer, entrant = sight.live.scorer, sight.people[line.place.entrant]
    event = scorer.events[line.event]
    person = _participant(entrant, line.member)
    ladder = ladder_in(event.event)
    name = _called(entrant, line.member)
    name_now = _called(sight.names_now[entrant.code], line.member)
    reason = _reason(sight, line, now, person)
    conditions = (
        describe_conditions(reason.conditions, scorer, line.event, entrant.code) if reason else []
    )
    code = now.rule if now else reason.rule if reason else ""
    rule = find_rule(event.event, code)
    present = now.decision.present_grade if now else person.grade
    grade = now.decision.grade if now else line.from_results.grade if line.from_results else None
    state = None
    if now is not None:
        state = LEFT if now.is_left_over else now.decision.state.value
    acts = _decisions(sight, now, line.doubt) if now else []
    point = _point(sight, line, now, reason, conditions, acts)
    decider = find(Account, now.decision.decided_by) if now else None
    return {
        "id": line.person,
        "group": head,
        "rank": line.place.rank,
        "name": name,
        "now": name_now if name_now != name else None,
        "unit": sight.units[entrant.unit],
        "honours": [
            say(sight.honours.called(line.event, row.title, line.person) or row.title)
            for row in line.honours
        ],
        "changed": sight.changed if sight.changes and sight.changes.touch(line) else None,
        "total": line.place.total,
        # Totals of an earlier stage may be more than those of the last: said beside them.
        "of_stage": next(
            (it.name for it in event.event.stages[:-1] if it.code == line.place.stage), None
        ),
        "present": _present(present, ladder),
        "to": say(grade_label(grade, ladder)) if grade is not None else None,
        "state": state,
        "said": _phrase(line, present, grade, reason, conditions),
        "tie": _tie_words(sight.ties[line.event].people, entrant.code) if line.place.rank else None,
        "then": _rank_then(now.decision)
        if now is not None and now.rank != (now.decision.rank or None)
        else None,
        "reason": now.decision.decision_reason if now else None,
        "asked": _asked_words(now) if now else None,
        "decided": f"{decider.name} {moment(now.decision.decided_at)}" if now and decider else None,
        "conditions": conditions,
        "rule": say(rule_words(rule, present, ladder)) if rule else code or None,
        "point": point,
        "acts": [act for act in acts if point is None or act not in point.acts],
        "seen": "" if state is None or state == LEFT else state,
    }


def _asked_words(now: GradeNow) -> str | None:
    """Say who asked for a grade to be approved, where another has to agree yet."""
    decision = now.decision
    asker = find(Account, decision.asked_by)
    if asker is None or decision.state is not GradeState.PROPOSED:
        return None
    return _("%(who)s提出批准，等另一位同意", who=asker.name)


def shown_name(sight: Sight, line: Line) -> str:
    """The name under which the results went out."""
    return _called(sight.people[line.place.entrant], line.member)


def _present(grade: int | None, ladder: Ladder) -> str:
    """The grade of now; empty where none is written down, which may be because there is none."""
    return say(grade_label(grade, ladder)) if grade is not None else ""


def _participant(entrant: Entrant, member: str | None) -> Participant:
    people = participants(entrant)
    return next((person for person in people if person.member == member), people[0])


def _called(entrant: Entrant, member: str | None) -> str:
    """Name the entrant, or a member of a crew."""
    if member is None:
        return called(entrant)
    person = next(person for person in entrant.members if person.code == member)
    return _("%(name)s（%(more)s）", name=person.name, more=entrant.name)


def _tie_words(ties: Mapping[str, Message], code: str) -> str | None:
    return say(ties[code]) if code in ties else None


def _rank_then(decision: GradeDecision) -> str:
    if decision.state in (GradeState.ISSUED, GradeState.REVOKED):
        return _("发证时第 %(n)s 名", n=decision.rank)
    return _("上次锁定时第 %(n)s 名", n=decision.rank)


def _reason(sight: Sight, line: Line, now: GradeNow | None, person: Participant) -> Reason | None:
    """The rule by which the person rises, or came nearest to it; as things stand now."""
    if line.place.rank is None:
        return None
    reasons = sight.live.scorer.events[line.event].grades.reasons(person)
    if now is not None or line.from_results is not None:
        code = now.rule if now else line.from_results.rule if line.from_results else ""
        return next((reason for reason in reasons if reason.rule == code), None)
    theirs = [
        reason for reason in reasons if not {c.key for c in _unmet(reason)} & set(_NEVER_THEIRS)
    ]
    return missed(reasons) or min(theirs, key=lambda it: len(_unmet(it)), default=None)


def _unmet(reason: Reason) -> list[Condition]:
    return [condition for condition in reason.conditions if not condition.met]


def _phrase(
    line: Line,
    present: int | None,
    grade: int | None,
    reason: Reason | None,
    conditions: Sequence[ConditionLine],
) -> Chip:
    """Put the conditions in a phrase; an unknown one is never said to be met."""
    if reason is None:
        return Chip(text="—", kind="")
    short = [it for it in conditions if not it.met or it.unknown]
    met = len(conditions) - len(short)
    if grade is None and reason.met:
        return Chip(text=_("已经有这一级"), kind="")
    if grade is None and all(it.key in _RANKS for it in short if not it.met) and short:
        return Chip(text=_("名次不到"), kind="")
    waits = line.decided is None or line.decided.state is GradeState.PROPOSED
    if (waits and present is None) or any(it.unknown for it in short):
        return Chip(text=_("现等级没填，%(n)s 条符合", n=met), kind="bad", icon="diamond-alert")
    if short:
        words = _("差 %(short)s 条，%(n)s 条符合", short=len(short), n=met)
        return Chip(text=words, kind="bad", icon="diamond-alert")
    words = _("%(n)s 条都符合", n=met)
    if line.doubt is Doubt.LEAP and grade is not None:
        words = _("一次升 %(n)s 级，%(met)s 条都符合", n=steps_up(present, grade), met=met)
        return Chip(text=words, kind="warn", icon="warn")
    return Chip(text=words, kind="ok", icon="check")


def _decisions(sight: Sight, now: GradeNow, doubt: Doubt | None) -> list[Act]:
    """List the possible decisions on a proposed grade now."""
    decision = now.decision
    event, code = decision.entrant.event, decision.person.code
    labels = act_labels(sight.competition, asked=decision.asked_by is not None)
    waits = pack_of_rule(event, decision.rule) in sight.unasked or event.id in sight.early
    likely = {Doubt.PUT_OFF: "approve", Doubt.LEAP: "approve", Doubt.BARRED: "refuse"}
    return [
        Act(
            key=key,
            label=labels[key],
            url=url_for("organiser.decide", act=key, who=code, show=sight.show, page=sight.number),
            likely=doubt is not None and likely.get(doubt) == key,
        )
        for key, state in ACTS.items()
        if sight.editable and state in GRADE_MOVES[decision.state]
        if key != "approve" or not (waits or doubt is Doubt.BARRED)
        if key != "approve" or may_approve(sight.competition, decision.asked_by)
    ]


def act_labels(competition: Competition, *, asked: bool) -> Mapping[str, str]:
    """The word of each act on a grade; `asked`: one of two asked for it to be approved."""
    approve = _("提出批准") if two_approve(competition) else _("批准")
    return {
        "approve": _("同意批准") if asked else approve,
        "hold": _("缓办"),
        "refuse": _("不批准"),
    }


def may_approve(competition: Competition, first: int | None) -> bool:
    """True if the reader may approve a grade that `first` asked for, or nobody (None)."""
    return first is None or approval_word(competition, first).why_not(current_user) is None


def _point(
    sight: Sight,
    line: Line,
    now: GradeNow | None,
    reason: Reason | None,
    conditions: Sequence[ConditionLine],
    acts: Sequence[Act],
) -> OpenPoint | None:
    """Return the point against the rise, or unknown, with its source and two acts."""
    by_key = {act.key: act for act in acts}
    doubt = line.doubt
    if now is not None and now.is_left_over:
        fact, url = _outdated_words(now, sight.publication)
        ways = [Act(key="link", label=_("去办"), url=url, likely=True)] if url else []
        return OpenPoint(fact=fact, source="", acts=ways, doubted=doubt is not None)

    def point(fact: str, source: str, *ways: Act | None) -> OpenPoint:
        left = [act for act in ways if act is not None][:2]
        return OpenPoint(fact=fact, source=source, acts=left, doubted=doubt is not None)

    unknown = doubt is Doubt.UNKNOWN or any(it.unknown for it in conditions)
    look = _look_up(line, likely=unknown)
    claim = allowed_url("organiser.claims")
    other = Act(key="link", label=_("等级认定"), url=claim) if claim else None
    approve, hold, refuse = (by_key.get(key) for key in ACTS)
    if doubt is Doubt.PUT_OFF and now is not None:
        decider = find(Account, now.decision.decided_by)
        by = f"{decider.name} {moment(now.decision.decided_at)}" if decider else ""
        why = now.decision.decision_reason or ""
        return point(_("缓办：%(why)s", why=why), by, refuse, approve)
    if doubt is Doubt.BARRED:
        return point(say(sight.barred[line.person]), "", other, refuse)
    if doubt is Doubt.UNKNOWN:
        origin = _("报名资料里空着；本来就没有等级的，核对过再批准")
        return point(_("现等级没填，不能说符合。"), origin, approve or hold, look)
    if doubt is Doubt.LEAP and now is not None:
        decision = now.decision
        steps = steps_up(decision.present_grade, decision.grade)
        grade = say(grade_label(decision.present_grade, ladder_of(decision.event)))
        source = _("报名资料里是%(grade)s", grade=grade)
        return point(_("一次升 %(n)s 级。", n=steps), source, look, approve or hold)
    if now is not None or line.from_results is not None or reason is None or reason.met:
        return None
    if any(condition.key in _RANKS for condition in _unmet(reason)):
        return None
    short = [it for it in conditions if not it.met]
    facts = [
        _("%(wanted)s：%(found)s", wanted=it.wanted, found=_("没填") if it.unknown else it.found)
        for it in short
    ]
    return point(_("；").join(facts), _source({it.key for it in short}), other, look)


def _source(keys: Set[str]) -> str:
    """Say where the facts of these conditions are written."""
    if keys <= set(_OF_THE_PERSON):
        return _("见报名资料")
    return _("见竞赛资料") if keys <= set(_OF_THE_CONTEST) else _("见成绩")


def _look_up(line: Line, *, likely: bool) -> Act | None:
    """The way to the person's facts, to be put right."""
    url = allowed_url("organiser.identity", who=line.place.entrant, of=line.member)
    return Act(key="link", label=_("更正资料"), url=url, likely=likely) if url else None


def _outdated_words(now: GradeNow, publication: Publication | None) -> tuple[str, str | None]:
    """Explain a certificate that is out for a grade that the results give no more.

    And where it is settled, once it can be.
    """
    if publication is None:
        if now.from_results is None:
            return _("按暂定的成绩没有了，公布以后再办"), None
        grade = say(grade_label(now.from_results.grade, ladder_of(now.decision.event)))
        return _("按暂定的成绩是%(grade)s，公布以后再办", grade=grade), None
    url = url_for("organiser.consequences")
    if now.from_results is None:
        return _("按第 %(n)s 版没有了", n=publication.version), url
    grade = say(grade_label(now.from_results.grade, ladder_of(now.decision.event)))
    return _("按第 %(n)s 版是%(grade)s", n=publication.version, grade=grade), url


def group_heads(
    sight: Sight, lines: Iterable[Line], sizes: Mapping[tuple[str, str | None], int]
) -> dict[tuple[str, str | None], GroupHead]:
    """Build the heading over each award's people; over those without one, that they have none."""
    ranks: dict[tuple[str, str | None], list[int]] = {}
    for line in lines:
        own = ranks.setdefault(line.group, [])
        if line.place.rank is not None:
            own.append(line.place.rank)
    group_heads_of = {}
    for (event, code), among in ranks.items():
        scored = sight.live.scorer.events[event]
        award = next((award for award in scored.event.awards if award.code == code), None)
        kinds = crewed(scored.entrants.values())
        group_heads_of[event, code] = GroupHead(
            name=_of_event(sight, event, award.name if award else _("没有奖项")),
            count=say(heads(sizes[event, code], kinds)),
            ranks=_ranks(award, among),
        )
    return group_heads_of


def _of_event(sight: Sight, event: str, name: str) -> str:
    """The name, after its event's where there are several."""
    several = len(sight.bundle.events) > 1
    return f"{sight.live.scorer.events[event].event.name} {name}" if several else name


def _ranks(award: Award | None, ranks: Sequence[int]) -> str:
    """The share that an award takes, and the ranks that it came to."""
    if award is None or not ranks:
        return ""
    first, last = min(ranks), max(ranks)
    if first == last:
        words = _("第 %(n)s 名", n=first)
    else:
        words = _("第 %(first)s 到 %(last)s 名", first=first, last=last)
    if award.ratio is None or award.top is not None:
        return words
    return _("%(share)s%%，%(ranks)s", share=plain(award.ratio * 100), ranks=words)


def prize_rows(
    sight: Sight, won: Sequence[tuple[str, Won]], sizes: Mapping[str, int]
) -> list[dict[str, Any]]:
    """List the prizes won by teams or for single items, each prize over the first who has it."""
    rows, above = [], ""
    for event, prize in won:
        title = prize_title(sight, event, prize)
        unit, tie = "", None
        if prize.team is not None:
            name, tie = sight.teams[prize.team], _tie_words(sight.ties[event].teams, prize.team)
        else:
            entrant = sight.people[prize.entrant or ""]
            name, unit = called(entrant), sight.units[entrant.unit]
        rows.append(
            {
                "group": GroupHead(name=title, count=_("%(n)s 个", n=sizes[title]), ranks="")
                if title != above
                else None,
                "rank": prize.rank,
                "name": name,
                "unit": unit,
                "total": prize.total,
                "tie": tie,
            }
        )
        above = title
    return rows


def prize_title(sight: Sight, event: str, prize: Won) -> str:
    """The prize with its item, and of several events with its event."""
    named = prize.award if prize.item is None else f"{prize.item} {prize.award}"
    return _of_event(sight, event, named)


def looks_words(sight: Sight, lines: Sequence[Line]) -> str:
    """Name the people whose present grade is looked up before all these are approved at once."""
    named = []
    for line in lines[:MOST_LOOKED_UP]:
        if line.decided is not None:
            ladder = ladder_in(sight.live.scorer.events[line.event].event)
            named.append(
                _(
                    "%(name)s（%(present)s → %(to)s）",
                    name=shown_name(sight, line),
                    present=_present(line.decided.present_grade, ladder) or _("没填"),
                    to=say(grade_label(line.decided.grade, ladder)),
                )
            )
    return _(
        "%(n)s 人现等级没填或一次升两级以上，批准前核对：%(who)s",
        n=len(lines),
        who=say(some_of(named, MOST_LOOKED_UP, len(lines))),
    )
