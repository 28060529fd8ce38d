"""Outdated decisions: certified or approved things that no longer follow from a publication.

A certificate is held to the publication by what stands on its face: who, what
for, which place and score. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import func, select

from compete.domain.awards.won import Won, certified_in
from compete.domain.bundle.results import EventResults, FinalRow, GradeRow, Results
from compete.domain.bundle.types import Bundle
from compete.domain.evaluation.unranked_results import EvaluatedEvent, verdicts_of
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.states import CertificateState, GradeState
from compete.models import (
    AuditEntry,
    Certificate,
    Competition,
    Distinction,
    Entrant,
    GradeDecision,
    Member,
    Publication,
    Team,
    db,
)
from compete.services.kernel.publications import latest_publication
from compete.services.registration.carried_modules import voided_since
from compete.services.results.given_by_hand import granted_of, standing_of
from compete.services.results.snapshots import Unpublished, read_snapshot


@dataclass(frozen=True)
class Difference:
    """A difference: what is certified, what the publication says (None: nothing), what moved.

    `was`, `now` and `why` are as `Consequence` keeps them.
    """

    kind: str
    was: dict[str, Any]
    now: dict[str, Any] | None
    why: dict[str, Any]
    certificate: Certificate | None = None
    entrant: Entrant | None = None
    member: Member | None = None
    team: Team | None = None


_Coded = TypeVar("_Coded", Entrant, Member, Team)
_Person = tuple[int, int | None]
"""The id of an entrant and, of who is in a crew, the member's."""
_FACE = ("award", "item", "rank", "total", "name", "unit")


@dataclass
class _Announced:
    """A publication by holder: what each won, where each stands, who is promoted.

    What a crew won is each member's, and, for who certified it so, the crew's as one.
    """

    entrants: Mapping[str, Entrant]
    members: Mapping[str, Member]
    teams: Mapping[str, Team]
    won: dict[_Person, list[Won]] = field(default_factory=dict)
    team_won: dict[int, list[Won]] = field(default_factory=dict)
    standing: dict[int, FinalRow] = field(default_factory=dict)
    unplaced: dict[int, dict[str, str]] = field(default_factory=dict)
    """By the id of an entrant: how they went out, or the verdict that gives no grade."""
    team_rank: dict[int, int | None] = field(default_factory=dict)
    rank_before: dict[int, int | None] = field(default_factory=dict)
    promoted: dict[_Person, GradeRow] = field(default_factory=dict)
    voided: Mapping[int, str] = field(default_factory=dict)
    """By the id of an entrant whose result rests on a mark that is void by now: why."""

    def note(self, won: Won) -> None:
        """Note the award of an entrant, or of a crew's member."""
        entrant = self.entrants[won.entrant or ""].id
        member = self.members[won.member].id if won.member is not None else None
        self.won.setdefault((entrant, member), []).append(won)
        if won.crews_prize is None:
            return
        as_one, own = self.won.setdefault((entrant, None), []), replace(won, member=None)
        if own not in as_one:
            as_one.append(own)


