"""What somebody takes part in, and for whom: event, unit, team, group, grade, code."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar

from compete.domain.entry_fields import EDUCATION_WORDS
from compete.domain.grades.ladder import GradeError, parse_grade
from compete.domain.identity.certificate_number import held_certificate_number
from compete.domain.identity.errors import IdentityError
from compete.domain.values.kinds import CrewRole
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.sheets.dates import BirthError, parse_birth
from compete.sheets.registration.cells import NOTHING, RowCheck
from compete.sheets.registration.choices import Choices, not_known
from compete.sheets.registration.people import (
    Background,
    Group,
    OfferedEvent,
    RegistrationOffer,
)
from compete.sheets.texts import same_name_key, tidy_name

_CODE = re.compile(r"[\w.\-]+")
_FIRST_YEAR = 1980
_TIME = re.compile(
    r"(?P<years>[0-9]{1,2}(?:\.[0-9]{1,2})?)年?"
    r"|(?:(?P<whole>[0-9]{1,2})年)?(?P<months>[0-9]{1,3})个?月"
)
_MOST_MONTHS = 70 * 12
_PAPER = re.compile(r"(?P<kind>[^0-9]+)(?P<day>[0-9][-./年月日0-9]*)")

_GROUPS: dict[str, Group] = {
    "职工": "worker",
    "职工组": "worker",
    "worker": "worker",
    "教师": "teacher",
    "教师组": "teacher",
    "老师": "teacher",
    "teacher": "teacher",
    "学生": "student",
    "学生组": "student",
    "student": "student",
}
GROUP_WORDS: dict[Group, Message] = {
    "worker": msg("职工"),
    "teacher": msg("教师"),
    "student": msg("学生"),
}

T = TypeVar("T")

_ROLES = {same_name_key(str(word)): role for role, word in CREW_ROLE_WORDS.items()} | {
    "主": CrewRole.MAIN,
    "主操": CrewRole.MAIN,
    "main": CrewRole.MAIN,
    "辅": CrewRole.ASSISTANT,
    "辅助": CrewRole.ASSISTANT,
    "副操": CrewRole.ASSISTANT,
    "assistant": CrewRole.ASSISTANT,
}

_EDUCATION = {same_name_key(str(word)): key for key, word in EDUCATION_WORDS.items()} | {
    **{key: key for key in EDUCATION_WORDS},
    **{"初级中学": "junior", "普通高中": "senior", "高级中学": "senior"},
    **dict.fromkeys(("中专", "技校", "中技", "中职", "职高", "职业高中", "技工学校"), "vocational"),
    **dict.fromkeys(("专科", "大学专科", "高职", "高技", "大学专科和专科学校"), "college"),
    **dict.fromkeys(("大学", "大学本科", "学士"), "bachelor"),
    **dict.fromkeys(("硕士", "研究生"), "master"),
    "博士": "doctor",
}
CONSENT_WORDS = {True: msg("同意"), False: msg("不同意")}
_CONSENT = {same_name_key(str(word)): given for given, word in CONSENT_WORDS.items()} | {
    **dict.fromkeys(("是", "yes", "y", "true", "√", "agree", "agrees"), True),
    **dict.fromkeys(("否", "不", "no", "n", "false", "×", "disagree"), False),
}


class Events:
    """The events on offer, by what people write."""

    def __init__(self, offer: RegistrationOffer) -> None:
        self._by_code = {event.code: event for event in offer.events}
        self._choices = Choices((event.code, event.name) for event in offer.events)
        self._only = offer.events[0] if len(offer.events) == 1 else None

    def read(self, check: RowCheck) -> OfferedEvent | None:
        """The row's event; where only one is on offer, an empty cell means it."""
        if self._only and "event" not in check.row.cells:
            return self._only
        if "event" in check.values:
            return check.once("event", self._read)
        return self._read(check)

    def _read(self, check: RowCheck) -> OfferedEvent | None:
        text = check.required("event")
        if text is None:
            return None
        code = self._choices.find(text)
        if code is None:
            guess = self._choices.guess(text) or self._choices.part_of(text)
            check.problem("event", not_known(text, guess), best=guess or "")
            return None
        return self._by_code[code]


class Entry(Background, frozen=True, kw_only=True, gc=False):
    """What the row says of the entry; an empty cell gives none and is not in `given`."""

    event: OfferedEvent | None
    code: str | None
    unit: str | None
    team: str | None
    group: Group | None
    grade: int | None
    promoted: int | None
    post: str | None
    months: int | None
    certificate: str | None
    crew: str | None
    role: CrewRole | None
    given: frozenset[str]
    """Columns that say something, if only that there is none."""


