"""The catalogue of occupations: looked through, added to, corrected, closed, brought as rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select

from compete.domain.identity import occupation_key
from compete.domain.values import Message, msg
from compete.models import Account, Occupation, db, utc_now
from compete.services.kernel import Refusal, Refused, audit, term_keys, unit_of_work
from compete.services.occupations.fields import CheckedOccupation, check_fields, fields_of

MOST_ROWS = 2000
_KEY_LENGTH = 400
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


class OccupationView(StrEnum):
    """Which part of the catalogue is looked at."""

    STANDING = "standing"
    TO_CHECK = "to-check"
    CLOSED = "closed"


class WrongOccupationError(Refused):
    """Fields that cannot be written; `faults` say which and why."""

    def __init__(self, faults: Mapping[str, Message]) -> None:
        super().__init__(msg("有 %(n)s 处要改", n=len(faults)), kind=Refusal.INVALID)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class PlannedOccupation:
    """A row of a workbook: what it would do, or what is wrong with it."""

    number: int
    """In the sheet, from 1."""
    texts: Mapping[str, str]
    faults: Mapping[str, Message]
    changes: Mapping[str, str] | None
    """What of a known one would be another: {field: as it stands}; None for one that is new."""


def find_occupations(
    q: str = "",
    view: OccupationView = OccupationView.STANDING,
    edition: int | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Sequence[Occupation], int]:
    """A page of the occupations that fit, by code, those without one last; and how many fit."""
    query = select(Occupation)
    if view is OccupationView.CLOSED:
        query = query.where(Occupation.ended_at.is_not(None))
    else:
        query = query.where(stands())
    if view is OccupationView.TO_CHECK:
        query = query.where(or_(Occupation.code == "", Occupation.confidence == "L"))
    if edition is not None:
        query = query.where(Occupation.edition == edition)
    if q.strip():
        query = query.where(meant(q))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.order_by(
            Occupation.code == "", Occupation.code, Occupation.edition.desc(), Occupation.id
        )
        .limit(limit)
        .offset(offset)
    )
    return rows.all(), total


def find_occupation(number: int) -> Occupation | None:
    """One of the catalogue, closed or not."""
    return db.session.get(Occupation, number)


def stands() -> ColumnElement[bool]:
    """Whether an occupation is not closed."""
    return Occupation.ended_at.is_(None)


def meant(typed: str) -> ColumnElement[bool]:
    """Which occupations are meant: by name, 工种, note or code, by pinyin or its first letters."""
    text = typed_text(typed)
    ways = [
        Occupation.words.contains(text, autoescape=True),
        Occupation.code.startswith(text.translate(_DASHES), autoescape=True),
    ]
    if (plain := typed_letters(text)) is not None:
        ways += [
            Occupation.spoken.contains(plain, autoescape=True),
            Occupation.initials.contains(plain, autoescape=True),
        ]
    return or_(*ways)


def typed_text(typed: str) -> str:
    """What was typed as `words` are kept: no blanks around it, one width, one case."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def typed_letters(text: str) -> str | None:
    """The letters and digits of what may be pinyin; None where it cannot be."""
    plain = "".join(sign for sign in text if sign.isalnum())
    return plain if plain and text.isascii() else None


def add_occupation(texts: Mapping[str, str], by: Account) -> Occupation:
    """One more. Raises `WrongOccupationError`; (CONFLICT) for one that is there; FORBIDDEN."""
    require_administrator(by)
    row = _checked(texts)
    with unit_of_work() as session:
        audit.claim_chain(None)
        _refuse_known(row)
        occupation = Occupation(made_by=by.id)
        put(occupation, row)
        session.add(occupation)
        session.flush()
        audit.record(None, by, "occupation.add", str(occupation.id), after=fields_of(occupation))
    return occupation


def change_occupation(occupation: Occupation, texts: Mapping[str, str], by: Account) -> bool:
    """Correct one; whether anything is another. What was issued or published stays as it is."""
    require_administrator(by)
    row, number = _checked(texts), occupation.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        occupation = session.get_one(Occupation, number, populate_existing=True)
        if occupation.ended_at is not None:
            raise Refused(msg("%(name)s 停用了，恢复以后再改", name=occupation.name))
        before = fields_of(occupation)
        if before == fields_of(row):
            return False
        _refuse_known(row, but=number)
        put(occupation, row)
        session.flush()
        after = fields_of(occupation)
        audit.record(None, by, "occupation.change", str(number), before=before, after=after)
    return True


def close_occupation(occupation: Occupation, by: Account) -> None:
    """Propose it no more; events and certificates that name it stay as they are."""
    require_administrator(by)
    number = occupation.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        occupation = session.get_one(Occupation, number, populate_existing=True)
        if occupation.ended_at is not None:
            return
        occupation.ended_at, occupation.ended_by = utc_now(), by.id
        session.flush()
        said = fields_of(occupation)
        audit.record(None, by, "occupation.close", str(number), after=said)


