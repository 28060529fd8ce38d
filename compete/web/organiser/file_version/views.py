"""A competition begun under an earlier version of the file moves to the newest, on record."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.file_versions import move_to_newest
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.file_version.view_model import file_version_page
from compete.web.refusals import status_of


@face.route("/<code>/file-version", methods=["GET", "POST"])
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.SET_UP)
def file_version(competition: Competition) -> ResponseReturnValue:
    """By which version it goes, and what moving on would change."""
    if request.method == "POST":
        form = request.form
        reason = form.get("reason", "")
        try:
            move_to_newest(competition, reason, form.get("seen", ""), current_user)
        except Refused as refused:
            page = file_version_page(competition, say(refused.message), reason)
            return page, status_of(refused)
        flash(_("以后照竞赛文件第 2 版算"), "ok")
        return redirect(url_for("organiser.file_version"))
    return file_version_page(competition)
