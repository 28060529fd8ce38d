"""Accepting taken back before judging: out of the list again, while nothing hangs on it yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import ApplicationState, CompetitionState, move
from compete.models import (
    Account,
    Application,
    AuditEntry,
    Competition,
    Consent,
    DrawCeremony,
    Entrant,
    Exemption,
    Portrait,
    Slot,
    Team,
    db,
    utc_now,
)
from compete.services.directory.person_records import let_go
from compete.services.kernel import audit
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.last_records import LastDone, last_record
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.row_references import columns_naming
from compete.services.kernel.row_seals import delete_noted
from compete.services.kernel.transactions import changing
from compete.services.registration.acceptance import MOST_AT_ONCE, Left
from compete.services.registration.crews import why_not_without
from compete.services.registration.documents import give_documents_back
from compete.services.registration.people_seals import seal_people
from compete.services.registration.person_record import codes_told_since

ACCEPT, UNDO = "application.accept", "application.accept_undone"
_S = ApplicationState
_WAYS_BACK = {_S.ACCEPTED: frozenset({_S.UNCONFIRMED, _S.SUBMITTED, _S.WAITING})}
"""An organiser's alone and here alone: no unit hands in anew, by `APPLICATION_MOVES`, who is on
the list."""
_JUST = timedelta(hours=1)
_MADE_WITH_THEM = {
    *("member", "slot", "consent", "exemption"),
    *("portrait", "applicant_document", "application"),
}
"""The tables that accepting itself fills: they go with it. Who is in any other stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAccepted(LastDone):
    """The people accepted last, within the hour, and still on the list."""

    applications: Sequence[Application]


class _Record(NamedTuple):
    """The record by which somebody was accepted, and what it says."""

    seq: int
    after: Mapping[str, Any]


def why_accepted_stay(competition: Competition) -> Message | None:
    """Say why nobody who was accepted can be taken out of the list again; None before judging."""
    if competition.state is CompetitionState.REGISTERING:
        return None
    return msg("评分已经开始，收下的不能再撤回")


def last_accepted(competition: Competition) -> LastAccepted | None:
    """The acceptance that one press can take back; None if nobody was within the hour."""
    if why_accepted_stay(competition) is not None:
        return None
    entry = last_record(competition, (ACCEPT, UNDO))
    if entry is None or entry.action != ACCEPT or entry.at < utc_now() - _JUST:
        return None
    after = entry.after if isinstance(entry.after, dict) else {}
    there = _of_numbers(competition, list(after.get("accepted", ())))
    people = [
        application for application in there if application.state is ApplicationState.ACCEPTED
    ]
    if not people or "added" not in after:
        return None
    crowd = {person.entrant_id for person in people if person.entrant_id is not None}
    records = _records(competition, [person.public_id for person in people])
    if crowd <= _why_held(competition, crowd, records, people).keys():
        return None
    return LastAccepted(entry=entry, applications=people)


def undo_accepting(
    competition: Competition, seen: Mapping[str, int], by: Account
) -> tuple[Sequence[Application], Sequence[Left]]:
    """Take people out of the list whom accepting brought there; they wait for a word as before.

    Those of whom anything else was recorded since, or who stand in a draw, stay and are told,
    with the others of their crew. Raises `Refused` (INVALID) for nobody, (CONFLICT) once
    judging has begun.
    """
    if not seen:
        raise invalid(msg("先勾选"))
    if len(seen) > MOST_AT_ONCE:
        raise invalid(msg("一次选的人太多了，分几次来"))
    with changing(competition) as competition:
        if why := why_accepted_stay(competition):
            raise Refused(why)
        left: list[Left] = []
        chosen, records = _removable_people(competition, seen, left)
        if chosen:
            numbers = {
                accepted.entrant_id for accepted in chosen if accepted.entrant_id is not None
            }
            crowd = _entrants(numbers)
            codes = {
                accepted.public_id: crowd[accepted.entrant_id or 0].code for accepted in chosen
            }
            _give_files_back(chosen, crowd.values())
            for application in chosen:
                _as_before(application, records[application.public_id].after)
            db.session.flush()
            persons = _take_away(crowd)
            teams = {team for record in records.values() for team in record.after.get("teams", ())}
            _drop_empty_teams(competition, teams)
            db.session.flush()
            let_go(competition, persons, by)
            after = {"taken_out": codes, "people": seal_people(competition)}
            audit.record(competition, by, UNDO, competition.code, after=after)
    return chosen, left