def differences(competition: Competition, publication: Publication) -> list[Difference]:
    """List what no longer follows of all that was given on a result.

    Certificates in the order of issue; then what has none yet: approvals of grades, and awards
    by hand. A new thing that is given on a place or a total is asked about here.
    """
    valid = _valid(competition)
    if publication.version == 1 and not (valid or granted_of(competition)):
        return []
    bundle, results = read_snapshot(publication)
    now = _announced(competition, bundle, results, publication_before(publication))
    now.voided = voided_since(publication)
    for number in now.voided:
        now.promoted.pop((number, None), None)
    changes = _held_against(valid, now, publication)
    if publication.version > 1:
        changes += _approvals(competition, now, valid)
    changes += _uncertified(competition, now, publication, valid)
    return changes


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Consequences to settle if the results of now were published: `all` that are about a
    certificate, and of these how many keep their award or grade and bear another place or total;
    `given` are awards by hand that have no certificate yet and would be lost.
    """

    all: int
    printed: int
    given: int = 0


def foreseen(competition: Competition, bundle: Bundle, results: Results) -> Foreseen:
    """Foresee what no longer follows, certified or given by hand; who asks has worked the results
    out.
    """
    valid = _valid(competition)
    if not (valid or granted_of(competition)):
        return Foreseen(0, 0)
    now = _announced(competition, bundle, results, latest_publication(competition))
    version = Unpublished(bundle, results)
    changes = _held_against(valid, now, version)
    given_lost = sum(1 for _lost in _uncertified(competition, now, version, valid))
    keeps = [
        it
        for it in changes
        if it.now is not None
        and all(it.was.get(key) == it.now.get(key) for key in ("award", "item", "grade", "name"))
    ]
    return Foreseen(len(changes), len(keeps), given_lost)


def _held_against(
    valid: Sequence[Certificate], now: _Announced, version: Publication | Unpublished
) -> list[Difference]:
    """What differs of these certificates, those of awards by hand among them."""
    certified = {(c.entrant_id, c.team_id, c.prize) for c in valid if c.kind == "award"}
    changes = []
    for certificate in valid:
        given = certificate.distinction
        if given is not None:
            difference = _given_by_hand(certificate, given, now, version)
        elif certificate.kind == "award":
            difference = _award(certificate, now, certified)
        else:
            difference = _grade(certificate, now)
        if difference is not None:
            changes.append(difference)
    return changes


def _valid(competition: Competition) -> Sequence[Certificate]:
    return db.session.scalars(
        select(Certificate)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.state == CertificateState.VALID,
        )
        .order_by(Certificate.id)
    ).all()


def _announced(
    competition: Competition, bundle: Bundle, results: Results, before: Publication | None
) -> _Announced:
    now = _Announced(
        _by_code(Entrant, competition), _by_code(Member, competition), _by_code(Team, competition)
    )
    for _event, won in certified_in(bundle, results):
        if won.team is not None:
            now.team_won.setdefault(now.teams[won.team].id, []).append(won)
        elif won.entrant is not None:
            now.note(won)
    for event in results.events:
        for row in event.standings:
            now.standing[now.entrants[row.entrant].id] = row
        for code, outcome in _unplaced(event):
            now.unplaced[now.entrants[code].id] = outcome
        for team in event.teams or ():
            now.team_rank[now.teams[team.team].id] = team.rank
        for grade in event.grades or ():
            if grade.change == "promoted":
                member = now.members[grade.member].id if grade.member else None
                now.promoted[now.entrants[grade.entrant].id, member] = grade
    for event in read_snapshot(before)[1].events if before is not None else ():
        for row in event.standings:
            if row.entrant in now.entrants:
                now.rank_before[now.entrants[row.entrant].id] = row.rank
    return now


def _unplaced(event: EventResults) -> Iterator[tuple[str, dict[str, str]]]:
    """How each without a place went out, by code; where verdicts are given, who got no grade."""
    if isinstance(event, EvaluatedEvent):
        given = {row.entrant for row in event.grades or ()}
        for verdict in verdicts_of(event).verdicts:
            if verdict.entrant not in given:
                yield verdict.entrant, {"verdict": verdict.verdict}
        return
    for row in event.standings:
        if row.rank is None:
            yield row.entrant, {"status": row.status}


def _by_code(table: type[_Coded], competition: Competition) -> dict[str, _Coded]:
    query = select(table).where(table.competition_id == competition.id)
    return {row.code: row for row in db.session.scalars(query)}


def publication_before(publication: Publication) -> Publication | None:
    """The version that this one took the place of."""
    return db.session.scalar(
        select(Publication)
        .where(
            Publication.competition_id == publication.competition_id,
            Publication.version < publication.version,
        )
        .order_by(Publication.version.desc())
        .limit(1)
    )


def _award(
    certificate: Certificate,
    now: _Announced,
    certified: set[tuple[int | None, int | None, str | None]],
) -> Difference | None:
    face = certificate.face
    was = {key: face.get(key) for key in _FACE}
    was |= {key: face[key] for key in ("crew", "members") if key in face}
    won = (
        now.team_won.get(certificate.team_id, [])
        if certificate.team_id is not None
        else now.won.get((certificate.entrant_id or 0, certificate.member_id), [])
    )
    same = next((award for award in won if award.prize == certificate.prize), None)
    # An award of the same sort that nobody has certified yet takes the place of one that is gone.
    other = same or next(
        (
            award
            for award in won
            if (award.item, award.honour) == (face.get("item"), bool(face.get("honour")))
            and (certificate.entrant_id, certificate.team_id, award.prize) not in certified
        ),
        None,
    )
    to = _face_now(certificate, other, now) if other is not None else None
    return _difference(certificate, was, to, _holder_changes(was, to, certificate, now))


def _difference(
    certificate: Certificate, was: dict[str, Any], to: dict[str, Any] | None, why: dict[str, Any]
) -> Difference | None:
    """A certificate's difference; None where it says what it would say now."""
    if to == was and not why.get("paper"):
        return None
    return Difference(
        certificate.kind,
        was,
        to,
        why,
        certificate,
        certificate.entrant,
        certificate.member,
        certificate.team,
    )


