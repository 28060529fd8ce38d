"""Audit rows about awards given by hand and what they mean as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences


def distinction_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action; `after.who` is a code, of a coach the name."""
    whom = str(after.get("who", ""))
    return {
        "distinction.rules": lambda: _("%(who)s 改了评选奖项", who=who),
        "distinction.propose": lambda: _(
            "%(who)s 提名 %(whom)s 评“%(what)s”，理由：%(why)s",
            who=who,
            whom=whom,
            what=what,
            why=why,
        ),
        "distinction.grant": lambda: _(
            "%(who)s 同意 %(whom)s 评“%(what)s”", who=who, whom=whom, what=what
        ),
        "distinction.drop": lambda: _(
            "%(who)s 不评 %(whom)s“%(what)s”，理由：%(why)s",
            who=who,
            whom=whom,
            what=what,
            why=why,
        ),
        "distinction.ask_recall": lambda: _(
            "%(who)s 提出收回 %(whom)s 的“%(what)s”，理由：%(why)s",
            who=who,
            whom=whom,
            what=what,
            why=why,
        ),
        "distinction.keep": lambda: _(
            "%(who)s 不收回 %(whom)s 的“%(what)s”", who=who, whom=whom, what=what
        ),
        "distinction.ask_correct": lambda: _(
            "%(who)s 提出更正“%(what)s”得奖者的姓名，理由：%(why)s", who=who, what=what, why=why
        ),
        "distinction.drop_correct": lambda: _(
            "%(who)s 定了不更正“%(what)s”得奖者的姓名", who=who, what=what
        ),
        "distinction.correct": lambda: _(
            "%(who)s 同意更正“%(what)s”得奖者的姓名，理由：%(why)s", who=who, what=what, why=why
        ),
        "distinction.recall": lambda: _(
            "%(who)s 同意收回 %(whom)s 的“%(what)s”，理由：%(why)s",
            who=who,
            whom=whom,
            what=what,
            why=why,
        ),
    }
