"""Award certificates: for what the latest publication says was won, and what was given by hand.

An honour that another body approves is either of them, and due once that body has (`HonourBook`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.awards.won import Won, certified_in, prize_key
from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Consequence,
    Distinction,
    Entrant,
    Member,
    Team,
    db,
)
from compete.services.awards.issuing_gate import issuable_events
from compete.services.awards.nominated_awards import (
    certificates_of_distinctions,
    standing_awards,
)
from compete.services.certificates.award_faces import award_face, distinction_face
from compete.services.certificates.rows import Entitled, each_to_come
from compete.services.certificates.waiting_lists import WaitingList, issue_waiting
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.results.approved_external_awards import distinction_prize, honour_book
from compete.services.results.consequences import consequence_of, withdrawn_with_version
from compete.services.results.given_by_hand import kept_by_hand, still_given
from compete.services.results.nominated_awards_in_force import distinctions_in_force
from compete.services.results.record_checks import seal_certificate
from compete.services.results.snapshots import read_snapshot

_Due = tuple[Won | Distinction, Certificate | None]
"""An award due for a certificate, by place or by hand, and the certificate that it replaces."""


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
    # A notice ends by itself, without a record: so by which events may go out now.
    issuable = None if everywhere else issuable_events(competition)
    return remembered_beside_check_ins(
        competition,
        ("awards due", everywhere, issuable),
        lambda: len(_due(competition, everywhere=everywhere)),
    )


def awards_due(competition: Competition) -> tuple[list[str], list[str]]:
    """List whose award certificates are due: those that replace another, and the others.

    While consequences of a version are open, as it will be if what may be replaced is, and what
    waits for a second person is kept.
    """
    due = _entitled(competition, _due(competition, foreseen=True))
    replacing = [str(award.face["name"]) for award in due if award.replaces is not None]
    return replacing, [str(award.face["name"]) for award in due if award.replaces is None]


def _due(
    competition: Competition, *, everywhere: bool = False, foreseen: bool = False
) -> list[_Due]:
    """What was won and not certified, in the published order, then what was given by hand."""
    return [
        *_won_due(competition, everywhere=everywhere, foreseen=foreseen),
        *_distinctions_due(competition, everywhere=everywhere),
    ]


def _portion(due: list[_Due], most: int | None) -> list[_Due]:
    """The due awards: all, or the next `most` of them.

    Those that replace another come first and together, however many they are: an old one goes
    out of force with the one that takes its stead, and the place that it leaves is another's.
    """
    if most is None or len(due) <= most:
        return due
    first = [award for award in due if award[1] is not None]
    rest = [award for award in due if award[1] is None]
    return first + rest[: max(0, most - len(first))]


def _record(
    competition: Competition, issued: Sequence[Certificate], by: Account, why: str | None
) -> None:
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


DUE_AWARDS = WaitingList(
    kind="award",
    job="certificates.awards",
    of_results=True,
    count=unissued_awards,
    due=lambda competition, _body, most: _entitled(competition, _portion(_due(competition), most)),
    record=_record,
    none_due=msg("该发的获奖证书都已经发了"),
)


def issue_award_certificates(
    competition: Competition, by: Account, reason: str = "", *, most: int | None = None
) -> list[Certificate]:
    """A certificate for every award and honour that has none yet, in the published order.

    Among them those that replace one of an earlier version.
    """
    return issue_waiting(DUE_AWARDS, competition, by, reason, most=most)


def _entitled(
    competition: Competition, due: Sequence[_Due], why: str | None = None
) -> list[Entitled]:
    """The certificates due with their faces; the rows of these people alone are read."""
    people = _entrants(competition, [given for given, _old in due if isinstance(given, Won)])
    teams = {
        team.code: team
        for team in db.session.scalars(select(Team).where(Team.competition_id == competition.id))
    }
    entitled, book = [], honour_book(competition)
    for given, old in due:
        if isinstance(given, Distinction):
            entrant, team, member = given.entrant, None, given.member
            prize, face = distinction_prize(given), distinction_face(given, book)
        else:
            entrant, team = people.get(given.entrant or ""), teams.get(given.team or "")
            crew = entrant.members if entrant is not None else []
            member = next((person for person in crew if person.code == given.member), None)
            face = award_face(competition, given, member, entrant or team, people, book)
            prize = given.prize
        entitled.append(
            Entitled(
                prize=prize,
                face=face,
                ground=given if isinstance(given, Distinction) else None,
                entrant=entrant,
                member=member,
                team=team,
                replaces=old,
                why=why,
            )
        )
    return entitled


def _entrants(competition: Competition, won: Sequence[Won]) -> dict[str, Entrant]:
    """The winners of these awards by code, with the people of teams."""
    codes = sorted({code for award in won for code in (award.entrant, *award.members) if code})
    winners: dict[str, Entrant] = {}
    for chunk in in_chunks(codes):
        rows = db.session.scalars(
            select(Entrant)
            .where(
                Entrant.competition_id == competition.id,
                Entrant.code.in_(chunk),
            )
            .options(selectinload(Entrant.members), joinedload(Entrant.unit))
        )
        winners |= {entrant.code: entrant for entrant in rows}
    return winners


def _won_due(competition: Competition, *, everywhere: bool, foreseen: bool) -> list[_Due]:
    """The awards won and not certified, in the published order, and what some of them replace.

    Honours that another body has not approved yet are left out. What was certified
    for a crew as one, by an earlier version, is not due again for its members, and nothing is
    due in whose place two have kept what an earlier version gave.

    Asked by every look at the desk, so nobody's row is read for it, only their numbers.
    """
    publication = latest_publication(competition)
    if publication is None:
        raise Refused(msg("成绩还没公布，不能发证"))
    bundle, results = read_snapshot(publication)
    replacing = _replacing_of(competition, foreseen=foreseen)
    there = certified(competition, {old.id for old in replacing.values()})
    kept = successors(competition, ConsequenceState.KEPT)
    if foreseen:
        kept |= successors(competition, ConsequenceState.KEEPING)
    there |= {
        place
        for place, old in kept.items()
        if place not in replacing and (place[0], old.prize) in there
    }
    # Nobody is certified under a pseudonym.
    people = rows_by_code(competition, Entrant, Entrant.erased_at.is_(None))
    members = rows_by_code(competition, Member, Member.erased_at.is_(None))
    teams = rows_by_code(competition, Team)
    issuable = None if everywhere else issuable_events(competition)
    book = honour_book(competition)
    due: list[_Due] = []
    for event, won in certified_in(bundle, results):
        if (issuable is not None and event not in issuable) or book.waits(event, won):
            continue
        if won.member is not None and won.member not in members:
            continue
        holder = people.get(won.entrant or ""), teams.get(won.team or "")
        if holder == (None, None) or (holder, won.prize) in there:
            continue
        if won.crews_prize is None or (holder, won.crews_prize) not in there:
            due.append((won, _replaced(replacing, holder, won)))
    return due


def _replaced(
    replacing: Mapping[tuple[Holder, str], Certificate], holder: Holder, won: Won
) -> Certificate | None:
    # Once certified for the crew as one, from here on each member's own.
    prizes = (won.prize, won.crews_prize or won.prize)
    return next((old for prize in prizes if (old := replacing.get((holder, prize)))), None)


def _distinctions_due(competition: Competition, *, everywhere: bool) -> list[_Due]:
    """List awards granted by hand without a certificate, and those to be issued anew.

    Those that another body has not approved yet are left out, and those that the version in
    force takes (`still_given`). One of an event that waits for others waits
    with it; those of no event go out with the first.
    """
    publication = latest_publication(competition)
    issuable = None if everywhere else issuable_events(competition)
    newest, kept = certificates_of_distinctions(competition), kept_by_hand(competition)
    replacing = {old.id for old in _replacing_of(competition).values()}
    book = honour_book(competition)
    due: list[_Due] = []
    for row in distinctions_in_force(competition):
        # Nobody is certified under a pseudonym.
        if row.state is not DistinctionState.GRANTED or row.is_erased:
            continue
        if issuable is not None and row.event is not None and row.event.code not in issuable:
            continue
        if book.waits_by_hand(row):
            continue
        old = newest.get(row.id)
        if old is None and not still_given(row, publication, kept):
            continue
        if old is None or old.id in replacing:
            due.append((row, old))
    return due


def awards_anew(old: Certificate, why: str) -> list[Entitled]:
    """The same prize as it would be certified now, in the stead of the old certificate's."""
    won = _won_again(old)
    if old.state is not CertificateState.VALID:
        standing = _in_their_stead(old, won)
        won = [award for award in won if award.prize not in standing]
    if won:
        return _entitled(old.competition, [(award, old) for award in won], why)
    # Kept with a reason, though the results give it no more: it says what it said.
    crew, holder = each_to_come(old), old.team or old.entrant
    assert holder is not None
    face = old.face | {"unit": holder.unit.name}
    if crew or "crew" in face:
        face["crew"] = holder.name
    if crew:
        face.pop("members", None)
    return [
        Entitled(
            prize=f"{old.prize}/{member.code}" if crew and member else old.prize or "",
            face=face | {"name": (member or holder).name},
            entrant=old.entrant,
            member=member,
            team=old.team,
            replaces=old,
            why=why,
        )
        for member in (*crew,) or (old.member,)
    ]


