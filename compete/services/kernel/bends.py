"""Bends: the acts that bend a promised procedure, in words: everybody may read them.

An act says of its record that it `bends` (`audit.record`), and stands here by its action. What
is published, its page, the notice and `compete audit` tell of it from here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from msgspec import convert

from compete.domain.bundle.attempts import waived_word
from compete.domain.evaluation.examiners import ExaminerRules
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.domain.values.states import CompetitionState, DecisionState
from compete.services.kernel.clock import local_time
from compete.services.kernel.detail_fields import Details
from compete.services.kernel.fields import Setting, fields_of

_ALL = 100
_PUBLISHED = (CompetitionState.NOTICE.value, CompetitionState.FINAL.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAct:
    """A recorded act for the words of a bend: its record, and what the chain says around it.

    `begun`: its stage was being judged by then, or a period was closed. `module` is how people
    call the module of its subject, if it has one.
    """

    before: Any
    after: Any
    begun: bool
    module: str
    subject: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Bending:
    """The telling of an act: in words, None where this once nothing was bent.

    `of_event`: its subject begins with the event's code; else it is of the whole competition.
    """

    words: Callable[[RecordedAct], Message | None]
    of_event: bool = False
    in_one: bool = False
    """All of them in one line, which says how many they are (`RecordedAct.times`)."""
    own: bool = False
    """Done by a judge, whom everybody reads of by the code alone: its subject."""


def _final_early(act: RecordedAct) -> Message:
    until = (act.before or {}).get("until")
    if until is None:
        return msg("公示提前结束")
    day = date_words(local_time(datetime.fromisoformat(until)))
    return msg("公示提前结束，原定到%(day)s", day=day)


def _terms(act: RecordedAct) -> Message | None:
    was, now = act.before or {}, act.after
    terms = {
        "notice_days": msg(
            "公示改成 %(n)s 个工作日，原来 %(before)s 个",
            n=now.get("notice_days"),
            before=was.get("notice_days"),
        ),
        "appeal_hours": msg(
            "申诉时间改成 %(n)s 小时，原来 %(before)s 小时",
            n=now.get("appeal_hours"),
            before=was.get("appeal_hours"),
        ),
        "second_hours": msg(
            "提请第二次仲裁的时间改成 %(n)s 小时，原来 %(before)s 小时",
            n=now.get("second_hours"),
            before=was.get("second_hours"),
        ),
        "certify_early": msg("成绩没定就能发证书"),
        "notice_again": msg("更正成绩以后不再公示"),
        "barred": msg("不受理申诉的评分点多了"),
        "recheck": _recheck(was.get("recheck") or {}, now.get("recheck") or {}),
    }
    others = [
        msg(
            "%(what)s改成 %(now)s，原来 %(before)s",
            what=setting.title,
            now=_recorded(setting, now[name]),
            before=_recorded(setting, was.get(name)),
        )
        for name, setting in fields_of(Details).items()
        if name in now and name not in terms
    ]
    moved = [msg("结论变了的 %(n)s 人", n=len(now["moved"]))] if "moved" in now else []
    sentences = [words for name, words in terms.items() if name in now]
    return _together([*sentences, *others, *moved])


def _recorded(setting: Setting, value: Any) -> Message | str:
    return (setting.choices or {}).get(value) or str(value or msg("空"))


def _together(parts: Sequence[Message]) -> Message | None:
    together = listed(parts, msg("；"))
    return together if isinstance(together, Message) else None


def _recheck(was: Mapping[str, Any], now: Mapping[str, Any]) -> Message:
    if not now.get("required"):
        return msg("免了复核")
    return msg(
        "复核改少：前 %(top)s%%、其余 %(rest)s%%，原来前 %(old_top)s%%、其余 %(old_rest)s%%",
        top=now.get("top"),
        rest=now.get("rest"),
        old_top=was.get("top"),
        old_rest=was.get("rest"),
    )


def _unlocked(act: RecordedAct) -> Message | None:
    state = (act.before or {}).get("state")
    is_correction = "correction" in (act.after or {})  # By what it was opened for.
    return msg("公布以后又打开了评分") if state in _PUBLISHED and not is_correction else None


def _unsigned(act: RecordedAct) -> Message | None:
    lowered = act.begun and act.before["must_sign"] and not act.after["must_sign"]
    return msg("评分开始以后改成裁判不签名也能锁定") if lowered else None


def _reseated(act: RecordedAct) -> Message | None:
    changed = act.begun and act.before and act.before != act.after
    return msg("评分开始以后改了“%(module)s”的裁判", module=act.module) if changed else None


def _timed_by(act: RecordedAct) -> Message | None:
    changed = act.begun and act.before["timekeeper"] != act.after["timekeeper"]
    return msg("评分开始以后改了“%(module)s”由谁计时", module=act.module) if changed else None


def _replaced(act: RecordedAct) -> Message | None:
    return msg("评分开始以后换了一名裁判") if act.begun else None


def _redrawn(act: RecordedAct) -> Message:
    return msg("“%(module)s”的抽签作废了一次", module=act.module)


def _renewed(act: RecordedAct) -> Message | None:
    return msg("评分开始以后改照竞赛文件第 2 版算") if act.begun else None


def _decision_undone(act: RecordedAct) -> Message | None:
    confirmed = (act.before or {}).get("state") == DecisionState.CONFIRMED.value
    if confirmed and (act.after or {}).get("alone"):
        if waives := act.after.get("waives"):
            return msg("%(what)s撤回了", what=waived_word(waives))
        return msg("代录的缺考撤回了")
    if confirmed and (act.after or {}).get("asked"):
        return msg("两个人定的扣罚、缺考或取消成绩，又由两个人撤回了")
    return msg("两个人定的扣罚、缺考或取消成绩，一个人撤回了") if confirmed else None


def _absence_kept(act: RecordedAct) -> Message:
    what = waived_word(waives) if (waives := act.after.get("waives")) else msg("缺考")
    return msg("记了%(what)s，以后到的评分不算", what=what)


def _playoff_undone(act: RecordedAct) -> Message | None:
    before = act.before or {}
    confirmed = before.get("state") == DecisionState.CONFIRMED.value and not before["void"]
    if confirmed and (act.after or {}).get("asked"):
        return msg("两个人定的加赛或抽签，又由两个人撤回了")
    return msg("两个人定的加赛或抽签，一个人撤回了") if confirmed else None


def _labour_rules(act: RecordedAct) -> Message:
    return msg("填了数以后改了规则，成了第 %(n)s 版", n=act.after["number"])


def _looked_less(act: RecordedAct) -> Message | None:
    was, now = act.before, act.after
    if not act.begun or not looks_less(was, now):
        return None
    if was["first"] and not now["first"]:
        return msg("二次抽查没核完也能公布了，抽 %(share)s%%、至少 %(least)s 格", **_shares(now))
    return msg(
        "二次抽查改少：%(share)s%%、至少 %(least)s 格，原来 %(old)s%%、至少 %(old_least)s 格",
        old=was["share"],
        old_least=was["least"],
        **_shares(now),
    )


def looks_less(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """True if fewer squares of a labour competition are looked at again, or it is published first.

    Both as records have them.
    """
    share = Decimal(now["share"])
    fewer = share < Decimal(was["share"]) or (share < _ALL and now["least"] < was["least"])
    return fewer or now["first"] < was["first"]


def _shares(rules: Mapping[str, Any]) -> dict[str, Any]:
    return {"share": rules["share"], "least": rules["least"]}


def _on_paper(act: RecordedAct) -> Message:
    what = _within_quotes(act.after["what"])
    return msg("“%(what)s”凭签字件办，%(due)s 前补签", what=what, due=act.after["due"])


def _countersigned(act: RecordedAct) -> Message:
    return msg("“%(what)s”的签字件补签了", what=_within_quotes(act.after["what"]))


def _within_quotes(text: str) -> str:
    return text.replace("“", "‘").replace("”", "’")


def _fewer_examiners(act: RecordedAct) -> Message:
    return msg("考评员不够，照样开考：%(short)s", short=listed(act.after["short"], msg("；")))


def _ratio_lowered(act: RecordedAct) -> Message | None:
    rules = convert(act.after, ExaminerRules)
    if not rules.is_looser(ExaminerRules()):
        return None
    return msg(
        "考评员比国家职业标准少派：理论 1 : %(theory)s、每个考场 %(room)s 名，"
        "技能 1 : %(practice)s、每组 %(panel)s 名",
        theory=rules.theory_per,
        room=rules.theory_least,
        practice=rules.practice_per,
        panel=rules.practice_least,
    )


def _typed_words(act: RecordedAct) -> Message | None:
    sheets, absent = len(act.after["sheets"]), len(act.after["absent"])
    anew, evidence = len(act.after.get("anew", ())), act.after["evidence"]
    parts = []
    if "correction" in act.after:
        parts.append(msg("公布以后第 %(n)s 次更正，一个人办的", n=act.after["correction"]))
    if sheets > anew:
        parts.append(msg("代录评分表 %(n)s 张，%(evidence)s", n=sheets - anew, evidence=evidence))
    if anew:
        parts.append(msg("改评分表 %(n)s 张，%(evidence)s", n=anew, evidence=evidence))
    if judged := len(act.after.get("judged", ())):
        parts.append(msg("其中裁判自己交的 %(n)s 张", n=judged))
    if absent and not sheets:
        parts.append(msg("代录缺考 %(n)s 人，%(evidence)s", n=absent, evidence=evidence))
    elif absent:
        parts.append(msg("缺考 %(n)s 人", n=absent))
    return _together(parts)


def _items_corrected(act: RecordedAct) -> Message | None:
    correction = act.after.get("correction")
    head = (
        msg("评分开始以后，一个人改了评的项目")
        if correction is None
        else msg("公布以后第 %(n)s 次更正，一个人改了评的项目", n=correction)
    )
    changed = (
        msg("“%(was)s”改成“%(now)s”", was=_item(*was), now=_item(*now))
        for was, now in act.after.get("items", ())
    )
    return _together([head, *changed])


def _item(name: str, most: str, off: str | None) -> Message:
    if off is None:
        return msg("%(name)s %(most)s 分", name=name, most=most)
    return msg("%(name)s %(most)s 分，每次扣 %(off)s", name=name, most=most, off=off)


def _who(content: Mapping[str, Any], code: str | None) -> Message:
    """Somebody with a part as everybody may read of it: the role and the code, never the name."""
    role = ROLE_WORDS[Role(content["role"])]
    return msg("%(role)s %(code)s", role=role, code=code) if code else msg("%(role)s", role=role)


def _whose(content: Mapping[str, Any], code: str | None) -> Message:
    who = _who(content, code)
    return msg("%(who)s 的", who=who) if code else msg("%(who)s的", who=who)


def _way_in_renewed(act: RecordedAct) -> Message | None:
    if not act.begun or not act.after["used"]:
        return None
    whose = _whose(act.after, act.after["judge"])
    if act.after["how"] == "reset":
        return msg("评分开始以后重设了%(whose)s密码", whose=whose)
    if act.after["how"] == "firm":
        return msg("评分开始以后给%(whose)s账号连了单位登录", whose=whose)
    return msg("评分开始以后换了%(whose)s登录码，此后标“换码后”", whose=whose)


def _named_anew(act: RecordedAct) -> Message | None:
    """A name in a judge's own hand after another: the first is asked of everybody."""
    before = act.before or {}
    if not before.get("own") or before["name"] == act.after["name"]:
        return None
    return msg("裁判 %(code)s 换码后写的姓名和原来的不一样", code=act.subject)


