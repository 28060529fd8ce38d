"""Rules of an event, saved or changed by three, as sentences of the history."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import By, Sentences, told

SENTENCES: Sentences = {
    "event.rules": msg("%(who)s 改 %(what)s 的规则，存为第 %(n)s 版", n=told("version")),
    "event.rules.ask": msg("%(who)s 提出改 %(what)s 的规则，理由：%(why)s"),
    "event.rules.agree": By(
        "as",
        {"chief": msg("裁判长%(who)s同意改 %(what)s 的规则，等监督")},
        msg("监督%(who)s同意改 %(what)s 的规则，等裁判长"),
    ),
    "event.rules.change": msg(
        "%(asked)s 提出，裁判长%(chief)s、监督%(supervisor)s同意，"
        "%(what)s 的规则换成第 %(n)s 版，理由：%(why)s",
        n=told("version"),
    ),
    "event.rules.refuse": msg("%(who)s 没同意改 %(what)s 的规则：%(why)s"),
    "event.rules.withdraw": msg("%(who)s 撤回改 %(what)s 规则的提议"),
}
