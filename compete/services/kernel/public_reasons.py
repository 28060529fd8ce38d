"""Version notes and public reasons: words that everybody reads; nobody is named in them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import select

from compete.domain.bundle.types import Bundle
from compete.domain.identity.masks import mask_name, mask_numbers, shown_name
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.models import (
    Certificate,
    Competition,
    Entrant,
    Examinee,
    Member,
    Publication,
    db,
)
from compete.services.kernel.refusal import invalid
from compete.services.kernel.versions import remembered

_KEY = "named_in_notes"


class _Named(NamedTuple):
    """Names that no page for everybody has whole, the longest first."""

    people: list[tuple[str, str]]
    """Codes and names of all who take part, also names of before a correction."""
    former: list[tuple[str, str]]
    """Of these the names of before a correction."""
    others: list[str]
    """Names of who takes no part: of judges, and of those who hold a grade on other grounds."""


def check_nobody_named(competition: Competition, note: str) -> None:
    """Raise `Refused` (INVALID) for a whole name that public pages mask, or a judge's.

    A crew's name is nobody's; of its members each is looked for. So is the name that was
    published, or certified, before a correction.
    """
    squeezed, named = _squeezed(note), _named(competition)
    for code, name in named.people:
        if competition_kind(competition).tells_passed_alone and (
            _without(note, code) != note or _is_in(name, squeezed)
        ):
            raise invalid(
                msg(
                    "谁都看得到，没合格的人不公布：不要写“%(who)s”，写“更正了 1 人的成绩”这样的话",
                    who=name if _is_in(name, squeezed) else code,
                )
            )
        if _is_in(name, squeezed) and shown_name(name, code) != name:
            raise invalid(
                msg(
                    "谁都看得到，公布页上遮住姓名：不要写“%(name)s”，写参赛号 %(code)s",
                    name=name,
                    code=code,
                )
            )
    judges = _judges(competition)
    for name in named.others:
        if not _is_in(name, squeezed):
            continue
        if name in judges:
            raise invalid(msg("谁都看得到：不要写裁判的姓名“%(name)s”，写“裁判”", name=name))
        raise invalid(msg("谁都看得到：不要写姓名“%(name)s”", name=name))


def masked_words(text: str, competition: Competition) -> str:
    """A text for everybody: names as public pages show them, and in an evaluation nobody at all.

    ID numbers and phones in it are masked.

    Who did not pass an evaluation stands on no public list, so a number would tell of it.
    """
    unnamed, named = competition_kind(competition).tells_passed_alone, _named(competition)
    for code, name in named.people:
        text = _replaced(text, name, _SOMEBODY if unnamed else shown_name(name, code))
        if unnamed:
            text = _without(text, code)
    for name in named.others:
        text = _replaced(text, name, mask_name(name))
    return mask_numbers(text)


def with_former_names_masked(bundle: Bundle, competition: Competition) -> Bundle:
    """The public form with its reasons masked where they tell a name of before a correction.

    Whose name is registered now is masked in it already.
    """
    former = _named(competition).former
    if not former:
        return bundle

    def clean(text: str | None) -> str | None:
        for code, name in former:
            text = text and _replaced(text, name, shown_name(name, code))
        return text

    def beside(extra: dict[str, Any] | None) -> dict[str, Any] | None:
        reason = extra.get("reason") if extra else None
        return {**extra, "reason": clean(reason)} if extra and isinstance(reason, str) else extra

    return replace(
        bundle,
        marks=tuple(replace(it, extra=beside(it.extra)) for it in bundle.marks),
        outcomes=tuple(replace(it, reason=clean(it.reason)) for it in bundle.outcomes),
        penalties=tuple(replace(it, reason=clean(it.reason)) for it in bundle.penalties),
        times=tuple(replace(it, extra=beside(it.extra)) for it in bundle.times),
        playoffs=tuple(replace(it, reason=clean(it.reason) or "") for it in bundle.playoffs),
    )


def public_note(publication: Publication) -> str:
    """The public note on a version; empty for the first."""
    if publication.version == 1 or not publication.note:
        return ""
    return masked_words(publication.note, publication.competition)


_SOMEBODY = "某考生"


def _without(text: str, code: str) -> str:
    """The text with somebody in the stead of a code; a part of a longer number stays."""
    pieces, at = [], 0
    while (start := text.find(code, at)) >= 0:
        end = start + len(code)
        beside = text[start - 1 : start] + text[end : end + 1]
        longer = any(sign.isascii() and sign.isalnum() for sign in beside)
        pieces.append(text[at:start] + (code if longer else _SOMEBODY))
        at = end
    return "".join(pieces) + text[at:]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _is_in(name: str, squeezed: str) -> bool:
    """True if a whole name stands in a text without spaces; one letter is no name."""
    plain = _squeezed(name)
    return len(plain) > 1 and plain in squeezed


def _replaced(text: str, name: str, shown: str) -> str:
    """The text with what is shown of a name in its stead, however it is spaced out."""
    plain, squeezed = _squeezed(name), _squeezed(text)
    if len(plain) <= 1 or plain not in squeezed:
        return text
    places = [place for place, sign in enumerate(text) if not sign.isspace()]
    pieces, end, at = [], 0, 0
    while (start := squeezed.find(plain, at)) >= 0:
        at = start + len(plain)
        pieces += [text[end : places[start]], shown]
        end = places[at - 1] + 1
    return "".join(pieces) + text[end:]


def _named(competition: Competition) -> _Named:
    return remembered(competition, _KEY, lambda: _all_named(competition))


def _all_named(competition: Competition) -> _Named:
    people = _people_now(competition)
    known = {name for _code, name in people}
    alone = {code for code, _name in people}
    # Of who bore it before and who bears it now, the code is that of the latter.
    before = dict.fromkeys([*_published_before(competition), *_certified(competition)])
    former = [row for row in before if row[0] in alone and row[1] not in known]
    examinees = db.session.scalars(
        select(Examinee.name).where(
            Examinee.competition_id == competition.id, Examinee.erased_at.is_(None)
        )
    )
    others = {*_judges(competition), *examinees} - known
    return _Named(
        sorted([*people, *former], key=lambda row: -len(row[1])),
        sorted(former, key=lambda row: -len(row[1])),
        sorted(others, key=len, reverse=True),
    )


def _judges(competition: Competition) -> set[str]:
    """The names of all who judge: no page for everybody has one whole.

    裁判一, as a judge is called who has said no name yet, is nobody's.
    """
    names = {judge.name for judge in competition.judges if len(judge.name) > 1}
    return {name for name in names if not name.startswith("裁判")}


def _people_now(competition: Competition) -> list[tuple[str, str]]:
    """List codes and names of all who take part, each of a crew."""
    alone = select(Entrant.code, Entrant.name).where(
        Entrant.competition_id == competition.id, ~Entrant.members.any()
    )
    crewed = select(Member.code, Member.name).where(Member.competition_id == competition.id)
    return [(code, name) for query in (alone, crewed) for code, name in db.session.execute(query)]


def _published_before(competition: Competition) -> Iterable[tuple[str, str]]:
    """The codes and names of every version, as they were on its day."""
    kept = db.session.scalars(
        select(Publication.names).where(
            Publication.competition_id == competition.id, Publication.names.is_not(None)
        )
    )
    for names in filter(None, kept):
        yield from json.loads(zlib.decompress(names)).items()


def _certified(competition: Competition) -> Iterable[tuple[str, str]]:
    """The codes and names of people on certificates, as they were issued."""
    query = (
        select(Entrant.code, Member.code, Certificate.face)
        .join(Entrant, Entrant.id == Certificate.entrant_id)
        .outerjoin(Member, Member.id == Certificate.member_id)
        .where(Certificate.competition_id == competition.id)
    )
    for entrant, member, face in db.session.execute(query):
        yield member or entrant, face.get("name", "")
