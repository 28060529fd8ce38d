"""Audit rows about results announced and appealed against, and about gifts besides."""

from __future__ import annotations

from datetime import datetime

from compete.domain.grades.ladder import grade_label
from compete.domain.values.claim_states import GROUND_WORDS
from compete.domain.values.messages import msg
from compete.services.appeals.appeal_states import Outcome
from compete.services.appeals.second_instance import words_for
from compete.services.kernel.actor_names import signer_words
from compete.web.language import say
from compete.web.organiser.log.sentences import Act, By, Either, Sentences, Values, row_value
from compete.web.templating import day

_VERSION = row_value("version", 0)


def _until(act: Act) -> str:
    until = act.after.get("until")
    return day(datetime.fromisoformat(until)) if until else ""


def _number(act: Act) -> str:
    number = act.after.get("number")
    return f"{number:02}" if isinstance(number, int) else ""


def _outcome(act: Act) -> str:
    outcome, instance = act.after.get("outcome", ""), act.after.get("instance", 1)
    if outcome not in set(Outcome):
        return ""
    return say(words_for(outcome, instance, upheld=bool(act.after.get("upheld"))))


def recorded_grade_name(act: Act) -> str:
    """The grade that a row is about, as it was called then."""
    after = act.after
    return after.get("called") or (say(grade_label(after["grade"])) if after.get("grade") else "")


def _ground(act: Act) -> str:
    ground = GROUND_WORDS.get(str(act.after.get("ground", "")))
    return say(ground) if ground is not None else ""


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
    "claim.grounds": msg("%(who)s 改了等级认定的要求"),
    "claim.propose": msg("%(who)s 提出 %(what)s %(on)s %(grade)s"),
    "examinee.correct": msg("%(who)s 更正不参赛的 %(what)s 的资料，理由：%(why)s"),
    "claim.notice": msg("%(who)s 公示 %(what)s %(on)s %(grade)s"),
    "claim.decide": By(
        "state",
        {
            "held": msg("%(who)s 缓办 %(what)s 的%(on)s，理由：%(why)s"),
            "refused": msg("%(who)s 不批准 %(what)s 的%(on)s，理由：%(why)s"),
        },
        msg("%(who)s 批准 %(what)s %(on)s %(grade)s"),
    ),
    "claim.drop": msg("%(who)s 不提 %(what)s 的%(on)s了，理由：%(why)s"),
    "distinction.rules": msg("%(who)s 改了评选奖项"),
    "distinction.propose": msg("%(who)s 提名 %(whom)s 评“%(what)s”，理由：%(why)s"),
    "distinction.grant": msg("%(who)s 同意 %(whom)s 评“%(what)s”"),
    "distinction.drop": msg("%(who)s 不评 %(whom)s“%(what)s”，理由：%(why)s"),
    "distinction.ask_recall": msg("%(who)s 提出收回 %(whom)s 的“%(what)s”，理由：%(why)s"),
    "distinction.keep": msg("%(who)s 不收回 %(whom)s 的“%(what)s”"),
    "distinction.ask_correct": msg("%(who)s 提出更正“%(what)s”得奖者的姓名，理由：%(why)s"),
    "distinction.drop_correct": msg("%(who)s 定了不更正“%(what)s”得奖者的姓名"),
    "distinction.correct": msg("%(who)s 同意更正“%(what)s”得奖者的姓名，理由：%(why)s"),
    "distinction.recall": msg("%(who)s 同意收回 %(whom)s 的“%(what)s”，理由：%(why)s"),
}

VALUES: Values = {
    "day": _until,
    "number": _number,
    "outcome": _outcome,
    "on": _ground,
    "grade": recorded_grade_name,
    # A code, of a coach the name.
    "whom": row_value("who"),
}
