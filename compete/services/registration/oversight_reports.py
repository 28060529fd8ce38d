"""Reports of who oversees a session (督导记录): written by them, with photos; never changed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.documents.dates import printed_date, printed_time
from compete.documents.room_papers import Report, render_reports
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Message, Translate, msg
from compete.domain.values.numerals import whole_number
from compete.models import Account, Competition, OversightReport, db, utc_now
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time
from compete.services.kernel.fields import Setting
from compete.services.kernel.installation import fonts
from compete.services.kernel.refusal import FieldRefused, Refused, invalid
from compete.services.kernel.transactions import afterwards, changing
from compete.services.registration.document_files import (
    forget_sealed,
    read_sealed,
    store_sealed,
)
from compete.services.sheets.photo_files import clean_picture

REPORTED = "plan.report"
MOST_PHOTOS = 6


class ReportFields(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a report besides where and photos."""

    text: Annotated[
        str,
        Setting(
            msg("看到什么"),
            msg("秩序、违纪、设备，怎么处理的；没有异常也写一句"),
            most=2000,
            lines=True,
            needed=msg("写看到什么"),
        ),
    ]


def reports_of(competition: Competition) -> Sequence[OversightReport]:
    """List the reports of all sessions, by day, in the order in which they were written."""
    query = (
        select(OversightReport)
        .where(OversightReport.competition_id == competition.id)
        .options(joinedload(OversightReport.room), joinedload(OversightReport.maker))
        .order_by(OversightReport.day, OversightReport.id)
    )
    return db.session.scalars(query).all()


def add_report(
    competition: Competition, place: str, typed: ReportFields, photos: Sequence[bytes], by: Account
) -> OversightReport:
    """Keep what somebody who oversees saw; `place` is `day|session|room`, of no room for all.

    Raises `Refused`: INVALID for a place that is none and too many photos, TOO_LARGE or
    WRONG_FORMAT for what is no photo; `StoreAwayError`.
    """
    day_text, _bar, rest = place.partition("|")
    session, _bar, room = rest.rpartition("|")
    try:
        day = date.fromisoformat(day_text)
    except ValueError:
        raise invalid(msg("先选哪一场")) from None
    if not session:
        raise invalid(msg("先选哪一场"))
    photos = [photo for photo in photos if photo]
    if len(photos) > MOST_PHOTOS:
        raise FieldRefused("photos", msg("一次最多 %(most)s 张照片", most=MOST_PHOTOS))
    clean = [_cleaned(photo, number) for number, photo in enumerate(photos, 1)]
    # Before anything is claimed: a store that answers late holds nobody else up.
    key: bytes | None = None
    files: list[str] = []
    kept: list[dict[str, object]] = []
    for picture, sha256 in clean:
        sealed = store_sealed(picture, key)
        key = sealed.key
        files.append(sealed.file)
        kept.append({"file": sealed.file, "sha256": sha256, "size": len(picture)})
    try:
        with changing(competition) as competition:
            row = OversightReport(
                public_id=secrets.token_hex(16),
                competition_id=competition.id,
                day=day,
                session=session,
                room_id=whole_number(room) or None,
                text=typed.text,
                photos=kept,
                file_key=key,
                made_by=by.id,
            )
            db.session.add(row)
            db.session.flush()
            after = {
                "session": session,
                "day": day.isoformat(),
                "room": row.room.name if row.room else "",
                "photos": [it["sha256"] for it in kept],
            }
            audit.record(competition, by, REPORTED, competition.code, after=after)
    except Refused:
        forget_sealed(*files)
        raise
    return row


def _cleaned(photo: bytes, number: int) -> tuple[bytes, str]:
    try:
        picture = clean_picture(photo)
    except Refused as refused:
        why = msg("第 %(n)s 张：%(why)s", n=number, why=refused.message)
        raise FieldRefused("photos", why) from None
    return picture.data, picture.sha256


def report_of_key(competition: Competition, public_id: str) -> OversightReport | None:
    """A report by the key in its address."""
    own = OversightReport.competition_id == competition.id
    return db.session.scalar(
        select(OversightReport).where(own, OversightReport.public_id == public_id)
    )


def photo_of_report(report: OversightReport, number: int) -> bytes | None:
    """A photo of a report, counted from 1; None where it has none, or it was erased."""
    if report.file_key is None or not 1 <= number <= len(report.photos):
        return None
    return read_sealed(report.photos[number - 1]["file"], report.file_key)


def erase_reports(competition: Competition) -> None:
    """Erase what reports say and show; who reported when stays. In a unit of work."""
    for row in reports_of(competition):
        if row.erased_at is not None:
            continue
        files = [photo["file"] for photo in row.photos]
        row.text, row.photos, row.file_key, row.erased_at = None, [], None, utc_now()
        afterwards(lambda files=files: forget_sealed(*files))  # type: ignore[misc]
    db.session.flush()


def report_words(report: OversightReport) -> Message | str:
    """What a report says, with how many photos, for the record of a room."""
    text = report.text or ""
    if not report.photos:
        return msg("%(who)s：%(text)s", who=report.maker.name, text=text)
    return msg(
        "%(who)s：%(text)s（照片 %(n)s 张，印在督导记录上）",
        who=report.maker.name,
        text=text,
        n=len(report.photos),
    )


OVERSIGHT = "oversight"
"""The paper of all reports."""


def _all(asked: Asked) -> list[int]:
    return [row.id for row in reports_of(asked.competition) if row.erased_at is None]


@printed_as(OVERSIGHT, at_once=20, portion=40, keys=_all)
def print_reports(asked: Asked, rows: Sequence[int]) -> PrintedFile:
    """Print these reports with their photos. Raises `Refused` while there are none."""
    wanted, competition = set(rows), asked.competition
    reports = [row for row in reports_of(competition) if row.id in wanted]
    if not reports:
        raise Refused(msg("还没有督导记录"))
    at = printed_time(local_time(utc_now()), asked.translate)
    return render_reports(
        [_printed(row, asked.translate) for row in reports],
        title=msg("督导记录"),
        of=competition.name,
        foot=msg("%(at)s 打印", at=at).render(asked.translate),
        fonts=fonts(),
        translate=asked.translate,
        author=competition.issuer,
        day=reports[0].day,
    )


def _printed(row: OversightReport, translate: Translate) -> Report:
    photos = (photo_of_report(row, number) for number in range(1, len(row.photos) + 1))
    where = (printed_date(row.day, translate), row.session, row.room.name if row.room else "")
    return Report(
        where="　".join(filter(None, where)),
        text=[line for line in (row.text or "").splitlines() if line.strip()],
        who=f"{row.maker.name} {printed_time(local_time(row.made_at), translate)}",
        photos=[photo for photo in photos if photo is not None],
    )
