"""The board of the judging: its name for the viewer, and the way to it."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Event, Sheet
from compete.services.accounts.access import may
from compete.services.kernel.event_rules import module_key, rules_of
from compete.web.organiser.shapes import Link


def is_chief(competition: Competition) -> bool:
    """True if the viewer is the competition's chief judge."""
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


def sheet_url(competition: Competition, sheet: Sheet) -> str:
    """The desk's page of a sheet."""
    return url_for("organiser.sheet", code=competition.code, public_id=sheet.public_id)


def board_url(event: Event, stage: str, module: str) -> str:
    """The board at one module."""
    return url_for(
        "organiser.progress", code=event.competition.code, module=module_key(event, stage, module)
    )


def stage_board_url(competition: Competition, event: str, stage: str, module: str = "") -> str:
    """The same by the codes of event and stage; at the stage's first module if none is named."""
    own = next(it for it in competition.events if it.code == event)
    of_stage = next(it for it in rules_of(own).stages if it.code == stage)
    return board_url(own, stage, module or of_stage.modules[0].code)
