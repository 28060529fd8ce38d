"""Audit rows about a labour competition: its periods, departments and squares, as sentences."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.domain.values.period_states import LookResult
from compete.web.organiser.log.sentences import By, Either, Sentences, counted, number_of, row_value

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
            n=row_value("after"),
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
        n=row_value("number"),
    ),
    "labour.rules.refuse": msg("%(who)s 没同意改 %(what)s 的规则：%(why)s"),
    "labour.rules.withdraw": msg("%(who)s 撤回改 %(what)s 规则的提议"),
    "labour.look": msg(
        "%(who)s 抽 %(what)s 的二次抽查：%(pool)s 格里抽 %(n)s 格",
        pool=row_value("pool", 0),
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
    "labour.department": msg(
        "%(who)s 设部门 %(what)s，打 %(n)s 项指标的分", n=number_of("indicators")
    ),
    "labour.department.link": msg("%(who)s 给部门 %(what)s 做了打分链接"),
    "labour.enter": msg("%(who)s 替 %(what)s 填了 %(period)s 的 %(n)s 格", n=number_of("cells")),
    "labour.self": msg("%(who)s 填了 %(what)s %(period)s 的自评，%(n)s 格", n=number_of("cells")),
    "labour.safe_days": msg(
        "%(who)s 记安全生产天数从哪天起：%(n)s 家单位", n=lambda it: counted(it.after)
    ),
    "labour.heads": msg(
        "%(who)s 记 %(what)s %(period)s的参赛人数，%(n)s 家", n=number_of("people")
    ),
    "labour.accident": msg("%(who)s 报 %(what)s %(period)s 出了安全事故，待核"),
    "labour.accident.ask": msg(
        "%(who)s 核实 %(what)s %(period)s 的安全事故，提出处理，理由：%(why)s"
    ),
    "labour.accident.confirm": msg("%(what)s %(period)s 的安全事故核实了"),
    "labour.accident.refuse.ask": msg(
        "%(who)s 提出 %(what)s %(period)s 的安全事故不算，理由：%(why)s"
    ),
    "labour.accident.refuse": msg("%(who)s 同意 %(what)s %(period)s 的安全事故不算，理由：%(why)s"),
    "labour.accident.refuse.drop": msg("%(who)s 收回 %(what)s %(period)s 的安全事故不算，还是待核"),
    "labour.deadlines": msg("%(who)s 定打分的截止：%(n)s 期", n=lambda it: counted(it.after)),
    "labour.remind": msg("%(who)s 催 %(period)s：%(n)s 家", n=number_of("who")),
    "labour.note": Either(
        "filename",
        msg("%(who)s 给 %(what)s %(period)s 加证据 %(file)s", file=row_value("filename")),
        msg("%(who)s 给 %(what)s %(period)s 留意见"),
    ),
    "labour.note.withdraw": msg("%(who)s 收回给 %(what)s 的证据或意见，理由：%(why)s"),
    "labour.sign": msg(
        "%(who)s 代表 %(what)s 签核 %(period)s：%(units)s 家，%(n)s 格",
        units=number_of("units"),
        n=number_of("cells"),
    ),
    "labour.sign.withdraw": msg("%(who)s 退回 %(what)s 的签核，理由：%(why)s"),
}
