"""Outdated names: certificates and the version that bear one since corrected.

The name or ID number of a person, or the name of a unit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select

from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import (
    Certificate,
    Competition,
    Consequence,
    Distinction,
    Entrant,
    Examinee,
    GradeClaim,
    Member,
    Publication,
    Team,
    Unit,
    db,
)
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.results.consequences import UNSETTLED
from compete.services.results.snapshots import published_names, read_snapshot


@dataclass(frozen=True)
class Touched:
    """The valid certificates with another name or number; the publication, if its name differs."""

    certificates: Sequence[Certificate]
    team_certificates: Sequence[Certificate]
    publication: Publication | None
    published_name: str | None


@dataclass(frozen=True)
class Correction:
    """A person whose valid certificates, or the version announced, do not follow a correction yet.

    Of whom the number alone is kept: no row of the session outlives the request.
    """

    row: int
    certificates: int
    renamed: bool = False
    """True if the version announced bears another name; none ever bears an examinee's."""
    examinee: bool = False

    @property
    def holder(self) -> Entrant | Examinee:
        """The person."""
        if self.examinee:
            return db.session.get_one(Examinee, self.row)
        return db.session.get_one(Entrant, self.row)

    @property
    def publication(self) -> Publication | None:
        """The version announced, if it bears another name."""
        return latest_publication(self.holder.competition) if self.renamed else None


def open_corrections(competition: Competition) -> list[Correction]:
    """List everybody corrected since, by number, until certificates and version follow.

    Those of the book of grades who take no part come last.

    What a version of names left to be settled, or was settled so that it stays, is not asked
    for twice.

    Found once and kept until something of consequence is recorded, here or by another process.
    """
    return list(
        remembered_beside_check_ins(
            competition, "open corrections", lambda: _corrections(competition)
        )
    )


def _corrections(competition: Competition) -> tuple[Correction, ...]:
    publication = latest_publication(competition)
    if publication is None and not _any_certificate(competition):
        return ()
    # Grades on other grounds are certified before results are out, too.
    published = published_names(publication) if publication else {}
    settled = _settled_certificates(competition, frozenset({"name", "paper"}))
    old = Counter(
        entrant for certificate, entrant in _that_differ(competition) if certificate not in settled
    )
    people = select(Entrant.id, Entrant.code, Entrant.name).where(
        Entrant.competition_id == competition.id
    )
    if publication is None:
        people = people.where(Entrant.id.in_(list(old)))
    rows = db.session.execute(people.order_by(Entrant.code)).tuples()
    corrected = []
    for row, code, name in rows:
        renamed = published.get(code, name) != name
        if not renamed and not old[row]:
            continue
        entrant = db.session.get_one(Entrant, row)
        of_teams = len(touched_by(entrant).team_certificates) if renamed else 0
        corrected.append(Correction(row, old[row] + of_teams, renamed))
    return (*corrected, *_of_examinees(competition, settled))


def _of_examinees(competition: Competition, settled: set[int]) -> list[Correction]:
    """List examinees with a valid certificate in another name or number, in their order.

    Read past the session like the others, and named only where something differs.
    """
    rows = db.session.execute(
        select(
            Certificate.id,
            Certificate.face,
            Certificate.id_number,
            Examinee.id,
            Examinee.name,
            Examinee.id_number,
        )
        .join(GradeClaim, GradeClaim.id == Certificate.claim_id)
        .join(Examinee, Examinee.id == GradeClaim.examinee_id)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.state == CertificateState.VALID,
            Examinee.erased_at.is_(None),
        )
        .order_by(Examinee.id)
    ).tuples()
    old = Counter(
        examinee
        for row, face, printed, examinee, name, number in rows
        if (face["name"], printed) != (name, number) and row not in settled
    )
    return [Correction(row, count, examinee=True) for row, count in old.items()]


