"""Audit rows as short sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from compete.domain.grades import grade_label
from compete.models import AuditEntry
from compete.services.closing import KIND_WORDS
from compete.web.language import say
from compete.web.organiser.confirming.view_model import some_names
from compete.web.organiser.details.words import DETAIL_WORDS
from compete.web.organiser.overview.counting import counted
from compete.web.organiser.overview.directory_words import directory_words
from compete.web.organiser.overview.result_words import result_words


def record_text(
    entry: AuditEntry, modules: Mapping[str, str], judges: Mapping[int, str] = MappingProxyType({})
) -> str:
    """Who did what to whom; the row's own names where no sentence is known.

    `modules` as from `module_names`: they stand in place of the codes. `judges` have a name
    for each row of theirs.
    """
    who, what, why = entry.actor, _named(entry.subject, modules), entry.reason or ""
    after = entry.after if isinstance(entry.after, dict) else {}
    if entry.action == "judges.assign":
        return _assigned(who, what, _seats(entry.before, judges), _seats(entry.after, judges))
    if entry.action == "grade.decide":
        return _decided(who, what, why, after)
    for sentences in (
        _desk,
        _results,
        _judging,
        _decisions,
        _recheck,
        _hall,
        _draws,
        directory_words,
        result_words,
    ):
        found = sentences(who, what, why, after).get(entry.action)
        if found is not None:
            return found
    return f"{who} {entry.action} {what}"


def _seats(seats: Any, judges: Mapping[int, str]) -> list[str]:
    """Who sits where, of a record's list of judges and stations."""
    named = [(judges.get(judge, "?"), station) for judge, station in seats or ()]
    return [f"{name}（{station}）" if station else name for name, station in named]


def _assigned(who: str, what: str, before: list[str], after: list[str]) -> str:
    """Who came to a module and who left it."""
    come = [seat for seat in after if seat not in before]
    gone = [seat for seat in before if seat not in after]
    if come and gone:
        return _(
            "%(who)s 安排裁判 %(what)s：%(come)s，换下 %(gone)s",
            who=who,
            what=what,
            come=some_names(come),
            gone=some_names(gone),
        )
    if gone:
        return _("%(who)s 去掉裁判 %(what)s：%(gone)s", who=who, what=what, gone=some_names(gone))
    return _("%(who)s 安排裁判 %(what)s：%(come)s", who=who, what=what, come=some_names(come))


def _named(subject: str, modules: Mapping[str, str]) -> str:
    """A module's name for its codes, with the session where one follows."""
    for codes, name in modules.items():
        if subject == codes:
            return name
        if subject.startswith(f"{codes}/"):
            return f"{name} {subject[len(codes) + 1 :]}"
    return subject