def _given_by_hand(
    certificate: Certificate,
    given: Distinction,
    now: _Announced,
    version: Publication | Unpublished,
) -> Difference | None:
    """An award by hand that the version takes, or whose holder it moved (`standing_of`)."""
    was = {key: certificate.face.get(key) for key in _FACE}
    erased = given.is_erased
    face = was | {"name": was["name"] if erased else given.called, "unit": given.of_unit}
    stands = standing_of(given, version)
    to: dict[str, Any] | None = None if stands.lost else face
    if to is not None and stands.best is not None:
        to |= {"rank": stands.best.rank, "total": stands.best.total}
    elif to is not None and stands.place is not None:
        to |= {"rank": stands.place.rank, "total": stands.place.value}
    why = _holder_changes(was, to, certificate, now)
    return _difference(certificate, was, to, why | stands.why)


def _uncertified(
    competition: Competition,
    now: _Announced,
    version: Publication | Unpublished,
    valid: Sequence[Certificate],
) -> Iterator[Difference]:
    """Find awards by hand, granted and never certified since, that the version takes."""
    certified = {row.distinction_id for row in valid}
    for given in granted_of(competition):
        if given.id in certified or given.is_erased:
            continue
        stands = standing_of(given, version)
        if not stands.lost:
            continue
        why: dict[str, Any] = {"distinction": given.id, **stands.why}
        row = now.standing.get(given.entrant_id) if given.entrant_id is not None else None
        before = (given.basis or {}).get("rank")
        if row is not None and row.rank is None:
            why["status"] = row.status
        elif row is not None and before not in (None, row.rank):
            why["rank"] = [before, row.rank]
        was = {"award": given.title, "item": None, "name": given.called, "unit": given.of_unit}
        yield Difference(
            "given",
            was,
            None,
            why,
            entrant=given.entrant,
            member=given.member,
        )


def _face_now(certificate: Certificate, won: Won, now: _Announced) -> dict[str, Any]:
    """The face that a certificate for it would have today."""
    holder = certificate.team or certificate.entrant
    assert holder is not None
    named = certificate.member or holder
    face: dict[str, Any] = {
        "award": won.award,
        "item": won.item,
        "rank": won.rank,
        "total": won.total,
        "name": certificate.face.get("name") if _is_erased(named) else named.name,
        "unit": holder.unit.name,
    }
    if "crew" in certificate.face:
        face["crew"] = certificate.face["crew"] if _is_erased(holder) else holder.name
    crew: list[Entrant | Member] = []
    if won.members:
        crew += [now.entrants[code] for code in won.members if code in now.entrants]
    elif certificate.member is None and isinstance(holder, Entrant):
        crew += holder.members
    if crew:
        erased = any(_is_erased(person) for person in crew)
        before = list(certificate.face.get("members", ())) if erased else []
        face["members"] = before or [person.name for person in crew]
    return face


def _is_erased(holder: Entrant | Member | Team) -> bool:
    """True if a certificate alone still knows the name: it stays as it was issued."""
    return not isinstance(holder, Team) and holder.erased_at is not None


