"""The pages that deal with what stands in the way of locking and publishing."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from compete.models import Competition
from compete.services.kernel.event_rules import module_key
from compete.services.schedule.examiners import ExaminersShort, Mend
from compete.web.guard import allowed_url
from compete.web.organiser.shapes import Link, link_to


def blocker_url(competition: Competition, kind: str, place: str | None = None) -> str:
    """Address of the page that deals with a blocker; the board for what is about sheets.

    `place` is the board of one module, where it is about that alone.
    """
    pages = {
        "recheck": "organiser.recheck",
        "decision": "organiser.decisions",
        "absence": "organiser.decisions",
        "short": "organiser.recusals",
        "difficulty": "organiser.difficulties",
        "coded": "organiser.unblinding",
        "stage": "organiser.confirm_stage",
        "tie": "organiser.ties",
        "carried": "organiser.review",
    }
    own = allowed_url(pages[kind], code=competition.code) if kind in pages else None
    return own or place or url_for("organiser.judges")


def mend_examiners(competition: Competition, short: ExaminersShort) -> Link | None:
    """Link to seat or replace lacking examiners, or to the rules that could allow for fewer.

    None for whoever may not.
    """
    place = short.modules[0]
    seating = allowed_url("organiser.seating", module=module_key(*place))
    rules = allowed_url("organiser.event_rules", event=place[0].code)
    label, url = {
        Mend.SEATS: (_("去排"), seating),
        Mend.RULES: (_("改规则"), rules),
        Mend.PERSON: (_("去换"), seating),
    }[short.mend]
    return link_to(label, url)
