"""The session cookie: a random id, signed, and the token of the pages' forms.

Whose it is and how long it holds is written on the server alone
(`accounts.begin_session`): a cookie that was copied ends with its session.

Calls of the tablets' scripts come all day long. They get no new cookie unless
the session changed, and a cookie that was proved genuine once is not proved
again: both cost as much as finding out whose it is.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import timedelta
from typing import Any

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

_MOST = 4096
SIGNED_FOR = timedelta(days=40)
"""How long a cookie is kept and believed to be ours: longer than any session holds."""


class Sessions(SecureCookieSessionInterface):
    """As Flask has it, with a short way for the calls below `/api/`."""

    def __init__(self) -> None:
        self._proved: OrderedDict[str, tuple[dict[str, Any], float]] = OrderedDict()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the request's cookie, or an empty one."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie or not request.path.startswith("/api/"):
            return super().open_session(app, request)
        found = self._proved.get(cookie) or self._prove(app, cookie)
        if found is None:
            return self.session_class()
        values, signed_at = found
        if time.time() - signed_at > app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        return self.session_class(values)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this answer carries the cookie."""
        if request.path.startswith("/api/") and not session.modified:
            return False
        return super().should_set_cookie(app, session)

    def _prove(self, app: Flask, cookie: str) -> tuple[dict[str, Any], float] | None:
        """What the cookie says and since when, if we signed it; kept for its next call."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            values, signed_at = serializer.loads(cookie, return_timestamp=True)
        except BadSignature:
            return None
        self._proved[cookie] = values, signed_at.timestamp()
        while len(self._proved) > _MOST:
            self._proved.popitem(last=False)
        return self._proved.get(cookie)
