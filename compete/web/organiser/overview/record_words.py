"""The history in sentences: one for each action of the audit chain; other files have more."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from msgspec import convert

from compete.models import AuditEntry
from compete.services.kernel.competition_settings import RecheckShares
from compete.services.kernel.signed_by_whom import signer_words
from compete.web.language import say
from compete.web.organiser.confirming.view_model import some_names
from compete.web.organiser.details.asked import barred_words, recheck_words
from compete.web.organiser.overview.announcing_words import announcing_words
from compete.web.organiser.overview.appeal_words import appeal_words
from compete.web.organiser.overview.applicants import named_in, unit_in
from compete.web.organiser.overview.claim_words import claim_words
from compete.web.organiser.overview.coding_words import coding_words
from compete.web.organiser.overview.counting import Sentences, counted
from compete.web.organiser.overview.department_words import department_words
from compete.web.organiser.overview.details_words import details_words
from compete.web.organiser.overview.directory_words import directory_words
from compete.web.organiser.overview.distinction_words import distinction_words
from compete.web.organiser.overview.draw_words import draw_words
from compete.web.organiser.overview.entering_words import entering_words
from compete.web.organiser.overview.erasure_words import erasure_words
from compete.web.organiser.overview.months_words import months_words
from compete.web.organiser.overview.portrait_words import portrait_words
from compete.web.organiser.overview.results_words import (
    decided_words,
    decision_words,
    judging_words,
    results_words,
)
from compete.web.organiser.overview.rule_words import rule_words
from compete.web.organiser.overview.seating_words import seating_words
from compete.web.organiser.overview.stage_words import stage_words
from compete.web.words import length_words, moved_days_words, moved_session_words, shift_words


def record_text(
    entry: AuditEntry,
    modules: Mapping[str, str],
    judges: Mapping[int, str] = MappingProxyType({}),
    applicants: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Who did what to whom; the row's own names where no sentence is known.

    `modules` as from `module_names`, in place of codes; `judges` have a name for each row,
    `applicants` those who are still kept of whom the chain has no name.
    """
    who, what, why = (
        say(signer_words(entry.actor)),
        _named(entry.subject, modules),
        entry.reason or "",
    )
    after = entry.after if isinstance(entry.after, dict) else {}
    if entry.action.startswith("application."):
        what, unit = unit_in(what, applicants), unit_in(str(after.get("unit", "")), applicants)
        after = after | {"names": named_in(after, applicants), "unit": unit}
    if entry.action in ("judges.assign", "judges.undo"):
        return _assigned(who, what, *(_seats(of, judges) for of in (entry.before, entry.after)))
    if entry.action == "competition.change":
        return details_words(who, entry.before, after)
    if entry.action == "grade.decide":
        return decided_words(who, what, why, after)
    for sentences in (
        _desk,
        stage_words,
        results_words,
        judging_words,
        decision_words,
        _recheck,
        _hall,
        draw_words,
        directory_words,
        appeal_words,
        announcing_words,
        portrait_words,
        entering_words,
        erasure_words,
        rule_words,
        seating_words,
        months_words,
        distinction_words,
        claim_words,
        coding_words,
        department_words,
    ):
        found = sentences(who, what, why, after).get(entry.action)
        if found is not None:
            return found()
    return f"{who} {entry.action} {what}"


def _seats(seats: Any, judges: Mapping[int, str]) -> list[str]:
    """Who sits where, of a record's list of judges and stations."""
    named = [(judges.get(judge, "?"), station) for judge, station in seats or ()]
    return [
        _("%(name)s（%(more)s）", name=name, more=station) if station else name
        for name, station in named
    ]


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


def _terms(after: dict[str, Any]) -> str:
    """What of the time to object was to be shorter, and what earlier."""
    days, hours = after.get("notice_days"), after.get("appeal_hours")
    said = [
        _("公示 %(n)s 个工作日", n=days) if days is not None else "",
        _("公示期间就发证") if after.get("certify_early") else "",
        _("申诉 %(n)s 小时", n=hours) if hours is not None else "",
        _("更正后不再公示") if after.get("notice_again") is False else "",
        _("提请总仲裁 %(n)s 小时", n=after["second_hours"]) if "second_hours" in after else "",
        _("申诉不受理的评分点：%(types)s", types=barred_words(after["barred"]))
        if "barred" in after
        else "",
        recheck_words(convert(after["recheck"], RecheckShares, strict=False))
        if after.get("recheck")
        else "",
    ]
    return _("、").join(filter(None, said))