def why_no_award(old: Certificate) -> Message | None:
    """Say that the results in force give the prize of a void one no more, or another has it."""
    if old.state is CertificateState.VALID:
        return None
    won = _won_again(old)
    if not won:
        return not_in_version(old)
    standing = _in_their_stead(old, won)
    if all(award.prize in standing for award in won):
        return msg("已经有 %(number)s，不能再发", number=standing[won[0].prize].number)
    return None


def _in_their_stead(old: Certificate, won: Sequence[Won]) -> dict[str, Certificate]:
    """The valid certificates that stand where these awards would, by the prize of the award.

    What two have kept stands where the version gives something else.
    """
    kept = successors(old.competition, ConsequenceState.KEPT)
    holder = old.entrant_id, old.team_id
    stands = {award.prize: {award.prize, award.crews_prize or award.prize} for award in won}
    for award in won:
        if (another := kept.get((holder, award.prize))) is not None and another is not old:
            stands[award.prize].add(another.prize or "")
    valid = db.session.scalars(
        select(Certificate).where(
            Certificate.competition_id == old.competition_id,
            Certificate.state == CertificateState.VALID,
            Certificate.entrant_id.is_not_distinct_from(old.entrant_id),
            Certificate.team_id.is_not_distinct_from(old.team_id),
            Certificate.prize.in_(set().union(*stands.values())),
        )
    ).all()
    return {
        prize: certificate
        for prize, prizes in stands.items()
        for certificate in valid
        if certificate.prize in prizes
    }


