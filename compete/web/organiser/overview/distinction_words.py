"""Audit rows about awards given by hand and what they mean as short sentences."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import Sentences, Values, told

SENTENCES: Sentences = {
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

# A code, of a coach the name.
VALUES: Values = {"whom": told("who")}
