"""Proposals of occupations from the catalogue, and where it differs from what is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.bundle import event_types
from compete.domain.identity.names import same_name_key
from compete.domain.identity.occupations import occupation_code
from compete.domain.values.messages import Message, msg
from compete.models import Occupation, db
from compete.services.directory.occupations.catalogue import (
    find_occupations,
    stands,
    typed_letters,
    typed_text,
)
from compete.services.directory.occupations.fields import is_to_check
from compete.services.kernel.pinyin import term_keys

MOST_PROPOSED = 12
_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Proposed:
    """An occupation of the catalogue, or one 工种 of it."""

    occupation: Occupation
    track: str
    """Empty for the occupation by itself."""
    newer: Occupation | None
    """The same job in a later edition."""


def propose_occupations(typed: str) -> list[Proposed]:
    """List what may be meant by the text typed so far, the likeliest first; none for nothing."""
    text = typed_text(typed)
    if not text:
        return []
    letters = typed_letters(text)
    rows, _total = find_occupations(text, limit=_LOOKED_AT)
    newer = _newer_of(rows)
    proposals: list[tuple[tuple[int, int, int], Proposed]] = []
    for place, row in enumerate(rows):
        later = newer.get(row.id)
        ranked = [(_rank(row.name, text, letters), "")]
        ranked += [(_rank(track, text, letters), track) for track in row.tracks]
        fits = [(rank, track) for rank, track in ranked if rank is not None]
        # By its code or its note it is meant as a whole.
        for rank, track in fits or [(0 if row.code.startswith(text) else 3, "")]:
            proposals.append(((rank, later is not None, place), Proposed(row, track, later)))
    proposals.sort(key=lambda pair: pair[0])
    return [proposed for _rank_of, proposed in proposals[:MOST_PROPOSED]]


def occupation_hints(occupation: event_types.Occupation | None) -> list[Message]:
    """List what the catalogue says against an event's occupation; never a hindrance.

    Nothing where the catalogue is empty.
    """
    return list(_hints(occupation)) if occupation is not None else []


def only_code(name: str) -> str:
    """The code of the occupation that the catalogue calls so; "" where none or several are."""
    codes = {row.code for row in _sure(_with_name(same_name_key(name)))}
    return codes.pop() if len(codes) == 1 else ""


def is_code_unsure(written: str) -> bool:
    """True if the catalogue knows a code, and only as one that is still to be checked."""
    rows = _with_code(occupation_code(written) or "")
    return bool(rows) and all(is_to_check(row) for row in rows)


def printed_code(written: str) -> str | None:
    """The code as certificates and credentials may bear it; None where it is unsure or none."""
    code = occupation_code(written)
    return code if code is not None and not is_code_unsure(code) else None


def _hints(occupation: event_types.Occupation) -> Iterator[Message]:
    if db.session.scalar(select(Occupation.id).where(stands()).limit(1)) is None:
        return
    code, key = occupation_code(occupation.code), same_name_key(occupation.name)
    named = _with_name(key)
    if code is None:
        yield from _without_code(occupation, key, named)
        return
    rows = _with_code(code)
    if not rows:
        yield msg("职业目录里没有 %(code)s。编码写对了就不用管", code=code)
        yield from _elsewhere(occupation, code, named)
        return
    same = next((row for row in rows if row.name_key == key), None)
    if same is None:
        yield msg(
            "职业目录里 %(code)s（%(edition)s 年版）是“%(name)s”，这里写的是“%(said)s”",
            code=code,
            edition=rows[0].edition,
            name=rows[0].name,
            said=occupation.name,
        )
        yield from _elsewhere(occupation, code, named)
    row = same or rows[0]
    if row.newer and not any(other.code == row.code and not other.newer for other in rows):
        yield _later_edition(row)
    if all(is_to_check(other) for other in rows):
        yield msg("%(code)s 在职业目录里还待核，证书和拟晋升名单上不印编码", code=code)


def _sure(named: Sequence[Occupation]) -> Iterator[Occupation]:
    """Find occupations whose code is known and stands in no later edition otherwise."""
    return (row for row in named if not is_to_check(row) and not row.newer)


def _without_code(
    occupation: event_types.Occupation, key: str, named: Sequence[Occupation]
) -> Iterator[Message]:
    sure = next(_sure(named), None)
    if sure is not None:
        yield _code_words(sure)
    elif named:
        yield msg("“%(name)s”的编码在职业目录里也还待核", name=occupation.name)
    elif (row := _with_track(key)) is not None:
        yield _is_track(occupation, row)
    else:
        yield msg("职业目录里没有“%(name)s”。名称写对了就不用管", name=occupation.name)


def _elsewhere(
    occupation: event_types.Occupation, code: str, named: Sequence[Occupation]
) -> Iterator[Message]:
    """Say where the name stands, if it does not stand under that code."""
    other = next((row for row in named if row.code and row.code != code and not row.newer), None)
    if other is not None:
        yield _code_words(other)
    elif not named and (row := _with_track(same_name_key(occupation.name))) is not None:
        yield _is_track(occupation, row)


def _code_words(row: Occupation) -> Message:
    return msg(
        "职业目录里“%(name)s”的编码是 %(code)s（%(edition)s 年版）",
        name=row.name,
        code=row.code,
        edition=row.edition,
    )


def _is_track(occupation: event_types.Occupation, row: Occupation) -> Message:
    return msg(
        "“%(name)s”是“%(occupation)s”的工种：职业写 %(occupation)s，工种写 %(name)s",
        name=occupation.name,
        occupation=row.name,
    )


def _later_edition(row: Occupation) -> Message:
    later = next((other for other in _with_code(row.newer) if other.edition > row.edition), None)
    if later is None:
        return msg(
            "%(code)s 是 %(edition)s 年版的编码，后来改成 %(newer)s",
            code=row.code,
            edition=row.edition,
            newer=row.newer,
        )
    return msg(
        "%(code)s 是 %(edition)s 年版的编码，%(later)s 年版改成 %(newer)s %(name)s",
        code=row.code,
        edition=row.edition,
        later=later.edition,
        newer=later.code,
        name=later.name,
    )


def _with_code(code: str) -> Sequence[Occupation]:
    if not code:
        return ()
    query = select(Occupation).where(stands(), Occupation.code == code)
    return db.session.scalars(query.order_by(Occupation.edition.desc())).all()


def _with_name(key: str) -> Sequence[Occupation]:
    query = select(Occupation).where(stands(), Occupation.name_key == key)
    return db.session.scalars(query.order_by(Occupation.edition.desc(), Occupation.id)).all()


def _with_track(key: str) -> Occupation | None:
    rows, _total = find_occupations(key, limit=_LOOKED_AT)
    return next(
        (row for row in rows if key in {same_name_key(track) for track in row.tracks}), None
    )


def _newer_of(rows: Sequence[Occupation]) -> dict[int, Occupation]:
    codes = {row.newer for row in rows if row.newer}
    if not codes:
        return {}
    query = select(Occupation).where(stands(), Occupation.code.in_(codes))
    later = db.session.scalars(query.order_by(Occupation.edition)).all()
    return {
        row.id: newer
        for row in rows
        for newer in later
        if newer.code == row.newer and newer.edition > row.edition
    }


def _rank(term: str, text: str, letters: str | None) -> int | None:
    """Rank a term's fit: 0 begins so, 1 its pinyin does, 2 somewhere within; None not at all."""
    plain = typed_text(term)
    if plain.startswith(text):
        return 0
    if letters is not None:
        keys = term_keys(term)
        if any(key.startswith(letters) for key in keys):
            return 1
        if any(letters in key for key in keys):
            return 2
    return 2 if text in plain else None
