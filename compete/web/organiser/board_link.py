"""What the board of the judging is called to whoever looks, and the way back to it."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import Right
from compete.models import Competition
from compete.services.accounts import may
from compete.web.organiser.shapes import Link


def is_chief(competition: Competition) -> bool:
    """Whether who looks is the competition's chief judge."""
    return may(current_user, competition, Right.RULE)


def board_title(competition: Competition) -> str:
    """The board's heading; the chief judge's is a console."""
    return _("裁判长工作台") if is_chief(competition) else _("评分进度")


def board_link(competition: Competition, module: str | None = None) -> Link:
    """The way to the board, at the module of that key if one is given."""
    return Link(
        label=board_title(competition),
        url=url_for("organiser.progress", code=competition.code, module=module),
    )