def reopen_occupation(occupation: Occupation, by: Account) -> None:
    """Propose it again. Raises `Refused` (CONFLICT) where another has taken its place."""
    require_administrator(by)
    number = occupation.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        occupation = session.get_one(Occupation, number, populate_existing=True)
        if occupation.ended_at is None:
            return
        row = _checked(fields_of(occupation))
        _refuse_known(row, but=number)
        occupation.ended_at = occupation.ended_by = None
        session.flush()
        audit.record(None, by, "occupation.reopen", str(number), after=fields_of(occupation))


def plan_occupations(rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[PlannedOccupation]:
    """What each row of a workbook would do; nothing is written."""
    return [planned for planned, _row, _known in _planned(rows)]


def write_occupations(rows: Sequence[Mapping[str, str]], by: Account) -> tuple[int, int]:
    """Add what is new and correct what differs; how many of each. One wrong row, and nothing is.

    What stands in the catalogue and in none of the rows stays.
    """
    require_administrator(by)
    if len(rows) > MOST_ROWS:
        raise Refused(msg("一次最多 %(most)s 行", most=MOST_ROWS), kind=Refusal.INVALID)
    with unit_of_work() as session:
        audit.claim_chain(None)
        planned = _planned(list(enumerate(rows, 1)))
        added = changed = 0
        for plan, row, known in planned:
            if row is None or plan.faults:
                raise Refused(msg("有的行要改，一行都没有写"), kind=Refusal.INVALID)
            if known is None:
                known = Occupation(made_by=by.id)
                session.add(known)
                added += 1
            elif plan.changes:
                changed += 1
            else:
                continue
            put(known, row)
        if added or changed:
            session.flush()
            after = {"added": added, "changed": changed}
            audit.record(None, by, "occupation.import", "catalogue", after=after)
    return added, changed


def put(occupation: Occupation, row: CheckedOccupation) -> None:
    """Write what was checked, with what people look for it by."""
    for name in ("name", "code", "edition", "tracks", "confidence", "flags", "newer", "note"):
        setattr(occupation, name, getattr(row, name))
    terms = [row.name, *row.tracks]
    keys = [term_keys(term) for term in terms]
    occupation.name_key = occupation_key(row.name)[:_KEY_LENGTH]
    occupation.words = typed_text("\n".join([*terms, row.note]))[:4000]
    occupation.spoken = "\n".join(spoken for spoken, _initials in keys)[:10000]
    occupation.initials = "\n".join(initials for _spoken, initials in keys)[:4000]


def require_administrator(by: Account) -> None:
    """Raise `Refused` (FORBIDDEN) for who may not change the catalogue."""
    if not by.is_admin:
        raise Refused(msg("职业目录由管理员改"), kind=Refusal.FORBIDDEN)


def _checked(texts: Mapping[str, str]) -> CheckedOccupation:
    row, faults = check_fields(texts)
    if row is None:
        raise WrongOccupationError(faults)
    return row


def _refuse_known(row: CheckedOccupation, but: int | None = None) -> None:
    """Raise for another one of the same code, or without codes of the same name, in its edition."""
    same = (
        Occupation.code == row.code
        if row.code
        else (Occupation.code == "") & (Occupation.name_key == occupation_key(row.name))
    )
    query = select(Occupation).where(stands(), Occupation.edition == row.edition, same)
    if but is not None:
        query = query.where(Occupation.id != but)
    other = db.session.scalar(query.order_by(Occupation.id).limit(1))
    if other is not None:
        raise Refused(
            msg(
                "%(edition)s 年版里已经有 %(code)s%(name)s",
                edition=other.edition,
                code=f"{other.code} " if other.code else "",
                name=other.name,
            )
        )


_Place = tuple[int, str, str]


def _planned(
    rows: Sequence[tuple[int, Mapping[str, str]]],
) -> list[tuple[PlannedOccupation, CheckedOccupation | None, Occupation | None]]:
    here = db.session.scalars(select(Occupation).where(stands()).order_by(Occupation.id)).all()
    known = {_place(row.edition, row.code, row.name): row for row in here}
    seen: dict[_Place, int] = {}
    taken: set[int] = set()
    found = []
    for number, texts in rows:
        row, faults = check_fields(texts)
        old = None
        if row is not None:
            place = _place(row.edition, row.code, row.name)
            # A code that became known belongs to the one that stood there without.
            nameless = (row.edition, "", occupation_key(row.name))
            old = known.get(place) or known.get(nameless)
            if place in seen or (old is not None and old.id in taken):
                faults = {"name": msg("和第 %(n)s 行是同一个", n=seen.get(place, number))}
            seen.setdefault(place, number)
            if old is not None:
                taken.add(old.id)
        changes = None
        if row is not None and old is not None:
            new, before = fields_of(row), fields_of(old)
            changes = {key: text for key, text in before.items() if new[key] != text}
        found.append((PlannedOccupation(number, texts, faults, changes), row, old))
    return found


def _place(edition: int, code: str, name: str) -> _Place:
    return edition, code, "" if code else occupation_key(name)