def _desk(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    return {
        # The program's own records, which no service names by a plain text.
        "rows.seal": lambda: _("%(who)s 给已有的数据补上封记", who=who),
        "key.chain": lambda: _("%(who)s 换了钥匙，全部重新封记", who=who),
        "chain.form": lambda: _("%(who)s 换了变更记录的封记方式", who=who),
        "competition.load": lambda: _made(who, what, after.get("origin") or {}),
        "competition.ask_terms": lambda: _(
            "%(who)s 提出%(what)s，理由：%(why)s", who=who, what=_terms(after), why=why
        ),
        "competition.agree_terms": lambda: _("%(who)s 同意%(what)s", who=who, what=_terms(after)),
        "competition.drop_terms": lambda: _("%(who)s 不改公示和发证的时间了", who=who),
        "competition.put_away": lambda: _("%(who)s 收起了竞赛", who=who),
        "competition.bring_back": lambda: _("%(who)s 把竞赛拿回来", who=who),
        "event.add": lambda: _("%(who)s 加赛项 %(what)s", who=who, what=after.get("name", what)),
        "event.remove": lambda: _("%(who)s 删掉赛项 %(what)s", who=who, what=what),
        "unit.add": lambda: _("%(who)s 加了 %(n)s 个单位", who=who, n=counted(after.get("units"))),
        "unit.rename": lambda: _(
            "%(who)s 把单位 %(what)s 改名为 %(name)s",
            who=who,
            what=what,
            name=after.get("name", ""),
        ),
        "unit.remove": lambda: _("%(who)s 删掉单位 %(what)s", who=who, what=what),
        "unit.undo": lambda: _("%(who)s 撤销了单位名单的上一次改动", who=who),
        "unit.link": lambda: _("%(who)s 给单位 %(what)s 做了报名链接", who=who, what=what),
        "unit.link.cancel": lambda: _("%(who)s 作废单位 %(what)s 的报名链接", who=who, what=what),
        "unit.link.show": lambda: _("%(who)s 一起看了各单位的链接", who=who),
        "unit.link.print": lambda: _("%(who)s 打印报名链接", who=who),
        "units.window": lambda: _("%(who)s 改单位报名的时间和名额", who=who),
        "people.forget": lambda: _(
            "%(who)s 删除个人资料，人员库少了 %(n)s 份记录：%(what)s",
            who=who,
            n=after.get("left", 0),
            what=what,
        ),
        "people.connect": lambda: _(
            "%(who)s 登记的人和“人员”对上：新的 %(new)s 人，认得的 %(known)s 人",
            who=who,
            new=after.get("new", 0),
            known=after.get("known", 0),
        ),
        "judge.add": lambda: _(
            "%(who)s 加了工作人员 %(what)s %(name)s",
            who=who,
            what=what,
            name=after.get("name", ""),
        ),
        "account.create": lambda: _("%(who)s 建账号 %(what)s", who=who, what=what),
        "role.grant": lambda: _("%(what)s 加入竞赛", what=what),
        "role.revoke": lambda: _("%(who)s 收回 %(what)s 的职责", who=who, what=what),
        "invitation.make": lambda: _("%(who)s 请 %(what)s 当组委会", who=who, what=what),
        "invitation.cancel": lambda: _("%(who)s 作废请 %(what)s 的链接", who=who, what=what),
        "account.link": lambda: _("%(who)s 给 %(what)s 发设密码的链接", who=who, what=what),
        "account.password": lambda: _("%(what)s 设了密码", what=what),
        "account.factor_add": lambda: _("%(what)s 设了登录的第二步", what=what),
        "account.factor_end": lambda: _("%(what)s 去掉了登录的第二步", what=what),
        "account.factors_reset": lambda: _(
            "%(who)s 去掉 %(what)s 登录的第二步", who=who, what=what
        ),
        "account.recovery_codes": lambda: _("%(what)s 换了备用码", what=what),
        "account.recovery_code": lambda: _("%(what)s 用备用码登录", what=what),
        "account.admin": lambda: _("%(what)s 当管理员", what=what),
        "session.end": lambda: _(
            "%(what)s 退出了 %(n)s 台设备", what=what, n=after.get("ended", 0)
        ),
        "account.close": lambda: _("%(who)s 停用账号 %(what)s", who=who, what=what),
        "account.open": lambda: _("%(who)s 恢复账号 %(what)s", who=who, what=what),
        "body.create": lambda: _("%(who)s 登记评价机构 %(what)s", who=who, what=what),
        "installation.restored": lambda: _("从备份 %(what)s 恢复", what=what),
        "key.accepted": lambda: _("换了钥匙 %(what)s", what=what),
        "key.begin": lambda: _("开始换加密身份证号的钥匙"),
        "key.done": lambda: _("换好了加密身份证号的钥匙，全部重新加密"),
        "issuer_key.new": lambda: _("做了签电子证书的钥匙 %(what)s", what=what),
        "issuer_key.withdraw": lambda: _("作废了签电子证书的钥匙 %(what)s", what=what),
        "credential.sign": lambda: _("签了证书 %(what)s 的电子证书", what=what),
        "body.scope": lambda: _("%(who)s 改 %(what)s 的备案范围", who=who, what=what),
        "entrants.upload": lambda: _("%(who)s 上传 %(what)s，还没写入", who=who, what=what),
        "entrants.discard": lambda: _("%(who)s 没有写入 %(what)s", who=who, what=what),
        "entrants.forget_columns": lambda: _("%(who)s 忘掉 %(what)s 的列", who=who, what=what),
        "entrants.add": lambda: _("%(who)s 加了选手 %(what)s", who=who, what=what),
        "entrants.import": lambda: _(
            "%(who)s 写入报名表：新增 %(added)s，变更 %(changed)s",
            who=who,
            added=after.get("added", 0),
            changed=after.get("changed", 0),
        ),
        "badge.replace": lambda: _(
            "%(who)s 给 %(what)s 换发参赛证，理由：%(why)s", who=who, what=what, why=why
        ),
        "entrant.correct": lambda: _(
            "%(who)s 更正 %(what)s 的身份，理由：%(why)s", who=who, what=what, why=why
        ),
        "entrant.move": lambda: _(
            "%(who)s 把 %(what)s 挪到 %(place)s，理由：%(why)s",
            who=who,
            what=what,
            place=after.get("place") or "",
            why=why,
        ),
        "schedule.delay": lambda: _(
            "%(who)s 整批改时间：%(n)s 个%(what)s，理由：%(why)s",
            who=who,
            n=len(after.get("moved", ())),
            what=shift_words(after.get("minutes", 0)),
            why=why,
        ),
        "schedule.move_all": lambda: _(
            "%(who)s %(what)s", who=who, what=moved_days_words(after.get("days", 0))
        ),
        "schedule.move_session": lambda: _(
            "%(who)s 把%(what)s",
            who=who,
            what=moved_session_words(
                *(after.get(key, "") for key in ("name", "module", "before", "after"))
            ),
        ),
        "schedule.delay_undone": lambda: _(
            "%(who)s 撤销整批改时间，%(n)s 个回到原来的时间",
            who=who,
            n=len(after.get("moved", ())),
        ),
        "floor.stop": lambda: _(
            "%(who)s 记 %(what)s 的设备停了，%(at)s 起：%(why)s",
            who=who,
            what=what,
            at=after.get("at", ""),
            why=why,
        ),
        "floor.give_back": lambda: _(
            "%(who)s 给 %(what)s 补时 %(length)s（%(why)s）",
            who=who,
            what=what,
            length=length_words(after.get("seconds") or 0),
            why=why,
        ),
        "floor.put_last": lambda: _(
            "%(who)s 把 %(what)s 换到最后一批，%(before)s 改成 %(after)s（%(why)s）",
            who=who,
            what=what,
            before=after.get("before", ""),
            after=after.get("after", ""),
            why=why,
        ),
        "floor.undo": lambda: _("%(who)s 撤销 %(what)s 的停机或补时", who=who, what=what),
        "entrant.withdraw": lambda: _(
            "%(who)s 让 %(what)s 退赛，理由：%(why)s", who=who, what=what, why=why
        ),
        "entrant.return": lambda: _("%(who)s 撤回 %(what)s 的退赛", who=who, what=what),
        "entrants.place": lambda: _(
            "%(who)s 给没有抽签的 %(people)s 排了工位，排在人最少的工位上",
            who=who,
            people=some_names(sorted(after.get("stations", {}))),
        ),
        "entrants.plan": lambda: _(
            "%(who)s 照赛程给 %(people)s 排了场次和工位",
            who=who,
            people=some_names(sorted(after.get("places", {}))),
        ),
        "entrant.show_number": lambda: _(
            "%(who)s 看了 %(what)s 的完整证件号码，理由：%(why)s", who=who, what=what, why=why
        ),
        "sheets.allot": lambda: _("%(who)s 补了 %(n)s 张评分表", who=who, n=after.get("sheets", 0)),
        "card.issue": lambda: _("%(who)s 给 %(what)s 发登录卡", who=who, what=what),
        "codes.show": lambda: _("%(who)s 看了加密号对照表", who=who),
        "grade.confirm_pack": lambda: _(
            "%(who)s 确认“%(what)s”的前提：%(why)s",
            who=who,
            what=what,
            why=after.get("presumes", ""),
        ),
        "grade.export": lambda: _(
            "%(who)s 下载拟晋升名单 Excel，%(n)s 人，带完整证件号码",
            who=who,
            n=after.get("people", 0),
        ),
        "grade.print": lambda: _(
            "%(who)s 打印拟晋升名单，%(n)s 人，带完整证件号码", who=who, n=after.get("people", 0)
        ),
        "card.show": lambda: (
            _("%(who)s 看了 %(what)s 还没用过的报名链接", who=who, what=what)
            if after.get("link")
            else _("%(who)s 看了 %(what)s 还没用过的登录卡", who=who, what=what)
        ),
        "second.there": lambda: _("%(who)s 在场", who=who),
        "second.present": lambda: _(
            "%(who)s 当天当第二个人，和 %(asked)s 都在场，各输自己的 PIN 或密码",
            who=who,
            asked=say(signer_words(after.get("asked", ""))),
        ),
        "second.paper": lambda: _(
            "%(who)s 同意：%(what)s，%(due)s 前补签", who=who, what=after["what"], due=after["due"]
        ),
        "second.countersign": lambda: _("%(who)s 补签：%(what)s", who=who, what=after["what"]),
        "card.print": lambda: _("%(who)s 打印登录卡", who=who),
        "card.cancel": lambda: _("%(who)s 作废 %(what)s 的登录卡", who=who, what=what),
        "card.first_use": lambda: _("%(what)s 用登录卡登录", what=what),
        "pin.set": lambda: _("%(what)s 设了 PIN", what=what),
        "pin.locked": lambda: _("%(what)s 输错 PIN 太多次，登录卡停用", what=what),
        "checkin.pass": lambda: _("%(who)s 给 %(what)s 检录", who=who, what=what),
        "checkin.came": lambda: _(
            "%(who)s 记 %(what)s 有人先到：%(codes)s",
            who=who,
            what=what,
            codes=_("、").join(after.get("seen") or ()),
        ),
        "checkin.stop": lambda: _("%(who)s 没放行 %(what)s：%(why)s", who=who, what=what, why=why),
        "checkin.undo": lambda: _("%(who)s 撤销 %(what)s 的检录", who=who, what=what),
        "judges.timekeeper": lambda: _("%(who)s 安排计时员 %(what)s", who=who, what=what),
        "judging.open": lambda: _(
            "%(who)s 开始评分，%(n)s 张表", who=who, n=after.get("sheets", 0)
        ),
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
        case "evaluation":
            return _("%(who)s 新建等级认定 %(what)s", who=who, what=what)
        case "blank":
            return _("%(who)s 从空白新建竞赛 %(what)s", who=who, what=what)
    return _("%(who)s 载入竞赛 %(what)s", who=who, what=what)


def _recheck(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    top, sampled = len(after.get("top", [])), len(after.get("sampled", []))
    return {
        "recheck.draw": lambda: _("%(who)s 抽复核，%(n)s 个", who=who, n=top + sampled),
        "recheck.enter": lambda: _("%(who)s 复核录入 %(what)s", who=who, what=what),
        "recheck.rule": lambda: _(
            "%(who)s 裁定复核出入 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "recheck.correct": lambda: _(
            "%(who)s 更正 %(what)s 的复核裁定，理由：%(why)s", who=who, what=what, why=why
        ),
        "recheck.unforce": lambda: _("裁定更正后错误率没有超过上限，不用全部复核"),
        "recheck.force": lambda: _("错误率超过上限，全部复核"),
        "recheck.add": lambda: _("%(who)s 补抽复核 %(n)s 个", who=who, n=top),
        "recheck.settings": lambda: _("%(who)s 改复核规则", who=who),
    }


def _hall(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    return {
        "hall.make": lambda: _("%(who)s 做了大屏 %(what)s", who=who, what=what),
        "hall.link": lambda: _("%(who)s 换了大屏链接 %(what)s", who=who, what=what),
        "hall.settings": lambda: _("%(who)s 改大屏设置", who=who),
        "hall.freeze": lambda: _("%(who)s 封榜", who=who),
        "hall.unfreeze": lambda: _("%(who)s 取消封榜", who=who),
        "hall.reveal": lambda: _("%(who)s 开始揭晓", who=who),
        "hall.open": lambda: _("%(who)s 揭晓完了", who=who),
        "hall.break_off": lambda: _("%(who)s 中止揭晓", who=who),
    }
