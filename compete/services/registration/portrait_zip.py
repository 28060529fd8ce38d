"""Many photos at once, in a zip or not: matched by the names of the files, shown, then written.

A file is named by an ID number, the number on the badge or the person's name; more may stand
beside it. What is nobody's, or could be two people's, is said and not written; what is not
certain is asked, and written where somebody says yes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import IMPORT_MOVES, ImportState, move
from compete.models import (
    Account,
    Competition,
    Entrant,
    Member,
    PortraitFile,
    PortraitUpload,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.portrait_names import (
    HolderBook,
    KnownHolder,
    Meant,
    known_holders,
    meant_by_name,
    only_counted,
)
from compete.services.registration.portraits import (
    FAULTS,
    PortraitFault,
    keep_picture,
    try_portrait,
)
from compete.sheets.photo_zip import FileFault, is_photo, read_photos


class PhotoStatus(StrEnum):
    """The effect that writing would have on a file."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    ASKED = "asked"
    REFUSED = "refused"


_FIRST = {PhotoStatus.REFUSED: 0, PhotoStatus.ASKED: 1}
"""The order: what is not written as it is stands first."""


@dataclass(frozen=True, slots=True)
class PlannedPhoto:
    """A file: whose it is, or why it is nobody's."""

    number: int
    file: str
    """Its name; numbers of papers in it are masked."""
    status: PhotoStatus
    whose: tuple[KnownHolder, ...] = ()
    """Several where one person stands in several events."""
    why: Message | None = None
    has_picture: bool = True


@dataclass(frozen=True, slots=True)
class PortraitPlan:
    """The plan of all files, refused ones first, and of people who would still have no photo."""

    photos: Sequence[PlannedPhoto]
    lacking: Sequence[KnownHolder]

    def count(self, status: PhotoStatus) -> int:
        """Count the files in this state."""
        return sum(photo.status is status for photo in self.photos)


def keep_portraits(
    competition: Competition, sent: Sequence[tuple[str, bytes]], by: Account
) -> PortraitUpload:
    """Take one zip apart, or single photos, and keep them until somebody says write or not.

    `sent` are names with what the files hold. One upload waits at a time for each person.
    Raises `PhotoZipError` for what is refused whole, `Refused` (CONFLICT) after too many in a day.
    """
    files = [
        PortraitFile(
            name=f"{entry.folder}/{entry.name}".lstrip("/"),
            **_portrait_columns(entry.data, entry.fault),
        )
        for entry in read_photos(sent)
    ]
    with changing(competition) as competition:
        _require_few_today(by)
        while earlier := waiting_portraits(competition, by.id):
            _end(earlier, ImportState.DISCARDED)
        upload = PortraitUpload(
            competition_id=competition.id,
            filename=_zip_name(sent),
            made_by=by.id,
        )
        db.session.add(upload)
        db.session.flush()
        for file in files:
            file.upload_id = upload.id
        db.session.add_all(files)
        after = {"upload": upload.id, "files": len(files)}
        audit.record(competition, by, "portrait.upload", competition.code, after=after)
    return upload


def _zip_name(sent: Sequence[tuple[str, bytes]]) -> str:
    """The name of the zip; empty for single photos: most are called by an ID number."""
    name, content = sent[0]
    if len(sent) > 1 or is_photo(content):
        return ""
    return "".join(character for character in name if character.isprintable())[-200:]


def _require_few_today(by: Account) -> None:
    """A zip may be large. Raises `Refused` (CONFLICT) after as many as may be in a day."""
    most = config_here().uploads_per_day
    today = select(func.count(PortraitUpload.id)).where(
        PortraitUpload.made_by == by.id, PortraitUpload.made_at > utc_now() - timedelta(days=1)
    )
    if (db.session.scalar(today) or 0) >= most:
        raise Refused(msg("一个账号一天最多传 %(most)s 批照片，明天再传", most=most))


def find_portrait_upload(competition: Competition, upload_id: int) -> PortraitUpload | None:
    """A zip of this competition, or None."""
    upload = db.session.get(PortraitUpload, upload_id)
    return upload if upload is not None and upload.competition_id == competition.id else None


def find_portrait_file(upload: PortraitUpload, number: int) -> bytes | None:
    """The picture of one file of a zip that waits, or None."""
    query = select(PortraitFile.picture).where(
        PortraitFile.id == number, PortraitFile.upload_id == upload.id
    )
    return db.session.scalar(query)


def plan_portraits(upload: PortraitUpload) -> PortraitPlan:
    """Plan whose each file is, by the list as it stands. Raises `Refused` once it was decided."""
    if upload.state is not ImportState.PREVIEWED:
        raise Refused(msg("这批照片已经处理过了，请重新上传"))
    known = known_holders(upload.competition)
    book = HolderBook(known, [event.name for event in upload.competition.events])
    counted = only_counted((file.name for file in upload.files), book)
    pairs = [
        (file, meant_by_name(file.name, book, counted=file.name in counted))
        for file in upload.files
    ]
    names_of: dict[tuple[str, int], list[str]] = defaultdict(list)
    for file, meant in pairs:
        for holder in meant.whose if file.fault is None and meant.doubt is None else ():
            names_of[_id(holder)].append(meant.masked_name)
    photos = [_planned(file, meant, names_of) for file, meant in pairs]
    photos.sort(key=lambda photo: _FIRST.get(photo.status, len(_FIRST)))
    shown = {
        _id(holder) for photo in photos if photo.status not in _FIRST for holder in photo.whose
    }
    lacking = [
        holder
        for holder in known
        if not holder.crew and holder.mark is None and _id(holder) not in shown
    ]
    return PortraitPlan(photos, lacking)


