"""Eligibility (参赛条件): organisers' conditions of events, held against everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.eligibility import (
    FACTS_ASKED,
    RULE_WORDS,
    Conditions,
    Facts,
    Finding,
    asked_of,
    conditions_for,
    findings,
)
from compete.domain.grades.ladder import Ladder
from compete.domain.identity.citizen_id import CitizenId, check_citizen_id
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.papers import Paper
from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import fields_offered
from compete.domain.scoring.event_scorer import grade_rules_of
from compete.domain.values.canonical import short_mark
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, Entrant, Event, Member, Unit, db
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today, moment_words
from compete.services.kernel.competition_settings import asked_fields, change_settings, settings_of
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing
from compete.sheets.registration.columns import own_spelling
from compete.sheets.registration.people import Said

MOST_POSTS = 20
LONGEST_POST = 30
OLDEST = 120
MOST_YEARS = 60
MOST_OF_AN_EVENT = 9999


@dataclass(frozen=True, slots=True)
class Unfit:
    """A person who does not meet what the event asks, in whole or in part."""

    holder: Entrant | Member
    findings: Sequence[Finding]


def conditions_of(competition: Competition) -> dict[str, Conditions]:
    """The conditions by the event's code; an event that asks nothing is left out."""
    there = {event.code for event in competition.events}
    return {
        code: conditions
        for code, conditions in settings_of(competition).conditions.items()
        if code in there and conditions.asked
    }


def unnumbered_events(competition: Competition) -> frozenset[str]:
    """Codes of the events that people may enter without an ID number.

    It is needed where grades come of an event or are tried in it, and where a condition looks at
    what the number tells: an age, an earlier promotion.
    """
    if competition_kind(competition).gives_verdicts:
        return frozenset()
    asked = conditions_of(competition)

    def needs_number(event: Event) -> bool:
        rules, conditions = rules_of(event), asked.get(event.code, Conditions())
        aged = conditions.age_from is not None or conditions.age_to is not None
        graded = rules.grade is not None or bool(grade_rules_of(rules))
        return aged or graded or conditions.not_promoted

    return frozenset(event.code for event in competition.events if not needs_number(event))


def day_of(competition: Competition) -> date:
    """The day on which ages and years are counted: the first of the competition, else today."""
    return competition.starts or local_today()


def asked_by(event: Event) -> list[Message]:
    """List the conditions of an event, a sentence a rule."""
    conditions = conditions_of(event.competition).get(event.code, Conditions())
    return [
        msg("%(rule)s：%(asked)s", rule=RULE_WORDS[rule], asked=asked)
        for rule, asked in asked_of(conditions, day_of(event.competition), ladder_of(event)).items()
    ] + list(_beside(conditions))


def _beside(conditions: Conditions) -> Iterator[Message]:
    """The places and the days of the event itself."""
    if conditions.most:
        yield msg("名额：一共 %(most)s 个", most=conditions.most)
    if conditions.most_of_unit:
        yield msg("名额：每单位 %(most)s 个", most=conditions.most_of_unit)
    if conditions.opens:
        yield msg("报名开始：%(at)s", at=moment_words(conditions.opens))
    if conditions.closes:
        yield msg("报名截止：%(at)s", at=moment_words(conditions.closes))


def mark_of(conditions: Conditions) -> str:
    """The mark that tells what stands from anything else, 16 hex digits."""
    return short_mark(msgspec.to_builtins(conditions))


def change_conditions(event: Event, wanted: Conditions, seen: str, by: Account) -> bool:
    """Set what an event asks; whether that changed anything. Nobody is dropped by it.

    `seen` is the mark of what the page showed. Raises `Refused`: INVALID for what cannot be,
    CONFLICT where another set it meanwhile.
    """
    _check(wanted)
    with changing(event.competition) as competition:
        known = settings_of(competition).conditions
        now = known.get(event.code, Conditions())
        if seen != mark_of(now):
            raise Refused(msg("你打开以后别人改过，看一下再存"))
        if now == wanted:
            return False
        codes = {known_event.code for known_event in competition.events}
        kept = {code: conditions for code, conditions in known.items() if code in codes} | {
            event.code: wanted
        }
        change_settings(
            competition,
            conditions={code: conditions for code, conditions in kept.items() if conditions.asked},
        )
        before = msgspec.to_builtins(now)
        after = msgspec.to_builtins(wanted)
        audit.record(competition, by, "event.conditions", event.code, before=before, after=after)
    return True


