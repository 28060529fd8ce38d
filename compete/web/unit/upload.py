"""The unit's workbook: downloaded, looked at, made into drafts."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import ImportState
from compete.models import Competition
from compete.services.registration.applications import offer_for
from compete.services.registration.known_layouts import waiting_uploads
from compete.services.registration.unit_upload import (
    find_unit_batch,
    keep_unit_upload,
    plan_unit_upload,
    write_unit_upload,
)
from compete.services.registration.window import why_units_cannot_enter
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.draining import drain
from compete.web.errors import answer, sentence_for
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.registration.upload_pages import UploadPages, tell_row_counts
from compete.web.unit.blueprint import face, own_unit


@face.get("/<code>/workbook.xlsx")
@guard.may(Right.ENTER_OWN)
def workbook(competition: Competition) -> Response:
    """The empty registration workbook, in which this unit alone can be chosen."""
    from compete.sheets.registration.template import write_registration_workbook

    content = write_registration_workbook(offer_for(competition, own_unit()))
    return send_workbook(content, f"报名表_{_file_owner(competition)}.xlsx")


def _file_owner(competition: Competition) -> str:
    return f"{own_unit().name}_{competition.name}"


def _closed(competition: Competition) -> str | None:
    return say(why_units_cannot_enter(competition))


_PAGES = UploadPages(
    face=face,
    right=Right.ENTER_OWN,
    at="/<code>/upload",
    end="unit.home",
    closed=_closed,
    waiting=lambda competition: waiting_uploads(competition, own_unit()),
    keep=lambda *sent: keep_unit_upload(own_unit(), *sent),
    find=lambda _competition, batch_id: find_unit_batch(own_unit(), batch_id),
    plan=lambda batch: plan_unit_upload(batch, own_unit()),
    notices=lambda _competition, _added: [_("写入以后是草稿，勾上提交，组委会才看得到。")],
    whose=_file_owner,
)
_PAGES.hang()


@face.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """A file over the limit is refused before it is read, on the page it was sent from."""
    drain()
    if request.endpoint == "unit.upload":
        return _PAGES.refuse_large(**(request.view_args or {}))
    return answer(413, sentence_for(413))


@face.post("/<code>/upload/<int:batch_id>/write")
@guard.may(Right.ENTER_OWN)
@only_once
def write(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Every good row becomes a draft, in one transaction."""
    batch = _PAGES.batch_or_404(competition, batch_id)
    if batch.state is not ImportState.PREVIEWED:
        return _PAGES.done_already(batch)
    done = write_unit_upload(batch_id, own_unit(), request.args.get("plan", ""), current_user)
    plan = done.plan
    tell_row_counts(plan)
    if done.photos:
        flash(
            ngettext(
                "存了表里的 %(num)s 张照片，提交以前看看是不是本人",
                "存了表里的 %(num)s 张照片，提交以前看看是不是本人",
                done.photos,
            ),
            "info",
        )
    for why in done.no_photos:
        flash(_("照片没有存：%(why)s", why=say(why)), "warn")
    if plan.refused and plan.to_write:
        return redirect(_PAGES.url("preview", batch))
    return redirect(url_for("unit.home", code=competition.code))
