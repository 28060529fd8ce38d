"""Audit rows about grades on other grounds and what they mean as short sentences."""

from __future__ import annotations

from compete.domain.grades.ladder import grade_label
from compete.domain.values.claim_states import GROUND_WORDS
from compete.domain.values.messages import msg
from compete.web.language import say
from compete.web.organiser.overview.sentences import Act, By, Sentences, Values

SENTENCES: Sentences = {
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
}


def grade_told(act: Act) -> str:
    """The grade that a row is about, as it was called then."""
    after = act.after
    return after.get("called") or (say(grade_label(after["grade"])) if after.get("grade") else "")


def _ground(act: Act) -> str:
    ground = GROUND_WORDS.get(str(act.after.get("ground", "")))
    return say(ground) if ground is not None else ""


VALUES: Values = {"on": _ground, "grade": grade_told}
