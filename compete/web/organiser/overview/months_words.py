"""Audit rows about the periods of a labour competition as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences


def months_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action; `what` is the period, or the unit whose correction it is."""
    period = after.get("period", "")
    return {
        "labour.close": lambda: (
            _("%(who)s 给 %(what)s 结账，理由：%(why)s", who=who, what=what, why=why)
            if why
            else _("%(who)s 给 %(what)s 结账", who=who, what=what)
        ),
        "labour.ask_correction": lambda: _(
            "%(who)s 提出更正 %(what)s 的 %(period)s，理由：%(why)s",
            who=who,
            what=what,
            period=period,
            why=why,
        ),
        "labour.correct": lambda: _(
            "%(asked)s 提出、%(who)s 同意，更正 %(what)s 的 %(period)s，理由：%(why)s",
            asked=after.get("asked") or "",
            who=who,
            what=what,
            period=period,
            why=why,
        ),
        "labour.drop_correction": lambda: _(
            "%(who)s 不更正 %(what)s 的 %(period)s 了", who=who, what=what, period=period
        ),
    }
