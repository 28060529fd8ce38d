"""What records of a later stage say: begun, followed by other people, places taken back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences


def stage_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """The sentence of each such record."""
    return {
        "stage.ask": lambda: _(
            "%(who)s 提出“%(stage)s”按新的名单评：新进 %(coming)s，"
            "不再进 %(leaving)s，理由：%(why)s",
            who=who,
            **_moved_words(after),
            why=why,
        ),
        "stage.follow": lambda: _(
            "%(who)s “%(stage)s”按新的名单评：新进 %(coming)s，不再进 %(leaving)s",
            who=who,
            **_moved_words(after),
        ),
        "stage.places": lambda: _(
            "%(who)s 空出不进的人在后面赛段的工位和场次：%(what)s",
            who=who,
            what=_("、").join(after.get("people", ())) or what,
        ),
        "stage.open": lambda: _(
            "%(who)s 开始评“%(stage)s”：%(n)s 个参赛号，%(sheets)s 张表",
            who=who,
            stage=after.get("stage", ""),
            n=len(after.get("people", ())),
            sheets=after.get("sheets", 0),
        ),
    }


def _moved_words(after: dict[str, Any]) -> dict[str, str]:
    """Who comes to a stage and who leaves it, by their codes."""
    return {
        "stage": str(after.get("stage", "")),
        "coming": _("、").join(after.get("coming", ())) or _("无"),
        "leaving": _("、").join(after.get("leaving", ())) or _("无"),
    }