def _grade(certificate: Certificate, now: _Announced) -> Difference | None:
    entrant = certificate.entrant
    if entrant is None:
        return None
    row = now.promoted.get((entrant.id, certificate.member_id))
    person = certificate.member or entrant
    level = CertificateNumber.parse(certificate.number).grade
    was: dict[str, Any] = {"grade": level, "name": certificate.face["name"]}
    erased = _is_erased(person)
    name = was["name"] if erased else person.name
    if certificate.claim_id is not None:
        # A grade on another ground than a place rests on no results: name and paper alone count.
        to: dict[str, Any] | None = {"grade": level, "name": name}
        why: dict[str, Any] = {} if to == was else {"name": [was["name"], name]}
    else:
        to = {"grade": row.grade, "name": name} if row is not None else None
        why = _holder_changes(was, to, certificate, now)
        if entrant.id in now.voided:
            why["carried"] = now.voided[entrant.id]
    if not erased and certificate.id_number != person.id_number:
        # The number itself stands nowhere but on the certificate, sealed.
        why["paper"] = True
    return _difference(certificate, was, to, why)


def _holder_changes(
    was: dict[str, Any], to: dict[str, Any] | None, certificate: Certificate, now: _Announced
) -> dict[str, Any]:
    """The changes about the holder: old and new of each, or how they went out."""
    team, entrant = certificate.team_id, certificate.entrant_id
    row = now.standing.get(entrant) if entrant is not None else None
    why: dict[str, Any] = dict(now.unplaced.get(entrant or 0, {}))
    if to is None and not certificate.face.get("item"):
        place = now.team_rank.get(team) if team is not None else row and row.rank
        before = was["rank"] if "rank" in was else now.rank_before.get(entrant or 0)
        if place is not None and before not in (None, place):
            why["rank"] = [before, place]
    if to is not None and "rank" not in was:
        place, before = row and row.rank, now.rank_before.get(entrant or 0)
        if place is not None and before not in (None, place):
            why["rank"] = [before, place]
    new = to or {}
    for key in ("rank", "total", "name", "crew", "unit", "members"):
        if key in was and key in new and was[key] != new[key]:
            why[key] = [was[key], new[key]]
    return why


def _approvals(
    competition: Competition, now: _Announced, valid: Sequence[Certificate]
) -> Iterator[Difference]:
    """Find approved grades, never certified since, that the publication does not give.

    Locking proposes such a grade anew or lets it lapse; what was approved stands
    in the chain. Of whoever holds a valid certificate of the grade that is given nothing of it
    is left to do.
    """
    holds = {
        (row.entrant_id, row.member_id, CertificateNumber.parse(row.number).grade)
        for row in valid
        if row.kind == "grade" and row.claim_id is None
    }
    certified = {
        (row.entrant_id, row.member_id): row.at
        for row in db.session.execute(
            select(
                Certificate.entrant_id,
                Certificate.member_id,
                func.max(Certificate.issued_at).label("at"),
            )
            .where(Certificate.competition_id == competition.id, Certificate.kind == "grade")
            .group_by(Certificate.entrant_id, Certificate.member_id)
        )
    }
    last: dict[str, AuditEntry] = {}
    for entry in db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.action == "grade.decide")
        .order_by(AuditEntry.seq)
    ):
        last[entry.subject] = entry
    decisions = {
        (decision.entrant_id, decision.member_id): decision
        for decision in db.session.scalars(
            select(GradeDecision).join(Entrant).where(Entrant.competition_id == competition.id)
        )
    }
    for code, entry in last.items():
        after = entry.after or {}
        member = now.members.get(code)
        entrant = member.entrant if member is not None else now.entrants.get(code)
        if entrant is None or after.get("state") != "approved":
            continue
        whose = entrant.id, member.id if member is not None else None
        if whose in certified and certified[whose] >= entry.at:
            continue
        decision = decisions.get(whose)
        if decision is not None and decision.state is not GradeState.PROPOSED:
            continue
        row = now.promoted.get(whose)
        if row is not None and (row.grade == after["grade"] or (*whose, row.grade) in holds):
            continue
        why: dict[str, Any] = {"seq": entry.seq} | now.unplaced.get(entrant.id, {})
        yield Difference(
            "approval",
            {"grade": after["grade"], "name": (member or entrant).name},
            {"grade": row.grade, "name": (member or entrant).name} if row is not None else None,
            why,
            entrant=entrant,
            member=member,
        )