def _that_differ(competition: Competition, *which: ColumnElement[bool]) -> set[tuple[int, int]]:
    """The rows of valid certificates with another name or number than the person's, and entrants'.

    The database compares names; only what a crew's certificates list, and the numbers, which
    are sealed, are read. Of all of the competition, or of those that fit.
    """
    valid = (
        select(Certificate.id, Entrant.id)
        .join(Entrant, Entrant.id == Certificate.entrant_id)
        .outerjoin(Member, Member.id == Certificate.member_id)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.state == CertificateState.VALID,
            # Of who was erased a certificate alone knows name and number, and stays as it is.
            func.coalesce(Member.erased_at, Entrant.erased_at).is_(None),
            *which,
        )
    )
    printed = Certificate.face["name"].as_string()
    now = func.coalesce(Member.name, Entrant.name)
    renamed = or_(printed != now, Certificate.face["crew"].as_string() != Entrant.name)
    rows = {(row, entrant) for row, entrant in db.session.execute(valid.where(renamed)).tuples()}
    crews = _crews(competition)
    if crews:
        listing = valid.add_columns(Certificate.face).where(
            Entrant.id.in_(select(Member.entrant_id).where(Member.competition_id == competition.id))
        )
        rows |= {
            (row, entrant)
            for row, entrant, face in db.session.execute(listing).tuples()
            if not crews[entrant] <= set(face.get("members") or crews[entrant])
        }
    numbers = valid.where(Certificate.kind == "grade", printed == now).add_columns(
        Certificate.id_number, Certificate.member_id, Member.id_number, Entrant.id_number
    )
    for row, entrant, number, member, of_member, own in db.session.execute(numbers).tuples():
        if number != (own if member is None else of_member):
            rows.add((row, entrant))
    return rows


def _crews(competition: Competition) -> defaultdict[int, set[str]]:
    """The names of each crew's members who were not erased, by the crew's row."""
    crews: defaultdict[int, set[str]] = defaultdict(set)
    rows = select(Member.entrant_id, Member.name).where(
        Member.competition_id == competition.id, Member.erased_at.is_(None)
    )
    for entrant, name in db.session.execute(rows).tuples():
        crews[entrant].add(name)
    return crews


def _any_certificate(competition: Competition) -> bool:
    query = select(Certificate.id).where(Certificate.competition_id == competition.id)
    return db.session.scalar(query.limit(1)) is not None


def _settled_certificates(competition: Competition, kept_as: frozenset[str]) -> set[int]:
    """The certificates about which a consequence says or said what becomes of what they bear.

    Of those that were kept it must have said so of one of `kept_as`.
    """
    rows = db.session.execute(
        select(Consequence.certificate_id, Consequence.state, Consequence.why).where(
            Consequence.competition_id == competition.id,
            Consequence.state.in_((*UNSETTLED, ConsequenceState.REPLACED, ConsequenceState.KEPT)),
        )
    ).tuples()
    return {
        number
        for number, state, why in rows
        if number and (state is not ConsequenceState.KEPT or kept_as & why.keys())
    }


def touched_by(entrant: Entrant) -> Touched:
    """Find what was issued or published under a name or ID number that the person no longer has."""
    competition = entrant.competition
    differing = {row for row, _entrant in _that_differ(competition, Entrant.id == entrant.id)}
    own = select(Certificate).where(Certificate.id.in_(differing)).order_by(Certificate.id)
    publication = latest_publication(competition)
    published = published_names(publication).get(entrant.code) if publication else None
    renamed = published is not None and published != entrant.name
    return Touched(
        db.session.scalars(own).all(),
        [
            certificate
            for certificate in team_certificates_naming(entrant, published)
            if entrant.name not in certificate.face.get("members", ())
        ],
        publication if renamed else None,
        published,
    )


def team_certificates_naming(entrant: Entrant, name: str | None) -> list[Certificate]:
    """Valid certificates of the entrant's team that list somebody of that name."""
    if entrant.team_id is None:
        return []
    of_team = select(Certificate).where(
        Certificate.competition_id == entrant.competition_id,
        Certificate.state == CertificateState.VALID,
        Certificate.team_id == entrant.team_id,
    )
    return [
        certificate
        for certificate in db.session.scalars(of_team.order_by(Certificate.id))
        if name in certificate.face.get("members", ())
    ]


