"""Where what stands in the way of locking and publishing is dealt with."""

from __future__ import annotations

from flask import url_for

from compete.models import Competition
from compete.web.guard import allowed_url


def blocker_url(competition: Competition, kind: str, place: str | None = None) -> str:
    """Where a thing that stands in the way is dealt with; the board for what is about sheets.

    `place` is the board of one module, where it is about that alone.
    """
    pages = {
        "recheck": "organiser.recheck",
        "decision": "organiser.decisions",
        "short": "organiser.recusals",
        "coded": "organiser.unblinding",
        "stage": "organiser.confirm_stage",
        "tie": "organiser.ties",
        "carried": "organiser.review",
    }
    own = allowed_url(pages[kind], code=competition.code) if kind in pages else None
    return own or place or url_for("organiser.judges", code=competition.code)