def _won_again(old: Certificate) -> list[Won]:
    """The same prize of the same holder in the results; of a crew's as one, each member's.

    Of a void one that had been kept, what the version gives in its place.
    """
    publication = latest_publication(old.competition)
    assert publication is not None  # whoever asks has seen to that
    holder = old.entrant.code if old.entrant else None, old.team.code if old.team else None
    there = {member.code for member in each_to_come(old)}
    same = {old.prize, _kept_from(old)} - {None}
    return [
        won
        for _event, won in certified_in(*read_snapshot(publication))
        if (won.entrant, won.team) == holder
        and (won.prize in same or (won.member in there and won.crews_prize == old.prize))
    ]


def not_in_version(old: Certificate) -> Message | None:
    """Say that the version in force does not give what the certificate is for."""
    publication = latest_publication(old.competition)
    version = publication.version if publication is not None else 0
    return msg("按第 %(n)s 版没有这一项，不能再发", n=version)


def honour_waits(old: Certificate) -> bool:
    """True if another body has to approve the honour that it is for, and has not."""
    person = old.member or old.entrant
    if not old.face.get("honour") or old.entrant is None or person is None:
        return False
    book = honour_book(old.competition)
    return book.waits_on(old.entrant.event.code, old.face["award"], person.code)


def distinction_anew(old: Certificate, why: str) -> list[Entitled]:
    """The award given by hand as it would be certified now."""
    assert old.distinction is not None
    return _entitled(old.competition, [(old.distinction, old)], why)


