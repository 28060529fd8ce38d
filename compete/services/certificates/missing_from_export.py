"""Valid certificates that a file of all lacks, or has without the photo: which, and why.

A name with a character that no font draws is left out of the file while the others go on; who
has no photo gets an empty frame for one. Both are said here before anything is printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json import loads

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, or_, select

from compete.documents.award_certificate import award_not_drawn
from compete.documents.fonts import FontBook
from compete.documents.grade_certificate import grade_not_drawn
from compete.documents.typesetting import texts_in
from compete.domain.values.states import CertificateState
from compete.models import (
    Certificate,
    Competition,
    Entrant,
    Examinee,
    GradeClaim,
    Member,
    Portrait,
    db,
)
from compete.services.certificates.certificate_face import paper_of_award, paper_of_grade
from compete.services.kernel.installation import fonts, memory_of
from compete.services.kernel.versions import remembered_beside_check_ins

NAMED = 3
"""So many without a photo are named; all of them stand in the register."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """The certificates that a file lacks, with the characters, and those without photo."""

    not_drawn: Mapping[int, tuple[str, list[str]]]
    """By the certificate's row: whose it is, and what no font draws."""
    no_photo: int = 0
    without: tuple[str, ...] = ()
    """The first of those without a photo, by name."""


@dataclass(slots=True)
class _Read:
    """The faces read, which never change once issued, and those a font may lack something of."""

    upto: int = 0
    doubtful: list[int] = field(default_factory=list)


def set_aside(competition: Competition, *, photos: bool = True) -> SetAside:
    """The certificates set aside in a competition; without `photos` those that a file lacks."""
    lacking = _not_drawn(competition)
    if not photos:
        return SetAside(lacking)
    # Whoever is left out is named once, for the graver reason.
    without = _valid(competition).where(no_photo(), Certificate.id.not_in(lacking))
    names = without.with_only_columns(Certificate.face["name"].as_string())

    def count() -> tuple[int, tuple[str, ...]]:
        many = db.session.scalar(without.with_only_columns(func.count(Certificate.id))) or 0
        if not many:
            return 0, ()
        return many, tuple(db.session.scalars(names.order_by(Certificate.id).limit(NAMED)))

    name = "without a photo", tuple(lacking)
    many, first = remembered_beside_check_ins(competition, name, count)
    return SetAside(not_drawn=lacking, no_photo=many, without=first)


def is_set_aside(competition: Competition) -> ColumnElement[bool]:
    """The query's condition for certificates that are set aside."""
    valid = Certificate.state == CertificateState.VALID
    return and_(valid, or_(Certificate.id.in_(_not_drawn(competition)), no_photo()))


def without_photo(rows: Sequence[Certificate]) -> frozenset[int]:
    """The numbers of those that are grades of people without a photo."""
    query = select(Certificate.id).where(
        Certificate.id.in_([row.id for row in rows]),
        Certificate.state == CertificateState.VALID,
        no_photo(),
    )
    return frozenset(db.session.scalars(query))


def no_photo() -> ColumnElement[bool]:
    """The condition for grades whose holder has no photo here; not of who was erased."""
    of_member = Portrait.member_id == Certificate.member_id
    of_entrant = and_(
        Certificate.member_id.is_(None), Portrait.entrant_id == Certificate.entrant_id
    )
    claimed = select(GradeClaim.id).join(Examinee, Examinee.id == GradeClaim.examinee_id)
    return and_(
        Certificate.kind == "grade",
        ~exists().where(of_member),
        ~exists().where(of_entrant),
        ~claimed.where(
            GradeClaim.id == Certificate.claim_id,
            or_(Examinee.photo.is_not(None), Examinee.erased_at.is_not(None)),
        ).exists(),
        *(
            ~exists().where(table.id == column, table.erased_at.is_not(None))
            for table, column in (
                (Entrant, Certificate.entrant_id),
                (Member, Certificate.member_id),
            )
        ),
    )


def _not_drawn(competition: Competition) -> dict[int, tuple[str, list[str]]]:
    """The valid ones with what is missing; each is read once, the doubtful ones at every look."""
    read, book = memory_of(f"faces of register {competition.id}", _Read), fonts()
    last = select(func.max(Certificate.id)).where(Certificate.competition_id == competition.id)
    upto = db.session.scalar(last) or 0
    if upto > read.upto:
        # Of the table, not the class: of hundreds of thousands the mapper would take longer.
        of = Certificate.__table__.c
        new = select(of.id, cast(of.face, Text)).where(
            of.competition_id == competition.id,
            of.state == CertificateState.VALID,
            of.id > read.upto,
            of.id <= upto,
        )
        found = db.session.execute(new.order_by(of.id).execution_options(yield_per=1000))
        for some in found.tuples().partitions():
            read.doubtful += doubtful(some, book)
        read.upto = upto
    if not read.doubtful:
        return {}
    rows = db.session.scalars(
        _valid(competition).where(Certificate.id.in_(read.doubtful)).order_by(Certificate.id)
    )
    return {
        row.id: (row.face["name"], missing) for row in rows if (missing := _characters(row, book))
    }


def doubtful(faces: Sequence[tuple[int, str]], book: FontBook) -> list[int]:
    """The rows of those faces, as they are stored, of which a font may lack something.

    Faces say mostly the same. So of many at once each text is looked at once, names of their
    fields too; and face by face only where one of them is not drawn.
    """
    together = "".join(face for _, face in faces)
    if '\\"' not in together:
        texts = set(together.split('"'))
        if not book.missing(loads(f'"{text}"') if "\\" in text else text for text in texts):
            return []
    return [row for row, face in faces if book.missing(texts_in(loads(face)))]


def _characters(certificate: Certificate, book: FontBook) -> list[str]:
    if certificate.kind == "grade":
        return grade_not_drawn(paper_of_grade(certificate, None), book)
    return award_not_drawn(paper_of_award(certificate, {}), book)


def _valid(competition: Competition) -> Select[tuple[Certificate]]:
    return select(Certificate).where(
        Certificate.competition_id == competition.id,
        Certificate.state == CertificateState.VALID,
    )
