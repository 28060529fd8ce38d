"""Acceptance: an organiser accepts who was handed in, or returns them with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import APPLICATION_MOVES, ApplicationState, move
from compete.models import Account, Application, Competition, Entrant, Member, Team, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.applications import (
    cells_of,
    record_people,
    stands_as,
    unit_name_of,
)
from compete.services.registration.crews import lacking, names_of, why_not_without
from compete.services.registration.documents import hand_over_documents
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.exemptions import still_unfit, write_exemptions
from compete.services.registration.people_seals import seal_people
from compete.services.registration.portraits import hand_over
from compete.services.registration.preview import check_registration_open, plan_rows
from compete.services.registration.waiting_list import (
    WAIT,
    Party,
    Room,
    Waiver,
    party_of,
    waiting_in,
    waivers_of,
)
from compete.services.registration.writing import write_rows
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.table import RawRow

MOST_AT_ONCE = 10_000
"""More than a page shows by far; a statement cannot name any number."""


UNDECIDED = (
    ApplicationState.UNCONFIRMED,
    ApplicationState.SUBMITTED,
    ApplicationState.WAITING,
)
COMING = (*UNDECIDED, ApplicationState.RETURNED)
"""With those who were given back, and may come again."""


@dataclass(frozen=True, slots=True)
class Left:
    """A person who could not be accepted, and why."""

    application: Application
    why: Message


@dataclass(frozen=True, slots=True)
class Accepted:
    """The result of accepting: for each who was taken the entrant, and those who were left."""

    entrants: Sequence[Entrant]
    left: Sequence[Left]
    waiting: Sequence[Application] = ()
    """The people for whom there was no place: they wait for one."""


def still(
    competition: Competition, seen: Mapping[str, int]
) -> tuple[list[Application], list[Left]]:
    """List those who are as they were seen, and those whom their unit changed since."""
    if len(seen) > MOST_AT_ONCE:
        raise invalid(msg("一次选的人太多了，分几次来"))
    rows = db.session.scalars(
        select(Application)
        .where(Application.competition_id == competition.id, Application.public_id.in_(list(seen)))
        .options(joinedload(Application.unit))
        .order_by(Application.submitted_at, Application.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(seen):
        raise Refused(msg("名单刚被别人改过，请再看一遍"))
    chosen, left = [], []
    for row in rows:
        if row.state not in UNDECIDED or row.version != seen[row.public_id]:
            left.append(Left(row, msg("刚被改过，再看一遍")))
        else:
            chosen.append(row)
    return chosen, left


def whole(
    chosen: Sequence[Application], left: list[Left], states: Sequence[ApplicationState]
) -> list[Application]:
    """List those who stand alone or whose whole crew is there: a part is not decided on."""
    apart = lacking(chosen, states)
    applications: list[Application] = []
    for application in chosen:
        if others := apart.get(party_of(application)):
            left.append(Left(application, why_not_without(others)))
        else:
            applications.append(application)
    return applications


def _with_partners(chosen: Sequence[Application], left: list[Left]) -> list[Application]:
    """List those of whose crew nobody was left: a crew is accepted as a whole or not at all."""
    without: dict[Party, list[Application]] = {}
    for leftover in left:
        without.setdefault(party_of(leftover.application), []).append(leftover.application)
    applications: list[Application] = []
    for application in chosen:
        if others := without.get(party_of(application)):
            why = msg("同组的 %(names)s 收不了，一组的人一起收", names=names_of(others))
            left.append(Left(application, why))
        else:
            applications.append(application)
    return applications


def decide(
    application: Application, state: ApplicationState, by: Account, reason: str | None
) -> None:
    application.state = move(application.state, state, APPLICATION_MOVES)
    application.decided_by, application.decided_at = by.id, utc_now()
    application.reason = reason
    application.version += 1


def accept_people(
    competition: Competition,
    seen: Mapping[str, int],
    by: Account,
    *,
    exempted_for: str = "",
    freed: Collection[str] = (),
) -> Accepted:
    """Take people on the list, by the checks of registration; others stay and are told.

    `seen` has the version of each, by public number: what the unit changed since is not
    accepted unread. Who does not meet what the event asks is taken for a reason alone,
    `exempted_for`, which then waives it; of who has to wait it is kept and counts for the rules
    that were broken then. `freed` are those for whom somebody gives up a place
    at once: they wait behind nobody. Raises `Refused` (INVALID) for nobody, (CONFLICT) once
    marks are locked.
    """
    if not seen:
        raise invalid(msg("先勾选"))
    reason = reason_text(exempted_for)
    with changing(competition) as competition:
        check_registration_open(competition)
        chosen, left = still(competition, seen)
        chosen = whole(chosen, left, COMING)
        chosen = _with_partners(_alone(competition, chosen, left), left)
        kept = {} if reason else waivers_of(competition, chosen)
        plan, taken = _planned(competition, chosen, left, bool(reason), kept)
        unfit = {
            newcomer.public_id: [rule.value for rule in row.unfit]
            for newcomer, row in zip(taken, plan.rows, strict=True)
            if row.unfit
        }
        plan, taken, waiting = _seated(competition, plan, taken, left, freed)
        was, added = _as_they_were(taken), list[Entrant]()
        if taken:
            added = write_rows(competition, plan, by, source="unit", own=_own_codes(taken, plan))
        codes = [row.registration.entrant_code for row in plan.rows if row.registration]
        there = entrants_by_code(competition, codes)
        entrants = [there[code] for code in codes]
        for application in waiting:
            decide(application, ApplicationState.WAITING, by, None)
        for application, entrant in zip(taken, entrants, strict=True):
            decide(application, ApplicationState.ACCEPTED, by, None)
            application.entrant_id = entrant.id
        reasons = {}
        for application, person in zip(taken, _persons_of(plan, there), strict=True):
            hand_over(application, person)
            if isinstance(person, Entrant):
                hand_over_documents(application, person)
            waiver = kept.get(application.public_id)
            reasons[person] = waiver.reason if waiver else reason
        if any(reasons.values()):
            for broken in still_unfit(competition, list(there.values())):
                if why := reasons.get(broken.holder, reason):
                    write_exemptions(competition, broken.holder, broken.findings, why, by)
        if taken:
            accepted = {
                application.public_id: entrant.code
                for application, entrant in zip(taken, entrants, strict=True)
            }
            after = {
                "accepted": accepted,
                "people": seal_people(
                    competition, [registered.id for registered in there.values()]
                ),
                "added": [entrant.code for entrant in added],
                **({"teams": [team.code for team in plan.new_teams]} if plan.new_teams else {}),
                **was,
            }
            audit.record(competition, by, "application.accept", competition.code, after=after)
        if waiting:
            _record_waiting(competition, waiting, unfit, reason, by)
    return Accepted(entrants, left, waiting)


def _record_waiting(
    competition: Competition,
    waiting: Sequence[Application],
    unfit: Mapping[str, Sequence[str]],
    reason: str,
    by: Account,
) -> None:
    """Record who waits for a place; with the rules that the reason will waive once there is one."""
    people = [application.public_id for application in waiting]
    waived = {number: unfit[number] for number in people if number in unfit}
    after = {"people": people, **({"waived": waived} if waived else {})}
    waived_for = reason if waived else None
    audit.record(competition, by, WAIT, competition.code, after=after, reason=waived_for)


def _as_they_were(taken: Sequence[Application]) -> dict[str, Any]:
    """The state before: whom no unit had confirmed, and who waited since when, for the record."""
    unconfirmed = [
        application.public_id
        for application in taken
        if application.state is ApplicationState.UNCONFIRMED
    ]
    waited = {
        application.public_id: application.decided_at.isoformat()
        for application in taken
        if application.state is ApplicationState.WAITING and application.decided_at
    }
    before = {"unconfirmed": unconfirmed, "waited": waited}
    return {key: people for key, people in before.items() if people}


def _seated(
    competition: Competition,
    plan: RegistrationPlan,
    taken: list[Application],
    left: list[Left],
    freed: Collection[str],
) -> tuple[RegistrationPlan, list[Application], list[Application]]:
    """Seat people in their order while there are places, a crew as a whole; others wait.

    Nobody who is new overtakes those who wait already: they have to be accepted or given back.
    """
    room = Room(competition)
    if not room.bounded:
        return plan, taken, []
    chosen = {application.id for application in taken}
    ahead = Counter(
        party_of(application)
        for application in waiting_in(competition)
        if application.id not in chosen
    )
    parties: dict[Party, list[Application]] = {}
    for application in taken:
        parties.setdefault(party_of(application), []).append(application)
    seated: set[int] = set()
    waiting: list[Application] = []
    for party, people in parties.items():
        if all(application.public_id in freed for application in people):
            seated |= {application.id for application in people}
            continue
        new = any(application.state is not ApplicationState.WAITING for application in people)
        if room.fits(party, len(people), ahead if new else {}):
            room.take(party, len(people))
            seated |= {application.id for application in people}
            continue
        for application in people:
            if application.state is not ApplicationState.WAITING:
                waiting.append(application)
                ahead[party] += 1
            else:
                left.append(Left(application, msg("名额还满着")))
    rows = zip(taken, plan.rows, strict=True)
    kept = [row for application, row in rows if application.id in seated]
    still = [application for application in taken if application.id in seated]
    return plan.with_rows(kept), still, waiting


def return_people(
    competition: Competition,
    seen: Mapping[str, int],
    reason: str,
    by: Account,
    *,
    short: Mapping[str, str] | None = None,
) -> Accepted:
    """Give people back to their unit, or to themselves, with a reason that is read beside them.

    Without a reason each is given back for what they are `short` of, by public number.
    Raises `Refused` (INVALID) for nobody, and without a reason for somebody who is short of
    nothing.
    """
    reason, short = reason_text(reason), short or {}
    if not seen:
        raise invalid(msg("先勾选"))
    if not reason and not short.keys() >= seen.keys():
        raise invalid(msg("退回要写原因，单位或本人看得到"))
    with changing(competition) as competition:
        chosen, left = still(competition, seen)
        alike: dict[str, list[Application]] = {}
        for application in whole(chosen, left, UNDECIDED):
            why = reason or short[application.public_id]
            decide(application, ApplicationState.RETURNED, by, why)
            alike.setdefault(why, []).append(application)
        for why, rows in alike.items():
            record_people(competition, by, "application.return", competition.code, rows, why)
    return Accepted([], left)


def _alone(
    competition: Competition, chosen: list[Application], left: list[Left]
) -> list[Application]:
    """List those who stand nowhere else: not on the list, not twice among the chosen."""
    applications: list[Application] = []
    first: dict[tuple[int | None, str | None], Application] = {}
    teams = _teams_of_others(competition)
    for application in chosen:
        who = (application.event_id, application.id_hash)
        team = cells_of(application).get("team", "")
        owner = teams.get((application.event_id or 0, same_name_key(team))) if team else None
        if application.unit is None:
            left.append(Left(application, msg("先定是哪个单位的")))
        elif (there := stands_as(application)) is not None:
            left.append(Left(application, _why_there(there)))
        elif who in first:
            unit = unit_name_of(first[who])
            why = (
                msg("这个人报了两份，留一份，另一份退回")
                if first[who].unit_id == application.unit_id
                else msg("%(unit)s也报了这个人，先定是谁的", unit=unit)
            )
            left.append(Left(application, why))
        elif owner is not None and application.unit_id not in owner:
            left.append(Left(application, msg("“%(team)s”是别的单位的代表队", team=team)))
        else:
            first[who] = application
            applications.append(application)
    return applications


def _why_there(entrant: Entrant) -> Message:
    return msg(
        "这个赛项的名单里已经有这个人：%(unit)s %(code)s %(name)s。用不着这一份就退回",
        unit=entrant.unit.name,
        code=entrant.code,
        name=entrant.name,
    )


def _planned(
    competition: Competition,
    chosen: Sequence[Application],
    left: list[Left],
    lenient: bool,
    kept: Mapping[str, Waiver],
) -> tuple[RegistrationPlan, list[Application]]:
    """The plan of those whom registration takes, in their order; the others are left with why."""
    rows = tuple(
        RawRow(number, cells_of(application) | {"unit": application.unit.code})
        for number, application in enumerate(chosen, start=1)
        if application.unit is not None
    )
    waived = {
        row.number: kept[application.public_id].rules
        for application, row in zip(chosen, rows, strict=True)
        if application.public_id in kept
    }
    plan = plan_rows(competition, rows, lenient=lenient, waived=waived)
    good: list[PlannedRow] = []
    taken: list[Application] = []
    for application, row in zip(chosen, plan.rows, strict=True):
        if row.status is RowStatus.ADDED:
            good.append(row)
            taken.append(application)
        else:
            left.append(Left(application, _why_left(row)))
    return replace(plan.with_rows(good), new_units=()), taken


def _why_left(row: PlannedRow) -> Message:
    if row.unfit:
        return msg(
            "%(what)s。要收就写特准的原因",
            what=listed([problem.what for problem in row.problems], msg("；")),
        )
    if row.problems:
        return row.problems[0].message
    if row.existing is None:
        return msg("名单里已经有这个人")
    there = {"code": row.existing.code, "name": row.existing.name}
    return msg("名单里已经有这个人：%(code)s %(name)s。用不着这一份就退回", **there)


def _own_codes(taken: Sequence[Application], plan: RegistrationPlan) -> set[str]:
    """The numbers of those who said themselves whether their whole name may be published."""
    return {
        row.registration.code
        for application, row in zip(taken, plan.rows, strict=True)
        if application.by_person and row.registration
    }


def _persons_of(plan: RegistrationPlan, entrants: Mapping[str, Entrant]) -> list[Entrant | Member]:
    """List who each row is: an entrant, or one of a crew's people."""
    members = {member.code: member for crew in entrants.values() for member in crew.members}
    rows = [row.registration for row in plan.rows if row.registration]
    return [members[row.code] if row.crew_code else entrants[row.code] for row in rows]


def _teams_of_others(competition: Competition) -> dict[tuple[int, str], set[int]]:
    """The units that own a team, by event and the team's name."""
    units_of: dict[tuple[int, str], set[int]] = {}
    for team in db.session.scalars(select(Team).where(Team.competition_id == competition.id)):
        units_of.setdefault((team.event_id, same_name_key(team.name)), set()).add(team.unit_id)
    return units_of
