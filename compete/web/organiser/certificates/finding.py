"""What of the register is looked for, as its addresses say it."""

from __future__ import annotations

from flask import request, url_for

from compete.models import Competition
from compete.services.certificates import REGISTER_STATES
from compete.web.paging import asked_number


def looked_for() -> dict[str, str]:
    """Words, kind and state; an unknown state is all of them."""
    wanted = {key: request.args.get(key, "").strip() for key in ("q", "kind", "state")}
    if wanted["state"] not in REGISTER_STATES:
        wanted["state"] = "all"
    return wanted


def register_url(
    competition: Competition,
    wanted: dict[str, str],
    *,
    page: str = "organiser.certificates",
    before: int | None = None,
    after: int | None = None,
    opened: int | None = None,
) -> str:
    """The register with what is looked for, before or after a row of it, one row opened."""
    return url_for(
        page,
        code=competition.code,
        before=before,
        after=after,
        q=wanted["q"] or None,
        kind=wanted["kind"] or None,
        state=wanted["state"] if wanted["state"] != "all" else None,
        open=opened,
    )


def here_url(competition: Competition, opened: int | None = None) -> str:
    """The page of the register that is shown, with another row opened, or none."""
    before, after = asked_number("before"), asked_number("after")
    return register_url(competition, looked_for(), before=before, after=after, opened=opened)
