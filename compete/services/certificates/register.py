"""The register of certificates: every one ever issued, by state, found and read by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import Certificate, Competition, Consequence, Entrant, Member, db
from compete.services.certificates.missing_from_export import (
    SetAside,
    is_set_aside,
    set_aside,
    without_photo,
)
from compete.services.certificates.register_numbers import is_whole, levels_of, years_of
from compete.services.certificates.search import number_key
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.results.consequences import UNSETTLED
from compete.services.results.withdrawn_notices import on_taken_down

REGISTER_STATES = ("all", "valid", "review", "replacing", "replaced", "revoked")
SET_ASIDE = "aside"
"""Beside these: valid ones that a file of all lacks, or has without the photo."""
PAGE_SIZE = 50


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
        in_review=_ids(_under_review(competition)),
        to_replace=_ids(_to_replace(competition)),
        no_photo=without_photo(rows),
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
    return rows, _ids(_under_review(competition)), _ids(_to_replace(competition))


def register_query(competition: Competition, *, kind: str) -> Select[tuple[Certificate]]:
    """Select every certificate of a kind, whatever its state."""
    return _matching(competition, kind=kind)


def register_ids(competition: Competition, *, state: str, kind: str) -> list[int]:
    """The rows of those in one of `REGISTER_STATES`, in order, by number alone."""
    query = _matching(competition, state=state, kind=kind).with_only_columns(Certificate.id)
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
    each = (
        _matching(competition, **wanted)
        .with_only_columns(
            Certificate.state.label("state"),
            Certificate.id.in_(_under_review(competition)).label("in_review"),
            Certificate.id.in_(_to_replace(competition)).label("to_replace"),
        )
        .subquery()
    )
    alike = each.c.state, each.c.in_review, each.c.to_replace
    found = dict.fromkeys(REGISTER_STATES, 0)
    for state, in_review, to_replace, many in db.session.execute(
        select(*alike, func.count()).group_by(*alike)
    ):
        if state is CertificateState.VALID:
            found["review" if in_review else "replacing" if to_replace else "valid"] += many
        else:
            found[state.value] += many
        found["all"] += many
    return found


def register_frame(competition: Competition, *, turned: bool = False) -> RegisterFrame:
    """The frame of the register: all it says of itself; on pages somebody `turned` to, those
    without a photo are not counted again.
    """
    return RegisterFrame(
        whole=is_whole(competition),
        years=years_of(competition),
        levels=levels_of(competition),
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
        query = query.where(_found(competition, q))
    if year:
        of_year = date(int(year), 1, 1), date(int(year), 12, 31)
        query = query.where(Certificate.issued_on.between(*of_year))
    if level:
        of_level = Certificate.face["level"].as_string() == level
        query = query.where(Certificate.kind == "grade", of_level)
    if state in ("revoked", "replaced"):
        return query.where(Certificate.state == CertificateState(state))
    if state == SET_ASIDE:
        return query.where(is_set_aside(competition))
    if state == "all":
        return query
    in_review = Certificate.id.in_(_under_review(competition))
    to_replace = Certificate.id.in_(_to_replace(competition))
    stands = {
        "valid": ~in_review & ~to_replace,
        "review": in_review,
        "replacing": ~in_review & to_replace,
    }
    return query.where(Certificate.state == CertificateState.VALID, stands[state])


def _found(competition: Competition, q: str) -> ColumnElement[bool]:
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


def _under_review(competition: Competition) -> CompoundSelect[tuple[int | None]]:
    """Select those with something to be settled, or whose results were taken down."""
    to_settle = select(Consequence.certificate_id).where(
        Consequence.competition_id == competition.id,
        Consequence.state.in_(UNSETTLED),
        Consequence.certificate_id.is_not(None),
    )
    down = select(Certificate.id).where(
        Certificate.competition_id == competition.id,
        Certificate.state == CertificateState.VALID,
        on_taken_down(),
    )
    return to_settle.union(down)


def _to_replace(competition: Competition) -> Select[tuple[int | None]]:
    """Select those for which another is to be issued; still valid ones wait for it."""
    return select(Consequence.certificate_id).where(
        Consequence.competition_id == competition.id,
        Consequence.state == ConsequenceState.REPLACED,
        Consequence.certificate_id.is_not(None),
    )


def _ids(query: Select[tuple[int | None]] | CompoundSelect[tuple[int | None]]) -> frozenset[int]:
    return frozenset(number for number in db.session.scalars(query) if number)


def _count(query: Select[tuple[Certificate]]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
