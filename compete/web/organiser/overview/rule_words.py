"""Rules of an event, saved or changed by three, as sentences of the history."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences


def rule_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """What was done to the rules of the event `what`."""
    return {
        "event.rules": lambda: _(
            "%(who)s 改 %(what)s 的规则，存为第 %(n)s 版",
            who=who,
            what=what,
            n=after.get("version", ""),
        ),
        "event.rules.ask": lambda: _(
            "%(who)s 提出改 %(what)s 的规则，理由：%(why)s", who=who, what=what, why=why
        ),
        "event.rules.agree": lambda: _agreed(who, what, after),
        "event.rules.change": lambda: _(
            "%(asked)s 提出，裁判长%(chief)s、监督%(supervisor)s同意，"
            "%(what)s 的规则换成第 %(n)s 版，理由：%(why)s",
            asked=after.get("asked", ""),
            chief=after.get("chief", ""),
            supervisor=after.get("supervisor", ""),
            what=what,
            n=after.get("version", ""),
            why=why,
        ),
        "event.rules.refuse": lambda: _(
            "%(who)s 没同意改 %(what)s 的规则：%(why)s", who=who, what=what, why=why
        ),
        "event.rules.withdraw": lambda: _("%(who)s 撤回改 %(what)s 规则的提议", who=who, what=what),
    }


def _agreed(who: str, what: str, after: dict[str, Any]) -> str:
    if after.get("as") == "chief":
        return _("裁判长%(who)s同意改 %(what)s 的规则，等监督", who=who, what=what)
    return _("监督%(who)s同意改 %(what)s 的规则，等裁判长", who=who, what=what)
