"""Correcting who somebody is: a name or an ID number, at any time, on record with its reason."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from compete.domain.identity import IdentityError, Paper, check_paper
from compete.domain.values import msg
from compete.models import Account, Entrant, db
from compete.services.kernel import (
    Refusal,
    Refused,
    audit,
    for_update,
    local_today,
    reason_text,
    unit_of_work,
)
from compete.services.registration.people_seals import seal_people
from compete.services.registration.pinyin import name_key
from compete.services.registration.preview import id_key
from compete.sheets.registration.texts import tidy_name

_BIRTH_TOLD = (Paper.CITIZEN_ID, Paper.RESIDENCE_PERMIT)


def correct_identity(
    entrant: Entrant, *, name: str, id_number: str, reason: str, by: Account
) -> None:
    """Write another name or ID number down for somebody; both as they are to be from now on.

    Nothing that was issued or published changes by it. Raises `Refused` (INVALID)
    without a reason, for a number that cannot be right, and where nothing
    changes; (CONFLICT) for a number that another of the event has.
    """
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("更正要写原因"), kind=Refusal.INVALID)
    tidied, _note = tidy_name(name)
    if not tidied:
        raise Refused(msg("请写姓名"), kind=Refusal.INVALID)
    with unit_of_work() as session:
        competition = for_update(entrant.competition)
        session.refresh(entrant)
        number = _checked(entrant, id_number)
        was = {"name": entrant.name}
        if (tidied, number) == (entrant.name, entrant.id_number):
            raise Refused(msg("和现在的一样，没有要更正的"), kind=Refusal.INVALID)
        changed = {"name": entrant.name != tidied, "id_number": entrant.id_number != number}
        entrant.name, entrant.name_key = tidied, name_key(tidied)
        if changed["id_number"] and number is not None:
            paper = Paper(entrant.id_type)
            entrant.id_number, entrant.id_hash = number, id_key(paper, number)
            if paper in _BIRTH_TOLD:
                entrant.birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        session.flush()
        audit.record(
            competition,
            by,
            "entrant.correct",
            entrant.code,
            before=was,
            after={
                "name": entrant.name,
                "id_number": changed["id_number"],
                "people": seal_people(competition),
            },
            reason=reason,
        )


def _checked(entrant: Entrant, text: str) -> str | None:
    """The number as it is kept; an empty field leaves the one that is there."""
    if not text.strip():
        return entrant.id_number
    paper = Paper(entrant.id_type)
    try:
        number = check_paper(paper, text, today=local_today())
    except IdentityError as error:
        raise Refused(error.message, kind=Refusal.INVALID) from None
    other = db.session.scalar(
        select(Entrant).where(
            Entrant.event_id == entrant.event_id,
            Entrant.id_hash == id_key(paper, number),
            Entrant.id != entrant.id,
        )
    )
    if other is not None:
        raise Refused(msg("这个号码是 %(code)s %(name)s 的", code=other.code, name=other.name))
    return number
