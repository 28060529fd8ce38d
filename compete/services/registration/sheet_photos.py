"""Photos that lie in a list of people: each is offered to the person of its row.

They wait as photos do that are sent one by one, are looked at, and kept where somebody says yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compete.models import Account, Competition, PortraitUpload
from compete.services.registration.portrait_zip import keep_portraits
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
