"""Many photos: chosen, looked at, written or not."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import ImportState
from compete.domain.values.upload_limits import LARGEST_ZIP_UNPACKED, MIB
from compete.models import Competition, PortraitUpload
from compete.services.kernel.refusal import Refused, invalid
from compete.services.registration.portrait_zip import (
    PhotoStatus,
    discard_portraits,
    find_portrait_file,
    find_portrait_upload,
    keep_portraits,
    plan_portraits,
    portrait_plan_mark,
    waiting_portraits,
    write_portraits,
)
from compete.services.registration.portraits import count_portraits, people_without_portrait
from compete.sheets.photo_zip import MOST_FILES, PhotoZipError
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.pages import or_404
from compete.web.paging import asked_page, describe_page
from compete.web.portraits import send_portrait
from compete.web.posted import posted_numbers
from compete.web.refusals import problem_of, refusal_on
from compete.web.upload_limit_words import limit_words, most_bytes_of_a_file

PAGE_SIZE = 100
MOST_NAMED = 60


def _words() -> dict[str, str]:
    """Return the words by the kind of file, in the order of the page."""
    return {
        "all": _("全部"),
        "added": _("新增"),
        "changed": _("换掉原来的"),
        "same": _("不变"),
        "asked": _("要问"),
        "refused": _("要改"),
    }


@face.route("/<code>/photos", methods=["GET", "POST"])
@guard.may(Right.REGISTER)
@only_once
@refusal_on(lambda competition, refused: _page(competition, problem_of(refused)))
def portraits(competition: Competition) -> ResponseReturnValue:
    """Show who has a photo and who has none; take a zip or several photos in."""
    if request.method != "POST":
        return _page(competition)
    files = (file for file in request.files.getlist("photos") if file.filename)
    sent = [(file.filename or "", file.stream.read()) for file in files]
    if not sent:
        raise invalid(msg("还没选文件"))
    try:
        upload = keep_portraits(competition, sent, current_user)
    except PhotoZipError as error:
        raise invalid(error.message) from None
    code, number = competition.code, upload.id
    return redirect(url_for("organiser.preview_portraits", code=code, upload_id=number))


@guard.may(Right.REGISTER)
def refuse_large_zip(competition: Competition) -> ResponseReturnValue:
    """The page again, for a file over the limit."""
    problem = _("文件太大了，一次最多 %(limit)s，分几次传", limit=limit_words())
    return _page(competition, problem), 413


def _page(competition: Competition, problem: str | None = None) -> str:
    """The page on which a zip is chosen."""
    return render_template(
        "organiser/registration/portraits/upload.html",
        competition=competition,
        counts=count_portraits(competition),
        lacking=people_without_portrait(competition, MOST_NAMED),
        problem=problem,
        limit=limit_words(),
        limit_bytes=most_bytes_of_a_file(),
        most_files=MOST_FILES,
        most_mb=LARGEST_ZIP_UNPACKED // MIB,
        waiting=waiting_portraits(competition, current_user.id),
    )


@face.get("/<code>/photos/<int:upload_id>")
@guard.may(Right.REGISTER)
def preview_portraits(competition: Competition, upload_id: int) -> ResponseReturnValue:
    """Preview what the zip would do, file by file, the refused ones first; nothing is written."""
    upload = _upload(competition, upload_id)
    if upload.state is not ImportState.PREVIEWED:
        return _done_already(competition)
    plan, number, shown = plan_portraits(upload), asked_page(), request.args.get("show")
    shown = shown if shown in _words() else "all"
    rows = [photo for photo in plan.photos if shown in ("all", photo.status)]
    return render_template(
        "organiser/registration/portraits/preview.html",
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


@face.get("/<code>/photos/<int:upload_id>/<int:number>.jpg")
@guard.may(Right.REGISTER)
def zipped_portrait(competition: Competition, upload_id: int, number: int) -> Response:
    """Send one photo of a zip that waits."""
    return send_portrait(find_portrait_file(_upload(competition, upload_id), number))


@face.post("/<code>/photos/<int:upload_id>/write")
@guard.may(Right.REGISTER)
@only_once
def write_portrait_zip(competition: Competition, upload_id: int) -> ResponseReturnValue:
    """Keep every photo that is somebody's, in one transaction."""
    if _upload(competition, upload_id).state is not ImportState.PREVIEWED:
        return _done_already(competition)
    sure = posted_numbers("sure")
    try:
        kept = write_portraits(upload_id, request.args.get("plan", ""), current_user, sure)
    except Refused as refused:
        flash(say(refused.message), "warn")
        return redirect(
            url_for("organiser.preview_portraits", code=competition.code, upload_id=upload_id)
        )
    flash(ngettext("存了 %(num)s 张照片", "存了 %(num)s 张照片", kept), "ok")
    return _to_page(competition)


@face.post("/<code>/photos/<int:upload_id>/discard")
@guard.may(Right.REGISTER)
def discard_portrait_zip(competition: Competition, upload_id: int) -> ResponseReturnValue:
    """Keep none of them."""
    if _upload(competition, upload_id).state is not ImportState.PREVIEWED:
        return _done_already(competition)
    discard_portraits(upload_id, current_user)
    flash(_("没有写入"), "info")
    return _to_page(competition)


def _done_already(competition: Competition) -> ResponseReturnValue:
    flash(_("这批照片已经处理过了，照片就是现在这样"), "info")
    return _to_page(competition)


def _to_page(competition: Competition) -> ResponseReturnValue:
    return redirect(url_for("organiser.portraits", code=competition.code))


def _upload(competition: Competition, upload_id: int) -> PortraitUpload:
    return or_404(find_portrait_upload(competition, upload_id))
