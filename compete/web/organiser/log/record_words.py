"""The history in sentences: one for each action of the audit chain; other files have more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from msgspec import convert

from compete.domain.recheck import RecheckShares
from compete.domain.values.messages import msg
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.models import AuditEntry, Competition
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.detail_fields import Details
from compete.services.kernel.fields import Setting, fields_of
from compete.services.registration.applications import names_of_applications
from compete.web.language import say
from compete.web.organiser.asked_cards import barred_words, recheck_words
from compete.web.organiser.log import (
    announcing_words,
    directory_words,
    entering_words,
    event_words,
    examination_words,
    months_words,
    results_words,
)
from compete.web.organiser.log.sentences import (
    Act,
    Either,
    Sentence,
    Sentences,
    Values,
    number_of,
    row_value,
    tell,
)
from compete.web.words import (
    length_words,
    moved_days_words,
    moved_session_words,
    shift_words,
    some_names,
)

_UNIT = "unit/"


def applicants_in(competition: Competition, entries: Iterable[AuditEntry]) -> Mapping[str, str]:
    """Return the names of those still kept, by public number; whoever was erased is nobody.

    And those of the units, as `_unit_in` asks for them.
    """
    people = names_of_applications({number for entry in entries for number in _meant(entry.after)})
    return people | {_UNIT + unit.code: unit.name for unit in competition.units}


def _unit_in(code: str, applicants: Mapping[str, str]) -> str:
    """A unit's name in place of its code."""
    return applicants.get(_UNIT + code, code)


def named_in(after: object, applicants: Mapping[str, str]) -> Sequence[str]:
    """Return the names of the people whom a record means, in its order."""
    return [applicants[number] for number in _meant(after) if number in applicants]


def _meant(after: object) -> Sequence[str]:
    if not isinstance(after, dict):
        return ()
    people = after.get("accepted") or after.get("people") or ()
    if isinstance(application := after.get("application"), str):
        return (application,)
    return [person for person in people if isinstance(person, str)] if _is_many(people) else ()


def _is_many(people: object) -> bool:
    return isinstance(people, list | dict)


_LONGEST = 24
_TO_THE_SECOND = re.compile(r"\d\d:\d\d:00")


def _details_words(who: str, before: Any, after: dict[str, Any]) -> str:
    """Say what was changed: the old value, if it is on record, and the new one."""
    stood = before if isinstance(before, dict) else {}
    changes = [_change(key, stood, after) for key in after if key in fields_of(Details)]
    if stood == {} and not changes and before is not None:
        return _("%(who)s 改竞赛资料，又改回去了", who=who)
    return _("%(who)s 改竞赛资料：%(what)s", who=who, what=_("、").join(changes))


def _change(key: str, stood: dict[str, Any], after: dict[str, Any]) -> str:
    setting = fields_of(Details)[key]
    name = say(setting.title)
    if key not in stood:
        return name
    was, now = (_short(_recorded(setting, side[key])) for side in (stood, after))
    return _("%(what)s %(was)s → %(now)s", what=name, was=was, now=now)


def _recorded(setting: Setting, value: Any) -> Any:
    """The value of a record: in words where it has them, else as it was recorded."""
    word = (setting.choices or {}).get(value)
    return value if word is None else say(word)