def read_entry(check: RowCheck, events: Events, today: date) -> Entry:
    """Check the cells about the entry. Unit and team stay as written."""
    event = events.read(check)
    # What an event knows of groups and grades stands under its code; without one, under none.
    own = event.code if event else ""
    code = _code(check)
    unit = check.required("unit")
    team = check.once("team", _SAID["team"])
    group = check.once("group", partial(_group, event=event), own)
    grade = check.once("grade", partial(_grade, event=event), own)
    promoted = _promoted(check, today)
    post = check.once("post", _SAID["post"])
    months = check.once("months", _months)
    certificate = _certificate(check)
    education = check.once("education", _education)
    grade_since = check.once("grade_since", partial(_grade_since, today=today))
    papers = check.once("papers", partial(_papers, event=event, today=today), own)
    given = check.given()
    crew = check.once("crew", _SAID["crew"])
    role = check.once("role", _role)
    return Entry(
        department=check.once("department", _SAID["department"]),
        education=education,
        mentor=check.once("mentor", _NAMED["mentor"]),
        coach=check.once("coach", _NAMED["coach"]),
        leader=check.once("leader", _NAMED["leader"]),
        grade_since=grade_since,
        papers=papers,
        consent=check.once("consent", _consent),
        event=event,
        code=code,
        unit=unit,
        team=team,
        group=group,
        grade=grade,
        promoted=promoted,
        post=post,
        months=months,
        certificate=certificate,
        crew=crew,
        role=role,
        given=given,
    )


def _said(check: RowCheck, key: str) -> str | None:
    """The text; none where it says that there is none."""
    text = check.text(key)
    return None if text in NOTHING else text


_SAID = {key: partial(_said, key=key) for key in ("team", "post", "crew", "department")}


def _code(check: RowCheck) -> str | None:
    text = check.choice("code")
    if text is None:
        return None
    if not _CODE.fullmatch(text):
        check.problem("code", msg("编号只用字母、数字和 -，现在是“%(found)s”", found=text))
        return None
    return text


def _group(check: RowCheck, event: OfferedEvent | None) -> Group | None:
    text = check.choice("group")
    if text is None:
        return None
    group = _GROUPS.get(same_name_key(text))
    if group is None:
        check.problem("group", msg("没有“%(found)s”这个组，写职工、教师或学生", found=text))
    elif event and group not in event.groups:
        check.problem(
            "group",
            msg("“%(event)s”没有%(group)s组", event=event.name, group=GROUP_WORDS[group]),
        )
        return None
    return group


def _grade(check: RowCheck, event: OfferedEvent | None) -> int | None:
    text = check.choice("grade")
    if text is None or text in NOTHING:
        return None
    try:
        return parse_grade(text, event.ladder) if event else parse_grade(text)
    except GradeError as error:
        check.not_understood("grade", error.message)
        return None


def _promoted(check: RowCheck, today: date) -> int | None:
    text = check.choice("promoted")
    if text is None or text in NOTHING:
        return None
    digits = text.removesuffix("年").strip()
    if digits.isascii() and digits.isdigit() and _FIRST_YEAR <= int(digits) <= today.year:
        return int(digits)
    check.not_understood(
        "promoted",
        msg("要写年份，如 %(example)s，现在是“%(found)s”", example=today.year - 1, found=text),
    )
    return None


def _months(check: RowCheck) -> int | None:
    """`5`, `4.5`, `5年`, `4年10个月` or `10个月`, in months."""
    text = check.choice("months")
    if text is None or text in NOTHING:
        return None
    match = _TIME.fullmatch("".join(text.split()))
    if match:
        years = Decimal(match["years"] or match["whole"] or 0)
        total = int(years * 12) + int(match["months"] or 0)
        if total <= _MOST_MONTHS:
            return total
    check.not_understood(
        "months", msg("写年数，如 5、4.5 或 4年10个月，现在是“%(found)s”", found=text)
    )
    return None


def _certificate(check: RowCheck) -> str | None:
    text = check.choice("certificate")
    if text is None or text in NOTHING:
        return None
    try:
        return held_certificate_number(text)
    except IdentityError as error:
        check.not_understood("certificate", error.message)
        return None


def _education(check: RowCheck) -> str | None:
    return _meant(
        check,
        "education",
        _EDUCATION,
        lambda found: msg("没有“%(found)s”，从下拉里选", found=found),
    )


