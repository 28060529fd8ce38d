"""Applicants' eligibility: what events ask, and an evaluation's conditions (申报条件)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import select

from compete.domain.bundle import evaluation_facts, evaluation_types, types
from compete.domain.eligibility import Finding
from compete.domain.evaluation.conditions import LineState, lines_of, meets, trade_of
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import EntrantGroup
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import Application, Competition, Entrant, Unit, db
from compete.services.directory.issued_here import IssuedHere, newest_grade
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.exempted import exempt_from_level
from compete.services.kernel.participants import takes_part
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.registration.applications import cells_of, check_cells
from compete.services.registration.documents import count_documents
from compete.services.registration.eligibility import EntryRules, conditions_of, events_of_people
from compete.services.registration.preview import id_key, offer_of
from compete.services.schedule.admissions import standing_among

_COUNTED = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.WAITING,
    ApplicationState.RETURNED,
)


def unmet_by(
    competition: Competition, rows: Sequence[Application], *, own: Unit | None = None
) -> Mapping[str, Sequence[Finding]]:
    """The conditions that people do not meet, by public number; who meets all is left out.

    `own`: what is told to a unit, which learns nothing of others' people.
    """
    if not conditions_of(competition):
        return {}
    offer = offer_of(competition)
    codes = {event.id: event.code for event in competition.events}
    ladders = {event.code: event.ladder for event in offer.events}
    entry_rules = EntryRules(competition, partial(_events_of, competition, rows, own))
    unmet = {}
    for row in rows:
        if row.event_id is None:
            continue
        event = codes[row.event_id]
        checked, _problems = check_cells(cells_of(row), offer, row.unit)
        rules = entry_rules.against(event, row.id_hash, checked.values, ladders[event])
        broken = [finding for finding in rules if not finding.fits]
        if broken:
            unmet[row.public_id] = broken
    return unmet


def _events_of(
    competition: Competition, rows: Sequence[Application], own: Unit | None
) -> Mapping[str, set[str]]:
    """The events in which the people are, on the list or entered by a unit."""
    codes = {event.id: event.code for event in competition.events}
    keys = {row.id_hash for row in rows if row.id_hash}
    events_of: dict[str, set[str]] = defaultdict(set)
    for key, events in events_of_people(competition, keys, own=own).items():
        events_of[key] |= events
    query = select(Application.id_hash, Application.event_id).where(
        Application.competition_id == competition.id, Application.state.in_(_COUNTED)
    )
    if own is not None:
        query = query.where(Application.unit_id == own.id)
    else:
        # Drafts are the units' own affair.
        query = query.where(Application.state != ApplicationState.DRAFT)
    for entered, event_id in db.session.execute(query).tuples():
        if entered in keys and entered is not None and event_id is not None:
            events_of[entered].add(codes[event_id])
    return events_of


def conditions_of_entrants(
    competition: Competition, rows: Sequence[Entrant]
) -> dict[str, LineState]:
    """The state of every line of conditions for those on the list, by number."""
    days = _Days(competition)
    days.issued.expect_keys(row.id_hash for row in rows if row.id_hash)
    return {row.code: days.state_of(row) for row in rows}


class Meeting(NamedTuple):
    """The check of an entrant on the list against an event's conditions, by both their codes."""

    event: str
    entrant: str
    eligible: bool
    passed: bool
    """True if the reviewer passed them (审核通过), and it stands."""
    changed: Sequence[str] = ()
    """What changed since of what they were passed on, which fell with it (`PARTS`)."""
    unseen: int = 0
    returned: int = 0
    """The counts of documents that nobody looked at, and that were given back."""

    @property
    def ready(self) -> bool:
        """True if everything is there, so that one press can pass them with all others.

        Who fell out of it is looked at alone: something is not as the reviewer saw it.
        """
        settled = self.passed or self.changed or self.unseen or self.returned
        return self.eligible and not settled


def who_meets(competition: Competition) -> Sequence[Meeting]:
    """List everybody who takes part in an evaluation, by event, then number.

    What was declared and reviewed, without marks; worked out once for what is on record.
    """

    def make() -> list[Meeting]:
        days, events = _Days(competition), {event.id: event.code for event in competition.events}
        rows = db.session.execute(
            select(*_ASKED)
            .where(Entrant.competition_id == competition.id, takes_part())
            .order_by(Entrant.code)
        ).all()
        days.issued.expect_keys(row.id_hash for row in rows if row.id_hash)
        people = [row.id for row in rows]
        standing, documents = standing_among(competition, people), count_documents(people)

        def meeting(row: Any) -> Meeting:
            of_them, admission = documents.get(("entrant", row.id)), standing.get(row.id)
            return Meeting(
                events[row.event_id],
                row.code,
                days.is_met_by(row),
                passed=admission is not None and admission.counts,
                changed=admission.changed if admission is not None else (),
                unseen=of_them.unseen if of_them is not None else 0,
                returned=of_them.returned if of_them is not None else 0,
            )

        met = [meeting(row) for row in rows]
        place = {code: number for number, code in enumerate(events.values())}
        return sorted(met, key=lambda meeting: place[meeting.event])

    # A certificate of another competition moves no version of this one.
    return remembered_beside_check_ins(competition, ("who meets", newest_grade()), make)


