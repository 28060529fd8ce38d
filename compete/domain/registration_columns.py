"""Optional fields of a registration: 部门, 文化程度, 师傅, 学历和职称, consent to be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Self

import msgspec

from compete.domain.kinds.contest import CONTEST
from compete.domain.kinds.kinds import KINDS
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message, msg

EDUCATION_WORDS: Mapping[str, Message] = {
    "primary": msg("小学"),
    "junior": msg("初中"),
    "senior": msg("高中"),
    "vocational": msg("中专/技校"),
    "college": msg("大专"),
    "bachelor": msg("本科"),
    "master": msg("硕士研究生"),
    "doctor": msg("博士研究生"),
}
"""文化程度 from the lowest, as it is stored and as it is called."""
CONSENT_WORDS = {True: msg("同意"), False: msg("不同意")}

_NAMES_HINT = msg("几个人用顿号隔开。和裁判同名的，排裁判时会提醒回避")
_DAY_HINT = msg("现等级的证书上的日期，写到日，如 2021-06-01")
_PAPERS_HINT = msg("毕业证、职称证，写名称和日期，如 中专 2010-07-01；几个用顿号隔开")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """A field's place in the workbook and in forms, and the values that a cell of it may have."""

    title: Message
    kind: Literal["text", "names", "choice", "day", "papers", "consent"]
    hint: Message
    """Shown when a cell of the workbook's column is selected."""
    form_hint: Message | None = None
    width: int = 14
    """Of the workbook's column, in characters; a Chinese one takes two."""
    example: str = ""
    headings: str = ""
    """Other headings that people give the column, between blanks."""
    words: Mapping[Any, Message] = field(default_factory=dict)
    """Of a choice by what is stored."""
    also: Mapping[str, Any] = field(default_factory=dict)
    """Other words that people write for it."""


class EntryField(StrEnum):
    """A column that each competition may ask for or leave out."""

    asks: Asks

    def __new__(cls, key: str, asks: Asks) -> Self:
        """The field under its key."""
        made = str.__new__(cls, key)
        made._value_ = key
        made.asks = asks
        return made

    DEPARTMENT = (
        "department",
        Asks(
            title=msg("部门/班组"),
            kind="text",
            width=16,
            example="装卸一班",
            hint=msg("在单位的哪个部门、班组"),
        ),
    )
    EDUCATION = (
        "education",
        Asks(
            title=msg("文化程度"),
            kind="choice",
            example="大专",
            hint=msg("从下拉里选"),
            words=EDUCATION_WORDS,
            also={
                **{"初级中学": "junior", "普通高中": "senior", "高级中学": "senior"},
                **dict.fromkeys(
                    ("中专", "技校", "中技", "中职", "职高", "职业高中", "技工学校"), "vocational"
                ),
                **dict.fromkeys(
                    ("专科", "大学专科", "高职", "高技", "大学专科和专科学校"), "college"
                ),
                **dict.fromkeys(("大学", "大学本科", "学士"), "bachelor"),
                **dict.fromkeys(("硕士", "研究生"), "master"),
                "博士": "doctor",
            },
        ),
    )
    MENTOR = (
        "mentor",
        Asks(
            title=msg("师傅"),
            kind="names",
            hint=msg("带教的师傅，几个人用顿号隔开。和裁判同名的，排裁判时会提醒回避"),
            form_hint=_NAMES_HINT,
        ),
    )
    COACH = (
        "coach",
        Asks(
            title=msg("教练"),
            kind="names",
            hint=msg("赛前指导的教练，几个人用顿号隔开。和裁判同名的，排裁判时会提醒回避"),
            form_hint=_NAMES_HINT,
        ),
    )
    LEADER = "leader", Asks(title=msg("领队"), kind="names", hint=msg("带队的人"))
    GRADE_SINCE = (
        "grade_since",
        Asks(
            title=msg("取得现等级的日期"),
            kind="day",
            width=18,
            example="2021-06-01",
            hint=_DAY_HINT,
            form_hint=_DAY_HINT,
        ),
    )
    PAPERS = (
        "papers",
        Asks(
            title=msg("学历和职称"),
            kind="papers",
            width=30,
            example="中专 2010-07-01",
            hint=_PAPERS_HINT,
            form_hint=_PAPERS_HINT,
        ),
    )
    CONSENT = (
        "consent",
        Asks(
            title=msg("同意公布全名"),
            kind="consent",
            width=18,
            hint=msg("本人同意才选“同意”。空着：公布时姓名隐去一部分"),
            form_hint=msg("本人同意才选同意，没有同意的公布时隐去一部分，如 林*涛"),
            words=CONSENT_WORDS,
            also={
                **dict.fromkeys(("是", "yes", "y", "true", "√", "agree", "agrees"), True),
                **dict.fromkeys(("否", "不", "no", "n", "false", "×", "disagree"), False),
            },
        ),
    )


class Background(msgspec.Struct, frozen=True, kw_only=True):
    """A person's answers in these fields; `consent` to the whole name, None: nothing was said.

    Answers come by the ten thousand; msgspec makes them in a fifth of the time.
    """

    department: str | None = None
    education: str | None = None
    """A key of `EDUCATION_WORDS`."""
    mentor: str | None = None
    coach: str | None = None
    leader: str | None = None
    grade_since: date | None = None
    """The day of the certificate of the present grade."""
    papers: list[dict[str, Any]] | None = None
    """Diplomas and titles, as a file writes them: `kind`, `since`."""
    consent: bool | None = None

    def __repr__(self) -> str:
        """Show the code alone: an ID number must not slip into a log."""
        return f"{type(self).__name__}({getattr(self, 'code', None)!r})"


OF_EVALUATIONS = frozenset(it for it in EntryField if it in CONTEST.unasked_columns)
"""Fields that no contest asks: an evaluation's conditions look at them, and no member has them."""

_BY_KEY = {it.value: it for it in EntryField}

BACKGROUND = tuple(it.value for it in EntryField if it is not EntryField.CONSENT)
"""Fields that are columns of a person; consent is a record of its own."""


def fields_offered(kind: Kind) -> tuple[EntryField, ...]:
    """The fields that a competition of this kind may ask for."""
    return tuple(it for it in EntryField if it not in KINDS[kind].unasked_columns)


def _papers_text(papers: Sequence[Mapping[str, Any]]) -> str:
    """Write papers as in a cell: 中专 2010-07-01、初级职称 2012-09-01."""
    return "、".join(f"{paper['kind']} {paper['since']}" for paper in papers)


def form_text(key: str, value: Any) -> str:
    """The value of a field as a form has it; empty for none."""
    if value is None:
        return ""
    # A record has papers as they are written.
    return _papers_text(value) if isinstance(value, list) else str(value)


def field_text(key: str, value: Any) -> str | Message:
    """The value of a field in words; empty for none."""
    words = _BY_KEY[key].asks.words
    return words[value] if words and value in words else form_text(key, value)
