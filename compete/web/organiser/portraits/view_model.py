"""Many photos in words: whose each file is, and who has none."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.values.messages import Message
from compete.models import Competition, PortraitUpload
from compete.services.registration.portrait_zip import (
    PhotoStatus,
    PlannedPhoto,
    PortraitPlan,
    portrait_plan_mark,
    waiting_portraits,
)
from compete.services.registration.portraits import count_portraits, people_without_portrait
from compete.sheets.photo_zip import MIB, MOST_FILES, MOST_UNPACKED
from compete.web.language import say
from compete.web.organiser.portraits.shapes import (
    LackingPerson,
    PhotoRow,
    ZipFilter,
    ZipPage,
    ZipPreview,
)
from compete.web.organiser.shapes import Link, competition_link
from compete.web.paging import describe_page

PAGE_SIZE = 100
MOST_NAMED = 60
# What the form around the file takes at most.
_FORM_BYTES = 4096
_ICONS = {
    "all": "equals",
    "added": "plus",
    "changed": "pencil",
    "same": "check",
    "asked": "warn",
    "refused": "ban",
}


def largest() -> str:
    """How large an upload may be."""
    return f"{current_app.config['MAX_CONTENT_LENGTH'] // MIB} MB"


def zip_page(competition: Competition, by: int, problem: str | None) -> ZipPage:
    """The page on which a zip is chosen."""
    counts, code = count_portraits(competition), competition.code
    waiting = waiting_portraits(competition, by)
    return ZipPage(
        competition=competition_link(competition),
        have=counts.have,
        lacking=[
            LackingPerson(
                code=who.code,
                name=who.name,
                url=url_for("organiser.person", code=code, who=who.entrant),
            )
            for who in people_without_portrait(competition, MOST_NAMED)
        ],
        lacking_count=counts.lack,
        problem=problem,
        limit=largest(),
        limit_bytes=current_app.config["MAX_CONTENT_LENGTH"] - _FORM_BYTES,
        most_files=MOST_FILES,
        most_mb=MOST_UNPACKED // MIB,
        upload_url=url_for("organiser.portraits", code=code),
        waiting=Link(
            label=waiting.filename or _photos(len(waiting.files)),
            url=url_for("organiser.preview_portraits", code=code, upload_id=waiting.id),
        )
        if waiting is not None
        else None,
    )


def zip_preview(upload: PortraitUpload, plan: PortraitPlan, shown: str, number: int) -> ZipPreview:
    """What the zip would do, file by file, the refused ones first."""
    competition, code = upload.competition, upload.competition.code
    rows = [photo for photo in plan.photos if shown in ("all", photo.status)]
    return ZipPreview(
        competition=competition_link(competition),
        filename=upload.filename or None,
        files=len(plan.photos),
        filters=[
            ZipFilter(
                key=key,
                word=_word(key),
                icon=icon,
                count=len(plan.photos) if key == "all" else plan.count(PhotoStatus(key)),
                url=url_for(
                    "organiser.preview_portraits",
                    code=code,
                    upload_id=upload.id,
                    show=None if key == "all" else key,
                ),
                current=shown == key,
            )
            for key, icon in _ICONS.items()
        ],
        rows=_rows(upload, rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]),
        page=describe_page(
            len(rows),
            number,
            PAGE_SIZE,
            "organiser.preview_portraits",
            code=code,
            upload_id=upload.id,
            show=None if shown == "all" else shown,
        ),
        writable=plan.count(PhotoStatus.ADDED) + plan.count(PhotoStatus.CHANGED),
        refused=plan.count(PhotoStatus.REFUSED),
        asked=plan.count(PhotoStatus.ASKED),
        lacking=len(plan.lacking),
        upload_url=url_for("organiser.portraits", code=code),
        write_url=url_for(
            "organiser.write_portrait_zip",
            code=code,
            upload_id=upload.id,
            plan=portrait_plan_mark(plan),
        ),
        discard_url=url_for("organiser.discard_portrait_zip", code=code, upload_id=upload.id),
    )


def _photos(count: int) -> str:
    return ngettext("%(num)s 张照片", "%(num)s 张照片", count)


def shown_kind(asked: str) -> str:
    """Which files the page is to show; all of them for what is unknown."""
    return asked if asked in _ICONS else "all"


def _rows(upload: PortraitUpload, photos: Sequence[PlannedPhoto]) -> list[PhotoRow]:
    code = upload.competition.code
    return [
        PhotoRow(
            number=photo.number,
            file=photo.file,
            state=photo.status.value,
            picture=url_for(
                "organiser.zipped_portrait", code=code, upload_id=upload.id, number=photo.number
            )
            if photo.has_picture
            else None,
            people=[f"{who.code} {who.name}" for who in photo.whose],
            why=say(photo.why) if isinstance(photo.why, Message) else None,
        )
        for photo in photos
    ]


def _word(key: str) -> str:
    words = {
        "all": _("全部"),
        "added": _("新增"),
        "changed": _("换掉原来的"),
        "same": _("不变"),
        "asked": _("要问"),
        "refused": _("要改"),
    }
    return words[key]
