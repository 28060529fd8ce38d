"""The history in sentences: audit rows about marks, results and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from compete.domain.grades.ladder import grade_label
from compete.services.closing.decisions import KIND_WORDS
from compete.services.closing.playoffs import PLAYOFF_WORDS
from compete.services.kernel.signed_by_whom import signer_words
from compete.web.certificate_words import grouped, style_name
from compete.web.language import say
from compete.web.organiser.overview.counting import Sentences, counted
from compete.web.templating import told_seconds
from compete.web.words import ranked_here


def judging_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """Acts, sheets, papers and recusals, by action."""
    return {
        "acts.take": lambda: _("裁判 %(what)s 上传 %(n)s 条", what=what, n=after.get("held", 0)),
        "sheet.sign": lambda: (
            _(
                "裁判 %(judge)s 签在纸上的 %(what)s，由%(who)s核定为已签",
                judge=after.get("judge", ""),
                what=what,
                who=who,
            )
            if after.get("method") == "paper"
            else _("%(who)s 签了 %(what)s", who=who, what=what)
        ),
        "sheet.return": lambda: _(
            "%(who)s 退回 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "sheet.remark": lambda: _(
            "%(who)s 请裁判 %(judge)s 重评 %(what)s，理由：%(why)s",
            who=who,
            judge=after.get("judge", ""),
            what=what,
            why=why,
        ),
        "sheet.remind": lambda: _(
            "%(who)s 提醒裁判 %(judge)s 改 %(what)s",
            who=who,
            judge=after.get("judge", ""),
            what=what,
        ),
        "time.rule": lambda: _(
            "%(who)s 裁定 %(what)s 用时 %(time)s，理由：%(why)s",
            who=who,
            what=what,
            time=told_seconds(after["seconds"]),
            why=why,
        ),
        "time.lift": lambda: _(
            "%(who)s 撤回 %(what)s 的用时裁定，理由：%(why)s", who=who, what=what, why=why
        ),
        "doubt.right": lambda: _(
            "%(who)s 看过 %(what)s 裁判 %(judge)s 的%(value)s，没错",
            who=who,
            what=what,
            judge=after.get("judge", ""),
            value=_doubted(after),
        ),
        "doubt.again": lambda: _(
            "%(who)s 撤销了对 %(what)s 裁判 %(judge)s 的%(value)s的“看过，没错”",
            who=who,
            what=what,
            judge=after.get("judge", ""),
            value=_doubted(after),
        ),
        # One of each aspect that was ruled on.
        "dispute.rule": lambda: (
            _(
                "%(who)s 裁定 %(what)s 的“%(aspect)s”评 %(value)s，理由：%(why)s",
                who=who,
                what=what,
                aspect=after["name"],
                value=after.get("value", ""),
                why=why,
            )
            if after.get("name")
            # A record from before names were kept in it.
            else _(
                "%(who)s 裁定 %(what)s 一个评分点评 %(value)s，理由：%(why)s",
                who=who,
                what=what,
                value=after.get("value", ""),
                why=why,
            )
        ),
        "acts.hand_over": lambda: _(
            "%(who)s 代裁判 %(what)s 交了 %(n)s 条",
            who=who,
            what=what,
            n=counted(after.get("held")),
        ),
        "acts.as_paper": lambda: _(
            "%(who)s 交了裁判 %(what)s 没有密钥的文件，按纸质评分表录 %(n)s 张",
            who=who,
            what=what,
            n=counted(after.get("read")),
        ),
        "tablet.key": lambda: _("裁判 %(what)s 的平板拿到密钥", what=what),
        "photo.add": lambda: _("%(who)s 给 %(what)s 加了一张照片", who=who, what=what),
        "field.sign": lambda: _("%(who)s 记下 %(what)s 的现场签字", who=who, what=what),
        "paper.enter": lambda: _("%(who)s 录入纸质表 %(what)s", who=who, what=what),
        "marks.typed": lambda: _(
            "%(who)s 代录 %(what)s 的成绩，理由：%(why)s", who=who, what=what, why=why
        ),
        "paper.settle": lambda: _("%(who)s 核定纸质表 %(what)s", who=who, what=what),
        "paper.list": lambda: _(
            "%(who)s 录入成绩单 %(what)s，评分表 %(n)s 张",
            who=who,
            what=what,
            n=counted(after.get("sheets")),
        ),
        "recusal.make": lambda: _("%(what)s 回避，理由：%(why)s", what=what, why=why),
        "recusal.reopen": lambda: _("%(who)s 重开回避的 %(what)s", who=who, what=what),
        "recusal.substitute": lambda: _("%(who)s 给 %(what)s 换裁判", who=who, what=what),
    }


def decision_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """Penalties, outcomes and locks, by action."""
    word = KIND_WORDS.get(after.get("kind", ""))
    kind = say(word) if word is not None else _("扣罚或缺考")
    return {
        "decision.propose": lambda: _(
            "%(who)s 提出 %(what)s 的%(kind)s，理由：%(why)s",
            who=who,
            what=what,
            kind=kind,
            why=why,
        ),
        "decision.confirm": lambda: _(
            "%(who)s 确认 %(what)s 的%(kind)s", who=who, what=what, kind=kind
        ),
        "decision.withdraw": lambda: _(
            "%(who)s 撤回 %(what)s 的%(kind)s", who=who, what=what, kind=kind
        ),
        "decision.redraw": lambda: _("重画 %(what)s 的扣罚或缺考的照片，去掉拍摄信息", what=what),
        "playoff.propose": lambda: _(
            "%(who)s 提出 %(what)s 同分的先后（%(kind)s），理由：%(why)s",
            who=who,
            what=what,
            kind=_playoff_word(after),
            why=why,
        ),
        "playoff.confirm": lambda: _(
            "%(who)s 确认 %(what)s 同分的先后（%(kind)s）",
            who=who,
            what=what,
            kind=_playoff_word(after),
        ),
        "playoff.withdraw": lambda: _(
            "%(who)s 撤回 %(what)s 同分的先后（%(kind)s），理由：%(why)s",
            who=who,
            what=what,
            kind=_playoff_word(after),
            why=why,
        ),
        "outcome.record": lambda: _("%(who)s 记 %(what)s 缺考或退出", who=who, what=what),
        "lock.set": lambda: _("%(who)s 锁定 %(what)s", who=who, what=what),
        "lock.keep": lambda: _("%(who)s 保持锁定 %(what)s", who=who, what=what),
        "lock.must_sign": lambda: _("%(who)s 改锁定前要不要签名", who=who),
        "lock.ask_unlock": lambda: _(
            "%(who)s 申请解锁 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "lock.unlock": lambda: _(
            "%(who)s 确认解锁 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
    }


def _playoff_word(after: dict[str, Any]) -> str:
    return next(
        (say(word) for kind, word in PLAYOFF_WORDS.items() if kind.value == after.get("kind")),
        _("加赛和抽签"),
    )


def results_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """Locking, publishing and certificates, by action."""
    what, number = grouped(what), grouped(str(after.get("number", "")))
    return {
        "marks.lock": lambda: _("%(who)s 锁定评分", who=who),
        "competition.format": lambda: _(
            "%(who)s 把竞赛文件换成第 2 版，理由：%(why)s", who=who, why=why
        ),
        "marks.unlock": lambda: (
            _(
                "%(asked)s 提出、%(who)s 同意解锁，理由：%(why)s",
                asked=say(signer_words(after["asked"])),
                who=who,
                why=why,
            )
            if after.get("asked")
            else _("%(who)s 解锁，理由：%(why)s", who=who, why=why)
        ),
        "grade.lapse": lambda: (
            _("%(what)s 的拟晋升没有了，成绩变了", what=what)
            if ranked_here()
            else _("%(what)s 的拟认定没有了，成绩变了", what=what)
        ),
        "results.publish": lambda: _(
            "%(who)s 公布成绩第 %(n)s 版", who=who, n=after.get("version", 0)
        ),
        "body.choose": lambda: _("%(who)s 填评价机构 %(what)s", who=who, what=what),
        "certificate.issue": lambda: _("%(who)s 给 %(what)s 发等级证书", who=who, what=what),
        "certificate.issue_awards": lambda: _(
            "%(who)s 发获奖证书 %(n)s 张", who=who, n=len(after.get("numbers", []))
        ),
        "consequence.compare": lambda: _(
            "%(who)s 把已发的和第 %(n)s 版再比了一遍", who=who, n=after.get("version", 0)
        ),
        "consequence.withdraw": lambda: _("%(who)s 撤回 %(what)s", who=who, what=what),
        "consequence.replace": lambda: _("%(who)s 定了换发 %(what)s", who=who, what=what),
        "consequence.keep": lambda: _(
            "%(who)s 要保留 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "consequence.agree": lambda: _("%(who)s 同意保留 %(what)s", who=who, what=what),
        "certificate.reissue": lambda: _(
            "%(who)s 换发 %(what)s，新号 %(new)s", who=who, what=what, new=number
        ),
        "certificate.award_date": lambda: _(
            "%(who)s 定获奖证书落款日期：%(on)s", who=who, on=after.get("date") or _("发证当天")
        ),
        "certificate.style": lambda: _style(who, after.get("of", {}), kept="words" in after),
        "certificate.upload_book": lambda: _(
            "%(who)s 下载证书上传数据，%(n)s 人，带完整证件号码", who=who, n=after.get("people", 0)
        ),
        "certificate.words": lambda: _("%(who)s 改了获奖证书的样式，以后发的照新的", who=who),
        "certificate.ask_revoke": lambda: (
            _("%(who)s 提出取消成绩并撤销证书 %(what)s，理由：%(why)s", who=who, what=what, why=why)
            if after.get("strike")
            else _("%(who)s 提出撤销证书 %(what)s，理由：%(why)s", who=who, what=what, why=why)
        ),
        "certificate.drop_revoke": lambda: _("%(who)s 不撤销证书 %(what)s 了", who=who, what=what),
        "award.money": lambda: _("%(who)s 定了奖金和补贴的金额", who=who),
        "award.payments": lambda: _(
            "%(who)s 下载奖金和补贴发放表，人次：%(n)s", who=who, n=after.get("people", 0)
        ),
        "honour.export": lambda: _(
            "%(who)s 下载荣誉称号报送名单，%(n)s 人，带完整证件号码",
            who=who,
            n=after.get("people", 0),
        ),
        "honour.need": lambda: _(
            "%(who)s 写明 %(what)s 由%(body)s核准", who=who, what=what, body=after.get("body", "")
        ),
        "honour.ask_own": lambda: _(
            "%(who)s 提出 %(what)s 由组委会自己授予，等另一位同意，理由：%(why)s",
            who=who,
            what=what,
            why=why,
        ),
        "honour.waive": lambda: _(
            "%(who)s 定了 %(what)s 不用核准，理由：%(why)s", who=who, what=what, why=why
        ),
        "honour.approve": lambda: _(
            "%(who)s 录入 %(what)s 的核准文件 %(number)s，%(n)s 人",
            who=who,
            what=what,
            number=after.get("number", ""),
            n=len(after.get("people", [])),
        ),
        "honour.refuse": lambda: _(
            "%(who)s 录入 %(what)s 没有核准，%(n)s 人，理由：%(why)s",
            who=who,
            what=what,
            n=len(after.get("people", [])),
            why=why,
        ),
        "certificate.ask_again": lambda: _(
            "%(who)s 提出重新发撤销了的证书 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "certificate.drop_again": lambda: _("%(who)s 不重新发证书 %(what)s 了", who=who, what=what),
        "certificate.revoke": lambda: _("%(who)s 撤销证书 %(what)s", who=who, what=what),
    }


def decided_words(who: str, what: str, why: str, after: dict[str, Any]) -> str:
    """What was decided on a proposed grade."""
    grade = after.get("called") or (say(grade_label(after["grade"])) if after.get("grade") else "")
    if after.get("state") == "held":
        return _("%(who)s 缓办 %(what)s，理由：%(why)s", who=who, what=what, why=why)
    if after.get("state") == "refused":
        return _("%(who)s 不批准 %(what)s，理由：%(why)s", who=who, what=what, why=why)
    if not ranked_here():
        return _("%(who)s 批准 %(what)s 认定 %(grade)s", who=who, what=what, grade=grade)
    return _("%(who)s 批准 %(what)s 晋升 %(grade)s", who=who, what=what, grade=grade)


def _style(who: str, aim: Mapping[str, str], *, kept: bool) -> str:
    of = style_name(aim.get("event", ""), aim.get("sort", ""), aim.get("award", ""))
    if kept:
        return _("%(who)s 定了%(of)s的证书样式，以后发的照它", who=who, of=of)
    return _("%(who)s 删掉了%(of)s的证书样式", who=who, of=of)


def _doubted(after: Mapping[str, Any]) -> str:
    """The value that was looked at: an aspect's, or the sheet's total."""
    if not after.get("aspect"):
        return _("总分 %(value)s", value=after["value"])
    value = told_seconds(after["value"]) if after.get("timed") else after["value"]
    return _("“%(name)s”%(value)s", name=after["name"], value=value)
