"""Photos with a sheet: taken by its judge, kept for good, seen by that judge and the officials."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import func, select

from compete.domain.values.messages import msg
from compete.models import Account, Sheet, SheetPhoto, db
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import claimed, unit_of_work
from compete.services.sheets.act_rules import is_uuid, required_aspect
from compete.services.sheets.locks_in_force import require_open
from compete.services.sheets.photo_files import clean_picture, store_picture, stored_picture

MOST_PHOTOS = 40
"""Of one sheet."""


def keep_photo(
    sheet: Sheet,
    *,
    uuid: str,
    data: bytes,
    aspect: str | None,
    said_at: str | None,
    by: Account,
) -> SheetPhoto:
    """Keep a photo that the sheet's judge has taken.

    One whose UUID is stored already for this sheet is stored, and changes nothing but a file
    that was lost or spoilt since.
    Raises `Refused`: INVALID for a wrong UUID or aspect, CONFLICT once marks are locked
    or for a UUID used elsewhere, TOO_LARGE and WRONG_FORMAT as in `photo_files.clean_picture`.
    """
    if not is_uuid(uuid):
        raise invalid(msg("这一条的编号不对"))
    known = _same_photo(uuid, sheet)
    if known is not None:
        _mend(known, data)
        return known
    if aspect is not None:
        required_aspect(module_of_sheet(sheet), aspect)
    picture = clean_picture(data)
    # The picture first: a row without one would be worse than a picture without a row.
    store_picture(picture)
    with unit_of_work() as session:
        sheet, competition = claimed(sheet)
        known = _same_photo(uuid, sheet)
        if known is not None:
            return known
        require_open(competition, sheet.entrant, sheet.stage, sheet.module)
        count = session.scalar(
            select(func.count()).select_from(SheetPhoto).where(SheetPhoto.sheet_id == sheet.id)
        )
        if (count or 0) >= MOST_PHOTOS:
            raise Refused(msg("一张表最多 %(most)s 张照片", most=MOST_PHOTOS))
        photo = SheetPhoto(
            uuid=uuid,
            sheet_id=sheet.id,
            judge_id=sheet.judge_id,
            aspect=aspect,
            sha256=picture.sha256,
            size=len(picture.data),
            width=picture.width,
            height=picture.height,
            said_at=said_at[:40] if said_at else None,
        )
        session.add(photo)
        session.flush()
        after = {
            "judge": sheet.judge.code,
            "sheet": sheet.public_id,
            "aspect": aspect,
            "sha256": picture.sha256,
        }
        audit.record(competition, by, "photo.add", sheet.label, after=after)
    return photo


def photos_of(sheet: Sheet) -> list[SheetPhoto]:
    """The sheet's photos, oldest first."""
    query = select(SheetPhoto).where(SheetPhoto.sheet_id == sheet.id).order_by(SheetPhoto.id)
    return list(db.session.scalars(query))


def find_photo(sheet: Sheet, uuid: str) -> SheetPhoto | None:
    """The sheet's photo of that UUID, or None."""
    return db.session.scalar(
        select(SheetPhoto).where(SheetPhoto.sheet_id == sheet.id, SheetPhoto.uuid == uuid)
    )


def _same_photo(uuid: str, sheet: Sheet) -> SheetPhoto | None:
    photo = db.session.scalar(select(SheetPhoto).where(SheetPhoto.uuid == uuid))
    if photo is not None and photo.sheet_id != sheet.id:
        raise Refused(msg("这一条的编号已经用过了"))
    return photo


def _mend(photo: SheetPhoto, data: bytes) -> None:
    """Put the file right where it does not hold any more what it is named by."""
    if stored_picture(photo.sha256) is not None:
        return
    with suppress(Refused):
        picture = clean_picture(data)
        if picture.sha256 == photo.sha256:
            store_picture(picture)
