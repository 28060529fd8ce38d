"""The history in sentences: audit rows about marks, results and certificates."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.identity.certificate_number import spaced_number
from compete.domain.ranking.playoffs import PLAYOFF_WORDS
from compete.domain.values.messages import msg
from compete.services.closing.penalties_and_outcomes import recorded_word
from compete.services.kernel.actor_names import signer_words
from compete.web.certificate_words import style_name
from compete.web.language import say
from compete.web.organiser.log.announcing_words import recorded_grade_name
from compete.web.organiser.log.sentences import (
    Act,
    By,
    Either,
    Sentences,
    Values,
    number_of,
    row_value,
)
from compete.web.templating import told_seconds
from compete.web.words import ranked_here


def _doubted(act: Act) -> str:
    """Name the value that was looked at: an aspect's, or the sheet's total."""
    after = act.after
    if not after.get("aspect"):
        return _("总分 %(value)s", value=after["value"])
    value = told_seconds(after["value"]) if after.get("timed") else after["value"]
    return _("“%(name)s”%(value)s", name=after["name"], value=value)


def _kind(act: Act) -> str:
    return say(recorded_word(act.after))


def _playoff_word(act: Act) -> str:
    return next(
        (say(word) for kind, word in PLAYOFF_WORDS.items() if kind.value == act.after.get("kind")),
        _("加赛和抽签"),
    )


def _approved(act: Act) -> str:
    parts = {"who": act.who, "what": act.what, "grade": recorded_grade_name(act)}
    if asked := act.after.get("asked"):
        parts["asked"] = say(signer_words(asked))
        return _("%(asked)s提出、%(who)s同意，批准 %(what)s 的%(grade)s", **parts)
    if not ranked_here():
        return _("%(who)s 批准 %(what)s 认定 %(grade)s", **parts)
    return _("%(who)s 批准 %(what)s 晋升 %(grade)s", **parts)


def _lapsed(act: Act) -> str:
    if ranked_here():
        return _("%(what)s 的拟晋升没有了，成绩变了", what=spaced_number(act.what))
    return _("%(what)s 的拟认定没有了，成绩变了", what=spaced_number(act.what))


def _style(act: Act) -> str:
    aim = act.after.get("of", {})
    of = style_name(aim.get("event", ""), aim.get("sort", ""), aim.get("award", ""))
    if "words" in act.after:
        return _("%(who)s 定了%(of)s的证书样式，以后发的照它", who=act.who, of=of)
    return _("%(who)s 删掉了%(of)s的证书样式", who=act.who, of=of)


JUDGING: Sentences = {
    "acts.take": msg("裁判 %(what)s 上传 %(n)s 条", n=row_value("held", 0)),
    "sheet.sign": By(
        "method",
        {"paper": msg("裁判 %(judge)s 签在纸上的 %(what)s，由%(who)s核定为已签")},
        msg("%(who)s 签了 %(what)s"),
    ),
    "sheet.return": msg("%(who)s 退回 %(what)s，理由：%(why)s"),
    "sheet.remark": msg("%(who)s 请裁判 %(judge)s 重评 %(what)s，理由：%(why)s"),
    "sheet.remind": msg("%(who)s 提醒裁判 %(judge)s 改 %(what)s"),
    "time.rule": msg(
        "%(who)s 裁定 %(what)s 用时 %(time)s，理由：%(why)s",
        time=lambda it: told_seconds(it.after["seconds"]),
    ),
    "time.lift": msg("%(who)s 撤回 %(what)s 的用时裁定，理由：%(why)s"),
    "difficulty.set": msg(
        "%(who)s 记了 %(what)s %(count)s 名选手的难度系数", count=lambda it: it.after["people"]
    ),
    "doubt.right": msg(
        "%(who)s 看过 %(what)s 裁判 %(judge)s 的%(value)s，没错",
        value=_doubted,
    ),
    "doubt.again": msg(
        "%(who)s 撤销了对 %(what)s 裁判 %(judge)s 的%(value)s的“看过，没错”",
        value=_doubted,
    ),
    "dispute.rule": Either(
        "name",
        msg(
            "%(who)s 裁定 %(what)s 的“%(aspect)s”评 %(value)s，理由：%(why)s",
            aspect=row_value("name"),
        ),
        msg("%(who)s 裁定 %(what)s 一个评分点评 %(value)s，理由：%(why)s"),
    ),
    "acts.hand_over": msg("%(who)s 代裁判 %(what)s 交了 %(n)s 条", n=number_of("held")),
    "acts.as_paper": msg(
        "%(who)s 交了裁判 %(what)s 没有密钥的文件，按纸质评分表录 %(n)s 张", n=number_of("read")
    ),
    "tablet.key": msg("裁判 %(what)s 的平板拿到密钥"),
    "photo.add": msg("%(who)s 给 %(what)s 加了一张照片"),
    "field.sign": msg("%(who)s 记下 %(what)s 的现场签字"),
    "paper.enter": Either(
        "device",
        msg("%(who)s 送来 %(device)s 测的 %(what)s"),
        msg("%(who)s 录入纸质表 %(what)s"),
    ),
    "marks.typed": msg("%(who)s 代录 %(what)s 的成绩，理由：%(why)s"),
    "paper.settle": msg("%(who)s 核定纸质表 %(what)s"),
    "paper.list": msg("%(who)s 录入成绩单 %(what)s，评分表 %(n)s 张", n=number_of("sheets")),
    "recusal.make": msg("%(what)s 回避，理由：%(why)s"),
    "recusal.reopen": msg("%(who)s 重开回避的 %(what)s"),
    "recusal.substitute": msg("%(who)s 给 %(what)s 换裁判"),
}


DECISIONS: Sentences = {
    "decision.propose": msg("%(who)s 提出 %(what)s 的%(kind)s，理由：%(why)s"),
    "decision.confirm": Either(
        "alone",
        msg("%(who)s 记 %(what)s %(kind)s"),
        msg("%(who)s 确认 %(what)s 的%(kind)s"),
    ),
    "absence.keep": msg("%(who)s 维持 %(what)s 的%(kind)s，后到的评分不算，理由：%(why)s"),
    "decision.ask_withdraw": msg("%(who)s 提出撤回 %(what)s 的%(kind)s，理由：%(why)s"),
    "decision.keep": msg("%(who)s 不撤 %(what)s 的%(kind)s了"),
    "decision.withdraw": msg("%(who)s 撤回 %(what)s 的%(kind)s"),
    "decision.redraw": msg("重画 %(what)s 的扣罚或缺考的照片，去掉拍摄信息"),
    "grade.ask": msg("%(who)s 提出批准 %(what)s 的%(grade)s", grade=recorded_grade_name),
    "grade.drop_ask": msg("%(who)s 收回批准 %(what)s 等级的提出"),
    "grade.decide": By(
        "state",
        {
            "held": msg("%(who)s 缓办 %(what)s，理由：%(why)s"),
            "refused": msg("%(who)s 不批准 %(what)s，理由：%(why)s"),
        },
        _approved,
    ),
    "playoff.propose": msg(
        "%(who)s 提出 %(what)s 同分的先后（%(kind)s），理由：%(why)s",
        kind=_playoff_word,
    ),
    "playoff.confirm": msg("%(who)s 确认 %(what)s 同分的先后（%(kind)s）", kind=_playoff_word),
    "playoff.ask_withdraw": msg("%(who)s 提出撤回 %(what)s 同分的先后，理由：%(why)s"),
    "playoff.keep": msg("%(who)s 不撤 %(what)s 同分的先后了"),
    "playoff.withdraw": msg(
        "%(who)s 撤回 %(what)s 同分的先后（%(kind)s），理由：%(why)s",
        kind=_playoff_word,
    ),
    "outcome.record": msg("%(who)s 记 %(what)s 缺考或退出"),
    "lock.set": msg("%(who)s 锁定 %(what)s"),
    "lock.keep": msg("%(who)s 保持锁定 %(what)s"),
    "lock.must_sign": msg("%(who)s 改锁定前要不要签名"),
    "lock.ask_unlock": msg("%(who)s 申请解锁 %(what)s，理由：%(why)s"),
    "lock.unlock": msg("%(who)s 确认解锁 %(what)s，理由：%(why)s"),
}


RESULTS: Sentences = {
    "marks.lock": msg("%(who)s 锁定评分"),
    "competition.format": msg("%(who)s 把竞赛文件换成第 2 版，理由：%(why)s"),
    "marks.unlock": Either(
        "asked",
        msg(
            "%(asked)s 提出、%(who)s 同意解锁，理由：%(why)s",
            asked=lambda it: say(signer_words(it.after["asked"])),
        ),
        msg("%(who)s 解锁，理由：%(why)s"),
    ),
    "grade.lapse": _lapsed,
    "results.publish": msg("%(who)s 公布成绩第 %(n)s 版", n=row_value("version", 0)),
    "body.choose": msg("%(who)s 填评价机构 %(what)s"),
    "certificate.issue": msg("%(who)s 给 %(what)s 发等级证书"),
    "certificate.issue_awards": msg("%(who)s 发获奖证书 %(n)s 张", n=number_of("numbers")),
    "consequence.compare": msg(
        "%(who)s 把已发的和第 %(n)s 版再比了一遍", n=row_value("version", 0)
    ),
    "consequence.withdraw": msg("%(who)s 撤回 %(what)s"),
    "consequence.replace": msg("%(who)s 定了换发 %(what)s"),
    "consequence.keep": msg("%(who)s 要保留 %(what)s，理由：%(why)s"),
    "consequence.agree": msg("%(who)s 同意保留 %(what)s"),
    "consequence.lapse": msg("按新的一版，%(what)s 等同意的保留不算了，原来的理由：%(why)s"),
    "certificate.reissue": msg(
        "%(who)s 换发 %(what)s，新号 %(new)s",
        new=lambda act: spaced_number(str(act.after.get("number", ""))),
    ),
    "certificate.award_date": msg(
        "%(who)s 定获奖证书落款日期：%(on)s", on=lambda it: it.after.get("date") or _("发证当天")
    ),
    "certificate.style": _style,
    "certificate.upload_book": msg(
        "%(who)s 下载证书上传数据，%(n)s 人，带完整证件号码", n=row_value("people", 0)
    ),
    "certificate.words": msg("%(who)s 改了获奖证书的样式，以后发的照新的"),
    "certificate.ask_revoke": Either(
        "strike",
        msg("%(who)s 提出取消成绩并撤销证书 %(what)s，理由：%(why)s"),
        msg("%(who)s 提出撤销证书 %(what)s，理由：%(why)s"),
    ),
    "certificate.drop_revoke": msg("%(who)s 不撤销证书 %(what)s 了"),
    "award.money": msg("%(who)s 定了奖金和补贴的金额"),
    "award.payments": msg("%(who)s 下载奖金和补贴发放表，人次：%(n)s", n=row_value("people", 0)),
    "honour.export": msg(
        "%(who)s 下载荣誉称号报送名单，%(n)s 人，带完整证件号码", n=row_value("people", 0)
    ),
    "honour.need": msg("%(who)s 写明 %(what)s 由%(body)s核准"),
    "honour.ask_own": msg("%(who)s 提出 %(what)s 由组委会自己授予，等另一位同意，理由：%(why)s"),
    "honour.waive": msg("%(who)s 定了 %(what)s 不用核准，理由：%(why)s"),
    "honour.approve": msg(
        "%(who)s 录入 %(what)s 的核准文件 %(number)s，%(n)s 人", n=number_of("people")
    ),
    "honour.refuse": msg(
        "%(who)s 录入 %(what)s 没有核准，%(n)s 人，理由：%(why)s", n=number_of("people")
    ),
    "certificate.ask_again": msg("%(who)s 提出重新发撤销了的证书 %(what)s，理由：%(why)s"),
    "certificate.drop_again": msg("%(who)s 不重新发证书 %(what)s 了"),
    "certificate.end_revoke": msg("%(asked_by)s 提出的撤销 %(what)s 不用定了：%(why)s"),
    "certificate.end_again": msg("%(asked_by)s 提出的重新发 %(what)s 不用定了：%(why)s"),
    "certificate.revoke": msg("%(who)s 撤销证书 %(what)s"),
}

DECISION_VALUES: Values = {"kind": _kind}
RESULT_VALUES: Values = {"what": lambda act: spaced_number(act.what)}
