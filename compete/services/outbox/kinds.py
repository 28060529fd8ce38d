"""Kinds of messages to people: one row each, with its words, whom it is for and what queues it.

What a message may say is in `FIELDS` alone: there is no field for a mark, a rank, an ID number, a
phone or a code that signs in, so no words can name one. To a group goes none of `PERSONAL`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from compete.domain.values.messages import Message, listed, msg
from compete.services.kernel.refusal import invalid


class To(StrEnum):
    """The people whom a kind of messages is for."""

    PERSON = "person"
    CONTACT = "contact"
    JUDGE = "judge"
    CHIEF = "chief"
    SECOND = "second"
    DEPARTMENT = "department"
    GROUP = "group"
    ADMIN = "admin"


TO_WORDS: Mapping[To, Message] = {
    To.PERSON: msg("本人"),
    To.CONTACT: msg("单位"),
    To.JUDGE: msg("裁判"),
    To.CHIEF: msg("裁判长"),
    To.SECOND: msg("能同意的人"),
    To.DEPARTMENT: msg("部门"),
    To.GROUP: msg("群"),
    To.ADMIN: msg("管理员"),
}
FIELDS: Mapping[str, Message] = {
    "name": msg("姓名"),
    "competition": msg("竞赛"),
    "event": msg("赛项"),
    "day": msg("哪天"),
    "time": msg("几点"),
    "place": msg("地点"),
    "station": msg("工位"),
    "what": msg("什么事"),
    "until": msg("到什么时候"),
    "count": msg("几项"),
    "period": msg("哪一期"),
    "link": msg("链接"),
    "own_link": msg("本人链接"),
}
"""All that a message can say besides the organiser's own words."""

