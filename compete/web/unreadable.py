"""Headers that nobody can read are as if they had not been sent.

Anybody can send `Host: a..b` or `Referer: http://[`. What would read them, here and in
libraries, raises, and every such request would be a fault with a page of log.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ReadableHeaders:
    """Stands behind what knows the host that a proxy was asked for."""

    def __init__(self, whole: WSGIApplication) -> None:
        self._whole = whole

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Take the unreadable ones out, and hand the request on."""
        came = environ.get("HTTP_REFERER")
        if came and not _is_address(came):
            del environ["HTTP_REFERER"]
        if "HTTP_HOST" in environ and not _is_host(get_host(environ)):
            del environ["HTTP_HOST"]
        return self._whole(environ, start_response)


def _is_address(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


def _is_host(text: str) -> bool:
    """Whether it is one as addresses are built of it."""
    try:
        text.lower().encode("idna")
        urlsplit(f"//{text}")
    except ValueError:
        return False
    return True
