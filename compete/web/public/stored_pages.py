"""Published pages: rendered once, compressed and stored; whoever asks next is handed that.

- A view whose page is of something published says so (`may_store`). Where the visitor
  brought no cookie, the answer is the same for everyone, and is stored as it goes out.
- `StoredPages` stands before Flask and hands it out: one look-up, no view, no template. What is
  in memory goes out before a thread is spent on SQLite, and elsewhere by one look for all who
  ask while another is on its way (`at_once`).
- A publication wakes a process that renders everybody's (`web/preparer.py`), so that a hall of
  phones finds them ready.

Who has a cookie (signed in, other colours, another language) is answered by Flask.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, current_app, g, request, session
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from compete.language import FIRST
from compete.models import Competition, Publication, db, utc_now
from compete.server.at_once import LOOKED
from compete.services.appeals.appeal_states import next_window_end
from compete.services.kernel.clock import local_zone
from compete.services.kernel.rows_by_number import get_row
from compete.services.kernel.versions import Version
from compete.services.results.result_stands import stands_of
from compete.services.results.stored_pages import Answer, Asked, Shelf, store_answers
from compete.web import headers, request_ids
from compete.web.api.rate_limit import RateLimit
from compete.web.language import asked_for
from compete.web.public.page_preparation import wake_preparer
from compete.web.public.release import release_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


MOST_A_MINUTE = 60_000
"""The rate of one address: a hall of five hundred sits behind it."""

KEPT_BY_WHO_ASKED = "private, no-cache"
"""The visitor's own browser keeps it and asks each time whether it still stands."""

VARIES = "Accept-Language, Accept-Encoding, Cookie"
STORED = ("/c/", "/p/")
_WITHOUT_QUERY = "/c/"
_NAMED = ("page", "event", "see", "version")
"""The parameters in a stored page's address, in the order of our links."""
PREPARING = "compete.prepared"
"""The key in a request's environment that collects rendered pages, to be stored later."""
_SHELF = "compete.shelf"
_READING = ("GET", "HEAD")
_LONGEST_QUERY = 200
_log = logging.getLogger("compete.pages")
_limit = RateLimit(MOST_A_MINUTE)


@dataclass(frozen=True, slots=True)
class _Storable:
    """The facts a view gives of its page, before it reads anything."""

    competition_id: int
    version: Version
    until: datetime
    named: Mapping[str, frozenset[str]]
    """The values that the address may name, each written in its one way."""


def may_store(
    version: Version,
    publication: Publication,
    *changes_at: datetime | None,
    named: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Note that the page is the same for all without a cookie, until the next of these moments.

    `version` is the competition's from before anything of the page was read. Days are
    named by how near they are, so midnight is one of the moments. `named` is what else the
    address may say: of which parameter which values.
    """
    now = utc_now()
    midnight = (now.astimezone(local_zone()) + timedelta(days=1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    stands = stands_of(publication.competition).values()
    moments = (
        *changes_at,
        publication.notice_until,
        publication.appeals_until,
        *(stand.notice_until for stand in stands),
        # From then on a decision cannot be taken further, and the result is no longer flagged.
        next_window_end(publication.competition),
    )
    until = min([midnight, *(at for at in moments if at is not None and at >= now)])
    # Anything else that somebody writes there would be a row of its own, without end.
    may_name = {
        "event": frozenset(event.code for event in publication.competition.events),
        "version": frozenset({str(publication.version)}),
        **{name: frozenset(values) for name, values in (named or {}).items()},
    }
    g.storable = _Storable(publication.competition_id, version, until, may_name)


def store(response: Response) -> Response:
    """Store an answer that may be; the visitor's browser may keep it either way."""
    storable: _Storable | None = g.get("storable")
    if storable is None or response.status_code != 200 or "Cookie" in request.headers:
        return response
    if any(value not in storable.named.get(name, ()) for name, value in request.args.items()):
        return response
    address = _address(request.path, request.query_string.decode("latin-1"))
    # Who was given a session meanwhile has a page of their own.
    if address is None or session.modified or request.method not in _READING:
        return response
    body = response.get_data()
    kept = [
        (name, value)
        for name, value in response.headers
        if name in ("Content-Type", "Content-Disposition")
    ]
    if headers.is_unsearched() and not request.path.startswith(headers.HIDDEN):
        # Who asks for a stored page is not asked whose it is.
        kept.append(headers.UNSEARCHED)
    tag = hashlib.sha256(body).hexdigest()[:32]
    asked = _page_key(current_app, request.headers.get("Accept-Language", ""), address)
    seq, hash_, _works = storable.version
    answer = Answer(
        asked.key,
        storable.competition_id,
        seq,
        hash_,
        storable.until.timestamp(),
        tag,
        kept,
        gzip.compress(body, 6, mtime=0),
    )
    prepared: list[Answer] | None = request.environ.get(PREPARING)
    if prepared is not None:
        prepared.append(answer)
    else:
        _keep(answer)
    response.headers["Cache-Control"] = KEPT_BY_WHO_ASKED
    response.headers["Vary"] = VARIES
    response.set_etag(tag, weak=True)
    response.make_conditional(request)
    return response


def _keep(answer: Answer) -> None:
    """Store it, if that can be done: the reader is answered all the same."""
    try:
        competition = get_row(Competition, answer.competition_id)
        store_answers(competition, release_of(current_app), [answer])
        wake_preparer(competition)
    except Exception:
        # A full disk, or others who write for too long.
        db.session.rollback()
        _log.exception("a page could not be stored")


def _address(path: str, query: str) -> str | None:
    """Write a page's address in its one way; None for one that is not stored."""
    if not query:
        return path
    if len(query) > _LONGEST_QUERY or path.startswith(_WITHOUT_QUERY):
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _value in pairs]
    plain = urlencode(pairs) == query and names == [name for name in _NAMED if name in names]
    return f"{path}?{query}" if plain and all(value for _name, value in pairs) else None


