"""The page that takes marks a tablet could not send."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.aspects.clock_times import told_time
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_PACKAGE
from compete.models import Competition
from compete.services.closing.unproven_files import read_file_as_paper
from compete.services.judging.offline_package import (
    join_codes,
)
from compete.services.judging.package_intake import (
    UnprovenError,
    require_bringer,
    take_package,
)
from compete.services.kernel.refusal import Refused
from compete.services.sheets.act_rules import ActIn, kept_number
from compete.web import guard
from compete.web.headers import with_camera
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.refusals import status_of


def _value(act: ActIn) -> str:
    words = {
        "submit": _("提交"),
        "clear": _("改回没评"),
        "note": _("备注"),
        "comment": _("评语"),
        "watch_start": _("开始计时"),
    }
    if act.kind in words:
        return words[act.kind]
    if isinstance(act.value, bool):
        return _("合格") if act.value else _("不合格")
    value = "" if act.value is None else str(act.value)
    if act.kind == "watch_stop":
        return _("停表 %(value)s", value=_time_words(value))
    if act.kind == "watch_correct":
        return _("更正为 %(value)s", value=_time_words(value))
    return value


def _time_words(value: str) -> str:
    """Show a time as people read it; other content of a file as it stands."""
    seconds = kept_number(value)
    return value if seconds is None else say(told_time(seconds))


@face.route("/<code>/handover", methods=["GET", "POST"])
@guard.may(Right.BRING)
@only_once
def handover(competition: Competition) -> ResponseReturnValue:
    """Upload the file, or scan or paste the codes; then what became of each act."""
    require_bringer(competition, current_user)
    problem, status, handed, read = None, 200, None, None
    codes = request.form.get("codes", "")
    if request.method == "POST":
        try:
            data = _sent(codes)
            try:
                handed = take_package(competition, data, current_user)
            except UnprovenError as unproven:
                read = read_file_as_paper(competition, unproven.package, data, current_user)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
    page = render_template(
        "organiser/judging/offline_package.html",
        problem=problem,
        codes=codes if problem else "",
        handed=handed,
        read=read,
        told=_value,
    )
    return with_camera((page, status))


def _sent(codes: str) -> bytes:
    """The file, or what the codes are pieces of."""
    file = request.files.get("package")
    if file is not None and file.filename:
        return file.stream.read(LARGEST_PACKAGE + 1)
    return join_codes(codes)
