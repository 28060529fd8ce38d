"""Earlier sittings of evaluations by the same people: published verdicts, and 补考 of them.

Somebody is found again by the ID number. What counts is the newest version in force of each
competition of this installation, its events without those whose notice was withdrawn.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.sql.base import ExecutableOption

from compete.domain.bundle.evaluation_facts import day_of
from compete.domain.bundle.results import EvaluationResults, VerdictRow
from compete.domain.kinds.kinds import competition_kind, kinds_where
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Competition,
    Entrant,
    Event,
    Publication,
    ResultStand,
    Withdrawal,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.audit import Said
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.shown_competitions import is_shown
from compete.services.kernel.transactions import changing
from compete.sheets.registration.people import Tried

IN_VAIN = ("fail", "absent")
"""The whole verdicts after which somebody may try again."""
MOST_ATTEMPTS = 99
_NOT_WRITTEN = float("inf")
"""The number of somebody who is registered just now: later than everybody."""

Verdicts = Mapping[str, Mapping[str, VerdictRow]]
"""By the code of the event and of the entrant."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A published verdict on somebody."""

    entrant: Entrant
    version: int
    row: VerdictRow
    day: date | None
    """On which the event looks at conditions."""

    @property
    def where(self) -> str:
        """The competition, the event, and the number there."""
        return place_of(self.entrant)

    @property
    def origin(self) -> dict[str, str]:
        """The origin as a file names it."""
        return {
            "competition": self.entrant.competition.code,
            "event": self.entrant.event.code,
            "entrant": self.entrant.code,
            "publication": str(self.version),
        }


@dataclass(frozen=True, slots=True)
class TriedAgain:
    """The attempt of one person (补考): what is on record, and what stands before that could be."""

    attempt: int | None
    """As it is on record; None where none is."""
    recorded: str
    """The earlier sitting on record, as a file names it."""
    before: Sitting | None
    """The sitting after which the attempt would be."""

    @property
    def proposed(self) -> int | None:
        """The number that the attempt would have; None where nothing is to be recorded."""
        if self.before is None or self.attempt is not None:
            return None
        return attempt_of(self.before.entrant) + 1


def tried_in(event: Event) -> Tried | None:
    """The grade that an event of an evaluation tries people for."""
    rules = rules_of(event)
    if rules.grade is None or rules.occupation is None:
        return None
    occupation = rules.occupation
    day = day_of(rules, event.competition)
    papers = frozenset(
        kind
        for line in rules.apply
        for kind in (line.when.papers.of if line.when.papers is not None else ())
    )
    return Tried(rules.grade, (occupation.code, occupation.track), day, papers)


def events_of_occupation(event: Event) -> list[int]:
    """The ids of the events in which nobody of this one may be besides, and its own."""
    tried = tried_in(event) if competition_kind(event.competition).has_sittings else None
    if tried is None:
        return [event.id]
    others = ((other.id, tried_in(other)) for other in event.competition.events)
    return [number for number, other in others if other and other.occupation == tried.occupation]


def place_of(entrant: Entrant) -> str:
    """The place of somebody: the competition, the event, and the number there."""
    return f"{entrant.competition.name} {entrant.event.name} {entrant.code}"


def attempt_of(entrant: Entrant) -> int:
    """The number of the attempt, by what is on record."""
    return int((entrant.resit or {}).get("attempt", 1))


def verdicts_of_version(publication: Publication) -> Verdicts:
    """The verdicts of a version on everybody; kept in memory by its hash."""
    return _verdicts(publication.id, publication.sha256)


@lru_cache(maxsize=32)
def _verdicts(publication_id: int, _sha256: str) -> Verdicts:
    packed = db.session.scalar(select(Publication.results).where(Publication.id == publication_id))
    assert packed is not None
    results = msgspec.json.decode(zlib.decompress(packed), type=EvaluationResults)
    return {event.code: {row.entrant: row for row in event.verdicts} for event in results.events}


def versions_in_force(
    competitions: Collection[int], *also: ExecutableOption
) -> dict[int, Publication]:
    """The newest version that was not taken down, by the competition's number.

    What names everybody of a version is read when it is asked for; `also` says what else is.
    """
    query = select(Publication).where(Publication.withdrawn_at.is_(None))
    query = query.options(defer(Publication.grades), *also).order_by(Publication.version)
    rows = rows_among(query, Publication.competition_id, sorted(competitions))
    return {row.competition_id: row for row in rows}


