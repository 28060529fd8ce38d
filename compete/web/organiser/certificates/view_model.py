"""What keeps certificates back, and what they may be for."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.models import Competition
from compete.services.certificates import (
    ANNOUNCED,
)
from compete.services.kernel import rules_of


def why_blocked(competition: Competition, published: bool, waiting: int) -> str | None:
    """Why nothing can be issued now; `waiting` consequences of a new version are open."""
    if waiting:
        return _("新一版公布后还有 %(n)s 件没办，办完才能发", n=waiting)
    if not published:
        return _("成绩公布以后才能发")
    if competition.kind != "labour" and competition.state not in ANNOUNCED:
        return _("公布以后评分又解锁了，重新公布以后才能发")
    return None


def occupations_of(competition: Competition) -> list[Any]:
    """The occupations of the competition's events, as their rules write them."""
    found = [rules_of(event).occupation for event in competition.events]
    return [occupation for occupation in found if occupation is not None]
