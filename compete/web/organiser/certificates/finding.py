"""Search of the register, as its addresses say it."""

from __future__ import annotations

import re

from flask import request, url_for

from compete.services.certificates.register import REGISTER_STATES, SET_ASIDE
from compete.web.paging import asked_number

_KEYS = ("q", "kind", "year", "level", "state")
_YEAR = re.compile("[12][0-9]{3}")


def looked_for() -> dict[str, str]:
    """Words, kind, year, grade and state; an unknown state is all of them, an unknown year none."""
    wanted = {key: request.args.get(key, "").strip() for key in _KEYS}
    if wanted["state"] not in (*REGISTER_STATES, SET_ASIDE):
        wanted["state"] = "all"
    if not _YEAR.fullmatch(wanted["year"]):
        wanted["year"] = ""
    return wanted


def narrowing(wanted: dict[str, str]) -> dict[str, str]:
    """Return the wanted filters without the state."""
    return {key: value for key, value in wanted.items() if key != "state"}


def register_url(
    wanted: dict[str, str],
    *,
    page: str = "organiser.certificates",
    before: int | None = None,
    after: int | None = None,
    opened: int | None = None,
) -> str:
    """Address of the register with a search, before or after a row of it, one row opened."""
    return url_for(
        page,
        before=before,
        after=after,
        q=wanted["q"] or None,
        kind=wanted["kind"] or None,
        year=wanted["year"] or None,
        level=wanted["level"] or None,
        state=wanted["state"] if wanted["state"] != "all" else None,
        open=opened,
    )


def here_url(opened: int | None = None) -> str:
    """The page of the register that is shown, with another row opened, or none."""
    before, after = asked_number("before"), asked_number("after")
    return register_url(looked_for(), before=before, after=after, opened=opened)