def forget_conditions(competition: Competition, code: str) -> Conditions | None:
    """An event is gone; what it asked of those who enter. Inside a unit of work."""
    known = dict(settings_of(competition).conditions)
    gone = known.pop(code, None)
    if gone is not None:
        change_settings(competition, conditions=known or None)
    return gone


def bring_conditions_back(event: Event, asked: Conditions) -> None:
    """Bring back what `forget_conditions` gave, for the same event; inside a unit of work."""
    known = settings_of(event.competition).conditions
    change_settings(event.competition, conditions=known | {event.code: asked})


def findings_of(holder: Entrant | Member) -> list[Finding]:
    """List every rule of the event held against one person; a crew is none, its members are."""
    entrant = holder.entrant if isinstance(holder, Member) else holder
    return _rules_for(entrant.competition, [holder])(holder)


def people_of(entrant: Entrant) -> Sequence[Entrant | Member]:
    """The entrant alone, or the members of a crew."""
    return entrant.members or [entrant]


def unfit_among(competition: Competition, entrants: Sequence[Entrant]) -> list[Unfit]:
    """List those of these who do not meet what the event asks; exempted or not."""
    if not conditions_of(competition):
        return []
    people = [person for entrant in entrants for person in people_of(entrant)]
    against = _rules_for(competition, people)
    unfit = []
    for person in people:
        broken = [finding for finding in against(person) if not finding.fits]
        if broken:
            unfit.append(Unfit(person, broken))
    return unfit


def unfit_in(competition: Competition) -> list[Unfit]:
    """List everybody who takes part and does not meet what the event asks, by number."""
    asking = [event.id for event in competition.events if event.code in conditions_of(competition)]
    # Who is in one that allows no other is looked at from the other, too.
    if any(condition.one_event for condition in conditions_of(competition).values()):
        asking = [event.id for event in competition.events]
    entrants = db.session.scalars(
        select(Entrant)
        .where(Entrant.competition_id == competition.id, Entrant.event_id.in_(asking), takes_part())
        .options(selectinload(Entrant.members), joinedload(Entrant.unit), joinedload(Entrant.event))
        .order_by(Entrant.code)
    ).all()
    return unfit_among(competition, entrants)


def events_of_people(
    competition: Competition, keys: Collection[str], *, own: Unit | None = None
) -> Mapping[str, set[str]]:
    """The codes of events in which a person takes part, by the key of the ID number.

    `own`: for that unit alone.
    """
    codes = {event.id: event.code for event in competition.events}
    events_of: dict[str, set[str]] = defaultdict(set)
    wanted = set(keys)
    alone = select(Entrant.id_hash, Entrant.event_id)
    in_crew = select(Member.id_hash, Entrant.event_id).join(
        Entrant, Entrant.id == Member.entrant_id
    )
    for query, column in ((alone, Entrant.id_hash), (in_crew, Member.id_hash)):
        here = query.where(Entrant.competition_id == competition.id, takes_part())
        if own is not None:
            here = here.where(Entrant.unit_id == own.id)
        if len(wanted) <= _MOST_NAMED:
            here = here.where(column.in_(wanted))
        for key, event_id in db.session.execute(here).tuples():
            if key in wanted:
                events_of[key].add(codes[event_id])
    return events_of


_MOST_NAMED = 500
"""More keys than this are not named in a statement: everybody is looked through."""


class EntryRules:
    """The conditions of a competition's events, to be held against what is known of people."""

    def __init__(
        self, competition: Competition, events: Callable[[], Mapping[str, set[str]]]
    ) -> None:
        """`events` tells in which events people are, by the key of the ID number."""
        self._conditions = conditions_of(competition)
        self._day = day_of(competition)
        self._names = {event.code: event.name for event in competition.events}
        asks_for_one = any(condition.one_event for condition in self._conditions.values())
        self._events = events() if asks_for_one else {}

    def against(
        self, event: str, key: str | None, who: Said | Entrant | Member, ladder: Ladder, **more: Any
    ) -> list[Finding]:
        """Every rule of the event held against the facts of somebody, as `facts_of_fields`."""
        others = sorted(self._events.get(key or "", set()) - {event})
        asked = conditions_for(self._conditions, event, others)
        names = [self._names[other] for other in others]
        return findings(asked, facts_of_fields(who, ladder, other_events=names, **more), self._day)