def portrait_plan_mark(plan: PortraitPlan) -> str:
    """The mark that tells one plan from another, 16 hex digits."""
    rows = [
        (photo.number, photo.status, [(who.kind, who.number, who.mark) for who in photo.whose])
        for photo in plan.photos
    ]
    return short_mark(rows)


def write_portraits(upload_id: int, seen: str, by: Account, sure: Collection[int] = ()) -> int:
    """Keep every photo that is somebody's, in one transaction; `seen` is the plan's mark.

    Of those that are asked about, those in `sure`. Returns how many were kept. Raises `Refused`
    (CONFLICT) where it was decided already, would do something else by now, or two photos of one
    person would be kept.
    """
    upload = db.session.get_one(PortraitUpload, upload_id)
    with changing(upload.competition, upload) as competition:
        plan = plan_portraits(upload)
        if portrait_plan_mark(plan) != seen:
            raise Refused(msg("名单或照片刚被别人改过，请再看一遍"))
        pictures: dict[str, str] = {}
        before: dict[str, str] = {}
        kept = [
            photo
            for photo in plan.photos
            if photo.status in (PhotoStatus.ADDED, PhotoStatus.CHANGED)
            or (photo.status is PhotoStatus.ASKED and photo.number in sure)
        ]
        for photo in kept:
            picture = find_portrait_file(upload, photo.number)
            assert picture is not None
            for who in photo.whose:
                if who.code in pictures:
                    twice = msg("%(code)s %(name)s 有 2 张，只勾一张", code=who.code, name=who.name)
                    raise Refused(twice)
                portrait = keep_picture(competition, _holder(who), picture, "zip", by)
                pictures[who.code] = portrait.sha256
                if who.mark is not None:
                    before[who.code] = who.mark
            db.session.flush()
        _end(upload, ImportState.WRITTEN)
        was = {"photos": before} if before else None
        after = {"upload": upload.id, "codes": sorted(pictures), "photos": pictures}
        subject = competition.code
        audit.record(competition, by, "portrait.import", subject, before=was, after=after)
    return len(kept)


def discard_portraits(upload_id: int, by: Account) -> None:
    """Drop a zip; nothing of it was or will be written. Raises `MoveError` once it was decided."""
    upload = db.session.get_one(PortraitUpload, upload_id)
    with changing(upload.competition, upload) as competition:
        _end(upload, ImportState.DISCARDED)
        after = {"upload": upload.id}
        audit.record(competition, by, "portrait.discard", competition.code, after=after)


def waiting_portraits(competition: Competition, by: int) -> PortraitUpload | None:
    """The zip of this account that waits for a word, or None."""
    return db.session.scalar(
        select(PortraitUpload).where(
            PortraitUpload.competition_id == competition.id,
            PortraitUpload.made_by == by,
            PortraitUpload.state == ImportState.PREVIEWED,
        )
    )


def _portrait_columns(data: bytes | None, fault: FileFault | None) -> dict[str, bytes | str | None]:
    """The columns of a row on a file."""
    if data is None:
        return {"fault": PortraitFault(fault.value).value if fault else PortraitFault.BROKEN.value}
    picture = try_portrait(data)
    if isinstance(picture, PortraitFault):
        return {"fault": picture.value}
    return {"picture": picture, "sha256": hashlib.sha256(picture).hexdigest()}


def _id(who: KnownHolder) -> tuple[str, int]:
    return who.kind, who.number


def _holder(who: KnownHolder) -> Entrant | Member:
    if who.kind == "entrant":
        return db.session.get_one(Entrant, who.number)
    return db.session.get_one(Member, who.number)


def _end(upload: PortraitUpload, state: ImportState) -> None:
    """End the upload: what was shown of people is not kept longer than it is needed."""
    upload.state = move(upload.state, state, IMPORT_MOVES)
    upload.done_at = utc_now()
    db.session.execute(delete(PortraitFile).where(PortraitFile.upload_id == upload.id))
    db.session.expire(upload, ["files"])


def _planned(
    file: PortraitFile, meant: Meant, names_of: dict[tuple[str, int], list[str]]
) -> PlannedPhoto:
    why = meant.why
    if file.fault is not None:
        why = FAULTS[PortraitFault(file.fault)]
    twice = next(
        (names for who in meant.whose if len(names := names_of[who.kind, who.number]) > 1), None
    )
    if why is None and twice is not None:
        why = msg("这个人有 %(n)s 张：%(files)s，只留一张", n=len(twice), files=listed(twice))
    whose = meant.whose
    if why is not None:
        has_picture = file.fault is None
        return PlannedPhoto(
            file.id, meant.masked_name, PhotoStatus.REFUSED, whose, why, has_picture
        )
    if meant.doubt is not None:
        return PlannedPhoto(file.id, meant.masked_name, PhotoStatus.ASKED, whose, meant.doubt)
    marks = {who.mark for who in whose}
    if marks == {(file.sha256 or "")[:16]}:
        status = PhotoStatus.SAME
    else:
        status = PhotoStatus.ADDED if marks == {None} else PhotoStatus.CHANGED
    return PlannedPhoto(file.id, meant.masked_name, status, whose)
