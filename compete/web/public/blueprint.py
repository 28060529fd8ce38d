"""The blueprint of public pages, and the version of results that an address means."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, request

from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition, Publication
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.kernel.versions import Version, version_of
from compete.services.results.snapshots import standing_publications
from compete.web.headers import let_search_engines_in
from compete.web.paging import asked_number
from compete.web.public.stored_pages import store

face = Blueprint("public", __name__)
face.after_request(store)


def versions_of(code: str) -> tuple[Version | None, Sequence[Publication]]:
    """The competition's publications, newest first, and its version from before they were read."""
    competition = competition_by_code(code)
    if competition is None or not competition_kind(competition).has_results:
        return None, ()
    allow_search_engines(competition)
    return version_of(competition), standing_publications(competition)


def allow_search_engines(competition: Competition) -> None:
    """Let search engines list the page, where the organiser wants that."""
    if settings_of(competition).searchable:
        let_search_engines_in()


def chosen_version(versions: Sequence[Publication]) -> Publication | None:
    """Return the version that the address names, else the newest; None if there is no such one."""
    wanted = asked_number("version")
    if "version" in request.args:
        versions = [version for version in versions if version.version == wanted]
    return next(iter(versions), None)