_SETTLED_AS = frozenset({"unit", "name"})


@dataclass(frozen=True)
class Renaming:
    """A unit whose valid certificates, or the version announced, bear another name.

    Of the unit the number alone is kept. Certificates of grades bear no unit.
    """

    row: int
    certificates: tuple[int, ...]
    published_name: str | None
    """The name in the version announced, if it is another."""

    @property
    def unit(self) -> Unit:
        """The unit as it is called now."""
        return db.session.get_one(Unit, self.row)

    @property
    def publication(self) -> Publication | None:
        """The version announced, if it calls the unit otherwise."""
        competition = db.session.get_one(Competition, self.unit.competition_id)
        return latest_publication(competition) if self.published_name else None


def open_renamings(competition: Competition) -> list[Renaming]:
    """List every unit renamed since, in order, until certificates and version follow.

    What a version left to be settled, or was settled so that it stays, is not asked for twice.
    """

    def find() -> tuple[Renaming, ...]:
        renamings = _renamings(competition, _settled_certificates(competition, _SETTLED_AS))
        return tuple(row for row in renamings if row.certificates or row.published_name)

    return list(remembered_beside_check_ins(competition, "open renamings", find))


def touched_by_unit(unit: Unit, competition: Competition) -> Renaming:
    """Find what was issued or published under a former name of the unit."""
    renamings = _renamings(competition, frozenset())
    return next(renaming for renaming in renamings if renaming.row == unit.id)


def certificates_by_unit(competition: Competition) -> Counter[int]:
    """Count the valid certificates with each unit's present name, by its id."""
    return Counter(unit for _row, unit, printed, now in _award_names(competition) if printed == now)


def _renamings(competition: Competition, settled: frozenset[int] | set[int]) -> Iterator[Renaming]:
    publication = latest_publication(competition)
    names = (
        {unit.code: unit.name for unit in read_snapshot(publication)[0].units}
        if publication
        else {}
    )
    old: dict[int, list[int]] = defaultdict(list)
    for row, unit_id, printed, now in _award_names(competition):
        if printed != now and row not in settled:
            old[unit_id].append(row)
    for unit in competition.units:
        then = names.get(unit.code, unit.name)
        yield Renaming(unit.id, tuple(old[unit.id]), then if then != unit.name else None)


def _award_names(competition: Competition) -> Iterator[tuple[int, int, str, str]]:
    """Read each valid award: its row, the unit's id, the unit's name on it and its name now.

    Of a unit's own award it is the name. Whoever was erased keeps the paper as it was issued.
    """
    home = func.coalesce(Entrant.unit_id, Team.unit_id, Distinction.unit_id)
    # Of tens of thousands the whole face takes long to read.
    called = case(
        (Distinction.kind == DistinctionKind.UNIT, Certificate.face["name"].as_string()),
        else_=Certificate.face["unit"].as_string(),
    )
    rows = db.session.execute(
        select(Certificate.id, Unit.id, called, Unit.name, Distinction.id)
        .outerjoin(Entrant, Entrant.id == Certificate.entrant_id)
        .outerjoin(Member, Member.id == Certificate.member_id)
        .outerjoin(Team, Team.id == Certificate.team_id)
        .outerjoin(Distinction, Distinction.id == Certificate.distinction_id)
        .join(Unit, Unit.id == home)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.state == CertificateState.VALID,
            Certificate.kind == "award",
            func.coalesce(Member.erased_at, Entrant.erased_at).is_(None),
        )
        .order_by(Certificate.id)
    ).tuples()
    for row, unit_id, printed, now, given in rows:
        if not printed:
            continue
        if (
            printed != now
            and given is not None
            and db.session.get_one(Distinction, given).is_erased
        ):
            continue
        yield row, unit_id, printed, now
