"""Audit rows about people and organisations of the installation as short sentences."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.messages import msg
from compete.web.organiser.log.sentences import (
    Act,
    By,
    Either,
    Sentences,
    Values,
    number_of,
    row_value,
)


def _merged(act: Act) -> str:
    text = _(
        "%(who)s 定了 %(name)s 和 %(other)s 是同一个人，合并了",
        who=act.who,
        name=act.after.get("name", act.what),
        other=act.after.get("other", ""),
    )
    return text + (_("，依据：%(why)s", why=act.why) if act.why else "")


SENTENCES: Sentences = {
    "organisation.add": msg("%(who)s 加了组织 %(name)s，在 %(under)s"),
    "organisation.change": msg("%(who)s 改组织的名称或代码：%(name)s"),
    "organisation.stages": msg("%(who)s 定了 %(name)s 各环节的叫法"),
    "organisation.move": msg("%(who)s 把 %(name)s 移到 %(under)s"),
    "organisation.merge": msg("%(who)s 把 %(name)s 合并到 %(into)s"),
    "organisation.part": msg("%(who)s 撤销 %(name)s 到 %(into)s 的合并"),
    "person.link": msg("%(who)s 给 %(name)s 发了档案的链接"),
    "person.link_end": By(
        "how",
        {
            "renewed": msg("%(who)s 换了 %(name)s 档案的链接，旧的停用"),
            "merged": msg("%(name)s 的记录合并了，档案的链接停用"),
            "missed": msg("%(name)s 档案的链接错的次数太多，停用了"),
        },
        msg("%(who)s 收回了 %(name)s 档案的链接"),
    ),
    "person.link_print": msg("%(who)s 印了 %(name)s 档案的链接"),
    "person.link_enter": msg("%(name)s 第一次进了自己的档案，设了 PIN"),
    "person.share": msg("%(name)s 把档案给别人看"),
    "person.share_back": msg("%(name)s 收回了给别人看的档案"),
    "expert.add": msg("%(who)s 把 %(name)s 加进专家库"),
    "expert.change": msg("%(who)s 改了专家库里的 %(name)s"),
    "expert.back": msg("%(who)s 把 %(name)s 放回专家库"),
    "expert.end": msg("%(who)s 把 %(name)s 移出专家库"),
    "occupation.add": msg("%(who)s 把 %(name)s 加进职业目录"),
    "occupation.change": msg("%(who)s 改了职业目录里的 %(name)s"),
    "occupation.close": msg("%(who)s 停用了职业目录里的 %(name)s"),
    "occupation.reopen": msg("%(who)s 恢复了职业目录里的 %(name)s"),
    "occupation.import": msg(
        "%(who)s 从 Excel 给职业目录新增 %(added)s 条、更正 %(changed)s 条",
        added=row_value("added", 0),
        changed=row_value("changed", 0),
    ),
    "occupation.shipped": msg("职业目录载入了程序自带的 %(added)s 条", added=row_value("added", 0)),
    "ladder.add": msg("%(who)s 加了等级体系 %(name)s"),
    "ladder.change": msg("%(who)s 改了等级体系 %(name)s"),
    "ladder.close": msg("%(who)s 停用了等级体系 %(name)s"),
    "ladder.reopen": msg("%(who)s 恢复了等级体系 %(name)s"),
    "ladder.import": msg(
        "%(who)s 从 Excel 新增 %(added)s 个等级体系、更正 %(changed)s 个",
        added=row_value("added", 0),
        changed=row_value("changed", 0),
    ),
    "room.add": msg("%(who)s 加了考场或赛场 %(name)s"),
    "room.change": msg("%(who)s 改了考场或赛场 %(name)s"),
    "room.close": msg("%(who)s 停用了考场或赛场 %(name)s"),
    "room.reopen": msg("%(who)s 恢复了考场或赛场 %(name)s"),
    "bank.bring": msg("%(who)s 建了题库 %(name)s，%(n)s 道题", n=row_value("questions", 0)),
    "bank.part": msg("%(who)s 给 %(name)s 题库 %(what)s 的职责"),
    "bank.part_back": msg("%(who)s 收回 %(name)s 在题库 %(what)s 的职责"),
    "bank.look": Either(
        "paper",
        msg("%(who)s 看了题库 %(what)s 的试卷 %(paper)s"),
        msg("%(who)s 看了题库 %(what)s 的 %(n)s 道正式题", n=row_value("n", 0)),
    ),
    "bank.table": msg("%(who)s 给题库 %(what)s 放了组卷方案 %(name)s"),
    "bank.paper": msg("%(who)s 从题库 %(what)s 组了试卷 %(name)s"),
    "bank.paper_used": msg("%(who)s 写题库 %(what)s 的试卷 %(name)s 用在 %(day)s"),
    "bank.ask_seal": msg("%(who)s 要封题库 %(what)s 的试卷 %(paper)s"),
    "bank.agree_seal": msg("%(who)s 同意，封了题库 %(what)s 的试卷 %(paper)s"),
    "bank.drop_seal": msg("%(who)s 没有封题库 %(what)s 的试卷 %(paper)s"),
    "bank.ask_open": Either(
        "why",
        msg("%(who)s 要提前打开题库 %(what)s 的试卷 %(paper)s"),
        msg("%(who)s 开了题库 %(what)s 的试卷 %(paper)s 的第一道"),
    ),
    "bank.agree_open": msg("%(who)s 第二个来，打开了题库 %(what)s 的试卷 %(paper)s"),
    "bank.drop_open": msg("%(who)s 没有打开题库 %(what)s 的试卷 %(paper)s"),
    "bank.ask_void": msg("%(who)s 要作废题库 %(what)s 的试卷 %(paper)s"),
    "bank.agree_void": msg("%(who)s 同意，作废了题库 %(what)s 的试卷 %(paper)s"),
    "bank.drop_void": msg("%(who)s 没有作废题库 %(what)s 的试卷 %(paper)s"),
    "bank.open_practice": msg("%(who)s 开放了题库 %(what)s 的练习：%(section)s"),
    "bank.close_practice": msg("%(who)s 关上了题库 %(what)s 的练习：%(section)s"),
    "bank.ask_release": msg("%(who)s 要把题库 %(what)s 的 %(question)s 转成练习题"),
    "bank.agree_release": msg("%(who)s 同意，题库 %(what)s 的 %(question)s 转成了练习题"),
    "bank.drop_release": msg("%(who)s 没有把题库 %(what)s 的 %(question)s 转成练习题"),
    "bank.write": msg(
        "%(who)s 给题库 %(what)s 新出 %(added)s 道题，改出新版 %(changed)s 道",
        added=row_value("added", 0),
        changed=row_value("changed", 0),
    ),
    "bank.review": msg("%(who)s 审了题库 %(what)s 的 %(question)s"),
    "bank.withdraw": msg("%(who)s 停用了题库 %(what)s 的 %(question)s"),
    "bank.put_back": msg("%(who)s 恢复了题库 %(what)s 的 %(question)s"),
    "bank.ask_file": Either(
        "paper",
        msg("%(who)s 要取出题库 %(what)s 的试卷 %(paper)s"),
        msg("%(who)s 要取出题库 %(what)s"),
    ),
    "bank.agree_file": Either(
        "paper",
        msg("%(who)s 同意取出题库 %(what)s 的试卷 %(paper)s"),
        msg("%(who)s 同意取出题库 %(what)s"),
    ),
    "bank.drop_file": Either(
        "paper",
        msg("%(who)s 没有同意取出题库 %(what)s 的试卷 %(paper)s"),
        msg("%(who)s 没有同意取出题库 %(what)s"),
    ),
    "bank.fetch_file": Either(
        "paper",
        msg("%(who)s 取走了题库 %(what)s 的试卷 %(paper)s"),
        msg("%(who)s 取走了题库 %(what)s"),
    ),
    "series.make": msg("%(who)s 建了系列赛 %(what)s"),
    "series.change": msg("%(who)s 改了系列赛 %(what)s"),
    "series.erase": msg("%(who)s 删了系列赛 %(what)s"),
    "series.file": msg("%(who)s 取走了系列赛 %(what)s 的文件"),
    "series.node": msg("%(who)s 给系列赛 %(what)s 加了 %(node)s"),
    "series.node_here": msg("%(who)s 把竞赛 %(node)s 加进系列赛 %(what)s"),
    "series.change_node": msg("%(who)s 改了系列赛 %(what)s 的 %(node)s"),
    "series.erase_node": msg("%(who)s 删了系列赛 %(what)s 的 %(node)s"),
    "series.report": msg(
        "%(who)s 记下系列赛 %(what)s 的 %(node)s 报的数：%(sessions)s 场，%(people)s 人次"
    ),
    "series.reports": msg("%(who)s 用 Excel 记了系列赛 %(what)s 的 %(count)s 站报的数"),
    "series.remind": msg("%(who)s 催了系列赛 %(what)s 的 %(count)s 站报数"),
    "series.correct_report": msg(
        "%(who)s 改了系列赛 %(what)s 的 %(node)s 报的数：%(sessions)s 场，%(people)s 人次"
    ),
    "series.berth": msg("%(who)s 给系列赛 %(what)s 的 %(node)s 加了到 %(to)s 的 %(places)s 个名额"),
    "series.erase_berth": msg("%(who)s 删了系列赛 %(what)s 的 %(node)s 到 %(to)s 的名额"),
    "series.begin": msg("%(who)s 写了系列赛 %(what)s 的 %(to)s 已开赛"),
    "series.settle": msg("%(who)s 定了系列赛 %(what)s 的 %(node)s 同名次的先后：%(why)s"),
    "series.forward": msg("%(who)s 从系列赛 %(what)s 的 %(node)s 推荐 %(count)s 人到 %(to)s"),
    "series.accepted": msg("%(who)s 写了系列赛 %(what)s 的 %(node)s 有人答应去 %(to)s"),
    "series.declined": msg("%(who)s 写了系列赛 %(what)s 的 %(node)s 有人不去 %(to)s：%(why)s"),
    "series.ineligible": msg("%(who)s 写了系列赛 %(what)s 的 %(node)s 有人不能去 %(to)s：%(why)s"),
    "series.cleared": msg("%(who)s 撤回了系列赛 %(what)s 的 %(node)s 到 %(to)s 的一个答复"),
    "reward.make": msg("%(who)s 建了 %(what)s 的激励名单，归 %(keeper)s 管"),
    "reward.keeper": msg("%(who)s 把 %(what)s 的激励名单交给 %(keeper)s 管"),
    "reward.rule": msg("%(who)s 给 %(what)s 的激励名单加了规则，依据 %(document)s"),
    "reward.end_rule": msg("%(who)s 写了 %(what)s 的一条激励规则到期，依据 %(document)s"),
    "reward.list": msg("%(who)s 出了 %(what)s %(month)s 的激励名单：%(people)s 人"),
    "reward.take_list": msg("%(who)s 取走了 %(what)s %(month)s 的激励名单"),
    "reward.point_rule": msg("%(who)s 给 %(what)s 加了积分规则"),
    "reward.end_point_rule": msg("%(who)s 写了 %(what)s 的一条积分规则到期"),
    "reward.reckon": msg("%(who)s 重算了 %(what)s 的积分：新增 %(came)s 笔，不再算 %(ended)s 笔"),
    "reward.attendance": msg(
        "%(who)s 记了 %(what)s 的培训签到：新增 %(added)s 人次，更正 %(changed)s 人次"
    ),
    "reward.end_attendance": msg("%(who)s 撤回了 %(what)s 的培训签到 %(course)s：%(people)s 人"),
    "person.points_shown": msg("%(name)s 让单位的积分名单写上自己的名字"),
    "person.points_hidden": msg("%(name)s 不让单位的积分名单写自己的名字"),
    "mentorship.make": msg("%(who)s 记下 %(mentor)s 带 %(pupil)s"),
    "mentorship.correct": msg("%(who)s 更正了 %(mentor)s 带 %(pupil)s 的协议"),
    "mentorship.visit": msg("%(who)s 记下 %(mentor)s 带 %(pupil)s 的一次走访"),
    "mentorship.withdraw_visit": msg("%(who)s 撤回了 %(mentor)s 带 %(pupil)s 的一次走访：%(why)s"),
    "mentorship.end": msg("%(who)s 结束了 %(mentor)s 带 %(pupil)s 的协议"),
    "mentorship.reopen": msg("%(who)s 把 %(mentor)s 带 %(pupil)s 的协议改回在带：%(why)s"),
    "mentorship.withdraw": msg("%(who)s 撤回了 %(mentor)s 带 %(pupil)s 的协议：%(why)s"),
    "mentor_rules.set": msg("%(who)s 定了 %(what)s 的师徒规则"),
    "conditions.add": msg("%(who)s 加了申报条件 %(name)s"),
    "conditions.change": msg("%(who)s 改了申报条件 %(name)s"),
    "conditions.close": msg("%(who)s 停用了申报条件 %(name)s"),
    "conditions.reopen": msg("%(who)s 恢复了申报条件 %(name)s"),
    "conditions.confirm": msg("%(who)s 和原文核对了申报条件 %(name)s"),
    "conditions.shipped": msg("载入了程序自带的申报条件 %(name)s"),
    "ladder.shipped": msg("载入了程序自带的等级体系 %(name)s"),
    "person.merge": _merged,
    "person.part": Either(
        "corrected",
        msg("%(who)s 更正证件号码，%(name)s 和 %(other)s 的合并不再算"),
        msg("%(who)s 撤销 %(name)s 和 %(other)s 的合并"),
    ),
    "person.apart": msg("%(who)s 定了 %(name)s 和 %(other)s 是两个人"),
    "person.again": msg("%(who)s 撤回“%(name)s 和 %(other)s 是两个人”"),
    "unit.connect": msg("%(who)s 把 %(n)s 个单位连到组织", n=number_of("units")),
    "unit.disconnect": msg("%(who)s 让单位 %(what)s 不再连着组织"),
}

VALUES: Values = {
    "name": lambda act: act.after.get("name", act.what),
    "under": lambda act: act.after.get("under") or _("最上面"),
}
