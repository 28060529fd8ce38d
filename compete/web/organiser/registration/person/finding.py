"""The person whose page an address asks for, and the list around them."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request

from compete.models import Competition, Entrant, Member
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.web.pages import of_code, or_404

FILTERS = ("q", "unit", "event", "sort")


def list_filters() -> dict[str, str]:
    """The filters of the list that one came from, as the address carries them."""
    filters = {key: request.args.get(key, "").strip() for key in FILTERS}
    return {key: text for key, text in filters.items() if text}


def in_the_list(url: str) -> str:
    """The address with the filters of the list that one came from."""
    filters = list_filters()
    return f"{url}?{urlencode(filters)}" if filters else url


def find_entrant(competition: Competition, who: str) -> Entrant:
    """The entrant of that code, or 404."""
    return or_404(entrant_by_code(competition, who))


def find_asked(competition: Competition, who: str) -> tuple[Entrant, Entrant | Member]:
    """The entrant, and whom of a crew the request is `of`; 404 for anybody else."""
    entrant = find_entrant(competition, who)
    code = request.values.get("of", who)
    if code == entrant.code:
        return entrant, entrant
    return entrant, of_code(entrant.members, code)
