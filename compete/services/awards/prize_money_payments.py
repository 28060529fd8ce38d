"""Payments of prize money: whom the results in force, and what two kept, give what is paid for.

One rule for awards and grades alike. What two kept stands in place of what the results give.
What was made void, of somebody struck since, or of a notice that was taken down brings nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.awards.won import Won, prize_key, won_in
from compete.domain.bundle.crews import called
from compete.domain.bundle.results import EventResults, Results
from compete.domain.bundle.types import Bundle
from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState, ConsequenceState, GradeState
from compete.models import (
    Certificate,
    Competition,
    Consequence,
    Distinction,
    Entrant,
    Event,
    Examinee,
    GradeClaim,
    GradeDecision,
    Member,
    OutcomeEntry,
    Publication,
    Team,
    Unit,
    db,
)
from compete.services.awards.external_awards import honours_there
from compete.services.awards.issuing_gate import ANNOUNCED
from compete.services.awards.nominated_awards import distinctions_of
from compete.services.closing.grade_decisions import kept_certificates
from compete.services.directory.occupations.claims import claim_place, ladder_of_claim
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.publications import latest_publication
from compete.services.registration.carried_modules import voided_since
from compete.services.results.approved_external_awards import HonourBook, honour_book
from compete.services.results.consequences import open_consequences, withdrawn_with_version
from compete.services.results.given_by_hand import kept_by_hand, still_given
from compete.services.results.result_stands import Stand, stands_of
from compete.services.results.shown_version import named_as_published
from compete.services.results.snapshots import names_of, read_snapshot, renamed

_PAID_GRADES = (GradeState.APPROVED, GradeState.ISSUED)
_PAID_CLAIMS = (ClaimState.APPROVED, ClaimState.ISSUED)
_V = CertificateState


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment to somebody, in hundredths of a yuan, and for what. `event` may be empty.

    What a crew won is paid once, to the crew, as its title says. `name` is the one of now, with
    the published one where that is another.
    """

    event: str
    title: str | Message
    name: str | Message
    unit: str
    cents: int


def payments_of(competition: Competition) -> list[Payment]:
    """List the payments: awards and honours by event, those by hand, then grades."""
    money, publication = settings_of(competition).money, latest_publication(competition)
    grades = {int(grade): cents for grade, cents in money.grades.items()}
    ground = _Ground(competition, publication)
    return [
        *(_won(ground, money.titles) if money.titles else ()),
        *(_by_hand(ground, money.titles) if money.titles else ()),
        *(_grades(ground, grades) if grades else ()),
    ]


def notes_on_payments(competition: Competition) -> list[Message]:
    """Say what of the results is not as it will stay: taken down, opened again, not settled."""
    publication = latest_publication(competition)
    if publication is None:
        return []
    down = [] if competition_kind(competition).has_periods else _taken_down(competition)
    notes = [
        msg(
            "%(event)s 的公示撤下了（%(why)s），按它的名次得的都不发，重新公布以后再算",
            event=stand.name,
            why=stand.withdrawn_why or "",
        )
        for stand in down
    ]
    if competition_kind(competition).of_people and competition.state not in ANNOUNCED and not down:
        notes.append(
            msg(
                "第 %(n)s 版公布以后评分又解锁了，这里还照第 %(n)s 版，重新公布以后会变",
                n=publication.version,
            )
        )
    if waiting := open_consequences(competition):
        notes.append(
            msg(
                "第 %(n)s 版公布以后还有 %(count)s 件没办，这里照第 %(n)s 版，办完以后会变",
                n=publication.version,
                count=waiting,
            )
        )
    return notes


def _taken_down(competition: Competition) -> list[Stand]:
    return [stand for stand in stands_of(competition).values() if stand.withdrawn_why]


class _Kept(NamedTuple):
    """An award certificate that two kept, by holder, and what the results give in its place."""

    certificate: Certificate
    holder: str
    now: str | None
    """The prize that the results give instead; None for none."""


