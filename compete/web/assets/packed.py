"""Answers with files of our own that browsers may keep: zipped, and named by their content."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Response, jsonify, request

_FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=256)
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


def packed_page(html: str) -> Response:
    """A page, zipped where the browser takes that; a slow line then has a third to carry.

    Not where the address says more than its path: what stands there is shown on
    the page, and the zipped length could be made to tell what else stands on it.
    """
    body = html.encode()
    zipped = request.accept_encodings.quality("gzip") > 0 and not request.query_string
    response = Response(gzip.compress(body, 6, mtime=0) if zipped else body, mimetype="text/html")
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def packed_data(data: Mapping[str, Any]) -> Response:
    """JSON, zipped if the browser takes that; no part of the question may stand in it."""
    response = jsonify(data)
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def packed(body: bytes, mimetype: str, *, current: bool) -> Response:
    """`body` as the answer, zipped where the browser takes that.

    `current` says that the address names this very content: then it may be kept
    for ever. Else the page that asks is older than the program, and must ask again.
    """
    zipped = request.accept_encodings.quality("gzip") > 0
    response = Response(_zipped(body) if zipped else body, mimetype=mimetype)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _FOR_EVER if current else "no-cache"
    return response