def _removable_people(
    competition: Competition, seen: Mapping[str, int], left: list[Left]
) -> tuple[list[Application], dict[str, _Record]]:
    """List those who can go, with the record of each; a crew as a whole or not at all."""
    rows = _of_numbers(competition, list(seen))
    if len(rows) != len(seen):
        raise Refused(msg("名单刚被别人改过，请再看一遍"))
    why: dict[str, Message] = {}
    for row in rows:
        if row.state is not ApplicationState.ACCEPTED or row.version != seen[row.public_id]:
            why[row.public_id] = msg("刚被改过，再看一遍")
    there = [row for row in rows if row.public_id not in why]
    records = _records(competition, [row.public_id for row in there])
    crowd = {row.entrant_id for row in there if row.entrant_id is not None}
    together: dict[int, list[Application]] = defaultdict(list)
    for row in _accepted_as(crowd):
        together[row.entrant_id or 0].append(row)
    kept = _why_held(competition, crowd, records, there)
    for row in there:
        number = row.entrant_id or 0
        others = [partner for partner in together[number] if partner.public_id not in seen]
        if others:
            why[row.public_id] = why_not_without(others)
        elif number in kept:
            why[row.public_id] = kept[number]
    stays = {row.entrant_id for row in rows if row.public_id in why and row.entrant_id}
    chosen = []
    for row in rows:
        if row.public_id in why:
            left.append(Left(row, why[row.public_id]))
        elif row.entrant_id in stays:
            left.append(Left(row, msg("同组的不能撤回，一组的人一起办")))
        else:
            chosen.append(row)
    return chosen, {row.public_id: records[row.public_id] for row in chosen}


def _why_held(
    competition: Competition,
    crowd: Collection[int],
    records: Mapping[str, _Record],
    rows: Sequence[Application],
) -> dict[int, Message]:
    """The reasons why entrants have to stay, by number; each question is asked once for all."""
    reasons: dict[int, Message] = {}
    by_number = _entrants(crowd)
    first = min((record.seq for record in records.values()), default=0)
    newest = codes_told_since(competition, first)
    used = _standing_elsewhere(crowd)
    drawn = _drawn_codes(competition)

    def told_of(entrant: Entrant) -> int:
        codes = (entrant.code, *(member.code for member in entrant.members))
        return max((newest.get(code, 0) for code in codes), default=0)

    for row in rows:
        entrant = by_number.get(row.entrant_id or 0)
        record = records.get(row.public_id)
        if entrant is None or record is None or entrant.code not in record.after.get("added", ()):
            why = msg("名单里本来就有，或者是早先收下的，要退按退赛办")
        elif entrant.id in used or told_of(entrant) > record.seq:
            why = msg("收下以后又办过别的（%(code)s），要退按退赛办", code=entrant.code)
        elif entrant.code in drawn:
            why = msg("%(code)s 已经在抽签的名单里，要退按退赛办", code=entrant.code)
        else:
            continue
        reasons[row.entrant_id or 0] = why
    return reasons


def _standing_elsewhere(crowd: Collection[int]) -> set[int]:
    """The people who stand in any table besides those that accepting writes."""
    return {
        number
        for column in columns_naming(Entrant)
        if column.table.name not in _MADE_WITH_THEM
        for number in rows_among(select(column).distinct(), column, sorted(crowd))
    }


def _drawn_codes(competition: Competition) -> set[str]:
    """The codes on the list of a ceremony."""
    lists = db.session.scalars(
        select(DrawCeremony.people).where(DrawCeremony.competition_id == competition.id)
    )
    return {person["code"] for people in lists for person in people}


