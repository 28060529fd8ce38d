"""Audit rows as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.domain.grades import grade_label
from compete.models import AuditEntry
from compete.services.closing import KIND_WORDS
from compete.web.language import say
from compete.web.organiser.details.words import DETAIL_WORDS


def record_text(entry: AuditEntry, modules: dict[str, str]) -> str:
    """Who did what to whom; the row's own names where no sentence is known.

    `modules` as from `module_names`: they stand in place of the codes.
    """
    who, what, why = entry.actor, _named(entry.subject, modules), entry.reason or ""
    after = entry.after if isinstance(entry.after, dict) else {}
    if entry.action == "grade.decide":
        return _decided(who, what, why, after)
    for sentences in (_desk, _results, _judging, _decisions, _recheck, _hall):
        found = sentences(who, what, why, after).get(entry.action)
        if found is not None:
            return found
    return f"{who} {entry.action} {what}"


def _named(subject: str, modules: dict[str, str]) -> str:
    """A module's name for its codes, with the session where one follows."""
    for codes, name in modules.items():
        if subject == codes:
            return name
        if subject.startswith(f"{codes}/"):
            return f"{name} {subject[len(codes) + 1 :]}"
    return subject


def _desk(who: str, what: str, why: str, after: dict[str, Any]) -> dict[str, str]:
    return {
        "competition.load": _("%(who)s 载入竞赛 %(what)s", who=who, what=what),
        "competition.change": _(
            "%(who)s 改竞赛资料：%(what)s",
            who=who,
            what=_("、").join(str(DETAIL_WORDS[key]) for key in after if key in DETAIL_WORDS),
        ),
        "judge.add": _("%(who)s 加了工作人员 %(what)s", who=who, what=what),
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
        "entrants.place": _("%(who)s 给没有工位的选手排了工位", who=who),
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
        "blind.draw": _("%(who)s 抽加密号 %(what)s", who=who, what=what),
        "judges.assign": _("%(who)s 安排裁判 %(what)s", who=who, what=what),
        "judges.timekeeper": _("%(who)s 安排计时员 %(what)s", who=who, what=what),
        "judging.open": _("%(who)s 开始评分，%(n)s 张表", who=who, n=after.get("sheets", 0)),
    }


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
            n=len(after.get("held", ())),
        ),
        "acts.as_paper": _(
            "%(who)s 交了裁判 %(what)s 没有密钥的文件，按纸质评分表录 %(n)s 张",
            who=who,
            what=what,
            n=len(after.get("read", ())),
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
        "results.publish": _("%(who)s 公布成绩第 %(n)s 版", who=who, n=after.get("version", 0)),
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