class StoredPages:
    """The layer before the application, as WSGI has it, behind the one that knows the address."""

    def __init__(self, app: Flask, whole: WSGIApplication) -> None:
        self._app, self._whole = app, whole

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand out what is stored, or hand the request on."""
        asked = self._wanted_key(environ)
        if asked is not None and _limit.take(environ.get("REMOTE_ADDR", "")):
            answer = self._answer(asked)
            if answer is not None:
                return _sent(answer, environ, start_response)
        return self._whole(environ, start_response)

    def at_once(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        """Hand out what is in memory, as it is stored (`server.at_once`).

        On SQLite this waits for nobody. Elsewhere those who are answered together wait for a look.
        """
        shelf: Shelf | None = self._app.extensions.get(_SHELF)
        asked = self._wanted_key(environ)
        if shelf is None or asked is None or not _takes_gzip(environ):
            return None
        looked = environ.get(LOOKED)
        answer = shelf.at_hand(asked) if looked is None else shelf.find(asked, looked)
        if answer is None or not _limit.take(environ.get("REMOTE_ADDR", "")):
            return None
        return _sent(answer, environ, start_response)

    def _wanted_key(self, environ: WSGIEnvironment) -> Asked | None:
        """Return the key of the wanted page; None if nothing can be stored of it."""
        if (
            not environ["PATH_INFO"].startswith(STORED)
            or environ["REQUEST_METHOD"] not in _READING
            or "HTTP_COOKIE" in environ
            or environ.get("SCRIPT_NAME")
        ):
            return None
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        address = _address(path, environ.get("QUERY_STRING", ""))
        if address is None:
            return None
        return _page_key(self._app, environ.get("HTTP_ACCEPT_LANGUAGE", ""), address)

    def _answer(self, asked: Asked) -> Answer | None:
        try:
            shelf: Shelf | None = self._app.extensions.get(_SHELF)
            answer = shelf.find(asked) if shelf is not None else None
            if answer is not None:
                return answer
            with self._app.app_context():
                return shelf_of(self._app).fetch(asked)
        except Exception:
            # What is stored is a short way, nothing more: Flask answers, or meets the same fault.
            _log.exception("a stored page could not be read")
            return None


def shelf_of(app: Flask) -> Shelf:
    """The installation's stored answers, as this process keeps them."""
    shelf: Shelf | None = app.extensions.get(_SHELF)
    if shelf is None:
        # Two that come at once make one each, and the first stays.
        shelf = cast(Shelf, app.extensions.setdefault(_SHELF, Shelf(db.engine)))
    return shelf


def _page_key(app: Flask, languages: str, address: str) -> Asked:
    """Return the key of an answer, for storing it and for handing it out."""
    return Asked(release_of(app), asked_for(languages) or FIRST.code, address)


def _takes_gzip(environ: WSGIEnvironment) -> bool:
    return _names_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=256)
def _names_gzip(header: str) -> bool:
    return parse_accept_header(header, Accept).quality("gzip") > 0


def _sent(
    answer: Answer, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    tag = f'W/"{answer.tag}"'
    fields = [
        *headers.EVERYWHERE,
        ("Cache-Control", KEPT_BY_WHO_ASKED),
        ("Vary", VARIES),
        ("ETag", tag),
        (request_ids.HEADER, request_ids.name_of(environ)),
    ]
    if environ["PATH_INFO"].startswith(headers.HIDDEN):
        fields.append(headers.UNSEARCHED)
    kept = environ.get("HTTP_IF_NONE_MATCH", "")
    if answer.tag in kept or kept == "*":
        start_response("304 NOT MODIFIED", fields)
        return []
    body = answer.body
    if _takes_gzip(environ):
        fields.append(("Content-Encoding", "gzip"))
    else:
        body = gzip.decompress(body)
    start_response("200 OK", [*answer.headers, *fields, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
