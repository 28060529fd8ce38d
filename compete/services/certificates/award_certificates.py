"""Award certificates: for what the latest publication says was won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.awards.won import Won, certified_in
from compete.domain.identity.award_number import award_number_text
from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.messages import msg
from compete.domain.values.states import ConsequenceState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Distinction,
    Entrant,
    Member,
    Team,
    db,
)
from compete.services.certificates.award_faces import award_face, distinction_face
from compete.services.certificates.award_places import Holder, certified, replacing_of, successors
from compete.services.certificates.issuing_gate import check_issue, issuable_events
from compete.services.certificates.nominated_awards import certificates_of_distinctions
from compete.services.certificates.numbers import (
    award_series,
    next_number,
    next_numbers,
    number_after,
)
from compete.services.certificates.rows import FreePlaces, new_certificate, take_out_of_force
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.log.sequencing import then_logged
from compete.services.results.approved_external_awards import distinction_prize, honour_book
from compete.services.results.labour_grounds import ground_lost
from compete.services.results.nominated_awards_in_force import distinctions_in_force
from compete.services.results.record_checks import seal_certificate
from compete.services.results.snapshots import latest_publication, read_snapshot


@dataclass(frozen=True)
class _Due:
    """An award due for a certificate, by place or by hand, and the one that it replaces."""

    holder: Holder
    won: Won | None
    distinction: Distinction | None
    replaces: Certificate | None


@dataclass(frozen=True)
class _Pending:
    """A certificate that is due: its face, whose it is, and whose stead it takes."""

    prize: str
    face: dict[str, Any]
    entrant: Entrant | None
    member: Member | None
    team: Team | None
    replaces: Certificate | None
    distinction: Distinction | None = None


@then_logged
def issue_award_certificates(
    competition: Competition, by: Account, reason: str = "", *, most: int | None = None
) -> list[Certificate]:
    """A certificate for every award and honour that has none yet, in the published order.

    Events that still wait (`issuable_events`) are left for another time.

    Among them those that replace one of an earlier version. All or none; with `most` a
    portion (`_portion`), and the next call goes on. `reason` says why,
    where the notice still runs. Raises `Refused` where `check_issue` does, and
    where nothing is due.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        why = check_issue(competition, reason)
        pending = _faced(competition, _portion(_all_due(competition), most))
        if not pending:
            raise Refused(msg("该发的获奖证书都已经发了"))
        # All old ones first: the place that one leaves is the place that another takes.
        for award in pending:
            if award.replaces is not None:
                take_out_of_force(award.replaces)
        issued, day = [], award_day(competition)
        places = FreePlaces(competition, (award.prize for award in pending))
        numbers = iter(next_numbers(award_series(day.year), len(pending)))
        for award in pending:
            issued.append(
                new_certificate(
                    "award",
                    award_number_text(day.year, next(numbers)),
                    competition,
                    award.face,
                    prize=award.prize,
                    place=places.take(award.prize),
                    entrant=award.entrant,
                    member=award.member,
                    team=award.team,
                    distinction=award.distinction,
                    on=day,
                    replaces=award.replaces,
                )
            )
        session.flush()
        after = {
            "numbers": [certificate.number for certificate in issued],
            "seals": [seal_certificate(certificate) for certificate in issued],
            "replaces": {
                certificate.number: certificate.replaces.number
                for certificate in issued
                if certificate.replaces is not None
            },
        }
        audit.record(
            competition, by, "certificate.issue_awards", competition.code, after=after, reason=why
        )
    return issued


def award_number(competition: Competition) -> str:
    """The next number of the year's award certificates, taken.

    The year is that of the date which is printed below (`award_day`).
    """
    day = award_day(competition)
    return award_number_text(day.year, next_number(award_series(day.year)))


def award_numbers_after(competition: Competition, many: int) -> list[str]:
    """The numbers that would come next, without taking them."""
    day = award_day(competition)
    first = number_after(award_series(day.year))
    return [award_number_text(day.year, number) for number in range(first, first + many)]


