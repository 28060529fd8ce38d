"""The register's lists: as a workbook, for the authority's system, and to be signed."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.certificates.authority_books import HANDING_OUT_BOOK, UPLOAD_BOOK
from compete.services.certificates.printing import HANDING_OUT
from compete.services.certificates.register import whole_register
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.finding import looked_for
from compete.web.organiser.certificates.register_rows import write_register
from compete.web.organiser.jobs.printing import print_or_follow


@face.get("/<code>/certificates/register.xlsx")
@guard.of_any_kind
@guard.may(Right.ISSUE)
def register_workbook(competition: Competition) -> Response:
    """The register, or what of it was looked for, as a workbook."""
    content = write_register(competition, *whole_register(competition, **looked_for()))
    return send_workbook(content, f"证书登记册_{competition.name}.xlsx")


@face.post("/<code>/certificates/upload.xlsx")
@guard.may(Right.ISSUE)
def upload_workbook(competition: Competition) -> ResponseReturnValue:
    """What the authority's system takes in; by a press, since whole ID numbers are recorded."""
    return print_or_follow(competition, UPLOAD_BOOK, f"证书上传数据_{competition.name}.xlsx")


@face.get("/<code>/certificates/handing-out.pdf")
@guard.may(Right.ISSUE)
def handing_out(competition: Competition) -> ResponseReturnValue:
    """The list on which grade certificates are signed for; those that stand, as all are printed."""
    filename = f"证书发放登记_{competition.name}.pdf"
    return print_or_follow(competition, HANDING_OUT, filename, kind="grade")


@face.get("/<code>/certificates/handing-out.xlsx")
@guard.may(Right.ISSUE)
def handing_out_workbook(competition: Competition) -> ResponseReturnValue:
    """The same list as a workbook."""
    return print_or_follow(competition, HANDING_OUT_BOOK, f"证书发放登记_{competition.name}.xlsx")
