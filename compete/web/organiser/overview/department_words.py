"""Audit rows about the departments of a labour competition and what they enter, as sentences."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import Either, Sentences, counted, number_of, told

SENTENCES: Sentences = {
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
        msg("%(who)s 给 %(what)s %(period)s 加证据 %(file)s", file=told("filename")),
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