_ASKED = (
    *(Entrant.id, Entrant.code, Entrant.event_id, Entrant.grade, Entrant.grade_since),
    *(
        Entrant.months,
        Entrant.trade,
        Entrant.registered_at,
        Entrant.papers,
        Entrant.birth,
        Entrant.id_hash,
    ),
    Entrant.group.label("group"),
)
"""The columns of an entrant on the list that conditions look at."""


def conditions_of_applications(
    competition: Competition, rows: Sequence[Application]
) -> dict[str, LineState]:
    """The state of the lines for who was handed in, by public number; of a contest nobody."""
    if not competition_kind(competition).has_conditions:
        return {}
    days, offer, today = _Days(competition), offer_of(competition), local_today()
    states = {}
    for row in rows:
        if row.event_id is not None:
            checked, _problems = check_cells(cells_of(row), offer, row.unit)
            states[row.public_id] = lines_of(*days.asked(row.event_id, checked.values, today))
    return states


class _Days:
    """The events of a competition, each with its lines and the day on which they are looked at."""

    def __init__(self, competition: Competition) -> None:
        self._rules = {event.id: rules_of(event) for event in competition.events}
        self._competition = competition
        self._exempt = exempt_from_level(competition)
        self.issued = IssuedHere(competition, id_key)

    def state_of(self, row: Any) -> LineState:
        """Every line as it stands for an entrant, by the certificates that were issued here."""
        apply, facts, day = self.asked_of(row)
        facts, barred, void = self._as_issued(row, facts)
        return msgspec.structs.replace(lines_of(apply, facts, day), barred=barred, void=void)

    def is_met_by(self, row: Any) -> bool:
        """True if a line holds, and no certificate of here bars who it is about."""
        apply, facts, day = self.asked_of(row)
        facts, barred, _void = self._as_issued(row, facts)
        return barred is None and meets(apply, facts, day)

    def _as_issued(
        self, row: Any, facts: types.Entrant
    ) -> tuple[types.Entrant, int | None, str | None]:
        """The facts with the grade issued here, that grade where it bars them, and the number of
        the certificate that was made void since they were written down."""
        rules = self._rules[row.event_id]
        if not row.id_hash or rules.grade is None:
            return facts, None, None
        issued = self.issued.of_key(rules.code, row.id_hash)
        void = self.issued.void_of_key(rules.code, row.id_hash, facts.grade, facts.grade_since)
        number = void.number if void is not None else None
        if void is not None:
            facts = msgspec.structs.replace(facts, grade=None, grade_since=None)
        if issued is None:
            return facts, None, number
        if issued.grade <= rules.grade:
            return facts, issued.grade, number
        if self._competition.state is not CompetitionState.REGISTERING and void is None:
            # Opening wrote down what counts; what came later counts the next time.
            return facts, None, None
        grade, since = issued.over(facts.grade, facts.grade_since)
        return msgspec.structs.replace(facts, grade=grade, grade_since=since), None, number

    def asked_of(
        self, row: Any
    ) -> tuple[Sequence[evaluation_types.ApplyLine], types.Entrant, date]:
        """The lines asked, as `asked`, of an entrant or of a row of these columns (`_ASKED`)."""
        at = local_time(row.registered_at).date()
        asked = self.asked(row.event_id, row, at, trade=row.trade)
        if row.id not in self._exempt:
            return asked
        apply, facts, day = asked
        return apply, msgspec.structs.replace(facts, exempt=True), day

    def asked(
        self, event_id: int, who: Any, at: date, *, trade: dict[str, object] | None = None
    ) -> tuple[Sequence[evaluation_types.ApplyLine], types.Entrant, date]:
        """The lines of the event, of whom they are asked, and on which day.

        `who` has the answers that conditions look at, as of the day `at`.
        """
        rules = self._rules[event_id]
        day = evaluation_facts.day_of(rules, self._competition) or local_today()
        facts = types.Entrant(
            code="",
            name="",
            event=rules.code,
            unit="",
            grade=who.grade,
            grade_since=who.grade_since,
            trade=trade_of(who.months, trade, at, day),
            papers=msgspec.convert(who.papers or (), tuple[evaluation_types.Paper, ...]),
            birth=who.birth,
            group=EntrantGroup(who.group or "worker"),
        )
        return rules.apply, facts, day
