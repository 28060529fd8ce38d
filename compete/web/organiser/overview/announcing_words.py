"""Records about the state of an event's results, and of the working days, as sentences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from compete.services.kernel.signed_by_whom import signer_words
from compete.web.language import say
from compete.web.organiser.overview.counting import Sentences
from compete.web.templating import day


def announcing_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action; `what` is the event's name, or the year."""
    until = _until(after)
    return {
        "results.check": lambda: _("%(who)s 核对了 %(what)s 的成绩", who=who, what=what),
        "results.notice": lambda: _published(who, what, after),
        "results.correct": lambda: _corrected(who, what, why, after),
        "results.extend": lambda: _(
            "%(who)s 把 %(what)s 的公示延长到 %(day)s，理由：%(why)s",
            who=who,
            what=what,
            day=until,
            why=why,
        ),
        "results.withdraw": lambda: _(
            "%(who)s 撤下 %(what)s 的公示，理由：%(why)s", who=who, what=what, why=why
        ),
        "results.ask_final": lambda: _(
            "%(who)s 提出 %(what)s 不等公示期满就定，理由：%(why)s", who=who, what=what, why=why
        ),
        "results.drop_final": lambda: _("%(who)s 不再提前定 %(what)s", who=who, what=what),
        "results.final": lambda: _("%(who)s 把 %(what)s 定为最终成绩", who=who, what=what),
        "results.final_early": lambda: _(
            "%(asked)s 提出、%(who)s 同意，没等期满就把 %(what)s 定为最终成绩，理由：%(why)s",
            asked=say(signer_words(after.get("asked") or "")),
            who=who,
            what=what,
            why=why,
        ),
        "results.adopt": lambda: (
            _("升级时记下：%(what)s 已经是最终成绩", what=what)
            if after.get("state") == "final"
            else _("升级时记下：%(what)s 正在公示，到 %(day)s", what=what, day=until)
        ),
        "calendar.enter": lambda: _("%(who)s 录了 %(what)s 年的放假安排", who=who, what=what),
    }


def _published(who: str, what: str, after: dict[str, Any]) -> str:
    version, until = after.get("version", 0), _until(after)
    if not until:
        return _("%(who)s 公布 %(what)s 第 %(n)s 版", who=who, what=what, n=version)
    return _(
        "%(who)s 公布 %(what)s 第 %(n)s 版，公示到 %(day)s",
        who=who,
        what=what,
        n=version,
        day=until,
    )


def _corrected(who: str, what: str, why: str, after: dict[str, Any]) -> str:
    version, until = after.get("version", 0), _until(after)
    if not until:
        return _(
            "%(who)s 更正 %(what)s，第 %(n)s 版，不用重新公示：%(why)s",
            who=who,
            what=what,
            n=version,
            why=why,
        )
    return _(
        "%(who)s 更正 %(what)s，第 %(n)s 版，重新公示到 %(day)s：%(why)s",
        who=who,
        what=what,
        n=version,
        day=until,
        why=why,
    )


def _until(after: dict[str, Any]) -> str:
    until = after.get("until")
    return day(datetime.fromisoformat(until)) if until else ""