def award_day(competition: Competition) -> date:
    """The date on award certificates that are issued now: the organiser's, or today."""
    return settings_of(competition).award_date or local_today()


def set_award_date(competition: Competition, day: date | None, by: Account) -> None:
    """Set the date that award certificates bear from now on; None for the day they are issued.

    Raises `Refused` (INVALID) for a day to come, and for one before the competition's last.
    """
    over = competition.ends or competition.starts
    if day is not None and day > local_today():
        raise invalid(msg("落款日期还没到"))
    if day is not None and over is not None and day < over:
        raise invalid(msg("落款日期不能早于竞赛结束的那天"))
    with changing(competition) as competition:
        before = settings_of(competition).award_date
        change_settings(competition, award_date=day)
        audit.record(
            competition,
            by,
            "certificate.award_date",
            competition.code,
            before={"date": before.isoformat() if before else None},
            after={"date": day.isoformat() if day else None},
        )


def unissued_awards(competition: Competition, *, everywhere: bool = False) -> int:
    """Count the award certificates due; what was revoked by hand is not due again.

    Those of events that wait for others (`issuable_events`) count `everywhere` alone. Counted
    once for what is on record: every look at the desk asks.
    """

    def count() -> int:
        by_place = len(_won_and_due(competition, everywhere=everywhere)[0])
        return by_place + len(_distinctions_due(competition, everywhere=everywhere))

    # A notice ends by itself, without a record: so by which events may go out now.
    issuable = None if everywhere else issuable_events(competition)
    name = "awards due", everywhere, issuable
    return remembered_beside_check_ins(competition, name, count)


def awards_due(competition: Competition) -> tuple[list[str], list[str]]:
    """List whose award certificates are due: those that replace another, and the others.

    While consequences of a version are open, as it will be if what may be replaced is, and what
    waits for a second person is kept.
    """
    pending = _faced(competition, _all_due(competition, foreseen=True))
    replacing = [str(award.face["name"]) for award in pending if award.replaces is not None]
    return replacing, [str(award.face["name"]) for award in pending if award.replaces is None]


def _distinctions_due(
    competition: Competition, *, everywhere: bool = False
) -> list[tuple[Distinction, Certificate | None]]:
    """List awards granted by hand without a certificate, and those to be issued anew.

    Those that another body has not approved yet are left out (`honours`), and those of a labour
    competition whose ground is gone (`ground_lost`). One of an event that waits for others waits
    with it; those of no event go out with the first.
    """
    publication = latest_publication(competition)
    issuable = None if everywhere else issuable_events(competition)
    newest = certificates_of_distinctions(competition)
    replacing = {old.id: old for old in replacing_of(competition).values()}
    book = honour_book(competition)
    due: list[tuple[Distinction, Certificate | None]] = []
    for row in distinctions_in_force(competition):
        # Nobody is certified under a pseudonym.
        if row.state is not DistinctionState.GRANTED or row.is_erased:
            continue
        if issuable is not None and row.event is not None and row.event.code not in issuable:
            continue
        if book.waits_by_hand(row):
            continue
        old = newest.get(row.id)
        if old is None and publication is not None and ground_lost(row, publication):
            continue
        if old is None or old.id in replacing:
            due.append((row, old))
    return due


def _all_due(competition: Competition, *, foreseen: bool = False) -> list[_Due]:
    due, replacing = _won_and_due(competition, foreseen=foreseen)
    found = []
    for holder, won in due:
        replaced = replacing.get((holder, won.prize)) or (
            # Once certified for the crew as one, from here on each member's own.
            replacing.get((holder, won.crews_prize)) if won.crews_prize is not None else None
        )
        found.append(_Due(holder, won, None, replaced))
    by_hand = _distinctions_due(competition)
    return found + [_Due((None, None), None, row, old) for row, old in by_hand]


