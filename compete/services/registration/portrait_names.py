"""Whose a photo is, by the name of its file: a number of a paper, or the number on the badge."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.identity import Paper, mask_id
from compete.domain.values import Message, listed, msg
from compete.models import Competition, Entrant, Member, db
from compete.services.kernel import takes_part
from compete.services.registration.portraits import marks_of_people
from compete.services.registration.preview import id_key

_BETWEEN = re.compile(r"[\s_,，、;；()（）\[\]【】.。+&=~-]+")
_PLAIN = re.compile(r"[0-9A-Z]+")
_LONG_NUMBER = re.compile(r"[0-9]{14,17}[0-9Xx]")
_LEAST_PART = 3
"""A shorter part of a name may be any counting number: it speaks only as the whole name."""
_LEAST_PAPER = 5
"""No number of a paper is shorter."""
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class KnownHolder:
    """Somebody on the list who can have a photo, or a crew, which cannot."""

    kind: str
    """`entrant` or `member`."""
    number: int
    code: str
    name: str
    key: str | None
    """Of the ID number."""
    entrant: str
    """The code of the entrant: the own one, or the crew's."""
    crew: bool
    mark: str | None
    """Of the photo that is there."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant by the name of a file: one person, in several events at most, or nobody."""

    shown: str
    """The name, with numbers of papers masked."""
    whose: tuple[KnownHolder, ...] = ()
    why: Message | None = None
    """Why nobody can be said to be."""


def known_holders(competition: Competition) -> list[KnownHolder]:
    """Everybody who takes part and could be meant, by number; crews stand before their members."""
    marks = marks_of_people(competition)
    crews: dict[int, list[Member]] = defaultdict(list)
    for member in db.session.scalars(
        select(Member).where(Member.competition_id == competition.id).order_by(Member.position)
    ):
        crews[member.entrant_id].append(member)
    found = []
    for row in db.session.execute(
        select(Entrant.id, Entrant.code, Entrant.name, Entrant.id_hash)
        .where(Entrant.competition_id == competition.id, takes_part())
        .order_by(Entrant.code)
    ):
        members = crews.get(row.id, [])
        mark = marks.get(("entrant", row.id))
        found.append(
            KnownHolder(
                "entrant", row.id, row.code, row.name, row.id_hash, row.code, bool(members), mark
            )
        )
        found += [
            KnownHolder(
                "member",
                member.id,
                member.code,
                member.name,
                member.id_hash,
                row.code,
                False,
                marks.get(("member", member.id)),
            )
            for member in members
        ]
    return found


def holders_by_word(known: Sequence[KnownHolder]) -> dict[str, list[KnownHolder]]:
    """Who is meant by a number on a badge, or by the key of a number of a paper."""
    found: dict[str, list[KnownHolder]] = defaultdict(list)
    for who in known:
        found[_plain(who.code)].append(who)
        if who.key is not None:
            found[who.key].append(who)
    return found


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _stem(name: str) -> str:
    stem, dot, end = name.rpartition(".")
    return stem if dot and end.isalnum() and len(end) <= 5 else name


def _words(name: str) -> list[str]:
    """What may be a number in a file's name: the whole of it, then its parts."""
    stem = unicodedata.normalize("NFKC", _stem(name)).upper()
    parts = [*_BETWEEN.split(stem), *_PLAIN.findall(stem)]
    return list(dict.fromkeys(part for part in parts if _says_something(part)))[:_MOST_WORDS]


def _says_something(part: str) -> bool:
    """Not a counting number, as `照片 (2)` has one; `B2` is a number on a badge."""
    mixed = any(map(str.isalpha, part)) and any(map(str.isdigit, part))
    return mixed or len(part) >= _LEAST_PART


def _by_paper(word: str, by_word: dict[str, list[KnownHolder]]) -> list[KnownHolder]:
    if not _LEAST_PAPER <= len(word) <= 20:
        return []
    return [who for paper in Paper for who in by_word.get(id_key(paper, word), ())]


def meant_by_name(name: str, by_word: dict[str, list[KnownHolder]]) -> Meant:
    """Who is meant by a file's name, or why that is nobody, or several."""
    found: list[KnownHolder] = []
    papers: list[str] = []
    for words in ([_plain(_stem(name))], _words(name)):
        for word in words:
            of_paper = _by_paper(word, by_word)
            papers += [word] if of_paper else []
            found += [*by_word.get(word, ()), *of_paper]
        if found:
            break
    whose = tuple(dict.fromkeys(found))
    shown = _masked(unicodedata.normalize("NFKC", name), papers)
    if not whose:
        return Meant(shown, (), msg("名单里没有：文件名里要有证件号码或参赛号"))
    crew = next((who for who in whose if who.crew), None)
    if crew is not None:
        why = msg("%(code)s 是一组人，文件名要写成员自己的号码", code=crew.code)
        return Meant(shown, (), why)
    people = {who.key or f"{who.kind} {who.number}" for who in whose}
    if len(people) > 1:
        named = [msg("%(code)s %(name)s", code=who.code, name=who.name) for who in whose]
        return Meant(shown, (), msg("对上了 %(n)s 个人：%(who)s", n=len(people), who=listed(named)))
    return Meant(shown, whose)


def _masked(name: str, papers: Sequence[str]) -> str:
    """A file's name as it is shown: what is a number of a paper, or as long as one, is masked."""
    for number in papers:
        at = name.upper().find(number)
        if at < 0 or len(name.upper()) != len(name):
            return mask_id(number)
        name = name[:at] + mask_id(number) + name[at + len(number) :]
    return _LONG_NUMBER.sub(lambda long: mask_id(long[0]), name)
