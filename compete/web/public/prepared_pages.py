"""Making everybody's published page ready (in a process of its own: `web/preparer.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from flask import Flask, url_for
from werkzeug.test import EnvironBuilder

from compete.domain.kinds.kinds import competition_kind
from compete.language import LANGUAGES
from compete.models import Competition, db
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.rows_by_number import get_row
from compete.services.results.announced_periods import announced_periods
from compete.services.results.snapshots import read_snapshot
from compete.services.results.stored_pages import Answer, Asked, badge_tokens, store_answers
from compete.web.public.release import release_of
from compete.web.public.result_lists import result_addresses
from compete.web.public.results import hands_out_notice
from compete.web.public.stored_pages import PREPARING, shelf_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_TOGETHER = 50


def prepare_alone(app: Flask, competition_id: int) -> int:
    """Make ready what is not, unless another process is at it; how many pages were made."""
    with app.app_context(), worker_lock(competition_id, "pages") as mine:
        return prepare_pages(app, get_row(Competition, competition_id)) if mine else 0


def prepare_pages(app: Flask, competition: Competition) -> int:
    """Render and store whatever of the published pages is not there; how many were made."""
    code, release = competition.code, release_of(app)
    with app.test_request_context():
        paths = [
            *_result_pages(competition),
            url_for("public.bundle", code=code),
            url_for("public.results", code=code),
            *_notices(competition),
            *(url_for("public.contestant", token=token) for token in badge_tokens(competition)),
            *_labour_pages(competition),
        ]
    made, shelf = 0, shelf_of(app)
    for language in LANGUAGES.values():
        waiting = [
            path
            for path in paths
            if shelf.fetch(Asked(release, language.code, unquote(path))) is None
        ]
        for together in in_chunks(waiting, _TOGETHER):
            answers: list[Answer] = []
            for path in together:
                answers += _rendered(app, path, language.tag)
            db.session.rollback()
            if answers:
                store_answers(get_row(Competition, competition.id), release, answers)
            made += len(answers)
    return made


def _result_pages(competition: Competition) -> list[str]:
    """The addresses of all tabs of the newest version, page by page."""
    publication = latest_publication(competition)
    if publication is None or competition_kind(competition).has_periods:
        return [url_for("public.standings", code=competition.code)]
    return result_addresses(publication)


def _notices(competition: Competition) -> list[str]:
    """The addresses of the notices that anyone may have, in the words of the page's own links."""
    publication = latest_publication(competition)
    if publication is None or competition_kind(competition).has_periods:
        return []
    events = [event.code for event in read_snapshot(publication)[1].events]
    return [
        url_for("public.notice", code=competition.code, event=event if len(events) > 1 else None)
        for event in events
        if hands_out_notice(publication, [publication], event)
    ]


def _labour_pages(competition: Competition) -> list[str]:
    """The addresses of the periods that a labour competition's newest version announces."""
    publication = (
        latest_publication(competition) if competition_kind(competition).has_periods else None
    )
    return [
        url_for("public.labour_period", code=competition.code, period=period)
        for period in (announced_periods(publication) if publication else ())
    ]


def _rendered(app: Flask, path: str, language: str) -> list[Answer]:
    """The page as somebody without a cookie gets it, ready to be stored."""
    answers: list[Answer] = []
    builder = EnvironBuilder(path, headers=[("Accept-Language", language)])
    environ: WSGIEnvironment = builder.get_environ()
    environ[PREPARING] = answers
    # A context of its own: the language that was chosen is kept in it.
    with app.app_context(), app.request_context(environ):
        app.full_dispatch_request()
    return answers