PERSONAL = frozenset({"name", "station", "own_link"})
_OF_A_SLOT = (
    *("name", "competition", "event", "day", "time", "place", "station"),
    *("link", "own_link"),
)
TEN_MINUTES = timedelta(minutes=10)
LONGEST_WORDS = 300
_HOLE = re.compile(r"\{([^{}]*)\}")
_DIGITS = re.compile(r"[0-9]{7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """A kind of messages: to whom, in which words, and which records of the chain queue it.

    What is told of within `wait` of its first record is told as one. Where a group is told too,
    `group_words` have nothing personal. `labour`: only in a labour competition, or only elsewhere.
    """

    name: Message
    to: Sequence[To]
    fields: Sequence[str]
    words: Message
    group_words: Message | None = None
    on: bool = True
    actions: Sequence[str] = ()
    wait: timedelta = TEN_MINUTES
    labour: bool | None = False

    def fields_for(self, *, group: bool) -> Sequence[str]:
        """The fields that its words may have."""
        return [it for it in self.fields if not group or it not in PERSONAL]


KINDS: Mapping[str, MessageKind] = {
    "registration": MessageKind(
        name=msg("报名收下、退回"),
        to=(To.PERSON, To.CONTACT),
        fields=("name", "competition", "event", "what", "until", "link"),
        words=msg("{name}，{competition} 的报名{what}。看 {link}"),
        actions=("application.accept", "application.wait", "application.return"),
    ),
    "schedule": MessageKind(
        name=msg("场次工位定了、改了"),
        to=(To.PERSON, To.CONTACT),
        fields=_OF_A_SLOT,
        words=msg("{name}，{day} {time} 到 {place} 比 {event}，{station}。有变动看 {link}"),
        actions=(
            *("entrants.place", "draw.result", "schedule.delay", "schedule.delay_undone"),
            *("schedule.move_session", "schedule.move_all"),
        ),
    ),
    "before": MessageKind(
        name=msg("前一天、前一小时"),
        to=(To.PERSON, To.JUDGE),
        fields=_OF_A_SLOT,
        words=msg(
            "{name}，{day} {time} 到 {place} 比 {event}，{station}。带身份证和劳保用品。看 {link}"
        ),
        wait=timedelta(0),
    ),
    "sheets": MessageKind(
        name=msg("评分表退回、要重评"),
        to=(To.JUDGE, To.CHIEF),
        fields=("name", "competition", "what", "link"),
        words=msg("{name}，{competition} 有评分表{what}，请到平板上看。{link}"),
        actions=("sheet.return", "sheet.remark", "appeal.file"),
        wait=timedelta(0),
    ),
    "second": MessageKind(
        name=msg("等第二个人同意"),
        to=(To.SECOND,),
        fields=("name", "competition", "what", "time", "link"),
        words=msg("{name}，{competition} 的{what}从 {time} 起等您同意。{link}"),
        wait=timedelta(0),
        labour=None,
    ),
    "results": MessageKind(
        name=msg("成绩出来了、更正了"),
        to=(To.PERSON, To.CONTACT, To.GROUP),
        fields=("name", "competition", "what", "link"),
        words=msg("{name}，{competition} 的成绩{what}了，看 {link}"),
        group_words=msg("{competition} 的成绩{what}了，看 {link}"),
        actions=("results.publish", "results.final", "results.final_early"),
    ),
    "appeal_ends": MessageKind(
        name=msg("申诉期还有一天"),
        to=(To.PERSON, To.CONTACT),
        fields=("name", "competition", "until", "link"),
        words=msg("{name}，{competition} 对成绩有意见，{until} 前提出。看 {link}"),
        wait=timedelta(0),
    ),
    "appeal": MessageKind(
        name=msg("申诉有答复"),
        to=(To.PERSON,),
        fields=("name", "competition", "link"),
        words=msg("{name}，{competition} 的申诉有了答复，看 {link}"),
        on=False,
        actions=("appeal.decide",),
    ),
    "certificate": MessageKind(
        name=msg("证书好了、在核对、作废"),
        to=(To.PERSON,),
        fields=("name", "competition", "what", "link"),
        words=msg("{name}，{competition} 的证书{what}，看 {link}"),
        on=False,
        actions=(
            *("certificate.issue", "certificate.issue_awards", "certificate.reissue"),
            *("certificate.revoke", "results.publish"),
        ),
    ),
    "labour_missing": MessageKind(
        name=msg("数没交齐、被退回"),
        to=(To.DEPARTMENT, To.CONTACT, To.GROUP),
        fields=("name", "competition", "period", "count", "until", "what", "link"),
        words=msg("{name}，{competition} {period} {what} {count} 项，{until} 截止。看 {link}"),
        group_words=msg("{competition} {period} {what} {count} 项，{until} 截止。看 {link}"),
        actions=("labour.remind", "labour.sign.withdraw"),
        labour=True,
    ),
    "labour_out": MessageKind(
        name=msg("一期结账、公布"),
        to=(To.DEPARTMENT, To.CONTACT, To.GROUP),
        fields=("name", "competition", "period", "what", "link"),
        words=msg("{name}，{competition} {period} {what}了，看 {link}"),
        group_words=msg("{competition} {period} {what}了，看 {link}"),
        actions=("labour.close", "results.publish"),
        labour=True,
    ),
}
"""What a competition tells people, in the order of its page."""

INSTALLATION = MessageKind(
    name=msg("服务器要人看"),
    to=(To.ADMIN,),
    fields=("name", "what", "link"),
    words=msg("{name}，{what} {link}"),
    wait=timedelta(0),
    labour=None,
)
"""What the server tells its administrators."""

INSTALLATION_KEY = "installation"
TEST_KEY = "test"


def kind_of(key: str) -> MessageKind:
    """The row of a kind."""
    return INSTALLATION if key == INSTALLATION_KEY else KINDS[key]


def kinds_for(*, labour: bool) -> Mapping[str, MessageKind]:
    """The kinds of a competition, by whether it is a labour competition."""
    return {key: it for key, it in KINDS.items() if it.labour in (labour, None)}


def holes_of(words: str) -> list[str]:
    """List the fields that words have, in their order."""
    return _HOLE.findall(words)


def check_words(key: str, words: str, *, group: bool) -> str:
    """Read an organiser's words, fields by key or by name; raise `Refused` naming what is wrong."""
    by_name = {str(text): field for field, text in FIELDS.items()}
    words = _HOLE.sub(lambda it: f"{{{by_name.get(it[1].strip(), it[1].strip())}}}", words.strip())
    allowed = kind_of(key).fields_for(group=group)
    for hole in holes_of(words):
        if hole not in allowed:
            names = listed([FIELDS[field] for field in allowed])
            raise invalid(msg("这里不能放“%(hole)s”，能放：%(names)s", hole=hole, names=names))
    plain = _HOLE.sub("", words)
    if "{" in plain or "}" in plain:
        raise invalid(msg("大括号只用来放字段，要成对"))
    if _DIGITS.search(plain):
        raise invalid(msg("消息里不写电话和证件号码，删掉那串数字"))
    if not words or len(words) > LONGEST_WORDS:
        raise invalid(msg("写 1 到 %(most)s 个字", most=LONGEST_WORDS))
    return words


def fill(words: str, values: Mapping[str, str], *, group: bool) -> str:
    """The message: words with what their fields stand for. LookupError for a field it may not have.

    A field without a value leaves no gap behind it.
    """

    def value(hole: re.Match[str]) -> str:
        field = hole[1]
        if field not in FIELDS or (group and field in PERSONAL):
            raise LookupError(field)
        return values.get(field, "")

    text = _HOLE.sub(value, words)
    for gap in ("，，", "，。", "  ", " ，", " 。"):
        text = text.replace(gap, "，" if gap == "，，" else gap.strip() or " ")
    return text.replace("，。", "。").lstrip("，").strip()


SMS_LENGTH, SMS_PART = 70, 67


def sms_count(text: str) -> int:
    """How many SMS a text is paid as: one up to 70 signs, of longer ones 67 in each."""
    signs = len(text.encode("utf-16-le")) // 2
    return 1 if signs <= SMS_LENGTH else -(-signs // SMS_PART)
