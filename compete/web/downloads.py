"""Files that a page hands out."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_file_bytes(content: bytes, filename: str, mimetype: str, *, show: bool) -> Response:
    """A file with a name in any script; `show` lets the browser open it in place."""
    response = Response(content, mimetype=mimetype)
    how = "inline" if show else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(filename)}"
    return response


def send_workbook(content: bytes, filename: str) -> Response:
    """An Excel workbook, to be saved."""
    return send_file_bytes(content, filename, _XLSX, show=False)


def send_pdf(content: bytes, filename: str) -> Response:
    """A PDF, to be opened."""
    return send_file_bytes(content, filename, "application/pdf", show=True)


def send_json(content: bytes, filename: str) -> Response:
    """JSON, to be saved."""
    return send_file_bytes(content, filename, "application/json", show=False)