def _grade_since(check: RowCheck, today: date) -> date | None:
    """A day that is written out, and not to come."""
    value = check.values.get("grade_since")
    said = check.choice("grade_since") if isinstance(value, str) else value
    if value is None or said is None or said in NOTHING:
        return None
    try:
        day = parse_birth(value).full
    except BirthError as error:
        check.not_understood("grade_since", error.message)
        return None
    if day is None:
        check.not_understood("grade_since", msg("写到日，如 2021-06-01"))
    elif day > today:
        check.not_understood("grade_since", msg("%(day)s 还没到", day=str(day)))
    else:
        return day
    return None


_PAPER_ENDS = re.compile("毕业证书|毕业证|毕业|学历|证书|文凭")
_SAME_PAPERS = {
    **dict.fromkeys(("中职", "职高", "职业高中", "中等职业技术学校"), "中等职业学校"),
    **dict.fromkeys(("中等专业学校", "中等专科"), "中专"),
    **dict.fromkeys(("技校", "中级技工学校"), "技工学校"),
    **dict.fromkeys(("高技", "高级技校"), "高级技工学校"),
    **dict.fromkeys(("专科", "大学专科", "高等专科"), "大专"),
    **dict.fromkeys(("高等职业学校", "高职高专"), "高职"),
    **dict.fromkeys(("助理工程师", "助工", "技术员", "助理级职称"), "初级职称"),
    **dict.fromkeys(("工程师",), "中级职称"),
    **dict.fromkeys(("高级工程师", "高工"), "高级职称"),
}
"""Usual writings of one diploma or title, without what ends them."""


def _plain_paper(kind: str) -> str:
    plain = _PAPER_ENDS.sub("", kind.replace("(", "（").partition("（")[0].strip())
    return _SAME_PAPERS.get(plain, plain)


def _known_paper(kind: str, known: frozenset[str]) -> str:
    """A diploma or title as the event's conditions call it; as written where they do not."""
    if kind in known:
        return kind
    plain = _plain_paper(kind)
    return next((name for name in sorted(known) if _plain_paper(name) == plain), kind)


def _papers(
    check: RowCheck, event: OfferedEvent | None, today: date
) -> list[dict[str, str]] | None:
    """中专 2010-07-01、初级职称 2012-9: of a month without a day its last."""
    known = event.tried.papers if event and event.tried else frozenset()
    text = check.text("papers")
    if text is None or text in NOTHING:
        return None
    found = []
    for paper in re.split("[、，,；;]", text):
        match = _PAPER.fullmatch(paper.strip())
        since = None if match is None else _paper_day(match["day"])
        if match is None or since is None or since > today:
            check.not_understood(
                "papers",
                msg("写名称和日期，如 中专 2010-07-01，现在是“%(found)s”", found=paper.strip()),
            )
            return None
        kind = _known_paper(match["kind"].strip(), known)
        if known and kind not in known:
            check.notes.append(
                msg(
                    "“%(kind)s”不是申报条件里的学历、职称（%(known)s），写错了就改",
                    kind=kind,
                    known=listed(sorted(known)),
                )
            )
        found.append({"kind": kind, "since": since.isoformat()})
    return found


def _paper_day(text: str) -> date | None:
    try:
        said = parse_birth(text)
    except BirthError:
        return None
    month = said.months[0]
    return said.full or date(said.year, month, monthrange(said.year, month)[1])


def _names(check: RowCheck, key: str) -> str | None:
    text = check.text(key)
    return None if text is None or text in NOTHING else tidy_name(text)[0]


_NAMED = {key: partial(_names, key=key) for key in ("mentor", "coach", "leader")}


def _consent(check: RowCheck) -> bool | None:
    return _meant(
        check,
        "consent",
        _CONSENT,
        lambda found: msg("写同意或不同意，现在是“%(found)s”", found=found),
    )


def _role(check: RowCheck) -> CrewRole | None:
    return _meant(
        check, "role", _ROLES, lambda found: msg("没有“%(found)s”，写主选手或辅助选手", found=found)
    )


def _meant(
    check: RowCheck, key: str, words: Mapping[str, T], problem: Callable[[str], Message]
) -> T | None:
    """What the word of this column stands for; a word that stands for nothing is a problem."""
    text = check.choice(key)
    if text is None or text in NOTHING:
        return None
    found = words.get(same_name_key(text))
    if found is None:
        # 本科/学士 says one thing twice.
        said = {words.get(same_name_key(part)) for part in re.split("[/／、]", text)}
        found = said.pop() if len(said) == 1 else None
    if found is None:
        check.not_understood(key, problem(text))
    return found
