"""The session cookie: a random id, signed. Its hours: config.py; its owner: accounts/sessions.

Whose it is and how long it holds is written on the server alone
(`accounts.begin_session`): a cookie that was copied ends with its session.

An answer carries the cookie only where its session changed. One that carried it each
time would undo what an answer beside it wrote, such as what a form said on being saved,
whenever it came later.

Calls of the tablets' scripts come all day long: a cookie that was proved genuine once is
not proved again, which costs as much as finding out whose it is.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.http import parse_cookie

from compete.web.problems import is_for_systems

_MOST = 4096
# Tablets send our cookies alone; who sends more must not fill the memory with it.
_LONGEST = 1000
_Proved = tuple[dict[str, Any], float]
SIGNED_FOR = timedelta(days=40)
"""The time a cookie is kept and believed to be ours: longer than any session holds."""


class Sessions(SecureCookieSessionInterface):
    """The sessions as Flask has them, with a short way for the calls below `/api/`."""

    def __init__(self) -> None:
        self._proved: OrderedDict[str, _Proved] = OrderedDict()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the request's cookie, or an empty one."""
        if is_for_systems(request):
            # Other systems come with a token alone.
            return self.session_class({})
        header = request.environ.get("HTTP_COOKIE")
        if not header or not request.path.startswith("/api/"):
            return super().open_session(app, request)
        return self.session_class(self.said_by(app, header) or {})

    def said_by(self, app: Flask, header: str | None) -> Mapping[str, Any] | None:
        """Read the session's cookie from a header `Cookie`, if we signed it and it is ours yet.

        For calls below `/api/`.
        """
        if not header:
            return None
        proved = self._proved.get(header) or self._prove(app, header)
        if proved is None:
            return None
        values, signed_at = proved
        if time.time() - signed_at > app.permanent_session_lifetime.total_seconds():
            return None
        return values

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Say whether this answer carries the cookie."""
        return session.modified and not is_for_systems(request)

    def _prove(self, app: Flask, header: str) -> _Proved | None:
        """Read the cookie and its time, if we signed it; kept for the header's next call."""
        serializer = self.get_signing_serializer(app)
        cookie = parse_cookie(header).get(self.get_cookie_name(app))
        if serializer is None or not cookie:
            return None
        try:
            values, signed_at = serializer.loads(cookie, return_timestamp=True)
        except BadSignature:
            return None
        proved: _Proved = values, signed_at.timestamp()
        if len(header) <= _LONGEST:
            self._proved[header] = proved
            while len(self._proved) > _MOST:
                self._proved.popitem(last=False)
        return proved
