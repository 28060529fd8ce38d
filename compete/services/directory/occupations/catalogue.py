"""The catalogue of occupations: looked through, added to, corrected, closed, brought as rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import ColumnElement, func, or_, select

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import msg
from compete.models import Occupation, db
from compete.services.directory.occupations.fields import (
    FIELDS,
    CheckedOccupation,
    check_fields,
    fields_of,
)
from compete.services.kernel.catalogues import Catalogue, Planned, differences
from compete.services.kernel.pinyin import term_keys
from compete.services.kernel.refusal import Refused

_KEY_LENGTH = 400
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
PlannedOccupation: TypeAlias = Planned[Occupation, Mapping[str, str], CheckedOccupation]


class OccupationView(StrEnum):
    """The part of the catalogue that is looked at."""

    STANDING = "standing"
    TO_CHECK = "to-check"
    CLOSED = "closed"


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
        query = query.where(_occupation_filter(q))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.order_by(
            Occupation.code == "", Occupation.code, Occupation.edition.desc(), Occupation.id
        )
        .limit(limit)
        .offset(offset)
    )
    return rows.all(), total


def stands() -> ColumnElement[bool]:
    """The condition that an occupation is not closed."""
    return Occupation.ended_at.is_(None)


def _occupation_filter(typed: str) -> ColumnElement[bool]:
    """The condition of the meant occupations: name, 工种, note, code, pinyin or first letters."""
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
    """The typed text as `words` are kept: no blanks around it, one width, one case."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def typed_letters(text: str) -> str | None:
    """The letters and digits of what may be pinyin; None where it cannot be."""
    plain = "".join(sign for sign in text if sign.isalnum())
    return plain if plain and text.isascii() else None


def put(occupation: Occupation, row: CheckedOccupation) -> None:
    """Write what was checked, with what people look for it by."""
    for name in FIELDS:
        setattr(occupation, name, getattr(row, name))
    occupation.tracks = list(row.tracks)
    terms = [row.name, *row.tracks]
    keys = [term_keys(term) for term in terms]
    occupation.name_key = same_name_key(row.name)[:_KEY_LENGTH]
    occupation.words = typed_text("\n".join([*terms, row.note]))[:4000]
    occupation.spoken = "\n".join(spoken for spoken, _initials in keys)[:10000]
    occupation.initials = "\n".join(initials for _spoken, initials in keys)[:4000]


def _refuse_known(row: Occupation | CheckedOccupation, but: int | None) -> None:
    """Raise for another one of the same code, or without codes of the same name, in its edition."""
    same = (
        Occupation.code == row.code
        if row.code
        else (Occupation.code == "") & (Occupation.name_key == same_name_key(row.name))
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


def plan_occupations(rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[PlannedOccupation]:
    """Plan each row of a workbook; nothing is written."""
    here = db.session.scalars(select(Occupation).where(stands()).order_by(Occupation.id)).all()
    known = {_place(row.edition, row.code, row.name): row for row in here}
    seen: dict[_Place, int] = {}
    taken: dict[int, int] = {}
    plans = []
    for number, texts in rows:
        row, faults = check_fields(texts)
        old = None
        if row is not None:
            place = _place(row.edition, row.code, row.name)
            # A code that became known belongs to the one that stood there without.
            nameless = (row.edition, "", same_name_key(row.name))
            old = known.get(place) or known.get(nameless)
            same = seen.setdefault(place, number)
            if old is not None:
                same = min(same, taken.setdefault(old.id, number))
            if same != number:
                faults = {"name": msg("和第 %(n)s 行是同一个", n=same)}
        changes = None
        if row is not None and old is not None:
            changes = differences(fields_of(old), fields_of(row))
        plans.append(Planned(number, texts, faults, changes, row, old))
    return plans


def _place(edition: int, code: str, name: str) -> _Place:
    return edition, code, "" if code else same_name_key(name)


OCCUPATIONS = Catalogue(
    kind="occupation",
    whole="catalogue",
    not_yours=msg("职业目录由管理员改"),
    table=Occupation,
    new=Occupation,
    check=check_fields,
    record_fields=fields_of,
    put=put,
    refuse_duplicate=_refuse_known,
    match=plan_occupations,
)
"""Events and certificates that name an occupation stay as they are, whatever becomes of it here."""
