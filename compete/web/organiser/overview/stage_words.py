"""What records of a later stage say: begun, followed by other people, places taken back."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import Sentences, Value, Values, number_of, told

SENTENCES: Sentences = {
    "stage.ask": msg(
        "%(who)s 提出“%(stage)s”按新的名单评：新进 %(coming)s，不再进 %(leaving)s，理由：%(why)s"
    ),
    "stage.follow": msg("%(who)s “%(stage)s”按新的名单评：新进 %(coming)s，不再进 %(leaving)s"),
    "stage.places": msg(
        "%(who)s 空出不进的人在后面赛段的工位和场次：%(what)s",
        what=lambda it: _("、").join(it.after.get("people", ())) or it.what,
    ),
    "stage.open": msg(
        "%(who)s 开始评“%(stage)s”：%(n)s 个参赛号，%(sheets)s 张表",
        n=number_of("people"),
        sheets=told("sheets", 0),
    ),
}


def _codes(key: str) -> Value:
    return lambda act: _("、").join(act.after.get(key, ())) or _("无")


VALUES: Values = {"coming": _codes("coming"), "leaving": _codes("leaving")}