@dataclass(frozen=True)
class _Ground:
    """What payments of a competition rest on, read where it is asked."""

    competition: Competition
    publication: Publication | None

    @cached_property
    def snapshot(self) -> tuple[Bundle, Results] | None:
        """What is in force; None while nothing is, and where nobody is ranked."""
        if self.publication is None or competition_kind(self.competition).has_periods:
            return None
        return read_snapshot(self.publication)

    @cached_property
    def events(self) -> list[EventResults]:
        """The results of events whose notice was not taken down."""
        if self.snapshot is None:
            return []
        return [event for event in self.snapshot[1].events if event.code not in self.down]

    @cached_property
    def down(self) -> frozenset[str]:
        """The codes of events whose notice was taken down."""
        if competition_kind(self.competition).has_periods:
            return frozenset()
        return frozenset(stand.event for stand in _taken_down(self.competition))

    @cached_property
    def struck(self) -> frozenset[str]:
        """The codes of entrants whose result was struck after it was published."""
        if self.publication is None:
            return frozenset()
        query = (
            select(Entrant.code)
            .join(OutcomeEntry, OutcomeEntry.entrant_id == Entrant.id)
            .where(
                Entrant.competition_id == self.competition.id,
                OutcomeEntry.status == "dsq",
                OutcomeEntry.module.is_(None),
                OutcomeEntry.withdrawn_at.is_(None),
                OutcomeEntry.made_at > self.publication.published_at,
            )
        )
        return frozenset(db.session.scalars(query))

    @cached_property
    def names(self) -> _Names:
        return _names(self)

    @cached_property
    def book(self) -> HonourBook:
        return honour_book(self.competition)


@dataclass(frozen=True)
class _Names:
    """Names and units of who takes part by code: one person has one on the whole list."""

    now: Mapping[str, str]
    published: Mapping[str, str]
    units: Mapping[str, str]
    crews: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The members' codes by the crew's."""

    def of(self, code: str) -> str | Message:
        """The name of now, with the published one where it was corrected since."""
        name = self.now.get(code, "")
        then = self.published.get(code, name)
        return name if then == name else msg("%(name)s（公布时 %(then)s）", name=name, then=then)


def _names(ground: _Ground) -> _Names:
    now, published = dict(names_of(ground.competition)), dict[str, str]()
    units, crews = dict[str, str](), dict[str, tuple[str, ...]]()
    if ground.snapshot is not None:
        bundle = ground.snapshot[0]
        current = now.copy()
        for names, known in (
            (published, named_as_published(bundle, ground.publication)),
            (now, renamed(bundle, lambda code, name: current.get(code, name))),
        ):
            names |= {entrant.code: called(entrant) for entrant in known.entrants}
            names |= {row.code: row.name for it in known.entrants for row in it.members or ()}
        crews = {it.code: tuple(row.code for row in it.members) for it in bundle.entrants}
    people = select(Entrant.code, Unit.name).join(Unit, Unit.id == Entrant.unit_id)
    teams = select(Team.code, Team.name, Unit.name).join(Unit, Unit.id == Team.unit_id)
    number = ground.competition.id
    units |= dict(db.session.execute(people.where(Entrant.competition_id == number)).tuples().all())
    for code, name, unit in db.session.execute(teams.where(Team.competition_id == number)):
        now[_holder(None, code)], units[_holder(None, code)] = name, unit
    return _Names(now, published, units, crews)


def _won(ground: _Ground, titles: Mapping[str, int]) -> list[Payment]:
    if ground.snapshot is None:
        return []
    bundle, names = ground.snapshot[0], ground.names
    papers = _Papers(ground.competition, names.crews)
    erased = _erased(ground.competition)
    payments: list[Payment] = []
    for event in ground.events:
        won = [row for row in won_in(bundle, event) if not papers.stands_behind_kept(row)]
        for row in (*won, *papers.kept_in(event.code)):
            cents, who = titles.get(row.award, 0), _holder(row.entrant, row.team)
            if not cents or ground.book.waits(event.code, row) or papers.is_void(row):
                continue
            if who in ground.struck or {who, row.member} & erased:
                continue
            title: str | Message = row.award if row.item is None else f"{row.item} {row.award}"
            if names.crews.get(who) and row.member is None:
                title = msg("%(title)s（组合共一份）", title=title)
            name = names.of(row.member or who)
            payments.append(Payment(row.event, title, name, names.units.get(who, ""), cents))
    return payments


def _erased(competition: Competition) -> set[str]:
    """The codes of people of whom a pseudonym is left: nobody is paid under one."""
    codes: set[str] = set()
    for table in (Entrant, Member):
        codes |= set(
            db.session.scalars(
                select(table.code).where(
                    table.competition_id == competition.id, table.erased_at.is_not(None)
                )
            )
        )
    return codes


class _Papers:
    """The certificates of awards by place: which prizes are void, and which two kept."""

    def __init__(self, competition: Competition, crews: Mapping[str, tuple[str, ...]]) -> None:
        self._crews = crews
        self._events = {event.code: event.id for event in competition.events}
        self._newest: dict[tuple[str, str], bool] = {}
        """By holder and prize, whether the newest certificate was made void by two."""
        self._valid: set[tuple[str, str]] = set()
        withdrawn = _withdrawn(competition)
        query = (
            select(Certificate.id, Entrant.code, Team.code, Certificate.prize, Certificate.state)
            .outerjoin(Entrant, Entrant.id == Certificate.entrant_id)
            .outerjoin(Team, Team.id == Certificate.team_id)
            .where(
                Certificate.competition_id == competition.id,
                Certificate.kind == "award",
                Certificate.distinction_id.is_(None),
            )
            .order_by(Certificate.id)
        )
        for number, entrant, team, prize, state in db.session.execute(query).tuples():
            place = _holder(entrant, team), prize or ""
            self._newest[place] = state is _V.REVOKED and number not in withdrawn
            if state is _V.VALID:
                self._valid.add(place)
        self._kept = _kept(competition)

    def is_void(self, won: Won) -> bool:
        """True if it was made void and not given again; a crew's, if that of every member was."""
        holder = _holder(won.entrant, won.team)
        places = [(holder, won.prize)]
        if won.member is None and self._crews.get(holder):
            own = [(holder, f"{won.prize}/{member}") for member in self._crews[holder]]
            places = own if any(place in self._newest for place in own) else places
        return all(self._newest.get(place, False) and place not in self._valid for place in places)

    def stands_behind_kept(self, won: Won) -> bool:
        """True if two kept another in whose place it stands; of a crew's, for every member.

        Where the kept one was made void since, what the results give is not due by itself.
        """
        holder = _holder(won.entrant, won.team)
        behind = {
            kept.now
            for kept in self._kept
            if kept.holder == holder
            if (holder, kept.certificate.prize or "") in self._valid
            or (holder, kept.now) not in self._valid
        }
        if won.prize in behind:
            return True
        crew = self._crews.get(holder) if won.member is None else ()
        return bool(crew) and all(f"{won.prize}/{member}" in behind for member in crew or ())

    def kept_in(self, event: str) -> list[Won]:
        """What two kept in an event, a crew's once; nothing of what was made void since."""
        rows: dict[tuple[str, str], Won] = {}
        for kept in self._kept:
            old, holder = kept.certificate, kept.holder
            place = old.entrant or old.team
            if place is None or place.event_id != self._events[event]:
                continue
            if (holder, old.prize or "") not in self._valid:
                continue
            won = self._as_won(old)
            if won.member is None and old.member is not None and kept.now is not None:
                crew, given = self._crews.get(holder, ()), kept.now.rpartition("/")[0]
                if not all(self._keeps(holder, f"{given}/{member}") for member in crew):
                    # Some of the crew follow the results: it is paid once, by these.
                    continue
            rows.setdefault((holder, won.prize), won)
        return list(rows.values())

    def _keeps(self, holder: str, prize: str) -> bool:
        return any((kept.holder, kept.now) == (holder, prize) for kept in self._kept)

    def _as_won(self, old: Certificate) -> Won:
        face: dict[str, Any] = old.face
        honour = bool(face.get("honour"))
        return Won(
            event=face["event"],
            award=face["award"],
            item=face.get("item"),
            honour=honour,
            rank=face.get("rank"),
            total=face.get("total"),
            entrant=old.entrant.code if old.entrant is not None else None,
            member=old.member.code if old.member is not None and honour else None,
            team=old.team.code if old.team is not None else None,
        )


