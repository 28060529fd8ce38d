"""Audit rows about appeals as short sentences."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.services.appeals.standing import Outcome
from compete.services.appeals.upholding import words_for
from compete.web.language import say
from compete.web.organiser.overview.sentences import Act, Sentences, Values

SENTENCES: Sentences = {
    "appeal.file": msg("%(who)s 收到 %(what)s 的申诉 %(number)s"),
    "appeal.add": msg("%(who)s 收到 %(what)s 申诉 %(number)s 补的材料"),
    "appeal.withdraw": msg("%(who)s 收到 %(what)s 撤回申诉 %(number)s"),
    "appeal.go_on": msg("%(who)s 收到 %(what)s 申诉 %(number)s 提请总仲裁"),
    "appeal.accept": msg("%(who)s 收到 %(what)s 接受申诉 %(number)s 的决定"),
    "appeal.propose": msg("%(who)s 提出申诉 %(number)s %(outcome)s，等另一位同意"),
    "appeal.decide": msg("%(who)s 定了申诉 %(number)s：%(outcome)s，理由：%(why)s"),
    "appeal.carry_out": msg("%(who)s 执行了申诉 %(number)s 的决定：%(why)s"),
    "appeal.word": msg("%(who)s 给了 %(what)s 申诉码"),
    "appeal.rules": msg("%(who)s 改申诉怎么办"),
    "appeal.print": msg("%(who)s 打印申诉 %(number)s 的仲裁记录"),
}


def _number(act: Act) -> str:
    number = act.after.get("number")
    return f"{number:02}" if isinstance(number, int) else ""


def _outcome(act: Act) -> str:
    said, instance = act.after.get("outcome", ""), act.after.get("instance", 1)
    if said not in set(Outcome):
        return ""
    return say(words_for(said, instance, upheld=bool(act.after.get("upheld"))))


VALUES: Values = {"number": _number, "outcome": _outcome}
