"""Files that a page hands out."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response, abort, flash
from flask_babel import gettext as _

from compete.documents.errors import LeftOut
from compete.documents.typesetting import PrintedFile
from compete.web.language import say

NAMED = 3
"""The most papers named on the page; all of them are on the file's last page."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_file_bytes(content: bytes, filename: str, mimetype: str, *, show: bool) -> Response:
    """A file with a name in any script; `show` lets the browser open it in place."""
    response = Response(content, mimetype=mimetype)
    disposition = "inline" if show else "attachment"
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(filename)}"
    return response


def send_workbook(content: bytes, filename: str) -> Response:
    """An Excel workbook, to be saved."""
    return send_file_bytes(content, filename, _XLSX, show=False)


def send_pdf(content: bytes, filename: str) -> Response:
    """A PDF, to be opened. Whom a printed file leaves out is said on the next page as well."""
    if isinstance(content, PrintedFile) and content.left_out:
        flash(_left_out_words(content.left_out), "warn")
    return send_file_bytes(content, filename, "application/pdf", show=True)


def _left_out_words(left_out: Sequence[LeftOut]) -> str:
    """Count the papers that are lacking or marked, and name the first, with their reasons."""
    named = _("；").join(say(omission.message) for omission in left_out[:NAMED])
    if len(left_out) > NAMED:
        return _(
            "刚才印的文件里有 %(count)s 处要看最后一页：%(named)s 等",
            count=len(left_out),
            named=named,
        )
    return _(
        "刚才印的文件里有 %(count)s 处要看最后一页：%(named)s", count=len(left_out), named=named
    )


_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


def send_document(content: bytes | None, media: str | None, name: str) -> Response:
    """A document as it was sent, to be saved; 404 for none and for what is no PDF or photo."""
    if content is None or media not in _ENDINGS:
        abort(404)
    return send_file_bytes(content, f"{name}.{_ENDINGS[media]}", media, show=False)


def send_json(content: bytes, filename: str) -> Response:
    """JSON, to be saved."""
    return send_file_bytes(content, filename, "application/json", show=False)
