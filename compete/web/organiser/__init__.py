"""The desk: pages of organisers, chief judges and supervisors."""

from flask import Blueprint

face = Blueprint("organiser", __name__, url_prefix="/desk")

from compete.web.organiser import (  # noqa: E402  (views hang themselves on the blueprint)
    analysis,
    awards,
    certificates,
    confirming,
    console,
    decisions,
    entrants,
    hall,
    handover,
    imports,
    judges,
    labour,
    new_card,
    overview,
    panel_page,
    paper,
    photos,
    recheck,
    recusals,
    sheets,
    standings,
)

__all__ = [
    "analysis",
    "awards",
    "certificates",
    "confirming",
    "console",
    "decisions",
    "entrants",
    "face",
    "hall",
    "handover",
    "imports",
    "judges",
    "labour",
    "new_card",
    "overview",
    "panel_page",
    "paper",
    "photos",
    "recheck",
    "recusals",
    "sheets",
    "standings",
]
