"""The register of certificates: every one ever issued, by state, found and read by page.

The series of its numbers go through all competitions, and numbers are only ever added to them. So
what was found is kept in this process, and asked is only what came since; now and then all is
counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from json import loads

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload, selectinload

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
    utc_now,
)
from compete.services.certificates.certificate_face import paper_of_award, paper_of_grade
from compete.services.certificates.numbers import (
    Series,
    award_series,
    grade_series_of,
    number_after,
)
from compete.services.certificates.search import number_key
from compete.services.kernel.installation import fonts, memory_of
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.results.consequences import in_doubt

REGISTER_STATES = ("all", "valid", "review", "replacing", "replaced", "revoked")
SET_ASIDE = "aside"
"""Beside these: valid ones that a file of all lacks, or has without the photo."""
PAGE_SIZE = 25


@dataclass(frozen=True)
class RegisterPage:
    """A page of the register: `first` to `last` of `total` that match; the keys of pages beside it.

    `in_review` and `to_replace` are ids of certificates, of this page and of others;
    `no_photo` are those of this page that are printed without one.
    """

    rows: Sequence[Certificate]
    in_review: frozenset[int]
    to_replace: frozenset[int]
    no_photo: frozenset[int]
    first: int
    total: int
    before: int | None
    after: int | None

    @property
    def last(self) -> int:
        """The place of the last row, from 1; 0 on an empty page."""
        return self.first + len(self.rows) - 1 if self.rows else 0


@dataclass(frozen=True)
class RegisterFrame:
    """The frame of the register's rows: whether each number that was taken was given, the years and
    grades there are, and what is set aside as all are printed.
    """

    whole: bool
    years: Sequence[int]
    levels: Sequence[str]
    aside: SetAside


def read_register(
    competition: Competition,
    *,
    after: int = 0,
    before: int | None = None,
    total: int | None = None,
    **wanted: str,
) -> RegisterPage:
    """A page of the register in the order of issue; `total` match, where that was counted before.

    `wanted` as in `_matching`. `after` and `before` are certificates' ids: pages go by key, so
    that the last of a long register comes as quickly as the first.
    """
    matching = _matching(competition, **wanted)
    rows = _rows(matching, after, before)
    total = _count(matching) if total is None else total
    # The first page begins with the first.
    begins = not rows or (before is None and not after)
    earlier = 0 if begins else _count(matching.where(Certificate.id < rows[0].id))
    return RegisterPage(
        rows=rows,
        in_review=_ids(_doubtful(competition, "review")),
        to_replace=_ids(_doubtful(competition, "replacing")),
        no_photo=_without_photo(rows),
        first=earlier + 1 if rows else 0,
        total=total,
        before=rows[0].id if earlier else None,
        after=rows[-1].id if rows and earlier + len(rows) < total else None,
    )


def whole_register(
    competition: Competition, **wanted: str
) -> tuple[Sequence[Certificate], frozenset[int], frozenset[int]]:
    """Read every row that matches; the ids of those under review, and of those to be replaced."""
    query = _matching(competition, **wanted).options(
        joinedload(Certificate.replaces), selectinload(Certificate.replaced_by)
    )
    rows = db.session.scalars(query.order_by(Certificate.id)).all()
    return rows, _ids(_doubtful(competition, "review")), _ids(_doubtful(competition, "replacing"))


def register_ids(competition: Competition, **wanted: str) -> list[int]:
    """The rows of those that match, in order, by number alone."""
    query = _matching(competition, **wanted).with_only_columns(Certificate.id)
    return list(db.session.scalars(query.order_by(Certificate.id)))


def register_counts(competition: Competition, **wanted: str) -> dict[str, int]:
    """Count the certificates in each of `REGISTER_STATES`, in one go; `wanted` without a state.

    Of all of them together once for what is on record: every look at the register asks.
    """
    if any(wanted.values()):
        return _counted(competition, **wanted)
    return dict(_of_all(competition)[0])


def _of_all(competition: Competition) -> tuple[dict[str, int], frozenset[str]]:
    """The counts of the whole register and the kinds in it, found once for what is on record."""

    def find() -> tuple[dict[str, int], frozenset[str]]:
        issued = (
            kind
            for kind in ("grade", "award")
            if db.session.scalar(
                _matching(competition, kind=kind).with_only_columns(Certificate.id).limit(1)
            )
        )
        return _counted(competition), frozenset(issued)

    return remembered_beside_check_ins(competition, "the whole register", find)


def _counted(competition: Competition, **wanted: str) -> dict[str, int]:
    rows = (
        _matching(competition, **wanted)
        .with_only_columns(
            Certificate.state.label("state"),
            Certificate.id.in_(_doubtful(competition, "review")).label("in_review"),
            Certificate.id.in_(_doubtful(competition, "replacing")).label("to_replace"),
        )
        .subquery()
    )
    alike = rows.c.state, rows.c.in_review, rows.c.to_replace
    counts = dict.fromkeys(REGISTER_STATES, 0)
    for state, in_review, to_replace, many in db.session.execute(
        select(*alike, func.count()).group_by(*alike)
    ):
        if state is CertificateState.VALID:
            counts["review" if in_review else "replacing" if to_replace else "valid"] += many
        else:
            counts[state.value] += many
        counts["all"] += many
    return counts


def register_frame(competition: Competition, *, turned: bool = False) -> RegisterFrame:
    """The frame of the register: all it says of itself; on pages somebody `turned` to, those
    without a photo are not counted again.
    """
    used = _used(competition)
    levels = used.levels
    return RegisterFrame(
        whole=all(_is_whole(series) for series in used.series.values()),
        years=sorted({series.year for series in used.series.values()}, reverse=True),
        # Those above 1 bear a letter.
        levels=sorted(levels, key=lambda word: (levels[word].isdigit(), levels[word], word)),
        aside=set_aside(competition, photos=not turned),
    )


def kinds_issued(competition: Competition) -> frozenset[str]:
    """The kinds of which any was ever issued."""
    return _of_all(competition)[1]


def _rows(
    matching: Select[tuple[Certificate]], after: int, before: int | None
) -> list[Certificate]:
    query = matching.options(
        joinedload(Certificate.replaces),
        selectinload(Certificate.replaced_by),
        joinedload(Certificate.entrant).joinedload(Entrant.unit),
        joinedload(Certificate.entrant).selectinload(Entrant.members),
        joinedload(Certificate.distinction),
    )
    if before is not None:
        query = query.where(Certificate.id < before).order_by(Certificate.id.desc())
    else:
        query = query.where(Certificate.id > after).order_by(Certificate.id)
    return sorted(db.session.scalars(query.limit(PAGE_SIZE)), key=lambda row: row.id)


def _matching(
    competition: Competition,
    *,
    state: str = "all",
    kind: str = "",
    q: str = "",
    year: str = "",
    level: str = "",
) -> Select[tuple[Certificate]]:
    """Select the certificates that are looked for.

    `q` is looked for in number and name, in the name that the holder has now, and may be the
    holder's code; four digits also at the end of the ID numbers. `year` is that of the day of
    issue, `level` a grade as certificates word it.
    """
    query = select(Certificate).where(Certificate.competition_id == competition.id)
    if kind:
        query = query.where(Certificate.kind == kind)
    if q:
        query = query.where(_search_condition(competition, q))
    if year:
        of_year = date(int(year), 1, 1), date(int(year), 12, 31)
        query = query.where(Certificate.issued_on.between(*of_year))
    if level:
        of_level = Certificate.face["level"].as_string() == level
        query = query.where(Certificate.kind == "grade", of_level)
    if state in ("revoked", "replaced"):
        return query.where(Certificate.state == CertificateState(state))
    if state == SET_ASIDE:
        lacks = or_(Certificate.id.in_(_not_drawn(competition)), no_photo())
        return query.where(Certificate.state == CertificateState.VALID, lacks)
    if state == "all":
        return query
    in_review = Certificate.id.in_(_doubtful(competition, "review"))
    to_replace = Certificate.id.in_(_doubtful(competition, "replacing"))
    stands = {
        "valid": ~in_review & ~to_replace,
        "review": in_review,
        "replacing": to_replace,
    }
    return query.where(Certificate.state == CertificateState.VALID, stands[state])


def _search_condition(competition: Competition, q: str) -> ColumnElement[bool]:
    ways = [
        func.upper(Certificate.number).contains(number_key(q), autoescape=True),
        Certificate.face["name"].as_string().contains(q.strip(), autoescape=True),
    ]
    for table, column in (
        (Entrant, Certificate.entrant_id),
        (Member, Certificate.member_id),
    ):
        of_this = select(table.id).where(
            table.competition_id == competition.id,
            or_(
                func.upper(table.code) == q.strip().upper(),
                table.name.contains(q.strip(), autoescape=True),
            ),
        )
        ways.append(column.in_(of_this))
    tail = q.strip().upper()
    if len(tail) == 4 and tail[:3].isascii() and tail[:3].isdigit():
        ways.append(Certificate.id.in_(_ending_in(competition, tail)))
    return or_(*ways)


def _ending_in(competition: Competition, tail: str) -> list[int]:
    """List numbers that end so; they are sealed in the database, so the ends are compared here."""
    rows = db.session.execute(
        select(Certificate.id, Certificate.id_number).where(
            Certificate.competition_id == competition.id, Certificate.kind == "grade"
        )
    )
    return [number for number, sealed in rows if (sealed or "").endswith(tail)]


def _doubtful(competition: Competition, doubt: str) -> Select[tuple[int]]:
    """Select the ids of the competition's certificates with this doubt."""
    return in_doubt(doubt, Certificate.competition_id == competition.id)


