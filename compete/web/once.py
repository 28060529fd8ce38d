"""Forms that make something, made once: each bears a key of its page.

`token()` of the templates writes the key into every form. What makes something says `@only_once`;
the same form sent again (two presses, a slow line, the way back) leads where the first one led.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from secrets import token_hex
from typing import Any, TypeVar

from flask import (
    Flask,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from compete.models import db
from compete.services.kernel.submissions import (
    SubmittedBeforeError,
    keep_answer,
    submission_led_to,
    submitted_once,
)
from compete.services.kernel.transactions import unit_of_work
from compete.web.errors import by_script, way_back

View = TypeVar("View", bound=Callable[..., Any])
FIELD = "once"
_NO_PART = frozenset({"csrf_token"})
# The first may still be on its way to its own answer.
_WAITS = 3.0
_LOOKS_EVERY = 0.05


def only_once(view: View) -> View:
    """Mark a view that makes something or steps back each time; it stands below the guard."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        digest = _digest() if request.method == "POST" else None
        if digest is None:
            return current_app.ensure_sync(view)(*args, **kwargs)
        answer = None
        # What the first one took up (a file that waited) is no longer there to be looked at.
        if submission_led_to(digest)[0]:
            return _as_before(digest)
        try:
            with submitted_once(digest) as claim:
                try:
                    response = make_response(current_app.ensure_sync(view)(*args, **kwargs))
                    answer = (response.location or "") if response.status_code < 400 else None
                    return response
                finally:
                    if claim.stored:
                        with unit_of_work() as session:
                            keep_answer(session, digest, answer)
        except SubmittedBeforeError:
            return _as_before(digest)

    wrapper.__dict__["only_once"] = True
    return wrapper  # type: ignore[return-value]


def page_key() -> str:
    """The key that the forms of this page bear; what each says tells them apart."""
    if FIELD not in g:
        g.once = token_hex(12)
    return str(g.once)


def _digest() -> str | None:
    """Return a digest of the key, the sender, the address and the form; None without a key."""
    key = request.form.get(FIELD)
    if not key:
        return None
    digest = sha256()
    parts = [key, str(session.get("_user_id", "")), request.path]
    for name, text in request.form.items(multi=True):
        if name not in _NO_PART:
            parts += [name, text]
    for name, file in request.files.items(multi=True):
        parts += [name, file.filename or "", _file_digest(file)]
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


def _file_digest(file: FileStorage) -> str:
    read = sha256()
    while piece := file.stream.read(1 << 16):
        read.update(piece)
    file.stream.seek(0)
    return read.hexdigest()


def _as_before(digest: str) -> ResponseReturnValue:
    """Lead to the first call's page; or to the one it came from if that was never known."""
    until = time.monotonic() + _WAITS
    while True:
        db.session.rollback()
        known, answer = submission_led_to(digest)
        if answer is not None or not known or time.monotonic() >= until:
            break
        time.sleep(_LOOKS_EVERY)
    flash(_("这一份刚才已经收到，没有再做一遍。"), "info")
    onward = answer or way_back() or url_for("auth.account")
    if request.headers.get("Prefer") == "return=minimal":
        return "", 204
    return jsonify(url=onward) if by_script() else redirect(onward)


def init_app(app: Flask) -> None:
    """Give the templates the key that `token()` writes."""
    app.jinja_env.globals["page_key"] = page_key
