"""Audit rows about grades on other grounds and what they mean as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.domain.grades.ladder import grade_label
from compete.domain.values.claim_states import GROUND_WORDS
from compete.web.language import say
from compete.web.organiser.overview.counting import Sentences


def claim_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action; whose it is stands there by number."""
    ground = GROUND_WORDS.get(str(after.get("ground", "")))
    on = say(ground) if ground is not None else ""
    grade = after.get("called") or (say(grade_label(after["grade"])) if after.get("grade") else "")
    return {
        "claim.grounds": lambda: _("%(who)s 改了等级认定的要求", who=who),
        "claim.propose": lambda: _(
            "%(who)s 提出 %(what)s %(on)s %(grade)s", who=who, what=what, on=on, grade=grade
        ),
        "examinee.correct": lambda: _(
            "%(who)s 更正不参赛的 %(what)s 的资料，理由：%(why)s", who=who, what=what, why=why
        ),
        "claim.notice": lambda: _(
            "%(who)s 公示 %(what)s %(on)s %(grade)s", who=who, what=what, on=on, grade=grade
        ),
        "claim.decide": lambda: _decided(who, what, why, on, grade, str(after.get("state", ""))),
        "claim.drop": lambda: _(
            "%(who)s 不提 %(what)s 的%(on)s了，理由：%(why)s", who=who, what=what, on=on, why=why
        ),
    }


def _decided(who: str, what: str, why: str, on: str, grade: str, state: str) -> str:
    if state == "held":
        return _(
            "%(who)s 缓办 %(what)s 的%(on)s，理由：%(why)s", who=who, what=what, on=on, why=why
        )
    if state == "refused":
        return _(
            "%(who)s 不批准 %(what)s 的%(on)s，理由：%(why)s", who=who, what=what, on=on, why=why
        )
    return _("%(who)s 批准 %(what)s %(on)s %(grade)s", who=who, what=what, on=on, grade=grade)