def _ids(query: Select[tuple[int]]) -> frozenset[int]:
    return frozenset(number for number in db.session.scalars(query))


def _count(query: Select[tuple[Certificate]]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


COUNTED_ANEW = timedelta(minutes=10)
"""So long a series that was found whole is looked at only from where it ended then."""

_ALIKE = 16
"""Of the 22 characters of a grade's number those that name body, year and grade."""
_LOOKED_UP = 500
"""So many new numbers are looked up one by one; more are counted with all others."""


@dataclass(slots=True)
class _Used:
    """The numbers that a register uses, as far as its certificates were read."""

    series: dict[str, Series] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    """Grades as certificates word them, and what stands for each in numbers."""
    upto: int = 0
    """The last certificate that was read."""


@dataclass(slots=True)
class _Whole:
    """The number up to which nothing of a series is missing, and when all of it was counted."""

    last: int = 0
    at: datetime | None = None


def _used(competition: Competition) -> _Used:
    used = memory_of(f"numbers of register {competition.id}", _Used)
    # Issuing locks the competition, so that none comes later with a lower number of its row.
    upto = db.session.scalar(
        select(func.max(Certificate.id)).where(
            Certificate.competition_id == competition.id, Certificate.id > used.upto
        )
    )
    if upto is None:
        return used
    first = func.substr(Certificate.number, 1, _ALIKE)
    level = Certificate.face["level"].as_string()
    grades = _new(competition, used, upto, "grade").with_only_columns(
        Certificate.body_id, first, level
    )
    for body, head, word in db.session.execute(grades.distinct()):
        if body is not None:
            series = grade_series_of(body, head)
            used.series.setdefault(series.name, series)
            used.levels[word] = head[-1]
    year = func.substr(Certificate.number, 2, 4)
    awards = _new(competition, used, upto, "award").with_only_columns(year)
    for text in db.session.scalars(awards.distinct()):
        if text.isdigit():
            series = award_series(int(text))
            used.series.setdefault(series.name, series)
    used.upto = upto
    return used


def _new(competition: Competition, used: _Used, upto: int, kind: str) -> Select[tuple[Certificate]]:
    return select(Certificate).where(
        Certificate.competition_id == competition.id,
        Certificate.id > used.upto,
        Certificate.id <= upto,
        Certificate.kind == kind,
    )


def _is_whole(series: Series) -> bool:
    """True if as many certificates bear a number of it as were taken, and no number twice."""
    kept = memory_of(f"numbers given {series.name}", _Whole)
    # Before they are counted: whatever was taken till then has its certificate by then.
    last, now = number_after(series.name) - 1, utc_now()
    known = kept.at is not None and now - kept.at < COUNTED_ANEW
    if known and 0 <= last - kept.last <= _LOOKED_UP:
        new = [series.text(number) for number in range(kept.last + 1, last + 1)]
        if new and _how_many(Certificate.number.in_(new)) != len(new):
            return False
    elif _how_many(Certificate.number.between(series.first, series.last)) == last:
        kept.at = now
    else:
        kept.at = None
        return False
    kept.last = last
    return True


def _how_many(alike: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(Certificate.number)).where(alike)) or 0


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


def _without_photo(rows: Sequence[Certificate]) -> frozenset[int]:
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
        pages = db.session.execute(new.order_by(of.id).execution_options(yield_per=1000))
        for some in pages.tuples().partitions():
            read.doubtful += doubtful(some, book)
        read.upto = upto
    if not read.doubtful:
        return {}
    rows = db.session.scalars(
        _valid(competition).where(Certificate.id.in_(read.doubtful)).order_by(Certificate.id)
    )
    not_drawn = {}
    for row in rows:
        if row.kind == "grade":
            missing = grade_not_drawn(paper_of_grade(row, None), book)
        else:
            missing = award_not_drawn(paper_of_award(row, {}), book)
        if missing:
            not_drawn[row.id] = row.face["name"], missing
    return not_drawn


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


def _valid(competition: Competition) -> Select[tuple[Certificate]]:
    return select(Certificate).where(
        Certificate.competition_id == competition.id,
        Certificate.state == CertificateState.VALID,
    )
