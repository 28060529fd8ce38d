"""Somebody who is entered, as other systems read it."""

from __future__ import annotations

import msgspec
from flask_babel import gettext as _

from compete.domain.identity.masks import mask_name
from compete.models import Competition, Entrant
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.slot_order import slot_order
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.from_system import entrant_mark
from compete.web.api_v1.operations import Tagged, reads_people
from compete.web.problems import refuse


class EntrantOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody who is entered; `id_number` and `phone` for `people:read` alone.

    `session` and `station` are of their first place.
    """

    code: str
    name: str
    unit: str
    event: str
    state: str
    """`entered`, or `withdrawn`."""
    session: str | None
    station: str | None
    id_number: str | msgspec.UnsetType | None = msgspec.UNSET
    phone: str | msgspec.UnsetType | None = msgspec.UNSET


ENTRANT = {
    "code": "A01",
    "name": "赵*明",
    "unit": "一分厂",
    "event": "forklift",
    "state": "entered",
    "session": "第1场",
    "station": "2号工位",
}


def own_entrant(competition: Competition, code: str) -> Entrant:
    """Somebody of the competition, who may have withdrawn; else the request ends."""
    person = entrant_by_code(competition, code)
    if person is None:
        refuse(404, _("没有编号为“%(code)s”的人", code=code))
    return person


def entrant_answer(competition: Competition, person: Entrant) -> Tagged:
    """The answer about one, with the mark that who changes it must bring."""
    whole = reads_people(competition, count=1)
    gone = standing_withdrawal(person) is not None
    return Tagged(entrant_out(person, whole=whole, gone=gone), entrant_mark(person))


def entrant_out(entrant: Entrant, *, whole: bool, gone: bool = False) -> EntrantOut:
    """What is told of somebody; `whole` with the name, the ID number and the phone unmasked."""
    first = min(entrant.slots, key=slot_order, default=None)
    plain = EntrantOut(
        code=entrant.code,
        name=entrant.name,
        unit=entrant.unit.name,
        event=entrant.event.code,
        state="withdrawn" if gone else "entered",
        session=first.session if first is not None else None,
        station=first.station if first is not None else None,
    )
    if not whole:
        return msgspec.structs.replace(plain, name=mask_name(entrant.name))
    return msgspec.structs.replace(plain, id_number=entrant.id_number, phone=entrant.phone)
