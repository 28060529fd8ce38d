"""Records about the state of an event's results, and of the working days, as sentences."""

from __future__ import annotations

from datetime import datetime

from compete.domain.values.messages import msg
from compete.services.kernel.signed_by_whom import signer_words
from compete.web.language import say
from compete.web.organiser.overview.sentences import Act, By, Either, Sentences, Values, told
from compete.web.templating import day

_VERSION = told("version", 0)

SENTENCES: Sentences = {
    "results.check": msg("%(who)s 核对了 %(what)s 的成绩"),
    "results.notice": Either(
        "until",
        msg("%(who)s 公布 %(what)s 第 %(n)s 版，公示到 %(day)s", n=_VERSION),
        msg("%(who)s 公布 %(what)s 第 %(n)s 版", n=_VERSION),
    ),
    "results.correct": Either(
        "until",
        msg("%(who)s 更正 %(what)s，第 %(n)s 版，重新公示到 %(day)s：%(why)s", n=_VERSION),
        msg("%(who)s 更正 %(what)s，第 %(n)s 版，不用重新公示：%(why)s", n=_VERSION),
    ),
    "results.extend": msg("%(who)s 把 %(what)s 的公示延长到 %(day)s，理由：%(why)s"),
    "results.withdraw": msg("%(who)s 撤下 %(what)s 的公示，理由：%(why)s"),
    "results.ask_final": msg("%(who)s 提出 %(what)s 不等公示期满就定，理由：%(why)s"),
    "results.drop_final": msg("%(who)s 不再提前定 %(what)s"),
    "results.final": msg("%(who)s 把 %(what)s 定为最终成绩"),
    "results.final_early": msg(
        "%(asked)s 提出、%(who)s 同意，没等期满就把 %(what)s 定为最终成绩，理由：%(why)s",
        asked=lambda it: say(signer_words(it.after.get("asked") or "")),
    ),
    "results.adopt": By(
        "state",
        {"final": msg("升级时记下：%(what)s 已经是最终成绩")},
        msg("升级时记下：%(what)s 正在公示，到 %(day)s"),
    ),
    "calendar.enter": msg("%(who)s 录了 %(what)s 年的放假安排"),
}


def _until(act: Act) -> str:
    until = act.after.get("until")
    return day(datetime.fromisoformat(until)) if until else ""


VALUES: Values = {"day": _until}
