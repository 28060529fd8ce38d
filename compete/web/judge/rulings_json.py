"""What the chief judge ruled on a sheet, in words for its own judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from flask_babel import gettext

from compete.domain.bundle.event_types import Module
from compete.services.judging.tablet_data import Value
from compete.services.judging.tablet_view import as_sent
from compete.services.panels.rulings import StandingRuling
from compete.services.sheets.wording import shown_value


class RulingJson(TypedDict):
    """A ruling; `value` and `own` as people read them, `own` empty for none."""

    aspect: str
    name: str
    value: str
    own: str
    stands: Value
    """The ruled value as tablets send it."""
    reason: str


def describe_rulings(module: Module, rulings: Sequence[StandingRuling]) -> list[RulingJson]:
    """The key `ruled` of a sheet, in the order of its aspects."""
    found = {ruling.aspect: ruling for ruling in rulings}
    return [
        {
            "aspect": aspect.code,
            "name": aspect.name,
            "value": shown_value(aspect, as_sent(aspect, standing_ruling.value), gettext),
            "own": ""
            if standing_ruling.own is None
            else shown_value(aspect, as_sent(aspect, standing_ruling.own), gettext),
            "stands": as_sent(aspect, standing_ruling.value),
            "reason": standing_ruling.reason,
        }
        for aspect in module.aspects
        if (standing_ruling := found.get(aspect.code)) is not None
    ]
