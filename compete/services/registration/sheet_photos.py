"""Photos that lie in a list of people: each is offered to the person of its row.

At the desk they wait as photos do that are sent one by one, are looked at, and kept where somebody
says yes. A unit's go to its drafts, where its contact looks at them before anybody is handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compete.domain.values.messages import Message, listed, msg
from compete.models import Account, Application, Competition, PortraitUpload
from compete.services.kernel.refusal import Refused
from compete.services.registration.portrait_zip import keep_portraits
from compete.services.registration.portraits import NONE_YET, portrait_of, put_unit_portrait
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.workbook.pictures import picture_of


def pictures_in(content: bytes, parts: Mapping[int, str]) -> dict[int, bytes]:
    """The pictures of a workbook by the row beside which they lie, by the parts that they are."""
    pictures = {row: picture_of(content, part) for row, part in parts.items()}
    return {row: picture for row, picture in pictures.items() if picture is not None}


def people_of(plan: RegistrationPlan) -> list[tuple[int, str, str]]:
    """The row, the code and the name of everybody whom a plan writes or finds on the list."""
    return [
        (row.number, row.registration.code, row.registration.name)
        for row in plan.rows
        if row.registration is not None
    ]


def offer_photos(
    competition: Competition,
    pictures: Mapping[int, bytes],
    people: Iterable[tuple[int, str, str]],
    by: Account,
) -> PortraitUpload | None:
    """Keep the pictures of these people's rows until somebody says which are kept; None: none.

    Raises as `keep_portraits`.
    """
    sent = [(f"{code} {name}", pictures[row]) for row, code, name in people if row in pictures]
    return keep_portraits(competition, sent, by) if sent else None


def put_sheet_photos(
    sent: Sequence[tuple[Application, bytes]], by: Account
) -> tuple[int, list[Message]]:
    """Put pictures to people a unit entered who have none; how many, and why not others."""
    there: list[str] = []
    why_not: list[Message] = []
    put = 0
    for application, picture in sent:
        name = application.name
        if portrait_of(application) is not None:
            there.append(name)
            continue
        try:
            put_unit_portrait(application, picture, NONE_YET, by)
        except Refused as refused:
            why_not.append(msg("%(name)s：%(what)s", name=name, what=refused.message))
        else:
            put += 1
    if there:
        why_not.append(msg("%(names)s已经有照片，没有换", names=listed(there)))
    return put, why_not