def _rules_for(
    competition: Competition, people: Sequence[Entrant | Member]
) -> Callable[[Entrant | Member], list[Finding]]:
    """What holds every rule against one of these people on the list."""
    keys = {person.id_hash for person in people if person.id_hash}
    entry_rules = EntryRules(competition, partial(events_of_people, competition, keys))

    def against(person: Entrant | Member) -> list[Finding]:
        entrant = person.entrant if isinstance(person, Member) else person
        birth, group = known_birth(person), person.group or entrant.group
        event = entrant.event
        key, ladder = person.id_hash, ladder_of(event)
        return entry_rules.against(event.code, key, person, ladder, birth=birth, group=group)

    return against


def facts_of_fields(who: Said | Entrant | Member, ladder: Ladder, **more: Any) -> Facts:
    """The facts that somebody's fields tell, as read or as kept, and those in `more`."""
    facts = {key: getattr(who, key) for key in FACTS_ASKED} | {"group": who.group or "worker"}
    return Facts(ladder=ladder, **(facts | more))


def known_birth(person: Entrant | Member) -> date | None:
    """The date of birth; of somebody whose was never written down what an ID number tells."""
    id_facts = _told_by_number(person) if person.birth is None else None
    return person.birth or (id_facts.birth if id_facts else None)


def known_gender(person: Entrant | Member) -> str | None:
    """The gender, `female` or `male`; where it was never written down what an ID number tells."""
    id_facts = _told_by_number(person) if person.gender is None else None
    return own_spelling("gender", person.gender) or (id_facts.gender if id_facts else None)


def _told_by_number(person: Entrant | Member) -> CitizenId | None:
    if not person.id_number or person.id_type != Paper.CITIZEN_ID.value:
        return None
    try:
        return check_citizen_id(person.id_number)
    except IdentityError:
        return None


def _check(wanted: Conditions) -> None:
    low, high = wanted.age_from, wanted.age_to
    for age in (low, high):
        if age is not None and not 1 <= age <= OLDEST:
            raise invalid(msg("年龄写 1 到 %(most)s", most=OLDEST))
    if low is not None and high is not None and low > high:
        raise invalid(msg("最小年龄不能大于最大年龄"))
    if wanted.years is not None and not 1 <= wanted.years <= MOST_YEARS:
        raise invalid(msg("年限写 1 到 %(most)s", most=MOST_YEARS))
    if wanted.opens and wanted.closes and wanted.opens >= wanted.closes:
        raise invalid(msg("截止要晚于开始"))
    for most in (wanted.most, wanted.most_of_unit):
        if most is not None and not 1 <= most <= MOST_OF_AN_EVENT:
            raise invalid(msg("名额写 1 到 %(most)s，不限就空着", most=MOST_OF_AN_EVENT))
    if wanted.most and wanted.most_of_unit and wanted.most_of_unit > wanted.most:
        raise invalid(msg("每单位的名额不能比一共收的多"))
    if len(wanted.no_posts) > MOST_POSTS:
        raise invalid(msg("岗位最多写 %(most)s 个", most=MOST_POSTS))
    for post in wanted.no_posts:
        if len(post) > LONGEST_POST:
            raise invalid(msg("一个岗位最多 %(most)s 个字", most=LONGEST_POST))


def change_entry_fields(
    competition: Competition, wanted: Collection[str], seen: Collection[str], by: Account
) -> bool:
    """Ask for these; whether that changed anything. What was said before stays as it is.

    `seen` are those that the page showed as asked. Raises `Refused`: INVALID for another field,
    CONFLICT where somebody else changed them meanwhile.
    """
    known = fields_offered(Kind(competition.kind))
    if not set(known).issuperset(wanted):
        raise invalid(msg("没有这一项，请刷新"))
    fields = tuple(field for field in known if field in wanted)
    with changing(competition) as competition:
        now = asked_fields(competition)
        if set(now) != set(seen):
            raise Refused(msg("你打开以后别人改过，看一下再存"))
        if now == fields:
            return False
        change_settings(competition, entry_fields=fields)
        before = {"fields": [field.value for field in now]}
        after = {"fields": [field.value for field in fields]}
        audit.record(
            competition, by, "entrants.fields", competition.code, before=before, after=after
        )
    return True
