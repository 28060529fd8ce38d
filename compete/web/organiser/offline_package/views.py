"""Where marks are brought that a tablet could not send."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.closing.brought_files import read_file_as_paper
from compete.services.judging.offline_package import MOST_PACKAGE_BYTES, join_codes
from compete.services.judging.taking_packages import UnprovenError, require_bringer, take_package
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.headers import with_camera
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.offline_package.view_model import describe_handed, describe_read
from compete.web.refusals import status_of


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
        "organiser/offline_package/offline_package.html",
        problem=problem,
        codes=codes if problem else "",
        handed=describe_handed(handed) if handed else None,
        read=None if read is None else describe_read(read),
    )
    return with_camera((page, status))


def _sent(codes: str) -> bytes:
    """The file, or what the codes are pieces of."""
    file = request.files.get("package")
    if file is not None and file.filename:
        return file.stream.read(MOST_PACKAGE_BYTES + 1)
    return join_codes(codes)
