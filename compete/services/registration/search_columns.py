"""Search of contestants in long lists: by name, pinyin, first letters, unit, number."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from compete.models import Competition, Entrant, Member, Unit, db
from compete.services.directory.search_columns import TAIL, tail_key
from compete.services.kernel.participants import takes_part
from compete.services.kernel.prefix_search import begins
from compete.sheets.texts import tidy_name

_WORD_STARTS = ("", "% ", "%-", "%'", "%’", "%·", "%.")
"""As patterns: what stands before a word of a name in Latin letters."""


def sought(competition: Competition, typed: str) -> ColumnElement[bool]:
    """The condition, over entrants, of who is meant by what was typed.

    The name or a part of it, its pinyin (in one or word by word) or first letters, the number
    that the list gives, the unit, or the last four signs of the ID number. Members of a crew
    find the crew.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    of_this = Entrant.competition_id == competition.id
    crew = Member.competition_id == competition.id
    units = select(Unit.id).where(
        Unit.competition_id == competition.id, Unit.name.contains(text, autoescape=True)
    )
    ways = [
        select(Entrant.id).where(of_this, Entrant.unit_id.in_(units)),
        *(
            select(Entrant.id).where(of_this, begins(Entrant.code, code))
            for code in dict.fromkeys((text, text.upper(), text.lower()))
        ),
    ]
    if text.isascii():
        plain = "".join(sign for sign in text.casefold() if sign.isalnum())
        if plain:
            for column in (Entrant.spoken, Entrant.initials):
                ways.append(select(Entrant.id).where(of_this, begins(column, plain)))
            for column in (Member.spoken, Member.initials):
                ways.append(select(Member.entrant_id).where(crew, begins(column, plain)))
        if any(sign.isalpha() for sign in text) and not any(sign.isdigit() for sign in text):
            # Names in Latin letters by any of their words; pinyin by the given name's.
            words = "% ".join(_escaped(word) for word in text.split())
            starts = [f"{start}{words}%" for start in _WORD_STARTS]
            key = (_like(Entrant.name_key, start) for start in starts)
            ways.append(select(Entrant.id).where(of_this, or_(*key)))
            named = (_like(Member.name, start) for start in starts)
            ways.append(select(Member.entrant_id).where(crew, or_(*named)))
        if len(text) == TAIL:
            tail = tail_key(competition.id, text)
            ways.append(select(Entrant.id).where(of_this, Entrant.id_tail == tail))
            ways.append(select(Member.entrant_id).where(crew, Member.id_tail == tail))
    else:
        # The key ends with the name, and its index is small beside the rows. The dot between the
        # parts of a name is typed as another sign, or not at all.
        plain = tidy_name(text)[0].replace("·", "")
        part = func.replace(Entrant.name_key, "·", "").contains(plain, autoescape=True)
        ways.append(select(Entrant.id).where(of_this, part))
        named = func.replace(Member.name, "·", "").contains(plain, autoescape=True)
        ways.append(select(Member.entrant_id).where(crew, named))
    first, *others = ways
    return Entrant.id.in_(first.union(*others))


def count_everybody(competition: Competition) -> int:
    """Count the people who take part, those of a crew each by themselves."""
    here = (Entrant.competition_id == competition.id, takes_part())
    entrants = db.session.scalar(select(func.count(Entrant.id)).where(*here)) or 0
    in_crews = (
        select(func.count(Member.id), func.count(func.distinct(Member.entrant_id)))
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(*here)
    )
    members, crews = db.session.execute(in_crews).one()
    return int(entrants - crews + members)


def _like(column: Any, pattern: str) -> ColumnElement[bool]:
    """The condition that a column is like a pattern, whatever the case."""
    if db.session.get_bind().dialect.name == "sqlite":
        # Which minds no case of Latin letters anyway, and need not fold a hundred thousand keys.
        return column.like(pattern, escape="\\")  # type: ignore[no-any-return]
    return column.ilike(pattern, escape="\\")  # type: ignore[no-any-return]


def _escaped(text: str) -> str:
    for character in "\\%_":
        text = text.replace(character, "\\" + character)
    return text
