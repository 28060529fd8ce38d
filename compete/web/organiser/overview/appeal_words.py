"""Audit rows about appeals as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.services.appeals.standing import Outcome
from compete.services.appeals.upholding import words_for
from compete.web.language import say
from compete.web.organiser.overview.counting import Sentences


def appeal_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action; a contestant has no account, so that `who` is the system then."""
    number = f"{after['number']:02}" if isinstance(after.get("number"), int) else ""
    said = after.get("outcome", "")
    upheld, instance = bool(after.get("upheld")), after.get("instance", 1)
    outcome = say(words_for(said, instance, upheld=upheld)) if said in set(Outcome) else ""
    return {
        "appeal.file": lambda: _(
            "%(who)s 收到 %(what)s 的申诉 %(number)s", who=who, what=what, number=number
        ),
        "appeal.add": lambda: _(
            "%(who)s 收到 %(what)s 申诉 %(number)s 补的材料", who=who, what=what, number=number
        ),
        "appeal.withdraw": lambda: _(
            "%(who)s 收到 %(what)s 撤回申诉 %(number)s", who=who, what=what, number=number
        ),
        "appeal.go_on": lambda: _(
            "%(who)s 收到 %(what)s 申诉 %(number)s 提请总仲裁", who=who, what=what, number=number
        ),
        "appeal.accept": lambda: _(
            "%(who)s 收到 %(what)s 接受申诉 %(number)s 的决定", who=who, what=what, number=number
        ),
        "appeal.propose": lambda: _(
            "%(who)s 提出申诉 %(number)s %(outcome)s，等另一位同意",
            who=who,
            number=number,
            outcome=outcome,
        ),
        "appeal.decide": lambda: _(
            "%(who)s 定了申诉 %(number)s：%(outcome)s，理由：%(why)s",
            who=who,
            number=number,
            outcome=outcome,
            why=why,
        ),
        "appeal.carry_out": lambda: _(
            "%(who)s 执行了申诉 %(number)s 的决定：%(why)s", who=who, number=number, why=why
        ),
        "appeal.word": lambda: _("%(who)s 给了 %(what)s 申诉码", who=who, what=what),
        "appeal.rules": lambda: _("%(who)s 改申诉怎么办", who=who),
        "appeal.print": lambda: _("%(who)s 打印申诉 %(number)s 的仲裁记录", who=who, number=number),
    }