def why_no_distinction(old: Certificate) -> Message | None:
    """Say that a void one's award is not given again: others have the place, or it was given."""
    row, publication = old.distinction, latest_publication(old.competition)
    assert row is not None
    if old.state is CertificateState.VALID:
        return None
    stands = still_given(row, publication, frozenset())
    again = stands and not standing_awards(row, row.holder)
    return None if again else not_in_version(old)


def distinction_waits(old: Certificate) -> bool:
    """True if another body has to approve an award given by hand, and has not."""
    assert old.distinction is not None
    return honour_book(old.competition).waits_by_hand(old.distinction)


Holder = tuple[int | None, int | None]


def certified(competition: Competition, replaced: set[int]) -> set[tuple[Holder, str | None]]:
    """The prizes that are certified, or were and must not come back by themselves."""
    withdrawn = withdrawn_in(competition)
    # Of the table, not the class: of hundreds of thousands the mapper would take twice as long.
    of = Certificate.__table__.c
    rows = db.session.execute(
        select(of.id, of.entrant_id, of.team_id, of.prize).where(
            of.competition_id == competition.id,
            of.kind == "award",
            of.state != CertificateState.REPLACED,
            ~((of.state == CertificateState.REVOKED) & of.id.in_(withdrawn)),
        )
    )
    return {((entrant, team), prize) for row, entrant, team, prize in rows if row not in replaced}


def rows_by_code(
    competition: Competition,
    kind: type[Entrant] | type[Member] | type[Team],
    *which: ColumnElement[bool],
) -> dict[str, int]:
    """The rows of who takes part, by code."""
    query = select(kind.code, kind.id).where(kind.competition_id == competition.id, *which)
    return dict(db.session.execute(query).tuples().all())


def withdrawn_in(competition: Competition) -> Select[tuple[int | None]]:
    """The competition's certificates that went with a new version (`withdrawn_with_version`)."""
    return withdrawn_with_version(Consequence.competition_id == competition.id)


def _replacing_of(
    competition: Competition, *, foreseen: bool = False
) -> dict[tuple[Holder, str], Certificate]:
    """The certificates to be replaced, by the holder and the prize of the one that follows.

    `foreseen`: what is not settled yet among it, as most of it will be.
    """
    replaced = successors(competition, ConsequenceState.REPLACED)
    if foreseen:
        # What is open is of the newest version: an earlier one may have replaced the same prize.
        replaced |= successors(competition, ConsequenceState.OPEN)
    return {place: old for place, old in replaced.items() if old.state is CertificateState.VALID}


def successors(
    competition: Competition, settled: ConsequenceState
) -> dict[tuple[Holder, str], Certificate]:
    """The settled certificates, by the holder and the prize that a later version gives instead."""
    rows = db.session.scalars(
        select(Consequence)
        .where(
            Consequence.competition_id == competition.id,
            Consequence.kind == "award",
            Consequence.state == settled,
            Consequence.certificate_id.is_not(None),
        )
        .options(joinedload(Consequence.certificate))
        .order_by(Consequence.id)
    )
    certificates = {}
    for row in rows:
        old, now = row.certificate, row.now
        if old is not None and old.distinction_id is not None:
            certificates[(old.entrant_id, old.team_id), old.prize or ""] = old
        elif old is not None and now is not None:
            member = old.member.code if old.member else None
            prize = prize_key(old.face["event"], now["item"], now["award"], member)
            certificates[(old.entrant_id, old.team_id), prize] = old
    return certificates


def _kept_from(old: Certificate) -> str | None:
    """The prize that waited behind a kept certificate which is void now; nothing else gives it."""
    settled = consequence_of(old) if old.state is CertificateState.REVOKED else None
    if settled is None or settled.state is not ConsequenceState.KEPT or settled.now is None:
        return None
    member, now = old.member.code if old.member else None, settled.now
    return prize_key(old.face["event"], now.get("item"), now["award"], member)