def _records(competition: Competition, people: Collection[str]) -> dict[str, _Record]:
    """The record by which somebody was last accepted, by public number."""
    wanted, records = set(people), dict[str, _Record]()
    query = (
        select(AuditEntry.seq, AuditEntry.after)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.action == ACCEPT)
        .order_by(AuditEntry.seq.desc())
    )
    for seq, after in db.session.execute(query).tuples():
        if not wanted:
            break
        content = after if isinstance(after, dict) else {}
        for number in wanted.intersection(content.get("accepted", ())):
            records[number] = _Record(seq, content)
        wanted -= set(records)
    return records


def _as_before(application: Application, content: Mapping[str, Any]) -> None:
    """Open again what was decided of one; who waited waits since then."""
    number, state = application.public_id, ApplicationState.SUBMITTED
    application.decided_by = application.decided_at = None
    if number in content.get("unconfirmed", ()):
        state = ApplicationState.UNCONFIRMED
    elif waited := content.get("waited", {}).get(number):
        state, application.decided_at = ApplicationState.WAITING, datetime.fromisoformat(waited)
    application.state = move(application.state, state, _WAYS_BACK)
    application.entrant_id = None
    application.version += 1


def _give_files_back(chosen: Sequence[Application], crowd: Iterable[Entrant]) -> None:
    members = {member.id: member for entrant in crowd for member in entrant.members}
    alone = {application.entrant_id: application for application in chosen}
    in_crew = {(application.entrant_id, application.id_hash): application for application in chosen}
    give_documents_back({key: row for key, row in alone.items() if key is not None})
    for portrait in _read(Portrait.entrant_id, [key for key in alone if key is not None]):
        portrait.application_id = alone[portrait.entrant_id].id
        portrait.entrant_id = None
    for portrait in _read(Portrait.member_id, members):
        member = members[portrait.member_id or 0]
        portrait.application_id = in_crew[member.entrant_id, member.id_hash].id
        portrait.member_id = None


def _take_away(crowd: Mapping[int, Entrant]) -> set[int]:
    """Take people off the list with what accepting made; the numbers of records that kept them."""
    persons: set[int] = set()
    for table in (Consent, Exemption, Slot):
        delete_noted(table, [row.id for row in _read(table.entrant_id, crowd)])
    for entrant in _entrants(crowd).values():
        kept = (entrant.person_id, *(member.person_id for member in entrant.members))
        persons |= {number for number in kept if number is not None}
        db.session.delete(entrant)
    db.session.flush()
    return persons


def _drop_empty_teams(competition: Competition, codes: Collection[str]) -> None:
    there = select(Entrant.team_id).where(
        Entrant.competition_id == competition.id, Entrant.team_id.is_not(None)
    )
    for team in db.session.scalars(
        select(Team).where(
            Team.competition_id == competition.id,
            Team.code.in_(list(codes)),
            Team.id.not_in(there),
        )
    ):
        db.session.delete(team)


def _entrants(numbers: Collection[int]) -> dict[int, Entrant]:
    loaded = (selectinload(Entrant.members), selectinload(Entrant.slots))
    return {entrant.id: entrant for entrant in _read(Entrant.id, numbers, *loaded)}


def _accepted_as(crowd: Collection[int]) -> list[Application]:
    rows = _read(Application.entrant_id, crowd)
    return [row for row in rows if row.state is ApplicationState.ACCEPTED]


def _of_numbers(competition: Competition, numbers: Sequence[str]) -> list[Application]:
    rows = _read(Application.public_id, numbers)
    rows = [row for row in rows if row.competition_id == competition.id]
    return sorted(rows, key=lambda row: row.id)


def _read(column: Any, values: Collection[Any], *options: Any) -> list[Any]:
    """The rows of a table whose column has one of these values, as they stand now."""
    query = select(column.class_).options(*options).execution_options(populate_existing=True)
    return rows_among(query, column, values)