def _portion(due: list[_Due], most: int | None) -> list[_Due]:
    """The due awards: all, or the next `most` of them.

    Those that replace another come first and together, however many they are: an old one goes
    out of force with the one that takes its stead, and the place that it leaves is another's.
    """
    if most is None or len(due) <= most:
        return due
    first = [each for each in due if each.replaces is not None]
    rest = [each for each in due if each.replaces is None]
    return first + rest[: max(0, most - len(first))]


def _faced(competition: Competition, due: Sequence[_Due]) -> list[_Pending]:
    """Make the faces of the certificates due; the rows of these people alone are read."""
    won = [each.won for each in due if each.won is not None]
    people = _entrants(competition, won)
    teams = {
        team.code: team
        for team in db.session.scalars(select(Team).where(Team.competition_id == competition.id))
    }
    pending, book = [], honour_book(competition)
    for each in due:
        if each.won is not None:
            entrant, team = people.get(each.won.entrant or ""), teams.get(each.won.team or "")
            crew = entrant.members if entrant is not None else []
            member = next((person for person in crew if person.code == each.won.member), None)
            face = award_face(competition, each.won, entrant, team, people, book)
            pending.append(_Pending(each.won.prize, face, entrant, member, team, each.replaces))
        elif (row := each.distinction) is not None:
            prize, face = distinction_prize(row), distinction_face(row, book)
            pending.append(_Pending(prize, face, row.entrant, row.member, None, each.replaces, row))
    return pending


def _entrants(competition: Competition, won: Sequence[Won]) -> dict[str, Entrant]:
    """The winners of these awards by code, with the people of teams."""
    codes = sorted({code for each in won for code in (each.entrant, *each.members) if code})
    found: dict[str, Entrant] = {}
    for chunk in in_chunks(codes):
        rows = db.session.scalars(
            select(Entrant)
            .where(
                Entrant.competition_id == competition.id,
                Entrant.code.in_(chunk),
            )
            .options(selectinload(Entrant.members), joinedload(Entrant.unit))
        )
        found |= {entrant.code: entrant for entrant in rows}
    return found


def _won_and_due(
    competition: Competition, *, everywhere: bool = False, foreseen: bool = False
) -> tuple[list[tuple[Holder, Won]], Mapping[tuple[Holder, str], Certificate]]:
    """The awards won and not certified, in the published order, and what some of them replace.

    Honours that another body has not approved yet are left out (`honours`). What was certified
    for a crew as one, by an earlier version, is not due again for its members, and nothing is
    due in whose place two have kept what an earlier version gave.

    Asked by every look at the desk, so nobody's row is read for it, only their numbers.
    """
    publication = latest_publication(competition)
    if publication is None:
        raise Refused(msg("成绩还没公布，不能发证"))
    bundle, results = read_snapshot(publication)
    replacing = replacing_of(competition, foreseen=foreseen)
    there = certified(competition, {old.id for old in replacing.values()})
    kept = successors(competition, ConsequenceState.KEPT)
    if foreseen:
        kept |= successors(competition, ConsequenceState.KEEPING)
    there |= {
        place
        for place, old in kept.items()
        if place not in replacing and (place[0], old.prize) in there
    }
    people, teams = _ids(Entrant, competition), _ids(Team, competition)
    members = _ids(Member, competition)
    issuable = None if everywhere else issuable_events(competition)
    book = honour_book(competition)
    due = []
    for event, won in certified_in(bundle, results):
        if (issuable is not None and event not in issuable) or book.waits(event, won):
            continue
        if won.member is not None and won.member not in members:
            continue
        holder = people.get(won.entrant or ""), teams.get(won.team or "")
        if holder == (None, None) or (holder, won.prize) in there:
            continue
        if won.crews_prize is None or (holder, won.crews_prize) not in there:
            due.append((holder, won))
    return due, replacing


def _ids(
    kind: type[Entrant] | type[Member] | type[Team], competition: Competition
) -> dict[str, int]:
    query = select(kind.code, kind.id).where(kind.competition_id == competition.id)
    if not issubclass(kind, Team):
        # Nobody is certified under a pseudonym.
        query = query.where(kind.erased_at.is_(None))
    return dict(db.session.execute(query).tuples().all())