def _withdrawn(competition: Competition) -> set[int | None]:
    """The certificates that a version took, and no two: what it gives again is paid again."""
    query = withdrawn_with_version(Consequence.competition_id == competition.id)
    rows = db.session.execute(query.add_columns(Consequence.now)).tuples()
    return {certificate for certificate, now in rows if now is None}


def _kept(competition: Competition) -> list[_Kept]:
    rows = db.session.scalars(
        select(Consequence)
        .join(Certificate, Certificate.id == Consequence.certificate_id)
        .where(
            Consequence.competition_id == competition.id,
            Consequence.kind == "award",
            Consequence.state == ConsequenceState.KEPT,
            Certificate.distinction_id.is_(None),
        )
        .options(joinedload(Consequence.certificate))
        .order_by(Consequence.id)
    )
    kept = []
    for row in rows:
        old, now = row.certificate, row.now
        if old is None or (old.entrant or old.team) is None:
            continue
        member = old.member.code if old.member is not None else None
        given = prize_key(old.face["event"], now["item"], now["award"], member) if now else None
        entrant = old.entrant.code if old.entrant is not None else None
        holder = _holder(entrant, old.team.code if old.team is not None else None)
        kept.append(_Kept(old, holder, given))
    return kept


def _holder(entrant: str | None, team: str | None) -> str:
    """The code of who has a prize, told apart: a team may have the code of an entrant."""
    return entrant if entrant is not None else f"team/{team}"


