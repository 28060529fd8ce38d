"""A change of an event's rules that was asked for, as a list has it."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from compete.models import RuleChange
from compete.web.organiser.rule_differences import (
    ChangeLine,
    asked_chip,
    asked_words,
    replaced_chip,
)
from compete.web.shapes import Chip


def change_title(change: RuleChange) -> str:
    """Name the change by its version, if it has one."""
    if change.number:
        return _("%(event)s 第 %(n)s 版规则", event=change.event.name, n=change.number)
    return _("%(event)s 改规则", event=change.event.name)


def change_chip(change: RuleChange) -> Chip:
    """Show its state in a coloured frame."""
    if change.number is not None and change.number < change.event.rules.number:
        return replaced_chip(change.event.rules.number)
    return asked_chip(change.state, _waits(change), change.ended_why)


def change_line(change: RuleChange) -> ChangeLine:
    """Describe one of an event's changes, as a list has it."""
    code = change.competition.code
    return ChangeLine(
        title=change_title(change),
        url=url_for("organiser.event_change", code=code, number=change.id),
        state=change_chip(change),
        said=asked_words(change.asker.name, change.asked_at, change.reason),
    )


def _waits(change: RuleChange) -> str:
    if change.chief_by is not None:
        return _("等监督同意")
    return _("等裁判长同意") if change.supervisor_by is not None else _("等裁判长、监督同意")