def _desk(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    return {
        "competition.load": _made(who, what, after.get("origin") or {}),
        "competition.change": _(
            "%(who)s 改竞赛资料：%(what)s",
            who=who,
            what=_("、").join(str(DETAIL_WORDS[key]) for key in after if key in DETAIL_WORDS),
        ),
        "competition.put_away": _("%(who)s 收起了竞赛", who=who),
        "competition.bring_back": _("%(who)s 把竞赛拿回来", who=who),
        "event.add": _("%(who)s 加赛项 %(what)s", who=who, what=after.get("name", what)),
        "event.remove": _("%(who)s 删掉赛项 %(what)s", who=who, what=what),
        "event.rules": _(
            "%(who)s 改 %(what)s 的规则，存为第 %(n)s 版",
            who=who,
            what=what,
            n=after.get("version", ""),
        ),
        "unit.add": _("%(who)s 加了 %(n)s 个单位", who=who, n=counted(after.get("units"))),
        "unit.rename": _(
            "%(who)s 把单位 %(what)s 改名为 %(name)s",
            who=who,
            what=what,
            name=after.get("name", ""),
        ),
        "unit.remove": _("%(who)s 删掉单位 %(what)s", who=who, what=what),
        "unit.link": _("%(who)s 给单位 %(what)s 做了报名链接", who=who, what=what),
        "unit.link.cancel": _("%(who)s 作废单位 %(what)s 的报名链接", who=who, what=what),
        "unit.link.print": _("%(who)s 打印报名链接", who=who),
        "units.window": _("%(who)s 改单位报名的时间和名额", who=who),
        "application.save": _("%(who)s 录 %(what)s", who=who, what=what),
        "application.upload": _("%(who)s 上传 %(what)s，还没写入", who=who, what=what),
        "application.discard": _("%(who)s 没有写入 %(what)s", who=who, what=what),
        "application.import": _(
            "%(who)s 写入本单位的报名表：新增 %(added)s，变更 %(changed)s",
            who=who,
            added=after.get("added", 0),
            changed=after.get("changed", 0),
        ),
        "application.submit": _("%(who)s 提交 %(n)s 人", who=who, n=counted(after.get("people"))),
        "application.take_back": _("%(who)s 撤回 %(what)s", who=who, what=what),
        "application.drop": _("%(who)s 删掉草稿 %(what)s", who=who, what=what),
        "application.accept": _(
            "%(who)s 收下单位报的 %(n)s 人", who=who, n=counted(after.get("accepted"))
        ),
        "application.return": _(
            "%(who)s 退回单位报的 %(n)s 人，原因：%(why)s",
            who=who,
            n=counted(after.get("people")),
            why=why,
        ),
        "people.connect": _(
            "%(who)s 登记的人和“人员”对上：新的 %(new)s 人，认得的 %(known)s 人",
            who=who,
            new=after.get("new", 0),
            known=after.get("known", 0),
        ),
        "judge.add": _(
            "%(who)s 加了工作人员 %(what)s %(name)s",
            who=who,
            what=what,
            name=after.get("name", ""),
        ),
        "account.create": _("%(who)s 建账号 %(what)s", who=who, what=what),
        "role.grant": _("%(what)s 加入竞赛", what=what),
        "role.revoke": _("%(who)s 收回 %(what)s 的职责", who=who, what=what),
        "invitation.make": _("%(who)s 请 %(what)s 当组委会", who=who, what=what),
        "invitation.cancel": _("%(who)s 作废请 %(what)s 的链接", who=who, what=what),
        "account.link": _("%(who)s 给 %(what)s 发设密码的链接", who=who, what=what),
        "account.password": _("%(what)s 设了密码", what=what),
        "account.admin": _("%(what)s 当管理员", what=what),
        "session.end": _("%(what)s 退出了 %(n)s 台设备", what=what, n=after.get("ended", 0)),
        "account.close": _("%(who)s 停用账号 %(what)s", who=who, what=what),
        "account.open": _("%(who)s 恢复账号 %(what)s", who=who, what=what),
        "body.create": _("%(who)s 登记评价机构 %(what)s", who=who, what=what),
        "installation.restored": _("从备份 %(what)s 恢复", what=what),
        "key.accepted": _("换了钥匙 %(what)s", what=what),
        "body.scope": _("%(who)s 改 %(what)s 的备案范围", who=who, what=what),
        "entrants.upload": _("%(who)s 上传 %(what)s，还没写入", who=who, what=what),
        "entrants.discard": _("%(who)s 没有写入 %(what)s", who=who, what=what),
        "entrants.import": _(
            "%(who)s 写入报名表：新增 %(added)s，变更 %(changed)s",
            who=who,
            added=after.get("added", 0),
            changed=after.get("changed", 0),
        ),
        "badge.replace": _(
            "%(who)s 给 %(what)s 换发参赛证，理由：%(why)s", who=who, what=what, why=why
        ),
        "entrant.correct": _(
            "%(who)s 更正 %(what)s 的身份，理由：%(why)s", who=who, what=what, why=why
        ),
        "entrant.move": _(
            "%(who)s 把 %(what)s 挪到 %(place)s，理由：%(why)s",
            who=who,
            what=what,
            place=after.get("place") or "",
            why=why,
        ),
        "entrant.withdraw": _(
            "%(who)s 让 %(what)s 退赛，理由：%(why)s", who=who, what=what, why=why
        ),
        "entrant.return": _("%(who)s 撤回 %(what)s 的退赛", who=who, what=what),
        "entrants.place": _(
            "%(who)s 给没有抽签的 %(people)s 排了工位，排在人最少的工位上",
            who=who,
            people=some_names(sorted(after.get("stations", {}))),
        ),
        "entrant.show_number": _(
            "%(who)s 看了 %(what)s 的完整证件号码，理由：%(why)s", who=who, what=what, why=why
        ),
        "sheets.allot": _("%(who)s 补了 %(n)s 张评分表", who=who, n=after.get("sheets", 0)),
        "card.issue": _("%(who)s 给 %(what)s 发登录卡", who=who, what=what),
        "codes.show": _("%(who)s 看了加密号对照表", who=who),
        "grade.confirm_pack": _(
            "%(who)s 确认“%(what)s”的前提：%(why)s",
            who=who,
            what=what,
            why=after.get("presumes", ""),
        ),
        "grade.print": _(
            "%(who)s 打印拟晋升名单，%(n)s 人，带完整证件号码", who=who, n=after.get("people", 0)
        ),
        "card.show": _("%(who)s 看了 %(what)s 还没用过的登录卡", who=who, what=what),
        "card.print": _("%(who)s 打印登录卡", who=who),
        "card.cancel": _("%(who)s 作废 %(what)s 的登录卡", who=who, what=what),
        "card.first_use": _("%(what)s 用登录卡登录", what=what),
        "pin.set": _("%(what)s 设了 PIN", what=what),
        "pin.locked": _("%(what)s 输错 PIN 太多次，登录卡停用", what=what),
        "checkin.pass": _("%(who)s 给 %(what)s 检录", who=who, what=what),
        "checkin.stop": _("%(who)s 没放行 %(what)s：%(why)s", who=who, what=what, why=why),
        "checkin.undo": _("%(who)s 撤销 %(what)s 的检录", who=who, what=what),
        "blind.draw": _("%(who)s 抽加密号 %(what)s", who=who, what=what),
        "judges.timekeeper": _("%(who)s 安排计时员 %(what)s", who=who, what=what),
        "judging.open": _("%(who)s 开始评分，%(n)s 张表", who=who, n=after.get("sheets", 0)),
    }


def _made(who: str, what: str, origin: Mapping[str, str]) -> str:
    """Where a competition came from."""
    of = origin.get("of", "")
    match origin.get("from"):
        case "file":
            return _("%(who)s 从文件 %(of)s 新建竞赛 %(what)s", who=who, of=of, what=what)
        case "edition":
            return _("%(who)s 照“%(of)s”新建竞赛 %(what)s", who=who, of=of, what=what)
        case "template":
            return _("%(who)s 从模板“%(of)s”新建竞赛 %(what)s", who=who, of=of, what=what)
        case "blank":
            return _("%(who)s 从空白新建竞赛 %(what)s", who=who, what=what)
    return _("%(who)s 载入竞赛 %(what)s", who=who, what=what)


def _judging(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    return {
        "acts.take": _("裁判 %(what)s 上传 %(n)s 条", what=what, n=after.get("held", 0)),
        "sheet.sign": _("%(who)s 签了 %(what)s", who=who, what=what),
        "sheet.return": _("%(who)s 退回 %(what)s，理由：%(why)s", who=who, what=what, why=why),
        "sheet.remark": _("%(who)s 请人重评 %(what)s，理由：%(why)s", who=who, what=what, why=why),
        "sheet.remind": _(
            "%(who)s 提醒裁判 %(judge)s 改 %(what)s",
            who=who,
            judge=after.get("judge", ""),
            what=what,
        ),
        "time.rule": _(
            "%(who)s 裁定 %(what)s 用时 %(n)s 秒，理由：%(why)s",
            who=who,
            what=what,
            n=after.get("seconds", ""),
            why=why,
        ),
        "time.lift": _(
            "%(who)s 撤回 %(what)s 的用时裁定，理由：%(why)s", who=who, what=what, why=why
        ),
        "dispute.rule": _("%(who)s 裁定 %(what)s，理由：%(why)s", who=who, what=what, why=why),
        "acts.hand_over": _(
            "%(who)s 代裁判 %(what)s 交了 %(n)s 条",
            who=who,
            what=what,
            n=counted(after.get("held")),
        ),
        "acts.as_paper": _(
            "%(who)s 交了裁判 %(what)s 没有密钥的文件，按纸质评分表录 %(n)s 张",
            who=who,
            what=what,
            n=counted(after.get("read")),
        ),
        "tablet.key": _("裁判 %(what)s 的平板拿到密钥", what=what),
        "photo.add": _("%(who)s 给 %(what)s 加了一张照片", who=who, what=what),
        "field.sign": _("%(who)s 记下 %(what)s 的现场签字", who=who, what=what),
        "paper.enter": _("%(who)s 录入纸质表 %(what)s", who=who, what=what),
        "paper.settle": _("%(who)s 核定纸质表 %(what)s", who=who, what=what),
        "recusal.make": _("%(what)s 回避，理由：%(why)s", what=what, why=why),
        "recusal.reopen": _("%(who)s 重开回避的 %(what)s", who=who, what=what),
        "recusal.substitute": _("%(who)s 给 %(what)s 换裁判", who=who, what=what),
    }


def _decisions(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    word = KIND_WORDS.get(after.get("kind", ""))
    kind = say(word) if word is not None else _("扣罚或缺考")
    return {
        "decision.propose": _(
            "%(who)s 提出 %(what)s 的%(kind)s，理由：%(why)s",
            who=who,
            what=what,
            kind=kind,
            why=why,
        ),
        "decision.confirm": _("%(who)s 确认 %(what)s 的%(kind)s", who=who, what=what, kind=kind),
        "decision.withdraw": _("%(who)s 撤回 %(what)s 的%(kind)s", who=who, what=what, kind=kind),
        "decision.redraw": _("重画 %(what)s 的扣罚或缺考的照片，去掉拍摄信息", what=what),
        "outcome.record": _("%(who)s 记 %(what)s 缺考或退出", who=who, what=what),
        "lock.set": _("%(who)s 锁定 %(what)s", who=who, what=what),
        "lock.keep": _("%(who)s 保持锁定 %(what)s", who=who, what=what),
        "lock.must_sign": _("%(who)s 改锁定前要不要签名", who=who),
        "lock.ask_unlock": _(
            "%(who)s 申请解锁 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "lock.unlock": _("%(who)s 确认解锁 %(what)s，理由：%(why)s", who=who, what=what, why=why),
    }


def _results(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    return {
        "marks.lock": _("%(who)s 锁定评分", who=who),
        "marks.unlock": _("%(who)s 解锁，理由：%(why)s", who=who, why=why),
        "grade.lapse": _("%(what)s 的拟晋升没有了，成绩变了", what=what),
        "body.choose": _("%(who)s 填评价机构 %(what)s", who=who, what=what),
        "certificate.issue": _("%(who)s 给 %(what)s 发等级证书", who=who, what=what),
        "certificate.issue_awards": _(
            "%(who)s 发获奖证书 %(n)s 张", who=who, n=len(after.get("numbers", []))
        ),
        "consequence.compare": _(
            "%(who)s 把已发的和第 %(n)s 版再比了一遍", who=who, n=after.get("version", 0)
        ),
        "consequence.withdraw": _("%(who)s 撤回 %(what)s", who=who, what=what),
        "consequence.replace": _("%(who)s 定了换发 %(what)s", who=who, what=what),
        "consequence.keep": _(
            "%(who)s 要保留 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "consequence.agree": _("%(who)s 同意保留 %(what)s", who=who, what=what),
        "certificate.reissue": _(
            "%(who)s 换发 %(what)s，新号 %(new)s", who=who, what=what, new=after.get("number", "")
        ),
        "certificate.award_date": _(
            "%(who)s 定获奖证书落款日期：%(on)s", who=who, on=after.get("date") or _("发证当天")
        ),
        "certificate.ask_revoke": _(
            "%(who)s 提出撤销证书 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "certificate.drop_revoke": _("%(who)s 不撤销证书 %(what)s 了", who=who, what=what),
        "certificate.revoke": _("%(who)s 撤销证书 %(what)s", who=who, what=what),
    }


def _decided(who: str, what: str, why: str, after: dict[str, Any]) -> str:
    grade = say(grade_label(after["grade"])) if after.get("grade") else ""
    if after.get("state") == "held":
        return _("%(who)s 缓办 %(what)s，理由：%(why)s", who=who, what=what, why=why)
    if after.get("state") == "refused":
        return _("%(who)s 不批准 %(what)s，理由：%(why)s", who=who, what=what, why=why)
    return _("%(who)s 批准 %(what)s 晋升 %(grade)s", who=who, what=what, grade=grade)


def _recheck(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    top, sampled = len(after.get("top", [])), len(after.get("sampled", []))
    return {
        "recheck.draw": _("%(who)s 抽复核，%(n)s 人", who=who, n=top + sampled),
        "recheck.enter": _("%(who)s 复核录入 %(what)s", who=who, what=what),
        "recheck.rule": _(
            "%(who)s 裁定复核出入 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "recheck.force": _("错误率超过上限，全部复核"),
        "recheck.add": _("%(who)s 补抽复核 %(n)s 人", who=who, n=top),
        "recheck.settings": _("%(who)s 改复核规则", who=who),
    }


def _hall(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    return {
        "hall.make": _("%(who)s 做了大屏 %(what)s", who=who, what=what),
        "hall.link": _("%(who)s 换了大屏链接 %(what)s", who=who, what=what),
        "hall.settings": _("%(who)s 改大屏设置", who=who),
        "hall.freeze": _("%(who)s 封榜", who=who),
        "hall.unfreeze": _("%(who)s 取消封榜", who=who),
        "hall.reveal": _("%(who)s 开始揭晓", who=who),
        "hall.open": _("%(who)s 揭晓完了", who=who),
        "hall.break_off": _("%(who)s 中止揭晓", who=who),
    }


def _draws(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    name, number = after.get("name", ""), after.get("number", "")
    return {
        "draw.prepare": _("%(who)s 准备抽签 %(what)s，第 %(n)s 次", who=who, what=what, n=number),
        "draw.seal": _("%(who)s 登记 %(name)s 的封签", who=who, name=name),
        "draw.unseal": _("%(who)s 拿掉 %(name)s 的封签", who=who, name=name),
        "draw.list": _("%(who)s 重新取抽签名单 %(what)s", who=who, what=what),
        "draw.discard": _("%(who)s 丢掉准备中的抽签 %(what)s", who=who, what=what),
        "draw.head": _("%(who)s 公布抽签 %(what)s 的封存值", who=who, what=what),
        "draw.opening": _("%(name)s 拆签", name=name),
        "draw.opening_refused": _("%(name)s 交的签和封签对不上，算没拆", name=name),
        "draw.openings": _("%(who)s 公布抽签 %(what)s 的拆签值", who=who, what=what),
        "draw.result": _("抽签 %(what)s，%(n)s 人有了工位", what=what, n=after.get("places", 0)),
        "draw.void": _("抽签 %(what)s 作废，理由：%(why)s", what=what, why=why),
        "draw.end": _("%(who)s 结束抽签 %(what)s，理由：%(why)s", who=who, what=what, why=why),
        "draw.paper": _(
            "%(who)s 记下纸上的抽签 %(what)s，监督 %(name)s",
            who=who,
            what=what,
            name=after.get("supervisor", ""),
        ),
    }