def _renamed(act: RecordedAct) -> Message | None:
    if not act.begun or (act.before or {}).get("name") == act.after["name"]:
        return None
    return msg("评分开始以后改了 %(code)s 的姓名", code=act.subject)


def _added(act: RecordedAct) -> Message | None:
    if not act.begun:
        return None
    role = act.after.get("as")
    who = _who({"role": role}, act.subject) if role else act.subject
    return msg("评分开始以后加了%(who)s", who=who)


def _several_added(act: RecordedAct) -> Message | None:
    added = list(act.after["added"])
    if not act.begun or not added:
        return None
    return msg("评分开始以后加了工作人员 %(codes)s", codes=listed(added))


def _role_given(act: RecordedAct) -> Message | None:
    if not act.begun:
        return None
    before = act.before or {}
    if before.get("another"):
        return msg("评分开始以后加了一名组委会成员")
    again = before.get("lost")
    whose = _whose(act.after, act.after.get("judge"))
    return msg("评分开始以后又给了%(whose)s职责，收回过", whose=whose) if again else None


def _role_taken(act: RecordedAct) -> Message | None:
    before = act.before
    if not act.begun or before.get("replaced") or before["role"] == Role.CONTACT.value:
        return None
    return msg("评分开始以后收回了%(whose)s职责", whose=_whose(before, before["judge"]))


