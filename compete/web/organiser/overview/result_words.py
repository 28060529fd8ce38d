"""Records about the state of an event's results, and of the working days, as sentences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from compete.web.templating import day


def result_words(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    """By action; `what` is the event's name, or the year."""
    until, version = _until(after), after.get("version", 0)
    if until:
        notice = _("%(who)s 公布 %(what)s 第 %(n)s 版，公示到 %(day)s",
                   who=who, what=what, n=version, day=until)  # fmt: skip
        corrected = _("%(who)s 更正 %(what)s，第 %(n)s 版，重新公示到 %(day)s：%(why)s",
                      who=who, what=what, n=version, day=until, why=why)  # fmt: skip
    else:
        notice = _("%(who)s 公布 %(what)s 第 %(n)s 版", who=who, what=what, n=version)
        corrected = _("%(who)s 更正 %(what)s，第 %(n)s 版，不用重新公示：%(why)s",
                      who=who, what=what, n=version, why=why)  # fmt: skip
    return {
        "results.publish": _("%(who)s 公布成绩第 %(n)s 版", who=who, n=version),
        "results.check": _("%(who)s 核对了 %(what)s 的成绩", who=who, what=what),
        "results.notice": notice,
        "results.correct": corrected,
        "results.extend": _("%(who)s 把 %(what)s 的公示延长到 %(day)s，理由：%(why)s",
                            who=who, what=what, day=until, why=why),
        "results.withdraw": _("%(who)s 撤下 %(what)s 的公示，理由：%(why)s",
                              who=who, what=what, why=why),
        "results.ask_final": _("%(who)s 提出 %(what)s 不等公示期满就定，理由：%(why)s",
                               who=who, what=what, why=why),
        "results.drop_final": _("%(who)s 不再提前定 %(what)s", who=who, what=what),
        "results.final": _("%(who)s 把 %(what)s 定为最终成绩", who=who, what=what),
        "results.final_early": _(
            "%(asked)s 提出、%(who)s 同意，没等期满就把 %(what)s 定为最终成绩，理由：%(why)s",
            asked=after.get("asked") or "", who=who, what=what, why=why,
        ),
        "results.adopt": _("升级时记下：%(what)s 已经是最终成绩", what=what)
        if after.get("state") == "final"
        else _("升级时记下：%(what)s 正在公示，到 %(day)s", what=what, day=until),
        "calendar.enter": _("%(who)s 录了 %(what)s 年的放假安排", who=who, what=what),
    }  # fmt: skip


def _until(after: dict[str, Any]) -> str:
    until = after.get("until")
    return day(datetime.fromisoformat(until)) if until else ""