def _sittings_of(keys: Collection[str]) -> dict[str, list[Sitting]]:
    """The verdicts published of the bearer of each ID number, by its look-up key, in no order."""
    query = (
        select(Entrant)
        .join(Competition, Competition.id == Entrant.competition_id)
        .where(Competition.kind.in_(kinds_where(lambda kind: kind.has_sittings)), takes_part())
        .options(joinedload(Entrant.competition), joinedload(Entrant.event))
    )
    people = rows_among(query, Entrant.id_hash, sorted(keys))
    versions = versions_in_force({person.competition_id for person in people})
    down = taken_down_among(versions)
    sittings: dict[str, list[Sitting]] = defaultdict(list)
    for person in people:
        version = versions.get(person.competition_id)
        if version is None or person.event_id in down:
            continue
        row = verdicts_of_version(version).get(person.event.code, {}).get(person.code)
        tried = tried_in(person.event)
        if row is not None and tried is not None and person.id_hash is not None:
            sittings[person.id_hash].append(Sitting(person, version.version, row, tried.on))
    return sittings


def sittings_about(entrant: Entrant) -> Sequence[Sitting]:
    """List the published sittings of the bearer of this person's ID number."""
    key = entrant.id_hash
    return _sittings_of({key}).get(key, ()) if key else ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch that somebody applied for, this one or another, with what came of it there."""

    entrant: Entrant
    attempt: int
    verdict: str
    """As it is published; empty before, and of who left."""
    left: Withdrawal | None
    """That the person left it before it began."""


def history_of(entrant: Entrant) -> list[Taken]:
    """List every batch of this installation that the bearer of the ID number applied for, by day.

    Who has no ID number is known by this batch alone.
    """
    query = (
        select(Entrant)
        .join(Competition, Competition.id == Entrant.competition_id)
        .where(Competition.kind.in_(kinds_where(lambda kind: kind.has_sittings)), is_shown())
        .options(joinedload(Entrant.competition), joinedload(Entrant.event))
    )
    own = Entrant.id == entrant.id
    if entrant.id_hash:
        own = (Entrant.id_hash == entrant.id_hash) & Entrant.erased_at.is_(None)
    people = db.session.scalars(query.where(own)).all()
    left = {
        row.entrant_id: row
        for row in db.session.scalars(
            select(Withdrawal).where(
                Withdrawal.entrant_id.in_([person.id for person in people]),
                Withdrawal.ended_at.is_(None),
            )
        )
    }
    numbers = {person.competition_id for person in people}
    versions, down = versions_in_force(numbers), taken_down_among(numbers)
    taken = []
    for person in people:
        version, away = versions.get(person.competition_id), left.get(person.id)
        verdicts = verdicts_of_version(version) if version is not None else {}
        row = verdicts.get(person.event.code, {}).get(person.code)
        shown = row is not None and away is None and person.event_id not in down
        taken.append(Taken(person, attempt_of(person), row.verdict if shown and row else "", away))
    return sorted(taken, key=lambda it: (it.entrant.competition.starts or date.max, it.entrant.id))


def bearers_of(entrant: Entrant) -> list[Entrant]:
    """List entrants here from whom marks were brought, or who are tried again."""
    here = entrant.competition.code
    origins = [it["from"] for it in entrant.carried or () if not it.get("void")]
    if entrant.resit:
        origins.append({"competition": here} | entrant.resit)
    bearers: list[Entrant] = []
    for at in origins:
        query = (
            select(Entrant)
            .join(Competition, Competition.id == Entrant.competition_id)
            .where(Competition.code == at["competition"], Entrant.code == at["entrant"])
        )
        bearers += db.session.scalars(query)
    return bearers


def taken_down_among(competitions: Collection[int]) -> set[int]:
    """The events whose notice was withdrawn and not begun again."""
    query = select(ResultStand.event_id).where(ResultStand.withdrawn_why.is_not(None))
    return set(rows_among(query, ResultStand.competition_id, sorted(competitions)))


def is_alike(event: Event, other: Event) -> bool:
    """True if both try for the same grade of the same occupation and track."""
    first, second = tried_in(event), tried_in(other)
    return (
        first is not None
        and second is not None
        and (first.occupation, first.grade) == (second.occupation, second.grade)
    )


def failed_codes(competition: Competition) -> set[str]:
    """The codes published here as not having passed, which may be registered to try again."""
    if not competition_kind(competition).has_sittings:
        return set()
    version = versions_in_force([competition.id]).get(competition.id)
    if version is None:
        return set()
    down = taken_down_among([competition.id])
    here = {event.code for event in competition.events if event.id not in down}
    return {
        code
        for event, rows in verdicts_of_version(version).items()
        for code, row in rows.items()
        if event in here and row.verdict in IN_VAIN
    }


def tried_again(entrants: Sequence[Entrant]) -> dict[str, TriedAgain]:
    """The attempt that each of these is, or would be, by code; who tries for the first time is not
    there."""
    known = _sittings_of({entrant.id_hash for entrant in entrants if entrant.id_hash})
    attempts = {}
    for entrant in entrants:
        resit = entrant.resit or {}
        before = _before(entrant, entrant.event, known.get(entrant.id_hash or "", ()))
        if resit or before is not None:
            at = (resit.get("competition"), resit.get("event"), resit.get("entrant"))
            recorded = " ".join(str(it) for it in at if it)
            attempts[entrant.code] = TriedAgain(resit.get("attempt"), recorded, before)
    return attempts


def earlier_among(sittings: Sequence[Sitting], entrant: Entrant, event: Event) -> list[Sitting]:
    """List earlier sittings that tried the same: by day, on one day by registration."""
    tried = tried_in(event)
    own = ((tried and tried.on) or date.max, entrant.id or _NOT_WRITTEN)
    return [
        sitting
        for sitting in sittings
        if sitting.entrant.event_id != event.id
        and is_alike(sitting.entrant.event, event)
        and (sitting.day or date.max, sitting.entrant.id) < own
    ]


def _before(entrant: Entrant, event: Event, sittings: Sequence[Sitting]) -> Sitting | None:
    """The last attempt before this one, where it was in vain."""
    # A file has nobody twice who does not say so: what is of this competition goes first.
    last = max(
        earlier_among(sittings, entrant, event),
        key=lambda it: (
            it.entrant.competition_id == event.competition_id,
            attempt_of(it.entrant),
            it.day or date.max,
            it.entrant.id,
        ),
        default=None,
    )
    return last if last is not None and last.row.verdict in IN_VAIN else None


def set_resits(competition: Competition, entrants: Sequence[Entrant]) -> list[Said]:
    """Set for whom of those registered now it is 补考; inside a unit of work.

    Only where number and name are the same: else somebody is to look at it first. They need
    not be written yet; what is given is to be recorded once they are.
    """
    if not competition_kind(competition).has_sittings:
        return []
    events = {event.id: event for event in competition.events}
    records = []
    with db.session.no_autoflush:
        known = _sittings_of({entrant.id_hash for entrant in entrants if entrant.id_hash})
        for entrant in entrants:
            sittings = known.get(entrant.id_hash or "", ())
            before = _before(entrant, events[entrant.event_id], sittings)
            if before is None or entrant.resit or before.entrant.name != entrant.name:
                continue
            if attempt_of(before.entrant) < MOST_ATTEMPTS:
                entrant.resit = _resit(competition, before)
                records.append(Said("entrant.resit", entrant.code, dict(entrant.resit)))
    return records


def _resit(competition: Competition, before: Sitting) -> dict[str, Any]:
    """The attempt as a file has it; of this competition without its code."""
    here = before.entrant.competition_id == competition.id
    return {
        **({} if here else {"competition": before.entrant.competition.code}),
        "event": before.entrant.event.code,
        "entrant": before.entrant.code,
        "attempt": attempt_of(before.entrant) + 1,
    }


def record_resit(entrant: Entrant, by: Account) -> None:
    """Note that somebody tries again what is proposed, whatever the name there is.

    Raises `Refused` (CONFLICT) where nothing is to be noted, and once marks are locked.
    """
    with changing(entrant.competition, entrant) as competition:
        if competition.state not in _OPEN:
            raise Refused(_LOCKED)
        before = _before(entrant, entrant.event, sittings_about(entrant))
        if entrant.resit or before is None:
            raise Refused(msg("没有要记的补考，或者已经记了"))
        if attempt_of(before.entrant) >= MOST_ATTEMPTS:
            raise Refused(msg("补考最多记到第 %(most)s 次", most=MOST_ATTEMPTS))
        entrant.resit = _resit(competition, before)
        audit.record(competition, by, "entrant.resit", entrant.code, after=dict(entrant.resit))


def why_resit_stays(entrant: Entrant) -> Message | None:
    """Say why 补考 on record cannot be taken back; None where it can."""
    if entrant.competition.state not in _OPEN:
        return _LOCKED
    if (entrant.resit or {}).get("competition") in (None, entrant.competition.code):
        return msg("在同一次认定里考第二次，只能是补考")
    return None


def drop_resit(entrant: Entrant, by: Account) -> None:
    """Drop the attempt: it is the first after all. Raises `Refused` (CONFLICT) as it says."""
    with changing(entrant.competition, entrant) as competition:
        if not entrant.resit:
            raise Refused(msg("没有记补考，或者已经收回了"))
        if (why := why_resit_stays(entrant)) is not None:
            raise Refused(why)
        before, entrant.resit = dict(entrant.resit), None
        audit.record(competition, by, "entrant.resit_end", entrant.code, before=before)


_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)
_LOCKED = msg("评分已经锁定，先解锁")