def _one_device(act: RecordedAct) -> Message:
    others = [_who(row, row["judge"]) for row in act.after["others"]]
    who = _who(act.after, act.after["judge"])
    return msg("%(who)s和%(others)s在同一台设备上登录过", who=who, others=listed(others))


def _judge_absent(act: RecordedAct) -> Message:
    after = act.after
    return msg(
        "裁判 %(judge)s 没来，%(n)s 张评分表不评，照其余 %(left)s 名裁判算",
        judge=after["judge"],
        n=after["sheets"],
        left=after["left"],
    )


BENDS: Mapping[str, Bending] = MappingProxyType(
    {
        "results.final_early": Bending(_final_early, of_event=True),
        "second.present": Bending(
            lambda _act: msg(
                "登录卡不满 24 小时的当了第二个人：两个人都在场，各输自己的 PIN 或密码"
            )
        ),
        "second.paper": Bending(_on_paper),
        "second.countersign": Bending(_countersigned),
        "results.withdraw": Bending(lambda _act: msg("公示撤下过一次"), of_event=True),
        "competition.agree_terms": Bending(_terms),
        "marks.unlock": Bending(_unlocked),
        "lock.must_sign": Bending(_unsigned),
        "event.rules.change": Bending(lambda _act: msg("评分开始以后改了规则"), of_event=True),
        "event.rules.alone": Bending(_items_corrected, of_event=True),
        "overall.rules.change": Bending(lambda _act: msg("评分开始以后改了总表的规则")),
        "judges.assign": Bending(_reseated, of_event=True),
        "judges.undo": Bending(_reseated, of_event=True),
        "judges.timekeeper": Bending(_timed_by, of_event=True),
        "judge.replace": Bending(_replaced),
        "draw.end": Bending(_redrawn, of_event=True),
        "draw.void": Bending(_redrawn, of_event=True),
        "competition.format": Bending(_renewed),
        "decision.withdraw": Bending(_decision_undone),
        "absence.keep": Bending(_absence_kept),
        "judge.absent": Bending(_judge_absent, of_event=True),
        "marks.typed": Bending(_typed_words, of_event=True),
        "playoff.withdraw": Bending(_playoff_undone, of_event=True),
        "examiners.overrule": Bending(_fewer_examiners),
        "examiners.rules": Bending(_ratio_lowered),
        "way_in.renew": Bending(_way_in_renewed),
        "judge.named": Bending(_named_anew, own=True),
        "entrant.level_exempt": Bending(
            lambda act: msg(
                "特准一人报%(level)s，申报条件不够，两个人定的", level=act.after["level"]
            )
        ),
        "exam.key": Bending(
            lambda act: msg(
                "考完更正了 %(question)s 题，两个人定的", question=act.after["question"]
            )
        ),
        "judge.correct": Bending(_renamed),
        "judge.add": Bending(_added),
        "judges.import": Bending(_several_added),
        "role.grant": Bending(_role_given),
        "role.revoke": Bending(_role_taken),
        "device.shared": Bending(_one_device, own=True),
        "paper.settle": Bending(
            lambda act: msg("照纸质表录的评分表 %(n)s 张，两个人各录一遍", n=act.times),
            in_one=True,
        ),
        "acts.hand_over": Bending(
            lambda act: msg("别人代交的平板文件 %(n)s 份，平板证明是裁判写的", n=act.times),
            in_one=True,
        ),
        "labour.rules.change": Bending(_labour_rules),
        "labour.look.rules": Bending(_looked_less),
    }
)
"""By the action of its record. Whoever adds one says how it is told; the rest follows."""
