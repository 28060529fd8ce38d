"""Many photos in words: whose each file is, and who has none."""

from __future__ import annotations

from flask import current_app, render_template
from flask_babel import gettext as _

from compete.models import Competition, PortraitUpload
from compete.services.registration.portrait_zip import (
    PhotoStatus,
    PortraitPlan,
    portrait_plan_mark,
    waiting_portraits,
)
from compete.services.registration.portraits import count_portraits, people_without_portrait
from compete.sheets.photo_zip import MIB, MOST_FILES, MOST_UNPACKED
from compete.web.paging import describe_page

PAGE_SIZE = 100
MOST_NAMED = 60
# What the form around the file takes at most.
_FORM_BYTES = 4096


def largest() -> str:
    """How large an upload may be."""
    return f"{current_app.config['MAX_CONTENT_LENGTH'] // MIB} MB"


def zip_html(competition: Competition, by: int, problem: str | None) -> str:
    """The page on which a zip is chosen."""
    return render_template(
        "organiser/portraits/upload.html",
        competition=competition,
        counts=count_portraits(competition),
        lacking=people_without_portrait(competition, MOST_NAMED),
        problem=problem,
        limit=largest(),
        limit_bytes=current_app.config["MAX_CONTENT_LENGTH"] - _FORM_BYTES,
        most_files=MOST_FILES,
        most_mb=MOST_UNPACKED // MIB,
        waiting=waiting_portraits(competition, by),
    )


def preview_html(upload: PortraitUpload, plan: PortraitPlan, shown: str, number: int) -> str:
    """What the zip would do, file by file, the refused ones first."""
    rows = [photo for photo in plan.photos if shown in ("all", photo.status)]
    return render_template(
        "organiser/portraits/preview.html",
        competition=upload.competition,
        upload=upload,
        plan=plan,
        filters=[
            (key, word, len(plan.photos) if key == "all" else plan.count(PhotoStatus(key)))
            for key, word in _words().items()
        ],
        kind=shown,
        rows=rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        page=describe_page(
            len(rows),
            number,
            PAGE_SIZE,
            "organiser.preview_portraits",
            code=upload.competition.code,
            upload_id=upload.id,
            show=None if shown == "all" else shown,
        ),
        writable=plan.count(PhotoStatus.ADDED) + plan.count(PhotoStatus.CHANGED),
        refused=plan.count(PhotoStatus.REFUSED),
        asked=plan.count(PhotoStatus.ASKED),
        mark=portrait_plan_mark(plan),
    )


def shown_kind(asked: str) -> str:
    """Which files the page is to show; all of them for what is unknown."""
    return asked if asked in _words() else "all"


def _words() -> dict[str, str]:
    """By the kind of file, in the order of the page."""
    return {
        "all": _("全部"),
        "added": _("新增"),
        "changed": _("换掉原来的"),
        "same": _("不变"),
        "asked": _("要问"),
        "refused": _("要改"),
    }
