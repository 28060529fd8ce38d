"""Audit rows about people: entered, with their photos and conditions, and erased, as sentences."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.eligibility import RULE_WORDS, Rule
from compete.domain.values.messages import msg
from compete.web.language import say
from compete.web.organiser.competition_words import part_words
from compete.web.organiser.log.sentences import (
    Act,
    Either,
    Sentences,
    Value,
    Values,
    counted,
    number_of,
    row_value,
)
from compete.web.words import some_names


def _rule(act: Act) -> str:
    rule = act.after.get("rule")
    return say(RULE_WORDS[Rule(rule)]) if rule in list(Rule) else ""


def _set_up_kept(act: Act) -> str:
    part = part_words().get(act.what.partition("/")[0], act.what)
    if event := act.after.get("event"):
        part = _("“%(event)s”%(part)s", event=event, part=part)
    if act.after.get("copied"):
        name = act.after.get("of", "")
        return _("%(who)s 把%(part)s换成“%(name)s”那样", who=act.who, part=part, name=name)
    return _("%(who)s 看过%(part)s，照旧", who=act.who, part=part)


def _people(key: str) -> Value:
    """Count the people and name them, as far as that is known still."""

    def people_words(act: Act) -> str:
        n, names = counted(act.after.get(key)), act.after.get("names")
        if not isinstance(names, list) or not names:
            return _("%(n)s 人", n=n)
        return _("%(n)s 人（%(names)s）", n=n, names=some_names(names, n))

    return people_words


def _people_words(act: Act) -> str:
    if not act.after.get("all"):
        return act.what
    return _("全部经办人") if act.after.get("labour") else _("全部选手")


SENTENCES: Sentences = {
    "entrants.fields": msg("%(who)s 改报名还问什么"),
    "event.conditions": msg("%(who)s 改赛项 %(what)s 的参赛条件"),
    "entrant.exempt": msg(
        "%(who)s 特准 %(what)s 的%(rule)s，原因：%(why)s",
        rule=_rule,
    ),
    "outside.enter": msg("%(who)s 录入外面的成绩：%(contest)s，%(event)s，凭据 %(document)s"),
    "outside.correct": msg("%(who)s 更正外面的成绩：%(contest)s，%(event)s，凭据 %(document)s"),
    "outside.agree": msg("%(who)s 核对了外面的成绩：%(contest)s，%(event)s，凭据 %(document)s"),
    "outside.drop": msg("%(who)s 不记外面的成绩了：%(contest)s，%(event)s：%(why)s"),
    "outside.ask_withdraw": msg("%(who)s 提出收回外面的成绩：%(contest)s，%(event)s：%(why)s"),
    "outside.withdraw": msg("%(who)s 同意收回外面的成绩：%(contest)s，%(event)s：%(why)s"),
    "outside.keep": msg("%(who)s 不收回外面的成绩了：%(contest)s，%(event)s"),
    "entrant.level_exempt_ask": msg("%(who)s 提出特准 %(what)s，条件不够也能考，原因：%(why)s"),
    "entrant.level_exempt": msg("%(who)s 同意特准 %(what)s，条件不够也能考，原因：%(why)s"),
    "entrant.level_exempt_drop": msg("%(who)s 不特准 %(what)s 了"),
    "entrant.level_exempt_end": msg("%(who)s 收回给 %(what)s 的特准，条件还差"),
    "entrant.exempt_end": msg("%(who)s 收回给 %(what)s 的特准"),
    "entrant.resit": msg("%(who)s 把 %(what)s 记为补考，第 %(n)s 次", n=row_value("attempt")),
    "entrant.resit_end": msg("%(who)s 收回 %(what)s 的补考"),
    "entrant.carry": msg(
        "%(who)s 给 %(what)s 带来单科成绩：%(module)s %(mark)s", module=row_value("name")
    ),
    "entrant.carry_end": msg("%(who)s 收回 %(what)s 带来的成绩"),
    "entrant.carry_void": msg("%(what)s 带来的成绩作废，原因：%(why)s"),
    "application.save": msg("%(who)s 录 %(what)s"),
    "application.upload": msg("%(who)s 上传 %(what)s，还没写入"),
    "application.discard": msg("%(who)s 没有写入 %(what)s"),
    "application.import": msg(
        "%(who)s 写入本单位的报名表：新增 %(added)s，变更 %(changed)s",
        added=row_value("added", 0),
        changed=row_value("changed", 0),
    ),
    "application.submit": msg("%(who)s 提交 %(people)s"),
    "application.replace": msg("%(who)s 申请换下 %(what)s，原因：%(why)s"),
    "entrant.replace": msg("%(who)s 收下换人：%(what)s 换下 %(old)s"),
    "entrant.replaced": msg("%(what)s 由 %(new)s 换下"),
    "application.take_back": msg("%(who)s 撤回 %(what)s"),
    "application.drop": msg("%(who)s 删掉草稿 %(what)s"),
    "application.nominate": msg(
        "%(who)s 从系列赛“%(series)s”的“%(from)s”推荐来报名的 %(people)s",
        people=_people("people"),
    ),
    "application.accept": msg("%(who)s 收下报名的 %(people)s", people=_people("accepted")),
    "application.accept_undone": msg(
        "%(who)s 撤回收下的 %(people)s，又等着收",
        people=_people("taken_out"),
    ),
    "application.wait": msg("%(who)s 让报名的 %(people)s排候补"),
    "application.return": msg("%(who)s 退回报名的 %(people)s，原因：%(why)s"),
    "setup.keep": _set_up_kept,
    "setup.edition": msg("%(who)s 定下照“%(name)s”的来", name=row_value("of")),
    "setup.open": msg("%(who)s 开放报名"),
    "setup.shut": msg("%(who)s 收回开放报名"),
    "self_entry.open": Either(
        "other_units",
        msg("%(who)s 打开个人报名，单位不在名单里的也收"),
        msg("%(who)s 打开个人报名"),
    ),
    "self_entry.close": msg("%(who)s 关掉个人报名"),
    "application.own_hand_in": Either(
        "unit", msg("%(name)s 自己报名，单位 %(unit)s"), msg("%(name)s 自己报名，单位不在名单里")
    ),
    "application.own_photo": msg("%(name)s 给自己的报名传了照片"),
    "application.own_correct": msg("%(name)s 改了自己的报名再交"),
    "application.own_take_back": msg("%(name)s 撤回了自己的报名"),
    "application.own_delete": msg("自己报名的人撤回以后删了资料"),
    "application.confirm": msg("%(who)s 确认自己报名的 %(people)s是 %(what)s 的"),
    "application.unit_return": msg("%(who)s 退回自己报名的 %(people)s，原因：%(why)s"),
    "application.new_link": msg("%(who)s 给自己报名的 %(people)s换了链接"),
    "application.clear": msg(
        "%(who)s 清掉自己报名、还没看的 %(n)s 人，原因：%(why)s", n=row_value("people", 0)
    ),
    "application.unit": msg("%(who)s 定自己报名的 %(people)s是 %(what)s 的"),
    "portrait.put": Either(
        "replaced", msg("%(who)s 换了 %(what)s 的照片"), msg("%(who)s 传了 %(what)s 的照片")
    ),
    "portrait.remove": msg("%(who)s 删了 %(what)s 的照片"),
    "portrait.upload": msg("%(who)s 上传照片，%(n)s 个文件", n=number_of("files")),
    "portrait.import": msg("%(who)s 写入 %(n)s 张照片", n=number_of("codes")),
    "application.document_put": Either(
        "replaced", msg("%(name)s 的申报材料换了一份"), msg("%(name)s 的申报材料传了一份")
    ),
    "application.document_remove": msg("%(name)s 的申报材料删了一份"),
    "document.put": Either(
        "replaced", msg("%(what)s 的申报材料换了一份"), msg("%(what)s 的申报材料传了一份")
    ),
    "document.bring": msg("%(who)s 把 %(what)s 上一批的申报材料带来"),
    "document.remove": msg("%(what)s 的申报材料删了一份"),
    "document.recognised": msg("%(who)s 认可 %(what)s 的一份申报材料"),
    "document.sent": msg("%(who)s 把 %(what)s 的一份申报材料改回没看"),
    "document.returned": msg("%(who)s 退回 %(what)s 的一份申报材料，原因：%(why)s"),
    "portrait.discard": msg("%(who)s 不写入上传的照片"),
    "entrant.erase": Either(
        "left",
        msg(
            "%(who)s 同意，在删 %(whose)s 的个人资料，删了 %(n)s 人，剩 %(left)s 人，原因：%(why)s",
            n=row_value("count", 0),
        ),
        msg(
            "%(who)s 同意，删除了 %(whose)s 的个人资料（%(n)s 人），原因：%(why)s",
            n=row_value("count", 0),
        ),
    ),
    "consent.give": msg("%(who)s 记下 %(what)s 同意公布全名"),
    "consent.withdraw": msg("%(who)s 记下 %(what)s 不同意公布全名"),
    "erasure.ask": msg("%(who)s 提出删除 %(whose)s 的个人资料，原因：%(why)s"),
    "erasure.refuse": msg("%(who)s 不删 %(whose)s 的个人资料：%(why)s"),
    "erasure.drop": msg("%(who)s 收回了删除 %(whose)s 的个人资料"),
    "erasure.months": msg(
        "%(who)s 定个人资料结束以后保存 %(n)s 个月", n=lambda it: it.after.get("months") or "—"
    ),
}

VALUES: Values = {
    # Of people who enter themselves the chain has no name unless they are on the list.
    "people": _people("people"),
    "name": lambda act: (act.after.get("names") or [_("有人")])[0],
    "whose": _people_words,
}