def _by_hand(ground: _Ground, titles: Mapping[str, int]) -> list[Payment]:
    kept = kept_by_hand(ground.competition)
    payments = []
    for row in distinctions_of(ground.competition):
        if row.state is not DistinctionState.GRANTED or row.is_erased or not titles.get(row.title):
            continue
        if ground.book.waits_by_hand(row) or _has_fallen(ground, row):
            continue
        if not still_given(row, ground.publication, kept):
            continue
        place = row.event.name if row.event is not None else ""
        holder = row.member or row.entrant
        name = ground.names.of(holder.code) if holder is not None else row.called
        payments.append(Payment(place, row.title, name, row.of_unit, titles[row.title]))
    return payments


def _has_fallen(ground: _Ground, row: Distinction) -> bool:
    """True if its holder was struck since, or it rests on a place that was taken down."""
    if row.entrant is not None and row.entrant.code in ground.struck:
        return True
    return row.basis is not None and row.event is not None and row.event.code in ground.down


def _grades(ground: _Ground, grades: Mapping[int, int]) -> list[Payment]:
    rows: list[tuple[str, int, Ladder, str | Message, str]] = [
        (
            row.event.name,
            row.grade,
            ladder_of(row.event),
            ground.names.of(row.person.code),
            row.entrant.unit.name,
        )
        for row in _paid_decisions(ground)
    ]
    rows += [
        (claim_place(row), row.grade, ladder_of_claim(row), _claimant(ground, row), row.unit_name)
        for row in db.session.scalars(
            select(GradeClaim)
            .where(
                GradeClaim.competition_id == ground.competition.id,
                GradeClaim.state.in_(_PAID_CLAIMS),
            )
            .order_by(GradeClaim.id)
        )
        if row.person.erased_at is None
    ]
    return [
        Payment(place, grade_label(grade, ladder), name, unit, grades[grade])
        for place, grade, ladder, name, unit in rows
        if grades.get(grade)
    ]


def _paid_decisions(ground: _Ground) -> list[GradeDecision]:
    """The approved grades that the results in force give, or that two kept against them."""
    given = {
        (event.code, row.member or row.entrant): row.grade
        for event in ground.events
        for row in event.grades or ()
        if row.change == "promoted"
    }
    kept = kept_certificates(ground.competition)
    voided = voided_since(ground.publication) if ground.publication is not None else {}
    return [
        row
        for row in db.session.scalars(
            select(GradeDecision)
            .join(Entrant, Entrant.id == GradeDecision.entrant_id)
            .join(Event, Event.id == GradeDecision.event_id)
            .where(
                Entrant.competition_id == ground.competition.id,
                Event.code.not_in(ground.down),
                GradeDecision.state.in_(_PAID_GRADES),
            )
            .order_by(GradeDecision.id)
        )
        if row.person.erased_at is None and row.entrant.code not in ground.struck
        if (row.entrant_id, row.member_id) in kept
        or (
            row.entrant_id not in voided
            and given.get((row.event.code, row.person.code)) == row.grade
        )
    ]


def _claimant(ground: _Ground, row: GradeClaim) -> str | Message:
    person = row.person
    return person.name if isinstance(person, Examinee) else ground.names.of(person.code)


def lost_honours(competition: Competition) -> dict[tuple[str, str, str], Message]:
    """The honours listed that nobody has any more, keyed as in `HonourBook.words`, with why.

    Taken down, struck since, or made void by two: no certificate goes out for them.
    """
    ground = _Ground(competition, latest_publication(competition))
    there = honours_there(competition)
    papers = _Papers(competition, ground.names.crews) if there else None
    kept = kept_by_hand(competition)
    lost: dict[tuple[str, str, str], Message] = {}
    for row in there:
        entrant = row.given.entrant if row.given is not None else None
        who = row.won.entrant if row.won is not None else entrant.code if entrant else None
        why = None
        if who in ground.struck:
            why = msg("成绩取消了")
        elif row.event in ground.down or (row.given is not None and _has_fallen(ground, row.given)):
            why = msg("公示撤下了")
        elif row.won is not None and papers is not None and papers.is_void(row.won):
            why = msg("证书撤销了")
        elif row.given is not None and not still_given(row.given, ground.publication, kept):
            why = msg("按公布的成绩不再符合")
        if why is not None:
            lost[row.event, row.title, row.key] = why
    return lost
