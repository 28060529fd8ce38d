"""Audit rows about the periods of a labour competition as short sentences."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.domain.values.period_states import LookResult
from compete.web.organiser.overview.sentences import By, Either, Sentences, number_of, told

SENTENCES: Sentences = {
    "labour.close": Either(
        "why", msg("%(who)s 给 %(what)s 结账，理由：%(why)s"), msg("%(who)s 给 %(what)s 结账")
    ),
    "labour.ask_correction": msg("%(who)s 提出更正 %(what)s 的 %(period)s，理由：%(why)s"),
    "labour.correct": msg(
        "%(asked)s 提出、%(who)s 同意，更正 %(what)s 的 %(period)s，理由：%(why)s"
    ),
    "labour.drop_correction": msg("%(who)s 不更正 %(what)s 的 %(period)s 了"),
    "labour.follow_ups": msg(
        "%(who)s 记 %(what)s 授旗、约谈和整改的日子：红旗 %(n)s 面，约谈和整改 %(talks)s 家",
        n=number_of("flags"),
        talks=number_of("talks"),
    ),
    "labour.flag_keep": Either(
        "after",
        msg(
            "%(who)s 定了 %(what)s 的红旗连续 %(n)s 期可以永久保留（%(of)s 这样的期次）",
            n=told("after"),
        ),
        msg("%(who)s 定了 %(what)s 的红旗不永久保留"),
    ),
    "labour.rules": msg(
        "%(who)s 换了 %(what)s 的规则：%(n)s 项指标，%(periods)s 期",
        n=number_of("indicators"),
        periods=number_of("periods"),
    ),
    "labour.rules.ask": msg("%(who)s 提出改 %(what)s 的规则，理由：%(why)s"),
    "labour.rules.change": msg(
        "%(asked)s 提出、%(who)s 同意，%(what)s 的规则换成第 %(n)s 版，理由：%(why)s",
        n=told("number"),
    ),
    "labour.rules.refuse": msg("%(who)s 没同意改 %(what)s 的规则：%(why)s"),
    "labour.rules.withdraw": msg("%(who)s 撤回改 %(what)s 规则的提议"),
    "labour.look": msg(
        "%(who)s 抽 %(what)s 的二次抽查：%(pool)s 格里抽 %(n)s 格",
        pool=told("pool", 0),
        n=number_of("drawn"),
    ),
    "labour.look.found": By(
        "result",
        {
            LookResult.AGREES: msg("%(who)s 核 %(what)s %(period)s 的%(indicator)s：和证据一致"),
            LookResult.UNPROVEN: msg(
                "%(who)s 核 %(what)s %(period)s 的%(indicator)s：没有证据，%(why)s"
            ),
        },
        msg(
            "%(who)s 核 %(what)s %(period)s 的%(indicator)s：不一致，"
            "%(was)s 应为 %(found)s，%(why)s",
            was=lambda act: act.after.get("value") or "—",
            found=lambda act: act.after.get("found") or "—",
        ),
    ),
    "labour.look.rules": msg("%(who)s 定二次抽查抽 %(share)s%%，至少 %(least)s 格"),
}