def _short(value: Any) -> str:
    text = _("空") if value in (None, "") else " ".join(str(value).split())
    if _TO_THE_SECOND.fullmatch(text):
        text = text.removesuffix(":00")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def record_text(
    entry: AuditEntry,
    modules: Mapping[str, str],
    judges: Mapping[int, str] = MappingProxyType({}),
    applicants: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Tell who did what to whom; the row's own names if no sentence is known.

    `modules` as from `module_names`, in place of codes; `judges` have a name for each row,
    `applicants` those who are still kept of whom the chain has no name.
    """
    who, what, why = (
        say(signer_words(entry.actor)),
        _subject_name(entry.subject, modules),
        entry.reason or "",
    )
    after = entry.after if isinstance(entry.after, dict) else {}
    if entry.action.startswith("application."):
        what, unit = _unit_in(what, applicants), _unit_in(str(after.get("unit", "")), applicants)
        after = after | {"names": named_in(after, applicants), "unit": unit}
    if entry.action in ("judges.assign", "judges.undo"):
        return _assigned(who, what, *(_seats(of, judges) for of in (entry.before, entry.after)))
    if entry.action == "competition.change":
        return _details_words(who, entry.before, after)
    if entry.action == "difficulty.set" and isinstance(entry.before, dict):
        return _corrected_difficulties(who, what, entry.before, after)
    telling = _TOLD.get(entry.action)
    if telling is None:
        return f"{who} {entry.action} {what}"
    return tell(telling[0], Act(who, what, why, after), telling[1])


def _corrected_difficulties(
    who: str, what: str, before: dict[str, Any], after: dict[str, Any]
) -> str:
    """Say whose difficulties were others before, by label, and how many were told for the first
    time beside them."""
    changes = [
        _("%(what)s %(was)s → %(now)s", what=label, was=was, now=after["set"][label][aspect])
        for label, attempted in before.items()
        for aspect, was in attempted.items()
    ]
    text = _(
        "%(who)s 改了 %(what)s 的难度系数：%(changes)s",
        who=who,
        what=what,
        changes=some_names(changes),
    )
    new = after["people"] - len(before)
    return _("%(said)s，另外记了 %(n)s 名", said=text, n=new) if new else text


def _seats(seats: Any, judges: Mapping[int, str]) -> list[str]:
    """List the seats of a record: judges and stations."""
    named = [(judges.get(judge, "?"), station) for judge, station in seats or ()]
    return [
        _("%(name)s（%(more)s）", name=name, more=station) if station else name
        for name, station in named
    ]


def _assigned(who: str, what: str, before: list[str], after: list[str]) -> str:
    """Say who came to a module and who left it."""
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


def _subject_name(subject: str, modules: Mapping[str, str]) -> str:
    """A module's name for its codes, with the session where one follows."""
    for codes, name in modules.items():
        if subject == codes:
            return name
        if subject.startswith(f"{codes}/"):
            return f"{name} {subject[len(codes) + 1 :]}"
    return subject


def _invited_role(act: Act) -> str:
    return say(ROLE_WORDS[Role(act.after.get("role", Role.ORGANISER))])


def _terms(after: dict[str, Any]) -> str:
    """Say which time to object was to be shorter, and which earlier."""
    days, hours = after.get("notice_days"), after.get("appeal_hours")
    terms = [
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
        *(
            _(
                "%(what)s改成 %(now)s",
                what=say(setting.title),
                now=_short(_recorded(setting, after[name])),
            )
            for name, setting in fields_of(Details).items()
            if name in after and name not in _TERM_SENTENCES
        ),
        _("结论变了的：%(codes)s", codes=_("、").join(after["moved"]))
        if after.get("moved")
        else "",
    ]
    return _("、").join(filter(None, terms))


_TERM_SENTENCES = ("notice_days", "certify_early", "appeal_hours", "notice_again")


SENTENCES: Sentences = {
    "rows.seal": msg("%(who)s 给已有的数据补上封记"),
    "key.chain": msg("%(who)s 换了钥匙，全部重新封记"),
    "chain.form": msg("%(who)s 换了变更记录的封记方式"),
    "competition.load_part": msg("%(who)s 载入竞赛的一部分"),
    "competition.load_undone": msg("没有载完的竞赛 %(what)s，写进去的撤掉了"),
    "competition.load": lambda it: _origin_words(it.who, it.what, it.after.get("origin") or {}),
    "competition.ask_terms": msg(
        "%(who)s 提出%(what)s，理由：%(why)s", what=lambda it: _terms(it.after)
    ),
    "competition.agree_terms": msg("%(who)s 同意%(what)s", what=lambda it: _terms(it.after)),
    "competition.drop_terms": msg("%(who)s 不改公示和发证的时间了"),
    "dossier.make": msg("%(who)s 做了竞赛档案第 %(what)s 份"),
    "dossier.fetch": msg("%(who)s 取出了竞赛档案第 %(what)s 份"),
    "dossier.erase": msg("竞赛档案第 %(what)s 份保存期满，连钥匙删了"),
    "competition.put_away": msg("%(who)s 收起了竞赛"),
    "small.taken_back": msg("%(who)s 撤回了开赛，还没有一个分"),
    "competition.bring_back": msg("%(who)s 把竞赛拿回来"),
    "event.add": msg("%(who)s 加赛项 %(what)s", what=lambda it: it.after.get("name", it.what)),
    "event.remove": msg("%(who)s 删掉赛项 %(what)s"),
    "unit.add": msg("%(who)s 加了 %(n)s 个单位", n=number_of("units")),
    "unit.rename": msg("%(who)s 把单位 %(what)s 改名为 %(name)s"),
    "unit.remove": msg("%(who)s 删掉单位 %(what)s"),
    "unit.undo": msg("%(who)s 撤销了单位名单的上一次改动"),
    "unit.link": msg("%(who)s 给单位 %(what)s 做了报名链接"),
    "unit.link.cancel": msg("%(who)s 作废单位 %(what)s 的报名链接"),
    "unit.link.show": msg("%(who)s 一起看了各单位的链接"),
    "unit.link.print": msg("%(who)s 打印报名链接"),
    "units.window": msg("%(who)s 改单位报名的时间和名额"),
    "people.forget": msg(
        "%(who)s 删除个人资料，人员库少了 %(n)s 份记录：%(what)s", n=row_value("left", 0)
    ),
    "people.connect": msg(
        "%(who)s 登记的人和“人员”对上：新的 %(new)s 人，认得的 %(known)s 人",
        new=row_value("new", 0),
        known=row_value("known", 0),
    ),
    "judge.add": msg("%(who)s 加了工作人员 %(what)s %(name)s"),
    "account.create": msg("%(who)s 建账号 %(what)s"),
    "role.grant": msg("%(what)s 加入竞赛"),
    "role.ask_revoke": msg("%(who)s 提出收回 %(what)s 的职责，理由：%(why)s"),
    "role.keep": msg("%(who)s 不收回 %(what)s 的职责了"),
    "role.revoke": msg("%(who)s 收回 %(what)s 的职责"),
    "invitation.make": msg("%(who)s 请 %(what)s 当%(role)s", role=_invited_role),
    "invitation.cancel": msg("%(who)s 作废请 %(what)s 的链接"),
    "account.link": msg("%(who)s 给 %(what)s 发设密码的链接"),
    "account.password": msg("%(what)s 设了密码"),
    "account.factor_add": msg("%(what)s 设了登录的第二步"),
    "account.factor_end": msg("%(what)s 去掉了登录的第二步"),
    "account.factors_reset": msg("%(who)s 去掉 %(what)s 登录的第二步"),
    "account.recovery_codes": msg("%(what)s 换了备用码"),
    "account.recovery_code": msg("%(what)s 用备用码登录"),
    "account.firm_link": msg("%(what)s 连上了单位登录"),
    "account.firm_unlink": msg("%(who)s 解除了 %(what)s 的单位登录"),
    "account.admin": msg("%(what)s 当管理员"),
    "session.end": msg("%(what)s 退出了 %(n)s 台设备", n=row_value("ended", 0)),
    "session.firm_end": msg(
        "单位登录通知退出：%(what)s 退出了 %(n)s 台设备", n=row_value("ended", 0)
    ),
    "account.close": msg("%(who)s 停用账号 %(what)s"),
    "account.open": msg("%(who)s 恢复账号 %(what)s"),
    "token.make": msg("%(who)s 建接口的令牌 %(what)s"),
    "token.revoke": msg("%(who)s 收回接口的令牌 %(what)s"),
    "token.people": msg("接口 %(what)s 读了没有遮住的姓名和证件号码"),
    "webhook.make": msg("%(who)s 加了有事要告诉的地址 %(what)s"),
    "webhook.remove": msg("%(who)s 去掉有事要告诉的地址 %(what)s"),
    "webhook.secret": msg("%(who)s 换了 %(what)s 的密钥"),
    "webhook.stop": msg("停了有事要告诉的地址 %(what)s"),
    "webhook.go_on": msg("%(who)s 让有事接着告诉 %(what)s"),
    "webhook.again": msg("%(who)s 让一条再送一次，地址 %(what)s"),
    "account.mail": msg("%(what)s 改了收消息的邮箱"),
    "message.on": msg("%(who)s 开了消息“%(what)s”"),
    "message.off": msg("%(who)s 关了消息“%(what)s”"),
    "message.words": msg("%(who)s 改了消息“%(what)s”的话"),
    "message.quiet": msg("%(who)s 定了晚上不打扰的时间 %(what)s"),
    "message.stop": msg("%(who)s 停了所有消息"),
    "message.go_on": msg("%(who)s 让消息接着发"),
    "message.again": msg("%(who)s 让一条“%(what)s”再发一次"),
    "message.group": msg("%(who)s 加了要告诉的群 %(what)s"),
    "message.group_off": msg("%(who)s 去掉要告诉的群 %(what)s"),
    "body.create": msg("%(who)s 登记评价机构 %(what)s"),
    "installation.restored": msg("从备份 %(what)s 恢复"),
    "installation.set_back": msg(
        "数据库退回过（%(what)s 第 %(n)s 条记录没有了），平板上留着的再送一遍",
        n=row_value("seq", 0),
    ),
    "installation.generation": msg("平板上留着的再送一遍"),
    "key.accepted": msg("换了钥匙 %(what)s"),
    "key.begin": msg("开始换加密身份证号的钥匙"),
    "key.done": msg("换好了加密身份证号的钥匙，全部重新加密"),
    "issuer_key.new": msg("做了签电子证书的钥匙 %(what)s"),
    "issuer_key.withdraw": msg("作废了签电子证书的钥匙 %(what)s"),
    "credential.sign": msg("签了证书 %(what)s 的电子证书"),
    "body.scope": msg("%(who)s 改 %(what)s 的备案范围"),
    "entrants.upload": msg("%(who)s 上传 %(what)s，还没写入"),
    "entrants.discard": msg("%(who)s 没有写入 %(what)s"),
    "entrants.forget_columns": msg("%(who)s 忘掉 %(what)s 的列"),
    "sections.set": msg("%(who)s 写了“%(what)s”的评分点是标准的哪一节"),
    "entrants.add": msg("%(who)s 加了选手 %(what)s"),
    "entrants.import": msg(
        "%(who)s 写入报名表：新增 %(added)s，变更 %(changed)s",
        added=row_value("added", 0),
        changed=row_value("changed", 0),
    ),
    "badge.replace": msg("%(who)s 给 %(what)s 换发参赛证，理由：%(why)s"),
    "entrant.correct": Either(
        "why",
        msg("%(who)s 更正 %(what)s 的资料，理由：%(why)s"),
        msg("%(who)s 更正 %(what)s 的资料"),
    ),
    "entrant.move": msg("%(who)s 把 %(what)s 挪到 %(place)s，理由：%(why)s"),
    "plan.lay_out": msg(
        "%(who)s 排了%(group)s的场次和赛场，%(n)s 人：%(rooms)s",
        n=number_of("people"),
        rooms=lambda it: _("、").join(it.after.get("rooms", ())),
    ),
    "plan.oversee": Either(
        "name",
        msg("%(who)s 让 %(name)s 督导%(day)s %(session)s"),
        msg("%(who)s 取消%(day)s %(session)s的督导"),
    ),
    "plan.report": Either(
        "room",
        msg("%(who)s 写了%(day)s %(session)s在%(room)s的督导记录"),
        msg("%(who)s 写了%(day)s %(session)s的督导记录"),
    ),
    "plan.move_room": Either(
        "to",
        msg(
            "%(who)s 把%(session)s在%(room)s的 %(n)s 人换到%(to)s，理由：%(why)s",
            n=number_of("people"),
        ),
        msg(
            "%(who)s 把%(session)s在%(room)s的 %(n)s 人分到别的赛场，理由：%(why)s",
            n=number_of("people"),
        ),
    ),
    "plan.move_room_undone": msg(
        "%(who)s 撤销换赛场，%(session)s的 %(n)s 人回到%(room)s", n=number_of("people")
    ),
    "schedule.delay": msg(
        "%(who)s 整批改时间：%(n)s 个%(what)s，理由：%(why)s",
        n=number_of("moved"),
        what=lambda it: shift_words(it.after.get("minutes", 0)),
    ),
    "schedule.move_all": msg(
        "%(who)s %(what)s", what=lambda it: moved_days_words(it.after.get("days", 0))
    ),
    "schedule.move_session": msg(
        "%(who)s 把%(what)s",
        what=lambda it: moved_session_words(
            *(it.after.get(key, "") for key in ("name", "module", "before", "after"))
        ),
    ),
    "schedule.delay_undone": msg(
        "%(who)s 撤销整批改时间，%(n)s 个回到原来的时间", n=number_of("moved")
    ),
    "floor.stop": msg("%(who)s 记 %(what)s 的设备停了，%(at)s 起：%(why)s"),
    "floor.give_back": msg(
        "%(who)s 给 %(what)s 补时 %(length)s（%(why)s）",
        length=lambda it: length_words(it.after.get("seconds") or 0),
    ),
    "floor.put_last": msg("%(who)s 把 %(what)s 换到最后一批，%(before)s 改成 %(after)s（%(why)s）"),
    "floor.undo": msg("%(who)s 撤销 %(what)s 的停机或补时"),
    "entrant.withdraw": msg("%(who)s 让 %(what)s 退赛，理由：%(why)s"),
    "entrant.onward": msg("%(who)s 把 %(what)s 转下一批，理由：%(why)s"),
    "entrant.pass": msg("%(who)s 审核通过了 %(what)s"),
    "entrant.pass_end": Either(
        "why",
        msg("%(who)s 收回 %(what)s 的审核通过，%(why)s"),
        msg("%(who)s 收回 %(what)s 的审核通过"),
    ),
    "entrants.pass_adopted": msg(
        "启用审核时 %(n)s 人已经排了座位或者在考，都算通过", n=lambda it: it.after["people"]
    ),
    "fees.enter": msg("%(who)s 记了 %(n)s 人的认定费", n=lambda it: it.after["people"]),
    "entrant.return": msg("%(who)s 撤回 %(what)s 的退赛"),
    "entrants.place": msg(
        "%(who)s 给没有抽签的 %(people)s 排了工位，排在人最少的工位上",
        people=lambda it: some_names(sorted(it.after.get("stations", {}))),
    ),
    "entrants.plan": msg(
        "%(who)s 照赛程给 %(people)s 排了场次和工位",
        people=lambda it: some_names(sorted(it.after.get("places", {}))),
    ),
    "entrant.show_number": msg("%(who)s 看了 %(what)s 的完整证件号码，理由：%(why)s"),
    "sheets.allot": msg("%(who)s 补了 %(n)s 张评分表", n=row_value("sheets", 0)),
    "card.issue": msg("%(who)s 给 %(what)s 发登录卡"),
    "codes.show": msg("%(who)s 看了加密号对照表"),
    "grade.confirm_pack": msg("%(who)s 确认“%(what)s”的前提：%(why)s", why=row_value("presumes")),
    "grade.export": msg(
        "%(who)s 下载拟晋升名单 Excel，%(n)s 人，带完整证件号码", n=row_value("people", 0)
    ),
    "grade.print": msg(
        "%(who)s 打印拟晋升名单，%(n)s 人，带完整证件号码", n=row_value("people", 0)
    ),
    "card.show": Either(
        "link",
        msg("%(who)s 看了 %(what)s 还没用过的报名链接"),
        msg("%(who)s 看了 %(what)s 还没用过的登录卡"),
    ),
    "second.there": msg("%(who)s 在场"),
    "second.present": msg(
        "%(who)s 当天当第二个人，和 %(asked)s 都在场，各输自己的 PIN 或密码",
        asked=lambda it: say(signer_words(it.after.get("asked", ""))),
    ),
    "second.paper": msg(
        "%(who)s 同意：%(what)s，%(due)s 前补签",
        what=lambda it: it.after["what"],
        due=lambda it: it.after["due"],
    ),
    "second.countersign": msg("%(who)s 补签：%(what)s", what=lambda it: it.after["what"]),
    "card.print": msg("%(who)s 打印登录卡"),
    "way_in.renew": msg("%(who)s 换了 %(what)s 的登录码、登录卡、密码或单位登录"),
    "device.shared": msg("%(what)s 在别人登录过的设备上登录"),
    "card.cancel": msg("%(who)s 作废 %(what)s 的登录卡"),
    "card.first_use": msg("%(what)s 用登录卡登录"),
    "pin.set": msg("%(what)s 设了 PIN"),
    "pin.locked": msg("%(what)s 输错 PIN 太多次，登录卡停用"),
    "checkin.pass": msg("%(who)s 给 %(what)s 检录"),
    "checkin.came": msg(
        "%(who)s 记 %(what)s 有人先到：%(codes)s",
        codes=lambda it: _("、").join(it.after.get("seen") or ()),
    ),
    "checkin.stop": msg("%(who)s 没放行 %(what)s：%(why)s"),
    "checkin.undo": msg("%(who)s 撤销 %(what)s 的检录"),
    "judges.timekeeper": msg("%(who)s 安排计时员 %(what)s"),
    "judging.open": msg("%(who)s 开始评分，%(n)s 张表", n=row_value("sheets", 0)),
    "recheck.draw": msg(
        "%(who)s 抽复核，%(n)s 个",
        n=lambda it: sum(len(it.after.get(key, [])) for key in ("top", "sampled")),
    ),
    "recheck.enter": msg("%(who)s 复核录入 %(what)s"),
    "recheck.rule": msg("%(who)s 裁定复核出入 %(what)s，理由：%(why)s"),
    "recheck.correct": msg("%(who)s 更正 %(what)s 的复核裁定，理由：%(why)s"),
    "recheck.unforce": msg("裁定更正后错误率没有超过上限，不用全部复核"),
    "recheck.force": msg("错误率超过上限，全部复核"),
    "recheck.add": msg("%(who)s 补抽复核 %(n)s 个", n=number_of("top")),
    "recheck.settings": msg("%(who)s 改复核规则"),
    "hall.make": msg("%(who)s 做了大屏 %(what)s"),
    "hall.link": msg("%(who)s 换了大屏链接 %(what)s"),
    "hall.settings": msg("%(who)s 改大屏设置"),
    "hall.freeze": msg("%(who)s 封榜"),
    "hall.unfreeze": msg("%(who)s 取消封榜"),
    "hall.reveal": msg("%(who)s 开始揭晓"),
    "hall.open": msg("%(who)s 揭晓完了"),
    "hall.break_off": msg("%(who)s 中止揭晓"),
}


def _origin_words(who: str, what: str, origin: Mapping[str, str]) -> str:
    """Say where a competition came from."""
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
        case "practice":
            return _("%(who)s 照“%(of)s”的模块开了练习 %(what)s", who=who, of=of, what=what)
        case "blank":
            return _("%(who)s 从空白新建竞赛 %(what)s", who=who, what=what)
    return _("%(who)s 载入竞赛 %(what)s", who=who, what=what)


_NONE: Values = {}
_TABLES: tuple[tuple[Sentences, Values], ...] = (
    (SENTENCES, _NONE),
    (results_words.RESULTS, results_words.RESULT_VALUES),
    (results_words.JUDGING, _NONE),
    (results_words.DECISIONS, results_words.DECISION_VALUES),
    (directory_words.SENTENCES, directory_words.VALUES),
    (announcing_words.SENTENCES, announcing_words.VALUES),
    (entering_words.SENTENCES, entering_words.VALUES),
    (event_words.SENTENCES, event_words.VALUES),
    (examination_words.SENTENCES, _NONE),
    (months_words.SENTENCES, _NONE),
)
_TOLD: Mapping[str, tuple[Sentence, Values]] = {
    action: (sentence, values)
    for sentences, values in _TABLES
    for action, sentence in sentences.items()
}
